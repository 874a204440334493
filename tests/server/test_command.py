"""``secreview serve`` as people start it, and the settings it takes."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from secreview.cli import main, serve
from secreview.config import Webhook, load_config
from secreview.errors import UsageError
from tests.server.test_reviews import NUMBER

HERE = Path(__file__).parent.parent.parent


def free_port():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def children_of(pid):
    """Return the processes that a process has started, and theirs."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(file.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            child = int(file.parent.name)
            found += [child, *children_of(child)]
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_command_serves_until_interrupted_and_leaves_no_process_behind(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "secreview", "serve", "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(HERE), "SECREVIEW_LANG": "en"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as made:
        try:
            for _ in range(300):
                try:
                    httpx.get(f"http://127.0.0.1:{port}/healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            answer = httpx.post(
                f"http://127.0.0.1:{port}/v1/reviews",
                files={"file": (f"{NUMBER}.html", f"<p>身份证号：{NUMBER}</p>")},
                headers={"prefer": "wait=30"},
                timeout=60,
            )
            started = children_of(made.pid)
        finally:
            made.send_signal(signal.SIGINT)
            said = made.communicate(timeout=30)[1].decode()
    assert answer.json()["summary"]["verdict"] == "block"
    assert started
    until = time.monotonic() + 10
    while [pid for pid in started if Path(f"/proc/{pid}").exists()] and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    assert "listening on" in said
    assert "POST /v1/reviews 200" in said
    assert NUMBER not in said


def test_the_configuration_says_how_to_serve(tmp_path):
    path = tmp_path / "secreview.toml"
    path.write_text(
        '[serve]\nport = 9000\ntokens = "tokens.toml"\n'
        '[[serve.webhooks]]\nurl = "https://example.org/hook"\nsecret = "s"\n'
        'events = ["review.done"]\n',
        "utf-8",
    )
    made = load_config(path).serve
    assert (made.port, made.tokens) == (9000, tmp_path / "tokens.toml")
    hook = Webhook("https://example.org/hook", tmp_path / "s", ("review.done",))
    assert made.webhooks == (hook,)
    arguments = serve.parser("en").parse_args(
        ["--config", str(path), "--port", "1", "--workers", "3"]
    )
    given = serve.config_of(arguments).serve
    assert (given.port, given.workers, given.tokens) == (1, 3, made.tokens)


@pytest.mark.parametrize(
    "text",
    [
        "[serve]\nport = 70000",
        "[serve]\nopen = true",
        '[serve]\nwebhooks = [{ url = "ftp://example.org", secret = "s" }]',
        '[serve]\nwebhooks = [{ url = "https://example.org", secret = "s", events = ["all"] }]',
    ],
)
def test_a_setting_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "secreview.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"serve\."):
        load_config(path)


def test_without_the_extra_the_message_names_it(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "secreview.server.run", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve", "--lang", "en"]) == 2
    assert "secreview[serve]" in capsys.readouterr().err


def test_a_store_that_cannot_be_opened_is_said_before_anything_listens(tmp_path, capsys):
    (tmp_path / "records.db").write_bytes(b"no database " * 100)
    assert main(["serve", "--store", str(tmp_path / "records.db"), "--lang", "en"]) == 4
    assert "store:" in capsys.readouterr().err
