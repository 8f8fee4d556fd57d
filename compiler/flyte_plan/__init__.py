"""What compiler and runtime share: encoding, digests, identities, source closures, the plan.

Imports neither side, and nothing of the user's.
"""
