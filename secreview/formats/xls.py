"""Excel 97–2003 workbooks: sheets with titles, hidden sheets, rows and columns, comments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from secreview.errors import Damaged, Encrypted
from secreview.formats.cells import Cells
from secreview.formats.lines import Lines
from secreview.formats.ole import Compound
from secreview.formats.xlsx_sheet import plain_number
from secreview.model import Part, PartKind, Place, Step, Unit, Why, column_letters

SILENT = io.StringIO  # xlrd writes its complaints to a stream
EMPTY, TEXT, NUMBER, DATE, BOOLEAN, ERROR = 0, 1, 2, 3, 4, 5


def parts(compound: Compound, data: bytes) -> Iterator[Part]:
    """Yield the parts of a workbook; raise Encrypted or Damaged when it cannot be read."""
    import xlrd

    for stream in ("Workbook", "Book"):
        compound.read(stream)
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=SILENT()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Encrypted("workbook with a password") from None
        raise Damaged(f"workbook: {type(error).__name__}") from None
    except (AssertionError, IndexError, KeyError, ValueError, OverflowError, OSError) as error:
        raise Damaged(f"workbook: {type(error).__name__}") from None
    names = Lines("names", PartKind.FIELD)
    for item in book.name_obj_list:
        if not item.builtin:
            names.add(item.name, Place((Step(Unit.ELEMENT, "name"),)))
    for sheet in book.sheets():
        try:
            yield from sheet_parts(book, sheet)
        except Exception as error:  # one sheet must not hide the others
            compound.gap(f"Workbook/{sheet.name}", Why.CRASHED, type(error).__name__)
    yield from names.parts()


def sheet_parts(book: Any, sheet: Any) -> Iterator[Part]:
    """Yield the cells, hidden cells, comments and links of a sheet."""
    kind = PartKind.HIDDEN_SHEET if sheet.visibility else PartKind.SHEET
    away = {
        column for column, info in sheet.colinfo_map.items() if info.hidden or (info.width == 0)
    }
    cells = Cells()
    for index in range(sheet.nrows):
        info = sheet.rowinfo_map.get(index)
        is_away = info is not None and bool(info.hidden or info.height == 0)
        seen: dict[int, str] = {}
        unseen: dict[int, str] = {}
        for column, cell in enumerate(sheet.row(index)):
            text = shown_value(book, cell)
            if text:
                (unseen if is_away or column in away else seen)[column + 1] = text
        cells.add(index + 1, seen, unseen)
    yield from cells.parts(sheet.name, kind)
    comments = Lines(f"{sheet.name}/comments", PartKind.COMMENT)
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        place = Place(
            (
                Step(Unit.SHEET, sheet.name),
                Step(Unit.CELL, f"{column_letters(column + 1)}{row + 1}"),
            )
        )
        comments.add(f"{note.author}: {note.text}" if note.author else note.text, place)
    yield from comments.parts()
    links = Lines(f"{sheet.name}/links", PartKind.LINK)
    for link in sheet.hyperlink_list:
        for text in (link.url_or_path, link.desc, link.quicktip, link.textmark):
            if isinstance(text, bytes):
                text = text.decode("utf-8", "replace")
            links.add(text or "", Place((Step(Unit.SHEET, sheet.name),)))
    yield from links.parts()


def shown_value(book: Any, cell: Any) -> str:
    """Return what a cell shows, on one line."""
    import xlrd

    if cell.ctype == TEXT:
        return " ".join(str(cell.value).split())
    if cell.ctype == NUMBER:
        return plain_number(repr(cell.value))
    if cell.ctype == DATE:
        try:
            moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return plain_number(repr(cell.value))
        has_time = moment.time().isoformat() != "00:00:00"
        return str(moment.strftime("%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d"))
    if cell.ctype == BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return ""
