"""``secreview check``: review documents and say what was found, where, why and what to do."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from secreview.api import check
from secreview.bulk.files import files_of
from secreview.cli import CLEAR, FINDINGS, UNREAD, USAGE
from secreview.cli.settings import (
    Settings,
    add_rule_flags,
    columns_of,
    decided_of,
    passwords_of,
    settings_of,
)
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.model import Report, Severity, Verdict
from secreview.outputs import FORMATS, render
from secreview.outputs import Options as Look
from secreview.outputs.messages import message

STDIN = "-"
FALLBACK_WIDTH = 80


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``check``."""
    made = argparse.ArgumentParser(
        prog="secreview check", description=message("help.command.check", lang)
    )
    add = made.add_argument
    add("paths", nargs="+", metavar="PATH", help=message("help.paths", lang))
    add("--format", action="append", default=[], metavar="FMT[:PATH]",
        help=message("help.format", lang))  # fmt: skip
    add("-o", "--output", metavar="PATH", help=message("help.output", lang))
    add_rule_flags(made, lang)
    add("--fail-on", choices=("block", "review"), help=message("help.fail-on", lang))
    add("--baseline", type=Path, metavar="FILE", help=message("help.baseline", lang))
    add("--password-file", type=Path, metavar="FILE", help=message("help.password-file", lang))
    add("--reveal", action="store_true", help=message("help.reveal", lang))
    add("--stdin-name", default="", metavar="NAME", help=message("help.stdin-name", lang))
    add("--jobs", type=int, default=1, metavar="N", help=message("help.jobs", lang))
    add("--include", action="append", default=[], metavar="GLOB",
        help=message("help.include", lang))  # fmt: skip
    add("--exclude", action="append", default=[], metavar="GLOB",
        help=message("help.exclude", lang))  # fmt: skip
    add("--no-color", action="store_true", help=message("help.no-color", lang))
    add("-q", "--quiet", action="store_true", help=message("help.quiet", lang))
    add("-v", "--verbose", action="store_true", help=message("help.verbose", lang))
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Check what the arguments name and return the exit code."""
    arguments = parser(lang).parse_args(argv)
    targets = targets_of(arguments)
    first = next((p for p in arguments.paths if p != STDIN), ".")
    start = Path(first) if Path(first).is_dir() else Path(first).parent
    settings = settings_of(arguments, lang, start)
    options = replace(
        settings.options, reveal=arguments.reveal, decided=decided_of(arguments.baseline),
        passwords=passwords_of(arguments.password_file),
    )  # fmt: skip
    settings = replace(settings, options=options)
    if arguments.verbose and settings.config.path:
        say("cli.config-used", settings.lang, path=settings.config.path)
    reports = list(reports_of(arguments, settings))
    if not reports:
        say("cli.nothing", settings.lang)
        return USAGE
    look = Look(
        lang=settings.lang,
        reveal=arguments.reveal,
        verbose=arguments.verbose,
        quiet=arguments.quiet,
        color=wants_color(arguments),
        width=width(),
    )
    for name, path in targets:
        deliver(render(name, reports, on_screen(look, path)), path)
    fail_on = arguments.fail_on or settings.config.fail_on
    return exit_code(reports, Severity(fail_on))


def targets_of(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """Return (format, path) pairs, an empty path for standard output; raise UsageError."""
    targets = []
    for item in arguments.format or ["text"]:
        name, _, path = item.partition(":")
        if name not in FORMATS:
            raise UsageError(f"no format {name!r}; known: {', '.join(FORMATS)}")
        targets.append((name, path))
    if arguments.output:
        if len(targets) != 1 or targets[0][1]:
            raise UsageError("-o goes with one --format; otherwise write --format FMT:PATH")
        targets = [(targets[0][0], arguments.output)]
    if sum(not path for _, path in targets) > 1:
        raise UsageError("only one --format can go to standard output; write --format FMT:PATH")
    for _, path in targets:
        if path and not Path(path).parent.is_dir():
            raise UsageError(f"{path}: no such folder to write to")
    return targets


def reports_of(arguments: argparse.Namespace, settings: Settings) -> Iterator[Report]:
    """Yield a report for each document, with a progress bar where people see it."""
    if STDIN in arguments.paths:
        data = sys.stdin.buffer.read(settings.options.limits.input + 1)
        name = arguments.stdin_name or "stdin.txt"
        yield check(data=data, name=name, options=settings.options)
    paths = [path for path in arguments.paths if path != STDIN]
    config = settings.config
    files = files_of(
        paths,
        include=(*config.include, *arguments.include),
        exclude=(*config.exclude, *arguments.exclude),
    )
    if not files:
        return
    from secreview.bulk.local import check_files

    jobs = arguments.jobs if arguments.jobs > 0 else os.cpu_count() or 1
    reports = (
        report
        for group, options in columns_of(files, settings, arguments)
        for report in check_files(group, options, jobs)
    )
    is_seen = sys.stderr.isatty() and not arguments.quiet and len(files) > 1
    yield from with_progress(reports, len(files), settings.lang) if is_seen else reports


def with_progress(reports: Iterable[Report], total: int, lang: str) -> Iterator[Report]:
    """Yield reports while a bar on standard error shows how many are done."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(
        reports,
        description=message("cli.progress", lang),
        total=total,
        console=console,
        transient=True,
    )


def wants_color(arguments: argparse.Namespace) -> bool:
    """Return whether standard output is a terminal that may be coloured."""
    if arguments.no_color or os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def width() -> int:
    """Return the width of the terminal in cells, 80 where there is none."""
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return FALLBACK_WIDTH


def on_screen(look: Look, path: str) -> Look:
    """Return the look without colour for a file."""
    return replace(look, color=False) if path else look


def deliver(text: str, path: str) -> None:
    """Write a result to standard output or, whole or not at all, to a file."""
    if not text.endswith("\n"):
        text += "\n"
    if not path:
        write(text, sys.stdout)
        return
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        temporary.replace(target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def exit_code(reports: Sequence[Report], fail_on: Severity) -> int:
    """Return 1 for findings at or above ``fail_on``, 3 for unread parts, else 0."""
    failing = {Severity.BLOCK} if fail_on is Severity.BLOCK else {Severity.BLOCK, Severity.REVIEW}
    if any(finding.severity in failing for report in reports for finding in report.findings):
        return FINDINGS
    if any(report.gaps or report.verdict is Verdict.INCOMPLETE for report in reports):
        return UNREAD
    return CLEAR
