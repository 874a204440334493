"""One spelling for each JSON value, so that a digest of it means the value and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from secreview.errors import StoreError
from secreview.review.event import Json

LARGEST = 2**53 - 1  # RFC 8785 section 3.2.2.3: beyond it readers disagree about a number
DEEPEST = 64


def canonical(value: Json) -> bytes:
    """Return the canonical form of a value (RFC 8785) in UTF-8; raise StoreError when it has none.

    Floats, integers beyond 2**53 - 1, lone surrogates and keys that are no strings have none.

    >>> canonical({"b": [1, True], "a": "秘"}).decode()
    '{"a":"秘","b":[1,true]}'
    """
    try:
        text = json.dumps(ordered(value, DEEPEST), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StoreError("a text in an event holds half a character (a lone surrogate)") from error


def digest(value: Json) -> str:
    """Return the SHA-256 of the canonical form of a value, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def parsed(data: bytes) -> Json:
    """Return the value that a canonical form spells; raise StoreError for any other spelling."""
    try:
        value: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StoreError("is not JSON") from error
    if canonical(value) != data:
        raise StoreError("is not in canonical form")
    return value


def ordered(value: Json, depth: int) -> Json:
    """Return a value with its keys in the order of RFC 8785: by UTF-16 code units."""
    if depth < 0:
        raise StoreError("an event is nested too deeply")
    match value:
        case None | bool() | str():
            return value
        case int() if abs(value) <= LARGEST:
            return value
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise StoreError("a key in an event is no text")
            keys = sorted(value, key=utf16)
            return {key: ordered(value[key], depth - 1) for key in keys}
        case Sequence() if not isinstance(value, (bytes, bytearray)):
            return [ordered(item, depth - 1) for item in value]
    raise StoreError(f"a {type(value).__name__} has no canonical form in an event")


def utf16(key: str) -> bytes:
    """Return the bytes by which RFC 8785 orders a key."""
    return key.encode("utf-16-be", "surrogatepass")
