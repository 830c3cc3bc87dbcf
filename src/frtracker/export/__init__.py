"""One small function per format that other programs read."""
