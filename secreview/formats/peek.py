"""The first bytes of a member of a package, without reading all of it."""

from __future__ import annotations

from secreview.formats.ooxml import FAULTS, Package

FONT_STARTS = (b"\0\1\0\0", b"OTTO", b"ttcf", b"true", b"wOFF", b"wOF2", b"%!PS", b"\x80\x01")
PEEK = 64


def peek(package: Package, member: str) -> bytes:
    """Return the first bytes of a member, none when it cannot be opened."""
    try:
        with package.archive.open(package.members[member]) as stream:
            return stream.read(PEEK)
    except (*FAULTS, RuntimeError, NotImplementedError):
        return b""
