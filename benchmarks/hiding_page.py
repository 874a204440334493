"""``python -m benchmarks.hiding_page``: the page on hiding places, made from the table of the tests."""

import sys
from pathlib import Path

from secreview.outputs.messages import message
from tests.formats.hiding import Outcome, Row
from tests.formats.hiding.table import TABLE

PAGE = Path(__file__).parent.parent / "docs/hiding-places.md"
HEAD = """# Hiding places (藏匿之处)

Made by `python -m benchmarks.hiding_page` from the table in `tests/formats/hiding/`; tests keep both true.
For each place a test builds a file that holds an invented identity number there and checks what is told:

- **found** (已覆盖): the number is found, in a part of the kind named here, at a place that leads there;
- **gap** (列为未查): the place is listed as not read, or not for certain, so the file is never clear;
- **no room** (容不下文字): no words fit in there;
- **left** (未覆盖): neither found nor told. Each says why.
"""
WORDS = {
    Outcome.FOUND: "found", Outcome.GAP: "gap", Outcome.NO_ROOM: "no room", Outcome.LEFT: "**left**",
}  # fmt: skip


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, counts(), *(section(name, rows) for name, rows in TABLE.items())])


def counts() -> str:
    """Return how many places of each format come to which outcome."""
    lines = ["| format | places | " + " | ".join(Outcome) + " |", "| --- |" + " ---: |" * 5]
    everything = tuple(row for rows in TABLE.values() for row in rows)
    for name, rows in (*TABLE.items(), ("**all**", everything)):
        numbers = [len(rows), *(sum(row.outcome is outcome for row in rows) for outcome in Outcome)]
        lines.append(f"| {name} | " + " | ".join(map(str, numbers)) + " |")
    return "\n".join(lines) + "\n"


def section(name: str, rows: tuple[Row, ...]) -> str:
    """Return the places of one format."""
    lines = [f"## {name}", "", "| place | 位置 | outcome | told as |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {cell(row.en)} | {cell(row.zh)} | {WORDS[row.outcome]} | {cell(told(row))} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def told(row: Row) -> str:
    """Return the kind of part a leak is found in, or why it is not."""
    if row.kind is not None:
        return f"{message(f'kind.{row.kind}', 'en')} ({message(f'kind.{row.kind}', 'zh')})"
    return row.reason


def cell(text: str) -> str:
    """Return a text as it can stand in a table: markup in it is no markup."""
    text = text.replace("|", r"\|")
    return text.replace("<", "&lt;").replace(">", "&gt;")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
