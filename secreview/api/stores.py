"""Where records live: opening the log of a path or URL, which needs an extra."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from secreview.errors import StoreError, UsageError

if TYPE_CHECKING:
    from secreview.store.log import Store


@contextmanager
def opened(place: str) -> Iterator[Store]:
    """Give the log at a path or URL to write to, made if need be.

    Raises UsageError when the extra is missing, StoreError when the log cannot be opened.
    """
    package = stores()
    if "://" not in place:
        try:
            Path(place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{place}: cannot be written: {error.strerror}") from error
    with package.open_log(place) as log:
        yield log


@contextmanager
def reading(place: str) -> Iterator[Store]:
    """Give the log at a path or URL to read from; raises the same."""
    with stores().read_log(place) as log:
        yield log


def stores() -> ModuleType:
    """Return the package of stores; raise UsageError that names the extra when it is missing."""
    try:
        return import_module("secreview.store")
    except ImportError as error:
        raise UsageError(
            f'records need the extra "store" ({error.name} is missing): '
            'pip install "secreview[store]", or "secreview[postgres]" for PostgreSQL'
        ) from error
