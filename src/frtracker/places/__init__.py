"""A name or a point → one place with its parents; the subjects of the record; US places."""
