"""What every command that checks needs: configuration, rules, options."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from secreview.api import (
    Options,
    fingerprint_key,
    shipped_profiles,
    with_profile,
)
from secreview.api import (
    rulebook_of as loaded,
)
from secreview.config import Config, find_config, load_config
from secreview.errors import UsageError
from secreview.formats.protocol import DEFAULT_LIMITS
from secreview.outputs.messages import message
from secreview.rulebook.rule import Rulebook

DEFAULT_PROFILE = "default"
BASELINE_SCHEMA = "secreview.baseline/1"


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration with the options it gives."""

    config: Config
    options: Options
    lang: str


def add_rule_flags(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the flags that say which rules apply and in which language people are told."""
    parser.add_argument(
        "--rules", action="append", default=[], metavar="DIR", help=message("help.rules", lang)
    )
    parser.add_argument("--profile", default="", metavar="NAME", help=message("help.profile", lang))
    parser.add_argument("--config", type=Path, metavar="FILE", help=message("help.config", lang))
    parser.add_argument("--lang", choices=("zh", "en"), help=message("help.lang", lang))


def settings_of(
    arguments: argparse.Namespace, lang: str, start: Path, kind: str = "rules"
) -> Settings:
    """Return the settings of a command; raise UsageError or RuleError.

    The kind ``examples`` is for commands that look at the examples of the rules.
    """
    config = load_config(find_config(start, arguments.config))
    options = Options(
        rulebook=rulebook_of(config, arguments, arguments.profile or config.profile, kind),
        key=fingerprint_key(config.key_file),
        limits=replace(DEFAULT_LIMITS, **dict[str, Any](config.limits)),
        allow=config.allow,
    )
    return Settings(config, options, arguments.lang or config.lang or lang)


def rulebook_of(
    config: Config, arguments: argparse.Namespace, name: str, kind: str = "rules"
) -> Rulebook:
    """Return the rulebook that a profile of a configuration makes of the rules."""
    folders = (*config.rules, *map(Path, arguments.rules))
    is_own = name in config.profiles or name == DEFAULT_PROFILE
    profile = config.chosen(name, {} if is_own else shipped_profiles(folders))
    off = ((item.rule, item.reason) for item in config.off)
    return with_profile(loaded(folders, kind), profile, off)


def columns_of(
    files: Sequence[Path], settings: Settings, arguments: argparse.Namespace
) -> Iterator[tuple[list[Path], Options]]:
    """Yield the files, in their order, with the options of the website column they lie in.

    A profile named on the command line applies to all of them.
    """
    config = settings.config
    if not config.columns or arguments.profile:
        yield list(files), settings.options
        return
    made: dict[str, Options] = {}
    for name, group in groupby(files, config.profile_for):
        if name not in made:
            rulebook = rulebook_of(config, arguments, name)
            made[name] = replace(settings.options, rulebook=rulebook)
        yield list(group), made[name]


def passwords_of(path: Path | None) -> tuple[str, ...]:
    """Return the passwords of a file, one a line; raise UsageError when it cannot be read."""
    if path is None:
        return ()
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        what = f"{path}: the password file cannot be read: {error.strerror}"
        raise UsageError(what) from error
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the password file must be in UTF-8") from None
    return tuple(dict.fromkeys(line for line in lines if line))


def decided_of(path: Path | None) -> frozenset[str]:
    """Return the fingerprints of a baseline file; raise UsageError when it is none."""
    if path is None:
        return frozenset()
    try:
        table: Any = json.loads(path.read_text("utf-8"))
        if table["schema"] != BASELINE_SCHEMA:
            raise ValueError(table["schema"])
        return frozenset(row["fingerprint"] for row in table["findings"])
    except OSError as error:
        raise UsageError(f"{path}: the baseline cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        what = f"{path}: is not a baseline of secreview; make one with: secreview baseline create"
        raise UsageError(what) from error
