"""A random walk through a flow, with an oracle that reads nothing but the events.

The oracle is written apart from the product: it looks at events alone, in plain loops, and says
what must never be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from secreview.errors import ReviewError
from secreview.model import Severity, Why
from secreview.review import commands as ask
from secreview.review.canonical import canonical
from secreview.review.commands import Actor, Command
from secreview.review.event import Event
from secreview.review.fold import after, fold
from secreview.review.record import Decision, File, Machine, Phase, Record, Role
from secreview.review.step import is_emergency, released, step
from tests.review.build import (
    DEPUTY,
    FORM,
    HEAD,
    LEADER,
    LEGAL,
    SECRECY,
    START,
    WRITER,
    file,
    finding,
    flow,
    report,
)

Choice = TypeVar("Choice")
Choose = Callable[[Sequence[Choice]], Choice]
REASON = "理由充分，已经核对"
BOTH = Actor("fang", frozenset({"secrecy-office", "leader", "section-head"}), "方八", "水环境科")
WHO = (WRITER, HEAD, SECRECY, LEGAL, LEADER, DEPUTY, BOTH)
SPOKEN = ("waived", "upheld", "inspected", "retracted")
OPENNESS = {"withhold": 0, "internal": 1, "on-request": 2, "partial": 3, "publish": 4}


def bundles() -> list[tuple[tuple[File, ...], tuple[Machine, ...]]]:
    """Return what a drafter may hand in: clean, with a block, unread, with a redacted copy."""
    clean, other, blocked, picture = file("一月"), file("二月"), file("号码"), file("有图")
    copy = file("副本", Role.COPY, blocked.sha256)
    bad = report(blocked, finding("f1", blocked, Severity.BLOCK))
    return [
        ((clean,), (report(clean),)),
        ((other,), (report(other, finding("f2", other)),)),
        ((blocked,), (bad,)),
        ((picture,), (report(picture, unread=Why.PICTURE),)),
        ((blocked, copy), (bad, report(copy))),
    ]


class Walk:
    """One record that random people ask things of; each accepted step is judged by the oracle."""

    def __init__(self, choose: Choose[Any]) -> None:
        self.choose = choose
        self.now = START
        self.digests: list[str] = []
        self.reached: Counter[str] = Counter()
        files, reports = choose(bundles())
        who = choose((WRITER, WRITER, HEAD, BOTH))
        submit = ask.Submit("r", FORM, files, reports)
        self.events: tuple[Event, ...] = step(flow(), (), submit, who, self.now)
        self.record = fold(self.events)

    def go(self) -> None:
        """Let somebody take the next step towards a release mostly, anything else otherwise."""
        rest = ("sign", "sign", "sign", "look", "other", "other", "odd", "second_thoughts")
        kind = self.choose(("drive",) * 12 + rest)
        who, command = getattr(self, kind)()
        self.ask(who, command)

    def drive(self) -> tuple[Actor, Command]:
        """Return the step that brings the record nearer to a release, by people who may take it."""
        record = self.record
        if record.phase is Phase.HELD:
            return SECRECY, ask.Resume(REASON)
        if record.phase in (Phase.RETURNED, Phase.WITHDRAWN, Phase.PUBLISHED):
            return self.odd()
        hashes = tuple(f.sha256 for f in released(record))
        if hashes and record.certificates and self.choose((True, False)):
            return WRITER, ask.Publish("https://example.org", self.choose(hashes))
        if hashes:
            return LEADER, ask.Certify("{}", hashes, "2027-01-01")
        left = self.todo()
        if left and self.choose(range(4)) == 0:
            return self.choose((SECRECY, LEADER)), self.choose(left)
        stage = self.choose(record.opened or record.flow.stages)
        name = stage.stage if record.opened else stage.id
        role = record.flow.stage(name).role
        usual = next(p for p in (HEAD, SECRECY, LEGAL, LEADER) if role in p.roles)
        who = self.choose((usual,) * 7 + ((BOTH,) if role in BOTH.roles else (usual,)))
        decision = Decision.PARTIAL if record.version.copies else Decision.PUBLISH
        if name == "leader" and self.choose(range(5)) == 0:
            to = self.choose(("section", "secrecy"))
            return who, ask.Sign(name, Decision.RETURN, record.version.digest, REASON, "", to)
        if name == "leader" and self.choose(range(12)) == 0:
            decision = Decision.WITHHOLD
        handed = [n.to for n in record.delegations if n.stage == name]
        if handed:
            who = next(p for p in WHO if p.id == handed[-1])
        return who, ask.Sign(name, decision, record.version.digest, REASON, "G6")

    def todo(self) -> list[Command]:
        """Return what is still to be waived or looked at."""
        reports = self.record.version.reports
        asks: list[Command] = [ask.Waive(f.id, REASON) for r in reports for f in r.findings]
        return asks + [ask.Inspect(gap.id, REASON) for r in reports for gap in r.unread]

    def second_thoughts(self) -> tuple[Actor, Command]:
        """Return somebody holding a finding to be right, or taking back what they said."""
        record = self.record
        ids = [f.id for r in record.version.reports for f in (*r.findings, *r.unread)]
        said = [(i.finding, i.actor) for i in (*record.waived, *record.upheld)]
        said += [(i.unread, i.actor) for i in record.inspected]
        if said and self.choose((True, False)):
            name, actor = self.choose(said)
            return next(p for p in WHO if p.id == actor), ask.Retract(name)
        if not ids:
            return self.drive()
        return self.choose(WHO), ask.Uphold(self.choose(ids))

    def end(self) -> None:
        """Fail when the events, read back from JSON, give another state than the steps did."""
        kept = [(e.record, e.kind, e.at, e.actor, canonical(e.body)) for e in self.events]
        whole = fold([Event(*row[:4], json.loads(row[4])) for row in kept])
        assert whole == self.record, "replay gives another state"

    def ask(self, who: Actor, command: Command) -> None:
        """Take a step and judge what came of it; a refusal changes nothing."""
        hours = self.choose((1,) * 15 + (-30,))
        now = self.now + timedelta(hours=hours)
        try:
            fresh = step(flow(), self.events, command, who, now)
        except ReviewError:
            self.reached["refused"] += 1
            return
        before, self.events, self.now = self.record, self.events + fresh, now
        for event in fresh:
            self.record = after(self.record, event)
        self.reached["steps"] += 1
        self.digests.append(self.record.version.digest)
        judge(self.events, self.record)
        judge_step(before, command, fresh)
        self.count(before)

    def sign(self) -> tuple[Actor, Command]:
        """Return somebody signing a stage, mostly one that is open."""
        names = [m.stage for m in self.record.opened] or ["section"]
        stage = self.choose((*names, *names, *(s.id for s in self.record.flow.stages)))
        role = self.record.flow.stage(stage)
        fitting = [p for p in WHO if role and role.role in p.roles]
        decision = self.choose((Decision.PUBLISH,) * 6 + (Decision.PARTIAL,) * 3 + tuple(Decision))
        seen = self.choose(
            (self.record.version.digest,) * 6 + tuple(self.digests[:1] or ["0" * 64])
        )
        to = self.choose(("", "", "section", "secrecy")) if decision is Decision.RETURN else ""
        who = self.choose((*fitting, *fitting, *fitting, *fitting, DEPUTY, self.choose(WHO)))
        return who, ask.Sign(stage, decision, seen, REASON, "G6", to)

    def look(self) -> tuple[Actor, Command]:
        """Return somebody waiving a finding, looking at what was not read, or certifying."""
        asks = self.todo()
        hashes = tuple(f.sha256 for f in released(self.record))
        asks.append(ask.Certify("{}", hashes or ("0" * 64,), "2027-01-01"))
        asks += [ask.Publish("https://example.org", f.sha256) for f in self.record.version.files]
        return self.choose(WHO), self.choose(asks)

    def other(self) -> tuple[Actor, Command]:
        """Return one of the rarer steps, each possible where the record stands."""
        if self.record.phase is Phase.HELD:
            return self.choose(WHO), ask.Resume(REASON)
        if self.choose((True, False)):
            return self.choose(WHO), ask.BreakGlass(REASON)
        stage = self.choose(self.record.flow.stages)
        holders = [p for p in WHO if stage.role in p.roles]
        tired = [DEPUTY] * (8 * len(self.record.delegations) or 1)  # may not hand it on again
        return self.choose((*holders, *tired)), ask.Delegate(
            stage.id, self.choose((DEPUTY, BOTH)).id, REASON
        )

    def odd(self) -> tuple[Actor, Command]:
        """Return new bytes, a withdrawal (seldom) or a record opened again."""
        files, reports = self.choose(bundles())
        revise = ask.Revise(FORM, files, reports)
        few: tuple[Command, ...] = (
            (ask.Withdraw(REASON),) if self.choose(range(4)) == 0 else (revise,)
        )
        return self.choose(WHO), self.choose((revise, revise, *few, ask.Reopen(REASON)))

    def count(self, before: Record) -> None:
        """Note which interesting states were reached."""
        now = self.record
        ruling = now.decision.decision if now.decision else None
        self.reached.update({
            "decided: publish": ruling is Decision.PUBLISH,
            "decided: partial": ruling is Decision.PARTIAL,
            "decided: withhold": ruling is Decision.WITHHOLD,
            "published": now.phase is Phase.PUBLISHED,
            "certified": len(now.certificates) > len(before.certificates),
            "emergency release": is_emergency(now),
            "emergency reviewed": bool(now.emergency and now.emergency.reviewed),
            "approvals voided by new bytes": bool(before.standing) and len(now.versions) > len(before.versions),
            "sent back to a stage": len(now.returns) > len(before.returns) and bool(now.returns[-1].to),
            "held and resumed": before.phase is Phase.HELD and now.phase is Phase.REVIEW,
            "signed for another": any(o.behalf for o in now.standing),
            "block overridden": bool(released(now)) and bool(now.waived) and ruling is Decision.PUBLISH,
            "looked at unread": bool(released(now)) and bool(now.inspected),
            "upheld": bool(now.upheld),
            "taken back and released": bool(released(now)) and any(e.kind == "retracted" for e in self.events),
        })  # fmt: skip


def judge(events: Sequence[Event], record: Record) -> None:
    """Fail when a history holds what must never be; reads the events alone."""
    start, authors = 0, set()
    for index, event in enumerate(events):
        body: Any = event.body
        if event.kind in ("submitted", "revised"):
            start = index
            authors |= {event.actor, body["submission"]["drafter"]}
        if event.kind in ("signed", "waived", "upheld", "inspected", "emergency"):
            assert event.actor not in authors, "an author reviews the own draft"
        if event.kind == "signed":
            assert body["behalf"] not in authors, "an author reviews through somebody else"
        if index:
            assert event.at >= events[index - 1].at, "time runs backwards"
    let_out = [file.sha256 for file in released(record)]
    if let_out:
        judge_release(events, start, let_out)
    if record.phase is Phase.REVIEW:
        assert record.opened, "nobody has anything to do"


def judge_release(events: Sequence[Event], start: int, let_out: list[str]) -> None:
    """Fail when files are let out without what the flow asks for, on these very bytes."""
    version: Any = events[start].body["version"]
    rows = {row["sha256"]: row for row in version["files"]}
    since = [(e.kind, e.actor, e.body) for e in events[start:]]
    for kind in ("returned", "reopened", "withdrawn"):
        hits = [i for i, (k, _, b) in enumerate(since) if k == kind and not b.get("to")]
        opinions = since[hits[-1] + 1 :] if hits else since
        if hits:
            since = since[:1] + [s for s in since[1 : hits[-1]] if s[0] in SPOKEN] + opinions
    last = [b for k, _, b in since if k == "decided"]
    copies = [row["sha256"] for row in rows.values() if row["role"] == "copy"]
    replaced = [row["of"] for row in rows.values() if row["role"] == "copy"]
    wanted = last[-1]["decision"] if last else "publish"
    if wanted == "partial":
        assert copies, "a partial release without a copy"
        assert not set(let_out) & set(replaced), "the original of a copy is let out"
    else:
        assert not set(let_out) & set(copies)
    if last:
        assert last[-1]["digest"] == version["digest"], "a decision about other bytes"
        judge_opinions(since, version["digest"], wanted)
    else:
        glass = {actor for kind, actor, body in since if kind == "emergency"}
        assert len(glass) >= 2, "an emergency release by one person"
    for machine in version["reports"]:
        if machine["file"] in let_out:
            judge_machine(machine, since, is_emergency=not last)


def judge_opinions(since: list[tuple[str, str, Any]], digest: str, wanted: str) -> None:
    """Fail unless the last word of every stage, by different people, allows the decision."""
    words: dict[str, tuple[set[str], Any]] = {}
    order = []
    for kind, actor, body in since:
        if kind == "returned" and body["to"]:
            after = {"section": ("section", "secrecy", "legal", "leader")}
            for name in after.get(body["to"], (body["to"], "leader")):
                words.pop(name, None)
        if kind == "signed" and body["decision"] in OPENNESS:
            words[body["stage"]] = ({actor, body["behalf"]} - {""}, body)
            order.append(body["stage"])
    assert set(words) == {"section", "secrecy", "legal", "leader"}, "a stage is missing"
    assert order[-1] == "leader", "the decision was not last"
    for _, body in words.values():
        assert body["digest"] == digest, "an approval of other bytes"
        assert OPENNESS[body["decision"]] >= OPENNESS[wanted], "released against an opinion"
    for one, two in (
        ("leader", "section"), ("leader", "secrecy"), ("leader", "legal"),
        ("section", "secrecy"), ("section", "legal"),
    ):  # fmt: skip
        assert not words[one][0] & words[two][0], "one person at two stages kept apart"


def judge_machine(machine: Any, since: list[tuple[str, str, Any]], *, is_emergency: bool) -> None:
    """Fail when something unread, blocked or open is let out."""
    words: dict[str, list[tuple[str, str, Any]]] = {}
    for kind, actor, body in since:
        name = body.get("unread") or body.get("finding")
        if kind == "retracted":
            words[name] = [w for w in words[name] if w[1] != actor]
        elif kind in SPOKEN:
            words.setdefault(name, []).append((kind, actor, body))
    since = [word for said in words.values() for word in said]
    looked = {body["unread"] for kind, _, body in since if kind == "inspected"}
    ids = {row["id"] for row in (*machine["findings"], *machine["unread"])}
    upheld = {body["finding"] for kind, _, body in since if kind == "upheld"}
    assert not ids & upheld, "what somebody holds to be right is let out"
    for gap in machine["unread"]:
        assert gap["id"] in looked, "an unread part is let out"
    for found in machine["findings"]:
        waivers = [
            (a, b["role"]) for k, a, b in since if k == "waived" and b["finding"] == found["id"]
        ]
        if found["severity"] == "block":
            pairs = [(x, y) for x, r in waivers for y, q in waivers
                     if x != y and r == "secrecy-office" and q == "leader"]  # fmt: skip
            assert pairs, "a block is overridden by fewer than two named people"
        elif found["severity"] == "review" and not is_emergency:
            assert waivers, "a finding for review is let out undecided"


def judge_step(before: Record, command: Command, fresh: Sequence[Event]) -> None:
    """Fail when a step was accepted that the record before it should have refused."""
    if isinstance(command, ask.Sign):
        assert command.digest == before.version.digest, "signed for bytes seen earlier"
        assert command.stage not in before.done, "signed twice"
        stage = before.flow.stage(command.stage)
        assert stage is not None
        assert set(stage.after) <= before.done, "signed before its turn"
    if isinstance(command, ask.Certify):
        assert set(command.subjects) == {f.sha256 for f in released(before)}, "certified too much"
        assert released(before), "certified without a decision"
    if isinstance(command, ask.Publish):
        assert before.certificates, "published without a certificate"
        assert command.sha256 in {f.sha256 for f in released(before)}, "published other bytes"
    if isinstance(command, ask.Delegate):
        stage = before.flow.stage(command.stage)
        holders = {p.id for p in WHO if stage and stage.role in p.roles}
        assert fresh[0].actor in holders, "a power handed on twice"
