"""What the type checker says about a place, in the words of our messages.

mypy's sentences are matched against a table; one that isn't in it is kept, but for its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flyte_compiler.typecheck.oracle import TypeFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One fault's message, label and cures."""

    message: str
    label: str
    helps: tuple[str, ...] = ()


_Make = Callable[[Mapping[str, str], str], Words]
_CALLEE = r'"(?P<callee>[^"]+)"(?: of "(?P<owner>[^"]+)")?'
_HINT = r'(?:; did you mean (?P<near>".+")\?)?'


def _argument(found: Mapping[str, str], callee: str) -> Words:
    given, wanted = found["given"], found["wanted"]
    place = f" for `{found['name']}`" if found["name"] else ""
    return Words(
        message=f"`{callee}` expects `{wanted}`{place}, but receives `{given}`",
        label=f"a `{given}`",
    )


def _unexpected(found: Mapping[str, str], callee: str) -> Words:
    near = re.findall(r'"([^"]+)"', found["near"] or "")
    return Words(
        message=f"`{callee}` has no parameter `{found['name']}`",
        label="no such parameter",
        helps=(f"did you mean `{near[0]}`?",) if near else (),
    )


def _missing(found: Mapping[str, str], callee: str) -> Words:
    names = found["names"].replace('"', "`")
    return Words(message=f"`{callee}` is missing {names}", label=f"called without {names}")


def _amount(found: Mapping[str, str], callee: str) -> Words:
    how = f"{found['how'].lower()} arguments"
    return Words(message=f"`{callee}` receives {how}", label=how)


def _twice(found: Mapping[str, str], callee: str) -> Words:
    return Words(
        message=f"`{callee}` receives `{found['name']}` twice", label="already given by position"
    )


def _operands(found: Mapping[str, str], _: str) -> Words:
    left, right = found["left"], found["right"]
    return Words(
        message=f"`{found['operator']}` is not supported between `{left}` and `{right}`",
        label="the types don't fit",
    )


def _operand(found: Mapping[str, str], _: str) -> Words:
    return Words(
        message=f"`{found['operator']}` is not supported for `{found['type']}`",
        label=f"a `{found['type']}`",
    )


def _call(found: Mapping[str, str], _: str) -> Words:
    return Words(message=f"`{found['type']}` can't be called", label="not a function")


def _iterable(found: Mapping[str, str], _: str) -> Words:
    return Words(message=f"`{found['type']}` can't be iterated over", label=f"a `{found['type']}`")


def _attribute(found: Mapping[str, str], _: str) -> Words:
    near = re.findall(r'"([^"]+)"', found["near"] or "")
    return Words(
        message=f"`{found['type']}` has no attribute `{found['name']}`",
        label="no such attribute",
        helps=(f"did you mean `{near[0]}`?",) if near else (),
    )


def _index(found: Mapping[str, str], _: str) -> Words:
    return Words(
        message=f"`{found['type']}` has no elements by index or key", label=f"a `{found['type']}`"
    )


def _bad_index(found: Mapping[str, str], _: str) -> Words:
    return Words(
        message=f"a `{found['type']}` has no index of type `{found['given']}`",
        label=f"a `{found['given']}`",
    )


def _unawaited(found: Mapping[str, str], _: str) -> Words:
    return Words(
        message="a coroutine is made and never awaited, so it never runs",
        label="a coroutine, dropped here",
        helps=("write `await` before it",),
    )


_TABLE: Mapping[re.Pattern[str], _Make] = MappingProxyType(
    {
        re.compile(pattern): make
        for pattern, make in (
            (
                rf'Argument (?:"(?P<name>\w+)"|\d+) to {_CALLEE} has incompatible type '
                r'"(?P<given>[^"]+)"; expected "(?P<wanted>[^"]+)"',
                _argument,
            ),
            (rf'Unexpected keyword argument "(?P<name>\w+)" for {_CALLEE}{_HINT}', _unexpected),
            (
                rf'Missing (?:positional|named) arguments? (?P<names>".+") in call to {_CALLEE}',
                _missing,
            ),
            (rf'Missing named argument (?P<names>"\w+") for {_CALLEE}', _missing),
            (rf"(?P<how>Too (?:many|few)(?: positional)?) arguments for {_CALLEE}", _amount),
            (rf'{_CALLEE} gets multiple values for keyword argument "(?P<name>\w+)"', _twice),
            (
                r'Unsupported operand types for (?P<operator>.+?) \("(?P<left>[^"]+)" and '
                r'"(?P<right>[^"]+)"\)',
                _operands,
            ),
            (
                r"Unsupported (?:left |right )?operand type for (?:unary )?(?P<operator>.+?) "
                r'\("(?P<type>[^"]+)"\)',
                _operand,
            ),
            (r'"(?P<type>[^"]+)" not callable', _call),
            (r'"(?P<type>[^"]+)" has no attribute .+ \(not (?:async )?iterable\)', _iterable),
            (
                r'"(?P<type>[^"]+)" has no attribute "(?P<name>\w+)"(?:; maybe (?P<near>".+")\?)?',
                _attribute,
            ),
            (r'Value of type "(?P<type>[^"]+)" is not indexable', _index),
            (
                r'Invalid index type "(?P<given>[^"]+)" for "(?P<type>[^"]+)"; expected type .+',
                _bad_index,
            ),
            (r'Value of type "Coroutine\[.+" must be used', _unawaited),
        )
    }
)
_METHOD_OF_TWINS = ("__call__", "aio")


def words_of(fault: TypeFault, callee: str | None = None) -> Words:
    """What to say about a fault; `callee` is what is called, as the program's reader knows it."""
    for pattern, make in _TABLE.items():
        if (match := pattern.fullmatch(fault.message)) is not None:
            found = match.groupdict()
            return make(found, callee or _callee(found))
    text = re.sub(r'"([^"]*)"', r"`\1`", fault.message).rstrip(".")
    return Words(message=text[:1].lower() + text[1:], label="found here")


def _callee(found: Mapping[str, str | None]) -> str:
    """A method with its class, a class by its name."""
    name, owner = found.get("callee") or "", found.get("owner")
    return f"{owner}.{name}" if owner and name not in _METHOD_OF_TWINS else name
