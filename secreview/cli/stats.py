"""``secreview stats``: statistics and their checks, review form, catalogue, self-inspection."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from secreview.api import paper
from secreview.api.desk import people_in, store_place, working_days
from secreview.cli import CLEAR, FINDINGS, UNREAD
from secreview.cli.delivery import deliver, deliver_bytes
from secreview.cli.terms import say
from secreview.config import Config, find_config, load_config
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.outputs.paper import entries, rows, selfcheck, statistics, web, word
from secreview.outputs.paper.page import Page
from secreview.review.calendar import waiting
from secreview.review.forms.balance import Balance, balance
from secreview.review.forms.known import Kept, Period
from secreview.review.gate import shown

NEWEST = "2021"
FORMATS: Mapping[str, tuple[str, ...]] = {
    "fill": ("text", "csv", "json", "html", "docx"),
    "check": ("text", "json"),
    "sheet": ("docx", "html"),
    "catalogue": ("csv", "json"),
    "inspect": ("text", "csv", "json", "html", "docx"),
}
TODAY = date.today  # the one clock of this command


def run(argv: Sequence[str], lang: str) -> int:
    """Do one of the things that paper is needed for."""
    arguments = parser_of(lang).parse_args(argv)
    return ACTIONS[arguments.action](arguments, arguments.lang or lang)


def parser_of(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the command and of everything below it."""
    parser = argparse.ArgumentParser(
        prog="secreview stats", description=message("help.command.stats", lang)
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    made = {}
    for name, formats in FORMATS.items():
        help_text = message(f"help.stats.{name}", lang)
        made[name] = actions.add_parser(name, help=help_text, description=help_text)
        made[name].add_argument(
            "--format", choices=formats, help=message("help.stats.format", lang)
        )
        made[name].add_argument(
            "-o", "--output", default="", metavar="FILE", help=message("help.output", lang)
        )
        made[name].add_argument("--lang", choices=("zh", "en"), help=message("help.lang", lang))
        if name != "check":
            add_store(made[name], lang)
    for name in ("fill", "catalogue", "inspect"):
        add_period(made[name], lang)
    for name in ("fill", "check"):
        made[name].add_argument("--form", default="", help=message("help.stats.form", lang))
    made["sheet"].add_argument("record", metavar="RECORD", help=message("help.stats.record", lang))
    check = made["check"]
    check.add_argument("file", metavar="FILE", help=message("help.stats.check", lang))
    check.add_argument("--last", metavar="FILE", help=message("help.stats.last", lang))
    check.add_argument(
        "--fail-on", choices=("hard", "soft"), default="soft",
        help=message("help.stats.fail-on", lang),
    )  # fmt: skip
    return parser


def add_store(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the flags that say where records are."""
    parser.add_argument(
        "--store", default="", metavar="PLACE", help=message("help.stats.store", lang)
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help=message("help.config", lang))


def add_period(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the flags that say which days are meant, and whose they are."""
    parser.add_argument("--year", type=int, metavar="YEAR", help=message("help.stats.year", lang))
    for flag, key in (("--from", "from"), ("--to", "to"), ("--kept-since", "kept-since")):
        parser.add_argument(
            flag, dest=key.replace("-", "_").replace("from", "since"), type=date.fromisoformat,
            metavar="DAY", help=message(f"help.stats.{key}", lang),
        )  # fmt: skip
    parser.add_argument("--unit", default="", help=message("help.stats.unit", lang))


def fill(arguments: argparse.Namespace, lang: str) -> int:
    """Fill a statistics form with what records know."""
    form = paper.form_at(arguments.form or NEWEST)
    kept, period = kept_of(arguments), period_of(arguments)
    known, page = paper.fill(form, kept, period, unit=arguments.unit, lang=lang)
    if format_of(arguments) == "json":
        deliver(statistics.statistics_json(form, known, kept, period), arguments.output)
        return CLEAR
    return put(page, arguments, lang)


def check(arguments: argparse.Namespace, lang: str) -> int:
    """Check a form that was filled in by hand or by this command."""
    form = paper.form_at(arguments.form) if arguments.form else None
    given = paper.filled_at(arguments.file, form)
    last = paper.filled_at(arguments.last, given.form).values if arguments.last else None
    result = balance(given, last)
    name = shown(Path(arguments.file).name)
    is_json = format_of(arguments) == "json"
    told = (
        statistics.balance_json(result, name)
        if is_json
        else statistics.balance_text(result, name, lang)
    )
    deliver(told, arguments.output)
    return exit_code(result, arguments.fail_on)


def exit_code(result: Balance, fail_on: str) -> int:
    """Return 1 for numbers that do not hold together, 3 for missing ones, else 0."""
    counting = [d for d in result.discrepancies if d.is_hard or fail_on == "soft"]
    if counting:
        return FINDINGS
    return CLEAR if result.is_whole else UNREAD


def sheet(arguments: argparse.Namespace, lang: str) -> int:
    """Make the review form of one record."""
    record, head = paper.record_at(place_of(arguments), arguments.record)
    people = people_in(config_of(arguments).records.people)
    names = {person.id: person.name for person in people.values()}
    page = paper.review_form(record, lang=lang, names=names, checkpoint=head)
    return put(page, arguments, lang)


def catalogue(arguments: argparse.Namespace, lang: str) -> int:
    """Make the entries of the catalogue for what was published in a period."""
    kept, period = kept_of(arguments), period_of(arguments)
    found = list(entries.entries(kept.records, period, lang))
    is_json = format_of(arguments) == "json"
    text = entries.entries_json(found) if is_json else entries.entries_csv(found, lang)
    deliver(text, arguments.output)
    return CLEAR


def inspect(arguments: argparse.Namespace, lang: str) -> int:
    """Make the report of self-inspection of a period."""
    kept, period = kept_of(arguments), period_of(arguments)
    found, page = paper.self_inspection(
        kept, period, late=late_in(kept, arguments), unit=arguments.unit, lang=lang
    )
    if format_of(arguments) == "json":
        deliver(selfcheck.selfcheck_json(found), arguments.output)
        return CLEAR
    return put(page, arguments, lang)


ACTIONS: Mapping[str, Callable[[argparse.Namespace, str], int]] = {
    "fill": fill,
    "check": check,
    "sheet": sheet,
    "catalogue": catalogue,
    "inspect": inspect,
}


def late_in(kept: Kept, arguments: argparse.Namespace) -> list[str]:
    """Return the ids of records that somebody should have signed by now."""
    calendar = working_days(config_of(arguments))
    now = datetime.now(UTC)
    return [r.id for r in kept.records if any(item.is_late for item in waiting(r, calendar, now))]


def put(page: Page, arguments: argparse.Namespace, lang: str) -> int:
    """Write a page in the format asked for."""
    match format_of(arguments):
        case "docx":
            if not arguments.output:
                raise UsageError(message("stats.to-file", lang))
            deliver_bytes(word.docx(page), arguments.output)
            say("stats.written", lang, path=arguments.output)
        case "html":
            deliver(web.html(page, lang), arguments.output)
        case "csv":
            deliver(rows.separated(page), arguments.output)
        case _:
            deliver(rows.text(page), arguments.output)
    return CLEAR


def format_of(arguments: argparse.Namespace) -> str:
    """Return the format: the one named, else by the name of the file, else the first there is."""
    choices = FORMATS[arguments.action]
    suffix = Path(arguments.output).suffix[1:].lower()
    chosen: str = arguments.format or (suffix if suffix in choices else choices[0])
    return chosen


def config_of(arguments: argparse.Namespace) -> Config:
    """Return the configuration that is named, else the nearest one."""
    return load_config(find_config(Path(), arguments.config))


def place_of(arguments: argparse.Namespace) -> str:
    """Return where the records are."""
    return str(arguments.store) if arguments.store else store_place(config_of(arguments))


def kept_of(arguments: argparse.Namespace) -> Kept:
    """Return the records of the store that is meant."""
    return paper.records_kept(place_of(arguments), today=TODAY(), since=arguments.kept_since)


def period_of(arguments: argparse.Namespace) -> Period:
    """Return the days that are meant: those named, or a year, by default the last one."""
    year = TODAY().year - 1 if arguments.year is None else arguments.year
    if not date.min.year <= year <= date.max.year:
        raise UsageError(f"no year {year}")
    since = arguments.since or date(year, 1, 1)
    until = arguments.to or date(year, 12, 31)
    if until < since:
        raise UsageError(f"{since} … {until}: the last day is before the first")
    return Period(since, until)
