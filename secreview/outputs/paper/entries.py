"""Entries of the catalogue of disclosed information (条例第十二条), from records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from secreview.outputs.messages import message
from secreview.outputs.paper.page import short
from secreview.outputs.paper.rows import csv_of
from secreview.review.calendar import day_of
from secreview.review.forms.known import Period, publications
from secreview.review.record import Decision, Phase, Record
from secreview.review.titles import DECISIONS

SCHEMA = "secreview.catalogue/1"
KEYS = (
    "index", "title", "number", "unit", "made", "published", "attribute", "way", "class",
    "summary", "validity", "address", "sha256",
)  # fmt: skip
SUMMARY = 100  # 内容概述
LISTED = frozenset({Decision.PUBLISH, Decision.PARTIAL})
Entry = Mapping[str, str]


def entries(records: Iterable[Record], period: Period, lang: str = "zh") -> Iterator[Entry]:
    """Yield an entry for each record published to everybody in a period, in order of that day.

    What is withheld, disclosed on request or taken down again has none: its title may say too much.
    """
    rows = []
    for record in records:
        decision = record.decision
        if record.phase is not Phase.PUBLISHED or not decision or decision.decision not in LISTED:
            continue
        places = list(publications(record))
        if places and period.holds(places[0].at):
            rows.append((places[0].at, record))
    for _, record in sorted(rows, key=lambda row: (row[0], row[1].id)):
        yield entry(record, lang)


def entry(record: Record, lang: str) -> Entry:
    """Return the entry of one published record; what nobody stated stays empty."""
    submission, more = record.submission, record.submission.more
    last = list(publications(record))[-1]
    ruling = record.decision
    stated = {key: more.get(key, "") for key in ("index", "number", "made", "class", "validity")}
    return {
        **stated,
        "title": submission.title,
        "unit": submission.unit,
        "published": day_of(last.at).isoformat(),
        "attribute": DECISIONS[ruling.decision].in_(lang) if ruling else "",
        "way": submission.channel,
        "summary": short(more.get("summary", ""), SUMMARY),
        "address": last.url,
        "sha256": last.sha256,
    }


def entries_csv(rows: Sequence[Entry], lang: str) -> str:
    """Return entries as CSV, titles of columns first."""
    titles = [message(f"entry.{key}", lang) for key in KEYS]
    return csv_of([titles, *([row[key] for key in KEYS] for row in rows)])


def entries_json(rows: Sequence[Entry]) -> str:
    """Return entries as JSON."""
    ordered = [{key: row[key] for key in KEYS} for row in rows]
    return json.dumps({"schema": SCHEMA, "entries": ordered}, ensure_ascii=False, indent=1)
