"""The coverage list: every piece of a file is a row that says how far it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from secreview.formats.protocol import Content, Source
from secreview.model import Covered, Gap, Status, Why

SOFT = frozenset({Why.APPROXIMATE, Why.DISAGREE})  # read, though not for certain


def coverage(source: Source, media_type: str, reader: str, content: Content) -> list[Covered]:
    """Return the rows of a file as read: those of its reader, and one for each further gap."""
    rows = list(content.coverage)
    if not rows:
        rows = [Covered(source.name, media_type, whole_status(content), source.size(), reader)]
    named = {row.locator for row in rows}
    rows += [row_of(gap) for gap in content.gaps if gap.part not in named]
    return rows


def whole_status(content: Content) -> Status:
    """Return the status of a file that is one piece."""
    if any(gap.why in SOFT for gap in content.gaps):
        return Status.APPROXIMATE
    return Status.UNREAD if content.gaps and not content.parts else Status.READ


def row_of(gap: Gap) -> Covered:
    """Return the row of a gap that has none."""
    status = Status.APPROXIMATE if gap.why in SOFT else Status.UNREAD
    return Covered(gap.part, "part", status, reason=str(gap.why))


def members(
    sizes: Mapping[str, int], gaps: Sequence[Gap], *, skipped: Iterable[str], reader: str
) -> list[Covered]:
    """Return a row for each member of a container: read unless a gap names it or it is skipped."""
    reasons = {gap.part: gap for gap in gaps}
    left_out = frozenset(skipped)
    rows = []
    for name, size in sizes.items():
        gap = reasons.get(name)
        if name in left_out:
            rows.append(Covered(name, "member", Status.SKIPPED, size, reader, "no text"))
        elif gap is None:
            rows.append(Covered(name, "member", Status.READ, size, reader))
        else:
            status = Status.APPROXIMATE if gap.why in SOFT else Status.UNREAD
            rows.append(Covered(name, "member", status, size, reader, str(gap.why)))
    return rows


def inside(name: str, rows: Iterable[Covered]) -> list[Covered]:
    """Return the rows of a file inside another one, named after it."""
    return [
        row if row.locator == name else row._replace(locator=f"{name}!{row.locator}")
        for row in rows
    ]
