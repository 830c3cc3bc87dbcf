"""The version of the program, and that of the shapes of its documents."""

__version__ = "0.1.0"

SCHEMA_VERSION = 2
"""Rises when a field of a document changes its meaning or is removed; fields may be added."""
