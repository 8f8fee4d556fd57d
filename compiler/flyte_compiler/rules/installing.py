"""What the images of environments install."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flyte_compiler.callgraph.model import Environment, LibraryCall
from flyte_compiler.dataflow.images import Image, expression_at, image_of
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Span

_CLONE = "TaskEnvironment.clone_with"
_MAKERS = ("TaskEnvironment", _CLONE)
_CHANGED = re.compile(r"\.image\s*=[^=]")


class Installing:
    """The images of one program's environments, each looked at once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        calls = facts.call_graph.library_calls
        self._makers: Mapping[Span, LibraryCall] = {
            each.span: each for each in calls if each.name in _MAKERS
        }
        self._known: dict[Span, tuple[Image, frozenset[str]] | None] = {}

    def of(self, environment: Environment) -> tuple[Image, frozenset[str]] | None:
        """An environment's image and the distributions that are there; None where something of
        it isn't known."""
        place = environment.definition.span
        if place not in self._known:
            image = self._image(environment)
            there = None if image is None else image.installed()
            self._known[place] = (image, there) if image and there is not None else None
        return self._known[place]

    def _image(self, environment: Environment) -> Image | None:
        """What an environment is given, or the one that it was cloned from."""
        for _ in self._makers:
            call = self._makers.get(environment.definition.span)
            module = self._facts.trees.of(environment.module)
            if call is None or module is None or _is_unclear(call):
                return None
            if _CHANGED.search(module.source.text):
                return None
            given = next((each for each in call.arguments if each.keyword == "image"), None)
            if given is not None:
                written = expression_at(module, given.span)
                return None if written is None else image_of(self._facts.trees, module, written)
            if call.name != _CLONE or not isinstance(call.owner, Environment):
                return None
            environment = call.owner
        return None


def _is_unclear(call: LibraryCall) -> bool:
    """Whether the image may be among arguments that don't say so."""
    positional = [each for each in call.arguments if each.keyword is None]
    return call.caller is not None or any(each.star for each in positional) or len(positional) > 2
