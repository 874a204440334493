"""Hooks when the check itself fails: nothing goes through unseen, or it is noted beforehand."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from secreview.api.policy import OpeningsFile
from tests.build import word
from tests.cli.test_check import ROOT
from tests.cli.test_git import CLEAN, ID, LEAK, commit, git, hook, server, work
from tests.readers import FAULTS, python_path

__all__ = ["server", "work"]
OPEN = 'on_error = "open-with-record"\nopenings = "{folder}/openings.jsonl"\n'
BROKEN = 'rules = ["no-such-folder"]\n'
WEATHER = '[[columns]]\nname = "天气"\npaths = ["weather/*"]\non_error = "open-with-record"\n'


def noted(folder: Path) -> list[tuple[str, str]]:
    path = folder / "openings.jsonl"
    return [(row.column, row.name) for row in OpeningsFile(path).all()] if path.exists() else []


def stage(folder: Path, config: str, **files: str | bytes):
    (folder / "secreview.toml").write_text(config, "utf-8")
    (folder / ".git" / "info" / "exclude").write_text("secreview.toml\nrules\nopenings.jsonl\n")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git(folder, "add", "-A")


def broken_pack(folder: Path) -> str:
    (folder / "rules" / "personal").mkdir(parents=True)
    (folder / "rules" / "personal" / "x.toml").write_text("no rule at all\n")
    return 'rules = ["rules"]\n'


@pytest.mark.parametrize("how", ["no folder of rules", "a broken pack", "a broken configuration"])
def test_what_cannot_be_checked_is_refused(work, how):
    config = {
        "no folder of rules": BROKEN,
        "a broken pack": broken_pack(work),
        "a broken configuration": OPEN.format(folder=work) + "no such key = 1\n",
    }[how]
    stage(work, config, a_txt=CLEAN)
    assert hook(work, "pre-commit")[0] == 2
    (work / "message").write_text(CLEAN, "utf-8")
    assert hook(work, "commit-msg", "message")[0] == 2
    assert noted(work) == []


def test_an_open_column_passes_once_that_is_noted(work):
    config = f'openings = "openings.jsonl"\n{broken_pack(work)}{WEATHER}'
    stage(work, config, weather__today_txt=CLEAN)
    code, said = hook(work, "pre-commit")
    assert code == 0
    assert "went out unreviewed: weather/today.txt" in said
    assert noted(work) == [("天气", "weather/today.txt")]


def test_one_file_of_a_closed_column_holds_all_and_notes_nothing(work):
    config = f'openings = "openings.jsonl"\n{BROKEN}{WEATHER}'
    stage(work, config, weather__today_txt=CLEAN, a_txt=CLEAN)
    assert hook(work, "pre-commit")[0] == 2
    assert noted(work) == []


def test_what_cannot_be_noted_is_refused(work):
    stage(work, OPEN.format(folder=work) + BROKEN, a_txt=CLEAN)
    (work / "openings.jsonl").mkdir()
    assert hook(work, "pre-commit")[0] == 2


def test_a_message_without_files_follows_the_general_policy(work):
    (work / "message").write_text(CLEAN, "utf-8")
    (work / "secreview.toml").write_text(OPEN.format(folder=work) + BROKEN, "utf-8")
    assert hook(work, "commit-msg", "message")[0] == 0
    assert noted(work) == [("", "message.txt")]
    (work / "secreview.toml").write_text(BROKEN + WEATHER, "utf-8")
    assert hook(work, "commit-msg", "message")[0] == 2


def test_a_push_to_an_open_repository_is_taken_and_noted_and_a_leak_never_is(work, server):
    commit(work, a_txt=CLEAN)
    (server / "secreview.toml").write_text(OPEN.format(folder=server) + BROKEN, "utf-8")
    assert "went out unreviewed" in git(work, "push", "origin", "main")
    assert [name.rpartition(":")[2] for _, name in noted(server)] == ["a.txt"]
    (server / "secreview.toml").write_text(OPEN.format(folder=server), "utf-8")
    commit(work, a_txt=LEAK)
    assert ID not in git(work, "push", "origin", "main", ok=False)
    (server / "secreview.toml").write_text(BROKEN, "utf-8")
    commit(work, a_txt=CLEAN)
    git(work, "push", "origin", "main", ok=False)
    assert len(noted(server)) == 1


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", FAULTS)
def test_a_reader_that_hangs_or_dies_is_what_the_document_causes(work, tmp_path, how):
    config = OPEN.format(folder=work) + "[limits]\nwall_seconds = 1\n"
    stage(work, config, a_docx=word("八个断面全部达标。"))
    path = python_path(tmp_path / "broken", how, ROOT)
    done = subprocess.run(
        [sys.executable, "-m", "secreview", "git", "pre-commit"],
        cwd=work, capture_output=True, env={**os.environ, "PYTHONPATH": path}, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert noted(work) == []


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_a_hook_without_memory_or_without_its_python_refuses(work):
    stage(work, "", a_txt=LEAK)
    command = [sys.executable, "-m", "secreview", "git", "pre-commit"]
    done = subprocess.run(
        command, cwd=work, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (60 << 20, 60 << 20)),
        check=False,
    )  # fmt: skip
    assert done.returncode not in (0, 1)
    assert ID.encode() not in done.stdout + done.stderr
    hook(work, "install", "pre-commit")
    script = work / ".git" / "hooks" / "pre-commit"
    script.write_text(script.read_text().replace(sys.executable, "/no/such/python"))
    git(work, "commit", "-m", "更新", ok=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk of Linux")
def test_a_full_disk_lets_nothing_through(work):
    stage(work, OPEN.format(folder=work), a_txt=CLEAN)
    assert hook(work, "pre-commit", "--format", "json:/dev/full")[0] != 0
    stage(work, 'on_error = "open-with-record"\nopenings = "/dev/full"\n' + BROKEN, a_txt=CLEAN)
    assert hook(work, "pre-commit")[0] == 2


def test_an_object_that_git_has_lost_is_refused(work):
    stage(work, OPEN.format(folder=work), a_txt=CLEAN)
    name = git(work, "rev-parse", ":a.txt").strip()
    (work / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert hook(work, "pre-commit")[0] != 0
    assert noted(work) == []


def test_a_baseline_that_cannot_be_read_is_refused(work):
    stage(work, "", a_txt=LEAK)
    (work / "baseline.jsonl").write_text("no baseline", "utf-8")
    assert hook(work, "pre-commit", "--baseline", "baseline.jsonl")[0] == 2
