"""What every command that checks needs: configuration, rules, options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from secreview.api import (
    Options,
    fingerprint_key,
    shipped_profiles,
    with_profile,
)
from secreview.api import (
    rulebook_of as loaded,
)
from secreview.cli.terms import say
from secreview.config import Config, find_config, load_config
from secreview.formats.protocol import DEFAULT_LIMITS
from secreview.outputs.messages import message
from secreview.rulebook.rule import Rulebook

DEFAULT_PROFILE = "default"


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
        limits=replace(DEFAULT_LIMITS, **config.limits),
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
) -> Iterator[tuple[list[Path], Options, str]]:
    """Yield the files, in their order, with options and profile of the column they lie in.

    A profile named on the command line applies to all of them.
    """
    config = settings.config
    if not config.columns or arguments.profile:
        yield list(files), settings.options, arguments.profile or config.profile
        return
    made: dict[str, Options] = {}
    for name, group in groupby(files, config.profile_for):
        if name not in made:
            rulebook = rulebook_of(config, arguments, name)
            made[name] = replace(settings.options, rulebook=rulebook)
        yield list(group), made[name], name


def with_decided(options: Options, path: Path | None, audience: str, lang: str) -> Options:
    """Return options that hide what a baseline file decides; what no longer stands is counted.

    Raises UsageError when the file is no baseline.
    """
    if path is None:
        return options
    from secreview.api.baseline import baseline_in, present_of  # lazy: few runs need it
    from secreview.review.carry import Doubt, doubt

    rows = baseline_in(path)
    present = present_of(options, audience)
    doubts = [doubt(row, present) for row in rows]
    expired = sum(why not in (None, Doubt.AUDIENCE) for why in doubts)
    if expired:
        say("baseline.expired", lang, n=expired)
    stand = (row.fingerprint for row, why in zip(rows, doubts, strict=True) if why is None)
    return replace(options, decided=frozenset(stand))
