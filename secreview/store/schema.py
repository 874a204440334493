"""The tables, and the numbered steps that lead to them from any earlier version."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    inspect,
    select,
)

from secreview.errors import StoreError

TABLES = MetaData()
step = Table("secreview_step", TABLES, Column("number", Integer, primary_key=True))
name = Table("secreview_log", TABLES, Column("id", Text, primary_key=True))
entry = Table(
    "secreview_entry",
    TABLES,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("body", Text, nullable=False),  # its digest
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
body = Table(
    "secreview_body",
    TABLES,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
erased = Table("secreview_erased", TABLES, Column("record", Text, primary_key=True))
file = Table(
    "secreview_file",
    TABLES,
    Column("sha256", Text, primary_key=True),
    Column("record", Text, primary_key=True),
)

FIRST = """
CREATE TABLE secreview_step (number INTEGER PRIMARY KEY);
CREATE TABLE secreview_log (id TEXT PRIMARY KEY);
CREATE TABLE secreview_entry (
  seq {integer} PRIMARY KEY, record TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,
  at TEXT NOT NULL, actor TEXT NOT NULL, body TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
  UNIQUE (record, number));
CREATE INDEX secreview_kind ON secreview_entry (kind);
CREATE TABLE secreview_body (
  seq {integer} PRIMARY KEY REFERENCES secreview_entry,
  salt {bytes} NOT NULL, data {bytes} NOT NULL);
CREATE TABLE secreview_erased (record TEXT PRIMARY KEY);
CREATE TABLE secreview_file (
  sha256 TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (sha256, record))
"""
GUARDED = ("UPDATE ON secreview_entry", "DELETE ON secreview_entry", "UPDATE ON secreview_body")
SQLITE_GUARDS = (
    *(
        f"CREATE TRIGGER secreview_guard_{number} BEFORE {what} BEGIN"
        " SELECT RAISE(ABORT, 'the log is append-only'); END"
        for number, what in enumerate(GUARDED)
    ),
    "CREATE TRIGGER secreview_guard_body BEFORE DELETE ON secreview_body"
    " WHEN NOT EXISTS (SELECT 1 FROM secreview_entry JOIN secreview_erased USING (record)"
    " WHERE seq = OLD.seq) BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION secreview_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
    *(
        f"CREATE TRIGGER secreview_guard_{number} BEFORE {what}"
        " FOR EACH ROW EXECUTE FUNCTION secreview_refuse()"
        for number, what in enumerate(GUARDED)
    ),
    "CREATE FUNCTION secreview_spare() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF NOT EXISTS (SELECT 1 FROM secreview_entry JOIN secreview_erased USING (record)"
    " WHERE seq = OLD.seq) THEN RAISE EXCEPTION 'the log is append-only'; END IF;"
    " RETURN OLD; END $$",
    "CREATE TRIGGER secreview_guard_body BEFORE DELETE ON secreview_body"
    " FOR EACH ROW EXECUTE FUNCTION secreview_spare()",
    *(
        f"CREATE TRIGGER secreview_guard_all_{table} BEFORE TRUNCATE ON secreview_{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION secreview_refuse()"
        for table in ("entry", "body")
    ),
)
TYPES: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"integer": "INTEGER", "bytes": "BLOB"},
    "postgresql": {"integer": "BIGINT", "bytes": "BYTEA"},
}


def steps(dialect: str) -> tuple[tuple[str, ...], ...]:
    """Return the statements of each step; a step that was ever released is never changed."""
    guards = SQLITE_GUARDS if dialect == "sqlite" else POSTGRES_GUARDS
    tables = FIRST.format(**TYPES[dialect]).split(";")
    return ((*tables, *guards),)


def present(connection: Connection) -> int:
    """Return the number of the last step taken, 0 for an empty database."""
    if not inspect(connection).has_table(step.name):
        return 0
    return connection.execute(select(func.max(step.c.number))).scalar() or 0


def ready(connection: Connection) -> bool:
    """Return whether every step is taken; raise StoreError when a later version made the tables."""
    taken, known = present(connection), len(steps(connection.dialect.name))
    if taken > known:
        raise StoreError(
            f"the records are of a later version of secreview (step {taken}, known {known})",
            f"记录由更高版本的 secreview 建立（第{taken}步，本版本到第{known}步）",
        )
    return taken == known


def prepare(connection: Connection, log: str) -> None:
    """Take the steps that are not taken yet; a new log gets the given id."""
    for number, statements in enumerate(steps(connection.dialect.name), 1):
        if number <= present(connection):
            continue
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.execute(step.insert().values(number=number))
    if connection.execute(select(func.count()).select_from(name)).scalar() == 0:
        connection.execute(name.insert().values(id=log))


def id_of(connection: Connection) -> str:
    """Return the id of the log."""
    found: str | None = connection.execute(select(name.c.id)).scalar()
    if found is None:
        raise absent()
    return found


def absent() -> StoreError:
    """Return the error of a place that holds no records."""
    return StoreError("there are no records here", "这里没有记录")
