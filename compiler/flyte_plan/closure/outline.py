"""What a module binds and exports, as facts."""

from __future__ import annotations

import ast

from flyte_plan.closure.bindings import Assigned, Binding, Bindings, Block
from flyte_plan.closure.facts import Outline
from flyte_plan.closure.units import name_of


def outline_of(bindings: Bindings, block: Block) -> Outline:
    """The outline of the module that `bindings` are of; `block` is their block."""
    names = {name: name_of(each) for name, each in block.items()}
    return Outline(
        names=names,
        stars=tuple(dict.fromkeys(bindings.stars)),
        exports=_exports(block),
    )


def _exports(block: Block) -> frozenset[str] | None:
    listed = block.get("__all__", ())
    return _listed(listed[0]) if len(listed) == 1 else None


def _listed(binding: Binding) -> frozenset[str] | None:
    """The texts of `__all__`, where it is a list of them and nothing more."""
    match binding:
        case Assigned(
            node=ast.Assign(value=ast.List(elts=parts) | ast.Tuple(elts=parts)), headers=()
        ):
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            names = frozenset(text for text in texts if isinstance(text, str))
            return names if len(texts) == len(parts) else None
        case _:
            return None
