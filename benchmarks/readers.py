"""Readers against those that a developer would pick instead, on real and built files.

Both sides read the same bytes in this process, in turn. Ours reads more: comments, deletions, hidden
text, properties, attachments. Needs the extra ``bench``.
"""

import io
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.measure import Row, at_least, at_most, interleaved
from secreview.api import Options, check
from secreview.formats import IN_PROCESS, read
from secreview.formats.protocol import Source

FIXTURES = Path(__file__).parent.parent.parent / "shared/fixtures"
ROUNDS = 5
PAGES, LINES, ROWS = 12, 30, 2_000
SENTENCE = "各科室要认真落实监测计划，按时报送数据，确保数据真实准确，不得迟报漏报。"
BROKEN = frozenset({"ExternalEntityInText.docx"})  # the others lose its text without a word


def readers() -> Iterator[Row]:
    """Measure each format against each other reader, and a whole check against the reading."""
    before = os.environ.get(IN_PROCESS)
    os.environ[IN_PROCESS] = "1"
    try:
        for kind, others in OTHERS.items():
            yield from compared(kind, others)
    finally:
        if before is None:
            del os.environ[IN_PROCESS]


def compared(kind: str, others: Mapping[str, Callable[[bytes], object]]) -> Iterator[Row]:
    """Yield how much faster than each other reader all files of a kind are read."""
    files = [*BUILT[kind](), *real(kind)]
    sources = [Source(f"a.{kind}", data=data) for data in files]
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: [read(source) for source in sources],
        "check": lambda: [check(data=data, name=f"a.{kind}", options=KEYED) for data in files],
    }
    for name, other in others.items():
        ways[name] = lambda other=other: [tolerant(other, data) for data in files]
    took = interleaved(ways, ROUNDS)
    for name in others:
        what = f"{name} / our reader, {len(files)} {kind} files"
        yield at_least("", what, took[name] / took["ours"], 1)
    limit = {"pdf": 1.5, "docx": 2.0}.get(kind)
    if limit:
        what = f"whole check / our reader alone, {kind}"
        yield at_most("", what, took["check"] / took["ours"], limit)


def tolerant(reader: Callable[[bytes], object], data: bytes) -> object:
    """Run another reader; where it fails on a real file it is not slower for that."""
    try:
        return reader(data)
    except Exception:
        return None


KEYED = Options(key=b"benchmark")


def real(kind: str) -> list[bytes]:
    """Return the real files of a kind, none where they are not present."""
    folder = FIXTURES / kind
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.read_bytes() for path in paths if path.name not in BROKEN]


def built_docx() -> list[bytes]:
    """Return a document of a dozen pages with a table."""
    from docx import Document

    document = Document()
    for _ in range(PAGES * LINES // 3):
        document.add_paragraph(SENTENCE)
    table = document.add_table(100, 5)
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            cell.text = f"{number}"
    stream = io.BytesIO()
    document.save(stream)
    return [stream.getvalue()]


def built_xlsx() -> list[bytes]:
    """Return a workbook of some thousand cells."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["站点", "细颗粒物", "臭氧", "说明"])
    for number in range(ROWS):
        book.active.append([f"站点{number}", number % 90, number % 160, SENTENCE])
    stream = io.BytesIO()
    book.save(stream)
    return [stream.getvalue()]


def built_pdf() -> list[bytes]:
    """Return a dozen pages of Chinese text."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for _ in range(PAGES):
        canvas.setFont("STSong-Light", 12)
        for line in range(LINES):
            canvas.drawString(60, 780 - 22 * line, SENTENCE)
        canvas.showPage()
    canvas.save()
    return [stream.getvalue()]


def built_html() -> list[bytes]:
    """Return a page with navigation, paragraphs and a table."""
    row = "<tr>" + "<td>31</td>" * 8 + "</tr>"
    body = f"<ul>{'<li><a href=x>栏目</a>' * 60}</ul>{f'<p>{SENTENCE}</p>' * 200}<table>{row * 100}</table>"
    return [f"<html><head><title>通知</title></head><body>{body}</body></html>".encode()] * 3


def by_python_docx(data: bytes) -> object:
    """Return the paragraphs and cells that python-docx gives."""
    from docx import Document

    document = Document(io.BytesIO(data))
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs], cells


def by_openpyxl(data: bytes) -> object:
    """Return the values that openpyxl gives."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    return [list(sheet.values) for sheet in book.worksheets]


def by_pdfplumber(data: bytes) -> object:
    """Return the text that pdfplumber gives."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_text() for page in document.pages]


def by_pypdf(data: bytes) -> object:
    """Return the text that pypdf gives."""
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def by_soup(data: bytes) -> object:
    """Return the text that BeautifulSoup gives."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(data, "html.parser").get_text()


BUILT: Mapping[str, Callable[[], list[bytes]]] = {
    "docx": built_docx, "xlsx": built_xlsx, "pdf": built_pdf, "html": built_html,
}  # fmt: skip
OTHERS: Mapping[str, Mapping[str, Callable[[bytes], object]]] = {
    "docx": {"python-docx": by_python_docx},
    "xlsx": {"openpyxl": by_openpyxl},
    "pdf": {"pdfplumber": by_pdfplumber, "pypdf": by_pypdf},
    "html": {"BeautifulSoup": by_soup},
}
