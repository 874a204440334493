"""A file inside another one: read by its own format, its parts and gaps named after it."""

from __future__ import annotations

from dataclasses import replace

from secreview.errors import Damaged, Encrypted, ReadError, TooLarge
from secreview.formats.coverage import inside
from secreview.formats.lines import within
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, Place, Status, Step, Unit, Why


def nested(source: Source, limits: Limits) -> Content:
    """Return what a file inside another one holds; ``limits`` are those of the outer file.

    A file that cannot be read is a gap; one level of nesting is used up.
    """
    from secreview.formats import read

    steps = (Step(Unit.FILE, source.name),)
    inner = replace(limits, depth=limits.depth - 1)
    if inner.depth < 0:
        return unread(source, Why.LIMIT, "files nested too deep")
    try:
        document = read(source, inner)
        parts = tuple(within(part, source.name, steps) for part in document.parts)
    except ReadError as error:
        return unread(source, why_of(error), str(error))
    gaps = tuple(
        replace(
            gap,
            part=named(source.name, gap.part),
            place=replace(gap.place, steps=(*steps, *gap.place.steps)),
        )
        for gap in document.gaps
    )
    return Content(parts, gaps, tuple(inside(source.name, document.coverage)))


def named(outer: str, inner: str) -> str:
    """Return the name of a piece of a file inside another one; one that is the file is its own."""
    return outer if inner == outer else f"{outer}!{inner}"


def unread(source: Source, why: Why, detail: str = "") -> Content:
    """Return the content of a file inside another one that was not read."""
    gap = Gap(source.name, why, detail, Place((Step(Unit.FILE, source.name),)))
    row = Covered(source.name, "file", Status.UNREAD, source.size(), reason=str(why))
    return Content((), (gap,), (row,))


def why_of(error: ReadError) -> Why:
    """Return the reason code of an error."""
    reasons = ((Encrypted, Why.ENCRYPTED), (Damaged, Why.DAMAGED), (TooLarge, Why.LIMIT))
    return next((why for kind, why in reasons if isinstance(error, kind)), Why.UNSUPPORTED)
