"""Text of content that no page draws: put on a page of its own and read like any other."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from secreview.formats.pdf_glyphs import actual_texts, glyphs_of, page_of
from secreview.formats.pdf_objects import get, is_stream, stream, type_of
from secreview.formats.pdf_open import File
from secreview.formats.pdf_scene import Scene
from secreview.model import Why

SHOWS = re.compile(rb"T[jJ]|['\"]\s|\bDo\b")  # operators that show text or draw a form
MOST = 2_000  # pieces of content of one kind
LETTER = "/Form"


def staged(file: File, pieces: Sequence[Any]) -> list[str]:
    """Return the text of each piece of content (form, pattern or page), in the same order."""
    texts = [""] * len(pieces)
    wanted: dict[tuple[int, int], list[int]] = {}
    for nth, piece in enumerate(pieces):
        if shows_text(file, piece):
            wanted.setdefault(piece.objgen, []).append(nth)
    if len(wanted) > MOST:
        file.gap("content beside pages", Why.LIMIT, f"{len(wanted) - MOST} pieces")
    chosen = list(wanted.values())[:MOST]
    if not chosen:
        return texts
    try:
        for places, text in zip(chosen, read(file, [pieces[n[0]] for n in chosen]), strict=True):
            for nth in places:
                texts[nth] = text
    except Exception as error:
        file.gap("content beside pages", Why.CRASHED, type(error).__name__)
    return texts


def shows_text(file: File, piece: Any) -> bool:
    """Return whether a piece of content shows text, or draws something that may."""
    if not is_stream(piece):
        return type_of(piece) == "/Page"
    try:
        return bool(SHOWS.search(stream(piece, file.limits)))
    except Exception as error:
        file.gap(f"content {piece.objgen[0]}", Why.DAMAGED, type(error).__name__)
        return False


def read(file: File, pieces: Sequence[Any]) -> list[str]:
    """Return the text of each piece from a new file in which each has a page."""
    import pikepdf
    import pypdfium2 as pdfium

    with pikepdf.Pdf.new() as stage:
        for piece in pieces:
            if is_stream(piece):
                stage_form(stage, piece, file)
            else:
                stage.pages.append(pikepdf.Page(piece))
        target = io.BytesIO()
        stage.save(target, fix_metadata_version=False)
    document = pdfium.PdfDocument(target.getvalue())
    try:
        return [page_text(document, nth) for nth in range(len(pieces))]
    finally:
        document.close()


def stage_form(stage: Any, piece: Any, file: File) -> None:
    """Add a page that draws a form; one without resources gets those of the form fields."""
    import pikepdf

    form = stage.copy_foreign(piece)
    form["/Type"], form["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    if "/BBox" not in form:
        form["/BBox"] = pikepdf.Array([-10000, -10000, 10000, 10000])
    usual = get(get(file.root, "/AcroForm"), "/DR")
    if "/Resources" not in form and usual is not None:
        form["/Resources"] = stage.copy_foreign(file.pdf.make_indirect(usual))
    stage.add_blank_page(page_size=(1000, 1000))
    page = stage.pages[-1].obj
    page["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page["/Contents"] = stage.make_stream(b"/F Do")


def page_text(document: Any, nth: int) -> str:
    """Return the text of a page, ActualText after it."""
    with page_of(document, nth) as page:
        said = actual_texts(Scene.of(page))
        with glyphs_of(page) as glyphs:
            return "\n".join([glyphs.text(), *said]).strip()
