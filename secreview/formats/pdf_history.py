"""Earlier states of a PDF file: what they said that the file as it is now does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from secreview.errors import ReadError
from secreview.formats.lines import Lines
from secreview.formats.pdf_known import Known
from secreview.formats.pdf_open import File
from secreview.formats.protocol import Content
from secreview.model import Part, PartKind, Place, Step, Unit, Why

END = re.compile(rb"startxref\s+(\d{1,11})\s+%%EOF[ \t]*(?:\r\n|\r|\n)?")
TABLE = re.compile(rb"\s{0,20}(?:xref\b|\d{1,9}\s+\d{1,5}\s+obj\b)")
STATES = 20  # earlier states that are read, the latest ones


def ends(data: bytes) -> list[int]:
    """Return where each state of a file ends: after an end mark whose table lies before it."""
    found: list[int] = []
    for mark in END.finditer(data):
        table = int(mark.group(1))
        if 0 < table < mark.start() and TABLE.match(data, table):
            found.append(mark.end())
    return found


def revisions(file: File, now: Iterable[Part], again: Callable[[bytes], Content]) -> Iterator[Part]:
    """Yield what each earlier state says that the parts of now do not.

    ``again`` reads the bytes of a state.
    """
    states = ends(file.data)[:-1]
    if len(states) > STATES:
        detail = f"{len(states) - STATES} earlier states"
        file.gap("revisions", Why.LIMIT, detail)
    known = Known(now)
    first = max(0, len(states) - STATES)
    pages = 0
    for number, end in list(enumerate(states, start=1))[first:][::-1]:
        name = f"revision {number}"
        if pages > file.limits.pages:
            file.gap(name, Why.LIMIT, "too many pages in all states together")
            continue
        try:
            content = again(file.data[:end])
        except ReadError as error:
            file.gap(name, Why.DAMAGED, type(error).__name__)
            file.cover(name, "revision", end)
            continue
        yield from state(name, content, known)
        pages += sum(row.kind == "page" for row in content.coverage)
        for gap in content.gaps:
            if gap.why in (Why.LIMIT, Why.CRASHED, Why.ENCRYPTED):
                file.gap(f"{name} {gap.part}", gap.why, gap.detail, gap.place)
        if known.left <= 0:
            file.gap(name, Why.LIMIT, "too much text to compare")
        file.cover(name, "revision", end)


def state(name: str, content: Content, known: Known) -> Iterator[Part]:
    """Yield the lines of an earlier state that are not known, with their places, as one part."""
    lines = Lines(name, PartKind.DELETED)
    fresh: list[str] = []
    for part in content.parts:
        offset = 0
        for line in part.text.split("\n"):
            if not known.has(line):
                fresh.append(line)
                place = part.place_at(offset)
                steps = (Step(Unit.DELETED, name), *place.steps)
                lines.add(line, Place(steps, place.page, place.headers))
            offset += len(line) + 1
    known.take(fresh)
    yield from lines.parts()
