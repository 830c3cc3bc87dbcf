"""Positions in time to documents of plain types."""
