"""The nouns of a record: what was handed in, found, said, waived, decided, published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from secreview.model import Bilingual, Severity, Verdict, Why
from secreview.review.flow import Flow


class Attribute(StrEnum):
    """How the drafter means the document to be disclosed (公开属性)."""

    ACTIVE = "active"  # 主动公开
    ON_REQUEST = "on-request"  # 依申请公开
    WITHHELD = "withheld"  # 不予公开


class Decision(StrEnum):
    """What a person says about a document: the first five close a review, the others do not."""

    PUBLISH = "publish"  # 公开
    PARTIAL = "partial"  # 部分公开（区分处理）
    ON_REQUEST = "on-request"  # 依申请公开
    INTERNAL = "internal"  # 内部公开
    WITHHOLD = "withhold"  # 不予公开
    RETURN = "return"  # 退回
    CONSULT = "consult"  # 征求意见
    REFER = "refer"  # 提请确定
    DEFER = "defer"  # 暂缓
    WITHDRAW = "withdraw"  # 撤回


OPENNESS: Mapping[Decision, int] = {
    Decision.WITHHOLD: 0,
    Decision.INTERNAL: 1,
    Decision.ON_REQUEST: 2,
    Decision.PARTIAL: 3,
    Decision.PUBLISH: 4,
}
HOLDING: frozenset[Decision] = frozenset({Decision.CONSULT, Decision.REFER, Decision.DEFER})
AUDIENCE: Mapping[Decision, str] = {
    Decision.PUBLISH: "public",
    Decision.PARTIAL: "public",
    Decision.INTERNAL: "internal",
}


class Phase(StrEnum):
    """Where a record stands."""

    RETURNED = "returned"  # 已退回，等待补正
    REVIEW = "review"  # 审查中
    HELD = "held"  # 等待外部答复
    DECIDED = "decided"  # 已审定
    PUBLISHED = "published"  # 已公开
    WITHDRAWN = "withdrawn"  # 已撤回、已下线


class Role(StrEnum):
    """What a file is in its bundle."""

    PAGE = "page"  # 正文
    ATTACHMENT = "attachment"  # 附件
    COPY = "copy"  # 区分处理后的副本


@dataclass(frozen=True, slots=True)
class File:
    """One file of a bundle; a redacted copy names the digest of its original in ``of``."""

    name: str
    sha256: str
    size: int
    media_type: str
    role: Role
    of: str = ""


@dataclass(frozen=True, slots=True)
class Spotted:
    """A finding as a record keeps it: masked, and for a suspected marking only rule and place."""

    id: str
    file: str
    fingerprint: str
    rule: str
    category: str
    severity: Severity
    title: Bilingual
    place: Bilingual
    masked: str = ""
    ground: str = ""
    basis: tuple[str, ...] = ()
    near: tuple[str, ...] = ()  # the weaker, keyed tier that carries a disposition over an edit
    terms: tuple[str, ...] = ()  # digests of what the rule finds and of what that means in law


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that the machine did not read."""

    id: str
    file: str
    part: str
    why: Why


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine said about one file, under which rules."""

    file: str
    verdict: Verdict
    rulebook: str
    rules: int
    version: str
    findings: tuple[Spotted, ...] = ()
    unread: tuple[Unread, ...] = ()
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """What the drafter states: the lines of the paper form that are known from the start.

    ``more`` holds further lines of the form by name (``number`` 文号, ``index`` 索引号, ``summary``
    内容概述, ``made`` 生成日期, ``carrier`` 载体形式, ``third-party`` 征求第三方 …).
    """

    title: str
    unit: str
    drafter: str
    attribute: Attribute | None
    column: str = ""
    channel: str = ""
    reason: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """The bytes under review: digest over all files, the files, the machine's reports on them."""

    digest: str
    files: tuple[File, ...]
    reports: tuple[Machine, ...]
    by: str
    at: str

    @property
    def originals(self) -> tuple[File, ...]:
        """Return the files as they were written."""
        return tuple(file for file in self.files if file.role is not Role.COPY)

    @property
    def copies(self) -> tuple[File, ...]:
        """Return the redacted copies."""
        return tuple(file for file in self.files if file.role is Role.COPY)

    def released(self, decision: Decision) -> tuple[File, ...]:
        """Return the files that a decision lets out: of a file with a copy only the copy.

        Empty where a partial release has no copy to give out.
        """
        if decision is not Decision.PARTIAL:
            return self.originals if decision in AUDIENCE else ()
        replaced = {file.of for file in self.copies}
        kept = tuple(file for file in self.originals if file.sha256 not in replaced)
        return (*self.copies, *kept) if self.copies else ()

    def report_on(self, file: File) -> Machine | None:
        """Return the machine's report on a file."""
        return next((report for report in self.reports if report.file == file.sha256), None)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person said at one stage about exactly these bytes.

    ``person`` is the name as the directory of people has it, ``behalf`` whose power was used when
    it was delegated, ``auth`` how the person was known, ``digest`` that of the version.
    """

    stage: str
    actor: str
    role: str
    decision: Decision
    at: str
    digest: str
    remark: str = ""
    ground: str = ""
    person: str = ""
    unit: str = ""
    behalf: str = ""
    auth: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why one person holds that a finding may stand, in which role, for which version."""

    finding: str
    fingerprint: str
    actor: str
    role: str
    reason: str
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Upheld:
    """That one person holds a finding to be right; ``finding`` may name something unread too."""

    finding: str
    fingerprint: str
    actor: str
    reason: str
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A waiver on an earlier version that may hold for a finding, and what makes it doubtful."""

    finding: str
    actor: str
    reason: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """That one person has looked at something the machine could not read."""

    unread: str
    actor: str
    reason: str
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """That a signer hands one stage of this record to another person, once."""

    stage: str
    by: str
    to: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Return:
    """That a record went back: from a stage to the drafter (``to`` empty) or an earlier stage."""

    stage: str
    to: str
    by: str
    reason: str
    at: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """That a record waits for somebody outside, and what came back."""

    stage: str
    decision: Decision
    by: str
    reason: str
    at: str
    answer: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision that closed a review."""

    decision: Decision
    by: str
    at: str
    digest: str
    ground: str = ""
    reason: str = ""
    until: str = ""  # a day on which to look again


@dataclass(frozen=True, slots=True)
class Emergency:
    """That two people let a document out before its review was done, and whether it was since."""

    by: tuple[str, ...]
    reasons: tuple[str, ...]
    at: str
    digest: str
    reviewed: bool = False

    @property
    def is_complete(self) -> bool:
        """Return whether both people have spoken."""
        return len(self.by) == PEOPLE_TO_BREAK_THE_GLASS


PEOPLE_TO_BREAK_THE_GLASS = 2


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate: its bytes as written, for which digests, until when."""

    envelope: str
    digest: str
    subjects: tuple[str, ...]
    at: str
    until: str
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """That bytes were published: where, which, by whom."""

    url: str
    sha256: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A stage that opened and when; what waits there is due some working days later."""

    stage: str
    at: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything known about one review: the fold of its events.

    ``opinions`` holds all that were ever given, ``standing`` those that still count; likewise for
    waivers, and ``proposed`` are those that wait for somebody to confirm them. What is ``upheld``
    has to be dealt with before a release. ``decision`` is that of the present version only.
    """

    id: str
    flow: Flow
    submission: Submission
    versions: tuple[Version, ...]
    phase: Phase
    opinions: tuple[Opinion, ...] = ()
    standing: tuple[Opinion, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    waived: tuple[Waiver, ...] = ()
    upheld: tuple[Upheld, ...] = ()
    proposed: tuple[Proposal, ...] = ()
    inspected: tuple[Inspected, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    returns: tuple[Return, ...] = ()
    holds: tuple[Hold, ...] = ()
    decisions: tuple[Ruling, ...] = ()
    decision: Ruling | None = None
    emergency: Emergency | None = None
    certificates: tuple[Issued, ...] = ()
    publications: tuple[Publication, ...] = ()
    opened: tuple[Moment, ...] = ()
    escalated: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    begun: str = ""
    last: str = ""
    events: int = 0

    @property
    def version(self) -> Version:
        """Return the version under review."""
        return self.versions[-1]

    @property
    def done(self) -> frozenset[str]:
        """Return the ids of the stages that are signed for the present version."""
        return frozenset(opinion.stage for opinion in self.standing)
