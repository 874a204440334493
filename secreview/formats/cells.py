"""The cells of a sheet: rows of text with tabs, those that are hidden apart from the others."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from secreview.formats.titles import LOOK, Row, titles
from secreview.model import Grid, Part, PartKind, Step, Unit

SPARSE = 16  # empty cells that a row may be filled up with


@dataclass(slots=True)
class Rows:
    """Cells gathered as text of rows and tabs, with what a Grid needs to find them again."""

    chunks: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("Q"))
    numbers: array[int] = field(default_factory=lambda: array("Q"))
    columns: dict[int, Sequence[int]] = field(default_factory=dict)
    length: int = 0

    def add(self, number: int, row: Row) -> None:
        """Add a row of (column, text) cells in rising order of column."""
        index = len(self.starts)
        if row[-1][0] - len(row) > SPARSE:
            self.columns[index] = tuple(column for column, _ in row)
            text = "\t".join(text for _, text in row)
        else:
            texts = [""] * row[-1][0]
            for column, value in row:
                texts[column - 1] = value
            text = "\t".join(texts)
        self.starts.append(self.length)
        self.numbers.append(number)
        self.chunks.append(text)
        self.length += len(text) + 1

    def parts(
        self, part_id: str, kind: PartKind, name: str, heading: Sequence[Row]
    ) -> Iterator[Part]:
        """Yield the cells as a part whose places know the titles of ``heading``."""
        if not self.chunks:
            return
        found = titles(heading)
        text = "\n".join(self.chunks)
        grid = Grid(
            text,
            self.starts,
            self.numbers,
            (Step(Unit.SHEET, name),),
            dict(found.columns),
            self.columns,
            row_titles=found.has_row_titles and not found.is_form,
            cells=True,
        )
        yield Part(part_id, kind, text, grid)


@dataclass(slots=True)
class Cells:
    """The cells of a sheet as they come, row by row."""

    shown: Rows = field(default_factory=Rows)
    hidden: Rows = field(default_factory=Rows)
    first: list[Row] = field(default_factory=list)  # hidden cells included: titles are among them

    def add(self, number: int, shown: Mapping[int, str], hidden: Mapping[int, str]) -> None:
        """Add a row by its number: the texts of its cells by column."""
        if len(self.first) < LOOK and (shown or hidden):
            self.first.append(sorted({**shown, **hidden}.items()))
        if shown:
            self.shown.add(number, sorted(shown.items()))
        if hidden:
            self.hidden.add(number, sorted(hidden.items()))

    def parts(self, name: str, kind: PartKind) -> Iterator[Part]:
        """Yield the cells of a sheet of that name and kind: shown ones, then hidden ones."""
        away = PartKind.HIDDEN_CELLS if kind is PartKind.SHEET else kind
        yield from self.shown.parts(name, kind, name, self.first)
        yield from self.hidden.parts(f"{name}/hidden", away, name, self.first)
