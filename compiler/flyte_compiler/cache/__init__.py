"""Results of earlier runs, kept in `.flyte/cache/`: read as plain records, never run.

A result is used again only where every file that it came from still holds what it held, and every
file that was looked for in vain is still not there. What can't be read, or was written by another
version, counts as not there; what can't be written isn't. Deleting the folder is safe at any time.
"""
