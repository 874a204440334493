"""Plain text and Markdown: the decoded file is the body; large files come in pieces."""

from __future__ import annotations

import codecs
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple, overload

from secreview.formats.decode import BOMS, Decoded, decode
from secreview.formats.protocol import MEBIBYTE, Content, Limits, Source
from secreview.model import Gap, Part, PartKind, Place, PlaceIndex, Step, Unit, Why

MEDIA_TYPES = ("text/plain", "text/markdown")

MAY_BE_TABLE = re.compile(
    r"[\t|｜]|[^\S\n]{2,}\S|(?:姓名|序号|电话|证) |\S\u3000[^\s]{1,20}\u3000\S"
)
STREAM_FROM = 4 * MEBIBYTE  # bytes; longer files are read in pieces
SAMPLE = MEBIBYTE
BLOCK = 1 << 18


class Cut(NamedTuple):
    """How long pieces are, and how many characters of context stand on each side."""

    size: int = MEBIBYTE // 4
    context: int = 4096


CUT = Cut()


def read(source: Source, limits: Limits) -> Content:
    """Return the body, once for each encoding that the bytes may be in."""
    if source.size() <= STREAM_FROM:
        return whole(decode(source.read(limits)))
    readings, gaps = streams(source)
    return Content(readings[0] if len(readings) == 1 else Chain(readings), gaps)


def whole(decoded: Decoded) -> Content:
    """Return the parts of a text that was decoded at once."""
    parts = [body("body", decoded.text)]
    parts += [body(f"body-{encoding}", text) for encoding, text in decoded.alternatives]
    return Content(tuple(parts), damage(decoded.undecodable))


def body(part_id: str, text: str) -> Part:
    """Return a text as a part whose flattened tables know their titles."""
    if not MAY_BE_TABLE.search(text):
        return Part(part_id, PartKind.BODY, text, first_line=1)
    from secreview.formats.flat import flat_tables  # lazy: most texts have no tables

    return Part(part_id, PartKind.BODY, text, flat_tables(text) or PlaceIndex(), first_line=1)


def damage(undecodable: int) -> tuple[Gap, ...]:
    """Return the gap for bytes that could not be decoded."""
    if not undecodable:
        return ()
    return (Gap("body", Why.DAMAGED, f"undecodable bytes: {undecodable}"),)


def streams(source: Source, cut: Cut = CUT) -> tuple[tuple[Pieces, ...], tuple[Gap, ...]]:
    """Return the lazy pieces of a large file for each encoding it may be in, and gaps."""
    encodings, undecodable = encodings_of(source)
    readings = tuple(
        Pieces(source, encoding, f"body-{encoding}" if nth else "body", cut)
        for nth, encoding in enumerate(encodings)
    )
    return readings, damage(undecodable)


def encodings_of(source: Source) -> tuple[tuple[str, ...], int]:
    """Return the likely encodings of a large file, best first, and its undecodable bytes."""
    with source.open() as stream:
        head = stream.read(SAMPLE)
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return (encoding,), failures(source, encoding)
    if b"\0" in head:
        found = decode(head[: len(head) - len(head) % 4])
        return (found.encoding,), failures(source, found.encoding)
    wrong = first_failure(source, "utf-8")
    if wrong < 0:
        return ("utf-8",), 0
    found = decode(sample_at(source, wrong))
    encodings = (found.encoding, *(encoding for encoding, _ in found.alternatives))
    strict = [e for e in encodings if first_failure(source, e) < 0]
    if strict:
        return tuple(strict), 0
    return encodings, failures(source, encodings[0])


def sample_at(source: Source, position: int) -> bytes:
    """Return whole lines around a byte position, enough to judge the encoding by."""
    with source.open() as stream:
        stream.seek(max(0, position - BLOCK))
        data = stream.read(SAMPLE)
    first = data.find(b"\n") + 1 if position > BLOCK else 0
    last = data.rfind(b"\n") + 1
    return data[first:last] if last > first else data


def first_failure(source: Source, encoding: str) -> int:
    """Return about where strict decoding fails (the start of the block), or -1."""
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    with source.open() as stream:
        while block := stream.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return position + error.start
            position += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return position
    return -1


def failures(source: Source, encoding: str) -> int:
    """Return how many replacement characters lenient decoding adds."""
    if first_failure(source, encoding) < 0:
        return 0
    return sum(text.count("\ufffd") for text in texts(source, encoding))


def texts(source: Source, encoding: str) -> Iterator[str]:
    """Yield the decoded file block by block, with replacement characters where it fails."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with source.open() as stream:
        while block := stream.read(BLOCK):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


class Lazy(Sequence[Part]):
    """Parts that are made anew by each pass over them, so that none has to be kept."""

    __slots__ = ()

    @abstractmethod
    def __iter__(self) -> Iterator[Part]:
        """Yield the parts in order."""

    def __len__(self) -> int:
        """Return how many parts there are, by going over them once."""
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, index: int) -> Part: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Part, ...]: ...
    def __getitem__(self, index: int | slice) -> Part | tuple[Part, ...]:
        """Return one part, or several, by going over those before them."""
        if isinstance(index, slice):
            return tuple(self)[index]
        position = index if index >= 0 else len(self) + index
        for part in islice(self, max(0, position), None) if position >= 0 else ():
            return part
        raise IndexError(index)


@dataclass(frozen=True, slots=True)
class Pieces(Lazy):
    """The pieces of a large text; each pass over them reads the file again."""

    source: Source
    encoding: str
    id: str
    cut: Cut = CUT

    def __iter__(self) -> Iterator[Part]:
        """Yield the pieces in order."""
        return pieces(texts(self.source, self.encoding), self.id, self.cut)


@dataclass(frozen=True, slots=True)
class Chain(Lazy):
    """Several sequences of parts, one after another, each as lazy as it is."""

    sequences: tuple[Sequence[Part], ...]

    def __iter__(self) -> Iterator[Part]:
        """Yield the parts of every sequence."""
        for sequence in self.sequences:
            yield from sequence


def pieces(chunks: Iterator[str], part_id: str, cut: Cut) -> Iterator[Part]:
    """Yield pieces whose cores, put together, are the whole text."""
    text, start, low, line, column = "", 0, 0, 1, 1
    number, is_last = 0, False
    while not is_last:
        want = low + cut.size + cut.context + 1
        text, is_last = fill(text, chunks, want)
        while low < len(text) and (is_last or len(text) >= want):
            high = cut_at(text, low, cut.size)
            number += 1
            part = Part(
                f"{part_id}#{number}", PartKind.BODY, text[: high + cut.context], start=start,
                first_line=line, core=(low, high),
            )  # fmt: skip
            yield part if column == 1 else in_long_line(part, line, column)
            drop = max(0, high - cut.context)
            drop = text.rfind("\n", max(0, drop - cut.context), drop) + 1 or drop
            line, column = advance(text[:drop], line, column)
            text, start, low = text[drop:], start + drop, high - drop
            want = low + cut.size + cut.context + 1


def fill(text: str, chunks: Iterator[str], want: int) -> tuple[str, bool]:
    """Return the text extended to at least ``want`` characters, and whether the file ended."""
    parts, length = [text], len(text)
    for chunk in chunks:
        parts.append(chunk)
        length += len(chunk)
        if length >= want:
            return "".join(parts), False
    return "".join(parts), True


def cut_at(text: str, low: int, size: int) -> int:
    """Return the end of the core that starts at ``low``: after a newline, or anywhere."""
    if len(text) - low <= size:
        return len(text)
    return text.rfind("\n", low, low + size) + 1 or low + size


def advance(text: str, line: int, column: int) -> tuple[int, int]:
    """Return line and column after a text."""
    newlines = text.count("\n")
    if not newlines:
        return line, column + len(text)
    return line + newlines, len(text) - text.rfind("\n")


@dataclass(frozen=True, slots=True)
class InLongLine:
    """Places of a piece that starts inside a line."""

    text: str
    line: int
    column: int

    def at(self, offset: int) -> Place:
        """Return line and column in the whole file."""
        line, column = advance(self.text[:offset], self.line, self.column)
        return Place((Step(Unit.LINE, line),), line=line, column=column)


def in_long_line(part: Part, line: int, column: int) -> Part:
    """Return a piece that counts columns from the true start of its line."""
    return replace(part, first_line=0, places=InLongLine(part.text, line, column))
