"""What becomes of an item that is to go out: cleared, held, or nobody can tell.

Every adapter asks in its own way and gets an ``Answer``; what an answer leads to is decided here,
once. What a document causes (a finding, a part that cannot be read) always holds. What the review
itself causes (it is down, late, talks nonsense) holds too, unless the column is
``open-with-record``: then the item goes out, but only once that has been noted.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from secreview.api.desk import now_utc, user_folder
from secreview.config import Config, OnError
from secreview.errors import StoreError
from secreview.model import Bilingual, Report, Severity, Verdict
from secreview.outputs.messages import message
from secreview.review.gate import shown
from secreview.review.step import stamp

LOG = logging.getLogger("secreview.openings")
SCHEMA = "secreview.opening/1"


class Standing(StrEnum):
    """How it stands with an item."""

    CLEARED = "cleared"  # it may go out
    HELD = "held"  # it may not
    UNKNOWN = "unknown"  # nobody can tell
    OPENED = "opened"  # nobody could tell; it goes out, and that was noted


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of an item: how it stands, why, and the masked reports where there are any.

    ``record`` and ``until`` are those of the certificate, where people cleared it.
    """

    standing: Standing
    why: Bilingual
    reports: tuple[Report, ...] = ()
    record: str = ""
    until: str = ""

    @property
    def goes_out(self) -> bool:
        """Return whether the item may be published."""
        return self.standing in (Standing.CLEARED, Standing.OPENED)


@dataclass(frozen=True, slots=True)
class Opening:
    """An item that goes out unreviewed: its column, its name as told, its digests, and why."""

    column: str
    name: str
    digests: tuple[str, ...]
    why: str
    at: str


class Openings(Protocol):
    """Where it is noted what went out unreviewed, so that it is reviewed afterwards."""

    def note(self, opening: Opening) -> None:
        """Keep an opening; raise any error when it cannot be kept."""


@dataclass(frozen=True, slots=True)
class OpeningsFile:
    """Openings as JSON lines in a file that only its owner can read."""

    path: Path

    def note(self, opening: Opening) -> None:
        """Append an opening and wait until the disk has it; raise OSError when it has not."""
        row = {
            "schema": SCHEMA,
            "at": opening.at,
            "column": opening.column,
            "name": opening.name,
            "digests": list(opening.digests),
            "why": opening.why,
        }
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())

    def all(self) -> Iterator[Opening]:
        """Yield what was noted, in order; raise StoreError for a line that is none of ours."""
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                yield Opening(
                    row["column"], row["name"], tuple(row["digests"]), row["why"], row["at"]
                )
            except (ValueError, KeyError, TypeError) as error:
                raise StoreError(f"{self.path}: line {number} is no note of an opening") from error


def openings_of(config: Config) -> OpeningsFile:
    """Return where it is noted what went out unreviewed, by default in this user's folder."""
    own = user_folder("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share") / "openings.jsonl"
    return OpeningsFile(config.openings or own)


def settled(
    answer: Answer,
    on_error: OnError,
    *,
    name: str,
    digests: Collection[str] = (),
    column: str = "",
    openings: Openings,
) -> Answer:
    """Return the answer that counts; where nobody can tell, the policy of the column decides.

    What goes out unreviewed is noted first and told on the log ``secreview.openings``. When it
    cannot be noted the item is held.
    """
    if answer.standing is not Standing.UNKNOWN or on_error is OnError.CLOSED:
        return answer
    opening = Opening(column, shown(name), tuple(digests), answer.why.en, stamp(now_utc()))
    try:
        openings.note(opening)
    except Exception as error:  # kept anywhere: a full disk, a database that is gone
        why = words("policy.not-noted", what=type(error).__name__)
        return replace(answer, standing=Standing.HELD, why=why)
    LOG.error("went out unreviewed: %s (column %s): %s",
              opening.name, column or "-", opening.why)  # fmt: skip
    return replace(answer, standing=Standing.OPENED, why=words("policy.opened"))


def asked(ask: Callable[[], Answer], seconds: float) -> Answer:
    """Return the answer of a question, or that nobody can tell: it failed, or took too long.

    The question goes on in a thread of its own when its time is over; its answer is dropped.
    """
    given: list[Answer] = []

    def run() -> None:
        try:
            given.append(ask())
        except BaseException as error:  # whatever ends it, nobody can tell
            given.append(unknown(error))

    thread = threading.Thread(target=run, name="secreview-asking", daemon=True)
    thread.start()
    thread.join(seconds)
    late = Answer(Standing.UNKNOWN, words("policy.late", seconds=f"{seconds:g}"))
    return given[0] if given else late


def unknown(error: BaseException) -> Answer:
    """Return that nobody can tell because of an error, told by its type alone.

    Messages of libraries quote what they choke on.
    """
    return Answer(Standing.UNKNOWN, words("policy.failed", what=type(error).__name__))


def nonsense(what: str) -> Answer:
    """Return that nobody can tell because an answer made no sense; ``what`` repeats none of it."""
    return Answer(Standing.UNKNOWN, words("policy.nonsense", what=what))


def judged(reports: Iterable[Report], *, fail_on: str = "review") -> Answer:
    """Return whether the machine clears an item, by the reports on its files; none clear nothing.

    >>> judged([]).standing.value
    'held'
    """
    given = tuple(reports)
    held = [report for report in given if is_held(report, fail_on)]
    if not given or held:
        why = words("policy.held", n=len(held), of=len(given))
        return Answer(Standing.HELD, why, given)
    return Answer(Standing.CLEARED, words("policy.cleared"), given)


def is_held(report: Report, fail_on: str) -> bool:
    """Return whether a report holds an item: a finding that counts, or something not read."""
    if report.verdict is Verdict.INCOMPLETE or report.gaps:
        return True
    counts = {Severity.BLOCK} if fail_on == "block" else {Severity.BLOCK, Severity.REVIEW}
    return any(finding.severity in counts for finding in report.findings)


def words(key: str, **values: object) -> Bilingual:
    """Return a message in both languages."""
    return Bilingual(message(key, "zh", **values), message(key, "en", **values))
