"""Warm worker processes for leaf tasks.

`placement` decides where an attempt runs, `fitness` which tasks a worker can run at all, `costs`
what earlier attempts took. `attempts` is one call in a worker as its run sees it, `pool` hands
calls to workers, `processes` starts and watches those. `main` is the worker's own program.
`wire` is what both sides say to each other: only that something ended; what it gave is read from
the journal, into which the worker has written it.
"""
