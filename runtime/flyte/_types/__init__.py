"""Values at a task's boundary: whether one is of its declared type, and how it is written.

`check` turns an annotation into a check, once; `extensions` adds to the encoding what isn't
built in (arrays, frames, files, types that users register); `pickled` is the last resort.
"""
