"""What a format module offers and what it is given."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from secreview.errors import ReadError, TooLarge
from secreview.model import Covered, Gap, Part

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a reader may go; every limit that is hit becomes a gap or a ReadError.

    Sizes are bytes. ``ratio`` bounds inflated ÷ stored once a member is over ``ratio_from``.
    ``passwords`` are tried on what is encrypted; nothing shows them.
    """

    input: int = 200 * MEBIBYTE
    member: int = 100 * MEBIBYTE
    total: int = 1024 * MEBIBYTE
    ratio: int = 200
    ratio_from: int = 10 * MEBIBYTE
    members: int = 10_000
    depth: int = 5
    pages: int = 5_000
    pixels: int = 100_000_000  # of one picture
    pictures: int = 50  # pages or frames whose text is recognised
    memory: int = 2048 * MEBIBYTE  # of the reading process
    cpu_seconds: int = 60
    wall_seconds: int = 120
    passwords: tuple[str, ...] = field(default=(), repr=False)


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Source:
    """A named stream of bytes, on disk or in memory."""

    name: str
    path: Path | None = None
    data: bytes = b""

    def size(self) -> int:
        """Return the size in bytes."""
        return self.path.stat().st_size if self.path else len(self.data)

    def open(self) -> BinaryIO:
        """Return a fresh binary stream from the start."""
        return self.path.open("rb") if self.path else io.BytesIO(self.data)

    def read(self, limits: Limits = DEFAULT_LIMITS) -> bytes:
        """Return all bytes; raise TooLarge past the input limit."""
        if self.size() > limits.input:
            raise TooLarge(f"{self.size()} bytes, limit {limits.input}")
        if not self.path:
            return self.data
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise ReadError(f"cannot open: {error.strerror}") from error

    def sha256(self) -> str:
        """Return the hexadecimal SHA-256 of the bytes."""
        with self.open() as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(MEBIBYTE):
                digest.update(chunk)
            return digest.hexdigest()


class Content(NamedTuple):
    """What a reader found: parts in reading order, gaps, and what they cover of the file.

    A reader of files that are one piece leaves ``coverage`` out: it gets one row for the file.
    """

    parts: Sequence[Part]
    gaps: tuple[Gap, ...] = ()
    coverage: tuple[Covered, ...] = ()


class Format(Protocol):
    """A format module: reads one family of files."""

    MEDIA_TYPES: tuple[str, ...]

    def read(self, source: Source, limits: Limits) -> Content:
        """Return the parts and gaps of a source; raise ReadError when nothing can be read."""
