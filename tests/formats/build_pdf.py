"""PDF files for tests: pages written operator by operator, and Chinese ones by reportlab."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

Edit = Callable[[pikepdf.Pdf, Any], None]


def shown(text: str, x: float = 72, y: float = 700, state: str = "") -> str:
    """Return the operators that show a Latin text; ``state`` stands inside the text object."""
    return f"BT /F1 12 Tf {state} 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"


def pdf(*contents: str, edit: Edit | None = None, box: tuple[float, float] = (600, 800)) -> bytes:
    """Return a file with a page for each content; ``edit`` changes it before it is saved."""
    with pikepdf.Pdf.new() as document:
        font = document.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type1,
                BaseFont=Name.Helvetica,
                Encoding=Name.WinAnsiEncoding,
            )
        )
        for content in contents:
            document.add_blank_page(page_size=box)
            page = document.pages[-1].obj
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = document.make_stream(content.encode("latin-1"))
        if edit:
            edit(document, document.pages[0].obj)
        return saved(document)


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    """Return the bytes of a document."""
    target = io.BytesIO()
    document.save(target, deterministic_id="encryption" not in options, **options)
    return target.getvalue()


def edited(data: bytes, edit: Edit) -> bytes:
    """Return a file after a change to it."""
    with pikepdf.open(io.BytesIO(data)) as document:
        edit(document, document.pages[0].obj)
        return saved(document)


def form(document: pikepdf.Pdf, page: Any, content: str, **entries: Any) -> Any:
    """Return a form object that can use the fonts of a page."""
    made = document.make_stream(content.encode("latin-1"))
    made.Type, made.Subtype = Name.XObject, Name.Form
    made.BBox, made.Resources = Array([0, 0, 600, 800]), page.Resources
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def note(document: pikepdf.Pdf, page: Any, **entries: Any) -> Any:
    """Add an annotation to a page and return it."""
    entries = {"Type": Name.Annot, "Rect": Array([60, 690, 300, 715]), "F": 4} | entries
    made = document.make_indirect(Dictionary(**entries))
    page.Annots = Array([*page.get("/Annots", []), made])
    return made


def picture(document: pikepdf.Pdf, page: Any, name: str = "Im1") -> None:
    """Give a page a small grey picture by a name."""
    made = document.make_stream(bytes([200]) * 64)
    made.Type, made.Subtype, made.Width, made.Height = Name.XObject, Name.Image, 8, 8
    made.ColorSpace, made.BitsPerComponent = Name.DeviceGray, 8
    page.Resources.XObject = Dictionary({f"/{name}": made})


def chinese(*pages: str, draw: Callable[[Any], None] | None = None) -> bytes:
    """Return a file of Chinese pages in a font that is not in the file, lines by newlines."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.setAuthor("")
    canvas.setTitle("")
    canvas.setSubject("")
    canvas.setKeywords("")
    for nth, page in enumerate(pages):
        if nth:
            canvas.showPage()
        canvas.setFont("STSong-Light", 12)
        for number, line in enumerate(page.split("\n")):
            canvas.drawString(72, 760 - 20 * number, line)
    if draw:
        draw(canvas)
    canvas.save()
    return target.getvalue()


def table(rows: list[list[str]], widths: list[float], y: float = 700) -> Callable[[Any], None]:
    """Return what draws a ruled table; a cell may hold several lines."""

    def draw(canvas: Any) -> None:
        top = y
        canvas.setFont("STSong-Light", 10)
        for row in rows:
            height = 14 * max(cell.count("\n") + 1 for cell in row) + 6
            left = 72.0
            for cell, width in zip(row, widths, strict=True):
                canvas.rect(left, top - height, width, height)
                for number, line in enumerate(cell.split("\n")):
                    canvas.drawString(left + 3, top - 14 - 14 * number, line)
                left += width
            top -= height

    return draw


def revised(data: bytes, edit: Edit) -> bytes:
    """Return a file with a change appended to it, the earlier state kept in front."""
    with pikepdf.open(io.BytesIO(data)) as document:
        numbers = [item.objgen[0] for item in document.objects if hasattr(item, "objgen")]
        edit(document, document.pages[0].obj)
        size = max(numbers) + 50
        body, entries = b"\n", {}
        for item in document.objects:
            number = item.objgen[0] if hasattr(item, "objgen") else 0
            if not number or str(getattr(item, "get", dict)("/Type", "")) in ("/XRef", "/ObjStm"):
                continue
            entries[number] = len(data) + len(body)
            body += b"%d 0 obj\n%s\nendobj\n" % (number, written(item))
        root, previous = document.trailer.Root.objgen[0], data.rfind(b"startxref")
        start = len(data) + len(body)
        table = b"".join(
            b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in entries.items()
        )
        before = int(data[previous + 9 :].split()[0])
        trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size, root, before)
        return data + body + b"xref\n" + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def kept(document: pikepdf.Pdf) -> bytes:
    """Return a file with all its objects, those that nothing leads to as well."""
    body, places = b"%PDF-1.7\n", {}
    for item in document.objects:
        places[item.objgen[0]] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (item.objgen[0], written(item))
    table = b"".join(b"%d 1\n%010d 00000 n \n" % pair for pair in places.items())
    root, size = document.trailer.Root.objgen[0], max(places) + 1
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + b"xref\n" + table + trailer % (size, root, len(body))


def written(item: Any) -> bytes:
    """Return an object as it stands in a file."""
    if isinstance(item, pikepdf.Stream):
        raw = item.read_raw_bytes()
        head = re.sub(rb"/Length \d+", b"", item.stream_dict.unparse(resolved=True))
        head = head.rstrip().removesuffix(b">>") + b"/Length %d >>" % len(raw)
        return head + b"\nstream\n" + raw + b"\nendstream"
    return bytes(item.unparse(resolved=True))


def bomb(size: int) -> bytes:
    """Return zlib data that inflates to many blanks."""
    machine = zlib.compressobj(9)
    piece = b" " * (1 << 20)
    return b"".join(machine.compress(piece) for _ in range(size >> 20)) + machine.flush()
