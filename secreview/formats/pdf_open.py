"""A PDF file opened twice: pdfium draws and reads its pages, qpdf (pikepdf) shows its objects."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from secreview.errors import Damaged, Encrypted
from secreview.formats.lines import NOWHERE
from secreview.formats.pdf_fonts import with_stand_ins
from secreview.formats.pdf_guard import Budget, guarded, inflated
from secreview.formats.pdf_known import Known
from secreview.formats.pdf_objects import Objects, get, is_stream, subtype_of
from secreview.formats.protocol import Limits
from secreview.model import Covered, Gap, Place, Status, Step, Unit, Why

LOCK = RLock()  # pdfium keeps state of its own and must not be called from two threads
ACRO_FORM = 1  # FORMTYPE_ACRO_FORM
OBJECTS = 100  # objects for each member that the limits allow


@dataclass(slots=True)
class File:
    """An open PDF file: its bytes, both views of it, and the gaps and rows gathered so far.

    ``pages`` says how many pages may be read; ``at`` maps the object number of a page to its
    1-based number.
    """

    data: bytes
    limits: Limits
    gaps: list[Gap]
    doc: Any
    objects: Objects
    pages: int
    at: dict[tuple[int, int], int] = field(default_factory=dict)
    rows: list[Covered] = field(default_factory=list)
    known: Known = field(default_factory=Known)  # what the pages say
    drawn: set[tuple[int, int]] = field(default_factory=set)  # forms that pages draw

    @property
    def pdf(self) -> Any:
        """Return the file as qpdf sees it."""
        return self.objects.pdf

    @property
    def root(self) -> Any:
        """Return the catalogue of the file."""
        return self.objects.pdf.Root

    def gap(self, part: str, why: Why, detail: str = "", place: Place = NOWHERE) -> None:
        """Note that something was not read, or not for certain."""
        self.gaps.append(Gap(part, why, detail, place))

    def cover(self, locator: str, kind: str, size: int = 0) -> None:
        """Add a row to the coverage list: read unless a gap names it."""
        reasons = [gap for gap in self.gaps if gap.part == locator]
        status, why = Status.READ, ""
        if reasons:
            soft = all(gap.why in (Why.APPROXIMATE, Why.DISAGREE) for gap in reasons)
            status, why = Status.APPROXIMATE if soft else Status.UNREAD, str(reasons[0].why)
        self.rows.append(Covered(locator, kind, status, size, "pdf", why))

    def page_of(self, item: Any) -> Place:
        """Return the place of the page that an annotation or structure element names, if any."""
        page = get(item, "/P") if get(item, "/Pg") is None else get(item, "/Pg")
        nth = self.at.get(page.objgen) if hasattr(page, "objgen") else None
        return page_place(nth) if nth else Place()


def page_place(nth: int) -> Place:
    """Return the place of a page by its 1-based number."""
    return Place((Step(Unit.PAGE, nth),), page=nth)


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[File]:
    """Open a file for reading; raise Encrypted, Damaged or TooLarge when that is impossible."""
    gaps: list[Gap] = []
    with LOCK:
        data = guarded(data, limits, gaps)
        password = key_of(data, limits)
        with structure(data, gaps, password) as pdf:
            objects = Objects.of(pdf, limits.members * OBJECTS)
            doc = drawn(with_stand_ins(objects) or data, data, gaps, password)
            try:
                if doc.get_formtype() == ACRO_FORM:  # fields are painted by a form environment
                    doc.init_forms()
                yield file_of(data, limits, gaps, doc, objects)
            finally:
                doc.close()


def file_of(data: bytes, limits: Limits, gaps: list[Gap], doc: Any, objects: Objects) -> File:
    """Return the file with its pages numbered."""
    pdf = objects.pdf
    if pdf.is_encrypted:
        measure(objects, limits)
    count = len(doc)
    if count > limits.pages:
        gaps.append(Gap("pages", Why.LIMIT, f"pages {limits.pages + 1} to {count}"))
    file = File(data, limits, gaps, doc, objects, min(count, limits.pages))
    try:
        for nth, page in enumerate(pdf.pages, start=1):
            file.at.setdefault(page.obj.objgen, nth)
        if len(pdf.pages) != count and not any(gap.part == "structure" for gap in gaps):
            file.gap("page tree", Why.DISAGREE, "two readings find different numbers of pages")
    except Exception as error:  # qpdf walks the page tree and may find it broken
        file.gap("page tree", Why.DAMAGED, type(error).__name__)
    return file


def measure(objects: Objects, limits: Limits) -> None:
    """Raise TooLarge when a stream of an encrypted file, decrypted, is a bomb."""
    budget = Budget(limits.total)
    for item in objects.found.values():
        if is_stream(item):
            is_image = subtype_of(item) == "/Image"
            inflated(memoryview(item.read_raw_bytes()), limits, budget, is_image=is_image)


def key_of(data: bytes, limits: Limits) -> str:
    """Return the password among those given that opens a file, an empty one when none does."""
    import pikepdf

    for password in ("", *limits.passwords) if limits.passwords else ():
        try:
            with pikepdf.open(io.BytesIO(data), password=password):
                return password
        except pikepdf.PasswordError:
            continue
        except Exception:  # it is damaged, which the reader tells
            break
    return ""


def drawn(shown: bytes, data: bytes, gaps: list[Gap], password: str) -> Any:
    """Return the pdfium document of a file; a broken one is repaired, with a gap."""
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(shown, password=password or None)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Encrypted("the PDF needs a password") from None
    try:
        doc = pdfium.PdfDocument(repaired(data, password))
    except pdfium.PdfiumError:
        raise Damaged("the PDF cannot be opened") from None
    gaps.append(Gap("pdf", Why.DAMAGED, "repaired; some of it may be missing"))
    return doc


def repaired(data: bytes, password: str) -> bytes:
    """Return what qpdf can save of a broken file; raise Damaged when it is nothing."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data), password=password) as pdf:
            target = io.BytesIO()
            pdf.save(target, fix_metadata_version=False)
            return target.getvalue()
    except pikepdf.PasswordError:
        raise Encrypted("the PDF needs a password") from None
    except Exception:
        raise Damaged("the PDF cannot be opened") from None


@contextmanager
def structure(data: bytes, gaps: list[Gap], password: str) -> Iterator[Any]:
    """Open the file with qpdf; one that it cannot open has no objects, and a gap."""
    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(data), password=password)
    except pikepdf.PasswordError:
        raise Encrypted("the PDF needs a password") from None
    except Exception as error:
        gaps.append(Gap("structure", Why.DAMAGED, type(error).__name__))
        pdf = pikepdf.Pdf.new()
    with pdf:
        yield pdf
