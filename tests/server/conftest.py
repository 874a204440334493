"""A service that really listens on loopback, with and without tokens and records."""

import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from secreview.api import fingerprint_key
from secreview.config import Config, Records, Serve
from secreview.server.run import server_of
from secreview.server.service import Settings
from secreview.server.tokens import digest
from tests.server import work

TOKENS = {name: f"token-of-{name}-0123456789" for name in ("all", "review", "gate", "rules", "lin")}
SCOPES = {
    "all": ["review", "opinion", "gate", "rules"],
    "review": ["review"],
    "gate": ["gate"],
    "rules": ["rules"],
    "lin": ["opinion"],
}
PEOPLE = """
[[person]]
id = "lin"
name = "林一"
unit = "水环境科"
roles = ["drafter"]
[[person]]
id = "shao"
name = "邵四"
unit = "办公室"
roles = ["secrecy-office"]
[[person]]
id = "gu"
name = "顾六"
unit = "局领导"
roles = ["leader"]
"""


@contextmanager
def running(config=None, **more):
    """Give a client of a service that runs in a thread of this process."""
    settings = Settings(config or Config(serve=quick()), work=work.review, **more)
    server = server_of(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.app = server.config.app
            yield client
    finally:
        server.should_exit = True
        thread.join(30)


def quick(**limits):
    """Return settings for a test: any free port, one worker, short limits."""
    return Serve(**{"port": 0, "workers": 1, "seconds": 20, "body_seconds": 1.5, **limits})


def bearer(name):
    return {"Authorization": f"Bearer {TOKENS[name]}"}


def tokens_file(folder):
    path = folder / "tokens.toml"
    tables = [
        f'[[client]]\nname = "{name}"\nsha256 = "{digest(TOKENS[name])}"\nscopes = {SCOPES[name]}\n'
        + ('people = ["lin"]\n' if name == "lin" else "")
        for name in TOKENS
    ]
    path.write_text("\n".join(tables), "utf-8")
    return path


def with_records(folder, **limits):
    """Return a configuration with tokens, people and a store."""
    (folder / "people.toml").write_text(PEOPLE, "utf-8")
    records = Records(str(folder / "records.db"), "office", folder / "people.toml")
    return Config(records=records, serve=quick(tokens=tokens_file(folder), **limits))


@pytest.fixture(scope="package", autouse=True)
def own_keys(tmp_path_factory):
    """Keep keys of fingerprints and of the gate in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        fingerprint_key.cache_clear()  # all keys are from there, here and afterwards from elsewhere
        yield
    fingerprint_key.cache_clear()


@pytest.fixture(scope="package")
def local(own_keys):
    """Give a client of a service on loopback without tokens."""
    with running() as client:
        yield client


@pytest.fixture(scope="package")
def kept(own_keys, tmp_path_factory):
    """Give a client, without a token of its own, of a service with tokens and records."""
    with running(with_records(tmp_path_factory.mktemp("records"))) as client:
        yield client
