"""What is said already: so that the same words are not told twice from another corner of a file."""

from __future__ import annotations

from collections.abc import Iterable

from secreview.model import Part

SEARCHED = 400_000_000  # characters that are looked through for words
LEAST = 2  # letters of a line worth telling


class Known:
    """Everything that is said so far, for telling whether a line says something more."""

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        """Take in the text of some parts."""
        self.lines: set[str] = set()
        self.text = ""
        self.left = SEARCHED
        self.take([line for part in parts for line in part.text.split("\n")])

    def take(self, lines: Iterable[str]) -> None:
        """Take in some lines."""
        squeezed = ["".join(line.split()) for line in lines]
        self.lines.update(squeezed)
        self.text += "".join(squeezed)

    def has(self, line: str) -> bool:
        """Return whether a line, whatever its blanks and line ends, was said already."""
        squeezed = "".join(line.split())
        if squeezed in self.lines or sum(map(str.isalnum, squeezed)) < LEAST:
            return True
        if self.left <= 0:
            return False
        self.left -= len(self.text)
        return squeezed in self.text
