"""``secreview sign``: give the opinion of a stage, waive a finding, delegate, answer, withdraw."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace

from secreview.api.desk import Desk
from secreview.api.records import act, certificate_in, certify, loaded, sign
from secreview.cli import CLEAR
from secreview.cli.delivery import deliver
from secreview.cli.desk import add_desk_flags, desk_for, desk_settings, folder_of, pairs, show, who
from secreview.cli.terms import say
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.review import commands as ask
from secreview.review.commands import Actor, Command
from secreview.review.record import Decision, Record

WORDS = ("answer", "emergency", "reopen", "withdraw")


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``sign``."""
    made = argparse.ArgumentParser(
        prog="secreview sign", description=message("help.command.sign", lang)
    )
    add = made.add_argument
    add("record", metavar="RECORD|FILE", help=message("help.record", lang))
    add("--by", required=True, metavar="ID", help=message("help.by", lang))
    add("--stage", default="", help=message("help.stage", lang))
    add("--decision", choices=tuple(Decision), help=message("help.decision", lang))
    for name in ("remark", "ground", "to", "until"):
        add(f"--{name}", default="", help=message(f"help.{name}", lang))
    add("--waive", action="append", default=[], metavar="ID=REASON",
        help=message("help.waive", lang))  # fmt: skip
    add("--confirm", action="append", default=[], metavar="ID",
        help=message("help.sign-confirm", lang))  # fmt: skip
    add("--uphold", action="append", default=[], metavar="ID", help=message("help.uphold", lang))
    add("--retract", action="append", default=[], metavar="ID", help=message("help.retract", lang))
    add("--inspect", action="append", default=[], metavar="ID=REASON",
        help=message("help.inspect", lang))  # fmt: skip
    add("--delegate", action="append", default=[], metavar="STAGE=ID",
        help=message("help.delegate", lang))  # fmt: skip
    for name in WORDS:
        add(f"--{name}", default="", metavar="TEXT", help=message(f"help.{name}", lang))
    add("--certificate", default="", metavar="FILE", help=message("help.certificate-out", lang))
    add_desk_flags(made, lang)
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Do what the flags ask, in their order: reasons first, then the opinion."""
    arguments = parser(lang).parse_args(argv)
    settings = desk_settings(arguments, lang, folder_of(arguments.record))
    asked = list(commands(arguments, settings.lang))
    if not (asked or arguments.decision or arguments.certificate):
        raise UsageError(message("cli.nothing-asked", settings.lang))
    with desk_for(settings, arguments) as desk:
        actor = who(desk, arguments.by)
        record = loaded(arguments.record, desk)
        for command in (single for item in asked for single in each(item, record)):
            record = act(record, command, by=actor, desk=desk)
        if arguments.decision:
            stage = arguments.stage or stage_for(record, actor, settings.lang)
            record = opined(record, stage, arguments, actor, desk=desk)
        if arguments.certificate:
            record = certify(record, by=actor, desk=desk)
            envelope = certificate_in(record) or b""
            deliver(envelope.decode(), arguments.certificate)
            say("gate.written", settings.lang, path=arguments.certificate)
    show(record, settings, arguments)
    return CLEAR


def commands(arguments: argparse.Namespace, lang: str) -> Iterator[Command]:
    """Yield the commands that the flags name, opinions apart."""
    yield from map(ask.Retract, arguments.retract)
    yield from map(ask.Uphold, arguments.uphold)
    for name, reason in pairs(arguments.waive, "ID=REASON", lang):
        yield ask.Waive(name, reason)
    yield from (ask.Waive(name, "") for name in arguments.confirm)
    for name, reason in pairs(arguments.inspect, "ID=REASON", lang):
        yield ask.Inspect(name, reason)
    for stage, person in pairs(arguments.delegate, "STAGE=ID", lang):
        yield ask.Delegate(stage, person, arguments.remark)
    if arguments.answer:
        yield ask.Resume(arguments.answer)
    if arguments.emergency:
        yield ask.BreakGlass(arguments.emergency)
    if arguments.reopen:
        yield ask.Reopen(arguments.reopen)
    if arguments.withdraw:
        yield ask.Withdraw(arguments.withdraw)


def each(command: Command, record: Record) -> list[Command]:
    """Return a waiver of a rule as waivers of all that it found, one confirmed with its reason."""
    if not isinstance(command, ask.Waive):
        return [command]
    if not command.reason:  # to be confirmed: the reason is the one that was given before
        words = [item.reason for item in record.proposed if item.finding == command.finding]
        return [replace(command, reason=words[0] if words else "")]
    found = [f.id for r in record.version.reports for f in r.findings if f.rule == command.finding]
    return [ask.Waive(name, command.reason) for name in found] or [command]


def opined(
    record: Record, stage: str, arguments: argparse.Namespace, actor: Actor, *, desk: Desk
) -> Record:
    """Return a record after the opinion of a stage as the flags give it."""
    return sign(
        record,
        stage=stage,
        by=actor,
        decision=arguments.decision,
        remark=arguments.remark,
        ground=arguments.ground,
        to=arguments.to,
        until=arguments.until,
        desk=desk,
    )


def stage_for(record: Record, actor: Actor, lang: str) -> str:
    """Return the one stage that a person signs, an open one first; raise UsageError for several."""
    handed = {note.stage for note in record.delegations if note.to == actor.id}
    own = [s.id for s in record.flow.stages if s.id in handed or s.role in actor.roles]
    open_ = [moment.stage for moment in record.opened]
    fitting = [name for name in own if name in open_] or own
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(fitting or open_ or [stage.id for stage in record.flow.stages])
    raise UsageError(message("cli.which-stage", lang, known=known))
