"""A PostgreSQL for the tests: the one that SECREVIEW_TEST_POSTGRES names, else a throw-away cluster.

The cluster lives in a temporary folder and listens on a Unix socket only. It runs as the user
``postgres`` when the tests run as root, since PostgreSQL refuses to be started by root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

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


@contextmanager
def cluster() -> Iterator[str]:
    """Give the URL of a cluster that is gone afterwards."""
    home = binaries()
    assert home is not None
    folder = Path(tempfile.mkdtemp(prefix="secreview-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run(
            as_owner([str(home / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-N"]),
            **quiet,
        )
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        start = ["-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start"]
        subprocess.run(as_owner([str(home / "pg_ctl"), *start]), **quiet)
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            stop = ["-D", data, "-m", "immediate", "-w", "stop"]
            subprocess.run(as_owner([str(home / "pg_ctl"), *stop]), **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """Give the URL of the server to test with; without one skip, but fail where CI is set."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
    elif binaries():
        with cluster() as url:
            yield url
    else:
        why = f"no PostgreSQL: set {VARIABLE} or install the server (initdb)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)


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
