"""Ruled tables of a page: lines that make a grid, and the cell that a point lies in."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2.raw as raw

from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_calls import STEP
from secreview.formats.pdf_scene import (
    PATH,
    Box,
    Item,
    Scene,
    is_filled,
    matrix_of,
    moved,
    product,
    stroke_width,
)

THIN = 2.5  # points; a rule is no wider
SHORT = 4.0  # points; shorter lines are no rules
NEAR = 3.0  # points between the ends of lines that meet
SEGMENTS = 2_000  # of one path
RULES = 4_000  # of one page; drawings have more
CELLS = 20_000  # of one table


class Rule(NamedTuple):
    """A straight line along one axis: where it stands on the other, and from where to where."""

    at: float
    low: float
    high: float


@dataclass(slots=True)
class Table:
    """A grid of lines: positions of its columns (left to right) and rows (top to bottom).

    ``owner`` maps a cell (row, column), both from 0, to the first cell of the merged one that it
    belongs to.
    """

    columns: Sequence[float]
    rows: Sequence[float]  # falling: a page counts from the bottom
    owner: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    rising: Sequence[float] = ()  # the rows, counted from the top

    def __post_init__(self) -> None:
        """Turn the rows round for the search among them."""
        self.rising = [-position for position in self.rows]

    def cell(self, point: tuple[float, float]) -> tuple[int, int] | None:
        """Return the first cell of the (merged) cell that holds a point, None outside."""
        column = bisect_right(self.columns, point[0]) - 1
        row = bisect_right(self.rising, -point[1]) - 1
        return self.owner.get((row, column))


def tables(scene: Scene) -> list[Table]:
    """Return the ruled tables of a page, top to bottom."""
    across: list[Rule] = []
    down: list[Rule] = []
    for item in scene.of_kind(PATH):
        for start, end in lines(item):
            rule(start, end, across, down)
        if len(across) + len(down) > RULES:
            return []
    if len(across) < 2 or len(down) < 2:
        return []
    found = [table for group in connected(across, down) for table in grid(*group)]
    return sorted(found, key=lambda table: -table.rows[0])


def rule(
    start: tuple[float, float], end: tuple[float, float], across: list[Rule], down: list[Rule]
) -> None:
    """Add a line to those across or down the page, unless it is slanted or short."""
    (x0, y0), (x1, y1) = start, end
    if abs(y0 - y1) <= 1.0 and abs(x0 - x1) >= SHORT:
        across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x0 - x1) <= 1.0 and abs(y0 - y1) >= SHORT:
        down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


Line = tuple[tuple[float, float], tuple[float, float]]


def lines(item: Item) -> Iterator[Line]:
    """Yield the lines that a path draws: along a thin area, or the sides it strokes."""
    box = item.box
    if min(box.width, box.height) <= THIN:
        if box.width > box.height:
            yield (box.left, box.center[1]), (box.right, box.center[1])
        else:
            yield (box.center[0], box.bottom), (box.center[0], box.top)
    elif stroke_width(item.handle) > 0 or not is_filled(item.handle):
        yield from sides(item)


def sides(item: Item) -> Iterator[Line]:
    """Yield the straight lines of a stroked path."""
    count = calls.path_segments(item.handle)
    if not 2 <= count <= SEGMENTS or stroke_width(item.handle) <= 0:
        return
    matrix = product(matrix_of(item.handle), item.matrix)
    point = (ctypes.c_float * 2)()
    at = ctypes.addressof(point)
    first = last = (0.0, 0.0)
    for nth in range(count):
        segment = calls.path_segment(item.handle, nth)
        calls.segment_point(segment, at, at + STEP)
        here = moved((point[0], point[1]), matrix)
        match calls.segment_type(segment):
            case raw.FPDF_SEGMENT_MOVETO:
                first = here
            case raw.FPDF_SEGMENT_LINETO:
                yield last, here
        last = here
        if calls.segment_closes(segment):
            yield last, first


def connected(
    across: Sequence[Rule], down: Sequence[Rule]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the groups of lines that meet one another."""
    parent = list(range(len(across) + len(down)))

    def root(nth: int) -> int:
        while parent[nth] != nth:
            parent[nth] = parent[parent[nth]]
            nth = parent[nth]
        return nth

    order = sorted(range(len(across)), key=lambda nth: across[nth].at)
    heights = [across[nth].at for nth in order]
    for number, line in enumerate(down, start=len(across)):
        for place in range(bisect_right(heights, line.low - NEAR), len(order)):
            other = across[order[place]]
            if other.at > line.high + NEAR:
                break
            if other.low - NEAR <= line.at <= other.high + NEAR:
                parent[root(number)] = root(order[place])
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for nth, line in enumerate([*across, *down]):
        groups.setdefault(root(nth), ([], []))[nth >= len(across)].append(line)
    yield from groups.values()


def grid(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[Table]:
    """Yield the table that meeting lines make, if it has two rows or columns of cells."""
    if not across or not down:
        return
    ends = (min(line.low for line in across), max(line.high for line in across))
    columns = merged([*(line.at for line in down), *ends])
    tops = (min(line.low for line in down), max(line.high for line in down))
    rows = merged([*(line.at for line in across), *tops])[::-1]
    if len(columns) < 3 or len(rows) < 3 or len(columns) * len(rows) > CELLS:
        return
    yield Table(columns, rows, cells(columns, rows, across, down))


def merged(positions: Iterable[float]) -> list[float]:
    """Return sorted positions, those close together as one.

    >>> merged([10.0, 0.0, 10.5])
    [0.0, 10.0]
    """
    found: list[float] = []
    for position in sorted(positions):
        if not found or position - found[-1] > NEAR:
            found.append(position)
    return found


def cells(
    columns: Sequence[float], rows: Sequence[float], across: Sequence[Rule], down: Sequence[Rule]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each cell the first cell of the one that it is merged with."""
    upright = by_position(columns, down)
    level = by_position(rows[::-1], across)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(rows) - 1):
        middle = (rows[row] + rows[row + 1]) / 2
        for column in range(len(columns) - 1):
            center = (columns[column] + columns[column + 1]) / 2
            left, above = owner.get((row, column - 1)), owner.get((row - 1, column))
            if left and not crossed(upright[column], middle):
                owner[row, column] = left
            elif above and not crossed(level[len(rows) - 1 - row], center):
                owner[row, column] = above
            else:
                owner[row, column] = (row, column)
    return owner


def by_position(positions: Sequence[float], rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return for each position the lines that stand there."""
    found: list[list[Rule]] = [[] for _ in positions]
    for line in rules:
        place = bisect_right(positions, line.at + 0.01) - 1
        near = [n for n in (place, place + 1) if 0 <= n < len(positions)]
        found[min(near, key=lambda n: abs(positions[n] - line.at))].append(line)
    return found


def crossed(rules: Iterable[Rule], position: float) -> bool:
    """Return whether one of the lines runs past a position."""
    return any(line.low - 1.0 <= position <= line.high + 1.0 for line in rules)


def extent(table: Table) -> Box:
    """Return the box around a table."""
    return Box(table.columns[0], table.rows[-1], table.columns[-1], table.rows[0])
