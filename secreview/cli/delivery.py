"""What every command that reports needs: output flags, writing results, exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from secreview.cli import CLEAR, FINDINGS, UNREAD
from secreview.cli.settings import Settings, passwords_of
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.model import Report, Severity, Verdict
from secreview.outputs import FORMATS, render
from secreview.outputs import Options as Look
from secreview.outputs.messages import message

FALLBACK_WIDTH = 80


def add_output_flags(made: argparse.ArgumentParser, lang: str) -> None:
    """Add the flags that say what is told, where to, and what fails."""
    add = made.add_argument
    add("--format", action="append", default=[], metavar="FMT[:PATH]",
        help=message("help.format", lang))  # fmt: skip
    add("-o", "--output", metavar="PATH", help=message("help.output", lang))
    add("--fail-on", choices=("block", "review"), help=message("help.fail-on", lang))
    add("--baseline", type=Path, metavar="FILE", help=message("help.baseline", lang))
    add("--password-file", type=Path, metavar="FILE", help=message("help.password-file", lang))
    add("--reveal", action="store_true", help=message("help.reveal", lang))
    add("--no-color", action="store_true", help=message("help.no-color", lang))
    add("-q", "--quiet", action="store_true", help=message("help.quiet", lang))
    add("-v", "--verbose", action="store_true", help=message("help.verbose", lang))


def with_output(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return the settings with what the output flags change; say which configuration is used."""
    if arguments.verbose and settings.config.path:
        say("cli.config-used", settings.lang, path=settings.config.path)
    options = replace(
        settings.options,
        reveal=arguments.reveal,
        passwords=passwords_of(arguments.password_file),
    )
    return replace(settings, options=options)


def told(
    reports: Sequence[Report],
    targets: Sequence[tuple[str, str]],
    settings: Settings,
    arguments: argparse.Namespace,
) -> int:
    """Write the reports to every target and return the exit code."""
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
    return exit_code(reports, Severity(arguments.fail_on or settings.config.fail_on))


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
    if path:
        deliver_bytes(text.encode("utf-8", "replace"), path)
    else:
        write(text, sys.stdout)


def deliver_bytes(data: bytes, path: str) -> None:
    """Write bytes to a file, whole or not at all; raise UsageError when it cannot be written.

    What is there but no regular file (a device, a pipe) is written to and stays what it is.
    """
    target = Path(path).resolve()
    is_special = target.exists() and not target.is_file()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        into = target if is_special else temporary
        into.write_bytes(data)
        if not is_special:
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
