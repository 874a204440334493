"""A store on each database."""

from __future__ import annotations

import pytest

from tests.postgres import empty_schema, server


@pytest.fixture(scope="session")
def postgres():
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """A path or URL at which there is no store yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "records.db")
    else:
        with empty_schema(request.getfixturevalue("postgres")) as url:
            yield url
