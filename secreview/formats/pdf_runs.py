"""Runs of hidden characters: which of them say something that a person should know of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from secreview.formats.pdf_suspect import Cause

LETTERS = 3  # letters or digits that make a run worth telling
COVERED_LETTERS = 2  # under a box or in the colour of the ground, where chance hides little
IDEOGRAPHS = 2
IDEOGRAPH = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# What a box says about itself; it betrays nothing.
REASONS = frozenset(
    "privilege privileged redacted redaction withheld deleted omitted sealed "
    "已遮盖 已隐去 已删除 已脱敏 已屏蔽 不予公开 依法不予公开".split()
)


class Run(NamedTuple):
    """Characters of a page that are hidden for one reason, from ``start`` to before ``end``."""

    start: int
    end: int
    cause: Cause


def runs(chars: Sequence[str], causes: Mapping[int, Cause]) -> Iterator[Run]:
    """Yield the runs of hidden characters that hold enough letters to mean something.

    >>> [tuple(run)[:2] for run in runs("a 123 b", dict.fromkeys(range(2, 5), Cause.COVERED))]
    [(2, 5)]
    """
    if not causes:
        return
    start = last = -1
    for nth, char in enumerate(chars):
        cause = causes.get(nth)
        if start >= 0 and cause is not causes[start] and char.strip():
            yield from telling(chars, Run(start, last + 1, causes[start]))
            start = -1
        if cause is not None:
            start, last = (nth if start < 0 else start), nth
    if start >= 0:
        yield from telling(chars, Run(start, last + 1, causes[start]))


def telling(chars: Sequence[str], run: Run) -> Iterator[Run]:
    """Yield a run when it holds enough letters, and more than the reason for a box."""
    text = "".join(chars[run.start : run.end])
    is_boxed = run.cause in (Cause.COVERED, Cause.COLOR)
    is_long = sum(map(str.isalnum, text)) >= (COVERED_LETTERS if is_boxed else LETTERS)
    if not is_long and len(IDEOGRAPH.findall(text)) < IDEOGRAPHS:
        return
    said = {word.strip(".,:;()[]（）【】").lower() for word in text.split()}
    if not is_boxed or not said <= REASONS:
        yield run
