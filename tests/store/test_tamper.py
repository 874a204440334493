"""Every change of a log is noticed, or it lies in bytes that say nothing."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy import event as hook
from sqlalchemy.pool import StaticPool

from secreview.errors import Conflict, StoreError, Tampered
from secreview.review.chain import LOG, chained, checked, genesis
from secreview.review.event import Event, Head
from secreview.store import open_log
from secreview.store.check import verify
from secreview.store.database import begin_sqlite, settle
from secreview.store.log import Store
from secreview.store.retention import Erasure, erase

NOON = "2026-11-25T12:00:00Z"
SHA = "ab" * 32


def event(record="r1", kind="signed", **body):
    return Event(record, kind, NOON, "张三", body)


def filled(log):
    """A small log: two records, one of them erased."""
    log.append([event("r1", "submitted", digests=[SHA])], known=0)
    log.append([event("r2", "submitted", digests=[SHA])], known=0)
    log.append([event("r1", remark="同意"), event("r1", "decided")], known=1)
    erase(log, Erasure("r2", "到期", "李四", NOON))
    return log.head()


def chain_of(count):
    """A chain of so many entries without a database."""
    end, rows = Head(0, genesis("log")), []
    for number in range(1, count + 1):
        rows.append(chained(event(n=number), number, end, bytes(16)))
        end = Head(number, rows[-1].entry.hash)
    return rows


CHANGES = [
    "UPDATE secreview_entry SET record = 'r3' WHERE seq = 3",
    "UPDATE secreview_entry SET number = 7 WHERE seq = 4",
    "UPDATE secreview_entry SET kind = 'waived' WHERE seq = 3",
    "UPDATE secreview_entry SET at = '2026-11-25T12:00:01Z' WHERE seq = 3",
    "UPDATE secreview_entry SET actor = '王五' WHERE seq = 3",
    "UPDATE secreview_entry SET body = prev WHERE seq = 3",
    "UPDATE secreview_entry SET prev = hash WHERE seq = 3",
    "UPDATE secreview_entry SET hash = prev WHERE seq = 3",
    "UPDATE secreview_entry SET seq = 9 WHERE seq = 5",
    "UPDATE secreview_body SET data = (SELECT data FROM secreview_body WHERE seq = 4) WHERE seq = 3",
    "UPDATE secreview_body SET salt = (SELECT salt FROM secreview_body WHERE seq = 4) WHERE seq = 3",
    "DELETE FROM secreview_body WHERE seq = 3",
    "DELETE FROM secreview_body WHERE seq = 5",
    "DELETE FROM secreview_file",
    "DELETE FROM secreview_file WHERE record = 'r2'",
    "INSERT INTO secreview_file VALUES ('00', 'r1')",
    "DELETE FROM secreview_erased",
    "INSERT INTO secreview_erased VALUES ('r1')",
    "UPDATE secreview_log SET id = 'other'",
]


def unguarded(connection):
    """Do what somebody who owns the database can do: put the guards out of action."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        return
    triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for (name,) in triggers.all():
        connection.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_column_is_noticed(place, change):
    with open_log(place) as log:
        head = filled(log)
        assert verify(log).head == head
        with log.engine.begin() as connection:
            unguarded(connection)
            assert connection.execute(text(change)).rowcount > 0
        with pytest.raises(Tampered):
            verify(log)


def cut(log, count):
    """Take away all entries from a number on, with all that the indexes say about them."""
    with log.engine.begin() as connection:
        unguarded(connection)
        where = {"count": count}
        connection.execute(text("DELETE FROM secreview_body WHERE seq >= :count"), where)
        connection.execute(text("DELETE FROM secreview_entry WHERE seq >= :count"), where)


def test_a_log_that_is_cut_off_needs_a_checkpoint_to_be_noticed(place):
    with open_log(place) as log:
        head = filled(log)
        log.append([event("r3")], known=0)
        later = log.head()
        cut(log, 6)
        assert verify(log).head == head  # by itself the shorter log looks whole
        assert verify(log, {head.count: head.digest}).head == head
        with pytest.raises(Tampered, match="cut off"):
            verify(log, {later.count: later.digest})


def test_an_erasure_that_is_cut_off_is_noticed_without_a_checkpoint(place):
    with open_log(place) as log:
        filled(log)
        cut(log, 5)
        with pytest.raises(Tampered, match="lost its body"):
            verify(log)


def test_a_log_written_anew_does_not_lead_to_its_checkpoint(tmp_path):
    heads = []
    for number in range(2):
        with open_log(str(tmp_path / f"{number}.db")) as log:
            heads.append(filled(log))
            assert verify(log, {heads[-1].count: heads[-1].digest}).head == heads[-1]
    with pytest.raises(Tampered, match="checkpoint"), open_log(str(tmp_path / "1.db")) as log:
        verify(log, {heads[0].count: heads[0].digest})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE secreview_entry SET actor = '王五' WHERE seq = 3",
        "UPDATE secreview_body SET data = (SELECT data FROM secreview_body WHERE seq = 4) WHERE seq = 3",
        "DELETE FROM secreview_entry WHERE seq = 1",
        "UPDATE secreview_entry SET prev = hash WHERE seq = 4",
        "DELETE FROM secreview_body WHERE seq = 3",
    ],
)
def test_a_record_that_was_changed_is_not_handed_out(place, change):
    with open_log(place) as log:
        filled(log)
        with log.engine.begin() as connection:
            unguarded(connection)
            connection.execute(text(change))
        with pytest.raises(StoreError):
            log.events("r1")


def test_nothing_is_appended_to_an_end_that_does_not_hold_together(place):
    with open_log(place) as log:
        head = filled(log)
        with log.engine.begin() as connection:
            unguarded(connection)
            connection.execute(text(f"UPDATE secreview_entry SET at = '' WHERE seq = {head.count}"))
        with pytest.raises(StoreError):
            log.append([event("r3")], known=0)


def test_every_single_byte_of_a_small_database_is_covered_or_says_nothing(tmp_path):
    """Each byte of the file is changed; what still verifies tells exactly what it told before."""
    file = tmp_path / "small.db"
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA page_size = 512")
        raw.execute("VACUUM")
    with open_log(str(file)) as log:
        log.append([event(kind="submitted", digests=[SHA]), event(kind="decided")], known=0)
        told = list(log.rows())
        raw = log.engine.raw_connection()
        raw.cursor().execute("PRAGMA journal_mode = DELETE")
        raw.close()
    whole = file.read_bytes()
    noticed = silent = 0
    log, connection = in_memory(log.id)
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << (at % 8)
        connection.deserialize(bytes(changed))
        try:
            verify(log)
        except StoreError:
            noticed += 1
        else:
            silent += 1
            assert list(log.rows()) == told, at
    assert noticed + silent == len(whole)
    assert noticed > len(whole) / 4


def in_memory(id_):
    """A store, and the connection into which the bytes of a database file are put."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    settle(connection, writes=False)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    hook.listen(engine, "begin", begin_sqlite)
    return Store(engine, id_), connection


def test_erased_bodies_leave_no_bytes_behind(tmp_path):
    file = tmp_path / "records.db"
    with open_log(str(file)) as log:
        log.append([event("r1", remark="绝无此人住址" * 50)], known=0)
        log.append([event("r2")], known=0)
        mark = "绝无此人住址".encode()
        assert any(mark in path.read_bytes() for path in tmp_path.iterdir())
        erase(log, Erasure("r1", "到期", "李四", NOON))
        assert not any(mark in path.read_bytes() for path in tmp_path.iterdir())


def test_what_is_erased_is_said_and_the_rest_verifies(place):
    with open_log(place) as log:
        filled(log)
        assert verify(log).erased == 1
        assert list(log.records()) == ["r1"]
        assert log.records_of(SHA) == ["r1", "r2"]
        (remark,) = log.find("erased")
        assert remark.body == {"record": "r2", "entries": 1, "reason": "到期", "digests": [SHA]}
        with pytest.raises(StoreError, match="erased"):
            log.events("r2")
        with pytest.raises(StoreError, match="erased"):
            log.append([event("r2")], known=1)
        for record in ("r2", "r9", LOG):
            with pytest.raises(StoreError):
                erase(log, Erasure(record, "到期", "李四", NOON))


def test_a_record_that_went_on_is_not_erased(place):
    with open_log(place) as log:
        log.append([event("r1"), event("r1", "decided")], known=0)
        with pytest.raises(Conflict):
            erase(log, Erasure("r1", "到期", "李四", NOON, known=1))
        assert len(log.events("r1")) == 2


@given(st.integers(2, 12), st.data())
def test_leaving_out_repeating_or_exchanging_entries_is_noticed(count, data):
    rows = chain_of(count)
    assert checked("log", rows).head.count == count
    at = data.draw(st.integers(0, count - 2))
    other = data.draw(st.integers(at + 1, count - 1))
    swapped = list(rows)
    swapped[at], swapped[other] = rows[other], rows[at]
    for changed in (rows[:at] + rows[at + 1 :], rows[: at + 1] + rows[at:], swapped):
        with pytest.raises(Tampered):
            checked("log", changed)


@given(st.integers(1, 8), st.data())
def test_every_prefix_verifies_but_does_not_reach_a_later_checkpoint(count, data):
    rows = chain_of(count)
    cut = data.draw(st.integers(0, count - 1))
    assert checked("log", rows[:cut]).head.count == cut
    with pytest.raises(Tampered):
        checked("log", rows[:cut], {count: rows[-1].entry.hash})


def test_a_field_of_another_type_is_tampering_not_a_crash():
    (row,) = chain_of(1)
    for field in ("record", "kind", "at", "actor", "body", "prev", "hash", "number"):
        for value in (None, 1.5, b"x", 10**30):
            with pytest.raises(Tampered):
                checked("log", [replace(row, entry=replace(row.entry, **{field: value}))])
    for data in ("text", b"[]", b'{"a": 1}', b"\xff", b""):
        with pytest.raises(Tampered):
            checked("log", [replace(row, data=data)])


def test_a_body_that_is_not_canonical_is_tampering_even_if_its_digest_fits():
    from secreview.review.chain import body_digest, entry_hash

    (row,) = chain_of(1)
    data = json.dumps({"n": 1}).encode()
    entry = replace(row.entry, body=body_digest(row.salt, data))
    entry = replace(entry, hash=entry_hash(entry))
    with pytest.raises(Tampered, match="canonical"):
        checked("log", [replace(row, entry=entry, data=data)])
