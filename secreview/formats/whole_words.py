"""Stretches of a text extended over the words and numbers that their ends cut apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

WORD = re.compile("[A-Za-z0-9]+")


def whole_words(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in rising order extended over the words at their ends; joined where they meet.

    >>> whole_words("ab12 cd", [(1, 2), (3, 4)])
    [(0, 4)]
    """
    words = [found.span() for found in WORD.finditer(text)]
    starts = [start for start, _ in words]
    joined: list[tuple[int, int]] = []
    for low, high in spans:
        first, last = bisect_right(starts, low) - 1, bisect_right(starts, high - 1) - 1
        if first >= 0 and low < words[first][1]:
            low = words[first][0]
        if last >= 0 and high < words[last][1]:
            high = words[last][1]
        if joined and low < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined
