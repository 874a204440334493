"""The log in a database: append events, read them back, and notice what does not fit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, literal, select

from secreview.errors import Conflict, StoreError
from secreview.review.chain import (
    LOG,
    SALT,
    Entry,
    Kept,
    broken,
    chained,
    check_kept,
    genesis,
    mentions,
)
from secreview.review.event import Event, Head
from secreview.store.database import reading, writing
from secreview.store.schema import body, entry, erased, file

CLOCK = "clock"  # the kind of entry that says that the clock was ahead
DRIFT = timedelta(minutes=5)  # by how much the clocks of two machines may differ
COLUMNS = (
    entry.c.seq,
    entry.c.record,
    entry.c.number,
    entry.c.kind,
    entry.c.at,
    entry.c.actor,
    entry.c.body,
    entry.c.prev,
    entry.c.hash,
)


class Store:
    """An append-only log of events in a database; see ``secreview.review.event.Log``."""

    def __init__(self, engine: Engine, id_: str) -> None:
        """Take an engine whose tables are ready and the id of the log in it."""
        self.engine = engine
        self.id = id_

    def append(self, events: Sequence[Event], *, known: int) -> Head:
        """Write events of one record at once, or none; return the new end.

        Raises Conflict when the record does not have ``known`` events any more, StoreError when
        the clock runs backwards or nothing could be written, Tampered when the end of the log
        does not hold together.
        """
        names = {event.record for event in events}
        if len(names) > 1 or LOG in names:
            raise StoreError("events of one record are written at a time")
        if not events:
            return self.head()
        with writing(self.engine) as connection:
            count = count_of(connection, events[0].record)
            if count != known:
                name = events[0].record
                raise Conflict(
                    f"record {name} has {count} events, not {known}: read it again",
                    f"记录 {name} 已有新的内容（{count}条，读取时{known}条），请重新读取",
                )
            return added(connection, events, count, self.id)

    def remark(self, event: Event) -> Head:
        """Write what the log says about itself; the event's record is that of the log."""
        with writing(self.engine) as connection:
            return remarked(connection, event, self.id)

    def events(self, record: str) -> Sequence[Event]:
        """Return all events of one record in order, none for a record that does not exist.

        Raises Tampered when an entry, its body or its place in the chain does not fit, StoreError
        when the record was erased.
        """
        with reading(self.engine) as connection:
            return [kept.event for kept in checked_rows(connection, record, self.id)]

    def records(self) -> Iterator[str]:
        """Return the ids of all records that are not erased, in the order of their first event."""
        gone = select(erased.c.record)
        chosen = select(entry.c.record).where(
            entry.c.number == 1, entry.c.record != LOG, entry.c.record.not_in(gone)
        )
        with reading(self.engine) as connection:
            return iter(connection.execute(chosen.order_by(entry.c.seq)).scalars().all())

    def head(self) -> Head:
        """Return the end of the log."""
        with reading(self.engine) as connection:
            return end_of(connection, self.id)

    def find(self, kind: str) -> Sequence[Event]:
        """Return the events of one kind, of whatever record, in order; erased ones are left out."""
        chosen = kept_rows().where(entry.c.kind == kind).order_by(entry.c.seq)
        with reading(self.engine) as connection:
            rows = [kept_of(row) for row in connection.execute(chosen)]
        for row in rows:
            check_kept(row)
        return [row.event for row in rows if row.data is not None]

    def records_of(self, sha256: str) -> Sequence[str]:
        """Return the ids of the records whose events name the digest of a file."""
        chosen = select(file.c.record).where(file.c.sha256 == sha256).order_by(file.c.record)
        with reading(self.engine) as connection:
            return list(connection.execute(chosen).scalars())

    def rows(self, after: int = 0) -> Iterator[Kept]:
        """Yield every entry after a number as it is stored, without judging it."""
        chosen = kept_rows().where(entry.c.seq > after).order_by(entry.c.seq)
        with reading(self.engine) as connection:
            for row in connection.execute(chosen):
                yield kept_of(row)


def kept_rows() -> Select[Any]:
    """Return the query for entries with their bodies."""
    return select(*COLUMNS, body.c.salt, body.c.data).select_from(
        entry.outerjoin(body, body.c.seq == entry.c.seq)
    )


def kept_of(row: Any) -> Kept:
    """Return a row of ``kept_rows`` as an entry."""
    return Kept(Entry(*row[: len(COLUMNS)]), row[len(COLUMNS)], row[len(COLUMNS) + 1])


def count_of(connection: Connection, record: str) -> int:
    """Return how many events a record has; raise StoreError when it is erased."""
    gone = connection.execute(select(erased.c.record).where(erased.c.record == record)).scalar()
    if gone is not None:
        raise StoreError(
            f"record {record} is erased; nothing can be added to it",
            f"记录 {record} 已销毁，不能再追加",
        )
    chosen = select(func.max(entry.c.number)).where(entry.c.record == record)
    return connection.execute(chosen).scalar() or 0


def end_of(connection: Connection, log: str) -> Head:
    """Return the end of the log; raise Tampered when its last entry does not hold together."""
    row = connection.execute(select(*COLUMNS).order_by(entry.c.seq.desc()).limit(1)).first()
    if row is None:
        return Head(0, genesis(log))
    last = Entry(*row)
    check_kept(Kept(last, None, None))
    return Head(last.seq, last.hash)


def added(connection: Connection, events: Sequence[Event], count: int, log: str) -> Head:
    """Write events after those of their record; return the new end of the log."""
    end = end_of(connection, log)
    floor = earliest(connection, events[0].record)
    rows = []
    for number, event in enumerate(events, count + 1):
        floor = in_order(event, floor)
        kept = chained(event, number, end, os.urandom(SALT))
        end = Head(kept.entry.seq, kept.entry.hash)
        rows.append(kept)
    connection.execute(
        entry.insert(), [{c.name: getattr(row.entry, c.name) for c in COLUMNS} for row in rows]
    )
    connection.execute(
        body.insert(), [{"seq": r.entry.seq, "salt": r.salt, "data": r.data} for r in rows]
    )
    noted(connection, events)
    return end


def noted(connection: Connection, events: Sequence[Event]) -> None:
    """Enter the files that new events name into the index."""
    for sha256, record in dict.fromkeys(pair for event in events for pair in mentions(event)):
        fresh = select(literal(sha256), literal(record)).where(
            ~select(file.c.record).where(file.c.sha256 == sha256, file.c.record == record).exists()
        )
        connection.execute(file.insert().from_select(["sha256", "record"], fresh))


def remarked(connection: Connection, event: Event, log: str) -> Head:
    """Write an event into the log's own record inside a transaction that is under way."""
    if event.record != LOG:
        raise StoreError("a remark belongs to the record of the log itself")
    return added(connection, [event], count_of(connection, LOG), log)


def earliest(connection: Connection, record: str) -> datetime | None:
    """Return the earliest time that the next event of a record may bear.

    That is the time of the record's last event, or of the log's last event less the drift of
    clocks, whichever is later; what was written before a correction of the clock does not count.
    """
    corrected = select(func.coalesce(func.max(entry.c.seq), 0)).where(
        entry.c.record == LOG, entry.c.kind == CLOCK
    )
    since = connection.execute(corrected).scalar() or 0
    newest = select(entry.c.at).where(entry.c.seq >= since).order_by(entry.c.seq.desc()).limit(1)
    last = connection.execute(newest).scalar()
    own = connection.execute(newest.where(entry.c.record == record)).scalar()
    floors = [instant(last) - DRIFT] if last else []
    floors += [instant(own)] if own and record != LOG else []
    return max(floors, default=None)


def in_order(event: Event, floor: datetime | None) -> datetime:
    """Return the time of an event; raise StoreError when it is before what is written already."""
    at = instant(event.at)
    if event.kind == CLOCK and event.record == LOG:
        return at
    if floor is not None and at < floor:
        ahead = floor.isoformat().replace("+00:00", "Z")
        raise StoreError(
            f"the clock runs backwards: it says {event.at}, the log is at {ahead}. Set the clock; "
            "if it was ahead before, say so with: secreview audit clock --reason …",
            f"时钟倒退：现在是 {event.at}，日志已到 {ahead}。请校准时钟；"
            "如果此前时钟偏快，用 secreview audit clock --reason … 说明",
        )
    return at


def instant(at: str) -> datetime:
    """Return a time of an event; raise StoreError unless it is RFC 3339, UTC, whole seconds."""
    try:
        return datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (ValueError, TypeError) as error:
        raise StoreError(f"{at!r} is not a time as 2026-11-25T08:00:00Z") from error


def checked_rows(connection: Connection, record: str, log: str) -> Iterator[Kept]:
    """Yield the entries of a record after comparing each with itself and with its neighbours."""
    before, behind = entry.alias("before"), entry.alias("behind")
    chosen = (
        select(*COLUMNS, body.c.salt, body.c.data, before.c.hash, behind.c.prev)
        .select_from(
            entry.outerjoin(body, body.c.seq == entry.c.seq)
            .outerjoin(before, before.c.seq == entry.c.seq - 1)
            .outerjoin(behind, behind.c.seq == entry.c.seq + 1)
        )
        .where(entry.c.record == record)
        .order_by(entry.c.number)
    )
    for number, row in enumerate(connection.execute(chosen), 1):
        kept, (previous, following) = kept_of(row), row[-2:]
        check_kept(kept)
        seq = kept.entry.seq
        if kept.entry.number != number:
            raise broken(seq, "is not the next of its record", "不是该记录的下一条")
        if kept.entry.prev != (previous if seq > 1 else genesis(log)):
            raise broken(seq, "does not follow the entry before it", "与前一条不相接")
        if following is not None and following != kept.entry.hash:
            raise broken(seq + 1, "does not follow the entry before it", "与前一条不相接")
        yield kept
