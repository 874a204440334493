"""What every command that checks needs: configuration, rules, options."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from secreview.api import Options, fingerprint_key, load_rulebook
from secreview.config import Config, find_config, load_config
from secreview.errors import UsageError
from secreview.formats.protocol import DEFAULT_LIMITS
from secreview.outputs.messages import message

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


def settings_of(arguments: argparse.Namespace, lang: str, start: Path) -> Settings:
    """Return the settings of a command; raise UsageError or RuleError."""
    config = load_config(find_config(start, arguments.config))
    profile = config.chosen(arguments.profile)
    rulebook = load_rulebook((*config.rules, *arguments.rules))
    off = [(o.rule, o.reason) for o in (*config.off, *profile.off)]
    if off or profile.severity:
        from secreview.rulebook.adjust import adjusted

        rulebook = adjusted(rulebook, off, profile.severity)
    options = Options(
        rulebook=rulebook,
        key=fingerprint_key(config.key_file),
        limits=replace(DEFAULT_LIMITS, **config.limits),
        allow=config.allow,
    )
    return Settings(config, options, arguments.lang or config.lang or lang)


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
