"""From text to `ModuleIndex`: what one file defines and imports, with its places.

The only phase that parses. It reads one file at a time and resolves nothing across files.
"""
