"""Documents to what people read: terminal, Markdown, CSV, JSON."""
