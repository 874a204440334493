"""One pass over a text for every word and anchor, one for long runs of letters and digits.

Both run over the UTF-8 bytes: the automaton branches over at most 256 children there (over
characters its root has hundreds), and a byte table tells letters and digits apart at memory speed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import ahocorasick

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS = b"0123456789"
OTHER, DIGIT = b" ", b"0"


def class_table(members: bytes) -> bytes:
    """Return a byte table that writes members as ``0`` and every other byte as a blank."""
    return bytes.maketrans(
        bytes(range(256)), bytes(48 if byte in members else 32 for byte in range(256))
    )


DIGIT_TABLE = class_table(DIGITS)
ALNUM_TABLE = class_table(DIGITS + LETTERS)


class Encoded(NamedTuple):
    """A text and its UTF-8 bytes."""

    text: str
    data: bytes

    @classmethod
    def of(cls, text: str) -> Encoded:
        """Return a text with its bytes; lone surrogates are kept."""
        return cls(text, text.encode("utf-8", "surrogatepass"))

    def characters(self, start: int, end: int) -> int:
        """Return the number of characters in a span of the bytes."""
        if self.data.isascii():
            return end - start
        return len(self.data[start:end].decode("utf-8", "surrogatepass"))


class Literals:
    """Literals with what each stands for, found in one pass, ASCII letters in any case.

    One case keeps the automaton small: its root is left by half as many letters, and what a
    literal in capitals means is checked at its few hits.
    """

    def __init__(self, meanings: Mapping[str, tuple[Any, ...]]) -> None:
        """Build the automaton of literals; each hit gives back its meaning."""
        self.automaton = ahocorasick.Automaton()
        together: dict[bytes, tuple[int, tuple[Any, ...]]] = {}
        for literal, meaning in meanings.items():
            data = literal.encode("utf-8", "surrogatepass").lower()
            _, others = together.get(data, (0, ()))
            together[data] = (len(literal), (*others, *meaning))
        for data in common_first(together):
            self.automaton.add_word(data.decode("latin-1"), together[data])
        if meanings:
            self.automaton.make_automaton()
        self.is_empty = not meanings

    def hits(self, encoded: Encoded) -> Iterator[tuple[int, int, tuple[Any, ...]]]:
        """Yield (start, end, meaning) of every occurrence, in characters, by rising end."""
        if self.is_empty:
            return
        data = encoded.data
        is_ascii = len(data) == len(encoded.text)
        at = characters = 0
        for last, (size, meaning) in self.automaton.iter(data.lower().decode("latin-1")):
            if is_ascii:
                characters = last + 1
            else:
                characters += len(data[at : last + 1].decode("utf-8", "surrogatepass"))
                at = last + 1
            yield characters - size, characters, meaning


def common_first(literals: Iterable[bytes]) -> list[bytes]:
    """Return literals so ordered that common beginnings are found soonest.

    The automaton searches the branches of a node in the order in which they were made: hanzi
    before letters, and those first whose bytes begin most characters of all literals.
    """
    literals = list(literals)
    leads = Counter(
        character.encode("utf-8", "surrogatepass")[:2]
        for data in literals
        for character in data.decode("utf-8", "surrogatepass")
    )
    return sorted(literals, key=lambda data: (data[:1] < b"\x80", -leads[data[:2]], data))


def runs(encoded: Encoded, table: bytes, shortest: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in characters of the runs of a byte class at least ``shortest`` long.

    ``bytes.find`` skips through shorter runs without looking at each byte, which is what makes
    tables of numbers cheap.
    """
    classes = encoded.data.translate(table)
    needle = DIGIT * shortest
    is_ascii = len(encoded.data) == len(encoded.text)
    at = characters = 0
    start = classes.find(needle)
    while start >= 0:
        end = classes.find(OTHER, start + shortest)
        end = len(classes) if end < 0 else end
        if is_ascii:
            characters = start
        else:
            characters += len(encoded.data[at:start].decode("utf-8", "surrogatepass"))
            at = start
        yield characters, characters + end - start
        start = classes.find(needle, end)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of starts (both ends inclusive) sorted and joined where they touch."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1] + 1:
            if high > joined[-1][1]:
                joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return joined
