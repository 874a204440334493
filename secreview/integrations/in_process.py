"""Asking in this process: the library itself, with the store of the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from secreview.api import Options, check, configured
from secreview.api.bundle import Checked
from secreview.api.desk import Desk, desk_of
from secreview.api.passing import cleared, publish
from secreview.api.policy import Answer, Standing, judged, words
from secreview.api.records import act, loaded, open_record, records_with, revise, sign, submit
from secreview.config import Config
from secreview.errors import NotCleared, Stale
from secreview.integrations.reviewer import SITE, Item, Opinion
from secreview.model import Bilingual, Severity
from secreview.review import commands as ask
from secreview.review.certificate import Subject
from secreview.review.commands import Actor
from secreview.review.may import findings_of, is_waived, unread_of, waivers_by_finding
from secreview.review.record import Decision, Phase, Record, Role
from secreview.review.refusals import refused

PROFILES = 8  # whose rules are kept ready
REVISABLE = (Phase.RETURNED, Phase.REVIEW, Phase.HELD, Phase.DECIDED, Phase.PUBLISHED)


class InProcess:
    """A reviewer in this process; the rules of each profile are loaded once."""

    def __init__(self, config: Config) -> None:
        """Take a configuration; nothing is loaded before somebody asks."""
        self.config = config
        self.options_of = lru_cache(PROFILES)(self.loaded)

    def loaded(self, profile: str) -> Options:
        """Return how to check under a profile."""
        return configured(self.config, profile)

    @contextmanager
    def desk(self, profile: str = "") -> Iterator[Desk]:
        """Give the desk of the configuration."""
        with desk_of(self.config, self.options_of(profile)) as desk:
            yield desk

    def verdict(self, item: Item, profile: str) -> Answer:
        """Return what the rules of a profile say of an item."""
        options = self.options_of(profile)
        reports = [check(data=p.data, name=p.name, options=options) for p in item.pieces]
        return judged(reports, fail_on=self.config.fail_on)

    def clearance(self, item: Item, *, at: datetime | None = None) -> Answer:
        """Return whether a certificate covers an item, and its record stands by it today."""
        subjects = [Subject(piece.name, piece.sha256) for piece in item.pieces]
        with self.desk() as desk:
            then = replace(desk, clock=lambda: at) if at else desk
            try:
                made = cleared(subjects, audience="public", desk=then)
            except NotCleared as error:
                is_known = any(True for _ in records_with(item.digests[0], desk))
                said = Bilingual(error.zh, str(error))
                unknown = words("serve.problem.not-reviewed")
                return Answer(Standing.HELD, said if is_known else unknown)
        why = words("policy.certified", record=made.record)
        return Answer(Standing.CLEARED, why, (), made.record, made.until)

    def hand_in(self, item: Item, form: Mapping[str, str], by: Actor, *, record: str = "") -> str:
        """Return the id of the record of an item: the given one where it can still be revised.

        Where exactly these files are in an open record already, that is the one.
        """
        options = replace(self.options_of(""), reveal=True)  # what is kept of it is masked
        papers = Checked(
            tuple(check(data=p.data, name=p.name, options=options) for p in item.pieces)
        )
        with self.desk() as desk:
            there = open_record(item.digests[0], desk, role=Role.PAGE)
            if there is not None and holds(there, item):
                return there.id
            if record and loaded(record, desk).phase in REVISABLE:
                return revise(record, papers, by=by, desk=desk, **form).id
            return submit(papers, by=by, desk=desk, **form).id

    def opine(self, record: str, item: Item, opinion: Opinion) -> None:
        """Give an opinion on an item that the record holds as it is; certify the last one.

        The same opinion given again changes nothing: what asked for it may have failed afterwards.
        """
        with self.desk() as desk:
            present = loaded(record, desk)
            if not holds(present, item):
                raise refused(Stale, "stale")
            if is_given(present, opinion):
                return
            if opinion.reasoned:
                self.reasoned(present, opinion, desk)
            sign(
                present,
                stage=opinion.stage,
                by=opinion.by,
                decision=opinion.decision,
                remark=opinion.remark,
                desk=desk,
            )

    def reasoned(self, record: Record, opinion: Opinion, desk: Desk) -> None:
        """Waive what was found and note what was seen, with the remark as the reason."""
        given = waivers_by_finding(record)
        for finding in findings_of(record, Decision.PUBLISH):
            waivers = given.get(finding.id, [])
            is_own = any(waiver.actor == opinion.by.id for waiver in waivers)
            is_open = not is_waived(record, finding, waivers) and not is_own
            if finding.severity is not Severity.NOTE and is_open:
                act(record, ask.Waive(finding.id, opinion.remark), by=opinion.by, desk=desk)
        for gap in unread_of(record, Decision.PUBLISH):
            act(record, ask.Inspect(gap.id, opinion.remark), by=opinion.by, desk=desk)

    def note(self, record: str, item: Item, url: str) -> None:
        """Note that an item was published at an address, by the site."""
        with self.desk() as desk:
            publish(item.digests[0], record=record, url=url, by=SITE, desk=desk)

    def known(self, record: str) -> frozenset[str]:
        """Return the fingerprints of the findings in the present version of a record."""
        with self.desk() as desk:
            reports = loaded(record, desk).version.reports
        return frozenset(f.fingerprint for report in reports for f in report.findings)


def holds(record: Record, item: Item) -> bool:
    """Return whether the present version of a record is exactly an item."""
    return {file.sha256 for file in record.version.files} == set(item.digests)


def is_given(record: Record, opinion: Opinion) -> bool:
    """Return whether an opinion stands already, by the same person."""
    return any(
        (said.stage, said.actor, said.decision) == (opinion.stage, opinion.by.id, opinion.decision)
        for said in record.standing
    )
