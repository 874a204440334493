"""Hostile files: never clear, never a traceback, within memory and time, and no harm to others."""

import json
import resource
import subprocess
import sys
import time
from typing import NamedTuple

import pytest

from tests.formats import hostile

SECONDS = 150  # for the whole set
MEMORY = 2 << 30
HARMFUL_OR_LEAKING = "every one of these holds a leak or cannot be read whole"


@pytest.fixture(scope="module")
def outcome(once):
    """Give how the command went over the whole set, with an ordinary file before and after it."""
    return Outcome(*once("hostile", run))


class Outcome(NamedTuple):
    """Exit code, what was said, reports by name, seconds, bytes of memory at the peak."""

    code: int
    said: str
    reports: dict
    took: float
    peak: int


def run(folder):
    for name, build in hostile.HARMFUL.items():
        (folder / name).write_bytes(build())
    for name, data in hostile.cut_off().items():
        (folder / name).write_bytes(data)
    (folder / "a-first.txt").write_text(hostile.LEAK, "utf-8")
    (folder / "z-last.docx").write_bytes(hostile.word(hostile.LEAK))
    out = folder.with_suffix(".report.json")
    started = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "secreview",
            "check",
            str(folder),
            "--format",
            "json",
            "-o",
            str(out),
        ],
        capture_output=True,
        check=False,
        timeout=SECONDS * 4,
    )
    took = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    reports = json.loads(out.read_text("utf-8"))["reports"]
    by_name = {report["document"]["name"]: report for report in reports}
    return done.returncode, done.stderr.decode(errors="replace"), by_name, took, peak


def test_the_set_is_large_enough():
    assert len(hostile.HARMFUL) + len(hostile.cut_off()) >= 40


@pytest.mark.parametrize("name", [n for n in hostile.HARMFUL if n not in ("far.xlsx",)])
def test_a_harmful_file_is_never_clear(outcome, name):
    report = outcome.reports[name]
    assert report["verdict"] != "clear", report["coverage"]


@pytest.mark.parametrize("name", sorted(hostile.cut_off()))
def test_a_file_that_is_cut_off_is_never_clear(outcome, name):
    assert outcome.reports[name]["verdict"] != "clear"


def test_the_run_ends_with_findings_and_no_traceback(outcome):
    assert outcome.code == 1
    assert "Traceback" not in outcome.said
    assert len(outcome.reports) == len(hostile.HARMFUL) + len(hostile.cut_off()) + 2


@pytest.mark.parametrize("name", ["a-first.txt", "z-last.docx"])
def test_other_files_of_the_run_are_not_affected(outcome, name):
    assert "personal/resident-id" in {f["rule"] for f in outcome.reports[name]["findings"]}


def test_memory_and_time_stay_within_bounds(outcome):
    assert outcome.peak < MEMORY
    assert outcome.took < SECONDS


def test_nothing_was_written_under_a_hostile_name(outcome):
    from pathlib import Path

    assert not Path("/tmp/evil.txt").exists()
