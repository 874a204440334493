"""Pictures in a PDF file: read by recognition where they are drawn, their metadata, unused ones."""

from __future__ import annotations

import ctypes
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from secreview.formats import ocr
from secreview.formats import pdf_calls as calls
from secreview.formats.lines import Lines
from secreview.formats.pdf_count import Counter
from secreview.formats.pdf_known import Known
from secreview.formats.pdf_meta import DULL
from secreview.formats.pdf_objects import (
    Key,
    direct,
    entries,
    filters_of,
    get,
    is_dictionary,
    is_stream,
    number,
    subtype_of,
)
from secreview.formats.pdf_open import File
from secreview.formats.pdf_scene import IMAGE, Box, Item, Scene
from secreview.model import Part, PartKind, Place, Step, Unit, Why

if TYPE_CHECKING:
    from PIL.Image import Image

LARGE = 0.2  # share of the page from which a picture is looked at wherever it returns
SMALL = 500.0  # square points; an identity number in small print takes more
THIN = 6.0  # points; a rule or border has no letters
RESOLUTION = 200 / 72  # pixels for each point
ICON = 24  # pixels; what no page draws and is smaller is a mark or an icon
TOLD = (b"Exif\0\0", b"http://ns.adobe.com/xap", b"Photoshop 3.0", b"\xff\xfe")  # in the head
HEAD = 1 << 16


@dataclass(slots=True)
class Pictures:
    """What recognition reads of the pictures on pages; those that it does not are gaps."""

    file: File
    text: Lines = field(default_factory=lambda: Lines("picture-text", PartKind.BODY))
    codes: Lines = field(default_factory=lambda: Lines("picture-codes", PartKind.LINK))
    seen: set[bytes] = field(default_factory=set)
    count: int = 0

    def take(self, page: Any, scene: Scene, said: str, place: Place) -> None:
        """Read the pictures of a page on which ``said`` is text, or note a gap."""
        boxes = list(self.fresh(page, scene))
        if not boxes:
            return
        name = f"page {place.page}"
        if not ocr.is_installed():
            self.file.gap(name, Why.PICTURE, f"text in pictures is read with {ocr.EXTRA}", place)
        elif self.count >= self.file.limits.pictures:
            self.file.gap(name, Why.PICTURE, f"more than {self.count} pages with pictures", place)
        elif not ocr.has_time():
            self.file.gap(name, Why.PICTURE, "no processor time is left for recognition", place)
        else:
            self.count += 1
            self.recognise(rendered(page, boxes, self.file.limits.pixels), said, place)
            self.file.gap(name, Why.APPROXIMATE, "pictures read by recognition", place)

    def fresh(self, page: Any, scene: Scene) -> Iterator[Box]:
        """Yield where a page shows a picture that may hold text and was not looked at before."""
        import pypdfium2.raw as raw

        area = max(1.0, raw.FPDF_GetPageWidthF(page) * raw.FPDF_GetPageHeightF(page))
        for item in scene.of_kind(IMAGE):
            size = item.box.width * item.box.height
            if size < SMALL or min(item.box.width, item.box.height) < THIN:
                continue
            if size > LARGE * area:
                yield item.box
                continue
            digest = digest_of(item)
            if digest not in self.seen:
                yield item.box
            self.seen.add(digest)

    def recognise(self, image: Image, said: str, place: Place) -> None:
        """Add what recognition sees in a picture and the text of its page does not say."""
        place = replace(place, steps=(*place.steps, Step(Unit.CAUSE, "picture")))
        known = Known()
        known.take([said])
        lines = [line for line in ocr.recognised(image) if not known.has(line.text)]
        self.text.add(ocr.text_of(lines), place)
        for code in ocr.codes(image):
            self.codes.add(code, place)


def digest_of(item: Item) -> bytes:
    """Return a digest of the stored bytes of a picture."""
    buffer = ctypes.create_string_buffer(calls.image_data_into(item.handle, None, 0))
    calls.image_data_into(item.handle, ctypes.addressof(buffer), len(buffer))
    return hashlib.sha256(buffer).digest()


def rendered(page: Any, boxes: Iterable[Box], pixels: int) -> Image:
    """Return the part of a page that holds some boxes, drawn in at most so many pixels."""
    import pypdfium2.raw as raw
    from PIL import Image

    across, up = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
    scale = min(
        RESOLUTION, ocr.LONGEST / max(across, up, 1.0), (pixels / max(1, across * up)) ** 0.5
    )
    width, height = max(1, round(across * scale)), max(1, round(up * scale))
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGR, None, 0)
    try:
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, raw.FPDF_ANNOT)
        stride = raw.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * height)
        image = Image.frombuffer("RGB", (width, height), data, "raw", "BGR", stride, 1)
        return image.crop(around(page, boxes, width, height))
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def around(page: Any, boxes: Iterable[Box], width: int, height: int) -> tuple[int, int, int, int]:
    """Return the pixels around some boxes on a page that is drawn so wide and high."""
    import pypdfium2.raw as raw

    across, down = ctypes.c_int(), ctypes.c_int()
    xs, ys = [], []
    for box in boxes:
        for x, y in ((box.left, box.bottom), (box.right, box.top)):
            raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
            xs.append(min(width, max(0, across.value)))
            ys.append(min(height, max(0, down.value)))
    if max(xs) - min(xs) < 1 or max(ys) - min(ys) < 1:
        return 0, 0, width, height
    return min(xs), min(ys), max(xs), max(ys)


def noted(file: File) -> Iterator[Part]:
    """Yield what the metadata inside JPEG pictures says."""
    from PIL import Image

    from secreview.formats.image import metadata

    lines = Lines("picture-metadata", PartKind.PROPERTY)
    for key, item in file.objects.holding(b"/DCTDecode"):
        if not is_stream(item) or filters_of(item) != ["/DCTDecode"]:
            continue
        data = bytes(item.read_raw_bytes())
        if not any(mark in data[:HEAD] for mark in TOLD):
            continue
        notes = Lines("metadata", PartKind.PROPERTY)
        try:
            with Image.open(io.BytesIO(data)) as image:
                metadata(image, data, notes)
        except Exception as error:  # Pillow lets many kinds through
            file.gap(f"object {key[0]}", Why.DAMAGED, type(error).__name__)
            continue
        for part in notes.parts():
            place = Place((Step(Unit.ELEMENT, f"object {key[0]}"),))
            for line in dict.fromkeys(part.text.split("\n")):
                lines.add("" if DULL.fullmatch(line) else line, place)
    yield from lines.parts()


def undrawn(file: File, counter: Counter) -> Iterator[tuple[Key, str]]:
    """Yield pictures that something leads to but no page draws, and what they are."""
    alive = file.objects.reachable()
    pictures = {
        key: item
        for key, item in file.objects.holding(b"/Image")
        if key in alive and key not in counter.pictures and is_picture(item)
    }
    if not pictures:
        return
    for key, item in file.objects.holding(b"/Form", b"/PatternType"):
        if is_stream(item) and key not in counter.known:
            counter.form(item)
    masks = set(masks_of(file))
    kinds = kinds_of(file)
    for key in pictures.keys() - counter.pictures - masks:
        yield key, kinds.get(key, "a picture that no page draws")


def masks_of(file: File) -> Iterator[Key]:
    """Yield the pictures that only say where others are see-through."""
    for _, item in file.objects.holding(b"/SMask", b"/Mask"):
        for name in ("/SMask", "/Mask"):
            value = get(item, name)
            if is_stream(value):
                yield value.objgen


def kinds_of(file: File) -> dict[Key, str]:
    """Return the pictures that stand for another one, with what they are."""
    found: dict[Key, str] = {}
    for _, holder in file.objects.holding(b"/Thumb", b"/Alternates"):
        for item in direct(holder):
            thumb = get(item, "/Thumb")
            if is_stream(thumb):
                found[thumb.objgen] = "a small picture of a page, maybe of an older one"
            for other in entries(get(item, "/Alternates")):
                image: Any = get(other, "/Image") if is_dictionary(other) else None
                if is_stream(image):
                    found[image.objgen] = "an alternative to a picture"
    return found


def is_picture(item: Any) -> bool:
    """Return whether an object is a picture large enough to hold text."""
    if not is_stream(item) or subtype_of(item) not in ("/Image", ""):
        return False
    size = number(get(item, "/Width")), number(get(item, "/Height"))
    return min(size) >= ICON and get(item, "/ImageMask") is not True
