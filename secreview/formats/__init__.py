"""Readers reveal: any file becomes a document of parts and gaps, or a ReadError."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from typing import cast

from secreview.errors import Damaged, ReadError, TooLarge, UnknownFormat
from secreview.formats import sniff
from secreview.formats.coverage import coverage
from secreview.formats.protocol import DEFAULT_LIMITS, Content, Format, Limits, Source
from secreview.model import Document, Part, PartKind

READERS: Mapping[str, str] = {
    sniff.PLAIN: "secreview.formats.plain",
    sniff.MARKDOWN: "secreview.formats.plain",
    sniff.CSV: "secreview.formats.tabular",
    sniff.TSV: "secreview.formats.tabular",
    sniff.HTML: "secreview.formats.html",
    sniff.JSON: "secreview.formats.json_text",
    sniff.XML: "secreview.formats.xml_text",
    sniff.JAVASCRIPT: "secreview.formats.script",
    sniff.CSS: "secreview.formats.script",
    sniff.DOCX: "secreview.formats.docx",
    sniff.XLSX: "secreview.formats.xlsx",
    sniff.PPTX: "secreview.formats.pptx",
    sniff.PDF: "secreview.formats.pdf",
    sniff.OFD: "secreview.formats.ofd",
    sniff.ODF: "secreview.formats.odf",
    sniff.FLAT_ODF: "secreview.formats.odf",
    **dict.fromkeys(sniff.PICTURES, "secreview.formats.image"),
    **dict.fromkeys(sniff.FONTS, "secreview.formats.font"),
    sniff.OLE: "secreview.formats.ole",
    sniff.LOCKED: "secreview.formats.locked",
    sniff.FLAT_OFFICE: "secreview.formats.flat_office",
    sniff.SVG: "secreview.formats.svg",
    **dict.fromkeys(sniff.METAFILES, "secreview.formats.metafile"),
    sniff.MAIL: "secreview.formats.mail",
    sniff.RTF: "secreview.formats.rtf",
    **dict.fromkeys(sniff.ARCHIVES, "secreview.formats.archive"),
}
UNREAD: Mapping[str, str] = {}
TEXTS = frozenset(
    {
        sniff.PLAIN, sniff.MARKDOWN, sniff.CSV, sniff.TSV, sniff.HTML, sniff.JSON, sniff.XML,
        sniff.JAVASCRIPT, sniff.CSS, *sniff.FONTS,
    }
)  # fmt: skip
IN_PROCESS = "SECREVIEW_IN_PROCESS"  # set in the child, and by whoever debugs a reader


def read(source: Source, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Return the document that a source holds; raise ReadError when none of it can be read.

    Anything but text is read in a child process that can be killed.
    """
    try:
        media_type = sniff.sniff(source)
        if media_type not in TEXTS and IN_PROCESS not in os.environ:
            from secreview.formats.child import KEEPER  # lazy: text needs no child

            document = KEEPER.read(source, limits)
            return replace(document, sha256=source.sha256(), size=source.size())
        content = reader(media_type).read(source, limits)
        rows = coverage(source, media_type, READERS[media_type].rpartition(".")[2], content)
        parts = named(source.name, content.parts)
        return Document(
            source.name, source.sha256(), source.size(), media_type, parts, content.gaps,
            tuple(rows),
        )  # fmt: skip
    except ReadError:
        raise
    except OSError as error:
        raise ReadError(f"cannot open: {error.strerror or type(error).__name__}") from None
    except MemoryError:
        raise TooLarge("out of memory while reading") from None
    except ImportError as error:
        raise ReadError(f"reader missing: {error.name}; install it with pip") from None
    except Exception as error:  # any fault of a parser; its message may quote the document
        raise Damaged(f"reader failed: {type(error).__name__}") from None


def reader(media_type: str) -> Format:
    """Return the format module of a media type; raise UnknownFormat when there is none."""
    if media_type in READERS:
        return cast(Format, import_module(READERS[media_type]))
    if media_type in UNREAD:
        raise UnknownFormat(UNREAD[media_type])
    raise UnknownFormat(f"{media_type} is not supported yet")


def named(name: str, parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts with the file name in front, without reading lazy parts."""
    first = Part("name", PartKind.NAME, PurePath(name.replace("\\", "/")).name)
    if isinstance(parts, tuple):
        return (first, *parts)
    from secreview.formats.plain import Chain

    return Chain(((first,), parts))


__all__ = ["READERS", "Content", "read", "reader"]
