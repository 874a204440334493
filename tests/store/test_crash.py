"""Nothing that was acknowledged is lost when a writer or the server is killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import struct
import sys
import time

import pytest

from secreview.errors import Conflict, StoreError
from secreview.review.event import Event
from secreview.store import open_log
from secreview.store.check import verify
from tests.postgres import cluster

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

NOON = "2026-11-25T12:00:00Z"
KILLS = 50
BATCH = 3  # events that are written at once


def events(record, count=BATCH):
    return [Event(record, "signed", NOON, "张三", {"n": n, "t": "意见" * 40}) for n in range(count)]


def forked(work, *arguments):
    """Run a function in a child process; return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(*arguments)
        code = 0
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}\n")
    finally:
        os._exit(code)


def append_for_ever(place, name, pipe):
    """Append batches, and say the end of the log after each acknowledged one."""
    with open_log(place) as log:
        for number in range(1_000_000):
            head = log.append(events(f"{name}-{number}"), known=0)
            os.write(pipe, struct.pack("<q", head.count))


def acknowledged(pipe):
    """Return the last number in a pipe whose writer is gone."""
    last = 0
    while data := os.read(pipe, 8 * 512):
        last = struct.unpack("<q", data[len(data) // 8 * 8 - 8 : len(data) // 8 * 8])[0]
    return last


def killed(place, name, chance):
    """Start a writer, kill it at a random moment, return the last number it had acknowledged."""
    out, into = os.pipe()
    child = forked(append_for_ever, place, name, into)
    os.close(into)
    seen = struct.unpack("<q", os.read(out, 8))[0]  # it is writing by now
    time.sleep(chance.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    last = max(seen, acknowledged(out))
    os.close(out)
    return last


def test_no_acknowledged_event_is_lost_when_writers_are_killed(place):
    chance = random.Random(5)
    total = 0
    with open_log(place) as log:
        for number in range(KILLS):
            last = killed(place, f"w{number}", chance)
            count = verify(log).head.count
            assert count >= last > total
            assert count % BATCH == 0  # no batch was written in part
            total = count
        assert {len(log.events(record)) for record in log.records()} == {BATCH}
    assert total >= KILLS * BATCH


def test_no_acknowledged_event_is_lost_when_the_server_is_killed():
    with cluster() as own:
        place = own.url
        for number in range(3):
            out, into = os.pipe()
            child = forked(append_for_ever, place, f"w{number}", into)
            os.close(into)
            os.read(out, 8)
            time.sleep(random.random() * 0.05)
            own.crash()
            os.waitpid(child, 0)
            last = acknowledged(out)
            os.close(out)
            own.start()
            with open_log(place) as log:
                assert verify(log).head.count >= last
                assert log.head().count % BATCH == 0


def append_to_both(place, name, pipe):
    """Append to an own record and, in turn with another process, to a shared one."""
    conflicts = 0
    with open_log(place) as log:
        for number in range(40):
            log.append(events(f"{name}-{number}"), known=0)
            while True:
                try:
                    known = len(log.events("shared"))
                    log.append(events("shared", 1), known=known)
                    break
                except Conflict:
                    conflicts += 1
    os.write(pipe, struct.pack("<q", conflicts))


def test_two_processes_append_at_once(place):
    with open_log(place) as log:
        log.append(events("shared", 1), known=0)
    out, into = os.pipe()
    children = [forked(append_to_both, place, name, into) for name in ("a", "b")]
    os.close(into)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    os.close(out)
    with open_log(place) as log:
        assert verify(log).head.count == 1 + 2 * 40 * (BATCH + 1)
        assert len(log.events("shared")) == 81


def make_new(place):
    with open_log(place) as log:
        log.append(events(f"r{os.getpid()}"), known=0)


def test_several_processes_may_make_the_store_at_once(place):
    children = [forked(make_new, place) for _ in range(4)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    with open_log(place) as log:
        assert verify(log).head.count == 4 * BATCH


def test_a_writer_that_holds_on_does_not_block_for_ever(tmp_path, monkeypatch):
    from secreview.store import database

    monkeypatch.setattr(database, "WAIT", 0.05)
    place = str(tmp_path / "records.db")
    with open_log(place) as first, open_log(place) as second:
        with first.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE other (a)")  # holds the lock
            with pytest.raises(StoreError, match="another writer"):
                second.append(events("r1"), known=0)
        second.append(events("r1"), known=0)
        assert verify(second).head.count == BATCH
