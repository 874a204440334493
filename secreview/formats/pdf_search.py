"""The search for text of a page that is not seen: what is suspected, then taken away to see."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from secreview.errors import TooLarge
from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_ablation import COLORS, GREY, PICTURE_PIXELS, Ablation, Ink, Painter
from secreview.formats.pdf_calls import FOUR_NUMBERS, STEP
from secreview.formats.pdf_glyphs import Glyphs
from secreview.formats.pdf_scene import IMAGE, Box, Item, Scene
from secreview.formats.pdf_suspect import (
    NOTE,
    Cause,
    Cover,
    Font,
    Sheet,
    Suspect,
    covers,
    crowded,
)

COVERS = 500  # over one text that are looked at for the cause
WIDE_PICTURE = 0.8  # share of the page from which a picture over all text is a scan
ICONS = frozenset({1, 16, 17, 18})  # FPDF_ANNOT_TEXT, POPUP, FILEATTACHMENT, SOUND
LINK = 2
HIDDEN_FLAG = 2  # ISO 32000-1 table 165

Letter = tuple[int, str]  # a shape and a character


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
        suspects = {suspect.item.handle: suspect for suspect in self.sheet.suspects(self.scene)}
        if not suspects:
            return {}
        owned = self.without_plain(self.owned(suspects))
        boxes = self.glyphs.boxes(owned)
        gone = {nth for nth in owned if self.is_certain(owned[nth], boxes[nth])}
        left = {nth: box for nth, box in boxes.items() if nth not in gone}
        if left:
            gone.update(self.by_painting(owned, left, suspects))
        self.sheet.know(owned[nth].item for nth in left if nth not in gone)
        causes = {nth: self.cause(owned[nth], boxes[nth]) for nth in sorted(gone)}
        return self.scanned(causes)

    def owned(self, suspects: Mapping[int, Suspect]) -> dict[int, Suspect]:
        """Return the text object of each character that stands in a suspected one."""
        return {
            nth: suspects[owner] for nth, owner in enumerate(self.glyphs.owners())
            if owner in suspects
        }  # fmt: skip

    def without_plain(self, owned: dict[int, Suspect]) -> dict[int, Suspect]:
        """Return the characters less those whose like, in an open place, is seen on the page.

        Where nothing but a new font speaks against a text, one letter of each shape is looked at.
        """
        chars = self.glyphs.chars
        samples: dict[Letter, int] = {}
        for nth, suspect in owned.items():
            if suspect.shape is not None:
                samples.setdefault((suspect.shape, chars[nth]), nth)
        if not samples:
            return owned
        plain = {s.item.handle: s.item for s in owned.values() if s.shape is not None}
        blank = self.blank(samples, self.glyphs.boxes(samples.values()), plain.values())
        self.sheet.know(owned[nth].item for letter, nth in samples.items() if letter not in blank)
        return {
            nth: suspect for nth, suspect in owned.items()
            if suspect.shape is None or (suspect.shape, chars[nth]) in blank
        }  # fmt: skip

    def blank(
        self, samples: Mapping[Letter, int], boxes: Mapping[int, Box], items: Collection[Item]
    ) -> set[Letter]:
        """Return the letters whose sample leaves no trace in grey; colours have a second look.

        A change of lightness is a change of colour, so no letter passes here that would not there.
        """
        ablation = self.ablation(boxes, GREY)
        modes = [calls.render_mode(item.handle) for item in items]
        gone = set(ablation.without(items, boxes))
        for item, mode in zip(items, modes, strict=True):
            calls.set_render_mode(item.handle, mode)
        return {letter for letter, nth in samples.items() if nth in gone}

    def ablation(self, boxes: Mapping[int, Box], ink: Ink) -> Ablation:
        """Return the painted page; raise TooLarge where a picture would take too long."""
        if any(picture_size(item) > PICTURE_PIXELS for item in self.scene.of_kind(IMAGE)):
            raise TooLarge("a picture is too large to look for text under it")
        forms = self.doc.formenv.raw if self.doc.formenv else None
        return Ablation(Painter.of(self.page, forms, ink), boxes)

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
        ablation = self.ablation(boxes, COLORS)
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
            mode = calls.render_mode(suspect.item.handle)
            covers = self.sheet.covers
            return self.sheet.ground(self.scene, suspect.item, mode, covers) or Cause.OTHER
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


def sheet_of(page: Any, scene: Scene, fonts: set[Font]) -> Sheet:
    """Return the page as a ground for text, with the notes that lie on it."""
    rect = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, rect)
    box = Box(rect.left, rect.bottom, rect.right, rect.top)
    found = [*covers(scene), *note_covers(page, len(scene.items))]
    return Sheet(box, found, crowded(scene), fonts)


def note_covers(page: Any, order: int) -> Iterator[Cover]:
    """Yield the notes that may cover text; icons of notes are put away first."""
    for nth in range(max(0, raw.FPDFPage_GetAnnotCount(page))):
        note = raw.FPDFPage_GetAnnot(page, nth)
        if not note:
            continue
        try:
            kind, flags = raw.FPDFAnnot_GetSubtype(note), raw.FPDFAnnot_GetFlags(note)
            rect = raw.FS_RECTF()
            if kind in ICONS:
                raw.FPDFAnnot_SetFlags(note, flags | HIDDEN_FLAG)
            elif flags & HIDDEN_FLAG or (kind == LINK and not raw.FPDFAnnot_HasKey(note, b"AP")):
                continue
            elif raw.FPDFAnnot_GetRect(note, rect):
                box = Box(rect.left, rect.bottom, rect.right, rect.top)
                yield Cover(box, order + nth, kind=NOTE)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def picture_size(item: Item) -> int:
    """Return how many pixels a picture has."""
    size = FOUR_NUMBERS()
    at = ctypes.addressof(size)
    calls.image_size_into(item.handle, at, at + STEP)
    return size[0] * size[1]
