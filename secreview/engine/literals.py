"""One pass over a text for every word and anchor, one for long runs of letters and digits.

Both run over the UTF-8 bytes: the automaton branches over at most 256 children there (over
characters its root has hundreds), and a byte table tells letters and digits apart at memory speed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
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


SHORT = 1 << 15  # bytes of a text for which an automaton of all literals is not worth building
PATIENCE = 1 << 18  # bytes of short texts after which it is


class Literals:
    """Literals with what each stands for, found in one pass, ASCII letters in any case.

    One case keeps the automaton small: its root is left by half as many letters, and what a
    literal in capitals means is checked at its few hits. The first short texts are searched with
    an automaton of the few literals that they hold.
    """

    def __init__(
        self,
        meanings: Mapping[str, tuple[Any, ...]],
        made: Callable[[tuple[Any, ...]], Any] = tuple,
    ) -> None:
        """Keep literals; each hit gives back what ``made`` makes of its meanings."""
        together: dict[str, tuple[int, tuple[Any, ...]]] = {}
        for literal, meaning in meanings.items():
            small = literal if literal.lower() == literal else ascii_lower(literal)
            _, others = together.get(small, (0, ()))
            together[small] = (len(literal), (*others, *meaning))
        self.together = together
        self.made = made
        self.seen = 0

    def meant(self, found: tuple[int, tuple[Any, ...]]) -> tuple[int, Any] | str:
        """Return the size of a literal with its meaning, or the word that is all it means."""
        made = self.made(found[1])
        return made if isinstance(made, str) else (found[0], made)

    @cached_property
    def whole(self) -> Any:
        """Return the automaton of all literals."""
        return automaton(
            {key: self.meant(self.together[key]) for key in common_first(self.together)}
        )

    @cached_property
    def by_beginning(self) -> Mapping[str, Sequence[str]]:
        """Return the literals by their first two characters."""
        begun: dict[str, list[str]] = {}
        for literal in self.together:
            begun.setdefault(literal[:2], []).append(literal)
        return begun

    def automaton_for(self, data: bytes) -> Any:
        """Return an automaton that finds every literal of a text in small letters."""
        if "whole" in self.__dict__ or len(data) > SHORT or self.seen > PATIENCE:
            return self.whole
        self.seen += len(data)
        text = data.decode("utf-8", "surrogatepass")
        begun = self.by_beginning
        beginnings = {text[at : at + 2] for at in range(len(text))} | set(text)
        return automaton(
            {
                literal: self.meant(self.together[literal])
                for beginning in beginnings & begun.keys()
                for literal in begun[beginning]
                if literal in text
            }
        )

    def hits(self, encoded: Encoded, said: set[str]) -> Iterator[tuple[int, int, tuple[Any, ...]]]:
        """Yield (start, end, meaning) of every occurrence, in characters, by rising end.

        Words of which it matters only that they occur are added to ``said`` instead.
        """
        data = encoded.data
        small = data.lower()
        made = self.automaton_for(small)
        if not made:
            return
        is_ascii = len(data) == len(encoded.text)
        at = characters = 0
        for last, meant in made.iter(small.decode("latin-1")):
            if isinstance(meant, str):
                said.add(meant)
                continue
            if is_ascii:
                characters = last + 1
            else:
                characters += len(data[at : last + 1].decode("utf-8", "surrogatepass"))
                at = last + 1
            yield characters - meant[0], characters, meant[1]


def ascii_lower(text: str) -> str:
    """Return a text with its ASCII letters small."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def automaton(literals: Mapping[str, tuple[int, Any] | str]) -> Any:
    """Return the automaton of literals over bytes as Latin-1; None when there are none."""
    if not literals:
        return None
    made = ahocorasick.Automaton()
    for literal, meaning in literals.items():
        made.add_word(literal.encode("utf-8", "surrogatepass").decode("latin-1"), meaning)
    made.make_automaton()
    return made


def common_first(literals: Iterable[str]) -> list[str]:
    """Return literals so ordered that common beginnings are found soonest.

    The automaton searches the branches of a node in the order in which they were made: hanzi
    before letters, and those first whose bytes begin most characters of all literals.
    """
    literals = list(literals)
    letters = Counter(chain.from_iterable(literals))
    leads: Counter[bytes] = Counter()
    for letter, count in letters.items():
        leads[letter.encode("utf-8", "surrogatepass")[:2]] += count

    def key(literal: str) -> tuple[bool, int, bytes]:
        data = literal.encode("utf-8", "surrogatepass")
        return (data[:1] < b"\x80", -leads[data[:2]], data)

    return sorted(literals, key=key)


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


def common(some: Iterable[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what sorted spans of starts share with other sorted ones."""
    shared: list[tuple[int, int]] = []
    at = 0
    for low, high in some:
        while at < len(others) and others[at][1] < low:
            at += 1
        index = at
        while index < len(others) and others[index][0] <= high:
            shared.append((max(low, others[index][0]), min(high, others[index][1])))
            index += 1
    return shared
