"""One person's seat at the desk: a record with its documents as read, and what is said of them."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from enum import StrEnum
from threading import RLock

from secreview.api.at_hand import Item, Paper, matched, not_kept, ordered
from secreview.api.bundle import Checked
from secreview.api.desk import Desk
from secreview.api.kept import Cleaner
from secreview.api.records import (
    certificate_in,
    follow,
    loaded,
    open_record,
    revise,
    sign,
    submit,
)
from secreview.errors import Conflict, Stale
from secreview.model import Report
from secreview.review import commands as ask
from secreview.review.commands import Actor, Command
from secreview.review.event import Head
from secreview.review.fold import fold
from secreview.review.may import is_waived, waivers_by_finding
from secreview.review.record import Decision, File, Phase, Record, Role, Spotted, Unread, Waiver
from secreview.review.refusals import refused
from secreview.review.step import RULES

ALONE = "alone"  # the flow of somebody who has set up no other
REVIEWER = "reviewer"
UNSTATED = "未注明"
RECENT = 200  # records that are searched for an earlier version of a file


class Standing(StrEnum):
    """How it stands with a finding or an unread piece, as one person sees it."""

    OPEN = "open"  # 待处置
    UPHELD = "upheld"  # 属实，须处理
    WAITS = "waits"  # 本人已说明理由，还须另一人
    WAIVED = "waived"  # 可以保留；未检查的内容已由人查看


def user() -> str:
    """Return the name of the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return REVIEWER


def lone_actor(name: str = "") -> Actor:
    """Return the one person of the flow for one: the user of this machine, or somebody named."""
    auth = "self-asserted" if name and name != user() else "os-user"
    name = name or user()
    return Actor(name, frozenset({REVIEWER}), name, auth=auth)


def record_of(papers: Sequence[Paper], desk: Desk) -> Record:
    """Return the record that the first of the files is under review in.

    Raises Stale when nobody handed in these bytes.
    """
    page = papers[0].report
    found = open_record(page.sha256, desk, role=Role.PAGE) or open_record(page.sha256, desk)
    if found is None:
        raise refused(Stale, "not-handed-in", name=page.name, sha256=page.sha256[:12])
    return found


def record_alone(papers: Sequence[Paper], desk: Desk) -> Record:
    """Return the record in which one person reviews files alone, begun where there is none.

    An edited file becomes a new version of the open record that holds a file of the same name
    with a finding in common, so that decisions follow the edit. Nobody hands in but the program.
    """
    by, bundle = Actor(RULES), Checked(tuple(paper.report for paper in papers))
    page = papers[0].report
    there = open_record(page.sha256, desk, role=Role.PAGE)
    if there is not None and (not is_open(there) or not_kept(there, papers) == 0):
        return there
    before = there or earlier(page, desk)
    if before is not None:
        return revise(before, bundle, by=by, desk=desk)
    form = {"attribute": "active", "unit": UNSTATED, "drafter": UNSTATED}
    return submit(bundle, by=by, desk=desk, **form)


def is_open(record: Record) -> bool:
    """Return whether a record of one person alone waits for that person."""
    return record.flow.id == ALONE and record.phase in (Phase.REVIEW, Phase.RETURNED)


def earlier(page: Report, desk: Desk) -> Record | None:
    """Return the open record that an edited file is a new version of, None for a new file."""
    prints = {finding.fingerprint for finding in page.findings}
    for name in [*desk.log.records()][: -RECENT - 1 : -1]:
        record = fold(desk.log.events(name))
        if not is_open(record) or record.version.files[0].name != page.name:
            continue
        if any(f.fingerprint in prints for r in record.version.reports for f in r.findings):
            return record
    return None


class Seat:
    """One person at one record; asks what the person says and remembers what can be undone.

    Safe to be used by several threads.
    """

    def __init__(
        self,
        desk: Desk,
        actor: Actor,
        record: Record,
        papers: Sequence[Paper],
        known: frozenset[str] = frozenset(),
    ) -> None:
        """Sit down; ``known`` are prints of findings that are no news, as in a baseline."""
        self.desk, self.actor, self.record = desk, actor, record
        self.papers = tuple(papers)
        self.items = ordered(matched(record, papers, known))
        self.by_id: Mapping[str, int] = {item.id: n for n, item in enumerate(self.items)}
        self.is_compared = bool(known) or len(record.versions) > 1
        self.digest = record.version.digest
        self.clean = Cleaner((paper.report for paper in papers), desk.options)
        self.done: list[tuple[str, ...]] = []
        self.lock = RLock()
        self.head: Head | None = None

    def refresh(self) -> None:
        """Read the record again, unless nothing was written since."""
        with self.lock:
            head = self.desk.log.head()
            if head != self.head:
                self.record = loaded(self.record, self.desk)
                self.head = head

    @property
    def is_outdated(self) -> bool:
        """Return whether somebody has handed in another version since."""
        return self.record.version.digest != self.digest

    def dispose(self, names: Sequence[str], action: str, reason: str = "") -> tuple[str, ...]:
        """Say one thing about findings; return the ids it was said of.

        ``action`` is ``uphold``, ``waive`` (a look, for what was not read) or ``retract``. What
        the person said before is taken back; what would change nothing is left out. Raises
        ReviewError when the flow does not allow it, Stale when there is another version by now.
        """
        with self.lock:
            words = self.clean(reason)
            for attempt in (1, 2):
                self.check_present()
                said = self.said()
                asked = {name: self.commands(name, action, words, said) for name in names}
                try:
                    commands = [command for each in asked.values() for command in each]
                    self.record = follow(self.record, commands, by=self.actor, desk=self.desk)
                    break
                except Conflict:  # somebody else has disposed of something meanwhile
                    if attempt == 2:
                        raise
                    self.refresh()
            changed = tuple(name for name, each in asked.items() if each)
            if changed and action != "retract":
                self.done.append(changed)
            return changed

    def take_back(self, name: str = "") -> tuple[str, ...]:
        """Take back what the person said of a finding, else what was said last from this seat.

        Return the ids of findings that are open again, none when nothing was said.
        """
        with self.lock:
            if name in self.said():
                return self.dispose((name,), "retract")
            while self.done:
                changed = self.dispose(self.done.pop(), "retract")
                if changed:
                    return changed
            return ()

    def check_present(self) -> None:
        """Raise Stale when the record holds other bytes than those on the seat."""
        if self.is_outdated:
            raise refused(Stale, "stale")

    def commands(
        self, name: str, action: str, words: str, said: Mapping[str, str]
    ) -> list[Command]:
        """Return what has to be asked so that one thing, and nothing else, is said of a finding."""
        if name not in self.by_id:
            return [ask.Uphold(name)]  # refused in words
        kept = self.items[self.by_id[name]].kept
        own = said.get(name)
        if action == "retract":
            return [ask.Retract(name)] if own else []
        if own == action:
            return []
        before: list[Command] = [ask.Retract(name)] if own else []
        if action == "uphold":
            return [*before, ask.Uphold(name, words)]
        if isinstance(kept, Unread):
            return [*before, ask.Inspect(name, words)]
        return [*before, ask.Waive(name, words)]

    def said(self) -> dict[str, str]:
        """Return what the person has said, by finding: waive (or a look) or uphold."""
        record, who = self.record, self.actor.id
        found = {w.finding: "waive" for w in record.waived if w.actor == who}
        found |= {i.unread: "waive" for i in record.inspected if i.actor == who}
        return found | {u.finding: "uphold" for u in record.upheld if u.actor == who}

    def alike(self, name: str) -> tuple[str, ...]:
        """Return the id of a finding and of all of the same value that nothing was said of yet."""
        value, said = self.items[self.by_id[name]].value, self.said()
        return tuple(
            item.id
            for item in self.items
            if item.value == value and (item.id == name or item.id not in said)
        )

    def standings(self) -> tuple[Standing, ...]:
        """Return how it stands with each item."""
        record = self.record
        waivers = waivers_by_finding(record)
        upheld = {item.finding for item in record.upheld}
        looked = {item.unread for item in record.inspected}
        return tuple(
            Standing.UPHELD if item.id in upheld
            else Standing.WAIVED if item.id in looked
            else self.standing(item, waivers.get(item.id, []))
            for item in self.items
        )  # fmt: skip

    def standing(self, item: Item, waivers: Sequence[Waiver]) -> Standing:
        """Return how it stands with an item that nobody upholds, by its waivers."""
        if not waivers:
            return Standing.OPEN
        kept = item.kept
        if isinstance(kept, Spotted) and is_waived(self.record, kept, waivers):
            return Standing.WAIVED
        is_own = any(waiver.actor == self.actor.id for waiver in waivers)
        return Standing.WAITS if is_own else Standing.OPEN

    def opine(self, *, stage: str, decision: str | Decision, **words: str) -> None:
        """Give the opinion of a stage on the version on this seat; the last one is certified."""
        with self.lock:
            self.check_present()
            seen = self.record
            words["remark"] = self.clean(words.get("remark", ""))
            self.record = sign(
                seen, stage=stage, by=self.actor, decision=decision, desk=self.desk, **words
            )

    def certificate(self) -> bytes | None:
        """Return the certificate that the record stands by, None when there is none."""
        return certificate_in(self.record)

    def not_kept(self) -> int:
        """Return how many findings and gaps of today the record does not hold."""
        return not_kept(self.record, self.papers)

    def absent(self) -> tuple[File, ...]:
        """Return the files of the record that are not at hand."""
        there = {paper.report.sha256 for paper in self.papers}
        return tuple(file for file in self.record.version.files if file.sha256 not in there)
