"""PDF files: pages, what is hidden on them, what stands beside them, and what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from secreview.formats.pdf_open import File, opened
from secreview.formats.pdf_pages import pages
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Part, Why

MEDIA_TYPES = ("application/pdf",)

Section = tuple[str, Callable[[File], Iterable[Part]]]

NOW: tuple[Section, ...] = (("pages", pages),)


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a PDF file."""
    return whole(source.read(limits), limits, NOW)


def whole(data: bytes, limits: Limits, sections: Iterable[Section]) -> Content:
    """Return what the named sections find in the bytes of a PDF file."""
    with opened(data, limits) as file:
        parts = tuple(part for section in sections for part in one(file, section))
        return Content(parts, tuple(file.gaps), tuple(file.rows))


def one(file: File, section: Section) -> Iterator[Part]:
    """Yield the parts of a section; one that fails must not hide the others."""
    name, find = section
    try:
        yield from find(file)
    except Exception as error:
        file.gap(name, Why.CRASHED, type(error).__name__)
