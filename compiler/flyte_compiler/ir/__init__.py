"""The typed graph of one driver: model, verifier, text form."""
