"""Collapsing: a large scene comes down to what can be read, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn_graphs import etl, hello, program, wide

from flyte_compiler.emit.collapse import collapse
from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.scene import Role, boxes_in, clusters_in
from flyte_compiler.ir.model import TaskGraph

LARGE = ([wide(1000)], [etl() for _ in range(40)])


def test_a_small_scene_is_left_alone() -> None:
    scene = compose([hello()])
    assert collapse(scene).scene is scene
    assert not collapse(scene).notes


@pytest.mark.parametrize("graphs", LARGE)
def test_a_large_scene_comes_down_and_says_what_was_collapsed(graphs: list[TaskGraph]) -> None:
    made = collapse(compose(graphs))
    assert len(list(boxes_in(made.scene.clusters))) <= 120
    (note,) = made.notes
    assert "are too many for one picture" in note


@pytest.mark.parametrize("room", [4, 12, 20])
def test_every_arrow_still_ties_boxes_that_are_there(room: int) -> None:
    scene = collapse(compose([*program(), etl()]), limit=room, room=room).scene
    boxes = {box.id for box in boxes_in(scene.clusters)}
    clusters = {cluster.id for cluster in clusters_in(scene.clusters)}
    assert {end for a in scene.arrows for end in (a.source, a.target)} <= boxes
    assert {c for a in scene.arrows for c in (a.tail, a.head) if c is not None} <= clusters


def test_a_collapsed_region_keeps_its_title_and_counts_its_calls() -> None:
    made = collapse(compose([etl()]), limit=18, room=18)
    collapsed = [box for box in boxes_in(made.scene.clusters) if box.role is Role.COLLAPSED]
    assert ("× shard in config.shards", ("2 calls",)) in [(b.title, b.notes) for b in collapsed]


def test_a_scene_of_many_drivers_keeps_the_first_open() -> None:
    scene = compose([hello(), *(replace(etl()) for _ in range(6))])
    first = collapse(scene, limit=20, room=20).scene.clusters[0]
    assert [box.title for box in boxes_in((first,))] == ["name", "greet", "return"]
