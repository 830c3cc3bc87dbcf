"""frtracker: is face recognition banned here, for whom, on that day, and who says so?"""

__version__ = "0.1.0"
