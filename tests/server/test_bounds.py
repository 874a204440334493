"""Uploads that mean harm are refused by a service of its own in bounded time and memory.

What is measured is the most memory that the service and all it has started ever took, as the
kernel counted it, beyond what they took for an ordinary document.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.build import word
from tests.formats import hostile
from tests.server.test_command import HERE, children_of, free_port
from tests.server.test_hostile import head, talk
from tests.server.test_reviews import CLEAN, WAIT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts of the Linux kernel")
SECONDS, MEMORY = 10, 64 << 20
CONFIG = "[serve]\nworkers = 1\nbody_seconds = 1.5\n"
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12))
    + "]><x>&m;</x>"
).encode()
FILES = {
    "a zip bomb": ("bomb.zip", hostile.squeezed({"a.txt": b"0" * (60 << 20)})),
    "a bomb as a Word file": ("bomb.docx", hostile.squeezed({"word/document.xml": b"0" * (60 << 20)})),
    "entities in entities": ("laughs.xml", LAUGHS),
    "entities in UTF-16": ("laughs.xml", LAUGHS.decode().encode("utf-16")),
    "an entity of a local file": (
        "outside.svg", b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>',
    ),
    "entities in a Word file": (
        "dtd.docx", hostile.with_dtd(word("正文"), "word/document.xml"),
    ),
    "a name that leads up": ("../../etc/passwd", b"x"),
}  # fmt: skip


class Measured(httpx.Client):
    """A client of a service in a process of its own, whose memory it can tell."""

    pid = 0

    def most_memory(self) -> int:
        """Return the bytes that the service and its children took at most, added up."""
        return sum(peak(pid) for pid in (self.pid, *children_of(self.pid)))


def peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("service"), free_port()
    (folder / "secreview.toml").write_text(CONFIG, "utf-8")
    command = [sys.executable, "-m", "secreview", "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with (
        subprocess.Popen(
            command, cwd=folder, env=environment, stderr=subprocess.DEVNULL
        ) as process,
        Measured(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        try:
            client.pid = process.pid
            until = time.monotonic() + 60
            while time.monotonic() < until:
                try:
                    client.get("/healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            for name, data in (("warm.txt", CLEAN), ("warm.docx", word(CLEAN))):
                sent = client.post("/v1/reviews", files={"file": (name, data)}, headers=WAIT)
                assert sent.json()["summary"]["verdict"] == "clear"
            yield client
        finally:
            process.terminate()


@pytest.fixture
def bounded(service):
    """Give the service; afterwards it has taken neither long nor much memory, and answers."""
    before, started = service.most_memory(), time.monotonic()
    yield service
    assert time.monotonic() - started < SECONDS
    assert service.most_memory() - before < MEMORY
    assert service.get("/healthz").status_code == 200


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("what", FILES)
def test_a_hostile_file_is_refused(bounded, what):
    name, data = FILES[what]
    if "/" in name:  # a form would name the last step only
        sent = bounded.post("/v1/reviews", json={"parts": [{"name": name, "text": data.decode()}]})
    else:
        sent = bounded.post("/v1/reviews", files={"file": (name, data)}, headers=WAIT)
    assert sent.status_code in (413, 422)
    assert sent.headers["content-type"] == "application/problem+json"
    assert "root:" not in sent.text


def test_a_name_that_leads_up_is_refused_in_a_form_as_well(bounded):
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../etc/passwd"\r\n\r\n'
        b"x\r\n--x--\r\n"
    )
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert bounded.post("/v1/reviews", content=form, headers=kind).status_code == 422


def test_two_declared_gigabytes_are_refused(bounded):
    lines = ("Content-Length: 2147483648", "Content-Type: application/json")
    assert status_of(talk(bounded, head(*lines))) == 413


def test_more_than_was_declared_is_never_read(bounded):
    kind = ("Transfer-Encoding: chunked", "Content-Type: application/json")
    address = (bounded.base_url.host, bounded.base_url.port)
    with socket.create_connection(address, SECONDS) as made:
        made.sendall(head(*kind))
        sent = 0
        try:
            while sent < 1 << 31:
                sent += made.send(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
        except OSError:  # the service has hung up
            pass
    assert sent < 256 << 20


def test_a_slow_body_is_refused(bounded):
    lines = ("Content-Length: 100", "Content-Type: application/json")
    assert status_of(talk(bounded, head(*lines), *[b"{"] * 5, pause=0.5)) == 408
