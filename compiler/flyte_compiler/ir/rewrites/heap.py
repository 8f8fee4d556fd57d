"""The groups of objects that a driver builds: which were joined, changed, given away.

It only ever grows. That a group was *given away* counts from the moment on; that it was changed
or given away *at all* is asked at the end, when everything was seen.
"""

from __future__ import annotations

from flyte_compiler.ir.rewrites.forms import (
    NOTHING,
    OPAQUE,
    WORLD,
    Builtin,
    Form,
    Holder,
    Value,
    element_of,
    found_in,
    is_immutable,
    is_known,
    join,
)


class Heap:
    """State of one walk through a graph."""

    def __init__(self) -> None:
        self.version = 0
        """Changes whenever anything else does."""
        self._parents: dict[str, str] = {}
        self._given_away = {WORLD}
        self._changed: set[str] = set()
        self._running: set[str] = set()
        self._held: dict[str, tuple[Form, Form]] = {}

    def representative(self, group: str) -> str:
        while (parent := self._parents.get(group, group)) != group:
            group = parent
        return group

    def representatives(self, groups: frozenset[str]) -> frozenset[str]:
        return frozenset(map(self.representative, groups))

    def is_ours(self, groups: frozenset[str]) -> bool:
        """Whether nobody else can reach these objects, so far."""
        return self._given_away.isdisjoint(self.representatives(groups))

    def is_constant(self, groups: frozenset[str]) -> bool:
        """Whether nothing seen up to now changes them or gives them away."""
        return self.is_ours(groups) and self._changed.isdisjoint(self.representatives(groups))

    def give_away(self, groups: frozenset[str]) -> None:
        """Somebody else may keep these objects from now on."""
        self._grow(self._given_away, self.representatives(groups))

    def change(self, groups: frozenset[str]) -> None:
        self._grow(self._changed, self.representatives(groups))

    def run(self, groups: frozenset[str]) -> None:
        """These are iterators that run calls as they go."""
        self._grow(self._running, self.representatives(groups))

    def is_still(self, groups: frozenset[str]) -> bool:
        """Whether iterating over these runs nothing."""
        return self._running.isdisjoint(self.representatives(groups))

    def store(self, holder: Value, held: Value, key: Form | None = None) -> None:
        """Put a value into a container; `key` where that is a dict.

        A container that is handed on hands on what it holds, so their groups become one. What
        somebody else may change becomes anything at all inside ours, which stays ours.
        """
        form = held.form if self.is_ours(held.groups) else OPAQUE
        for group in holder.groups:
            self._hold(self.representative(group), form if key is None else key, form)
        if not self.is_ours(holder.groups):
            self.give_away(held.groups)
        elif self.is_ours(held.groups) and not is_immutable(held.form):
            for group in held.groups:
                for other in holder.groups:
                    self._unite(group, other)

    def keep(self, holder: Value, member: Value) -> None:
        """Make a container, whose form speaks of the member, hand on its objects too."""
        if not self.is_ours(member.groups):
            self._hold_anything(holder)
            return
        for group in member.groups:
            for other in holder.groups:
                self._unite(group, other)

    def known(self, value: Value) -> bool:
        """Whether a value is of builtins through and through, with what was stored since."""
        return is_known(value.form) and all(
            is_known(form) for group in value.groups for form in self._held_by(group)
        )

    def element(self, value: Value) -> Form:
        """What iterating gives, with what was stored since."""
        stored = self._stored(value)
        element = element_of(value.form)
        if stored is None:
            return element
        # What an iterator will give is read later, out of containers that may have changed since.
        return join(join(element, stored[0]), stored[1] if value.lazy else NOTHING)

    def found(self, value: Value, index: object = None) -> Form:
        """What subscribing gives, with what was stored since."""
        stored = self._stored(value)
        found = found_in(value.form, index)
        return found if stored is None else join(found, stored[1])

    def _stored(self, value: Value) -> tuple[Form, Form] | None:
        """What may have been put into the object itself since; None where nothing can be."""
        if not isinstance(value.form, Holder | Builtin):
            return None
        key, found = NOTHING, NOTHING
        for group in value.groups:
            more_keys, more_found = self._held_by(group)
            key, found = join(key, more_keys), join(found, more_found)
        return key, found

    def _held_by(self, group: str) -> tuple[Form, Form]:
        return self._held.get(self.representative(group), (NOTHING, NOTHING))

    def _hold(self, group: str, key: Form, found: Form) -> None:
        before = self._held.get(group, (NOTHING, NOTHING))
        after = (join(before[0], key), join(before[1], found))
        if after != before:
            self._held[group] = after
            self.version += 1

    def _hold_anything(self, holder: Value) -> None:
        is_dict = isinstance(holder.form, Holder) and holder.form.is_dict
        for group in holder.groups:
            self._hold(self.representative(group), NOTHING if is_dict else OPAQUE, OPAQUE)

    def _unite(self, one: str, other: str) -> None:
        one, other = self.representative(one), self.representative(other)
        if one == other:
            return
        kept, gone = sorted((one, other))
        self._parents[gone] = kept
        self.version += 1
        self._hold(kept, *self._held.get(gone, (NOTHING, NOTHING)))
        for marked in (self._given_away, self._changed, self._running):
            if gone in marked:
                marked.add(kept)

    def _grow(self, marked: set[str], groups: frozenset[str]) -> None:
        if not groups <= marked:
            marked |= groups
            self.version += 1
