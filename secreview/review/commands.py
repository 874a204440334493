"""What people ask of a record; ``step`` answers with events or a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from secreview.review.record import Decision, File, Machine, Proposal, Submission, Waiver


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an id from the directory of people, roles held, and how the person was known.

    ``auth`` says how: ``key`` (signed with a key of their own), ``host`` (the calling application
    knows), ``os-user``, ``self-asserted``. ``keys`` are public keys (hex), the present one first.
    """

    id: str
    roles: frozenset[str] = frozenset()
    name: str = ""
    unit: str = ""
    auth: str = "self-asserted"
    keys: tuple[str, ...] = ()
    signs_from: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    """Hand in a document with its attachments and what the machine said about each."""

    record: str
    submission: Submission
    files: tuple[File, ...]
    reports: tuple[Machine, ...]


@dataclass(frozen=True, slots=True)
class Revise:
    """Hand in other bytes, a redacted copy or a completed form; all approvals fall.

    ``kept`` are waivers of findings that stand in the new bytes exactly as they stood, ``proposed``
    those of findings that are recognised in part only.
    """

    submission: Submission
    files: tuple[File, ...]
    reports: tuple[Machine, ...]
    kept: tuple[Waiver, ...] = ()
    proposed: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """Give the opinion of a stage.

    ``digest`` is that of the version the signer has seen, ``to`` the stage a return goes to (empty:
    the drafter), ``until`` a day on which to look again.
    """

    stage: str
    decision: Decision
    digest: str
    remark: str = ""
    ground: str = ""
    to: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Waive:
    """Hold that a finding may stand, with the reason."""

    finding: str
    reason: str


@dataclass(frozen=True, slots=True)
class Uphold:
    """Hold that a finding is right, or that something unread matters: it has to be dealt with."""

    finding: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Retract:
    """Take back what one has said about a finding, or about something unread."""

    finding: str


@dataclass(frozen=True, slots=True)
class Inspect:
    """State that one has looked at what the machine could not read, with what was seen."""

    unread: str
    reason: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """Hand one stage of one record to another person, who cannot hand it on."""

    stage: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after an answer from outside."""

    answer: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """Note that a stage is late; the day it was due is given. Never an approval."""

    stage: str
    due: str


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Ask for release before the review is done; takes two people and stays visible."""

    reason: str


@dataclass(frozen=True, slots=True)
class Certify:
    """Keep a certificate that was signed for what was decided."""

    envelope: str
    subjects: tuple[str, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Publish:
    """Note which bytes were published where."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a document back, or down."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Look at a closed record again, from the first stage on."""

    reason: str


Command = (
    Submit
    | Revise
    | Sign
    | Waive
    | Uphold
    | Retract
    | Inspect
    | Delegate
    | Resume
    | Escalate
    | BreakGlass
    | Certify
    | Publish
    | Withdraw
    | Reopen
)
