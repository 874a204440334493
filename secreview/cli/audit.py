"""``secreview audit``: verify, trace, export and back up records; see what is due again."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from secreview.api import audit
from secreview.api.desk import (
    bytes_of,
    desk_of,
    people_in,
    signing_key,
    store_place,
    verifying_keys,
)
from secreview.api.records import typed
from secreview.api.stores import reading
from secreview.cli import CLEAR, FINDINGS
from secreview.cli.delivery import deliver, deliver_bytes
from secreview.cli.desk import now, who
from secreview.cli.settings import add_rule_flags, settings_of
from secreview.cli.terms import say, write
from secreview.config import Config, find_config, load_config
from secreview.errors import NotCleared, Tampered, UsageError
from secreview.outputs.due import LISTS
from secreview.outputs.messages import message
from secreview.outputs.trace import as_json, as_text
from secreview.review.again import Policy
from secreview.review.chain import LOG, Checked
from secreview.review.checkpoint import checkpoint
from secreview.review.event import Event, Head
from secreview.review.keys import PublicKey, public_key
from secreview.review.step import stamp

CLOCK = "clock"
PRINTED = re.compile(r"(\d{1,15})[:：]([0-9a-fA-F]{64})", re.ASCII)


def run(argv: Sequence[str], lang: str) -> int:
    """Do one of the things of an audit."""
    arguments = parser_of(lang).parse_args(argv)
    config = load_config(find_config(Path(), arguments.config))
    records = replace(
        config.records,
        store=arguments.store or config.records.store,
        people=arguments.people or config.records.people,
    )
    config = replace(config, records=records)
    return ACTIONS[arguments.action](arguments, config, arguments.lang or config.lang or lang)


def parser_of(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the command and of everything below it."""
    parser = argparse.ArgumentParser(
        prog="secreview audit", description=message("help.command.audit", lang)
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    made = {}
    for name in ACTIONS:
        words = message(f"help.audit.{name}", lang)
        made[name] = actions.add_parser(name, help=words, description=words)
        made[name].add_argument(
            "--store", default="", metavar="URL", help=message("help.store", lang)
        )
        made[name].add_argument(
            "--people", type=Path, metavar="FILE", help=message("help.people", lang)
        )
        if name == "due":  # the one that needs rules
            add_rule_flags(made[name], lang)
            continue
        made[name].add_argument(
            "--config", type=Path, metavar="FILE", help=message("help.config", lang)
        )
        made[name].add_argument("--lang", choices=("zh", "en"), help=message("help.lang", lang))
    verify_flags(made["verify"], lang)
    made["checkpoint"].add_argument("-o", "--output", default="", metavar="FILE")
    made["trace"].add_argument("what", metavar="RECORD|FILE|SHA256|URL")
    made["trace"].add_argument("--format", choices=("text", "json"), default="text")
    export = made["export"]
    export.add_argument("--format", choices=("jsonl", "csv", "zip"), default="jsonl")
    export.add_argument("--since", default="", metavar="DAY", help=message("help.since", lang))
    export.add_argument("-o", "--output", default="", metavar="FILE")
    made["backup"].add_argument("target", metavar="FILE")
    again = made["due"]
    again.add_argument("--until", default="", metavar="DAY", help=message("help.due-until", lang))
    again.add_argument("--format", choices=("text", "json", "csv"), default="text")
    again.add_argument("-o", "--output", default="", metavar="FILE")
    made["erase"].add_argument("records", nargs="*", metavar="RECORD")
    made["erase"].add_argument(
        "--before", default="", metavar="DAY", help=message("help.before", lang)
    )
    made["erase"].add_argument("--yes", action="store_true", help=message("help.yes", lang))
    for name in ("erase", "clock"):
        made[name].add_argument("--reason", required=True, help=message("help.audit-reason", lang))
        made[name].add_argument("--by", required=True, help=message("help.by", lang))
    return parser


def verify_flags(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the flags of ``verify``."""
    parser.add_argument("export", nargs="?", metavar="EXPORT", help=message("help.export", lang))
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE|COUNT:DIGEST",
        help=message("help.checkpoint", lang),
    )  # fmt: skip
    parser.add_argument(
        "--public-key", type=Path, metavar="FILE", help=message("help.public-key", lang)
    )


def verify(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Verify the log, or an export of it, back to the checkpoints that are given."""
    points = [point(text) for text in arguments.checkpoint]
    keys = keys_of(arguments, config) if points else ()
    people = people_in(config.records.people)
    try:
        if arguments.export:
            found = audit.verify_export(Path(arguments.export), points, keys)
        else:
            with reading(store_place(config)) as store:
                found = audit.verify(store, points, keys)
                audit.verify_hands(store, people)
    except (Tampered, NotCleared) as error:
        words = error.zh if lang == "zh" else str(error)
        write(message("audit.tampered", lang, text=words) + "\n", sys.stdout)
        return FINDINGS
    write(verified(found, len(points), lang), sys.stdout)
    return CLEAR


def verified(found: Checked, checkpoints: int, lang: str) -> str:
    """Return what a log that verifies shows, and what that does not show without a checkpoint."""
    values = {"n": found.head.count, "digest": found.head.digest, "erased": found.erased}
    lines = [message("audit.verified", lang, **values)]
    if found.erased:
        lines.append(message("audit.erased", lang, n=found.erased))
    if checkpoints:
        lines.append(message("audit.reached", lang, n=checkpoints))
    else:
        lines.append(message("audit.no-checkpoint", lang))
    return "\n".join((*lines, ""))


def point(text: str) -> bytes | Head:
    """Return a checkpoint: the bytes of a file, or count and digest as a form has them printed."""
    printed = PRINTED.fullmatch(text.strip())
    return Head(int(printed[1]), printed[2].lower()) if printed else bytes_of(Path(text))


def keys_of(arguments: argparse.Namespace, config: Config) -> tuple[PublicKey, ...]:
    """Return the keys that checkpoints are verified with."""
    if arguments.public_key:
        return (public_key(bytes_of(arguments.public_key)),)
    return verifying_keys(config)


def keep(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Write a signed checkpoint; the log is verified first, so that no fault is signed."""
    with reading(store_place(config)) as store:
        found = audit.verify(store)
        made = checkpoint(store.id, found.head, signing_key(config), now())
    deliver(made.decode(), arguments.output)
    return CLEAR


def trace(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Show everything that happened to a document, in order."""
    with reading(store_place(config)) as store:
        found = audit.trace(store, arguments.what)
    if arguments.format == "json":
        deliver(as_json(found), "")
    else:
        deliver(as_text(found, lang), "")
    return CLEAR


def export(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Write the log to a file that verifies by itself."""
    from secreview.store.export import lines, package, table

    since = day(arguments.since).isoformat() if arguments.since else ""
    if since and arguments.format != "jsonl":
        raise UsageError("--since goes with --format jsonl")
    if arguments.format == "zip" and not arguments.output:
        raise UsageError("a zip needs a file: -o FILE")
    with reading(store_place(config)) as store:
        if arguments.format == "zip":
            found = audit.verify(store)
            signed = checkpoint(store.id, found.head, signing_key(config), now())
            deliver_bytes(package(store, [("checkpoint.json", signed)]), arguments.output)
        elif arguments.format == "csv":
            deliver("\ufeff" + table(store), arguments.output)
        else:
            deliver(b"\n".join((*lines(store, since), b"")).decode(), arguments.output)
    return CLEAR


def backup(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Write a backup by the database's own means."""
    from secreview.store.backup import backup as backed_up

    place = store_place(config)
    with reading(place) as store:
        backed_up(store, place, Path(arguments.target))
    say("audit.backup", lang, path=arguments.target)
    return CLEAR


def due(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """List what has to be looked at again up to a day, by default today."""
    until = day(arguments.until) if arguments.until else date.today()
    options = settings_of(arguments, lang, Path()).options
    policy = Policy(config.records.withheld_months, config.records.published_months)
    with reading(store_place(config)) as store:
        items = audit.due_again(store, until=until, options=options, policy=policy)
    deliver(LISTS[arguments.format](items, lang), arguments.output)
    return CLEAR


def day(text: str) -> date:
    """Return a day; raise UsageError unless it is written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day as 2026-11-25") from error


def erase(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Erase the contents of records whose time is over; that they were there stays.

    Without ``--yes`` the records are only listed.
    """
    before = day(arguments.before) if arguments.before else None
    if bool(arguments.records) == bool(before):
        raise UsageError(message("audit.which", lang))
    with desk_of(config) as desk:
        actor, log = who(desk, arguments.by), audit.store_of(desk.log)
        chosen = audit.closed(log, before=before, names=arguments.records)
        for record in chosen:
            write(f"{record.id}  {record.last}  {record.submission.title}\n", sys.stdout)
        if not arguments.yes:
            say("audit.would-erase", lang, n=len(chosen))
            return CLEAR
        reason = typed(arguments.reason, desk)
        for record in chosen:
            audit.erase(log, record, reason=reason, actor=actor.id, now=now())
    say("audit.erased-now", lang, n=len(chosen))
    return CLEAR


def clock(arguments: argparse.Namespace, config: Config, lang: str) -> int:
    """Say in the log that the clock was ahead, so that work can go on at the right time."""
    with desk_of(config) as desk:
        actor = who(desk, arguments.by)
        body = {"reason": typed(arguments.reason, desk)}
        audit.store_of(desk.log).remark(Event(LOG, CLOCK, stamp(now()), actor.id, body))
    say("audit.clock", lang)
    return CLEAR


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Config, str], int]] = {
    "verify": verify,
    "checkpoint": keep,
    "trace": trace,
    "export": export,
    "backup": backup,
    "due": due,
    "erase": erase,
    "clock": clock,
}
