"""Connections: SQLite and PostgreSQL with the settings under which nothing acknowledged is lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from secreview.errors import StoreError, Tampered

SQLITE, POSTGRES = "sqlite", "postgresql"
WAIT = 30  # seconds for another writer
WRITES = "secreview_writes"
LOCK = 0x5EC2E71E00000001  # the advisory lock of PostgreSQL under which one writer appends
DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_MISMATCH"})
FULL = frozenset({"SQLITE_FULL", "DiskFull"})
BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "LockNotAvailable", "QueryCanceled"})
READONLY = frozenset({"SQLITE_READONLY", "ReadOnlySqlTransaction", "InsufficientPrivilege"})
ABSENT = frozenset({"SQLITE_CANTOPEN", "OperationalError", "ConnectionTimeout"})


def url_of(place: str) -> URL:
    """Return the URL of a store given as a path or a URL; raise StoreError for another database."""
    if "://" not in place:
        return URL.create(SQLITE, database=place)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:
        raise StoreError("the URL of the store is not valid", "记录库地址无效") from error
    match url.get_backend_name():
        case "sqlite" if url.database not in (None, "", ":memory:"):
            return url.set(drivername=SQLITE)
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
    raise StoreError(
        "records are kept in a SQLite file or in PostgreSQL: give a path or postgresql://…",
        "记录保存在 SQLite 文件或 PostgreSQL 中：请给出路径或 postgresql://…",
    )


def engine_for(url: URL, *, writes: bool) -> Engine:
    """Return an engine; a SQLite file that does not exist is made, for its owner alone."""
    if url.get_backend_name() == SQLITE:
        return sqlite_engine(Path(str(url.database)), writes=writes)
    try:
        made = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(
            "PostgreSQL needs psycopg: install secreview[postgres]",
            "使用 PostgreSQL 需要安装 secreview[postgres]",
        ) from error
    event.listen(made, "begin", begin_postgres)
    return made


def sqlite_engine(file: Path, *, writes: bool) -> Engine:
    """Return an engine on a SQLite file; raise StoreError when it is not there to be read."""
    if writes:
        make_file(file)
    elif not file.is_file():
        raise StoreError(f"{file}: there are no records here", f"{file}：这里没有记录")
    mode = "rwc" if writes else "ro"
    target = f"{file.absolute().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(target, uri=True, timeout=WAIT, check_same_thread=False)
        settle(connection, writes=writes)
        return connection

    return with_begin(create_engine("sqlite://", creator=connect, hide_parameters=True))


def with_begin(made: Engine) -> Engine:
    """Return a SQLite engine whose transactions begin as this module says."""
    event.listen(made, "begin", begin_sqlite)
    return made


def make_file(file: Path) -> None:
    """Make an empty file that only its owner can read, and its folder; one that exists stays."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"{file}: cannot be made: {error.strerror}", f"{file}：无法创建"
        ) from error


def settle(connection: sqlite3.Connection, *, writes: bool) -> None:
    """Set what SQLite has to be told on each connection."""
    connection.isolation_level = None  # transactions begin where this module says
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    if writes:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased leaves no bytes


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; one that writes takes the lock at once."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_postgres(connection: Connection) -> None:
    """Take the lock of the one writer, and wait for the disk whatever the server's default is."""
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside the one transaction that writes; all of it is kept or nothing."""
    with told(), engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the log as it was at one moment."""
    options: dict[str, Any] = {"yield_per": 500}
    if engine.dialect.name == POSTGRES:
        options["isolation_level"] = "REPEATABLE READ"
    with told(), engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def told() -> Iterator[None]:
    """Turn errors of a database into StoreError, without the values that drivers quote."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        raise said(error) from None  # a driver's error may quote what was to be stored


def said(error: Exception) -> StoreError:
    """Return what a database's error means for the caller."""
    cause: object = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    base = "_".join(name.split("_")[:2]) if name.startswith("SQLITE_") else name
    if base in DAMAGED or isinstance(cause, UnicodeDecodeError):
        return Tampered(f"the database is damaged ({name})", f"数据库已损坏（{name}）")
    if base in FULL or name == "SQLITE_IOERR_WRITE":
        return StoreError("the disk is full; nothing was written", "磁盘已满，没有写入任何内容")
    if base in BUSY:
        return StoreError(
            "another writer holds the records; try again", "其他程序正在写入记录，请稍后重试"
        )
    if base in READONLY:
        return StoreError("the records may only be read", "记录只能读取，不能写入")
    if base in ABSENT:
        return StoreError(f"the store cannot be reached ({name})", f"无法连接记录库（{name}）")
    return StoreError(f"the store answers with an error ({name})", f"记录库出错（{name}）")
