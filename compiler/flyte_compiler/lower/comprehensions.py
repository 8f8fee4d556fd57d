"""Comprehensions with calls in them: loops that collect.

A comprehension of several `for`s is a loop in a loop, whose lists are joined at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from flyte_compiler.ir.leaves import (
    FragmentForm,
    FragmentKind,
    PackKind,
    PackNode,
    PythonNode,
    Start,
)
from flyte_compiler.ir.model import (
    Arm,
    BranchNode,
    Break,
    Choice,
    Collected,
    Continue,
    LoopKind,
    LoopNode,
)
from flyte_compiler.ir.values import ELEMENT, VALUE, Literal, NodeId, Operand, Output, RegionInput
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import GOES_ON, Body, Ending, pick
from flyte_compiler.lower.cells import lasting_functions
from flyte_compiler.lower.evaluation import parts_of
from flyte_compiler.lower.evaluator import Evaluator
from flyte_compiler.lower.fragments import assign, awaits
from flyte_compiler.syntax.scan import parameter_list
from flyte_compiler.syntax.scope import names_in
from flyte_compiler.syntax.tree import nodes_of

_STOPPING = {"any": True, "all": False}
"""Builtins that use up a generator until an element decides, and the element that does."""

Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
_Filter = tuple[cst.BaseExpression, Callable[[cst.BaseExpression], Operand]]


def lower_comprehension(
    evaluator: Evaluator, node: cst.ListComp | cst.SetComp | cst.DictComp
) -> Operand:
    """The value of a list, set or dict comprehension."""
    match node:
        case cst.ListComp():
            collected = Collected.LIST
        case cst.SetComp():
            collected = Collected.SET
        case cst.DictComp():
            collected = Collected.DICT
    return _collect(evaluator, node, collected)


def lower_generator(evaluator: Evaluator, node: cst.GeneratorExp) -> Operand:
    """The elements of a generator expression that is used up where it stands, as a list."""
    return _collect(evaluator, node, Collected.LIST)


def is_eager_generator(body: Body, call: cst.Call) -> bool:
    """Whether a call uses up, before it returns, the generator expression that it is given."""
    if not body.scope.is_eager(call) or body.text(call.func) in body.hidden:
        return False
    generator = call.args[0].value if call.args else None
    return isinstance(generator, cst.GeneratorExp) and not is_asynchronous(generator)


def is_asynchronous(generator: cst.GeneratorExp) -> bool:
    """Whether a generator expression is an asynchronous one, which no plain function uses up."""
    inner = list(parts_of(generator).sometimes)
    return generator.for_in.asynchronous is not None or awaits(inner)


def lower_eager(evaluator: Evaluator, call: cst.Call) -> Operand:
    """The value of such a call."""
    generator = call.args[0].value
    assert isinstance(generator, cst.GeneratorExp)
    name = evaluator.body.scope.eager_name(call)
    if name in _STOPPING and len(call.args) == 1:
        return _decide(evaluator, generator, stops_at=_STOPPING[name])
    elements = lower_generator(evaluator, generator)
    others = evaluator.operands([argument.value for argument in call.args[1:]])
    return _call_with(evaluator.body, call, [elements, *others])


def _collect(evaluator: Evaluator, node: Comprehension, collected: Collected) -> Operand:
    loops = _loops(node)
    _refuse_shared_targets(evaluator.body, node, loops)
    if len(loops) == 1:
        return _loop(evaluator, node, loops, collected)
    nested = _loop(evaluator, node, loops, Collected.LIST)
    return _flatten(evaluator.body, node, nested, len(loops) - 1, collected)


def _refuse_shared_targets(body: Body, node: Comprehension, loops: Sequence[cst.CompFor]) -> None:
    """A function made in a comprehension sees the variables of the comprehension itself change
    from turn to turn; here each turn has its own.

    Raises:
        NotLowered: such a function may outlive its turn.
    """
    targets = frozenset[str]().union(*map(_targets, loops))
    parts = [node.key, node.value] if isinstance(node, cst.DictComp) else [node.elt]
    for part in (*parts, *(test for loop in loops for test in loop.ifs)):
        for function in lasting_functions(part, body.scope.is_eager):
            if shared := targets & _free_names(function):
                raise reasons.captured_target(sorted(shared))


def _free_names(function: cst.CSTNode) -> frozenset[str]:
    """What a function reads when it runs; defaults belong to the code around it."""
    if not isinstance(function, cst.Lambda):
        return names_in([function]).reads
    parameters = {parameter.name.value for parameter in parameter_list(function.params)}
    return names_in([function.body]).reads - parameters


def _loop(
    evaluator: Evaluator, node: Comprehension, loops: Sequence[cst.CompFor], collected: Collected
) -> Operand:
    """The loop of the first `for`, with the rest inside."""
    body, loop = evaluator.body, loops[0]
    iterable = evaluator.operand(loop.iter)
    owner = body.new_id()
    carried = _carried(body, node)
    before = pick(body.variables, carried)

    def turn() -> Ending:
        for name in carried:
            body.variables[name] = RegionInput(owner, name)
        assign(body, loop.target, RegionInput(owner, ELEMENT))
        return _filtered(body, _filters(evaluator, loop), carried, innermost)

    def innermost() -> Ending:
        if len(loops) > 1:
            return Ending(value=_loop(evaluator, node, loops[1:], Collected.LIST))
        return Ending(value=_element(evaluator, node))

    hidden = body.hidden
    body.hidden = hidden | _targets(loop)
    try:
        path = body.inside(turn)
    finally:
        body.hidden = hidden
    _leave_behind(body, owner, carried)
    body.add(
        LoopNode(
            id=owner,
            kind=LoopKind.FOR if loop.asynchronous is None else LoopKind.ASYNC_FOR,
            iterable=iterable,
            test=None,
            body=path.region(carried),
            orelse=None,
            carried=before,
            collected=collected,
            label=f"{body.text(loop.target)} in {body.text(loop.iter)}",
            type=None,
            span=body.span(node),
        )
    )
    return Output(owner, (VALUE,))


def _filtered(
    body: Body, filters: Sequence[_Filter], carried: tuple[str, ...], rest: Callable[[], Ending]
) -> Ending:
    """One turn: the filters in order, then the rest."""
    if not filters:
        return rest()
    test, evaluate = filters[0]
    decided = evaluate(test)
    owner = body.new_id()
    kept = body.inside(lambda: _filtered(body, filters[1:], carried, rest))
    skipped = body.inside(lambda: Ending(Continue(variables=pick(body.variables, carried))))
    names = body.join(owner, [kept], frozenset(carried))
    body.add(
        BranchNode(
            id=owner,
            choice=Choice.TRUTH,
            test=decided,
            arms=(
                Arm(label=body.text(test), body=kept.region(names)),
                Arm(label="else", body=skipped.region(names)),
            ),
            type=None,
            span=body.span(test),
        )
    )
    return Ending(value=None if kept.ending.value is None else Output(owner, (VALUE,)))


def _element(evaluator: Evaluator, node: Comprehension) -> Operand:
    if not isinstance(node, cst.DictComp):
        return evaluator.settled(node.elt)
    pair = tuple(evaluator.operands([node.key, node.value]))
    body = evaluator.body
    return body.emit(
        lambda id_: PackNode(
            id=id_,
            kind=PackKind.TUPLE,
            elements=pair,
            unpacked=(),
            return_exceptions=Literal(False),
            start=Start.IN_PLACE,
            type=None,
            span=body.span(node),
        )
    )


def _decide(evaluator: Evaluator, node: cst.GeneratorExp, *, stops_at: bool) -> Operand:
    """`any(...)` and `all(...)`: a loop that an element ends.

    Raises:
        NotLowered: it is a loop in a loop.
    """
    loops = _loops(node)
    if len(loops) > 1:
        raise reasons.inside_expression(node, evaluator.body.places.names_within(node))
    body, loop = evaluator.body, loops[0]
    iterable = evaluator.operand(loop.iter)
    owner = body.new_id()
    carried = _carried(body, node)
    found = f"{body.scope.value_prefix}found"
    names = (*carried, found)
    before = pick({**body.variables, found: Literal(not stops_at)}, names)

    def turn() -> Ending:
        for name in carried:
            body.variables[name] = RegionInput(owner, name)
        body.variables[found] = RegionInput(owner, found)
        assign(body, loop.target, RegionInput(owner, ELEMENT))
        return _filtered(body, _filters(evaluator, loop), names, decide)

    def decide() -> Ending:
        _stop_where(evaluator, node.elt, names, stops_at=stops_at)
        return GOES_ON

    hidden = body.hidden
    body.hidden = hidden | _targets(loop)
    try:
        path = body.inside(turn)
    finally:
        body.hidden = hidden
    _leave_behind(body, owner, carried)
    body.add(
        LoopNode(
            id=owner,
            kind=LoopKind.FOR if loop.asynchronous is None else LoopKind.ASYNC_FOR,
            iterable=iterable,
            test=None,
            body=path.region(names),
            orelse=None,
            carried=before,
            collected=Collected.NOTHING,
            label=f"{body.text(loop.target)} in {body.text(loop.iter)}",
            type="bool",
            span=body.span(node),
        )
    )
    return Output(owner, (found,))


def _stop_where(
    evaluator: Evaluator, test: cst.BaseExpression, names: tuple[str, ...], *, stops_at: bool
) -> None:
    """Leave the loop at an element that decides; the last of the names says that one did."""
    body = evaluator.body
    decided = evaluator.operand(test)
    owner = body.new_id()
    final = {**body.variables, names[-1]: Literal(stops_at)}
    stop = body.inside(lambda: Ending(Break(variables=pick(final, names))))
    on = body.inside(lambda: GOES_ON)
    arms = (stop, on) if stops_at else (on, stop)
    body.add(
        BranchNode(
            id=owner,
            choice=Choice.TRUTH,
            test=decided,
            arms=tuple(
                Arm(label=label, body=arm.region(()))
                for label, arm in zip((body.text(test), "else"), arms, strict=True)
            ),
            type=None,
            span=body.span(test),
        )
    )


def _leave_behind(body: Body, owner: NodeId, carried: tuple[str, ...]) -> None:
    """What walruses bound comes from the loop now."""
    for name in carried:
        uncertain = not body.is_settled(name)
        body.bind(name, Output(owner, (name,)))
        if uncertain:
            body.uncertain.add(name)


def _filters(evaluator: Evaluator, loop: cst.CompFor) -> list[_Filter]:
    return [(each.test, evaluator.operand) for each in loop.ifs]


def _flatten(
    body: Body, node: Comprehension, nested: Operand, depth: int, collected: Collected
) -> Operand:
    """Lists in lists, `depth` deep, as one collection."""
    prefix = body.scope.value_prefix
    names = [f"{prefix}{level}" for level in range(depth + 2)]
    clauses = " ".join(f"for {names[i + 1]} in {names[i]}" for i in range(depth + 1))
    element = names[-1]
    text = {
        Collected.LIST: f"[{element} {clauses}]",
        Collected.SET: f"{{{element} {clauses}}}",
        Collected.DICT: f"dict({element} {clauses})",
        Collected.NOTHING: "",
    }[collected]
    return _expression(body, node, text, ((names[0], nested),))


def _call_with(body: Body, call: cst.Call, values: Sequence[Operand]) -> Operand:
    """A call whose arguments were all evaluated."""
    names = [f"{body.scope.value_prefix}{index}" for index in range(len(values))]
    written = [
        f"{argument.keyword.value}={name}" if argument.keyword is not None else argument.star + name
        for argument, name in zip(call.args, names, strict=True)
    ]
    text = f"{body.text(call.func)}({', '.join(written)})"
    read = names_in([call.func]).reads
    variables = tuple((n, body.read(n)) for n in sorted(read) if body.is_variable(n))
    return _expression(body, call, text, (*zip(names, values, strict=True), *variables))


def _expression(
    body: Body, node: cst.CSTNode, text: str, inputs: tuple[tuple[str, Operand], ...]
) -> Output:
    return body.emit(
        lambda id_: PythonNode(
            id=id_,
            form=FragmentForm.EXPRESSION,
            kind=FragmentKind.EFFECT,
            source=text,
            inputs=inputs,
            outputs=(),
            indent="",
            global_names=(),
            is_async=False,
            decides=False,
            type=None,
            span=body.span(node),
        )
    )


def _loops(node: Comprehension) -> list[cst.CompFor]:
    found = [node.for_in]
    while (inner := found[-1].inner_for_in) is not None:
        found.append(inner)
    return found


def _targets(loop: cst.CompFor) -> frozenset[str]:
    return names_in(
        [cst.Assign(targets=[cst.AssignTarget(loop.target)], value=cst.Name("None"))]
    ).writes


def _carried(body: Body, node: Comprehension) -> tuple[str, ...]:
    """Variables of the function that a walrus in a comprehension binds."""
    bound = {
        inner.target.value
        for inner in nodes_of(cst.NamedExpr, node)
        if isinstance(inner.target, cst.Name)
    }
    return tuple(sorted(filter(body.is_value, bound)))
