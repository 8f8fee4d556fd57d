"""Shared by the services."""

__all__ = ["clean", "Record"]

from common.records import Record, clean
