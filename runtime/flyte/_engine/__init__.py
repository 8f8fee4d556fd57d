"""The engine: one loop thread a process, on which every driver of every run lives.

`loop` tells when nothing is ready to run; `run` owns one run; `action` is one running task, as
its own calls see it; `replay` decides what a call gets: a record, a place in the queue of held
calls, or an attempt; `attempt` runs a body; `compiled` walks a plan instead of a body.
"""
