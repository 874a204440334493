"""A page as a Word document (DOCX) on A4."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from secreview.errors import UsageError
from secreview.outputs.paper.page import Cell, Look, Page, Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

BODY, HEADING = ("宋体", "Times New Roman"), ("黑体", "Arial")
TITLE_POINTS, TEXT_POINTS, NOTE_POINTS = 18, 10, 7.5
MARGIN_MM, TOP_MM, WIDTH_MM = 16, 12, 178
UNWANTED = ("/thumbnail", "/extended-properties")  # of the template, not of this document
DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the file says nothing about when it was made


def docx(page: Page) -> bytes:
    """Return the page as a DOCX; raise UsageError when python-docx is not installed."""
    try:
        import docx as office
    except ImportError as error:
        raise UsageError("DOCX needs python-docx: install secreview[forms]") from error
    document = office.Document()
    prepare(document)
    centred = document.add_paragraph()
    write(centred, page.title, TITLE_POINTS, HEADING, bold=True)
    align(centred, "CENTER")
    lead = document.add_paragraph()
    write(lead, page.lead, TEXT_POINTS, BODY)
    align(lead, "RIGHT")
    for number, table in enumerate(page.tables):
        if number:
            write(document.add_paragraph(), "", NOTE_POINTS, BODY)
        add_table(document, table, page.points)
    for note in page.notes:
        write(document.add_paragraph(), note, NOTE_POINTS, BODY)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def prepare(document: Document) -> None:
    """Set the paper, and leave out what tells of a program, a person or a template."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(TOP_MM)
    section.header_distance = section.footer_distance = Mm(6)
    plain = document.styles["Normal"].paragraph_format
    plain.space_before = plain.space_after = Pt(1)
    core = document.core_properties
    core.author = core.comments = core.title = core.keywords = core.last_modified_by = ""
    core.created = core.modified = DAY
    package = document.part.package
    for name, link in list(package.rels.items()):
        if link.reltype.endswith(UNWANTED):
            del package.rels[name]


def add_table(document: Document, table: Table, points: float) -> None:
    """Add a table with borders, its columns fixed."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    made = document.add_table(rows=len(table.lines), cols=len(table.widths))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    shares = [width * WIDTH_MM / sum(table.widths) for width in table.widths]
    for column, share in zip(made.columns, shares, strict=True):
        column.width = Mm(share)
    grid: list[list[Any]] = [list(row.cells) for row in made.rows]
    for number, (line, cells) in enumerate(zip(table.lines, table.placed(), strict=True)):
        if line.height:
            made.rows[number].height = Mm(line.height)
            made.rows[number].height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        for start, cell in cells:
            box = grid[number][start]
            if cell.span > 1 or cell.down > 1:
                box = box.merge(grid[number + cell.down - 1][start + cell.span - 1])
            box.width = Mm(sum(shares[start : start + cell.span]))
            fill(box, cell, points)


def fill(box: Any, cell: Cell, points: float) -> None:
    """Write the text of a cell, one paragraph for each line."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    is_title = cell.look is Look.TITLE
    paragraph = box.paragraphs[0]
    for number, text in enumerate(cell.text.split("\n")):
        paragraph = box.add_paragraph() if number else paragraph
        write(paragraph, text, points, HEADING if is_title else BODY, bold=is_title)
        match cell.look:
            case Look.LABEL | Look.HEAD:
                align(paragraph, "CENTER")
            case Look.NUMBER:
                align(paragraph, "RIGHT")
    if cell.look is Look.OPINION:
        align(paragraph, "RIGHT")


def write(
    paragraph: Paragraph, text: str, points: float, fonts: tuple[str, str], *, bold: bool = False
) -> None:
    """Write a run in a size, its Chinese and its Latin characters each in their font."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.bold = bold
    run.font.size = Pt(points)
    chinese, latin = fonts
    run.font.name = latin
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), chinese)


def align(paragraph: Paragraph, name: str) -> None:
    """Align a paragraph: LEFT, CENTER or RIGHT."""
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT

    paragraph.alignment = WD_PARAGRAPH_ALIGNMENT[name]
