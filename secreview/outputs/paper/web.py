"""A page as one self-contained HTML file that prints on A4."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from secreview.outputs.html import POLICY
from secreview.outputs.paper.page import Cell, Line, Look, Page, Table

STYLE = Path(__file__).with_name("paper.css")
TAGS = {Look.LABEL: "th", Look.HEAD: "th", Look.TITLE: "th"}


def html(page: Page, lang: str = "zh") -> str:
    """Return the page as HTML, without script and without anything from a network."""
    tables = "\n".join(line for table in page.tables for line in table_of(table))
    notes = "".join(f"<p>{told(note)}</p>" for note in page.notes)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{told(page.title)}</title>\n<style>\n{STYLE.read_text('utf-8')}</style>\n"
        f'</head>\n<body style="font-size:{page.points}pt">\n<main>\n'
        f"<h1>{told(page.title)}</h1>\n"
        f'<p class="lead">{told(page.lead)}</p>\n{tables}\n'
        f"<footer>{notes}</footer>\n</main>\n</body>\n</html>\n"
    )


def table_of(table: Table) -> Iterator[str]:
    """Yield the lines of a table."""
    total = sum(table.widths)
    yield "<table><colgroup>"
    yield "".join(f'<col style="width:{100 * width / total:.2f}%">' for width in table.widths)
    yield "</colgroup><tbody>"
    for line in table.lines:
        yield row_of(line)
    yield "</tbody></table>"


def row_of(line: Line) -> str:
    """Return one row."""
    height = f' style="height:{line.height}mm"' if line.height else ""
    return f"<tr{height}>{''.join(map(cell_of, line.cells))}</tr>"


def cell_of(cell: Cell) -> str:
    """Return one cell."""
    tag = TAGS.get(cell.look, "td")
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    down = f' rowspan="{cell.down}"' if cell.down > 1 else ""
    text = told(cell.text)
    if cell.look is Look.OPINION:
        text, _, last = text.rpartition("<br>")
        text += f'<div class="signed">{last}</div>'
    return f'<{tag} class="{cell.look}"{span}{down}>{text}</{tag}>'


def told(text: str) -> str:
    """Return text escaped, its line ends as breaks."""
    return escape(text).replace("\n", "<br>")
