"""What files, folders and tables have in common: an address and what it stands for."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from flyte.io._places import from_portable, portable


class Pointer:
    """An address with named parts; equal where all of them are."""

    _PARTS: ClassVar[tuple[str, ...]]
    """The attributes, the address first."""
    hash: str | None

    def _parts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._PARTS}

    def _written(self) -> object:
        """The parts, for a store that may be moved: what lies in it is written relative to it."""
        address, *others = self._parts().values()
        return [None if address is None else portable(address), *others]

    def _identity(self) -> object:
        """The content, where its digest is known, else the address."""
        address, *others = self._PARTS
        kept = [getattr(self, name) for name in others if name != "hash"]
        if self.hash is not None:
            return [self.hash, *kept]
        place = getattr(self, address)
        return [None, None if place is None else portable(place), *kept]

    @classmethod
    def _read_back(cls, written: Any) -> Self:
        address, *others = written
        made = cls.__new__(cls)
        parts = [None if address is None else from_portable(address), *others]
        made.__dict__.update(zip(cls._PARTS, parts, strict=True))
        return made

    def _to_plain(self) -> dict[str, Any]:
        """As JSON: the parts that say something."""
        return {name: value for name, value in self._parts().items() if value}

    @classmethod
    def _from_plain(cls, written: str | dict[str, Any]) -> Self:
        """From a command line: a path, a URL, or the parts.

        Raises:
            OSError: a local path where there is nothing.
            TypeError: a part that there isn't.
        """
        if isinstance(written, dict):
            return cls(**written)
        return cls._at(written)

    @classmethod
    def _at(cls, place: str) -> Self:
        """What lies at a path, as it is now, or behind a URL."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        return self._parts()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._parts() == self._parts()

    def __hash__(self) -> int:
        return hash((type(self), *self._parts().values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._parts().items() if value)
        return f"{type(self).__name__}({shown})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> dict[str, Any]:
        """For models that have such a field: an instance, or the dict that one is dumped as."""
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": cls._validated},
            "serialization": {"type": "function-plain", "function": Pointer._parts},
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: object, _handler: object) -> dict[str, Any]:
        properties = {name: {"type": ["string", "null"]} for name in cls._PARTS}
        return {"type": "object", "title": cls.__name__, "properties": properties}

    @classmethod
    def _validated(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, dict) and set(value) <= set(cls._PARTS):
            try:
                return cls(**value)
            except TypeError as error:
                raise ValueError(str(error)) from error
        raise ValueError(f"a `{cls.__name__}` is expected, or its parts as a dict")
