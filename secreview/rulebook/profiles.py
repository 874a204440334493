"""Profiles that ship with packs of rules: one small file each, ``profiles/NAME.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from secreview.config import Profile
from secreview.config.schema import ProfileTable, validated
from secreview.errors import UsageError
from secreview.rulebook.load import PROFILES


def shipped(folders: Sequence[Path]) -> dict[str, Profile]:
    """Return the profiles of folders of rules by name; a later folder replaces.

    Raises UsageError naming file and key for a faulty one.
    """
    found: dict[str, Profile] = {}
    for folder in folders:
        for path in sorted((folder / PROFILES).glob("*.toml")):
            try:
                table = tomllib.loads(path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise UsageError(f"{path}: is not a readable TOML file: {error}") from error
            found[path.stem] = validated(ProfileTable, table, path).profile(path.stem)
    return found
