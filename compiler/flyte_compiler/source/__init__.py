"""Text and places in it: files, positions, spans. Knows nothing of Python's grammar."""
