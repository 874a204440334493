"""Where the rules that ship with secreview are: in the wheel, an editable install or a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return the folder of the built-in rules."""
    installed = PACKAGE / "rules"
    return installed if installed.is_dir() else PACKAGE.parent / "rules"
