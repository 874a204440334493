"""Close up identifiers that blanks, hyphens, dots, line ends or a page number break into groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from secreview.text.folds import BLANK
from secreview.text.numbers.joined import is_one_number, is_proven

SHORTEST_NUMBER, LONGEST_NUMBER = 11, 19  # a mobile number, a payment card number
LABEL_REACH = 8  # characters before a number in which its label may stand
PAGE = r"(?:[-–—]{1,2} ?[0-9]{1,3} ?[-–—]{1,2}|第 ?[0-9]{1,3} ?页(?:[，, ]?共 ?[0-9]{1,3} ?页)?)"
INDENT = 40  # blanks at a line's ends
IDENTITY = 18  # digits


class Group(NamedTuple):
    """Digits that stand together: where, and what kind of gap is before them."""

    start: int
    end: int
    before: str = ""  # blank, dash, dot, line; empty when nothing joins them to what precedes


def broken_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the gaps to close up, in order."""
    for chain in chains(text):
        first = 0
        while first < len(chain) - 1:
            last = longest_number(text, chain, first)
            for left, right in zip(chain[first:last], chain[first + 1 : last], strict=False):
                yield left.end, right.start
            if last:  # what comes after a whole number is a chain of its own
                chain, first = chain[last:], 0
            else:
                first += 1


def chains(text: str) -> Iterator[list[Group]]:
    """Yield the runs of groups between which only a gap stands."""
    chain: list[Group] = []
    pages = [match.span() for match in page_lines().finditer(text)]
    for match in groups().finditer(text):
        if any(start < match.start() < end for start, end in pages):
            continue
        if chain:
            kind = kind_of(text[chain[-1].end : match.start()])
            if kind:
                chain.append(Group(match.start(), match.end(), kind))
                continue
            if len(chain) > 1:
                yield chain
        chain = [Group(match.start(), match.end())]
    if len(chain) > 1:
        yield chain


def kind_of(gap: str) -> str:
    """Return what kind of gap stands between two groups, or an empty string for other text."""
    if len(gap) > 3 * INDENT or not gap_pattern().fullmatch(gap):
        return ""
    if "\n" in gap:
        return "line"
    mark = gap.strip(" \t\u3000\xa0\u2002\u2003\u2009")
    if not mark:
        return "cell" if "\t" in gap else "blank"
    return "dot" if mark in "·." else "dash"


def longest_number(text: str, chain: Sequence[Group], first: int) -> int:
    """Return the end of the longest run of groups from ``first`` that is one number, or 0."""
    size = best = 0
    for end in range(first + 1, len(chain) + 1):
        size += chain[end - 1].end - chain[end - 1].start
        if size > LONGEST_NUMBER:
            break
        if size >= SHORTEST_NUMBER and end - first > 1 and is_number(text, chain, first, end):
            best = end
    return best


def is_number(text: str, chain: Sequence[Group], first: int, end: int) -> bool:
    """Return whether some groups of a chain are one number.

    Groups with the same gap before or after belong to the chain too, so that only an identity
    number, which proves itself, is taken out of a longer one.
    """
    values = [text[group.start : group.end] for group in chain[first:end]]
    kinds = {group.before for group in chain[first + 1 : end]}
    is_cut = (first > 0 and chain[first].before in kinds) or (
        end < len(chain) and chain[end].before in kinds
    )
    if is_cut and sum(map(len, values)) != IDENTITY:
        return len(values) == 2 and kinds == {"line"} and is_proven(values, is_broken=True)
    if "cell" in kinds:
        return set(map(len, values)) == {1} and is_one_number(values)
    label = text[max(0, chain[first].start - LABEL_REACH) : chain[first].start]
    is_labelled = bool(labels().search(label))
    if len(kinds) > 1:
        return is_proven(values, is_labelled=is_labelled, is_broken="line" in kinds)
    wrapped = "line" in kinds and is_wrapped(text, chain[first].start, chain[end - 1].end)
    return is_one_number(values, wrapped=wrapped, is_labelled=is_labelled)


def is_wrapped(text: str, start: int, end: int) -> bool:
    """Return whether a chain is broken by a line end inside running text."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    rest = text[end : end + 1]
    return any(c not in "0123456789,.\t " for c in line) or rest not in ("", "\n")


@lru_cache(maxsize=1)
def page_lines() -> re.Pattern[str]:
    """Return the pattern of a line that holds nothing but a page number, with its line ends."""
    return re.compile(rf"\n[{BLANK}]{{0,{INDENT}}}{PAGE}[{BLANK}\r]{{0,{INDENT}}}(?=\n)")


@lru_cache(maxsize=1)
def groups() -> re.Pattern[str]:
    """Return the pattern of a group of digits, which may end in the X of an identity number."""
    return re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{1,17}[Xx]?|[Xx])(?![0-9A-Za-z])")


@lru_cache(maxsize=1)
def gap_pattern() -> re.Pattern[str]:
    """Return the pattern of what may stand between two groups of one number."""
    line = rf"[{BLANK}]{{0,{INDENT}}}\r?\n[{BLANK}]{{0,{INDENT}}}"
    return re.compile(
        rf"\t|[{BLANK}]{{1,2}}|[{BLANK}]{{0,2}}[-–—·.][{BLANK}]{{0,2}}"
        rf"|[-–—·.]?{line}(?:{PAGE}{line})?"
    )


@lru_cache(maxsize=1)
def labels() -> re.Pattern[str]:
    """Return the pattern of what is written before a telephone or identity number."""
    return re.compile(r"(?:电话|手机|号码|联系方式|[Tt][Ee][Ll]|致电|拨打|证号?)\S{0,3}\s?$")
