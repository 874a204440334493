"""Erase what has been kept long enough; who did what when stays, and the chain still verifies."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Engine, select

from secreview.errors import Conflict, StoreError
from secreview.review.chain import ERASED, LOG
from secreview.review.event import Event, Head, Json
from secreview.store.database import SQLITE, told, writing
from secreview.store.log import Store, count_of, remarked
from secreview.store.schema import body, entry, erased, file


@dataclass(frozen=True, slots=True)
class Erasure:
    """Which record is erased, why, by whom, when; ``known`` its events, where they were counted."""

    record: str
    reason: str
    actor: str
    at: str
    known: int | None = None


def erase(store: Store, erasure: Erasure) -> Head:
    """Erase the bodies of a record for good, all or none; return the new end of the log.

    The log itself says so, with the digests of the files that the record was about. Raises
    StoreError for a record that does not exist or is erased already, Conflict when it has other
    events than were known.
    """
    record = erasure.record
    with writing(store.engine) as connection:
        count = count_of(connection, record)
        if not count or record == LOG:
            raise StoreError(f"there is no record {record}", f"没有记录 {record}")
        if erasure.known not in (None, count):
            raise Conflict(f"record {record} has changed meanwhile", f"记录 {record} 已有新的内容")
        own = select(file.c.sha256).where(file.c.record == record).order_by(file.c.sha256)
        digests = list(connection.execute(own).scalars())
        said: dict[str, Json] = {
            "record": record,
            "entries": count,
            "reason": erasure.reason,
            "digests": digests,
        }
        remark = Event(LOG, ERASED, erasure.at, erasure.actor, said)
        connection.execute(erased.insert().values(record=record))
        numbers = select(entry.c.seq).where(entry.c.record == record)
        connection.execute(body.delete().where(body.c.seq.in_(numbers)))
        head = remarked(connection, remark, store.id)
    swept(store.engine)
    return head


def swept(engine: Engine) -> None:
    """Leave no bytes of erased bodies behind in the database files.

    PostgreSQL keeps them in its own write-ahead log until that is recycled.
    """
    if engine.dialect.name == SQLITE:
        with told(), closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with told(), engine.connect() as connection:
        direct = connection.execution_options(isolation_level="AUTOCOMMIT")
        direct.exec_driver_sql("VACUUM (FULL) secreview_body")
