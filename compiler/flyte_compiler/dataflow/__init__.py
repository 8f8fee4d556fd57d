"""Where values come from and go to, in the bodies of tasks and the helpers that they call.

Its trees are the standard library's: one parse a module, made when a rule first asks.
"""
