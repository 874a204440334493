"""The reading process: what hangs, swells, crashes or lies is a ReadError, and the next file is read."""

import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from secreview import check
from secreview.api import Options
from secreview.errors import Crashed, ReadError, TooLarge
from secreview.formats.child import IN_PROCESS, KEEPER, Child
from secreview.formats.protocol import DEFAULT_LIMITS, MEBIBYTE, Source
from tests.build import word

QUICK = replace(DEFAULT_LIMITS, wall_seconds=2, cpu_seconds=5)
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and resource limits of POSIX")


def reading(code: str, data: bytes = b"x", limits=QUICK):
    """Return what a child running some code gives for a file."""
    child = Child(code)
    try:
        return child.read(Source("a.bin", data=data), limits)
    finally:
        child.end()


def test_a_reader_that_hangs_is_ended_when_its_time_is_up():
    started = time.monotonic()
    with pytest.raises(TooLarge, match="2 seconds"):
        reading("import time; time.sleep(60)")
    assert time.monotonic() - started < 20


@POSIX
@pytest.mark.parametrize("number", [6, 9, 11])
def test_a_reader_killed_by_a_signal_is_named(number):
    code = f"import os; os.kill(os.getpid(), {number})"
    with pytest.raises(Crashed, match=f"signal {number}"):
        reading(code)


@POSIX
def test_a_reader_that_burns_processor_time_is_ended():
    code = (
        "from secreview.formats.child_main import confine\n"
        "from secreview.formats.protocol import Limits\n"
        "confine(Limits(cpu_seconds=1))\nwhile True: pass"
    )
    with pytest.raises(TooLarge, match="processor seconds"):
        reading(code, limits=replace(QUICK, wall_seconds=30, cpu_seconds=1))


@POSIX
def test_a_reader_cannot_write_files(tmp_path):
    target = tmp_path / "leak.txt"
    code = (
        "from secreview.formats.child_main import confine\n"
        "from secreview.formats.protocol import Limits\n"
        f"confine(Limits())\nopen({str(target)!r}, 'w').write('x' * 10)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert not target.exists() or target.stat().st_size == 0


@POSIX
def test_a_file_that_needs_more_memory_than_allowed_is_not_clear():
    KEEPER.close()
    limits = replace(DEFAULT_LIMITS, memory=100 * MEBIBYTE)
    data = word("正文。" * 3_000_000)
    report = check(data=data, name="a.docx", options=Options(limits=limits, key=b"k"))
    KEEPER.close()
    assert report.verdict == "incomplete"


@pytest.mark.parametrize(
    "answer",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        pickle.dumps(("document", "no document")),
        pickle.dumps(("error", ("SystemExit", "1"))),
        pickle.dumps(42),
        b"not a pickle",
        b"",
    ],
)
def test_an_answer_that_is_no_document_is_an_error(answer):
    code = (
        "import sys\nfrom secreview.formats.child import receive, send\n"
        f"receive(sys.stdin.buffer); send(sys.stdout.buffer, {answer!r})"
    )
    with pytest.raises(ReadError):
        reading(code)


def test_the_next_file_is_read_after_a_child_has_gone():
    KEEPER.warm().process.kill()
    KEEPER.warm().process.wait()
    assert check(data=word("本局依法公开信息。"), name="a.docx").verdict == "clear"


def test_what_the_child_reads_is_what_is_read_in_process(monkeypatch):
    data = word("信访人：乔小平\n身份证号：11010519491231002X")
    options = Options(key=b"k")
    apart = check(data=data, name="a.docx", options=options)
    monkeypatch.setenv(IN_PROCESS, "1")
    assert check(data=data, name="a.docx", options=options) == apart
    assert {"personal/private-name", "personal/resident-id"} <= {f.rule for f in apart.findings}


def test_the_digest_is_of_the_bytes_and_not_of_what_the_child_says():
    import hashlib

    data = word("正文")
    assert check(data=data, name="a.docx").sha256 == hashlib.sha256(data).hexdigest()
