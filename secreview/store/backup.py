"""Back up a live database by its own means; a plain copy of the file is not a backup."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, Engine

from secreview.errors import StoreError
from secreview.store.check import verify
from secreview.store.database import SQLITE, make_file, told, url_of
from secreview.store.log import Store
from secreview.store.open import read_log


def backup(store: Store, place: str, target: Path) -> None:
    """Write a backup of the store at a place to a new file, whole or not at all.

    Others may go on writing meanwhile. SQLite: a database file (VACUUM INTO), verified before it
    counts. PostgreSQL: an archive of ``pg_dump``, restored with ``pg_restore``. Raises StoreError,
    also when the file exists.
    """
    if target.exists():
        raise StoreError(f"{target}: is there already", f"{target}：文件已存在")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    url = url_of(place)
    try:
        make_file(temporary)
        if url.get_backend_name() == SQLITE:
            vacuumed(store.engine, temporary)
            with read_log(str(temporary)) as copy:
                verify(copy, {})
        else:
            dumped(url, temporary)
        temporary.replace(target)
    except OSError as error:
        raise StoreError(
            f"{target}: cannot be written: {error.strerror}", f"{target}：无法写入"
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def vacuumed(engine: Engine, target: Path) -> None:
    """Write the state of a SQLite database at one moment to an empty file."""
    with told(), closing(engine.raw_connection()) as raw:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))


def dumped(url: URL, target: Path) -> None:
    """Write an archive of the tables of a PostgreSQL database with the server's own program."""
    program = shutil.which("pg_dump")
    if program is None:
        raise StoreError(
            "the backup of PostgreSQL needs pg_dump: install the client programs of PostgreSQL",
            "备份 PostgreSQL 需要 pg_dump：请安装 PostgreSQL 客户端程序",
        )
    plain = url.set(drivername="postgresql", password=None)
    environment = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    command = [program, "--format=custom", "--table=secreview_*", f"--file={target}"]
    done = subprocess.run(  # noqa: S603 (the program is found on the path, the rest is ours)
        [*command, f"--dbname={plain.render_as_string()}"],
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode or target.stat().st_size == 0:
        raise StoreError(
            f"pg_dump failed (exit code {done.returncode})", f"pg_dump 失败（{done.returncode}）"
        )
