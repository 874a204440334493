"""PDF files: pages, what is hidden on them, what stands beside them, and what came before."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from secreview.formats.pdf_actions import links, scripts
from secreview.formats.pdf_files import attachments
from secreview.formats.pdf_forms import forms, signatures
from secreview.formats.pdf_history import revisions
from secreview.formats.pdf_lies import lies
from secreview.formats.pdf_meta import profiles, programs, properties
from secreview.formats.pdf_notes import media, notes
from secreview.formats.pdf_open import LOCK, File, opened
from secreview.formats.pdf_pages import pages
from secreview.formats.pdf_pictures import noted
from secreview.formats.pdf_rest import around, unlisted, unused
from secreview.formats.pdf_tree import names, outline, tags
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Part, Why

MEDIA_TYPES = ("application/pdf",)

Section = tuple[str, Callable[[File], Iterable[Part]]]

NOW: tuple[Section, ...] = (
    ("pages", pages),
    ("tags", tags),
    ("annotations", notes),
    ("media", media),
    ("form", forms),
    ("signatures", signatures),
    ("metadata", properties),
    ("program data", programs),
    ("picture metadata", noted),
    ("colour profiles", profiles),
    ("fonts", lies),
    ("outline", outline),
    ("names", names),
    ("links", links),
    ("scripts", scripts),
    ("attachments", attachments),
)
LEFT: tuple[Section, ...] = (
    ("unused objects", unused),
    ("unlisted objects", unlisted),
    ("outer bytes", around),
)


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a PDF file."""

    def again(data: bytes) -> Content:
        with opened(data, limits) as file:
            return Content(tuple(found(file, NOW)), tuple(file.gaps), tuple(file.rows))

    def before(file: File) -> Iterable[Part]:
        return revisions(file, parts, again)

    parts: list[Part] = []
    with quiet(), opened(source.read(limits), limits) as file:
        parts.extend(found(file, NOW))
        parts.extend(found(file, (("revisions", before), *LEFT)))
        return Content(tuple(parts), tuple(file.gaps), tuple(file.rows))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep qpdf from telling the terminal of every fault that it repairs."""
    log = logging.getLogger("pikepdf")
    level = log.level
    with LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            log.setLevel(level)


def found(file: File, sections: Iterable[Section]) -> Iterator[Part]:
    """Yield the parts of each section; one that fails must not hide the others."""
    for name, find in sections:
        try:
            yield from find(file)
        except Exception as error:
            file.gap(name, Why.CRASHED, type(error).__name__)
