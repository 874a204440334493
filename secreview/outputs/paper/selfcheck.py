"""The report of self-inspection on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from secreview.model import Bilingual
from secreview.outputs.messages import message
from secreview.outputs.paper.page import Cell, Line, Look, Page, Table, clean
from secreview.review.forms.inspection import Inspection
from secreview.review.titles import DECISIONS

SCHEMA = "secreview.inspection/1"
WIDTHS = (80, 98)
RECORDS = 8  # ids that a line lists
RECTIFY_MM = 30
Row = tuple[str, str]


def selfcheck(
    found: Inspection,
    titles: Mapping[str, Bilingual],
    *,
    lang: str = "zh",
    unit: str = "",
    begun: date | None = None,
) -> Page:
    """Return the report; ``titles`` names grounds and categories, ``begun`` is when records began.

    Without anything handed in, decided or published it is the zero report that practice asks for.
    """
    lead = message(
        "inspect.lead", lang, unit=clean(unit) or "　　　　　　",
        since=found.period.since.isoformat(), until=found.period.until.isoformat(),
    )  # fmt: skip
    lines = [line for title, rows in sections(found, titles, lang)
             for line in section(title, rows, lang)]  # fmt: skip
    lines.append(Line((Cell(message("inspect.rectify", lang), Look.TITLE, 2),)))
    lines.append(Line((Cell("", span=2),), RECTIFY_MM))
    notes = [message("inspect.kept", lang, day=begun.isoformat())] if begun else []
    if is_zero(found):
        notes.insert(0, message("inspect.nothing", lang))
    return Page(message("inspect.title", lang), lead, (Table(WIDTHS, tuple(lines)),), tuple(notes))


def is_zero(found: Inspection) -> bool:
    """Return whether nothing was handed in, decided or published."""
    return not (found.reviewed or found.published or sum(found.decided.values()))


def sections(
    found: Inspection, titles: Mapping[str, Bilingual], lang: str
) -> Iterator[tuple[str, list[Row]]]:
    """Yield the title of each section with its rows."""

    def count(number: int) -> str:
        return message("inspect.count", lang, n=number)

    def name(code: str) -> str:
        title = titles.get(code)
        return f"{code} {title.in_(lang)}" if title and code.isupper() else told(code, title)

    def told(code: str, title: Bilingual | None) -> str:
        return title.in_(lang) if title else code or message("inspect.no-ground", lang)

    back = message("inspect.returned-n", lang, n=found.returned, records=found.returned_records)
    yield (
        "basics",
        [
            (message("inspect.reviewed", lang), count(found.reviewed)),
            (message("inspect.returned", lang), back),
            (message("inspect.open", lang), count(found.open)),
        ],
    )
    yield (
        "decisions",
        [
            (DECISIONS[decision].in_(lang), count(number))
            for decision, number in found.decided.items()
        ],
    )
    yield "withheld", [(name(code), count(n)) for code, n in sorted(found.withheld.items())]
    channels = sorted(found.channels.items())
    yield (
        "published",
        [
            (message("inspect.items", lang), count(found.published)),
            *((message(f"channel.{channel}", lang), count(number)) for channel, number in channels),
        ],
    )
    suspected = [(name(category), count(n)) for category, n in sorted(found.categories.items())]
    if found.unread:
        suspected.append((message("inspect.unread", lang), count(found.unread)))
    yield "found", suspected
    yield "problems", [
        (message(f"problem.{problem}", lang),
         message("inspect.cases", lang, n=len(ids), list=listed(ids, lang)))
        for problem, ids in found.problems.items()
    ]  # fmt: skip


def listed(ids: Sequence[str], lang: str) -> str:
    """Return the first ids of records."""
    shown = ("、" if lang == "zh" else ", ").join(ids[:RECORDS])
    return shown + (message("balance.and-more", lang) if len(ids) > RECORDS else "")


def section(title: str, rows: list[Row], lang: str) -> Iterator[Line]:
    """Yield the rows of one section; one without any says so."""
    yield Line((Cell(message(f"inspect.{title}", lang), Look.TITLE, 2),))
    if not rows:
        yield Line((Cell(message("inspect.none", lang), span=2),))
    for name, value in rows:
        yield Line((Cell(clean(name)), Cell(clean(value))))


def selfcheck_json(found: Inspection) -> str:
    """Return the report as JSON."""
    table = {
        "schema": SCHEMA,
        "period": {
            "since": found.period.since.isoformat(),
            "until": found.period.until.isoformat(),
        },
        "reviewed": found.reviewed,
        "decided": {decision.value: number for decision, number in found.decided.items()},
        "returned": {"times": found.returned, "records": found.returned_records},
        "withheld": dict(found.withheld),
        "published": found.published,
        "channels": dict(found.channels),
        "open": found.open,
        "suspected": dict(found.categories),
        "unread": found.unread,
        "problems": {problem.value: list(ids) for problem, ids in found.problems.items()},
    }
    return json.dumps(table, ensure_ascii=False, indent=1)
