"""One rule, one file, one page: `fc302_argument_count.py` beside `fc302_argument_count.md`."""
