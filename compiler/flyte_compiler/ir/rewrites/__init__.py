"""Rewrites: a valid graph in, a valid graph out.

`kinds` says what each Python fragment may do, `maps` which loops are maps.
"""
