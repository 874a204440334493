"""The watched folder when the check itself fails: files wait, or go out once that is noted."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from secreview.api import DEFAULT, check
from secreview.api.policy import OpeningsFile
from secreview.bulk.watch import ASIDE
from secreview.cli.settings import Settings
from secreview.cli.watch import untold
from secreview.config import Column, Config, OnError
from tests.build import word
from tests.bulk.test_watch import CLEAN, LEAK, desk, names, settled
from tests.cli.test_check import ROOT, run
from tests.readers import FAULTS, python_path

__all__ = ["desk"]
ONCE = ("--once", "--every", "0.05", "--settle", "0", "--lang", "zh")


def lost(path):
    raise MemoryError(CLEAN)


def failing(desk, tmp_path, policy):
    column = Column(("*/weather/*",), name="天气", on_error=policy)
    config = Config(columns=(column,), openings=tmp_path / "openings.jsonl")
    desk.check = lost
    desk.untold = lambda file, aside, error: untold(
        file, aside, error, settings=Settings(config, DEFAULT, "zh")
    )
    (desk.inbox / "weather").mkdir()
    (desk.inbox / "weather" / "a.txt").write_text(CLEAN, "utf-8")
    (desk.inbox / "b.txt").write_text(CLEAN, "utf-8")


def noted(tmp_path):
    path = tmp_path / "openings.jsonl"
    return [(row.column, row.name) for row in OpeningsFile(path).all()] if path.exists() else []


def test_a_file_whose_check_fails_is_held_and_the_next_one_is_checked(desk, tmp_path):
    failing(desk, tmp_path, OnError.CLOSED)
    assert len(settled(desk)) == 2
    assert names(tmp_path / "passed") == []
    assert names(tmp_path / "held") == [
        "b.txt", "b.txt.report.txt", "weather/a.txt", "weather/a.txt.report.txt",
    ]  # fmt: skip
    assert noted(tmp_path) == []
    desk.check = check
    (desk.inbox / "c.txt").write_text(CLEAN, "utf-8")
    settled(desk)
    assert names(tmp_path / "passed") == ["c.txt", "c.txt.report.txt"]


def test_an_open_column_goes_out_once_that_is_noted(desk, tmp_path):
    failing(desk, tmp_path, OnError.OPEN)
    settled(desk)
    assert names(tmp_path / "passed") == ["weather/a.txt", "weather/a.txt.report.txt"]
    assert names(tmp_path / "held") == ["b.txt", "b.txt.report.txt"]
    assert noted(tmp_path) == [("天气", "a.txt")]


def test_what_cannot_be_noted_is_held(desk, tmp_path):
    failing(desk, tmp_path, OnError.OPEN)
    (tmp_path / "openings.jsonl").mkdir()
    settled(desk)
    assert names(tmp_path / "passed") == []


@pytest.mark.parametrize("what", ["the report cannot be written", "the folder is a file"])
def test_a_file_that_cannot_be_moved_waits_and_nothing_half_done_is_left(desk, tmp_path, what):
    (desk.inbox / "a.txt").write_text(CLEAN, "utf-8")
    if what == "the folder is a file":
        shutil.rmtree(tmp_path / "passed")
        (tmp_path / "passed").write_text("", "utf-8")
    else:
        desk.render = no_room
    assert settled(desk) == []
    assert names(desk.inbox) == ["a.txt"]
    assert desk.stuck == {desk.inbox / "a.txt"}
    if what == "the folder is a file":
        (tmp_path / "passed").unlink()
    desk.render = lambda report: str(report.verdict)
    assert names(tmp_path / "passed") == []
    assert len(settled(desk)) == 1
    assert names(tmp_path / "passed") == ["a.txt", "a.txt.report.txt"]
    assert desk.stuck == set()


def no_room(report):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", FAULTS)
def test_a_reader_that_hangs_or_dies_holds_the_file_even_in_an_open_folder(tmp_path, how):
    inbox = tmp_path / "in"
    inbox.mkdir()
    config = (
        'on_error = "open-with-record"\nopenings = "openings.jsonl"\n[limits]\nwall_seconds = 1\n'
    )
    (tmp_path / "secreview.toml").write_text(config, "utf-8")
    (inbox / "a.docx").write_bytes(word("八个断面全部达标。"))
    (inbox / "b.txt").write_text(CLEAN, "utf-8")
    (inbox / "c.txt").write_text(LEAK, "utf-8")
    path = python_path(tmp_path / "broken", how, ROOT)
    code, _, err = run("watch", str(inbox), *ONCE, PYTHONPATH=path)
    assert code == 1, err
    assert names(tmp_path / "待核") == ["a.docx", "a.docx.审查报告.html"]
    assert names(tmp_path / "通过") == ["b.txt", "b.txt.审查报告.html"]
    assert names(tmp_path / "阻断") == ["c.txt", "c.txt.审查报告.html"]
    assert noted(tmp_path) == []


@pytest.mark.parametrize("broken", ['rules = ["no-such-folder"]\n', "no such key = 1\n"])
def test_broken_rules_or_configuration_move_nothing(tmp_path, broken):
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.txt").write_text(CLEAN, "utf-8")
    (tmp_path / "secreview.toml").write_text('on_error = "open-with-record"\n' + broken, "utf-8")
    assert run("watch", str(inbox), *ONCE)[0] == 2
    assert names(tmp_path) == ["in/a.txt", "secreview.toml"]


def test_a_folder_that_cannot_be_written_is_said_and_the_command_ends(tmp_path):
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "科室").mkdir()
    (inbox / "科室" / "a.txt").write_text(CLEAN, "utf-8")
    (tmp_path / "通过").mkdir()
    (tmp_path / "通过" / "科室").write_text("", "utf-8")
    code, _, err = run("watch", str(inbox), *ONCE)
    assert code == 3
    assert "a.txt 没有移动" in err.decode()
    assert names(inbox) == ["科室/a.txt"]
    assert not [name for name in names(inbox) if ASIDE in name]
    assert Path(tmp_path / "通过" / "科室").read_text("utf-8") == ""
