"""Folding: what gets no box, and how values pass through it."""

from __future__ import annotations

import pytest
from drawn_graphs import carried, choose, deferred, etl, gathered, guard, helped, recovered

from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.fold import is_move
from flyte_compiler.emit.scene import Bond, Frame, Role, Scene, boxes_in, clusters_in
from flyte_compiler.ir.leaves import FragmentForm
from flyte_compiler.ir.model import TaskGraph


def titles(scene: Scene, role: Role) -> list[str]:
    return [box.title for box in boxes_in(scene.clusters) if box.role is role]


def pairs(scene: Scene, bond: Bond) -> set[tuple[str, str]]:
    return {(a.source, a.target) for a in scene.arrows if a.bond is bond}


@pytest.mark.parametrize("source", ["a, b = pair", "x = y.z[0]", "xs = []", "pass", "import os"])
def test_a_move_is_folded(source: str) -> None:
    assert is_move(source, FragmentForm.STATEMENTS)


@pytest.mark.parametrize("source", ["x = f(y)", "a.b = c", "x = y + 1", "del x", "(", "f()"])
def test_what_does_something_is_no_move(source: str) -> None:
    assert not is_move(source, FragmentForm.STATEMENTS)


def test_a_wait_and_a_print_have_no_box_and_the_call_feeds_who_uses_it() -> None:
    scene = compose([deferred()])
    assert "await" not in titles(scene, Role.PACK)
    assert not any("print" in line for box in boxes_in(scene.clusters) for line in box.lines)
    assert ("d0_n2", "d0_n7") in pairs(scene, Bond.DEFERRED)


def test_a_guard_clause_goes_to_what_comes_next() -> None:
    scene = compose([guard()])
    labels = {(a.target, a.lines) for a in scene.arrows if a.bond is Bond.CHOICE}
    assert labels == {("d0_n3", ("yes",)), ("d0_n4", ("no",))}


def test_a_merged_value_comes_from_each_arm() -> None:
    scene = compose([choose()])
    (score,) = [box.id for box in boxes_in(scene.clusters) if box.title == "score"]
    models = {a.source for a in scene.arrows if a.target == score and a.lines == ("Model",)}
    assert len(models) == 3


def test_a_carried_variable_comes_back_and_leaves_the_loop_as_a_whole() -> None:
    scene = compose([carried()])
    (loop,) = [c for c in clusters_in(scene.clusters) if c.frame is Frame.LOOP]
    assert [a.source == a.target for a in scene.arrows if a.bond is Bond.AGAIN] == [True]
    assert [a.tail for a in scene.arrows if a.tail is not None] == [loop.id]


def test_a_map_of_one_call_is_a_stack() -> None:
    scene = compose([gathered()])
    (load,) = [box for box in boxes_in(scene.clusters) if box.is_stack]
    assert load.notes == ("× shard in range(shards)",)


def test_a_helper_called_once_is_drawn_in_place_and_others_once() -> None:
    scene = compose([helped()])
    helpers = [c.title for c in clusters_in(scene.clusters) if c.frame is Frame.HELPER]
    assert helpers == ["fit_both", "prepare", "refine"]
    assert titles(scene, Role.HELPER) == ["prepare", "prepare", "refine", "refine"]


def test_each_handler_is_reached_from_the_body() -> None:
    scene = compose([recovered()])
    assert len(pairs(scene, Bond.CAUGHT)) == 2
    assert titles(scene, Role.HANDLER) == ["except ValueError"]


@pytest.mark.parametrize("graph", [carried(), choose(), deferred(), etl(), helped(), recovered()])
def test_every_arrow_ties_boxes_that_are_there(graph: TaskGraph) -> None:
    scene = compose([graph])
    boxes = {box.id for box in boxes_in(scene.clusters)}
    clusters = {cluster.id for cluster in clusters_in(scene.clusters)}
    assert {end for a in scene.arrows for end in (a.source, a.target)} <= boxes
    assert {c for a in scene.arrows for c in (a.tail, a.head) if c is not None} <= clusters
