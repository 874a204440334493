"""The clients in Java and JavaScript publish what is clear, and nothing when anything is amiss."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.build import word
from tests.server.conftest import bearer, running, with_records
from tests.server.test_reviews import CLEAN, LEAK, NUMBER
from tests.spoiled import SPOILS, nowhere, spoiled

CLIENTS = Path(__file__).parent.parent.parent / "examples" / "clients"
SECONDS = "2"
PUBLISHED, HELD, UNTOLD = 0, 1, 3


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """Give how each client is started; Java's is compiled once."""
    if not (shutil.which("javac") and shutil.which("node")):
        missing = "needs a JDK (javac) and Node.js (node)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    folder = tmp_path_factory.mktemp("classes")
    subprocess.run(["javac", "-d", folder, CLIENTS / "Publish.java"], check=True)
    return {
        "java": [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            str(folder),
            "Publish",
        ],
        "node": ["node", str(CLIENTS / "publish.mjs")],
    }


@pytest.fixture(scope="module")
def service(own_keys, tmp_path_factory):
    with running(with_records(tmp_path_factory.mktemp("service"))) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "通知.html").write_text(f"<p>{CLEAN}</p>", "utf-8")
    (tmp_path / "附件.docx").write_bytes(word("八个断面全部达标。"))
    return [tmp_path / "通知.html", tmp_path / "附件.docx"]


@pytest.fixture(params=["java", "node"])
def ask(request, commands, service):
    """Give a way to hand files in with one of the clients."""
    return lambda files, **more: ended(begun(commands[request.param], service, files, **more))


def begun(command, url, files, **environment):
    token = bearer("review")["Authorization"].removeprefix("Bearer ")
    return subprocess.Popen(
        [*command, url, *files], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "SECREVIEW_TOKEN": token, "SECREVIEW_SECONDS": "30",
             "LC_ALL": "C.UTF-8", **environment},
    )  # fmt: skip


def ended(process):
    said = process.communicate(timeout=60)[0]
    return process.returncode, said


def test_a_clear_page_with_its_attachment_is_published(ask, files):
    assert ask(files) == (PUBLISHED, "publish\n")
    assert ask(files[::-1]) == (PUBLISHED, "publish\n")


@pytest.mark.parametrize("where", [0, 1])
def test_a_leak_in_page_or_attachment_is_held_and_not_repeated(ask, files, where):
    files[where].write_bytes([LEAK.encode(), word(CLEAN, comment=LEAK)][where])
    code, said = ask(files)
    assert code == HELD
    assert said.startswith("hold: block")
    assert NUMBER not in said


def test_what_cannot_be_read_is_held(ask, files):
    files[1].write_bytes(files[1].read_bytes()[:400])
    assert ask(files) == (HELD, "hold: incomplete\n")


def test_what_the_service_refuses_is_held(ask, files):
    assert ask([files[0], files[0]])[0] == UNTOLD  # one name twice
    assert ask([])[0] == UNTOLD
    assert ask(files, SECREVIEW_TOKEN="wrong")[0] == UNTOLD


def test_a_service_that_is_down_holds(commands, files):
    for command in commands.values():
        assert ended(begun(command, nowhere(), files))[0] == UNTOLD


@pytest.mark.parametrize("how", SPOILS)
def test_any_other_answer_holds(commands, service, files, how):
    with spoiled(service, SPOILS[how]) as url:
        both = [begun(c, url, files, SECREVIEW_SECONDS=SECONDS) for c in commands.values()]
        for code, said in map(ended, both):
            assert code in (HELD, UNTOLD), said
            assert "publish" not in said
