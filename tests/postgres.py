"""A PostgreSQL for the tests: the one that SECREVIEW_TEST_POSTGRES names, else a throw-away cluster.

The cluster lives in a temporary folder and listens on a Unix socket only. It runs as the user
``postgres`` when the tests run as root, since PostgreSQL refuses to be started by root.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest

VARIABLE = "SECREVIEW_TEST_POSTGRES"
NUMBERS = count(1)


def binaries() -> Path | None:
    """Return the folder with ``initdb`` and ``pg_ctl``, the newest one that is installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def as_owner(command: list[str]) -> list[str]:
    """Return a command that runs as ``postgres`` when this process is root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Cluster:
    """A PostgreSQL of our own in a folder."""

    def __init__(self, home: Path, folder: Path) -> None:
        """Make the files of the cluster."""
        self.home, self.folder = home, folder
        self.data = str(folder / "data")
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self.call("initdb", "-A", "trust", "-U", "postgres", "-N")

    def call(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs on the cluster."""
        command = as_owner([str(self.home / program), "-D", self.data, *arguments])
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        self.call("pg_ctl", "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def guard(self) -> subprocess.Popen[bytes]:
        """Start what stops the server and takes its files away should the tests be killed."""
        stop = [str(self.home / "pg_ctl"), "-D", self.data, "-m", "immediate", "stop"]
        script = (
            f"while kill -0 {os.getpid()} 2>/dev/null; do sleep 1; done; cd /; "
            f"{shlex.join(as_owner(stop))}; rm -rf {shlex.quote(str(self.folder))}"
        )
        return subprocess.Popen(
            ["sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def crash(self) -> None:
        """Stop the server without letting it finish anything, as a crash does."""
        self.call("pg_ctl", "-m", "immediate", "-w", "stop")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Give a cluster that runs, and is gone afterwards."""
    home = binaries()
    if home is None:
        absent("no PostgreSQL server is installed (initdb)")
    folder = Path(tempfile.mkdtemp(prefix="secreview-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        made = Cluster(home, folder)
        made.start()
        guard = made.guard()
        try:
            yield made
        finally:
            guard.kill()
            guard.wait()
            made.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def absent(why: str) -> NoReturn:
    """Skip a test for want of a PostgreSQL; where CI is set that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def server() -> Iterator[str]:
    """Give the URL of the server to test with; without one skip, but fail where CI is set."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    with cluster() as made:
        yield made.url


@contextmanager
def empty_schema(url: str) -> Iterator[str]:
    """Give a URL on which the tables live in a schema of their own, dropped afterwards."""
    from sqlalchemy import create_engine, make_url, text

    name = f"t{os.getpid()}_{next(NUMBERS)}"
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
        mark = "&" if "?" in url else "?"
        yield f"{url}{mark}options=-csearch_path%3D{name}"
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()
