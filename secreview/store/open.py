"""Open the store that a path or URL names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from secreview.store import schema
from secreview.store.database import engine_for, reading, url_of, writing
from secreview.store.log import Store


@contextmanager
def open_log(place: str) -> Iterator[Store]:
    """Give the store at a path (SQLite) or URL (SQLite or PostgreSQL), made when it is not there.

    Raises StoreError when it cannot be opened or was made by a later version.
    """
    engine = engine_for(url_of(place), writes=True)
    try:
        with reading(engine) as connection:
            is_ready = schema.ready(connection)
        if not is_ready:
            with writing(engine) as connection:
                schema.prepare(connection, os.urandom(16).hex())
        with reading(engine) as connection:
            log = schema.id_of(connection)
        yield Store(engine, log)
    finally:
        engine.dispose()


@contextmanager
def read_log(place: str) -> Iterator[Store]:
    """Give the store at a path or URL for reading only; raise StoreError when none is there."""
    engine = engine_for(url_of(place), writes=False)
    try:
        with reading(engine) as connection:
            log = schema.id_of(connection) if schema.present(connection) else ""
            schema.ready(connection)
        if not log:
            raise schema.absent()
        yield Store(engine, log)
    finally:
        engine.dispose()
