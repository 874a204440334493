"""The entry in the history of a page that says that it was held."""

from __future__ import annotations

HELD = "secreview.held"
