"""Everything that happened to a document, in order: on the screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from secreview.model import Verdict
from secreview.outputs.messages import known, message
from secreview.review.body import written
from secreview.review.event import Event
from secreview.review.record import Decision, Role
from secreview.review.titles import DECISIONS, ROLES

SCHEMA = "secreview.trace/1"
SHORT = 12  # characters of a digest that people compare
TOLD = (
    "stage", "decision", "ground", "finding", "unread", "to", "url", "sha256", "reason", "remark",
    "answer", "due", "until",
)  # fmt: skip


def as_json(found: Mapping[str, Sequence[Event]]) -> str:
    """Return the events of records as one JSON object."""
    records = [
        {
            "record": name,
            "events": [
                {"kind": e.kind, "at": e.at, "actor": e.actor, "body": written(e.body)}
                for e in events
            ],
        }
        for name, events in found.items()
    ]
    return json.dumps({"schema": SCHEMA, "records": records}, ensure_ascii=False, indent=1)


def as_text(found: Mapping[str, Sequence[Event]], lang: str) -> str:
    """Return the events of records as lines: when, what, who, and what it was about."""
    lines = []
    for name, events in found.items():
        lines.append(message("trace.record", lang, id=name))
        for event in events:
            key = f"trace.{event.kind}"
            what = message(key, lang) if known(key) else event.kind
            details = "  ".join(about(event, lang))
            lines.append(f"  {event.at}  {what}  {event.actor}  {details}".rstrip())
            lines.extend(f"    {line}" for line in files(event, lang))
    return "\n".join((*lines, ""))


def about(event: Event, lang: str) -> Iterator[str]:
    """Yield what an event says in a few words."""
    for key in TOLD:
        value = event.body.get(key)
        if not isinstance(value, str) or not value:
            continue
        if key == "decision" and value in DECISIONS:
            yield DECISIONS[Decision(value)].in_(lang)
        else:
            yield value[:SHORT] if key == "sha256" else value


def files(event: Event, lang: str) -> Iterator[str]:
    """Yield a line for each file that was handed in: digest, verdict, what was found."""
    body: Mapping[str, Any] = event.body
    version: Mapping[str, Any] = body.get("version") or {}
    reports = {report["file"]: report for report in version.get("reports", ())}
    for file in version.get("files", ()):
        report = reports.get(file["sha256"], {})
        advice = message(f"verdict.{Verdict(report['verdict'])}", lang) if report else ""
        count = message("trace.findings", lang, n=len(report.get("findings", ())))
        role = ROLES[Role(file["role"])].in_(lang)
        yield f"{role}  {file['name']}  {file['sha256'][:SHORT]}  {advice}  {count}"
