"""Records for tests: invented people, files and machine reports, moved by real steps."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import secreview.review
from secreview.model import Bilingual, Severity, Verdict, Why
from secreview.review.commands import Actor, Command, Delegate, Revise, Sign, Submit
from secreview.review.event import Event
from secreview.review.flow import Flow
from secreview.review.flow_file import checked_flow
from secreview.review.fold import fold
from secreview.review.record import (
    Attribute,
    Decision,
    File,
    Machine,
    Record,
    Role,
    Spotted,
    Submission,
    Unread,
)
from secreview.review.step import step

FLOWS = Path(secreview.review.__file__).parent / "flows"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning in Beijing

WRITER = Actor("lin", frozenset({"drafter"}), "林一", "水环境科")
HEAD = Actor("qiao", frozenset({"section-head"}), "乔二", "水环境科")
OTHER_HEAD = Actor("pei", frozenset({"section-head"}), "裴三", "办公室")
SECRECY = Actor("shao", frozenset({"secrecy-office"}), "邵四", "办公室")
LEGAL = Actor("yin", frozenset({"legal-office"}), "尹五", "法规科")
LEADER = Actor("gu", frozenset({"leader"}), "顾六", "局领导")
DEPUTY = Actor("mo", frozenset(), "莫七", "办公室")
PEOPLE = (WRITER, HEAD, OTHER_HEAD, SECRECY, LEGAL, LEADER, DEPUTY)

FORM = Submission("水质月报", "水环境科", "lin", Attribute.ACTIVE, "环境质量", "政府网站")


@lru_cache
def flow(name: str = "bureau") -> Flow:
    """Return a flow that ships."""
    path = FLOWS / f"{name}.toml"
    return checked_flow(tomllib.loads(path.read_text("utf-8")), path)


def file(text: str, role: Role = Role.PAGE, of: str = "") -> File:
    """Return a file with this text."""
    data = text.encode()
    return File(f"{role}.txt", sha256(data).hexdigest(), len(data), "text/plain", role, of)


def finding(name: str, of: File, severity: Severity = Severity.REVIEW) -> Spotted:
    """Return a finding of an invented rule."""
    words = Bilingual("疑似", "suspected")
    return Spotted(
        name, of.sha256, f"print-{name}", "internal/x", "internal", severity, words, words
    )


def report(of: File, *findings: Spotted, unread: Why | None = None) -> Machine:
    """Return what the machine said about a file."""
    gaps = (Unread(f"u{of.sha256[:4]}", of.sha256, "图片1", unread),) if unread else ()
    worst = {f.severity for f in findings}
    verdict = (
        Verdict.BLOCK if Severity.BLOCK in worst
        else Verdict.REVIEW if Severity.REVIEW in worst
        else Verdict.INCOMPLETE if gaps else Verdict.CLEAR
    )  # fmt: skip
    return Machine(of.sha256, verdict, "sha256:0", 1, "0", findings, gaps)


class Case:
    """One record in the making: remembers events and moves the clock an hour with each step."""

    def __init__(self, *reports: Machine, name: str = "bureau", files: Iterable[File] = ()) -> None:
        self.flow = flow(name)
        self.events: tuple[Event, ...] = ()
        self.now = START
        given = tuple(files) or (file("一月"),)
        self.do(WRITER, Submit("r1", FORM, given, reports or tuple(map(report, given))))

    def do(self, who: Actor, command: Command) -> Record:
        """Take a step; return the record after it."""
        self.now += timedelta(hours=1)
        self.events += step(self.flow, self.events, command, who, self.now)
        return self.record

    @property
    def record(self) -> Record:
        """Return the record as it stands."""
        return fold(self.events)

    def sign(
        self, who: Actor, stage: str, decision: Decision = Decision.PUBLISH, **more: str
    ) -> Record:
        """Sign a stage for the present version."""
        more.setdefault("remark", "内容属实，同意")
        more.setdefault("digest", self.record.version.digest)
        return self.do(who, Sign(stage, decision, **more))

    def revise(self, *reports: Machine, files: Iterable[File]) -> Record:
        """Hand in other files."""
        given = tuple(files)
        return self.do(WRITER, Revise(FORM, given, reports or tuple(map(report, given))))

    def hand(self, who: Actor, stage: str, to: Actor) -> Record:
        """Hand a stage on."""
        return self.do(who, Delegate(stage, to.id, "出差期间代为审查"))

    def approve(self) -> Record:
        """Let everybody of the flow of a bureau agree to publication."""
        self.sign(HEAD, "section")
        self.sign(SECRECY, "secrecy")
        self.sign(LEGAL, "legal")
        return self.sign(LEADER, "leader")
