"""Where records live: one SQLite file by default, PostgreSQL by URL. Needs secreview[store]."""

from __future__ import annotations

from secreview.store.open import open_log, read_log

__all__ = ["open_log", "read_log"]
