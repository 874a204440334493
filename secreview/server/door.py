"""What is turned away unread: archives that say they inflate without end, XML with entities.

Only what a file says about itself is looked at, in time that its size bounds: the directory of a
zip, the beginning of XML. What lies deeper, or lies, is for the readers, who have limits of their
own and report a gap.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from secreview.formats.protocol import Limits
from secreview.server.problems import Problem

END = struct.Struct("<4s6xHL")  # APPNOTE 4.3.16: signature, number of entries, size of directory
SIGNATURE, LOCATOR = b"PK\5\6", b"PK\6\7"  # the second one is of zip64
END_LENGTH, LOCATOR_LENGTH = 22, 20
LONGEST_END = END_LENGTH + (1 << 16)  # with its comment
ENTRY = 1 << 10  # bytes in a directory for a name, its extra field and comment
HEAD = 1 << 12  # bytes of XML in which a DTD begins
BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of which no more is inflated than is asked
SUBSET = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?+\s*+"
    rb"(?:<\?(?:[^?]|\?(?!>))*+\?>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+)*+"
    rb"<!DOCTYPE[^\[>]*+\["
)
FAULTS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, struct.error, NotImplementedError)


class End(NamedTuple):
    """What the end of a zip says about it."""

    members: int
    directory: int  # bytes


def turn_away(data: bytes, limits: Limits) -> None:
    """Raise Problem for a file that would take too much (413) or declares entities (422)."""
    if declares_entities(data[:HEAD]):
        raise Problem(422, "entities")
    end = end_of(data)
    if end is None:
        return
    if end.members > limits.members or end.directory > limits.members * ENTRY:
        raise Problem(413, "inflates")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if inflates(members, limits):
                raise Problem(413, "inflates")
            if any(map(declares_entities, beginnings(archive))):
                raise Problem(422, "entities")
    except FAULTS:  # damaged: the readers say so
        return


def end_of(data: bytes) -> End | None:
    """Return the end of a zip; None where there is none, or a zip64 that the readers look at."""
    at = data.rfind(SIGNATURE, max(0, len(data) - LONGEST_END))
    if not data.startswith(b"PK") or at < 0 or len(data) - at < END_LENGTH:
        return None
    if data[max(0, at - LOCATOR_LENGTH) : at].startswith(LOCATOR):
        return None
    _, members, directory = END.unpack_from(data, at)
    return End(members, directory)


def inflates(members: list[zipfile.ZipInfo], limits: Limits) -> bool:
    """Return whether members say that they grow past a limit, one of them or all together."""
    return sum(info.file_size for info in members) > limits.total or any(
        info.file_size > limits.ratio_from
        and info.file_size > limits.ratio * max(1, info.compress_size)
        for info in members
    )


def beginnings(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield how each XML member of a zip begins."""
    for info in archive.infolist():
        is_xml = info.filename.lower().endswith((".xml", ".rels", ".svg"))
        if is_xml and info.compress_type in BOUNDED and not info.flag_bits & 1:
            with archive.open(info) as stream:
                yield stream.read(HEAD)


def declares_entities(head: bytes) -> bool:
    """Return whether XML begins with a DTD that declares entities, in any common encoding.

    >>> declares_entities(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    True
    >>> declares_entities(b"<!DOCTYPE html><p>An entity is written as &lt;!ENTITY</p>")
    False
    """
    head = head.replace(b"\0", b"")  # UTF-16
    subset = SUBSET.match(head)
    return subset is not None and b"<!ENTITY" in head[subset.end() :]
