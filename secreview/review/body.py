"""Nouns of a record as JSON in the body of an event, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from secreview.errors import StoreError
from secreview.model import Bilingual
from secreview.review.event import Json

Noun = TypeVar("Noun")


def written(value: object) -> Json:
    """Return a noun as JSON: enums as their values, both languages as a table, tuples as lists.

    >>> written(Bilingual("中文", "English"))
    {'zh': '中文', 'en': 'English'}
    """
    match value:
        case StrEnum():
            return value.value
        case None | bool() | int() | str():
            return value
        case Bilingual():
            return {"zh": value.zh, "en": value.en}
        case Mapping():
            return {str(key): written(item) for key, item in value.items()}
        case tuple() | list():
            return [written(item) for item in value]
        case frozenset():
            return sorted(str(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: written(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in an event")


def read(kind: type[Noun], value: object) -> Noun:
    """Return the noun that ``written`` wrote; raise StoreError when it is none of that kind."""
    try:
        made: Noun = built(kind, value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"an event does not hold a valid {kind.__name__}") from error
    return made


def built(kind: Any, value: Any) -> Any:
    """Return a value of a type from its JSON."""
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(built(inner, item) for item in listed(value))
    if get_origin(kind) is UnionType:
        inner = next(item for item in get_args(kind) if item is not type(None))
        return None if value is None else built(inner, value)
    if get_origin(kind) is not None:  # a mapping of strings
        return {key: typed(str, item) for key, item in value.items()}
    if kind is Bilingual:
        return Bilingual(typed(str, value["zh"]), typed(str, value["en"]))
    if issubclass(kind, StrEnum):
        return kind(value)
    if hasattr(kind, "__dataclass_fields__"):
        return kind(
            **{name: built(hint, value[name]) for name, hint in hints(kind) if name in value}
        )
    return typed(kind, value)


def listed(value: Any) -> list[Any]:
    """Return a list as it is; raise TypeError for anything else."""
    if not isinstance(value, (list, tuple)):
        raise TypeError("not a list")
    return list(value)


def typed(kind: type, value: Any) -> Any:
    """Return a value that is exactly of a type; raise TypeError otherwise."""
    if type(value) is not kind:
        raise TypeError(f"not a {kind.__name__}")
    return value


@lru_cache(maxsize=64)
def hints(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return the names and types of the fields of a dataclass."""
    return tuple(get_type_hints(kind).items())
