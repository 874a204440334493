"""A backup is made while others write, holds a whole log, and can be restored."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys

import pytest

from secreview.errors import StoreError
from secreview.review.event import Event
from secreview.store import open_log, read_log
from secreview.store.backup import backup
from secreview.store.check import verify
from tests.postgres import absent, empty_schema

NOON = "2026-11-25T12:00:00Z"


def filled(log, first=0):
    for number in range(first, first + 5):
        log.append([Event(f"r{number}", "signed", NOON, "张三", {"n": number})], known=0)


def test_a_backup_of_sqlite_is_a_store_of_its_own(tmp_path):
    place, target = str(tmp_path / "records.db"), tmp_path / "backup.db"
    with open_log(place) as log:
        filled(log)
        head = log.head()
        backup(log, place, target)
        filled(log, 5)
    with read_log(str(target)) as copy:
        assert verify(copy).head == head
        assert copy.id == log.id
    if sys.platform != "win32":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with open_log(str(target)) as copy:
        filled(copy, 90)
        assert verify(copy).head.count == head.count + 5


def test_a_backup_of_postgresql_is_restored_to_the_same_log(postgres, tmp_path):
    if not shutil.which("pg_dump"):
        absent("pg_dump is not installed")
    target = tmp_path / "backup.dump"
    with empty_schema(postgres) as place:
        with open_log(place) as log:
            filled(log)
            head = log.head()
            backup(log, place, target)
        schema = place.rpartition("%3D")[2]
        with open_log(place) as log, log.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        server = postgres.partition("?options")[0]
        subprocess.run(
            ["pg_restore", "--no-owner", f"--dbname={server}", str(target)],
            check=False, capture_output=True,
        )  # fmt: skip
        with read_log(place) as log:
            assert verify(log).head == head


def test_a_backup_does_not_overwrite(tmp_path):
    place = str(tmp_path / "records.db")
    (tmp_path / "there.db").write_text("x")
    with open_log(place) as log, pytest.raises(StoreError, match="there already"):
        backup(log, place, tmp_path / "there.db")
    assert (tmp_path / "there.db").read_text() == "x"


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path):
    place = str(tmp_path / "records.db")
    (tmp_path / "file").write_text("x")
    with open_log(place) as log:
        filled(log)
        with pytest.raises(StoreError):
            backup(log, place, tmp_path / "file" / "backup.db")
        before = sorted(tmp_path.iterdir())
        with log.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER secreview_guard_0")
            connection.exec_driver_sql("UPDATE secreview_entry SET actor = 'x' WHERE seq = 2")
        with pytest.raises(StoreError, match="entry 2"):
            backup(log, place, tmp_path / "backup.db")  # a log with a fault is no backup
        assert sorted(tmp_path.iterdir()) == before


def test_without_pg_dump_the_message_says_what_to_install(postgres, tmp_path, monkeypatch):
    with empty_schema(postgres) as place, open_log(place) as log:
        monkeypatch.setenv("PATH", "")
        with pytest.raises(StoreError, match="pg_dump"):
            backup(log, place, tmp_path / "backup.dump")
        assert list(tmp_path.iterdir()) == []
