"""Going through a fragment's expressions: what each may be, and what evaluating it does."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from flyte_compiler.ir.rewrites.calls import call
from flyte_compiler.ir.rewrites.doings import Doings, shown
from flyte_compiler.ir.rewrites.forms import (
    A_SCALAR,
    BUILTIN,
    OPAQUE,
    SCALAR,
    UNKNOWN,
    WORLD,
    Coroutine,
    Form,
    Holder,
    Value,
    is_builtin,
    is_known,
    join,
    join_all,
    join_values,
    listing,
    mapping,
    row,
    value,
)
from flyte_compiler.ir.rewrites.known import CONSTANTS, SAID, Looks
from flyte_compiler.ir.rewrites.names import ModuleNames, bound_names

Variables = dict[str, Value]

_MAKES_LISTS = (ast.Add, ast.Mult)
"""The operators that move a list's elements without looking at them."""


class Expressions:
    """Evaluates expressions to values; `doings` records what that does."""

    def __init__(
        self, doings: Doings, names: ModuleNames, variables: Variables, places: frozenset[str]
    ) -> None:
        self.doings = doings
        self.heap = doings.heap
        self.names = names
        self.variables = variables
        self.places = places
        """Variables that aren't the fragment's own: cells, globals that it binds."""
        self.is_weak = False
        """Whether a binding may or may not happen, as far as what comes later is concerned."""
        self._around: list[Variables] = []

    # What a value may be ---------------------------------------------------------------------

    def of(self, tree: ast.expr) -> Value:
        """The value of an expression that is evaluated here."""
        match tree:
            case ast.Constant():
                return A_SCALAR
            case ast.Name(id=name):
                return self._load(name, tree)
            case ast.Attribute():
                return self._attribute(tree)
            case ast.Call():
                return call(self, tree)
            case ast.Subscript():
                return self._subscript(tree)
            case ast.Slice():
                self._through(part for part in (tree.lower, tree.upper, tree.step) if part)
                return A_SCALAR
            case ast.BoolOp() | ast.IfExp() | ast.UnaryOp() | ast.Compare() | ast.BinOp():
                return self._operation(tree)
            case ast.JoinedStr(values=parts):
                self._through(parts)
                return A_SCALAR
            case ast.FormattedValue(value=inner, format_spec=spec):
                self._through([inner, *([spec] if spec else [])])
                return A_SCALAR
            case ast.NamedExpr(target=target, value=inner):
                bound = self.of(inner)
                self.bind(target.id, bound)
                return bound
            case _:
                return self._display(tree)

    def look(self, what: Value, looks: Looks, tree: ast.AST, *, is_read: bool = True) -> bool:
        """Look into a value as far as said; whether that runs no code but Python's own."""
        match looks:
            case Looks.NOWHERE:
                return True
            case Looks.INSIDE:
                is_safe = is_builtin(what.form)
            case Looks.THROUGH:
                is_safe = self.heap.known(what)
        if not is_safe or what.origin or what.method:
            self.doings.anything(
                f"looks into `{shown(tree)}`, whose class may say anything", (what,)
            )
            return False
        if is_read:
            self.doings.read(what, tree)
        return True

    def element(self, of: Value, tree: ast.AST) -> Value:
        """What iterating over a value gives."""
        if not self.look(of, Looks.INSIDE, tree):
            return UNKNOWN
        return value(self.heap.element(of), of.groups)

    def asked(self, tree: ast.expr) -> None:
        """A condition: what is asked whether it is true."""
        tested = self.of(tree)
        if isinstance(tested.form, Coroutine) or tested.origin or tested.method:
            return
        self.look(tested, Looks.INSIDE, tree)

    def escaping(self, tree: ast.AST, reason: str) -> Value:
        """Code that isn't gone through: every variable in it is at its hands."""
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        known = [self.variables[n.id] for n in names if n.id in self.variables]
        self.doings.anything(reason, known)
        for name in bound_names(ast.Module([tree], []) if isinstance(tree, ast.stmt) else tree):
            self.bind(name, UNKNOWN)
        return UNKNOWN

    # Variables -------------------------------------------------------------------------------

    def bind(self, name: str, bound: Value) -> None:
        """Give a variable a value."""
        if name in self.places:
            self.doings.anything(f"binds `{name}`, which functions share", (bound,))
            return
        for variables in (*self._around, self.variables):
            if (self.is_weak or variables is not self.variables) and name in variables:
                variables[name] = join_values(variables[name], bound)
            else:
                variables[name] = bound

    def assign(self, target: ast.expr, bound: Value) -> None:
        """Assign to anything that can be assigned to."""
        match target:
            case ast.Name(id=name):
                self.bind(name, bound)
            case ast.Starred(value=inner):
                self.assign(inner, value(listing(bound.form), bound.groups))
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, bound)
            case ast.Subscript():
                self._put(target, bound)
            case _:
                holder = [self.of(target.value)] if isinstance(target, ast.Attribute) else []
                self.doings.anything(f"writes `{shown(target)}`, an attribute", (*holder, bound))

    def _unpack(self, targets: Sequence[ast.expr], bound: Value) -> None:
        element = self.element(bound, targets[0])
        parts = getattr(bound.form, "parts", ())
        is_exact = len(parts) == len(targets) and not any(
            isinstance(target, ast.Starred) for target in targets
        )
        for index, target in enumerate(targets):
            if is_exact and element is not UNKNOWN:
                self.assign(target, value(parts[index], bound.groups))
            else:
                self.assign(target, element)

    def _put(self, target: ast.Subscript, bound: Value) -> None:
        holder, key = self.of(target.value), self.of(target.slice)
        if not self.look(key, Looks.THROUGH, target.slice) or not self._is_container(holder):
            self.doings.anything(
                f"writes `{shown(target)}`, in an object whose class isn't known", (holder, bound)
            )
            return
        self.doings.change(holder, target.value)
        if isinstance(target.slice, ast.Slice):
            self.heap.store(holder, self.element(bound, target))
        else:
            self.heap.store(holder, bound, key.form if _is_dict(holder.form) else None)

    def _is_container(self, what: Value) -> bool:
        return is_builtin(what.form) and not what.origin and not what.method

    def _load(self, name: str, tree: ast.expr) -> Value:
        if name in self.places:
            return self.doings.anything(f"reads `{name}`, which functions share")
        if (found := self.variables.get(name)) is not None:
            if found.lazy:
                self.doings.change(found, tree)
            return found
        if name in self.names.constants:
            return A_SCALAR
        if origin := self.names.origin(name):
            return Value(OPAQUE, frozenset({WORLD}), origin)
        if name in self.names.fixed:
            return UNKNOWN
        return self.doings.anything(f"reads the global `{name}`, which may change")

    def _attribute(self, tree: ast.Attribute) -> Value:
        of = self.of(tree.value)
        if of.origin:
            return self._of_origin(f"{of.origin}.{tree.attr}", tree)
        if self._is_container(of):
            return Value(of.form, of.groups, method=tree.attr)
        return self.doings.anything(
            f"reads `{shown(tree)}`, an attribute of a class that isn't known", (of,)
        )

    def _of_origin(self, origin: str, tree: ast.Attribute) -> Value:
        if origin in CONSTANTS:
            return A_SCALAR
        if origin not in SAID:
            return self.doings.anything(f"reads `{shown(tree)}`, which may be anything")
        return Value(OPAQUE, frozenset({WORLD}), origin)

    # Operators -------------------------------------------------------------------------------

    def _operation(self, tree: ast.expr) -> Value:
        match tree:
            case ast.BoolOp(values=parts):
                for part in parts[:-1]:
                    self.asked(part)
                return self._either(parts)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.asked(test)
                return self._either((body, orelse))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.asked(operand)
                return A_SCALAR
            case ast.UnaryOp(operand=operand):
                self._through([operand])
                return A_SCALAR
            case ast.Compare():
                return self._comparison(tree)
            case ast.BinOp(left=left, op=op, right=right):
                return self.combined(self.of(left), op, self.of(right), tree)
            case _:
                raise AssertionError(tree)

    def combined(self, left: Value, op: ast.operator, right: Value, tree: ast.AST) -> Value:
        """What an operator makes of two values."""
        looks = Looks.INSIDE if isinstance(op, _MAKES_LISTS) else Looks.THROUGH
        if not (self.look(left, looks, tree) and self.look(right, looks, tree)):
            self.doings.anything(f"computes `{shown(tree)}`", (left, right))
            return UNKNOWN
        if left.form == SCALAR and (right.form == SCALAR or isinstance(op, ast.Mod)):
            return A_SCALAR
        if isinstance(left.form, Holder) and left.form.is_dict:
            return self.doings.new(tree, join(left.form, right.form), self.contents(left, right))
        elements = join(self.heap.element(left), self.heap.element(right))
        is_list = isinstance(left.form, Holder) and isinstance(right.form, Holder)
        form = listing(elements) if is_list or not is_known(elements) else BUILTIN
        return self.doings.new(tree, form, self.contents(left, right))

    def contents(self, *holders: Value) -> list[Value]:
        """What containers hold."""
        return [
            value(form, holder.groups)
            for holder in holders
            for form in (self.heap.element(holder), self.heap.found(holder))
        ]

    def _comparison(self, tree: ast.Compare) -> Value:
        parts = [tree.left, *tree.comparators]
        values = [self.of(part) for part in parts]
        if all(isinstance(op, ast.Is | ast.IsNot) for op in tree.ops):
            return A_SCALAR
        last = values[-1]
        if isinstance(tree.ops[-1], ast.In | ast.NotIn) and _is_dict(last.form):
            # Only its keys are looked at.
            keys = value(self.heap.element(last), last.groups)
            if len(values) == 2 and self.look(keys, Looks.THROUGH, parts[-1]):
                self.look(values[0], Looks.THROUGH, parts[0])
            return A_SCALAR
        for part, compared in zip(parts, values, strict=True):
            self.look(compared, Looks.THROUGH, part)
        return A_SCALAR

    def _either(self, parts: Iterable[ast.expr]) -> Value:
        first, *others = [self.of(part) for part in parts]
        for other in others:
            first = join_values(first, other)
        return first

    def _subscript(self, tree: ast.Subscript) -> Value:
        holder, key = self.of(tree.value), self.of(tree.slice)
        if not self._is_container(holder) or not self.look(key, Looks.THROUGH, tree.slice):
            return self.doings.anything(
                f"looks into `{shown(tree.value)}`, whose class isn't known", (holder, key)
            )
        self.doings.read(holder, tree.value)
        if isinstance(tree.slice, ast.Slice):
            cut = listing(self.heap.element(holder))
            return holder if holder.form in (SCALAR, BUILTIN) else value(cut, holder.groups)
        return value(self.heap.found(holder, _constant(tree.slice)), holder.groups)

    def _through(self, parts: Iterable[ast.expr]) -> None:
        for part in parts:
            self.look(self.of(part), Looks.THROUGH, part)

    # What is made ----------------------------------------------------------------------------

    def _display(self, tree: ast.expr) -> Value:
        match tree:
            case ast.Tuple(elts=parts) if not any(isinstance(p, ast.Starred) for p in parts):
                return self.tuple_of([self.of(part) for part in parts])
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                members = [self._member(part) for part in parts]
                return self.doings.new(tree, listing(join_all(m.form for m in members)), members)
            case ast.Set(elts=parts):
                members = [self._member(part) for part in parts]
                for part, member in zip(parts, members, strict=True):
                    self.look(member, Looks.THROUGH, part)
                return self.doings.new(tree, listing(join_all(m.form for m in members)), members)
            case ast.Dict():
                return self._dict(tree)
            case ast.ListComp(elt=elt, generators=generators):
                return self._comprehension(tree, generators, elt, None)
            case ast.SetComp(elt=elt, generators=generators):
                return self._comprehension(tree, generators, elt, elt)
            case ast.DictComp(key=key, value=held, generators=generators):
                return self._comprehension(tree, generators, held, key)
            case _:
                word = _WORDS.get(type(tree), "does what can't be followed")
                return self.escaping(tree, f"{word}: `{shown(tree)}`")

    def tuple_of(self, parts: Sequence[Value]) -> Value:
        """A tuple; parts that others may change are anything."""
        ours = [self.heap.is_ours(part.groups) for part in parts]
        forms = [p.form if is_ours else OPAQUE for p, is_ours in zip(parts, ours, strict=True)]
        groups = [p.groups for p, is_ours in zip(parts, ours, strict=True) if is_ours]
        return value(row(forms), frozenset().union(*groups))

    def generated(self, tree: ast.GeneratorExp) -> Value:
        """A generator that is used up at once."""
        return self._comprehension(tree, tree.generators, tree.elt, None)

    def _member(self, tree: ast.expr) -> Value:
        if isinstance(tree, ast.Starred):
            return self.element(self.of(tree.value), tree.value)
        return self.of(tree)

    def _dict(self, tree: ast.Dict) -> Value:
        keys: list[Form] = []
        found: list[Form] = []
        members: list[Value] = []
        for key, held in zip(tree.keys, tree.values, strict=True):
            member = self.of(held)
            members.append(member)
            if key is None:
                self.look(member, Looks.THROUGH, held)
                keys.append(self.heap.element(member))
                found.append(self.heap.found(member))
            else:
                self._through([key])
                keys.append(SCALAR)
                found.append(member.form)
        return self.doings.new(tree, mapping(join_all(keys), join_all(found)), members)

    def _comprehension(
        self,
        tree: ast.expr,
        generators: Sequence[ast.comprehension],
        elt: ast.expr,
        hashed: ast.expr | None,
    ) -> Value:
        if any(generator.is_async for generator in generators):
            return self.escaping(tree, f"awaits: `{shown(tree)}`")
        version = None
        while version != self.heap.version:  # What one turn does, the next may see.
            version = self.heap.version
            with self.scope():
                for generator in generators:
                    iterable = self.of(generator.iter)
                    self.assign_inside(generator.target, self.element(iterable, generator.iter))
                    for condition in generator.ifs:
                        self.asked(condition)
                if hashed is not None:
                    self._through([hashed])
                held = self.of(elt)
        form = listing(held.form)
        if isinstance(tree, ast.DictComp):
            form = mapping(SCALAR, held.form)
        return self.doings.new(tree, form, (held,))

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Variables of its own, but for what `:=` binds."""
        outer, self.variables = self.variables, dict(self.variables)
        self._around.append(outer)
        try:
            yield
        finally:
            self.variables = self._around.pop()

    def assign_inside(self, target: ast.expr, bound: Value) -> None:
        """Assign a variable of the innermost scope."""
        around, self._around = self._around, []
        weak, self.is_weak = self.is_weak, False
        places, self.places = self.places, frozenset()
        self.assign(target, bound)
        self._around, self.is_weak, self.places = around, weak, places


_WORDS = {
    ast.Await: "awaits something that isn't a task",
    ast.Lambda: "makes a function",
    ast.GeneratorExp: "makes a generator",
    ast.Starred: "unpacks",
}


def _constant(tree: ast.expr) -> object:
    match tree:
        case ast.Constant(value=index):
            return index
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(index))):
            return -index
        case _:
            return None


def _is_dict(form: Form) -> bool:
    return isinstance(form, Holder) and form.is_dict
