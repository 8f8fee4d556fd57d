"""What was probably meant: names near a wrong one, for error messages."""

from __future__ import annotations

from collections.abc import Iterable


def nearest_first(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """`known`, most alike first; equally alike ones by name."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only on the way to an error

    def likeness(candidate: str) -> float:
        return SequenceMatcher(a=name.casefold(), b=candidate.casefold()).ratio()

    return tuple(sorted(known, key=lambda candidate: (-likeness(candidate), candidate)))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean `x`?`, or nothing where no name is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def listed(names: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
