"""The journal: every action's one outcome, recorded before its driver sees it.

`schema` lays out the tables, `records` names the rows, `store` reads and writes them, `blobs`
keeps large values, `lease` tells whether a run's process is alive.
"""

from flyte._journal.records import ActionRecord, Delivery, Outcome, RunRecord
from flyte._journal.store import Durability, Store, open_store

__all__ = ["ActionRecord", "Delivery", "Durability", "Outcome", "RunRecord", "Store", "open_store"]
