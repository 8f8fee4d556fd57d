"""The journal: every action's one outcome, recorded before its driver sees it.

`schema` lays out the tables, `records` names what they hold, `rows` turns one into the other,
`connect` opens a store, `store` reads and writes it, `blobs` keeps large values, `lease` tells
whether a run's process is alive.
"""

from flyte._journal.connect import Durability, StoreError
from flyte._journal.records import ActionRecord, Delivery, Outcome, RunRecord
from flyte._journal.store import History, Store, open_store

__all__ = [
    "ActionRecord",
    "Delivery",
    "Durability",
    "History",
    "Outcome",
    "RunRecord",
    "Store",
    "StoreError",
    "open_store",
]
