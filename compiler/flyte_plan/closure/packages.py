"""The versions of what is installed: from the metadata on disk, nothing of it is imported."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


@cache
def installed_version(module: str) -> str | None:
    """`dist==version` of what is installed for a top-level module; None where nothing is.

    Several distributions that share a module are all named, sorted. Most distributions are called
    as their module, and asking for one by name takes a fraction of reading what all of them hold.
    """
    from importlib import metadata  # noqa: PLC0415 - it loads the parser of e-mails

    try:
        return f"{module}=={metadata.version(module)}"
    except (metadata.PackageNotFoundError, ValueError):
        names = sorted(set(_distributions().get(module, ())))
    return " ".join(f"{name}=={metadata.version(name)}" for name in names) or None


@cache
def _distributions() -> Mapping[str, list[str]]:
    from importlib import metadata  # noqa: PLC0415

    return metadata.packages_distributions()
