"""An exported log verifies by itself, in two implementations, down to each byte."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from secreview.errors import Tampered
from secreview.review.event import Event
from secreview.store import open_log
from secreview.store.check import verify
from secreview.store.export import VERIFIER, lines, package, table, verify_lines
from secreview.store.retention import Erasure, erase
from secreview.store.verify_export import verify as second_verify

DAYS = ("2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z")


def event(record="r1", kind="signed", at=DAYS[0], actor="张三", **body):
    return Event(record, kind, at, actor, body)


@pytest.fixture
def log(place):
    with open_log(place) as opened:
        opened.append([event("r1", "submitted", digests=["ab" * 32])], known=0)
        opened.append([event("r2", "submitted")], known=0)
        opened.append([event("r1", "decided", at=DAYS[1], remark="同意“公开”😀")], known=1)
        erase(opened, Erasure("r2", "到期", "李四", DAYS[2]))
        yield opened


def whole(log, since=""):
    return b"\n".join((*lines(log, since), b""))


def test_an_export_verifies_to_the_same_end_in_both_implementations(log):
    data = whole(log)
    found = verify_lines(data.split(b"\n")[:-1])
    assert found == verify(log)
    assert second_verify(data) == (found.head.count, found.head.digest, found.erased)


def test_an_excerpt_verifies_from_where_it_begins(log):
    data = whole(log, "2026-11-24")
    rows = [json.loads(row) for row in data.splitlines()]
    assert [row["seq"] for row in rows[1:-1]] == [3, 4]
    head = log.head()
    assert verify_lines(data.split(b"\n")[:-1], {head.count: head.digest}).head == head
    assert second_verify(data, head.count, head.digest)[:2] == (head.count, head.digest)
    nothing = whole(log, "2027-01-01")
    assert verify_lines(nothing.split(b"\n")[:-1]).head == head


def test_every_changed_byte_of_an_export_is_noticed_by_both(tmp_path):
    """Also one taken away or put in."""
    with open_log(str(tmp_path / "records.db")) as log:
        log.append([event(kind="submitted", digests=["ab" * 32], remark="同意“公开”")], known=0)
        log.append([event(kind="decided", number=7)], known=1)
        data = whole(log)
    told = verify_lines(data.split(b"\n")[:-1])
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << (at % 8)
        for changed in (bytes(flipped), data[:at] + data[at + 1 :], data[:at] + b" " + data[at:]):
            with pytest.raises(Exception):  # noqa: B017, PT011 (whatever it is, it is not accepted)
                second_verify(changed)
            rows = changed.split(b"\n")
            if rows.pop() == b"":
                with pytest.raises(Tampered):
                    verify_lines(rows)
    assert verify_lines(data.split(b"\n")[:-1]) == told


def test_an_export_that_is_cut_off_is_noticed(log):
    rows = whole(log).split(b"\n")[:-1]
    for kept in range(len(rows)):
        with pytest.raises(Tampered):
            verify_lines(rows[:kept])


@pytest.mark.parametrize(
    "data", [b"", b"{}\n{}\n", b"[]\n[]\n", b"\xff\n\n", b"[" * 9999 + b"\n1\n"]
)
def test_what_is_no_export_is_refused(data):
    with pytest.raises(Tampered):
        verify_lines(data.split(b"\n"))


def test_the_package_verifies_with_nothing_but_python(log, tmp_path):
    with zipfile.ZipFile(io.BytesIO(package(log, [("checkpoint.json", b"{}")]))) as archive:
        assert archive.namelist() == ["log.jsonl", "verify.py", "checkpoint.json"]
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-S", "-O", str(tmp_path / "verify.py"), "log.jsonl"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith(f"4 entries hold together, end {log.head().digest}")
    file = tmp_path / "log.jsonl"
    file.write_bytes(file.read_bytes().replace("张三".encode(), "张四".encode(), 1))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("NOT VERIFIED: entry 1")


def test_the_verifier_imports_nothing_of_ours():
    assert "secreview." not in VERIFIER.read_text("utf-8").replace("secreview.log/1", "")


def test_the_table_holds_no_formula(place):
    with open_log(place) as log:
        log.append([event("=1+1", actor="@SUM(A1)", kind="-x")], known=0)
        row = table(log).splitlines()[1]
    assert row.startswith("1,'=1+1,1,'-x,")
    assert "'@SUM(A1)" in row


def test_a_log_of_the_first_version_verifies_for_ever():
    """The file is never written anew: a change that breaks it breaks every log in use."""
    data = (Path(__file__).parent / "golden" / "log-1.jsonl").read_bytes()
    end = (4, "7a5e76ddeb534b5ad2c4ea88fd0145a7363d4509b065b132433f350912f03c78", 1)
    found = verify_lines(data.split(b"\n")[:-1])
    assert (found.head.count, found.head.digest, found.erased) == end
    assert second_verify(data) == end
