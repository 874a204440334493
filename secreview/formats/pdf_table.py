"""A ruled table as text: rows by newlines, cells by tabs, each cell with its titles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from secreview.formats.lines import Lines
from secreview.formats.pdf_grid import Table
from secreview.formats.titles import Row, Titles, is_heading, titles
from secreview.model import Place, Step, Unit

Cell = tuple[int, int]  # row and column from 0

FULL = 1.2  # letters that still fit behind a line which ends for want of room
PADDING = 6.0  # points between text and border
LONGEST = 20
WHOLE = frozenset({11, 15, 16, 17, 18, 19})  # digits of telephones, identity numbers and cards
DIGITS_LAST = re.compile(r"[0-9]+\Z")
DIGITS_FIRST = re.compile(r"[0-9]+[Xx]?")


@dataclass(slots=True)
class Filled:
    """A table with the characters of its cells, by their number on the page, and their middles."""

    table: Table
    points: Mapping[int, tuple[float, float]]
    chars: dict[Cell, list[int]] = field(default_factory=dict)

    def texts(self, chars: Sequence[str]) -> dict[Cell, str]:
        """Return the text of each cell; what stands on several lines keeps them."""
        borders = self.borders()
        return {
            cell: "".join(self.pieces(numbers, chars, borders[cell]))
            for cell, numbers in self.chars.items()
        }

    def borders(self) -> dict[Cell, float]:
        """Return the right border of each (merged) cell."""
        found: dict[Cell, float] = {}
        for (_, column), cell in self.table.owner.items():
            found[cell] = max(found.get(cell, 0.0), self.table.columns[column + 1])
        return found

    def pieces(self, numbers: Sequence[int], chars: Sequence[str], border: float) -> Iterator[str]:
        """Yield the characters of a cell with the blanks and line ends between them."""
        last = before = -1
        line = ""
        for nth in numbers:
            between = "".join(chars[last + 1 : nth]) if last >= 0 else ""
            if not between:
                line += chars[nth]
            elif "\n" not in between and not between.strip():
                yield " "
                line = chars[nth]
            else:
                room = border - self.points[last][0]
                step = abs(self.points[last][0] - self.points[before][0]) if before >= 0 else 0.0
                run = following(numbers, chars, nth)
                if not goes_on(line, run, is_full=room < step * FULL + PADDING):
                    yield "\n"
                line = chars[nth]
            yield chars[nth]
            before, last = last, nth


def following(numbers: Sequence[int], chars: Sequence[str], start: int) -> str:
    """Return the letters of a cell from one on that stand together on the page."""
    text = ""
    for nth in numbers[bisect_left(numbers, start) :][:LONGEST]:
        if nth != start + len(text):
            break
        text += chars[nth][:1]
    return text


def goes_on(line: str, following: str, *, is_full: bool) -> bool:
    """Return whether a word or number runs over the end of a line within a cell.

    >>> goes_on("5226011985", "03121015", is_full=False), goes_on("13812345678", "1", is_full=True)
    (True, False)
    """
    head, tail = DIGITS_LAST.search(line), DIGITS_FIRST.match(following)
    if head and tail:
        sizes = len(head.group()), len(tail.group())
        return sizes[0] not in WHOLE and sum(sizes) in WHOLE
    return is_full and line[-1:].isalnum() and following[:1].isalnum()


@dataclass(slots=True)
class Carried:
    """What a table leaves to one that goes on with it: its columns, titles, and cells' places."""

    columns: Sequence[float] = ()
    titles: Titles = field(default_factory=Titles)
    heading: Row = ()
    places: dict[Cell, Place] = field(default_factory=dict)


def filled(found: Sequence[Table], points: Mapping[int, tuple[float, float]]) -> list[Filled]:
    """Return the tables that hold text in two cells or more, with the characters of each cell.

    ``points`` gives the middle of each character that is not blank.
    """
    places = [Filled(table, points) for table in found]
    for nth, point in points.items():
        for place in places:
            cell = place.table.cell(point)
            if cell is not None:
                place.chars.setdefault(cell, []).append(nth)
                break
    return [place for place in places if len(place.chars) > 1]


def tell(
    place: Filled, chars: Sequence[str], lines: Lines, base: tuple[Step, ...], carried: Carried
) -> Carried:
    """Write a table into a part, row by row, and return what it leaves to the next one."""
    texts = place.texts(chars)
    columns = len(place.table.columns) - 1
    rows = [whole_row(place.table, texts, row, columns) for row in range(len(place.table.rows) - 1)]
    rows_of_text = [row for row in rows if row]
    goes_on = same_columns(carried.columns, place.table.columns)
    found = continued(carried, rows_of_text) if goes_on else titles(rows_of_text)
    page = next((int(step.value) for step in base if step.unit is Unit.PAGE), None)
    places: dict[Cell, Place] = {}
    index = -1
    for number, row in enumerate(rows):
        if not row:
            continue
        index += 1
        own = [column for column in range(columns) if (number, column) in texts]
        for place_in_row, column in enumerate(own):
            nth = next((n for n, (c, _) in enumerate(row) if c == column + 1), 0)
            headers = found.of(index, row, nth)
            steps = (*base, Step(Unit.ROW, number + 1), Step(Unit.COLUMN, column + 1))
            places[number, column] = Place(steps, page, headers)
            lines.mark(places[number, column])
            lines.raw(texts[number, column] + ("\n" if place_in_row == len(own) - 1 else "\t"))
    heading = carried.heading if goes_on else (rows_of_text[0] if found.last >= 0 else ())
    return Carried(place.table.columns, found, heading, places)


def whole_row(
    table: Table, texts: Mapping[Cell, str], row: int, columns: int
) -> list[tuple[int, str]]:
    """Return the cells of a row, those that reach into it from above or the left included."""
    found: list[tuple[int, str]] = []
    seen: set[Cell] = set()
    for column in range(columns):
        cell = table.owner.get((row, column))
        if cell is not None and cell not in seen:
            seen.add(cell)
            if cell in texts:
                found.append((column + 1, texts[cell]))
    return found


def same_columns(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether two tables have their columns in the same places."""
    return len(one) == len(other) and all(
        abs(a - b) <= 3.0 for a, b in zip(one, other, strict=True)
    )


def continued(carried: Carried, rows: Sequence[Row]) -> Titles:
    """Return the titles of a table that goes on with an earlier one."""
    own = titles(rows)
    if own.is_form or not carried.titles.columns:
        return own
    repeated = bool(rows) and [t for _, t in rows[0]] == [t for _, t in carried.heading]
    if repeated and is_heading(rows[0]):
        return own
    return Titles(carried.titles.columns, -1, carried.titles.has_row_titles)
