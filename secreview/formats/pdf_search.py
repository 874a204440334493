"""The search for text of a page that is not seen: what is suspected, then taken away to see."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secreview.errors import TooLarge
from secreview.formats.pdf_ablation import PICTURE_PIXELS, Ablation, Painter
from secreview.formats.pdf_glyphs import Glyphs
from secreview.formats.pdf_scene import IMAGE, Box, Item, Scene, address
from secreview.formats.pdf_suspect import (
    NOTE,
    Cause,
    Cover,
    Sheet,
    Suspect,
    covers,
    crowded,
    font_name,
)

COVERS = 500  # over one text that are looked at for the cause
WIDE_PICTURE = 0.8  # share of the page from which a picture over all text is a scan
ICONS = frozenset({1, 16, 17, 18})  # FPDF_ANNOT_TEXT, POPUP, FILEATTACHMENT, SOUND
LINK = 2
HIDDEN_FLAG = 2  # ISO 32000-1 table 165


@dataclass(slots=True)
class Search:
    """The search on one page."""

    page: Any
    doc: Any
    glyphs: Glyphs
    scene: Scene
    sheet: Sheet

    def hidden(self) -> dict[int, Cause]:
        """Return the characters that are not seen; raise TooLarge when that cannot be told."""
        suspects = {address(s.item.handle): s for s in self.sheet.suspects(self.scene)}
        if not suspects:
            return {}
        owned = dict(self.owned(suspects))
        boxes = self.glyphs.boxes(owned)
        gone = {nth for nth in owned if self.is_certain(owned[nth], boxes[nth])}
        left = {nth: box for nth, box in boxes.items() if nth not in gone}
        if left:
            gone.update(self.by_painting(owned, left, suspects))
        self.sheet.fonts.update(font_name(s.item.handle) for s in suspects.values())
        causes = {nth: self.cause(owned[nth], boxes[nth]) for nth in sorted(gone)}
        return self.scanned(causes)

    def owned(self, suspects: Mapping[int, Suspect]) -> Iterator[tuple[int, Suspect]]:
        """Yield the characters of suspected text objects."""
        for nth, owner in enumerate(self.glyphs.owners()):
            if owner in suspects:
                yield nth, suspects[owner]

    def is_certain(self, suspect: Suspect, box: Box) -> bool:
        """Return whether a character is hidden whatever the page looks like."""
        is_outside = not self.sheet.box.holds(box.center)
        return is_outside or suspect.cause in (Cause.MODE, Cause.SMALL)

    def by_painting(
        self, owned: Mapping[int, Suspect], boxes: Mapping[int, Box], all_of: Mapping[int, Suspect]
    ) -> Iterator[int]:
        """Yield the characters that leave no trace when they are taken away.

        What lies under something goes first, so that a label on a black box does not speak for
        the text under the box.
        """
        if any(picture_size(item) > PICTURE_PIXELS for item in self.scene.of_kind(IMAGE)):
            raise TooLarge("a picture is too large to look for text under it")
        forms = self.doc.formenv.raw if self.doc.formenv else None
        ablation = Ablation(Painter.of(self.page, forms), boxes)
        for is_under in (True, False):
            chars = {nth for nth in boxes if bool(owned[nth].covers) is is_under}
            if chars:
                items = [s.item for s in all_of.values() if bool(s.covers) is is_under]
                yield from ablation.without(items, chars)

    def cause(self, suspect: Suspect, box: Box) -> Cause:
        """Return the most likely cause why a character is not seen."""
        if not self.sheet.box.holds(box.center):
            return Cause.OUTSIDE
        if suspect.cause is Cause.MODE:
            pictures = self.scene.of_kind(IMAGE)
            return Cause.OCR if any(p.box.holds(box.center) for p in pictures) else Cause.MODE
        if suspect.cause in (Cause.LAYER, Cause.SMALL):
            return suspect.cause
        some = suspect.covers[:COVERS]
        if any(cover.box.holds(box.center) for cover in some) or len(some) == COVERS:
            return Cause.COVERED
        if suspect.cause in (Cause.COVERED, Cause.OUTSIDE):
            return self.sheet.ground(suspect.item) or Cause.OTHER
        return suspect.cause

    def scanned(self, causes: dict[int, Cause]) -> dict[int, Cause]:
        """Return the causes; text that lies as a whole under a page-wide picture is its OCR."""
        area = WIDE_PICTURE * self.sheet.box.width * self.sheet.box.height
        pictures = self.scene.of_kind(IMAGE)
        if not any(item.box.width * item.box.height >= area for item in pictures):
            return causes
        count = sum(bool(char) and not char.isspace() for char in self.glyphs.chars)
        under = {nth for nth, cause in causes.items() if cause is Cause.COVERED}
        if len(under) < WIDE_PICTURE * count:
            return causes
        return {nth: Cause.OCR if nth in under else cause for nth, cause in causes.items()}


def sheet_of(page: Any, scene: Scene, fonts: set[str]) -> Sheet:
    """Return the page as a ground for text, with the notes that lie on it."""
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, rect)
    box = Box(rect.left, rect.bottom, rect.right, rect.top)
    found = [*covers(scene), *note_covers(page, len(scene.items))]
    return Sheet(box, found, crowded(scene), fonts)


def note_covers(page: Any, order: int) -> Iterator[Cover]:
    """Yield the notes that may cover text; icons of notes are put away first."""
    import pypdfium2.raw as raw

    for nth in range(max(0, raw.FPDFPage_GetAnnotCount(page))):
        note = raw.FPDFPage_GetAnnot(page, nth)
        if not note:
            continue
        try:
            kind, flags = raw.FPDFAnnot_GetSubtype(note), raw.FPDFAnnot_GetFlags(note)
            rect = raw.FS_RECTF()
            if kind in ICONS:
                raw.FPDFAnnot_SetFlags(note, flags | HIDDEN_FLAG)
            elif kind != LINK and not flags & HIDDEN_FLAG and raw.FPDFAnnot_GetRect(note, rect):
                box = Box(rect.left, rect.bottom, rect.right, rect.top)
                yield Cover(box, order + nth, kind=NOTE)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def picture_size(item: Item) -> int:
    """Return how many pixels a picture has."""
    import pypdfium2.raw as raw

    width, height = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(item.handle, width, height)
    return width.value * height.value
