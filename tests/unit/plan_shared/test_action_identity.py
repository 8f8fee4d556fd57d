"""Ids: what is in each, and what isn't."""

import subprocess
import sys

import pytest

from flyte_plan.encoding import UnencodableError, canonical
from flyte_plan.identity import (
    CompiledSlot,
    DynamicSlot,
    action_id,
    cache_key,
    call_key,
    inputs_digest,
    inputs_digest_of,
    root_action_id,
    task_version,
)

ROOT = root_action_id("nightly")
INPUTS = inputs_digest({"x": 1})
KEY = call_key(parent=ROOT, kind="task", task="a.b:f", inputs=INPUTS, group=None)


def test_ids_are_pinned_for_ever():
    dynamic = action_id(KEY, DynamicSlot((("main", 0), ("g", 2)), 3))
    compiled = action_id(KEY, CompiledSlot(("loop", "n1"), (4,)))
    assert (dynamic.hex()[:16], compiled.hex()[:16]) == ("5556ee2af746e1d6", "d2f5ba8967d48078")


def test_each_field_of_a_call_key_counts():
    fields = {"parent": ROOT, "kind": "task", "task": "a.b:f", "inputs": INPUTS, "group": None}
    others = [
        {},
        {"parent": INPUTS},
        {"kind": "trace"},
        {"task": "a.b:g"},
        {"inputs": ROOT},
        {"group": ""},
        {"group": "+"},
    ]
    assert len({call_key(**{**fields, **other}) for other in others}) == len(others)


def test_slots_that_differ_give_actions_that_differ():
    slots = [
        DynamicSlot((), 0),
        DynamicSlot((), 1),
        DynamicSlot((), 0, retry=1),
        DynamicSlot((("f", 0),), 0),
        DynamicSlot((("f", 0), ("f", 0)), 0),
        DynamicSlot((("f", 1),), 0),
        CompiledSlot((), ()),
        CompiledSlot(("a", "b"), ()),
        CompiledSlot(("ab",), ()),
        CompiledSlot(("a",), (0,)),
        CompiledSlot(("a",), (0, 0)),
    ]
    assert len({action_id(KEY, slot) for slot in slots}) == len(slots)


def test_a_slot_holds_no_negative_number():
    with pytest.raises(OverflowError):
        action_id(KEY, DynamicSlot((), -1))


def test_the_order_of_arguments_is_not_in_the_inputs_digest():
    assert inputs_digest({"x": 1, "y": 2}) == inputs_digest({"y": 2, "x": 1})
    assert inputs_digest({"x": 1}) != inputs_digest({"x": True})
    assert inputs_digest({"x": 1}) == inputs_digest_of(canonical({"x": 1}))


def test_an_argument_without_an_encoding_is_named():
    with pytest.raises(UnencodableError, match=r"`object` has no encoding, in `\['model'\]\[0\]`"):
        inputs_digest({"model": [object()]})


def test_a_task_version_and_a_cache_key_hold_all_their_fields():
    version = task_version(task="a:f", interface="(x: int)", closure=ROOT, declared="")
    assert version != task_version(task="a:f", interface="(x: int)", closure=ROOT, declared="2")
    assert version != task_version(task="a:f", interface="(x: str)", closure=ROOT, declared="")
    key = cache_key(task="a:f", version=version, inputs=INPUTS)
    assert key != cache_key(task="a:f", version=ROOT, inputs=INPUTS)
    assert len(key) == len(version) == 32


def test_ids_and_names_load_no_codec():
    program = (
        "import sys, flyte_plan.identity, flyte_plan.digest, flyte_plan.modules, "
        "flyte_plan.closure; print('cbor2' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
