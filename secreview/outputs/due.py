"""What has to be looked at again: on the screen, as JSON, as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from secreview.outputs.messages import message
from secreview.review.again import Due

SCHEMA = "secreview.due/1"
COLUMNS = ("day", "cause", "title", "record", "rules")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula
MANY = 5  # rules that a line names


def as_text(items: Sequence[Due], lang: str) -> str:
    """Return what is due as lines for people."""
    lines = [
        message(
            "due.line",
            lang,
            day=item.day,
            cause=message(f"due.{item.cause}", lang),
            title=item.title,
            record=item.record,
            rules=rules(item, lang),
        )
        for item in items
    ]
    return "\n".join((*lines, message("due.count", lang, n=len(items)), ""))


def rules(item: Due, lang: str) -> str:
    """Return the first rules that make something due, and how many more there are."""
    if not item.rules:
        return ""
    more = len(item.rules) - MANY
    tail = message("due.more", lang, n=more) if more > 0 else ""
    return f"  {', '.join(item.rules[:MANY])}{tail}"


def as_json(items: Sequence[Due], _lang: str) -> str:
    """Return what is due as JSON."""
    rows = [
        {
            "record": item.record,
            "title": item.title,
            "cause": item.cause.value,
            "day": item.day.isoformat(),
            "rules": list(item.rules),
        }
        for item in items
    ]
    return json.dumps({"schema": SCHEMA, "due": rows}, ensure_ascii=False, indent=1)


def as_csv(items: Sequence[Due], lang: str) -> str:
    """Return what is due as a table that spreadsheets open; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(message(f"due.column.{name}", lang) for name in COLUMNS)
    for item in items:
        cause = message(f"due.{item.cause}", lang)
        cells = (item.day.isoformat(), cause, item.title, item.record, " ".join(item.rules))
        writer.writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return "\ufeff" + text.getvalue()


LISTS: Mapping[str, Callable[[Sequence[Due], str], str]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
}
