"""``secreview serve``: reviews, records and the gate over HTTP."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from secreview.cli import CLEAR
from secreview.cli.settings import add_rule_flags
from secreview.cli.terms import say, write
from secreview.config import Config, find_config, load_config
from secreview.errors import UsageError
from secreview.outputs.messages import message

FLAGS = ("host", "port", "tokens", "workers", "seconds")


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``serve``."""
    made = argparse.ArgumentParser(
        prog="secreview serve", description=message("help.command.serve", lang)
    )
    add = made.add_argument
    add("--host", metavar="ADDRESS", help=message("help.serve.host", lang))
    add("--port", type=int, metavar="N", help=message("help.serve.port", lang))
    add("--tokens", type=Path, metavar="FILE", help=message("help.serve.tokens", lang))
    add("--workers", type=int, metavar="N", help=message("help.serve.workers", lang))
    add("--seconds", type=float, metavar="S", help=message("help.serve.seconds", lang))
    add("--store", default="", metavar="URL", help=message("help.store", lang))
    add("--new-token", default="", metavar="NAME", help=message("help.serve.new-token", lang))
    add_rule_flags(made, lang)
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Serve until interrupted, or make a token."""
    arguments = parser(lang).parse_args(argv)
    lang = arguments.lang or lang
    if arguments.new_token:
        return token(arguments.new_token, lang)
    config = config_of(arguments)
    running = server("run")
    lang = arguments.lang or config.lang or lang
    settings = running.Settings(config, tuple(map(Path, arguments.rules)), lang)
    url = f"http://{config.serve.host}:{config.serve.port}"
    running.run(settings, lambda: say("serve.begin", lang, url=url))
    return CLEAR


def config_of(arguments: argparse.Namespace) -> Config:
    """Return the configuration with what the flags say about the service."""
    config = load_config(find_config(Path(), arguments.config))
    given = {name: value for name in FLAGS if (value := getattr(arguments, name)) is not None}
    records = replace(config.records, store=arguments.store or config.records.store)
    return replace(
        config,
        profile=arguments.profile or config.profile,
        serve=replace(config.serve, **given),
        records=records,
    )


def token(name: str, lang: str) -> int:
    """Print a new token, once, with the table that lets it in."""
    tokens = server("tokens")
    made = tokens.new_token()
    say("serve.token", lang)
    table = f'[[client]]\nname = "{name}"\nsha256 = "{tokens.digest(made)}"\nscopes = ["review"]\n'
    write(f"{made}\n\n{table}", sys.stdout)
    return CLEAR


def server(name: str) -> ModuleType:
    """Return a module of the service, a program beside this one that is only started from here.

    Raises UsageError naming the extra when a package it needs is missing.
    """
    try:
        return import_module(f"secreview.server.{name}")
    except ImportError as error:
        raise UsageError(
            f'the service needs the extra "serve" ({error.name} is missing): '
            'pip install "secreview[serve]"'
        ) from error
