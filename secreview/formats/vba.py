"""Macro sources in the streams of a macro project, compressed as [MS-OVBA] 2.4.1 has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secreview.formats.decode import decode, is_text

START = re.compile(rb"\x01[\x00-\xff][\xb0-\xbf]")  # signature, then the header of a full chunk
CHUNK = 4096  # bytes that a chunk inflates to at the most
LEAST = 16  # bytes of a source worth telling
TRIES = 2_000  # starts that are looked at in one stream
MOST = 16 << 20  # bytes of one source


def sources(data: bytes) -> Iterator[str]:
    """Yield the texts that are compressed somewhere in a stream."""
    end = 0
    for nth, start in enumerate(START.finditer(data)):
        if nth >= TRIES:
            return
        if start.start() < end:
            continue
        text, after = inflated(data, start.start() + 1)
        if len(text) >= LEAST and is_text(text):
            end = after
            yield decode(text).text


def inflated(data: bytes, at: int) -> tuple[bytes, int]:
    """Return what chunks from an offset on inflate to, and the offset after them."""
    out = bytearray()
    while at + 2 <= len(data) and len(out) < MOST:
        header = int.from_bytes(data[at : at + 2], "little")
        if header & 0x7000 != 0x3000:
            break
        end = min(len(data), at + (header & 0x0FFF) + 3)
        if header & 0x8000:
            out += tokens(data[at + 2 : end])
        else:
            out += data[at + 2 : end]
        at = end
    return bytes(out), at


def tokens(data: bytes) -> bytes:
    """Return what one compressed chunk inflates to; a token that copies from nowhere ends it."""
    out = bytearray()
    at = 0
    while at < len(data) and len(out) < CHUNK:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            offset, length = copied(int.from_bytes(data[at : at + 2], "little"), len(out))
            at += 2
            if offset > len(out):
                return bytes(out)
            for _ in range(length):
                out.append(out[-offset])
    return bytes(out[:CHUNK])


def copied(token: int, done: int) -> tuple[int, int]:
    """Return how far back a copy token reaches and how many bytes it copies (2.4.1.3.19).

    >>> copied(0x7000, 12), copied(0x0001, 1)
    ((8, 3), (1, 4))
    """
    bits = max(4, (max(1, done) - 1).bit_length())
    mask = 0xFFFF >> bits
    return (token >> (16 - bits)) + 1, (token & mask) + 3
