"""Subjects, the gazetteer and points: where a place lies, and what it lies in."""
