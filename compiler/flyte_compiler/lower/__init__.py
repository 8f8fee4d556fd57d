"""From one driver's body to its graph.

`task.lower_task` is the way in. Statements are taken in program order; calls in an expression
are taken out of it in Python's evaluation order; what stands between calls becomes fragments of
Python; what can't be lowered stays Python and says why.
"""
