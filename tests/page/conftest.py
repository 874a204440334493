"""A page that really listens on loopback, and a browser to look at it."""

import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from secreview.config import Serve
from secreview.server.page.doors import Doors
from secreview.server.page.run import listening, page_app
from secreview.server.run import server_for

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="package", autouse=True)
def own_keys(tmp_path_factory):
    """Keep keys of fingerprints and of the gate in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@contextmanager
def serving():
    """Give the doors of a page that listens on a free port, and its address."""
    doors = Doors()
    with listening(0) as made:
        server = server_for(page_app(doors, Serve()), Serve())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [made]})
        thread.start()
        try:
            until = time.monotonic() + 30
            while not server.started and thread.is_alive() and time.monotonic() < until:
                time.sleep(0.01)
            yield doors, f"http://127.0.0.1:{made.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def browser():
    """Give a Chromium; without one skip, but fail where CI is set."""
    path = shutil.which("chromium") or CHROMIUM
    if not Path(path).exists():
        absent(f"no Chromium is installed ({CHROMIUM})")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


def absent(why):
    """Skip a test for want of a browser; where CI is set that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
