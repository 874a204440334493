"""Verify a log: every entry, every body, the indexes, and that no tail is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection, Table, func, select

from secreview.errors import Tampered
from secreview.review.chain import ERASED, LOG, Checked, Walk, genesis, mentions
from secreview.review.event import Head
from secreview.store.database import SQLITE, reading
from secreview.store.log import Store, kept_of, kept_rows
from secreview.store.schema import body, entry, erased, file, id_of


def verify(store: Store, known: Mapping[int, str] | None = None) -> Checked:
    """Return the end of a log after verifying all of it; raise Tampered at the first fault.

    ``known`` holds the digests of entries by their number, from checkpoints kept elsewhere: only
    with one can a tail that was cut off be noticed.
    """
    with reading(store.engine) as connection:
        if store.engine.dialect.name == SQLITE:
            sound(connection)
        log = id_of(connection)
        walk = Walk(log, known or {}, Head(0, genesis(log)))
        files: set[tuple[str, str]] = set()
        gone: set[str] = set()
        bodies = 0
        for row in connection.execute(kept_rows().order_by(entry.c.seq)):
            kept = kept_of(row)
            walk.step(kept)
            if kept.data is None:
                continue
            event = kept.event
            bodies += 1
            files.update(mentions(event))
            if event.record == LOG and event.kind == ERASED:
                gone.add(str(event.body["record"]))
        result = walk.end()
        same(connection, file, files)
        same(connection, erased, {(record,) for record in gone})
        if connection.execute(select(func.count()).select_from(body)).scalar() != bodies:
            raise Tampered("there is a body without an entry", "存在没有对应条目的正文")
    return result


def sound(connection: Connection) -> None:
    """Raise Tampered unless SQLite finds its own file in order."""
    found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if found != "ok":
        raise Tampered("the database file is damaged", "数据库文件已损坏")


def same(connection: Connection, table: Table, expected: AbstractSet[tuple[str, ...]]) -> None:
    """Raise Tampered unless an index holds exactly what the bodies of the log say."""
    present = {tuple(row) for row in connection.execute(select(table))}
    if present != expected:
        raise Tampered(
            f"the index {table.name} does not fit the log", f"索引 {table.name} 与日志不符"
        )
