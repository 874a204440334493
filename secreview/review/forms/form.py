"""A statistics form: blocks of lines and columns, checks that its numbers have to pass."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from secreview.errors import UsageError
from secreview.model import Bilingual
from secreview.review.forms.formula import Formula, formula_of

FOLDER = Path(__file__).parent
SHIPPED: Mapping[str, str] = {
    "2018": "stat-2018.toml",
    "2019": "annual-2019.toml",
    "2021": "annual-2021.toml",
}

Values = Mapping[str, Decimal | None]


class Kind(StrEnum):
    """What numbers a column takes."""

    COUNT = "count"  # 0, 1, 2, …
    SIGNED = "signed"  # 增减
    AMOUNT = "amount"  # 万元


class Layout(StrEnum):
    """How a block stands on paper."""

    LINES = "lines"  # one line of the form is one row
    STRIP = "strip"  # all lines side by side in one row of numbers


class Each(StrEnum):
    """What a check is repeated for."""

    ONCE = ""
    COLUMNS = "columns"
    LINES = "lines"


class Saying(StrEnum):
    """How the text of a report is compared with its form."""

    EQUALS = "equals"  # the number in the text is that of the line
    NAMED = "named"  # what the text describes is not counted as zero
    ONCE = "once"  # one number that is named twice is the same
    WHOLE = "whole"  # the items listed after 其中 add up


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers; ``under`` is the title it shares with its neighbours."""

    id: str
    zh: str
    kind: Kind = Kind.COUNT
    under: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its printed label, unit, the line it adds up to, what records know of it.

    ``under`` holds the titles printed above or before it, the widest first; ``sources`` maps a
    column to the count of records that fills it.
    """

    id: str
    zh: str
    unit: str = ""
    of: str = ""
    under: tuple[str, ...] = ()
    heading: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines with the same columns."""

    id: str
    lines: tuple[Line, ...]
    columns: tuple[Column, ...]
    title: str = ""
    note: str = ""
    under: str = ""
    layout: Layout = Layout.LINES
    anchor: str = ""
    source: str = ""

    def cell(self, line: str, column: str) -> str:
        """Return the name of one number: that of its line, and the column where there are more."""
        return line if len(self.columns) == 1 else f"{line}.{column}"

    @property
    def counted(self) -> tuple[Line, ...]:
        """Return the lines that hold numbers."""
        return tuple(line for line in self.lines if not line.heading)

    def cells(self) -> Iterator[tuple[str, Line, Column]]:
        """Yield every number of the block, line by line."""
        for line in self.counted:
            for column in self.columns:
                yield self.cell(line.id, column.id), line, column


@dataclass(frozen=True, slots=True)
class Check:
    """Something that has to hold; ``is_hard`` is arithmetic, the rest are doubts."""

    id: str
    rule: Formula
    title: Bilingual
    is_hard: bool
    block: str
    each: Each


@dataclass(frozen=True, slots=True)
class Said:
    """A comparison of the text of a report with its form, or with itself."""

    id: str
    kind: Saying
    title: Bilingual
    cell: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A statistics form as printed, with its checks."""

    id: str
    title: Bilingual
    basis: str
    blocks: tuple[Block, ...]
    checks: tuple[Check, ...]
    said: tuple[Said, ...]
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def cells(self) -> Iterator[tuple[str, Block, Line, Column]]:
        """Yield every number of the form in the order of print."""
        for block in self.blocks:
            for name, line, column in block.cells():
                yield name, block, line, column

    def block(self, name: str) -> Block:
        """Return a block by its id; the first one for an empty name."""
        return next(block for block in self.blocks if name in ("", block.id))


def plain(label: str) -> str:
    """Return a label without what people write differently: width, spaces, punctuation.

    >>> plain("（一） 予以公开") == plain("(一)予以公开")
    True
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", label)).removeprefix("其中")


@lru_cache(maxsize=8)
def form_named(name: str) -> Form:
    """Return a form that ships with secreview; raise UsageError naming those there are."""
    if name not in SHIPPED:
        raise UsageError(f"no statistics form {name!r}; there are: {', '.join(SHIPPED)}")
    return form_of(tomllib.loads((FOLDER / SHIPPED[name]).read_text("utf-8")))


def form_of(table: Mapping[str, Any]) -> Form:
    """Return the form that a table describes; raise UsageError naming what does not fit."""
    try:
        form = Form(
            id=table["id"],
            title=Bilingual(table["title"]["zh"], table["title"]["en"]),
            basis=table.get("basis", ""),
            blocks=tuple(block_of(row) for row in table["block"]),
            checks=tuple(check_of(row) for row in table.get("check", ())),
            said=tuple(said_of(row) for row in table.get("said", ())),
            header=tuple(table.get("header", ())),
            notes=tuple(table.get("notes", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"the statistics form does not hold together: {error}") from error
    for fault in faults(form):
        raise UsageError(f"statistics form {form.id}: {fault}")
    return form


def block_of(row: Mapping[str, Any]) -> Block:
    """Return the block that a table describes."""
    columns = tuple(
        Column(c["id"], c["zh"], Kind(c.get("kind", "count")), c.get("under", ""))
        for c in row["columns"]
    )
    return Block(
        id=row["id"],
        lines=tuple(line_of(line, columns) for line in row["lines"]),
        columns=columns,
        title=row.get("title", ""),
        note=row.get("note", ""),
        under=row.get("under", ""),
        layout=Layout(row.get("layout", "lines")),
        anchor=row.get("anchor", ""),
        source=row.get("from", ""),
    )


def line_of(row: Mapping[str, Any], columns: Sequence[Column]) -> Line:
    """Return the line that a table describes."""
    given = row.get("from", {})
    sources = {columns[0].id: given} if isinstance(given, str) else dict(given)
    return Line(
        id=row["id"],
        zh=row["zh"],
        unit=row.get("unit", ""),
        of=row.get("of", ""),
        under=tuple(row.get("under", ())),
        heading=row.get("heading", False),
        sources=sources,
    )


def check_of(row: Mapping[str, Any]) -> Check:
    """Return the check that a table describes."""
    return Check(
        id=row["id"],
        rule=formula_of(row["rule"]),
        title=Bilingual(row["title"]["zh"], row["title"]["en"]),
        is_hard=row.get("hard", False),
        block=row.get("block", ""),
        each=Each(row.get("each", "")),
    )


def said_of(row: Mapping[str, Any]) -> Said:
    """Return the comparison with the text that a table describes."""
    return Said(
        id=row["id"],
        kind=Saying(row["kind"]),
        title=Bilingual(row["title"]["zh"], row["title"]["en"]),
        cell=row.get("line", ""),
        pattern=row.get("pattern", ""),
    )


def faults(form: Form) -> Iterator[str]:
    """Yield what a form names without having it, or has twice."""
    cells = [name for name, *_ in form.cells()]
    lines = [line.id for block in form.blocks for line in block.lines]
    for name in {name for name in lines if lines.count(name) > 1}:
        yield f"line {name} stands there twice"
    for block in form.blocks:
        for line in block.lines:
            if line.of and line.of not in lines:
                yield f"line {line.id} adds up to {line.of}, which is not there"
    for check in form.checks:
        if check.block and check.block not in {block.id for block in form.blocks}:
            yield f"check {check.id} is about block {check.block}, which is not there"
            continue
        for name in sorted(set(check.rule.names) - names_for(form, check)):
            yield f"check {check.id} speaks of {name}, which is not there"
    for said in form.said:
        if said.cell and said.cell not in cells:
            yield f"comparison {said.id} is with {said.cell}, which is not there"


def names_for(form: Form, check: Check) -> frozenset[str]:
    """Return the names that the rule of a check may use."""
    block = form.block(check.block)
    if check.each is Each.LINES:
        return frozenset(column.id for column in block.columns)
    if check.each is Each.COLUMNS:
        return frozenset(line.id for line in block.lines)
    return frozenset(line.id for b in form.blocks if len(b.columns) == 1 for line in b.lines)
