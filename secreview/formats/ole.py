"""Legacy office files (doc, xls, ppt, msg, wps, et, dps): a compound file, by what it contains."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from secreview.errors import Damaged
from secreview.formats.decode import decode
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.vba import sources
from secreview.model import Covered, Gap, Part, PartKind, Place, Status, Step, Unit, Why

MEDIA_TYPES = ("application/x-ole-storage",)
READER = "ole"
KINDS = (  # a stream that only this kind of file has → the module that reads it
    ("__properties_version1.0", "secreview.formats.msg"),
    ("WordDocument", "secreview.formats.doc"),
    ("Workbook", "secreview.formats.xls"),
    ("Book", "secreview.formats.xls"),
    ("PowerPoint Document", "secreview.formats.ppt"),
)
SUMMARIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
DULL = frozenset(
    "codepage create_time last_saved_time last_printed num_pages num_words num_chars security"
    " bytes lines paragraphs slides notes hidden_slides mm_clips scale_crop links_dirty"
    " chars_with_spaces revision_number total_edit_time thumbnail version creating_application"
    " heading_pairs shared_doc hlinks_changed".split()
)
CODE_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 1200: "utf-16-le",
              65001: "utf-8"}  # fmt: skip
WIDE = re.compile(rb"(?:[\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f]|[\x00-\xff][\x30\xff]){4,}")
NARROW = re.compile(rb"(?:[\x20-\x7e]|[\x81-\xfe][\x40-\xfe]){6,}")
WORTH = re.compile(r"[\u4e00-\u9fff]{2}|\d{7}|[A-Za-z]{3,} [A-Za-z]{2,}|[\w.]{2}@[\w.]{2}|\\\\?\w")
TOKENS = re.compile(r"[\u4e00-\u9fff]{2,}|\d{4,}[\dXx]?|[A-Za-z@.]{4,}")
MOST_STRINGS = 200_000


@dataclass(slots=True)
class Compound:
    """An open compound file: its streams, what was read of them, and gaps met so far."""

    ole: Any
    limits: Limits
    name: str
    gaps: list[Gap] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    inner: list[Covered] = field(default_factory=list)
    seen: dict[str, Status] = field(default_factory=dict)

    def streams(self) -> list[str]:
        """Return the paths of all streams, storages and streams joined by slashes."""
        return ["/".join(path) for path in self.ole.listdir(streams=True, storages=False)]

    def has(self, path: str) -> bool:
        """Return whether there is a stream."""
        return bool(self.ole.exists(path)) and self.ole.get_type(path) == 2

    def read(self, path: str) -> bytes:
        """Return the bytes of a stream, empty after noting a gap when it cannot be read."""
        if not self.has(path):
            return b""
        if self.ole.get_size(path) > self.limits.member:
            self.gap(path, Why.LIMIT, f"over {self.limits.member} bytes")
            return b""
        try:
            data: bytes = self.ole.openstream(path).read()
        except (OSError, ValueError, IndexError) as error:
            self.gap(path, Why.DAMAGED, type(error).__name__)
            return b""
        self.seen.setdefault(path, Status.READ)
        return data

    def gap(self, path: str, why: Why, detail: str = "") -> None:
        """Note that a stream was not read, or not in full."""
        self.seen[path] = Status.UNREAD
        self.gaps.append(Gap(path, why, detail, Place((Step(Unit.ELEMENT, path),))))

    def take(self, content: Content) -> None:
        """Keep what a file inside this one holds."""
        self.parts.extend(content.parts)
        self.gaps.extend(content.gaps)
        self.inner.extend(content.coverage)

    def coverage(self) -> tuple[Covered, ...]:
        """Return a row for each stream."""
        reasons = {gap.part: str(gap.why) for gap in self.gaps}
        rows = []
        for path in self.streams():
            status = self.seen.get(path, Status.READ)
            size = int(self.ole.get_size(path))
            rows.append(Covered(path, "stream", status, size, READER, reasons.get(path, "")))
        return (*rows, *self.inner)


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a compound file."""
    import olefile

    data = source.read(limits)
    try:
        ole = olefile.OleFileIO(io.BytesIO(data))
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise Damaged(f"compound file: {type(error).__name__}") from None
    with ole:
        compound = Compound(ole, limits, source.name)
        module = next((m for stream, m in KINDS if compound.has(stream)), "")
        parts = list(import_module(module).parts(compound, data)) if module else []
        parts += summaries(compound)
        parts += embedded(compound)
        parts += compound.parts
        parts += strings(data, (*compound.streams(), *(part.text for part in parts)))
        if not module and not any(map(is_macro, compound.streams())):
            compound.gaps.append(
                Gap(source.name, Why.UNSUPPORTED, "compound file of no known program")
            )
        return Content(tuple(parts), tuple(compound.gaps), compound.coverage())


def summaries(compound: Compound) -> Iterator[Part]:
    """Yield the document properties."""
    lines = Lines("properties", PartKind.PROPERTY)
    try:
        meta = compound.ole.get_metadata()
    except Exception as error:  # olefile lets several kinds through
        compound.gap(SUMMARIES[0], Why.DAMAGED, type(error).__name__)
        return
    page = code_page(getattr(meta, "codepage", None))
    for name in (*meta.SUMMARY_ATTRIBS, *meta.DOCSUM_ATTRIBS):
        if name not in DULL:
            for text in texts(getattr(meta, name, None), page):
                lines.add(text, Place((Step(Unit.PROPERTY, name),)))
    for text in user_defined(compound, page):
        lines.add(text, Place((Step(Unit.PROPERTY, "custom"),)))
    yield from lines.parts()


def texts(value: Any, page: str) -> Iterator[str]:
    """Yield the words of a property value."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item, page)
    elif isinstance(value, bytes):
        try:
            yield value.decode(page).strip("\0 ")
        except UnicodeDecodeError:
            yield decode(value).text.strip("\0 ")
    elif isinstance(value, str):
        yield value.strip("\0 ")


def user_defined(compound: Compound, page: str) -> Iterator[str]:
    """Yield the values of properties that people defined: the strings of their section."""
    data = compound.read(SUMMARIES[1])
    second = (
        int.from_bytes(data[64:68], "little")
        if len(data) > 68 and data[24:28] == b"\2\0\0\0"
        else 0
    )
    if second and second < len(data):
        yield from found_strings(data[second:])


def code_page(number: Any) -> str:
    """Return the codec of a code page number."""
    if not isinstance(number, int):
        return "gb18030"
    number &= 0xFFFF
    return CODE_PAGES.get(number, f"cp{number}" if 1250 <= number <= 1258 else "gb18030")


def embedded(compound: Compound) -> Iterator[Part]:
    """Yield the parts of embedded objects, and what macros say."""
    scripts = Lines("macros", PartKind.SCRIPT)
    for path in compound.streams():
        last = path.rpartition("/")[2]
        if last == "\x01Ole10Native":
            name, data = native(compound.read(path))
            compound.take(nested(Source(name or path, data=data), compound.limits))
        elif last in ("Package", "CONTENTS") and path not in compound.seen:
            compound.take(nested(Source(path, data=compound.read(path)), compound.limits))
        elif is_macro(path):
            data, place = compound.read(path), Place((Step(Unit.ELEMENT, path),))
            for text in (*sources(data), *found_strings(data)):
                scripts.add(text, place)
    yield from scripts.parts()


def is_macro(path: str) -> bool:
    """Return whether a stream belongs to a macro project."""
    return "VBA/" in path or "_VBA_PROJECT" in path


def native(data: bytes) -> tuple[str, bytes]:
    """Return the name and bytes of a packaged file ([MS-OLEDS] 2.3.6 and what Packager writes)."""
    fields = data[6:].split(b"\0", 2)
    if len(fields) < 3:
        return "", data[4:]
    name = decode(fields[0]).text.rpartition("\\")[2]
    rest = fields[2]
    if len(rest) < 8:
        return name, rest
    path_size = int.from_bytes(rest[4:8], "little")
    start = 8 + path_size
    size = int.from_bytes(rest[start : start + 4], "little")
    return name, rest[start + 4 : start + 4 + size]


def strings(data: bytes, texts_known: Iterable[str]) -> tuple[Part, ...]:
    """Return the strings of the whole file that are not known: slack, deleted, unknown content."""
    known = squeezed("".join(texts_known))
    lines = Lines("remains", PartKind.DATA)
    told: set[str] = set()
    for text in found_strings(data):
        key = squeezed(text)
        if key and key not in told and any(word not in known for word in TOKENS.findall(key)):
            told.add(key)
            lines.add(text)
            if len(told) >= MOST_STRINGS:
                break
    return lines.parts()


def found_strings(data: bytes) -> Iterator[str]:
    """Yield the readable strings of bytes, in UTF-16 and in GB18030, that say anything."""
    for parity in (0, 1):
        for match in WIDE.finditer(data[parity:] if parity else data):
            if match.start() % 2 == 0:
                yield from telling(match[0].decode("utf-16-le", "ignore"))
    for match in NARROW.finditer(data):
        yield from telling(match[0].decode("gb18030", "ignore"))


def telling(text: str) -> Iterator[str]:
    """Yield a string when it looks like words, a number or an address."""
    text = text.strip()
    if WORTH.search(text) and is_plausible(text):
        yield text


def is_plausible(text: str) -> bool:
    """Return whether most hanzi of a string are frequent ones, as in any text."""
    from secreview.formats.decode import FREQUENT

    hanzi = [letter for letter in text if letter >= "\u0100"]
    return not hanzi or sum(letter in FREQUENT for letter in hanzi) * 5 >= len(hanzi) * 2


def squeezed(text: str) -> str:
    """Return a text without blanks, to compare."""
    return "".join(text.split())
