"""Masked identifiers that can be computed back: how many originals remain.

A resident identity number whose birth date is hidden has about 3,500 originals, a mobile number
with four digits hidden 10,000. Fewer remain when little is hidden, when the check digit or a birth
date on the same line decides, or when the same number is masked differently elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

HIDDEN = "?"
FEW = 1_000  # originals; a value with no more of them counts as not masked
MARKS = "*●■□×#•＊✱✲"
MARK = re.compile(f"[{MARKS}](?:(?<=[0-9].)|(?=[0-9]))")  # begins with a class: a tight search
TOKEN = re.compile(rf"[0-9{MARKS}]{{10,18}}[0-9Xx{MARKS}]")
AROUND = re.compile(rf"[0-9A-Za-z{MARKS}]*")
TOKEN_LETTERS = "0123456789" + MARKS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
REACH = 24  # characters on each side of a mark that a masked value may take up
SAYS_BIRTH = ("出生", "生日", "生于")
BIRTH = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})[年./-]?([0-9]{1,2})[月./-]?([0-9]{1,2})日?(?![0-9])"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
OLDEST, YOUNGEST = 1920, 2026
MOST_ALIKE = 60  # masked values of one region that are compared with one another
LEAST_SHARED = 8  # digits that two masks of one number must both show


class Masked(NamedTuple):
    """A masked value: where it stands and its characters, hidden ones as ``?``."""

    start: int
    end: int
    shape: str


def weak_masks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, evidence) of masked values with few originals.

    >>> [e for _, _, e in weak_masks("证号5226011990030700**，另522601********0012")]
    ['originals:10']
    """
    values = list(masked_values(text))
    partners = together(values)
    has_births = bool(values) and any(word in text for word in SAYS_BIRTH)
    for value in values:
        count = originals(value.shape)
        if count > FEW and has_births and len(value.shape) == 18:
            low = text.rfind("\n", 0, value.start) + 1
            high = text.find("\n", value.end)
            line = text[low : high if high >= 0 else len(text)]
            count = min((originals(s) for s in with_births(value.shape, line)), default=count)
        if count > FEW and value in partners:
            count = min(map(originals, partners[value]))
        if 0 < count <= FEW:
            yield value.start, value.end, f"originals:{count}"


def masked_values(text: str) -> Iterator[Masked]:
    """Yield the masked identifiers of a text: identity, mobile and card numbers."""
    done = 0
    for mark in MARK.finditer(text):
        at = mark.start()
        if at < done:
            continue
        before = text[max(0, at - REACH) : at]
        start = at - len(before) + len(before.rstrip(TOKEN_LETTERS))
        end = AROUND.match(text, at).end()  # type: ignore[union-attr]
        done = end
        if not TOKEN.fullmatch(text, start, end):
            continue
        shape = "".join(HIDDEN if c in MARKS else c for c in text[start:end].upper())
        if is_identifier(shape):
            yield Masked(start, end, shape)


def is_identifier(shape: str) -> bool:
    """Return whether a masked value has the length and beginning of an identifier."""
    shown = len(shape) - shape.count(HIDDEN)
    if shown < 5 or ("X" in shape and len(shape) != 18):
        return False
    match len(shape):
        case 18:
            return shape[0] in "123456789?" and any(dates(shape[6:14]))
        case 11:
            return shape[0] == "1" and shape[1] in "3456789?"
        case 16 | 19:
            return shape[0] in "3456"
        case _:
            return False


@lru_cache(maxsize=4096)
def originals(shape: str) -> int:
    """Return how many valid values a masked one can stand for.

    >>> originals("138????5678"), originals("52260119900307????"), originals("110105194912310?2X")
    (10000, 1000, 1)
    """
    hidden = shape.count(HIDDEN)
    if len(shape) == 18:
        return residents(shape)
    if len(shape) in (16, 19) and hidden:
        return int(10 ** (hidden - 1))  # the Luhn digit decides one
    return int(10**hidden)


def residents(shape: str) -> int:
    """Return how many identity numbers with a real birth date and check digit fit a shape."""
    ways = {0: 1}  # weighted sum modulo 11 → how many
    for position in (*range(6), *range(14, 17)):
        choices = range(10) if shape[position] == HIDDEN else (int(shape[position]),)
        ways = folded(ways, (digit * WEIGHTS[position] for digit in choices))
    births = (
        sum(int(digit) * weight for digit, weight in zip(birth, WEIGHTS[6:14], strict=True))
        for birth in dates(shape[6:14])
    )
    ways = folded(ways, births)
    if shape[17] == HIDDEN:
        return sum(ways.values())
    return ways.get(CHECK.index(shape[17]), 0)


def folded(ways: dict[int, int], sums: Iterable[int]) -> dict[int, int]:
    """Return the ways after adding one of some sums to each, modulo 11."""
    steps: dict[int, int] = defaultdict(int)
    for value in sums:
        steps[value % 11] += 1
    made: dict[int, int] = defaultdict(int)
    for rest, count in ways.items():
        for step, times in steps.items():
            made[(rest + step) % 11] += count * times
    return dict(made)


@lru_cache(maxsize=1)
def birthdays() -> tuple[str, ...]:
    """Return every date on which a living person may be born, as eight digits."""
    first, last = date(OLDEST, 1, 1), date(YOUNGEST, 12, 31)
    return tuple(f"{first + timedelta(days=day):%Y%m%d}" for day in range((last - first).days + 1))


def dates(shape: str) -> Iterator[str]:
    """Yield the dates that fit eight characters some of which are hidden."""
    if HIDDEN not in shape:
        if shape in known_days():
            yield shape
        return
    pattern = re.compile(shape.replace(HIDDEN, "."))
    yield from filter(pattern.fullmatch, birthdays())


@lru_cache(maxsize=1)
def known_days() -> frozenset[str]:
    """Return the same dates as a set."""
    return frozenset(birthdays())


def with_births(shape: str, line: str) -> Iterator[str]:
    """Yield an identity number with each birth date of its line that fits."""
    for year, month, day in BIRTH.findall(line):
        birth = f"{year}{int(month):02d}{int(day):02d}"
        whole = joined(shape, shape[:6] + birth + HIDDEN * 4)
        if whole and originals(whole):
            yield whole


def together(values: list[Masked]) -> dict[Masked, list[str]]:
    """Return, for values that another mask of the same number completes, what both show."""
    groups: dict[tuple[int, str], list[Masked]] = defaultdict(list)
    for value in values:
        groups[len(value.shape), value.shape[:4]].append(value)
    found: dict[Masked, list[str]] = defaultdict(list)
    for group in groups.values():
        for index, value in enumerate(group[:MOST_ALIKE]):
            for other in group[index + 1 : MOST_ALIKE]:
                whole = joined(value.shape, other.shape)
                if whole and whole not in (value.shape, other.shape) and originals(whole):
                    found[value].append(whole)
                    found[other].append(whole)
    return found


def joined(one: str, other: str) -> str:
    """Return what two masks of one number show together, or nothing when they disagree."""
    if any(a != b and HIDDEN not in (a, b) for a, b in zip(one, other, strict=True)):
        return ""
    shared = sum(a == b != HIDDEN for a, b in zip(one, other, strict=True))
    if shared < min(LEAST_SHARED, len(one) // 3):
        return ""
    return "".join(b if a == HIDDEN else a for a, b in zip(one, other, strict=True))
