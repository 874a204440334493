"""Bombs in a PDF file: streams that inflate past the limits are found and defused beforehand."""

from __future__ import annotations

import base64
import binascii
import math
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from secreview.errors import TooLarge
from secreview.formats.protocol import MEBIBYTE, Limits
from secreview.model import Gap, Why

START = re.compile(rb"stream[ \t]*(?:\r\n|\n|\r)")  # begins with a literal: found fast
IMAGE = re.compile(rb"/Subtype\s*/Image\b")
HEAD = 2048  # bytes before a stream in which its dictionary stands
LAYERS = 3  # Flate within Flate
BLOCK = 1 << 16
DEFUSED = b"\0\0"  # no zlib header: every reader gives up at once
LZW_RATIO = 1280  # the most that LZW with 12-bit codes can inflate
RUN_RATIO = 64
# The most that each filter can make of its bytes: RFC 1950 data at its densest, "z" in base 85.
RATIOS = {
    "/ASCIIHexDecode": 1, "/AHx": 1, "/ASCII85Decode": 4, "/A85": 4,
    "/FlateDecode": 1032, "/Fl": 1032, "/RunLengthDecode": RUN_RATIO, "/RL": RUN_RATIO,
    "/LZWDecode": LZW_RATIO, "/LZW": LZW_RATIO,
}  # fmt: skip
END_OF_DATA = 257
CLEAR = 256


@dataclass(slots=True)
class Budget:
    """What may still be inflated of a file, over all streams together."""

    left: int

    def spend(self, size: int) -> None:
        """Take off some bytes; raise TooLarge when nothing is left."""
        self.left -= size
        if self.left < 0:
            raise TooLarge("all streams together inflate past the limit")


class Bomb(TooLarge):
    """One stream inflates past a limit."""


def guarded(data: bytes, limits: Limits, gaps: list[Gap]) -> bytes:
    """Return the file with every bomb defused and a gap for each.

    The streams are found and inflated without trusting any structure, in bounded pieces, because
    pdfium and qpdf inflate a stream whole as soon as they need it.
    """
    budget = Budget(limits.total)
    patched: bytearray | None = None
    for start, is_image in zipped(data):
        try:
            inflated(memoryview(data)[start:], limits, budget, is_image=is_image)
        except Bomb as error:
            patched = bytearray(data) if patched is None else patched
            patched[start : start + 2] = DEFUSED
            gaps.append(Gap(f"stream at byte {start}", Why.LIMIT, str(error)))
    return data if patched is None else bytes(patched)


def zipped(data: bytes) -> Iterator[tuple[int, bool]]:
    """Yield where zlib data starts behind the word stream, and whether it is a picture."""
    for found in START.finditer(data):
        start = found.end()
        is_end = data[found.start() - 3 : found.start()] == b"end"
        if not is_end and is_zlib(data[start : start + 2]):
            head = data[max(0, found.start() - HEAD) : found.start()]
            yield start, bool(IMAGE.search(head[head.rfind(b" obj") + 1 :]))


def is_zlib(head: bytes) -> bool:
    """Return whether two bytes are a zlib header (RFC 1950)."""
    return len(head) == 2 and head[0] & 15 == 8 and (head[0] << 8 | head[1]) % 31 == 0


def inflated(data: memoryview, limits: Limits, budget: Budget, *, is_image: bool) -> None:
    """Inflate zlib data and throw it away; raise Bomb past a limit."""
    size = 0
    machine = Inflater(LAYERS)
    for piece in machine.feed(data):
        size += len(piece)
        budget.spend(len(piece))
        if size > limits.member:
            raise Bomb(f"inflates past {limits.member} bytes")
        if not is_image and size > limits.ratio_from and size > limits.ratio * machine.taken:
            raise Bomb(f"inflates more than {limits.ratio} times")


class Inflater:
    """Inflates zlib data piece by piece, then zlib data inside it; stops quietly at a fault."""

    def __init__(self, layers: int = 1) -> None:
        """Start at a zlib header; ``layers`` says how deep to look for zlib data within."""
        self.machine = zlib.decompressobj()
        self.layers = layers
        self.inner: Inflater | None = None
        self.taken = 0

    def feed(self, data: memoryview) -> Iterator[bytes]:
        """Yield what further bytes inflate to, a mebibyte at a time."""
        position = 0
        while not self.machine.eof and position < len(data):
            block = bytes(data[position : position + BLOCK])
            position += len(block)
            self.taken += len(block)
            while block and not self.machine.eof:
                try:
                    piece = self.machine.decompress(block, MEBIBYTE)
                except zlib.error:
                    return
                block = self.machine.unconsumed_tail
                if piece:
                    yield piece
                    yield from self.within(piece)

    def within(self, piece: bytes) -> Iterator[bytes]:
        """Yield what the inflated data inflates to in turn."""
        if self.inner is None:
            self.inner = Inflater(self.layers - 1 if is_zlib(piece[:2]) else 0)
        if self.inner.layers > 0:
            yield from self.inner.feed(memoryview(piece))


def measured(raw: bytes, filters: Sequence[str], limits: Limits) -> None:
    """Raise TooLarge when a stream with unusual filters would inflate past the limit."""
    if len(raw) * math.prod(RATIOS.get(name, 1) for name in filters) <= limits.member:
        return
    for nth, name in enumerate(filters):
        match name:
            case "/ASCIIHexDecode" | "/AHx":
                raw = unhexed(raw)
            case "/ASCII85Decode" | "/A85":
                raw = unbased(raw)
            case "/FlateDecode" | "/Fl":
                raw = joined(raw, limits)
            case "/RunLengthDecode" | "/RL" | "/LZWDecode" | "/LZW":
                is_lzw = "LZW" in name
                ratio = LZW_RATIO if is_lzw else RUN_RATIO
                if len(raw) * ratio <= limits.member:
                    return
                size = lzw_size(raw) if is_lzw and nth == len(filters) - 1 else len(raw) * ratio
                if size > limits.member:
                    raise TooLarge(f"stream may inflate past {limits.member} bytes")
            case _:
                return


def joined(raw: bytes, limits: Limits) -> bytes:
    """Return inflated data; raise TooLarge past the limit for one member."""
    pieces: list[bytes] = []
    size = 0
    for piece in Inflater(layers=1).feed(memoryview(raw)):
        size += len(piece)
        if size > limits.member:
            raise TooLarge(f"inflates past {limits.member} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def unhexed(raw: bytes) -> bytes:
    """Return the bytes that hexadecimal digits stand for."""
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", raw.partition(b">")[0])
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


def unbased(raw: bytes) -> bytes:
    """Return the bytes that base-85 digits stand for, nothing when they are broken."""
    try:
        return base64.a85decode(raw.strip().removeprefix(b"<~").partition(b"~>")[0])
    except ValueError:
        return b""


def lzw_size(raw: bytes) -> int:
    """Return how many bytes LZW data stands for, counting lengths only."""
    lengths = [1] * CLEAR + [0, 0]
    width, size, previous, position, held, bits = 9, 0, 0, 0, 0, 0
    while position < len(raw):
        while bits < width and position < len(raw):
            held, bits, position = held << 8 | raw[position], bits + 8, position + 1
        if bits < width:
            break
        bits -= width
        code, held = held >> bits, held & ((1 << bits) - 1)
        if code == END_OF_DATA:
            break
        if code == CLEAR:
            lengths, width, previous = [1] * CLEAR + [0, 0], 9, 0
            continue
        length = lengths[code] if code < len(lengths) else previous + 1
        if previous and len(lengths) < 4096:
            lengths.append(previous + 1)
        size, previous = size + length, length
        width = max(9, min(12, (len(lengths) + 1).bit_length()))
    return size
