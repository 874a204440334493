"""Person names: surnames, the form of a name, and names in running text."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("people.txt")
AFTER_NAME = r"[\s，。；：、,.;:()（）\[\]【】《》〈〉“”\"'/|！？!?\-—…*<>=+~～]|$|[0-9A-Za-z]"
NEVER_LAST = "某的了是在和与及或等"  # characters that end no given name


class Names(NamedTuple):
    """Surnames, beginnings that are those of no name, and words that are no name by themselves."""

    single: frozenset[str]
    double: frozenset[str]
    never: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=1)
def names() -> Names:
    """Return the lists of ``people.txt``."""
    text = SOURCE.read_text("utf-8")
    _, single, double, never, words = re.split(r"^#.*\n", text, flags=re.MULTILINE)
    lists = (frozenset(part.split()) for part in (double, never, words))
    return Names(frozenset(single) - {"\n"}, *lists)


def is_short_hanzi(value: str) -> bool:
    """Return whether a string is two to four hanzi."""
    return 2 <= len(value) <= 4 and all("\u4e00" <= letter <= "\u9fff" for letter in value)


def is_person_name(value: str) -> bool:
    """Return whether a string of hanzi has the form of a Chinese person's name.

    >>> is_person_name("乔小平"), is_person_name("欧阳明月"), is_person_name("管理人")
    (True, True, False)
    """
    value = value.replace("·", "")
    known = names()
    if not is_short_hanzi(value) or value[:2] in known.never or value[:3] in known.never:
        return False
    if value[-1] in NEVER_LAST or value in known.words:
        return False
    if value[:2] in known.double:
        return len(value) in (3, 4)
    return value[0] in known.single and len(value) in (2, 3)


def names_in(text: str) -> list[tuple[int, int]]:
    """Return the spans of person names in a short window of running text.

    A candidate that ends at punctuation is taken by its form; where hanzi follow, jieba decides
    where the name ends.
    """
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(text) - 1:
        size = name_length(text, at)
        if size:
            spans.append((at, at + size))
        at += size or 1
    return spans


def name_length(text: str, at: int) -> int:
    """Return the length of the name that starts at an offset, or 0."""
    if text[at] not in names().single and text[at : at + 2] not in names().double:
        return 0
    if at and "\u4e00" <= text[at - 1] <= "\u9fff" and not starts_token(text, at):
        return 0
    for size in (4, 3, 2):
        candidate = text[at : at + size]
        if not is_person_name(candidate):
            continue
        if re.match(AFTER_NAME, text[at + size : at + size + 1]) or is_token(text, at, at + size):
            return size
    return 0


def starts_token(text: str, at: int) -> bool:
    """Return whether a word of the text starts at an offset."""
    return any(start == at for start, _ in tokens(text))


def is_token(text: str, start: int, end: int) -> bool:
    """Return whether a span is one word, or a surname and a given name, of the text."""
    cut = {edge for token in tokens(text) for edge in token}
    return start in cut and end in cut


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the words of a short text."""
    from secreview.text.words import segment

    return segment(text)
