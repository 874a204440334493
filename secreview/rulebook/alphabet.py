"""Parsed patterns seen as sets of characters: what an item can match, what it can begin with."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

Item = tuple[Any, Any]
Items = tuple[Item, ...]
MANY = 1 << 8  # of what is known of pieces of the pattern at hand
SAMPLES = (
    {chr(c) for c in range(0x20, 0x7F)}
    | set("\n\t\r\u3000\xa0")
    | set("密机绝一丁龥中人的年月日，。：；（）【】《》“”★〇é★")
)
UNBOUNDED = 1 << 12


@lru_cache(maxsize=MANY)
def parse(pattern: str, *, ignore_case: bool = False) -> Items:
    """Return the parsed items of a pattern; raise ``re.error`` when it does not parse."""
    flags = re.IGNORECASE if ignore_case else 0
    return tuple(map(frozen, sre_parser.parse(pattern, flags)))


class Piece(tuple[Any, ...]):
    """A piece of a parsed pattern; it is equal to itself only, so that looking it up is cheap."""

    __slots__ = ()
    __hash__ = object.__hash__
    __eq__ = object.__eq__


def frozen(value: Any) -> Any:
    """Return a parsed value as pieces, of which what is known can be kept."""
    if isinstance(value, sre_parser.SubPattern):
        value = value.data
    elif isinstance(value, tuple) and value[0] is sre.LITERAL:
        return value
    return Piece(map(frozen, value)) if isinstance(value, (list, tuple)) else value


def alphabet(pattern: str) -> frozenset[str]:
    """Return sample characters that tell the classes of a pattern apart."""
    near = {chr(min(0x10FFFF, max(0, ord(c) + d))) for c in set(pattern) for d in (-1, 0, 1)}
    return frozenset(SAMPLES | near)


def matches(item: Item, letters: frozenset[str]) -> frozenset[str]:
    """Return which letters a single-character item matches."""
    op, value = item
    if op is sre.LITERAL:
        return frozenset({chr(value)})
    if op is sre.NOT_LITERAL:
        return frozenset(c for c in letters if ord(c) != value)
    if op is sre.ANY:
        return frozenset(c for c in letters if c != "\n")
    if op is sre.IN:
        return members(value, letters)
    raise ValueError(op)


@lru_cache(maxsize=MANY)
def members(entries: tuple[Item, ...], letters: frozenset[str]) -> frozenset[str]:
    """Return which letters are in a character class."""
    found = letters & {chr(value) for op, value in entries if op is sre.LITERAL}
    for op, value in entries:
        if op is sre.RANGE:
            first, last = map(chr, value)
            found |= {c for c in letters if first <= c <= last}
        elif op is sre.CATEGORY:
            found |= set(filter(CATEGORIES[value].match, letters))
    return letters - found if any(op is sre.NEGATE for op, _ in entries) else found


CATEGORIES = {
    sre.CATEGORY_DIGIT: re.compile(r"\d"),
    sre.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    sre.CATEGORY_SPACE: re.compile(r"\s"),
    sre.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    sre.CATEGORY_WORD: re.compile(r"\w"),
    sre.CATEGORY_NOT_WORD: re.compile(r"\W"),
}
SINGLE = frozenset({sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN})
REPEATS = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})


@lru_cache(maxsize=MANY)
def width(items: Items) -> tuple[int, int]:
    """Return the shortest and longest match of a sequence (longest capped at UNBOUNDED)."""
    low = high = 0
    for item in items:
        a, b = item_width(item)
        low, high = low + a, min(UNBOUNDED, high + b)
    return low, high


@lru_cache(maxsize=MANY)
def item_width(item: Item) -> tuple[int, int]:
    """Return the shortest and longest match of one item."""
    op, value = item
    if op in SINGLE:
        return 1, 1
    if op is sre.BRANCH:
        sizes = [width(branch) for branch in value[1]]
        return min(a for a, _ in sizes), max(b for _, b in sizes)
    if op is sre.SUBPATTERN:
        return width(value[3])
    if op is sre.ATOMIC_GROUP:
        return width(value)
    if op in REPEATS:
        least, most, body = value
        a, b = width(body)
        most = UNBOUNDED if most is sre.MAXREPEAT else int(most)
        return least * a, min(UNBOUNDED, most * b)
    if op is sre.AT:
        return 0, 0
    raise ValueError(f"{op} is not allowed in a rule")


@lru_cache(maxsize=MANY)
def first_set(items: Items, letters: frozenset[str]) -> frozenset[str]:
    """Return the characters a non-empty match of a sequence can begin with."""
    found: frozenset[str] = frozenset()
    for item in items:
        found |= item_first(item, letters)
        if item_width(item)[0] > 0:
            break
    return found


@lru_cache(maxsize=MANY)
def item_first(item: Item, letters: frozenset[str]) -> frozenset[str]:
    """Return the characters a non-empty match of one item can begin with."""
    op, value = item
    if op in SINGLE:
        return matches(item, letters)
    if op is sre.BRANCH:
        return frozenset().union(*(first_set(branch, letters) for branch in value[1]))
    if op is sre.SUBPATTERN:
        return first_set(value[3], letters)
    if op is sre.ATOMIC_GROUP:
        return first_set(value, letters)
    if op in REPEATS:
        return first_set(value[2], letters)
    return frozenset()


@lru_cache(maxsize=MANY)
def all_set(items: Items, letters: frozenset[str]) -> frozenset[str]:
    """Return every character that can stand in a match of a sequence."""
    found: frozenset[str] = frozenset()
    for item in items:
        op, value = item
        if op in SINGLE:
            found |= matches(item, letters)
        elif op is sre.BRANCH:
            found |= frozenset().union(*(all_set(branch, letters) for branch in value[1]))
        elif op is sre.SUBPATTERN:
            found |= all_set(value[3], letters)
        elif op is sre.ATOMIC_GROUP:
            found |= all_set(value, letters)
        elif op in REPEATS:
            found |= all_set(value[2], letters)
    return found
