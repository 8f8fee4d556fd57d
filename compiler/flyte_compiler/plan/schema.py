"""The plan's schema, for readers that aren't ours: pydantic models, and JSON Schema from them.

The records of `flyte_plan.plan` are the one source: each becomes a model with the same fields,
the tags that tell records of a union apart included. The runtime reads plans by the records
alone. `python -m flyte_compiler.plan.schema` writes what `docs/plan.schema.json` holds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.json_schema import GenerateJsonSchema

from flyte_plan.plan import PLAN_VERSION, Plan

_ANNOTATED: Any = Annotated
_UNION: Any = Union
_TUPLE: Any = tuple
"""Subscripted with types that are made at run time, which no checker can know."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def plan_model() -> type[BaseModel]:
    """The pydantic model of a plan."""
    models = {record.__name__: _model(record) for record in _records(Plan, set())}
    for model in models.values():
        model.model_rebuild(_types_namespace=models)
    return models[Plan.__name__]


def plan_schema() -> Mapping[str, object]:
    """The JSON Schema of a plan."""
    schema = plan_model().model_json_schema(schema_generator=_WithoutFieldTitles)
    title = {"$schema": _DIALECT, "title": f"Plan, version {PLAN_VERSION}"}
    return {**title, **{key: value for key, value in schema.items() if key != "title"}}


def schema_text() -> str:
    """The JSON Schema as it is published, ending in a line break."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"


def plan_faults(encoded: bytes) -> tuple[str, ...]:
    """What keeps bytes from being a plan, each with its place: `tasks.0.name: …`. None: a plan."""
    try:
        plan_model().model_validate_json(encoded)
    except ValidationError as error:
        return tuple(_fault(each["loc"], each["msg"]) for each in error.errors(include_url=False))
    return ()


class _WithoutFieldTitles(GenerateJsonSchema):
    """A title that repeats each field's name would be a third of the document."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _fault(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place)) or 'plan'}: {message[:1].lower()}{message[1:]}"


def _records(annotation: object, seen: set[object]) -> Iterator[type[msgspec.Struct]]:
    """The records that a type is made of, itself first, each once."""
    if annotation in seen:
        return
    seen.add(annotation)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
        for field in msgspec.structs.fields(annotation):
            yield from _records(field.type, seen)
    for part in get_args(annotation):
        yield from _records(part, seen)


def _model(record: type[msgspec.Struct]) -> type[BaseModel]:
    """The model of a record; others are named in it, to be found when all are made."""
    # Types made at run time: nothing but `Any` says what `create_model` takes.
    fields: dict[str, Any] = {}
    tag_field, tag = record.__struct_config__.tag_field, record.__struct_config__.tag
    if tag_field is not None:
        fields[tag_field] = (Literal[tag], ...)
    for field in msgspec.structs.fields(record):
        default = ... if field.required else field.default
        fields[field.name] = (_translated(field.type), default)
    return create_model(
        record.__name__,
        __config__=ConfigDict(extra="forbid", frozen=True, strict=True),
        __doc__=record.__doc__,
        **fields,
    )


def _translated(annotation: Any) -> Any:
    """A record's annotation as a model's."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return ForwardRef(annotation.__name__)
    if origin in (Union, UnionType):
        return _translated_union(arguments)
    if origin is tuple:
        return _TUPLE[tuple(map(_translated, arguments))]
    return annotation


def _translated_union(members: tuple[Any, ...]) -> Any:
    """Records of a union are told apart by their tag, so that a fault names one of them alone."""
    tags = {m.__struct_config__.tag_field for m in members if hasattr(m, "__struct_config__")}
    records = [m for m in members if hasattr(m, "__struct_config__")]
    others = [m for m in members if not hasattr(m, "__struct_config__")]
    if len(records) < 2:
        return _UNION[tuple(map(_translated, members))]
    (tag_field,) = tags
    tagged = _ANNOTATED[_UNION[tuple(map(_translated, records))], Field(discriminator=tag_field)]
    return _UNION[(tagged, *others)] if others else tagged


if __name__ == "__main__":
    sys.stdout.write(schema_text())
