"""The verbs of an audit: verify, keep a checkpoint, trace, remember rules, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from secreview.api import DEFAULT, Options, rulebook_of
from secreview.errors import Tampered, UsageError
from secreview.review.again import RULEBOOK, Due, Policy, due, memories
from secreview.review.calendar import day_of
from secreview.review.chain import LOG, Checked
from secreview.review.checkpoint import Checkpoint, checkpoint_in
from secreview.review.commands import Actor
from secreview.review.event import Event, Head, Json, Log
from secreview.review.fold import fold
from secreview.review.hand import genuine
from secreview.review.keys import PublicKey
from secreview.review.record import Phase, Record
from secreview.review.step import stamp
from secreview.review.terms import terms_of

if TYPE_CHECKING:
    from secreview.store.log import Store


def verify(
    store: Store, checkpoints: Iterable[bytes | Head] = (), keys: Collection[PublicKey] = ()
) -> Checked:
    """Return the end of a log after verifying all of it, back to every checkpoint given.

    A checkpoint is a signed one, a certificate, or count and digest as printed on a form. Raises
    Tampered at the first fault.
    """
    from secreview.store.check import verify as verified

    return verified(store, known_from(checkpoints, keys, store.id))


def verify_hands(store: Store, people: Mapping[str, Actor]) -> None:
    """Raise NotCleared unless all that people with a key are said to have done bears it."""
    if any(person.keys for person in people.values()):
        for name in store.records():
            genuine(store.events(name), people)


def verify_export(
    path: Path, checkpoints: Iterable[bytes | Head] = (), keys: Collection[PublicKey] = ()
) -> Checked:
    """Return the end of an exported log (JSON lines) after verifying it; raise Tampered."""
    from secreview.store.export import verify_lines

    try:
        rows = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if rows.pop() != b"":
        raise Tampered("the export is damaged or incomplete", "导出文件已损坏或者不完整")
    return verify_lines(rows, known_from(checkpoints, keys))


def known_from(
    checkpoints: Iterable[bytes | Head], keys: Collection[PublicKey], log: str = ""
) -> dict[int, str]:
    """Return digests of entries by their number, as checkpoints say; raise Tampered."""
    known: dict[int, str] = {}
    for given in checkpoints:
        said = Checkpoint("", given, "") if isinstance(given, Head) else checkpoint_in(given, keys)
        if log and said.log not in ("", log):
            raise Tampered("the checkpoint is of another log", "检查点属于另一份日志")
        if known.setdefault(said.head.count, said.head.digest) != said.head.digest:
            raise Tampered("two checkpoints contradict each other", "两个检查点互相矛盾")
    return known


def trace(store: Store, what: str) -> dict[str, Sequence[Event]]:
    """Return the events of every record that an id, a file, a digest or an address leads to.

    Raises UsageError when it leads nowhere.
    """
    names = [what] if store.events(what) else []
    if not names and Path(what).is_file():
        from secreview.formats.protocol import Source

        names = [*store.records_of(Source(what, path=Path(what)).sha256())]
    names = names or [*store.records_of(what.lower())]
    names = names or [e.record for e in store.find("published") if e.body.get("url") == what]
    if not names:
        raise UsageError(f"{what}: no record, no file in a record, no digest and no address of one")
    return {name: store.events(name) for name in dict.fromkeys(names)}


def remember(store: Store, options: Options, *, actor: str, now: datetime) -> None:
    """Write the terms of the rules in force into the log, unless it holds the same already.

    So a later change of rules or law leads back to the decisions that it touches.
    """
    rulebook = options.rulebook or rulebook_of()
    terms = terms_of(rulebook, options.day or now.date())
    before = [
        memory for memory in memories(store.find(RULEBOOK)) if memory.digest == rulebook.digest
    ]
    if before and before[-1].terms == terms:
        return
    rules: dict[str, Json] = {name: list(pair) for name, pair in sorted(terms.items())}
    body: dict[str, Json] = {"digest": rulebook.digest, "rules": rules}
    store.remark(Event(LOG, RULEBOOK, stamp(now), actor, body))


def due_again(
    store: Store, *, until: date, options: Options = DEFAULT, policy: Policy | None = None
) -> list[Due]:
    """Return the records to look at again up to a day, the longest overdue first."""
    rulebook = options.rulebook or rulebook_of()
    terms = terms_of(rulebook, options.day or until)
    records = (fold(store.events(name)) for name in store.records())
    known = memories(store.find(RULEBOOK))
    return due(records, known, terms, until=until, policy=policy)


def store_of(log: Log) -> Store:
    """Return a log as a store; raise UsageError when it is kept elsewhere."""
    from secreview.store.log import Store

    if not isinstance(log, Store):
        raise UsageError("this log is not kept in a database")
    return log


def closed(store: Store, *, before: date | None, names: Sequence[str] = ()) -> list[Record]:
    """Return the closed records that are named, or whose last event lies before a day.

    Raises UsageError for a named one that is under review still.
    """
    records = (fold(store.events(name)) for name in names or store.records())
    found = []
    for record in records:
        is_open = record.phase in (Phase.REVIEW, Phase.HELD, Phase.RETURNED)
        if is_open and names:
            raise UsageError(f"record {record.id} is not closed; it cannot be erased")
        if not is_open and (before is None or day_of(record.last) < before):
            found.append(record)
    return found


def erase(store: Store, record: Record, *, reason: str, actor: str, now: datetime) -> None:
    """Erase the contents of a record for good; the log keeps who did what when, and digests."""
    from secreview.store.retention import Erasure
    from secreview.store.retention import erase as erased

    erased(store, Erasure(record.id, reason, actor, stamp(now), record.events))
