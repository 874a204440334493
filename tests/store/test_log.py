"""The log: what is written is read back, what does not fit is refused."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from secreview.errors import Conflict, StoreError, Tampered
from secreview.review.chain import LOG
from secreview.review.event import Event, Head
from secreview.store import open_log, read_log
from secreview.store.check import verify
from secreview.store.log import CLOCK
from secreview.store.schema import prepare, present, steps

NOON = "2026-11-25T12:00:00Z"
SHA = "ab" * 32


def event(record="r1", kind="signed", at=NOON, actor="张三", **body):
    return Event(record, kind, at, actor, body)


def test_a_new_store_holds_nothing_and_verifies(place):
    with open_log(place) as log:
        assert log.head().count == 0
        assert list(log.records()) == []
        assert log.events("r1") == []
        assert verify(log).head == log.head()


def test_events_come_back_as_they_were_written(place):
    events = [event(remark="同意。“★”\u3000😀", n=1), event(kind="decided", rows=[{"a": None}])]
    with open_log(place) as log:
        head = log.append(events, known=0)
        assert head == log.head() == verify(log).head
    with read_log(place) as log:
        assert log.events("r1") == events
        assert log.head() == head


def test_records_come_in_the_order_of_their_first_event(place):
    with open_log(place) as log:
        log.append([event("b")], known=0)
        log.append([event("a")], known=0)
        log.append([event("b")], known=1)
        log.remark(event(LOG, CLOCK, reason="校时"))
        assert list(log.records()) == ["b", "a"]
        assert [e.record for e in log.find("signed")] == ["b", "a", "b"]


def test_a_writer_who_has_not_seen_the_last_event_is_refused(place):
    with open_log(place) as log:
        log.append([event()], known=0)
        with pytest.raises(Conflict, match="has 1 events, not 0"):
            log.append([event(kind="decided")], known=0)
        assert log.head().count == 1


def test_of_several_events_all_are_written_or_none(place):
    with open_log(place) as log:
        with pytest.raises(StoreError):
            log.append([event(), event(kind="decided", share=0.5)], known=0)
        assert log.head().count == 0
        assert verify(log).head.count == 0


def test_events_of_two_records_or_of_the_log_itself_are_not_appended(place):
    with open_log(place) as log:
        for events in ([event("a"), event("b")], [event(LOG)]):
            with pytest.raises(StoreError):
                log.append(events, known=0)
        with pytest.raises(StoreError):
            log.remark(event("a", CLOCK))
        assert log.append([], known=7) == log.head()


def test_files_that_events_name_lead_to_their_records(place):
    with open_log(place) as log:
        log.append([event("a", digests=[SHA, SHA])], known=0)
        log.append([event("a", digests=[SHA])], known=1)
        log.append([event("b", digests=[SHA, "cd" * 32])], known=0)
        assert log.records_of(SHA) == ["a", "b"]
        assert log.records_of("cd" * 32) == ["b"]
        assert log.records_of("ef" * 32) == []
        assert verify(log).head.count == 3


@pytest.mark.parametrize(
    ("record", "at"),
    [
        ("r1", "2026-11-25T11:59:59Z"),
        ("r2", "2026-11-25T11:54:59Z"),
        ("r2", "2025-01-01T00:00:00Z"),
    ],
)
def test_a_clock_that_runs_backwards_is_refused(place, record, at):
    with open_log(place) as log:
        log.append([event("r1")], known=0)
        with pytest.raises(StoreError, match="clock runs backwards") as caught:
            log.append([event(record, at=at)], known=1 if record == "r1" else 0)
        assert "时钟倒退" in caught.value.zh
        assert verify(log).head.count == 1


def test_clocks_of_two_machines_may_differ_a_little(place):
    with open_log(place) as log:
        log.append([event("r1")], known=0)
        log.append([event("r2", at="2026-11-25T11:55:00Z")], known=0)
        assert log.head().count == 2


def test_a_clock_that_was_ahead_is_corrected_in_the_open(place):
    with open_log(place) as log:
        log.append([event("r1", at="2036-11-25T12:00:00Z")], known=0)
        log.remark(event(LOG, CLOCK, reason="服务器时钟曾快十年"))
        log.append([event("r1", kind="decided")], known=1)
        with pytest.raises(StoreError, match="backwards"):
            log.append([event("r1", at="2026-11-25T11:00:00Z")], known=2)
        assert [e.kind for e in log.events(LOG)] == [CLOCK]
        assert verify(log).head.count == 3


@pytest.mark.parametrize(
    "at", ["", "2026-11-25", "2026-11-25T12:00:00+00:00", "2026-13-01T00:00:00Z"]
)
def test_a_time_in_another_form_is_refused(place, at):
    with open_log(place) as log, pytest.raises(StoreError):
        log.append([event(at=at)], known=0)


def test_accidental_changes_are_stopped_by_the_database(place):
    with open_log(place) as log:
        log.append([event()], known=0)
        for statement in (
            "UPDATE secreview_entry SET actor = 'x'",
            "DELETE FROM secreview_entry",
            "UPDATE secreview_body SET salt = salt",
            "DELETE FROM secreview_body",
        ):
            with pytest.raises(Exception, match="append-only"), log.engine.begin() as connection:
                connection.execute(text(statement))
        assert verify(log).head.count == 1


def test_a_store_of_a_later_version_is_refused(place):
    with open_log(place) as log, log.engine.begin() as connection:
        connection.execute(text("INSERT INTO secreview_step VALUES (99)"))
    for opened in (open_log, read_log):
        with pytest.raises(StoreError, match="later version"), opened(place):
            pass


def test_the_steps_are_taken_once_and_keep_the_log(place):
    with open_log(place) as log:
        log.append([event()], known=0)
        with log.engine.begin() as connection:
            prepare(connection, "another id")
            assert present(connection) == len(steps(connection.dialect.name))
    with open_log(place) as again:
        assert again.id == log.id
        assert again.head().count == 1


def test_reading_where_nothing_is_makes_nothing(tmp_path, postgres):
    from tests.postgres import empty_schema

    with empty_schema(postgres) as url:
        for where in (str(tmp_path / "none.db"), url):
            with pytest.raises(StoreError, match="no records here"), read_log(where):
                pass
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_readable_by_its_owner_only(tmp_path):
    file = tmp_path / "new" / "records.db"
    with open_log(str(file)) as log:
        log.append([event()], known=0)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    if sys.platform != "win32":
        assert modes == {0o600}
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "place", ["mysql://a/b", "sqlite://", "sqlite:///:memory:", "://", "x://y"]
)
def test_another_database_is_refused(place):
    with pytest.raises(StoreError), open_log(place):
        pass


def test_a_server_that_does_not_answer_is_named_without_its_password():
    url = "postgresql://u:geheim@127.0.0.1:1/db?connect_timeout=1"
    with pytest.raises(StoreError) as caught, open_log(url):
        pass
    assert "cannot be reached" in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_file_that_is_no_database_is_refused(tmp_path):
    file = tmp_path / "records.db"
    file.write_bytes(os.urandom(8192))
    with pytest.raises(Tampered), open_log(str(file)):
        pass


def test_a_full_disk_leaves_the_log_whole(tmp_path):
    place = str(tmp_path / "records.db")
    with open_log(place) as log:
        log.append([event("a")], known=0)
    with open_log(place) as log:
        raw = log.engine.raw_connection()
        pages = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
        raw.cursor().execute(f"PRAGMA max_page_count = {pages + 4}")
        raw.close()
        written = 0
        try:
            while written < 1000:
                log.append([event(f"r{written}", text="满" * 500)], known=0)
                written += 1
        except StoreError as error:
            assert "disk is full" in str(error)
        assert 0 < written < 1000
        assert verify(log).head.count == written + 1
    with open_log(place) as log:
        log.append([event("a", kind="decided")], known=1)
        assert verify(log).head == Head(written + 2, log.head().digest)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
def test_a_disk_that_takes_no_more_leaves_the_log_whole(tmp_path):
    import resource

    place = str(tmp_path / "records.db")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            import signal

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
            with open_log(place) as log:
                for number in range(10_000):
                    log.append([event(f"r{number}", text="满" * 500)], known=0)
                    (tmp_path / "count").write_text(str(number + 1))
        except StoreError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    written = int((tmp_path / "count").read_text())
    with open_log(place) as log:
        assert verify(log).head.count >= written > 0


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    Path(tmp_path / "file").write_text("x")
    with (
        pytest.raises(StoreError, match="cannot be made"),
        open_log(str(tmp_path / "file" / "a.db")),
    ):
        pass
