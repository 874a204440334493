"""How much a sentence reads like those that were marked as leaks in labelled drafts.

A table of wording holds weights for short strings in a sentence and for those around it, learned
by logistic regression; it is data like the rules, and the sum it makes can be read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import exp, fsum, sqrt
from typing import NamedTuple

SAID = (1, 2, 3)  # lengths of the strings that count in a sentence
AROUND = (2, 3)  # and around it
HEAD = 50  # characters at the beginning of a text, which tell its kind
REACH = 100  # characters before and after a sentence
MOST_AROUND = 2.0  # what the surroundings add at most
TELLING = 3  # strings that are named as the reason
BLANKS = re.compile(r"\s+")
NUMBERS = re.compile(r"[0-9]+")
WEIGHT = r"-?[0-9]{1,4}(?:\.[0-9]{1,6})?"
LINE = re.compile(rf"bias\t{WEIGHT}|cue\t[^\t]+|(?:said|around)\t[^\t]+\t{WEIGHT}")


@dataclass(frozen=True)
class Wording:
    """Weights of the strings in a sentence and around it, and the cues without which none counts.

    ``source`` is the text of a table: lines of ``bias``, ``cue``, ``said`` and ``around``, tab,
    string, and for weights tab and the weight.
    """

    source: str

    def faulty_line(self) -> int:
        """Return the number of the first line that says nothing, or 0."""
        lines = self.source.splitlines()
        for number, line in enumerate(lines, 1):
            if line and line[0] != "#" and not LINE.fullmatch(line):
                return number
        return 0 if any(row[0] == "bias" for row in self.rows) else len(lines) + 1

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the fields of the lines that are no comments."""
        lines = self.source.splitlines()
        return tuple(tuple(line.split("\t")) for line in lines if line and line[0] != "#")

    @cached_property
    def bias(self) -> float:
        """Return the sum that a sentence begins with."""
        return float(next(row[1] for row in self.rows if row[0] == "bias"))

    @cached_property
    def cues(self) -> tuple[str, ...]:
        """Return the strings of which a sentence holds one before it is looked at."""
        return tuple(row[1] for row in self.rows if row[0] == "cue")

    @cached_property
    def said(self) -> dict[str, float]:
        """Return the weights of strings in a sentence."""
        return {row[1]: float(row[2]) for row in self.rows if row[0] == "said"}

    @cached_property
    def around(self) -> dict[str, float]:
        """Return the weights of strings around it."""
        return {row[1]: float(row[2]) for row in self.rows if row[0] == "around"}

    def chance(self, sentence: Strings, around: Callable[[], Strings], floor: float) -> float:
        """Return how likely a sentence is one of those marked: 0 to 1.

        What stands around it is asked for only where it can lift the chance above ``floor``.
        """
        total = self.bias + sentence.weight(self.said)
        if chance_of(total + MOST_AROUND) < floor:
            return 0.0
        return chance_of(total + min(MOST_AROUND, around().weight(self.around)))

    def telling(self, sentence: Strings) -> tuple[str, ...]:
        """Return the strings in a sentence that speak most for it, none inside another."""
        found = [gram for gram in sentence.found if self.said.get(gram, 0) > 0]
        named: list[str] = []
        for gram in sorted(found, key=lambda g: (-self.said[g] * len(g), g)):
            is_word = len(gram) > 1 and gram.isalpha()
            if is_word and not any(gram in other or other in gram for other in named):
                named.append(gram)
        return tuple(named[:TELLING])


class Strings(NamedTuple):
    """The distinct strings of some lengths in a text, and the root of how many there are in all."""

    found: frozenset[str]
    root: float

    def weight(self, weights: dict[str, float]) -> float:
        """Return the weights of the strings that have one, over the root."""
        return fsum(weights[gram] for gram in self.found & weights.keys()) / self.root


def strings(pieces: Iterable[str], lengths: tuple[int, ...]) -> Strings:
    """Return the strings of some pieces of plain text."""
    found = [gram for piece in pieces for gram in grams(piece, lengths)]
    return Strings(frozenset(found), sqrt(len(found) or 1))


def chance_of(total: float) -> float:
    """Return the chance that a sum of weights stands for."""
    return 1 / (1 + exp(-total))


def grams(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    """Yield every string of some lengths in a text."""
    for length in lengths:
        for at in range(len(text) - length + 1):
            yield text[at : at + length]


def surroundings(text: str, start: int, end: int, head: str) -> list[str]:
    """Return the plain text around a sentence; ``head`` is the beginning of the document."""
    return [
        plain(head[:HEAD]),
        plain(text[max(0, start - REACH) : start]),
        plain(text[end : end + REACH]),
    ]


def plain(text: str) -> str:
    """Return a text without blanks and with every number as up to four zeros."""
    return NUMBERS.sub(lambda m: "0" * min(len(m[0]), 4), BLANKS.sub("", text)).lower()
