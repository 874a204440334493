"""What every command that checks needs: configuration, rules, options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from secreview.api import Options, configured
from secreview.cli.terms import say
from secreview.config import Config, find_config, load_config
from secreview.errors import UsageError
from secreview.outputs.messages import message


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
    folders = tuple(map(Path, arguments.rules))
    options = configured(config, arguments.profile, folders=folders, kind=kind)
    return Settings(config, options, arguments.lang or config.lang or lang)


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
            own = configured(config, name, folders=tuple(map(Path, arguments.rules)))
            made[name] = replace(settings.options, rulebook=own.rulebook, allow=own.allow)
        yield list(group), made[name], name


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
