"""``python -m benchmarks.readers``: readers against those that a developer would pick instead.

Both sides read the same bytes in this process, in turn. Ours reads more: comments, deletions, hidden
text, properties, attachments; the letters that each gives stand beside its time. Text in pictures is
left out, which the others do not recognise. Prints a row for each file and fails when a goal is
missed. Needs the extra ``bench``.
"""

import io
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Row, at_least, at_most, interleaved
from secreview.api import Options, check
from secreview.errors import ReadError
from secreview.formats import IN_PROCESS, read
from secreview.formats.protocol import Limits, Source

SHARED = Path(__file__).parent.parent.parent / "shared/fixtures"
FIXTURES = Path(os.environ.get("SECREVIEW_FIXTURES", SHARED))
ROUNDS = 5
PAGES, LINES, ROWS = 12, 30, 2_000
SENTENCE = "各科室要认真落实监测计划，按时报送数据，确保数据真实准确，不得迟报漏报。"
BROKEN = frozenset({"ExternalEntityInText.docx"})  # the others lose its text without a word
OURS, CHECK = "secreview", "check"
WHOLE_CHECK = {"pdf": 1.5, "docx": 2.0}  # times the reading alone
LIMITS = Limits(pictures=0)
KEYED = Options(key=b"benchmark", limits=LIMITS)


class Timed(NamedTuple):
    """What each way took for one file, in seconds, and how many letters it gave."""

    kind: str
    name: str
    seconds: Mapping[str, float]
    letters: Mapping[str, int]

    def line(self) -> str:
        """Return the file as a line of a table; times in milliseconds, then ours to theirs."""
        cells = [f"{self.kind:<5}{self.name[:34]:<35}"]
        for way, seconds in self.seconds.items():
            letters = f"/{self.letters[way]:,}" if way in self.letters else ""
            cells.append(f"{way} {seconds * 1000:.1f}{letters}".ljust(27))
        others = (way for way in self.seconds if way not in (OURS, CHECK))
        return "".join(cells) + " ".join(
            f"x{self.seconds[way] / self.seconds[OURS]:.2f}" for way in others
        )


def main() -> int:
    """Print a line for each file and a row for each goal; return 1 when one is missed."""
    rows: list[Row] = []
    print("milliseconds/letters of each reader, and how much faster ours is")
    for files in measured():
        for file in files:
            print(file.line(), flush=True)
        rows += goals(files)
    print(*(row.line() for row in rows), sep="\n")
    return 1 if any(not row.is_met for row in rows) else 0


def readers() -> Iterator[Row]:
    """Measure each format against each other reader, and a whole check against the reading."""
    for files in measured():
        yield from goals(files)


def measured() -> Iterator[list[Timed]]:
    """Yield the files of each kind with what each way took, all in this process."""
    before = os.environ.get(IN_PROCESS)
    os.environ[IN_PROCESS] = "1"
    logging.disable(logging.CRITICAL)  # of the other readers, about the faults they meet
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for kind in OTHERS:
                files = [("built", data) for data in BUILT[kind]()[:1]] + list(real(kind))
                yield [timed(kind, name, data) for name, data in files]
    finally:
        logging.disable(logging.NOTSET)
        if before is None:
            del os.environ[IN_PROCESS]


def timed(kind: str, name: str, data: bytes) -> Timed:
    """Return what each way takes for one file."""
    source = Source(f"a.{kind}", data=data)
    ways: dict[str, Callable[[], object]] = {OURS: lambda: ours(source)}
    for way, other in OTHERS[kind].items():
        ways[way] = lambda other=other: tolerant(other, data)
    letters = {way: said(call()) for way, call in ways.items()}
    if kind in WHOLE_CHECK:
        ways[CHECK] = lambda: tolerant(checked, source)
    return Timed(kind, name, interleaved(ways, ROUNDS), letters)


def goals(files: list[Timed]) -> Iterator[Row]:
    """Yield how much faster than each other reader all files of a kind are read."""
    kind = files[0].kind
    took = {way: sum(file.seconds[way] for file in files) for way in files[0].seconds}
    for way in OTHERS[kind]:
        what = f"{way} / our reader, {len(files)} {kind} files"
        yield at_least("", what, took[way] / took[OURS], 1)
    if kind in WHOLE_CHECK:
        what = f"whole check / our reader alone, {len(files)} {kind} files"
        yield at_most("", what, took[CHECK] / took[OURS], WHOLE_CHECK[kind])


def ours(source: Source) -> object:
    """Return the texts of all parts; a file that is refused gives none."""
    try:
        return [part.text for part in read(source, LIMITS).parts]
    except ReadError:
        return []


def checked(source: Source) -> object:
    """Read a file and put all rules to it."""
    return check(data=source.data, name=source.name, options=KEYED)


def tolerant(reader: Callable[..., object], data: object) -> object:
    """Run another reader; where it fails on a real file it is not slower for that."""
    try:
        return reader(data)
    except Exception:
        return None


def said(result: object) -> int:
    """Return how many letters, blanks left out, stand in a nest of texts."""
    if isinstance(result, str):
        return len("".join(result.split()))
    return sum(map(said, result)) if isinstance(result, Iterable) else len(str(result or ""))


def real(kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield the real files of a kind with their names, none where they are not present."""
    folder = FIXTURES / kind
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name not in BROKEN:
            yield path.name, path.read_bytes()


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


if __name__ == "__main__":
    sys.exit(main())
