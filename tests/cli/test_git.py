"""Hooks in a real repository: what is staged, what a push brings, what a message says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build import resident_id, word
from tests.cli.test_check import ROOT, run

ID = resident_id("522601", "19850312", "101")
CLEAN, LEAK = "今年共办结25件。\n", f"身份证号：{ID}\n"
ENV = {
    **os.environ,
    "PYTHONPATH": str(ROOT), "SECREVIEW_KEY": "k", "LC_ALL": "C.UTF-8", "SECREVIEW_LANG": "zh",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
}  # fmt: skip


def git(folder: Path, *arguments: str, ok: bool = True):
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder, env=ENV, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is ok, done.stderr
    return done.stdout + done.stderr


def hook(folder: Path, *arguments: str, data: str = ""):
    code, out, err = run("git", *arguments, cwd=folder, data=data.encode(), SECREVIEW_LANG="zh")
    return code, (out + err).decode()


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def commit(folder: Path, message: str = "更新", **files: str | bytes):
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--no-verify", "-m", message)


def test_a_clean_commit_passes_without_a_word(work):
    (work / "a.txt").write_text(CLEAN, "utf-8")
    git(work, "add", "-A")
    assert hook(work, "pre-commit") == (0, "")


def test_what_is_staged_counts_and_not_what_lies_in_the_work_tree(work):
    (work / "a.txt").write_text(LEAK, "utf-8")
    git(work, "add", "-A")
    (work / "a.txt").write_text(CLEAN, "utf-8")
    code, said = hook(work, "pre-commit")
    assert code == 1
    assert "居民身份证号码" in said
    assert ID not in said
    git(work, "add", "-A")
    (work / "a.txt").write_text(LEAK, "utf-8")
    assert hook(work, "pre-commit")[0] == 0


def test_only_what_the_commit_changes_is_checked_and_named_paths_limit_it(work):
    commit(work, old_txt=LEAK)
    (work / "new.txt").write_text(CLEAN, "utf-8")
    (work / "other.docx").write_bytes(word("正文", comment=LEAK))
    git(work, "add", "-A")
    assert hook(work, "pre-commit", "new.txt")[0] == 0
    code, said = hook(work, "pre-commit")
    assert code == 1
    assert "other.docx" in said
    assert "old.txt" not in said


def test_a_file_that_cannot_be_read_or_is_kept_elsewhere_does_not_pass(work):
    (work / "a.docx").write_bytes(word("正文")[:400])
    git(work, "add", "-A")
    assert hook(work, "pre-commit")[0] == 3
    git(work, "rm", "-q", "--cached", "a.docx")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 1234\n"
    (work / "a.docx").write_text(pointer)
    git(work, "add", "-A")
    code, said = hook(work, "pre-commit")
    assert code == 3
    assert "Git LFS" in said


def test_an_installed_hook_stops_the_commit_and_is_never_written_over(work):
    assert hook(work, "install")[0] == 0
    (work / "a.txt").write_text(LEAK, "utf-8")
    git(work, "add", "-A")
    assert "居民身份证号码" in git(work, "commit", "-m", "更新", ok=False)
    git(work, "rm", "-q", "--cached", "a.txt")
    (work / "b.txt").write_text(CLEAN, "utf-8")
    git(work, "add", "b.txt")
    assert ID not in git(work, "commit", "-m", f"据实登记 {LEAK}", ok=False)
    git(work, "commit", "-q", "-m", "更新")
    before = (work / ".git" / "hooks" / "pre-commit").read_bytes()
    assert hook(work, "install")[0] == 2
    assert (work / ".git" / "hooks" / "pre-commit").read_bytes() == before


@pytest.fixture
def server(tmp_path, work):
    bare = tmp_path / "server.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    script = bare / "hooks" / "pre-receive"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m secreview git pre-receive >&2\n')
    script.chmod(0o755)
    git(work, "remote", "add", "origin", str(bare))
    return bare


def test_a_clean_push_is_taken(work, server):
    commit(work, a_txt=CLEAN, b_docx=word("正文"))
    git(work, "push", "-q", "origin", "main")
    assert git(server, "rev-parse", "main") == git(work, "rev-parse", "main")


def test_a_leak_deleted_again_is_still_in_the_history_of_the_push(work, server):
    commit(work, a_txt=CLEAN)
    git(work, "push", "-q", "origin", "main")
    commit(work, a_txt=LEAK)
    commit(work, a_txt=CLEAN)
    said = git(work, "push", "origin", "main", ok=False)
    assert "居民身份证号码" in said
    assert ":a.txt" in said
    assert ID not in said


def test_what_the_server_has_already_is_not_checked_again(work, server):
    commit(work, a_txt=LEAK)
    (server / "hooks" / "pre-receive").rename(server / "hooks" / "off")
    git(work, "push", "-q", "origin", "main")
    (server / "hooks" / "off").rename(server / "hooks" / "pre-receive")
    commit(work, b_txt=CLEAN)
    git(work, "push", "-q", "origin", "main", "main:next")
    git(work, "push", "-q", "origin", ":next")


@pytest.mark.parametrize("kind", ["message", "tag", "merge", "renamed"])
def test_messages_tags_merges_and_names_are_looked_at(work, server, kind):
    commit(work, a_txt=CLEAN)
    git(work, "push", "-q", "origin", "main")
    if kind == "message":
        commit(work, LEAK, b_txt=CLEAN)
    elif kind == "tag":
        git(work, "tag", "-a", "v1", "-m", LEAK)
    elif kind == "renamed":
        git(work, "mv", "a.txt", f"名单{ID}.txt")
        git(work, "commit", "-q", "-m", "更名")
    else:
        git(work, "checkout", "-q", "-b", "side")
        commit(work, b_txt=CLEAN)
        git(work, "checkout", "-q", "main")
        commit(work, c_txt=CLEAN)
        git(work, "merge", "-q", "--no-commit", "--no-ff", "side")
        (work / "d.txt").write_text(LEAK, "utf-8")
        git(work, "add", "-A")
        git(work, "commit", "-q", "-m", "合并")
    said = git(work, "push", "origin", "v1" if kind == "tag" else "main", ok=False)
    assert "居民身份证号码" in said
    assert ID not in said


def test_a_folder_without_a_repository_and_a_wrong_hook_are_told(tmp_path):
    assert hook(tmp_path, "pre-commit")[0] == 2
    assert hook(tmp_path, "install", "pre-push")[0] == 2
