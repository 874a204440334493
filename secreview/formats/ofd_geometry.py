"""Numbers, boxes and matrices of OFD pages, in millimetres."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FAR = 1e6  # millimetres: farther than any page
STEPS = re.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
ARGUMENTS = {"S": 2, "M": 2, "L": 2, "C": 0}
LONG_PATH = 4096  # characters of a path that is no plain rectangle


class Matrix(NamedTuple):
    """A transformation of the plane, as in GB/T 33190 8.3: x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes to."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, outer: Matrix) -> Matrix:
        """Return this transformation followed by another one."""
        if outer == IDENTITY:
            return self
        e, f = outer.at(self.e, self.f)
        return Matrix(
            outer.a * self.a + outer.c * self.b,
            outer.b * self.a + outer.d * self.b,
            outer.a * self.c + outer.c * self.d,
            outer.b * self.c + outer.d * self.d,
            e,
            f,
        )

    def is_level(self) -> bool:
        """Return whether lines of text stay level and upright."""
        return self.a > 0 and self.d > 0 and abs(self.b) + abs(self.c) < 1e-6


IDENTITY = Matrix()


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles share any point."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def contains(self, other: Box) -> bool:
        """Return whether another rectangle lies inside."""
        return self.holds(other.left, other.top) and self.holds(other.right, other.bottom)

    def within(self, other: Box) -> Box:
        """Return the rectangle that two rectangles share."""
        return Box(
            max(self.left, other.left), max(self.top, other.top),
            min(self.right, other.right), min(self.bottom, other.bottom),
        )  # fmt: skip

    def grown(self, by: float) -> Box:
        """Return the rectangle with a margin around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def moved(self, matrix: Matrix) -> Box:
        """Return the upright rectangle around the transformed one."""
        if not matrix.b and not matrix.c and matrix.a >= 0 and matrix.d >= 0:
            return Box(*matrix.at(self.left, self.top), *matrix.at(self.right, self.bottom))
        corners = ((self.left, self.top), (self.right, self.top),
                   (self.left, self.bottom), (self.right, self.bottom))  # fmt: skip
        return around([matrix.at(x, y) for x, y in corners])


def around(points: Sequence[tuple[float, float]]) -> Box:
    """Return the rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def number(text: str | None, otherwise: float = 0.0) -> float:
    """Return a number that fits on a page, or another one when the text is none.

    >>> number("3.5"), number("nan", 1.0), number(None)
    (3.5, 1.0, 0.0)
    """
    try:
        value = float(text) if text else otherwise
    except ValueError:
        return otherwise
    return min(FAR, max(-FAR, value)) if value == value else otherwise


def numbers(text: str | None, most: int = 64) -> list[float]:
    """Return the numbers of a list separated by blanks."""
    return [number(word) for word in (text or "").replace(",", " ").split(None, most)[:most]]


def box(text: str | None) -> Box | None:
    """Return a rectangle written as x, y, width, height; None when it is not.

    >>> box("10 20 30 5")
    Box(left=10.0, top=20.0, right=40.0, bottom=25.0)
    """
    found = numbers(text)
    if len(found) < 4:
        return None
    x, y, width, height = found[:4]
    return Box(x, y, x + max(0.0, width), y + max(0.0, height))


def matrix(text: str | None) -> Matrix:
    """Return a transformation written as six numbers, the identity when it is not."""
    if not text:
        return IDENTITY
    found = numbers(text)
    return Matrix(*found[:6]) if len(found) >= 6 else IDENTITY


def deltas(text: str | None, most: int) -> list[float]:
    """Return the advances of the characters of a text code; ``g n v`` stands for n times v.

    >>> deltas("g 3 4.5 2", 10)
    [4.5, 4.5, 4.5, 2.0]
    """
    words = (text or "").replace(",", " ").split()
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < most:
        if words[at] in ("g", "G"):
            count = int(number(words[at + 1])) if at + 1 < len(words) else 0
            value = number(words[at + 2]) if at + 2 < len(words) else 0.0
            found += [value] * max(0, min(count, most - len(found)))
            at += 3
        else:
            found.append(number(words[at]))
            at += 1
    return found


def rectangles(path: str) -> Iterator[Box]:
    """Yield the upright rectangles that a path draws; nothing for any other shape.

    >>> list(rectangles("M 0 0 L 10 0 L 10 5 L 0 5 C"))
    [Box(left=0.0, top=0.0, right=10.0, bottom=5.0)]
    """
    if len(path) > LONG_PATH:
        return
    points: list[tuple[float, float]] = []
    steps = STEPS.findall(path)
    at = 0
    while at < len(steps):
        step = steps[at]
        if step not in ARGUMENTS:
            return
        if step in "SM":
            yield from upright(points)
            points = []
        count = ARGUMENTS[step]
        if count:
            pair = steps[at + 1 : at + 3]
            if len(pair) < 2 or any(word in "SMLQBAC" for word in pair):
                return
            points.append((number(pair[0]), number(pair[1])))
        at += 1 + count
    yield from upright(points)


def upright(points: list[tuple[float, float]]) -> Iterator[Box]:
    """Yield the rectangle of a line of points whose sides are all level or upright."""
    xs = {round(x, 2) for x, _ in points}
    ys = {round(y, 2) for _, y in points}
    if len(points) >= 2 and len(xs) <= 2 and len(ys) <= 2:
        yield around(points)
