"""A page as separated values for a spreadsheet, or as lines for a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from secreview.outputs.paper.page import Page, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def separated(page: Page) -> str:
    """Return the tables as CSV with a byte order mark, so that spreadsheets read the characters."""
    return csv_of([row for table in page.tables for row in expanded(table)])


def csv_of(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as CSV; nothing in them is taken for a formula."""
    target = io.StringIO()
    target.write("\ufeff")
    writer = csv.writer(target, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless_cell(text) for text in row])
    return target.getvalue()


def harmless_cell(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute.

    >>> harmless_cell("=1+1"), harmless_cell("-516")
    ("'=1+1", '-516')
    """
    if text.startswith(FORMULA) and not text.removeprefix("-").replace(".", "").isdigit():
        return f"'{text}"
    return text


def expanded(table: Table) -> Iterator[list[str]]:
    """Yield the texts of each row, empty ones for further columns and rows that a cell spans."""
    for row in table.placed():
        texts = [""] * len(table.widths)
        for start, cell in row:
            texts[start] = cell.text
        yield texts


def text(page: Page) -> str:
    """Return the page as lines: cells side by side, in the order of print."""
    lines = [page.title, page.lead, ""]
    for table in page.tables:
        for line in table.lines:
            cells = [" ".join(cell.text.split()) for cell in line.cells]
            lines.append("  ".join(cell for cell in cells if cell))
        lines.append("")
    return "\n".join((*lines, *page.notes, ""))
