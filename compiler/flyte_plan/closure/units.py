"""What the bindings of one name come to: facts, without their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flyte_plan.closure.bindings import Argument, Assigned, Binding, Defined, Imported, Rebound
from flyte_plan.closure.facts import Import, Name, Unit
from flyte_plan.closure.own import Function, is_known_by_name, is_task
from flyte_plan.closure.places import Place
from flyte_plan.closure.reader import IsOwn, Part, read


def name_of(bindings: tuple[Binding, ...]) -> Name:
    """What the bindings of a name say without their code being read."""
    nodes = [each.node for each in bindings if isinstance(each, Defined | Assigned)]
    imports = tuple(_imports(bindings))
    return Name(
        imports=imports,
        is_unit=len(imports) > 1
        or any(not isinstance(each, Imported | Argument) for each in bindings)
        or any(isinstance(each, Imported) and each.headers for each in bindings),
        is_task=any(map(is_task, nodes)),
        is_known_by_name=any(map(is_known_by_name, nodes)),
        rebound_by=tuple(each.name for each in bindings if isinstance(each, Rebound)),
        orders=_orders(bindings, (Defined, Assigned, Imported)),
    )


def unit_of(place: Place, package: str, is_own: IsOwn) -> Unit:
    """The code behind a name: all its bindings, in the order of the module's statements."""
    bindings = sorted(place.bindings, key=_order)
    nodes = [each.node for each in bindings if isinstance(each, Defined | Assigned)]
    form, uses = read(_parts(bindings), package, is_own, wholes=frozenset(nodes))
    functions = [node for node in nodes if isinstance(node, Function)]
    return Unit(
        form=form,
        uses=uses,
        orders=_orders(place.bindings, (Assigned,)),
        is_function=any(
            isinstance(each, Defined) and isinstance(each.node, Function) for each in bindings
        ),
        owner=None if all(map(_is_static, functions)) else place.owner,
    )


def _imports(bindings: tuple[Binding, ...]) -> Iterator[Import]:
    """Each once: `import a.b` and `import a.c` bind one `a`."""
    yield from dict.fromkeys(each.target for each in bindings if isinstance(each, Imported))


def _orders(
    bindings: tuple[Binding, ...], kinds: tuple[type[Defined | Assigned | Imported], ...]
) -> tuple[int, ...]:
    return tuple(sorted(each.order for each in bindings if isinstance(each, kinds)))


def _order(binding: Binding) -> int:
    return binding.order if isinstance(binding, Defined | Assigned | Imported) else 0


def _parts(bindings: list[Binding]) -> Iterator[Part]:
    for binding in bindings:
        match binding:
            case Defined() | Assigned():
                yield "(binding "
                yield binding.node
            case Imported(target=target):
                yield f"(import {target.module} {'.'.join(target.attributes)}"
            case Rebound(name=name):
                yield f"(rebound {name})"
                continue
            case Argument():
                continue
        for header in binding.headers:
            yield f"(header {header.kind} "
            yield from header.nodes
            yield ")"
        yield ")"


def _is_static(node: ast.AST) -> bool:
    """Whether a method sees nothing of its class."""
    return isinstance(node, Function) and any(
        isinstance(decorator, ast.Name) and decorator.id == "staticmethod"
        for decorator in node.decorator_list
    )
