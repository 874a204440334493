"""The databases that records are tested on."""

from tests.store.conftest import place, postgres

__all__ = ["place", "postgres"]
