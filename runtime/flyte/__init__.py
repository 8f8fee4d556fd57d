"""The runtime that users import."""
