"""``secreview check``: review documents and say what was found, where, why and what to do."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from secreview.api import Options, check
from secreview.bulk.files import files_of
from secreview.bulk.site import Manifest, addresses, terms_of
from secreview.cli import USAGE
from secreview.cli.delivery import add_output_flags, targets_of, told, with_output
from secreview.cli.settings import Settings, add_rule_flags, columns_of, settings_of, with_decided
from secreview.cli.terms import say
from secreview.model import Report
from secreview.outputs.messages import message

STDIN = "-"


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``check``."""
    made = argparse.ArgumentParser(
        prog="secreview check", description=message("help.command.check", lang)
    )
    add = made.add_argument
    add("paths", nargs="+", metavar="PATH", help=message("help.paths", lang))
    add_output_flags(made, lang)
    add_rule_flags(made, lang)
    add("--stdin-name", default="", metavar="NAME", help=message("help.stdin-name", lang))
    add("--url", default="", metavar="BASE", help=message("help.url", lang))
    add("--manifest", type=Path, metavar="FILE", help=message("help.manifest", lang))
    add("--jobs", type=int, default=1, metavar="N", help=message("help.jobs", lang))
    add("--include", action="append", default=[], metavar="GLOB",
        help=message("help.include", lang))  # fmt: skip
    add("--exclude", action="append", default=[], metavar="GLOB",
        help=message("help.exclude", lang))  # fmt: skip
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Check what the arguments name and return the exit code."""
    arguments = parser(lang).parse_args(argv)
    targets = targets_of(arguments)
    first = next((p for p in arguments.paths if p != STDIN), ".")
    start = Path(first) if Path(first).is_dir() else Path(first).parent
    settings = with_output(settings_of(arguments, lang, start), arguments)
    manifest = Manifest.load(arguments.manifest) if arguments.manifest else None
    reports = list(reports_of(arguments, settings, manifest))
    if manifest:
        manifest.save()
        say("cli.unchanged", settings.lang, count=manifest.unchanged)
    if not reports and not (manifest and manifest.unchanged):
        say("cli.nothing", settings.lang)
        return USAGE
    return told(reports, targets, settings, arguments)


def reports_of(
    arguments: argparse.Namespace, settings: Settings, manifest: Manifest | None = None
) -> Iterator[Report]:
    """Yield a report for each document, with a progress bar where people see it.

    What a manifest knows as clear and unchanged is passed over.
    """
    if STDIN in arguments.paths:
        data = sys.stdin.buffer.read(settings.options.limits.input + 1)
        name = arguments.stdin_name or "stdin.txt"
        profile = arguments.profile or settings.config.profile
        options = with_decided(settings.options, arguments.baseline, profile, settings.lang)
        yield check(data=data, name=name, options=options)
    paths = [path for path in arguments.paths if path != STDIN]
    config = settings.config
    files = files_of(
        paths,
        include=(*config.include, *arguments.include),
        exclude=(*config.exclude, *arguments.exclude),
    )
    if not files:
        return
    reports = (
        report
        for group, options, name in columns_of(files, settings, arguments)
        for report in reports_on(
            group,
            with_decided(options, arguments.baseline, name, settings.lang),
            arguments,
            manifest,
        )
    )
    is_seen = sys.stderr.isatty() and not arguments.quiet and len(files) > 1
    yield from with_progress(reports, len(files), settings.lang) if is_seen else reports


def reports_on(
    files: Sequence[Path],
    options: Options,
    arguments: argparse.Namespace,
    manifest: Manifest | None,
) -> Iterator[Report]:
    """Yield a report for each file that is not known, named by its address where it has one."""
    from secreview.bulk.local import check_files

    if manifest:
        terms = terms_of(options)
        files = [file for file in files if not manifest.is_unchanged(file, terms)]
    jobs = arguments.jobs if arguments.jobs > 0 else os.cpu_count() or 1
    known = addresses(arguments.url, files, arguments.paths) if arguments.url else {}
    for file, report in zip(files, check_files(files, options, jobs), strict=True):
        if manifest:
            manifest.note(file, report, terms)
        yield replace(report, path=known[file]) if file in known else report


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
