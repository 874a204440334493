"""Real documents for tests and samples: built with office libraries, then opened up by hand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.comments import Comment
from stdnum.iso7064 import mod_11_2

FIXED = datetime(2026, 1, 5, 9, 0, 0)
STAMP = (2026, 1, 5, 9, 0, 0)


def resident_id(region: str, birth: str, sequence: str) -> str:
    """Return an invented identity number with a valid check digit."""
    body = region + birth + sequence
    return body + str(mod_11_2.calc_check_digit(body))


def repacked(data: bytes, change: Mapping[str, Callable[[str], str] | str]) -> bytes:
    """Return a zip with members changed or added, and fixed dates."""
    source = zipfile.ZipFile(io.BytesIO(data))
    target = io.BytesIO()
    names = source.namelist()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in (*names, *(n for n in change if n not in names)):
            body = source.read(name) if name in names else b""
            edit = change.get(name)
            if edit is not None:
                body = (edit if isinstance(edit, str) else edit(body.decode("utf-8"))).encode()
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-05T09:00:00Z", body)
            out.writestr(zipfile.ZipInfo(name, STAMP), body, zipfile.ZIP_DEFLATED)
    return target.getvalue()


NOTE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def notes_xml(kind: str, text: str) -> str:
    """Return a footnotes or endnotes part with one note."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{kind}s {WORD}><w:{kind} w:id="2"><w:p><w:r>'
        f"<w:t>{text}</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
    )


def word(body: str, **places: str) -> bytes:
    """Return a Word document; ``places`` puts text where it is not seen at once.

    Keys: header, footer, footnote, endnote, comment, inserted, deleted, hidden, textbox, keywords,
    and table (rows by newlines, cells by tabs).
    """
    document = Document()
    core = document.core_properties
    core.author, core.created, core.modified = "", FIXED, FIXED
    core.comments, core.title = "", ""
    core.keywords = places.get("keywords", "")
    for line in body.split("\n"):
        document.add_paragraph(line)
    if "table" in places:
        rows = [row.split("\t") for row in places["table"].split("\n")]
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    if "header" in places:
        document.sections[0].header.paragraphs[0].text = places["header"]
    if "footer" in places:
        document.sections[0].footer.paragraphs[0].text = places["footer"]
    for key in ("inserted", "deleted", "hidden", "textbox"):
        if key in places:
            document.element.body.insert(0, parse_xml(paragraph(key, places[key])))
    if "comment" in places:
        run = document.paragraphs[0].add_run(" ")
        document.add_comment(run, text=places["comment"], author="甲", initials="甲")
    data = io.BytesIO()
    document.save(data)
    change: dict[str, Callable[[str], str] | str] = {}
    for kind in ("footnote", "endnote"):
        if kind in places:
            name = f"word/{kind}s.xml"
            change[name] = notes_xml(kind, places[kind])
    if any(f"word/{k}s.xml" in change for k in ("footnote", "endnote")):
        change["[Content_Types].xml"] = lambda text: text.replace(
            "</Types>",
            "".join(
                f'<Override PartName="/word/{k}s.xml" ContentType="application/vnd.openxmlformats-'
                f'officedocument.wordprocessingml.{k}s+xml"/>'
                for k in ("footnote", "endnote")
                if k in places
            )
            + "</Types>",
        )
        change["word/_rels/document.xml.rels"] = lambda text: text.replace(
            "</Relationships>",
            "".join(
                f'<Relationship Id="rIdN{k}" Type="{NOTE}/{k}s" Target="{k}s.xml"/>'
                for k in ("footnote", "endnote")
                if k in places
            )
            + "</Relationships>",
        )
    drop = {"docProps/thumbnail.jpeg"}
    return without(repacked(data.getvalue(), change), drop)


def without(data: bytes, names: set[str]) -> bytes:
    """Return a zip without some members and the relationships to them."""
    source = zipfile.ZipFile(io.BytesIO(data))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name in names:
                continue
            body = source.read(name)
            if name == "_rels/.rels":
                body = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", body)
            out.writestr(zipfile.ZipInfo(name, STAMP), body, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def paragraph(kind: str, text: str) -> str:
    """Return the XML of a paragraph that hides a text in one way."""
    head = f"<w:p {nsdecls('w')}>"
    who = 'w:id="9" w:author="甲" w:date="2026-01-05T09:00:00Z"'
    match kind:
        case "inserted":
            return f"{head}<w:ins {who}><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>"
        case "deleted":
            return f"{head}<w:del {who}><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>"
        case "hidden":
            return f"{head}<w:r><w:rPr><w:vanish/></w:rPr><w:t>{text}</w:t></w:r></w:p>"
        case _:
            box = (
                '<w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="box" '
                'style="width:200pt;height:30pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>'
                f"{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
            )
            return f"{head}<w:r>{box}</w:r></w:p>"


def workbook(
    rows: list[list[str | int]],
    *,
    hidden: list[list[str | int]] | None = None,
    very_hidden: list[list[str | int]] | None = None,
    **places: str,
) -> bytes:
    """Return a workbook; keys of ``places``: comment, header, keywords, hidden_row, hidden_column.

    ``hidden_row`` and ``hidden_column`` name the row or column to hide.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "名单"
    for row in rows:
        sheet.append(row)
    for title, content, state in (("附页", hidden, "hidden"), ("核对", very_hidden, "veryHidden")):
        if content:
            other = book.create_sheet(title)
            for row in content:
                other.append(row)
            other.sheet_state = state
    if "comment" in places:
        sheet["B2"].comment = Comment(places["comment"], "甲")
    if "header" in places:
        sheet.oddHeader.center.text = places["header"]
    if "hidden_row" in places:
        sheet.row_dimensions[int(places["hidden_row"])].hidden = True
    if "hidden_column" in places:
        sheet.column_dimensions[places["hidden_column"]].hidden = True
    book.properties.creator = ""
    book.properties.keywords = places.get("keywords", "")
    book.properties.created = book.properties.modified = FIXED
    data = io.BytesIO()
    book.save(data)
    return repacked(data.getvalue(), {})
