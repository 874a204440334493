"""The watched folder: files go where their verdict says, whole or not at all."""

import time

import pytest

from secreview.api import check
from secreview.bulk import watch
from secreview.bulk.watch import ASIDE, Desk
from secreview.errors import UsageError
from secreview.model import Verdict
from tests.build import resident_id, word
from tests.cli.test_check import run

ID = resident_id("522601", "19850312", "101")
CLEAN = "今年共办结25件。\n"
LEAK = f"身份证号：{ID}\n"


@pytest.fixture
def desk(tmp_path):
    folders = {v: tmp_path / name for v, name in (
        (Verdict.CLEAR, "passed"), (Verdict.BLOCK, "blocked"),
        (Verdict.REVIEW, "held"), (Verdict.INCOMPLETE, "held"),
    )}  # fmt: skip
    made = Desk(tmp_path / "in", folders, check, lambda report: str(report.verdict), ".report.txt")
    made.prepare()
    return made


def settled(desk: Desk):
    """Look twice, as a watcher does: a file must be the same both times."""
    return [*desk.round(time.time() + 60), *desk.round(time.time() + 60)]


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_files_go_where_their_verdict_says_with_the_report_beside(desk, tmp_path):
    (desk.inbox / "a.txt").write_text(CLEAN, "utf-8")
    (desk.inbox / "科室").mkdir()
    (desk.inbox / "科室" / "b.txt").write_text(LEAK, "utf-8")
    (desk.inbox / "c.docx").write_bytes(word("正文")[:500])
    assert len(settled(desk)) == 3
    assert names(tmp_path / "passed") == ["a.txt", "a.txt.report.txt"]
    assert names(tmp_path / "blocked") == ["科室/b.txt", "科室/b.txt.report.txt"]
    assert names(tmp_path / "held") == ["c.docx", "c.docx.report.txt"]
    assert names(desk.inbox) == []


def test_a_file_that_still_grows_stays_until_it_does_not(desk):
    half = desk.inbox / "a.txt"
    half.write_text(CLEAN, "utf-8")
    assert list(desk.round(time.time() + 60)) == []
    half.write_text(CLEAN + LEAK, "utf-8")
    assert list(desk.round(time.time() + 60)) == []
    (moved,) = desk.round(time.time() + 60)
    assert moved.report.verdict is Verdict.BLOCK


def test_a_file_changed_a_moment_ago_is_left_alone(desk):
    (desk.inbox / "a.txt").write_text(CLEAN, "utf-8")
    now = (desk.inbox / "a.txt").stat().st_mtime
    assert [*desk.round(now + 1), *desk.round(now + 1)] == []
    assert len(list(desk.round(now + 3))) == 1


@pytest.mark.parametrize("owner", [".~lock.a.docx#", "~$a.docx"])
def test_a_file_that_an_office_program_has_open_is_left_alone(desk, owner):
    (desk.inbox / "a.docx").write_bytes(word("正文"))
    (desk.inbox / owner).write_bytes(b"")
    assert settled(desk) == []
    assert names(desk.inbox) == sorted(["a.docx", owner])
    (desk.inbox / owner).unlink()
    assert len(settled(desk)) == 1


def test_a_half_downloaded_or_linked_file_is_left_alone(desk, tmp_path):
    (desk.inbox / "a.txt.crdownload").write_text(CLEAN, "utf-8")
    (tmp_path / "secret.txt").write_text(LEAK, "utf-8")
    (desk.inbox / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert settled(desk) == []


def test_a_file_written_to_while_it_is_checked_comes_back_and_is_checked_again(desk, tmp_path):
    (desk.inbox / "a.txt").write_text(CLEAN, "utf-8")
    stream = (desk.inbox / "a.txt").open("a", encoding="utf-8")

    def slow(path):
        report = check(path)
        stream.write(LEAK)
        stream.flush()
        return report

    desk.check = slow
    assert settled(desk) == []
    assert names(tmp_path / "passed") == []
    desk.check = check
    (moved,) = settled(desk)
    assert moved.report.verdict is Verdict.BLOCK


def test_what_a_crash_left_aside_comes_back(desk, tmp_path):
    (desk.inbox / "科室").mkdir()
    (desk.inbox / "科室" / "a.txt").write_text(LEAK, "utf-8")

    def crash(path):
        raise KeyboardInterrupt

    desk.check = crash
    with pytest.raises(KeyboardInterrupt):
        settled(desk)
    assert names(desk.inbox) == [f"{ASIDE}/科室/a.txt"]
    again = Desk(desk.inbox, desk.folders, check, desk.render, desk.suffix)
    assert again.prepare() == [desk.inbox / "科室" / "a.txt"]
    assert len(settled(again)) == 1
    assert names(tmp_path / "blocked") == ["科室/a.txt", "科室/a.txt.report.txt"]


def test_nothing_that_lies_there_is_overwritten(desk, tmp_path):
    for text in (CLEAN, CLEAN + "又办结一件。\n"):
        (desk.inbox / "a.txt").write_text(text, "utf-8")
        settled(desk)
    found = names(tmp_path / "passed")
    assert found == ["a (2).txt", "a (2).txt.report.txt", "a.txt", "a.txt.report.txt"]


def test_folders_on_another_disk_are_refused(desk, monkeypatch):
    real = desk.inbox.stat()

    class Elsewhere:
        st_dev = real.st_dev + 1

    other = desk.folders[Verdict.CLEAR]
    monkeypatch.setattr(type(other), "stat", lambda self, **_: Elsewhere if self == other else real)
    monkeypatch.setattr(watch.Path, "mkdir", lambda self, **_: None)
    with pytest.raises(UsageError, match="one disk"):
        desk.prepare()


def test_the_command_sorts_a_folder_once_and_says_so_without_the_value(tmp_path):
    inbox = tmp_path / "待发布"
    inbox.mkdir()
    (inbox / f"{ID}.txt").write_text(CLEAN, "utf-8")
    (inbox / "b.txt").write_text(CLEAN, "utf-8")
    code, out, err = run(
        "watch", str(inbox), "--once", "--every", "0.05", "--settle", "0", "--lang", "zh"
    )
    assert code == 1
    assert ID not in out.decode() + err.decode()
    assert names(tmp_path / "通过") == ["b.txt", "b.txt.审查报告.html"]
    assert names(tmp_path / "阻断") == [f"{ID}.txt", f"{ID}.txt.审查报告.html"]
    assert ID not in (tmp_path / "阻断" / f"{ID}.txt.审查报告.html").read_text("utf-8")


def test_result_folders_inside_the_watched_one_are_refused(tmp_path):
    code, _, err = run("watch", str(tmp_path), "--to", str(tmp_path / "x"), "--once")
    assert code == 2
    assert b"must not lie inside" in err
