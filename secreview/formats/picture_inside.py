"""A picture inside a file: what its own reader tells of it, at the page that shows it."""

from __future__ import annotations

from dataclasses import replace

from secreview.formats.lines import NOWHERE
from secreview.formats.nested import nested
from secreview.formats.ooxml import Package
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Gap, Part, Place, Why

UNREADABLE = frozenset({Why.UNSUPPORTED, Why.UNKNOWN_FORMAT, Why.READER_MISSING, Why.EMPTY})
PNG = b"\x89PNG\r\n\x1a\n"
SOLID_STARTS = (b"\xff\xd8\xff", b"BM")  # JPEG and BMP have no transparency
PNG_COLOR_AT = 25  # offset of the colour type in the header chunk
PNG_ALPHA = 4  # bit of the colour type


def picture(name: str, data: bytes, limits: Limits, place: Place = NOWHERE) -> Content:
    """Return what is written in a picture; what was not recognised in it is a gap at a place."""
    content = nested(Source(name, data=data), limits)
    gaps: list[Gap] = []
    for gap in content.gaps:
        where = Place((*place.steps, *gap.place.steps), place.page)
        if gap.part == name and gap.why in UNREADABLE:
            gaps.append(Gap(name, Why.PICTURE, "", where))
        else:
            gaps.append(replace(gap, place=where))
    return Content(content.parts, tuple(gaps), content.coverage)


def picture_parts(
    package: Package, member: str, data: bytes, place: Place = NOWHERE
) -> tuple[Part, ...]:
    """Return the parts of a picture in a package, which gets its gaps and coverage."""
    left = max(0, package.limits.total - package.inflated)
    content = picture(member, data, replace(package.limits, total=left), place)
    package.gaps.extend(content.gaps)
    package.inner.extend(row for row in content.coverage if row.locator != member)
    package.inflated += sum(len(part.text) for part in content.parts)
    return tuple(content.parts)


def is_solid(data: bytes) -> bool:
    """Return whether a picture hides what is below it, as far as its header tells."""
    if data.startswith(SOLID_STARTS):
        return True
    if not data.startswith(PNG) or len(data) <= PNG_COLOR_AT:
        return False
    return not data[PNG_COLOR_AT] & PNG_ALPHA and b"tRNS" not in data[:4096]
