"""The commands of records, run as people run them."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DESK = ROOT / "examples/desk"
REFUSED = re.compile(r"# .*(exit code|退出码) (\d)")


def commands(readme: str) -> list[tuple[str, int]]:
    """Return the commands of the section of a README on records, with their exit codes."""
    text = (ROOT / readme).read_text("utf-8")
    block = next(
        b for b in re.findall(r"^```console\n(.*?)^```", text, re.M | re.S) if "submit" in b
    )
    lines = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return [(line, int(m[2]) if (m := REFUSED.search(line)) else 0) for line in lines]


@pytest.fixture
def shell(tmp_path):
    """Return a function that runs a command line in a copy of the example, as in a fresh home."""
    folder, tools, home = tmp_path / "desk", tmp_path / "bin", tmp_path / "home"
    shutil.copytree(DESK, folder, ignore=shutil.ignore_patterns("records.db*", "notice.json"))
    for made in (tools, home):
        made.mkdir()
    for name, words in (("secreview", "-m secreview"), ("python", "")):
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    env = {
        "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home), "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    run.folder, run.home = folder, home
    return run


def test_the_run_of_the_readme_ends_as_it_says(shell):
    asked = commands("README.md")
    assert len(asked) >= 9
    for line, code in asked:
        done = shell(line)
        assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
        if "second_verifier" in line:
            assert done.stdout.split()[1] == "notice.txt"
    assert "13912345678" not in (shell.folder / "notice.json").read_text()
    assert b"13912345678" not in (shell.folder / "records.db").read_bytes()
    assert stat.S_IMODE((shell.home / ".config/secreview/gate.key").stat().st_mode) == 0o600


def test_both_readmes_run_the_same_commands():
    english, chinese = commands("README.md"), commands("README.zh.md")
    bare = [[line.split("  #")[0] for line, _ in lines] for lines in (english, chinese)]
    assert bare[0] == bare[1]
    assert [code for _, code in english] == [code for _, code in chinese]
    assert [code for _, code in english].count(1) == 3
