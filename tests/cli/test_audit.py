"""``audit`` from the command line: what it says, what it writes, with which exit code."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from secreview.cli import main
from secreview.review.chain import LOG
from secreview.store import open_log
from secreview.store.check import verify
from tests.review.build import Case

PEOPLE = '[[person]]\nid = "shao"\nname = "邵四"\nroles = ["secrecy-office"]\n'


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a store that holds one published and one withheld record."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("SECREVIEW_STORE", "")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.toml").write_text(PEOPLE, "utf-8")
    (tmp_path / "secreview.toml").write_text(
        '[records]\nstore = "records.db"\npeople = "people.toml"\n', "utf-8"
    )
    shown = Case()
    shown.approve()
    (tmp_path / "page.txt").write_text("一月", "utf-8")
    with open_log(str(tmp_path / "records.db")) as log:
        log.append(shown.events, known=0)
    return tmp_path


@pytest.fixture
def run(capsys):
    def call(*arguments, lang="zh"):
        capsys.readouterr()
        code = main(["audit", *arguments, "--lang", lang])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def cut(desk):
    with sqlite3.connect(desk / "records.db") as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("DELETE FROM secreview_body WHERE seq >= 5")
        raw.execute("DELETE FROM secreview_entry WHERE seq >= 5")


def test_a_whole_log_verifies_and_the_missing_checkpoint_is_mentioned(desk, run):
    code, out, _ = run("verify")
    assert code == 0
    assert out.splitlines()[0].startswith("核验通过：6 条")
    assert "没有给出检查点" in out


def test_a_log_that_was_cut_off_is_noticed_with_a_checkpoint(desk, run):
    assert run("checkpoint", "-o", "point.json")[0] == 0
    assert run("verify", "--checkpoint", "point.json")[:1] == (0,)
    cut(desk)
    assert run("verify")[0] == 0
    code, out, _ = run("verify", "--checkpoint", "point.json", lang="en")
    assert code == 1
    assert out.startswith("NOT VERIFIED: entry 5 is cut off")


def test_what_is_printed_on_a_form_is_a_checkpoint(desk, run):
    with open_log(str(desk / "records.db")) as log:
        head = log.head()
    assert run("verify", "--checkpoint", f"{head.count}:{head.digest.upper()}")[0] == 0
    assert run("verify", "--checkpoint", f"{head.count}:{'0' * 64}")[0] == 1
    cut(desk)
    assert run("verify", "--checkpoint", f"{head.count}:{head.digest}")[0] == 1
    assert run("verify", "--checkpoint", "6:short")[0] == 2


def test_an_entry_in_the_name_of_somebody_with_a_key_has_to_be_signed(desk, run):
    assert run("verify")[0] == 0
    keyed = f'[[person]]\nid = "gu"\nname = "顾六"\nroles = ["leader"]\nkeys = ["{"ab" * 32}"]\n'
    (desk / "people.toml").write_text(keyed, "utf-8")
    code, out, _ = run("verify", lang="en")
    assert code == 1
    assert "NOT VERIFIED" in out
    assert "gu" in out


def test_a_changed_checkpoint_or_another_key_is_refused(desk, run, tmp_path, monkeypatch):
    run("checkpoint", "-o", "point.json")
    data = (desk / "point.json").read_bytes()
    (desk / "other.json").write_bytes(data.replace(b'"payload":"e', b'"payload":"f'))
    assert run("verify", "--checkpoint", "other.json")[0] == 1
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "stranger"))
    run("checkpoint", "-o", "mine.json")
    code, out, _ = run("verify", "--checkpoint", "point.json")
    assert code == 1
    assert "检查点不是用该密钥签署的" in out


def test_no_fault_is_signed(desk, run):
    with sqlite3.connect(desk / "records.db") as raw:
        raw.execute("DROP TRIGGER secreview_guard_0")
        raw.execute("UPDATE secreview_entry SET actor = 'x' WHERE seq = 2")
    for action in (
        ("checkpoint", "-o", "point.json"),
        ("export", "--format", "zip", "-o", "a.zip"),
    ):
        assert run(*action)[0] == 4
    assert not (desk / "point.json").exists()
    assert not (desk / "a.zip").exists()


def test_a_document_is_traced_by_file_digest_and_record(desk, run):
    outputs = [run("trace", what)[1] for what in ("page.txt", "r1")]
    assert outputs[0] == outputs[1]
    text = outputs[0]
    for words in ("提交", "审查意见", "审定", "公开", "lin", "gu"):
        assert words in text
    table = json.loads(run("trace", "r1", "--format", "json")[1])
    assert table["records"][0]["events"][0]["kind"] == "submitted"


def test_what_leads_nowhere_exits_2(desk, run):
    code, _, err = run("trace", "nothing")
    assert code == 2
    assert "nothing" in err


def test_an_export_verifies_without_the_store(desk, run):
    run("checkpoint", "-o", "point.json")
    assert run("export", "-o", "log.jsonl")[0] == 0
    (desk / "records.db").rename(desk / "gone.db")
    assert run("verify", "log.jsonl", "--checkpoint", "point.json")[0] == 0
    data = (desk / "log.jsonl").read_bytes()
    (desk / "log.jsonl").write_bytes(data.replace(b'"lin"', b'"lyn"', 1))
    assert run("verify", "log.jsonl")[0] == 1


def test_the_zip_holds_log_verifier_and_checkpoint(desk, run):
    assert run("export", "--format", "zip", "-o", "log.zip")[0] == 0
    with zipfile.ZipFile(desk / "log.zip") as archive:
        archive.extractall(desk / "out")
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "log.jsonl"],
        cwd=desk / "out", capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert run("verify", "out/log.jsonl", "--checkpoint", "out/checkpoint.json")[0] == 0


def test_a_backup_is_written_once(desk, run):
    assert run("backup", "copy.db")[0] == 0
    assert run("verify", "--store", "copy.db")[0] == 0
    assert run("backup", "copy.db")[0] == 4


def test_what_is_due_is_listed_in_three_forms(desk, run):
    code, out, _ = run("due", "--until", "2028-03-02")
    assert code == 0
    assert "已公开信息定期清理" in out
    table = json.loads(run("due", "--until", "2028-03-02", "--format", "json")[1])
    assert {row["cause"] for row in table["due"]} == {"clean-up", "rules"}
    assert run("due", "--until", "2028-03-02", "--format", "csv")[1].startswith("\ufeff日期,")
    assert run("due", "--until", "soon")[0] == 2


def test_erasing_needs_a_known_person_and_a_second_thought(desk, run):
    why = ("--reason", "保存期满")
    assert run("erase", "r1", "--by", "nobody", *why)[0] == 2
    code, out, err = run("erase", "r1", "--by", "shao", *why)
    assert code == 0
    assert out.startswith("r1  ")
    assert "加 --yes" in err
    assert run("trace", "r1")[0] == 0
    assert run("erase", "r1", "--by", "shao", *why, "--yes")[0] == 0
    code, out, _ = run("verify")
    assert code == 0
    assert "其中 6 条的内容已按期限销毁" in out
    code, _, err = run("trace", "r1")
    assert code == 4
    assert "已按保存期限销毁" in err
    with open_log(str(desk / "records.db")) as log:
        assert verify(log).erased == 6
        assert log.events(LOG)[0].actor == "shao"


def test_what_was_closed_before_a_day_is_erased_and_nothing_else(desk, run):
    why = ("--by", "shao", "--reason", "保存期满", "--yes")
    going_on = Case()
    events = [replace(e, record="r2") for e in going_on.events]
    with open_log(str(desk / "records.db")) as log:
        log.append([replace(e, at="2026-03-02T08:00:00Z") for e in events], known=0)
    assert run("erase", "r2", *why)[0] == 2  # it is under review
    assert run("erase", *why)[0] == 2
    assert run("erase", "--before", "2026-03-02", *why)[1] == ""
    assert run("erase", "--before", "2027-01-01", *why)[1].startswith("r1  ")
    with open_log(str(desk / "records.db")) as log:
        assert list(log.records()) == ["r2"]


def test_a_correction_of_the_clock_is_on_record(desk, run):
    assert run("clock", "--by", "shao", "--reason", "此前快一天")[0] == 0
    with open_log(str(desk / "records.db")) as log:
        assert [e.kind for e in log.events(LOG)] == ["clock"]


def test_without_records_nothing_is_made(desk, run):
    code, _, err = run("verify", "--store", "none.db")
    assert code == 4
    assert "没有记录" in err
    assert not (desk / "none.db").exists()
