"""``secreview git``: check what git is about to take in, as a hook."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from secreview.api import Options, check, judge, rulebook_of, unread
from secreview.api.policy import openings_of, settled, unknown
from secreview.bulk.commits import Entry, Repository, is_pointer
from secreview.cli import CLEAR, USAGE
from secreview.cli.delivery import add_output_flags, targets_of, told, with_output
from secreview.cli.settings import Settings, add_rule_flags, columns_of, settings_of, with_decided
from secreview.cli.terms import say
from secreview.config import OnError, find_config, load_config
from secreview.errors import SecreviewError, UnknownFormat, UsageError
from secreview.formats.protocol import Source
from secreview.model import Report, Verdict
from secreview.outputs.messages import message

HOOKS = ("pre-commit", "commit-msg", "pre-receive")
MESSAGE = "message.txt"  # the name under which a message is read
POINTER = "stand-in of Git LFS: the file itself is kept elsewhere"


def run(argv: Sequence[str], lang: str) -> int:
    """Do the work of a hook, or install one, and return the exit code."""
    arguments = parser(lang).parse_args(argv)
    if arguments.action == "install":
        return install(arguments, lang)
    targets = targets_of(arguments)
    repository = Repository(Path.cwd())
    found = entries_of(repository, arguments)
    try:
        settings = with_output(settings_of(arguments, lang, Path.cwd()), arguments)
        reports = list(reports_of(repository, found, settings, arguments))
    except Exception as error:  # nobody can tell: the columns decide
        if opened(repository, found, error, arguments):
            return CLEAR
        raise
    is_quiet = not (arguments.verbose or arguments.format or arguments.output)
    if is_quiet and all(report.verdict is Verdict.CLEAR for report in reports):
        return CLEAR  # a hook that talks without need is switched off
    return told(reports, targets, settings, arguments)


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``git``."""
    made = argparse.ArgumentParser(
        prog="secreview git", description=message("help.command.git", lang)
    )
    made.add_argument("action", choices=(*HOOKS, "install"), help=message("help.git.action", lang))
    made.add_argument("paths", nargs="*", metavar="PATH", help=message("help.git.paths", lang))
    add_output_flags(made, lang)
    add_rule_flags(made, lang)
    return made


def entries_of(repository: Repository, arguments: argparse.Namespace) -> list[Entry]:
    """Return what a hook looks at; for ``commit-msg`` it is a message that has no object yet."""
    match arguments.action:
        case "commit-msg":
            return [Entry("", "")]
        case "pre-commit":
            return repository.staged(arguments.paths)
    return repository.pushed(sys.stdin)


def reports_of(
    repository: Repository,
    found: Sequence[Entry],
    settings: Settings,
    arguments: argparse.Namespace,
) -> Iterator[Report]:
    """Yield the report on each entry, by the rules of the website column its path lies in."""
    if arguments.action == "commit-msg":
        yield message_report(Path(arguments.paths[0]), settings)
        return
    paths = [Path(entry.path or MESSAGE) for entry in found]
    waiting = iter(found)
    with repository.contents() as contents:
        for group, rules, name in columns_of(paths, settings, arguments):
            options = with_decided(rules, arguments.baseline, name, settings.lang)
            for _ in group:
                entry = next(waiting)
                yield report(entry, contents.of(entry), options)


def report(entry: Entry, data: bytes, options: Options) -> Report:
    """Return the report on one entry; a stand-in for a file kept elsewhere was not read."""
    name = Path(entry.path or MESSAGE).name
    if is_pointer(data):
        document = unread(Source(name, data=data), UnknownFormat(POINTER))
        rulebook = options.rulebook or rulebook_of()
        return judge(document, rulebook, shown=entry.shown, options=options)
    return replace(check(data=data, name=name, options=options), path=entry.shown)


def message_report(path: Path, settings: Settings) -> Report:
    """Return the report on the message of the commit being made, without git's own comments."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise UsageError(f"{path}: the message cannot be read: {error.strerror}") from error
    text = b"".join(line for line in lines if not line.startswith(b"#"))
    return replace(check(data=text, name=MESSAGE, options=settings.options), path=path.name)


def opened(
    repository: Repository,
    found: Sequence[Entry],
    error: Exception,
    arguments: argparse.Namespace,
) -> bool:
    """Return whether all of it lies in columns that are open, and that was noted.

    A message goes with the files; without any, the general policy applies to it. What cannot be
    read, the configuration for one, opens nothing.
    """
    try:
        config = load_config(find_config(Path.cwd(), arguments.config))
        files = [entry for entry in found if entry.path]
        columns = [config.column_for(Path(entry.path)) for entry in files]
        policies = {column.on_error for column in columns} or {config.on_error}
        if not found or policies != {OnError.OPEN}:
            return False
        with repository.contents() as contents:
            digests = [sha256(contents.of(entry)).hexdigest() for entry in files]
    except (SecreviewError, OSError):
        return False
    journal, answer = openings_of(config), unknown(error)
    told = [
        settled(answer, OnError.OPEN, name=entry.shown, digests=(digest,), column=column.name,
                openings=journal)
        for entry, digest, column in zip(files, digests, columns, strict=True)
    ] or [settled(answer, OnError.OPEN, name=MESSAGE, openings=journal)]  # fmt: skip
    return all(one.goes_out for one in told)


def install(arguments: argparse.Namespace, lang: str) -> int:
    """Write a hook into the repository; one that is there is never replaced."""
    names = arguments.paths or ["pre-commit", "commit-msg"]
    wrong = [name for name in names if name not in HOOKS]
    if wrong:
        raise UsageError(f"no hook {wrong[0]!r}; known: {', '.join(HOOKS)}")
    answer = Repository(Path.cwd()).ask("rev-parse", "--git-path", "hooks")
    folder = Path.cwd() / answer.decode("utf-8", "surrogateescape").strip()
    there = [name for name in names if (folder / name).exists()]
    if there:
        say("git.hook-there", lang, path=folder / there[0], name=there[0])
        return USAGE
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        python = Path(sys.executable).as_posix()
        line = f'exec "{python}" -m secreview git {name} "$@" >&2'
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8", newline="\n")
        (folder / name).chmod(0o755)
        say("git.hook-made", lang, path=folder / name)
    return CLEAR
