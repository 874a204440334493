"""Rules as the engine sees them: frozen values, already folded and planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from secreview.model import Bilingual, PartKind, Provision, Severity
from secreview.text.wording import Wording


class Bounds(StrEnum):
    """Which characters may not touch a match."""

    NONE = "none"
    DIGITS = "digits"  # no digit before or after
    ALNUM = "alnum"  # no ASCII letter or digit before or after


class Zone(StrEnum):
    """Where in a document a marking in use stands."""

    ALONE = "alone"  # alone on its line or in its cell
    LINE_START = "line-start"  # before a paragraph
    FIRST_PAGE = "first-page"  # on page 1, or in the first lines where there are no pages
    HEADER = "header"  # page header, footer, text box
    NAME = "name"  # file name, title, document property


class Inside(StrEnum):
    """What a mere mention is wrapped in, on one line."""

    BOOK_TITLE = "book-title"  # 《…》
    QUOTES = "quotes"  # “…” and its kin
    BRACKETS = "brackets"  # （…）
    URL = "url"


class Side(StrEnum):
    """On which side of a hit a near word may stand."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


class Scope(StrEnum):
    """How close two findings must be to count as together."""

    LINE = "line"  # one line, one table row
    PART = "part"
    DOCUMENT = "document"


class Near(NamedTuple):
    """Words, or a pattern, that must (keep) or must not (unless) stand within so many characters.

    ``sentence`` ends the look at the ends of the sentence.
    """

    words: tuple[str, ...] = ()
    within: int = 20
    side: Side = Side.BOTH
    regex: str = ""
    sentence: bool = False

    @property
    def is_given(self) -> bool:
        """Return whether there is anything to look for."""
        return bool(self.words or self.regex)


NO_NEAR = Near()


class Plan(NamedTuple):
    """How every possible start of a pattern is found without trying each position.

    ``kind``: ``anchor`` (a literal, its letters in any case, stands ``lo``–``hi`` characters after
    the start), ``run`` (the match is a whole run of ``digits`` or letters and digits, ``lo``–``hi``
    long), ``near`` (only around the rule's context words), ``scan`` (every position; the author is
    told).
    """

    kind: str = "scan"
    anchors: tuple[str, ...] = ()
    lo: int = 0
    hi: int = 0
    digits: bool = False
    offsets: tuple[tuple[int, int], ...] = ()  # lo and hi of each anchor
    needs: tuple[str, ...] = ()  # literals of which every match holds one, where any are known
    narrow: bool = False  # the rule's context words are rarer: starts count only near one
    rare: bool = False  # so is what the text must say: where it does, all of it is searched

    @property
    def is_exact(self) -> bool:
        """Return whether each literal or run gives one start, not a stretch of them."""
        return self.kind == "run" or (
            self.kind == "anchor" and all(low == high for low, high in self.offsets)
        )


class Find(NamedTuple):
    """Where candidates come from; exactly one of the ways is set."""

    words: tuple[str, ...] = ()
    regex: str = ""
    bounds: Bounds = Bounds.NONE
    ignore_case: bool = False
    names: bool = False
    text: bool = False
    finder: str = ""
    wording: bool = False  # words are the cues of the category's table of wording
    clause: bool = False  # what is reported is the whole clause
    sentence: bool = False  # and not the clause alone, but the sentence
    plan: Plan = Plan()
    width: int = 0  # the longest match, in characters


@dataclass(frozen=True, slots=True)
class Keep:
    """Conditions that must all hold; each group is met by any of its members."""

    parts: frozenset[PartKind] = frozenset()
    zone: frozenset[Zone] = frozenset()
    near: Near = NO_NEAR
    also: tuple[Near, ...] = ()  # further groups of context words, each of which must stand near
    headers: tuple[str, ...] = ()
    validate: tuple[str, ...] = ()
    count: int = 1
    whole_word: bool = False
    context: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    like: float = 0.0  # how much the sentence must read like those marked in labelled drafts


class Unless(NamedTuple):
    """Conditions that each drop a candidate."""

    parts: frozenset[PartKind] = frozenset()
    inside: frozenset[Inside] = frozenset()
    near: Near = NO_NEAR
    headers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    regex: str = ""
    validate: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


NO_WORDS = Bilingual("", "")
NO_EXCUSE = Unless()


@dataclass(frozen=True, slots=True)
class Escalation:
    """When a finding becomes more severe; all conditions that are given must hold."""

    to: Severity
    count: int = 0
    near: Near = NO_NEAR
    together: tuple[str, ...] = ()
    scope: Scope = Scope.LINE
    note: Bilingual = NO_WORDS


class Example(NamedTuple):
    """A text of a rule's own with the spans that must be found in it."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    part: PartKind = PartKind.BODY
    page: int | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``name`` (category/id) is what findings carry."""

    id: str
    category: str
    title: Bilingual
    severity: Severity
    confidence: float
    basis: tuple[str, ...]
    ground: str
    why: Bilingual
    suggest: Bilingual
    find: Find
    keep: Keep = Keep()
    unless: Unless = NO_EXCUSE
    escalate: tuple[Escalation, ...] = ()
    hits: tuple[Example, ...] = ()
    misses: tuple[Example, ...] = ()
    family: str = ""
    since: str = ""
    until: str = ""
    source: str = ""
    doubt: float = 0.0  # a finding whose sentence reads less like those marked is a note
    wording: Wording | None = field(default=None, repr=False, compare=False)
    name: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        """Set the name, ``category/id``."""
        object.__setattr__(self, "name", f"{self.category}/{self.id}")

    @property
    def asks_wording(self) -> bool:
        """Return whether the rule needs its category's table of wording."""
        return bool(self.find.wording or self.keep.like or self.doubt)

    def applies_on(self, day: date) -> bool:
        """Return whether the rule is in force on a day."""
        iso = day.isoformat()
        return (not self.since or self.since <= iso) and (not self.until or iso <= self.until)


class Category(NamedTuple):
    """A category of findings, in the order reviewers read them."""

    id: str
    title: Bilingual
    ground: str
    form_row: str
    why: Bilingual


class Ground(NamedTuple):
    """A statutory ground of non-disclosure as the annual statistics count it."""

    code: str
    title: Bilingual
    article: str
    force: str  # must, may or route


class Edition(NamedTuple):
    """One edition of a provision, in force from a day (inclusive) until a day (exclusive)."""

    edition: str
    article: Bilingual
    law: Bilingual
    start: str
    end: str = ""
    quote: str = ""
    file: str = ""


@dataclass(frozen=True)
class Rulebook:
    """All rules in force for a review, with the categories and provisions they name."""

    rules: tuple[Rule, ...]
    categories: tuple[Category, ...]
    grounds: tuple[Ground, ...]
    laws: Mapping[str, tuple[Edition, ...]]
    digest: str
    off: tuple[tuple[str, str], ...] = ()  # rule, reason

    def __hash__(self) -> int:
        """Hash by digest: equal digests are equal rulebooks."""
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        """Compare by digest."""
        return isinstance(other, Rulebook) and other.digest == self.digest

    @cached_property
    def by_name(self) -> Mapping[str, Rule]:
        """Return the rules by category/id."""
        return {rule.name: rule for rule in self.rules}

    def provision(self, name: str, day: date) -> Provision | None:
        """Return the edition of a provision in force on a day, or the latest before it."""
        iso = day.isoformat()
        best: Edition | None = None
        for edition in self.laws.get(name, ()):
            if edition.start <= iso and (not edition.end or iso < edition.end):
                best = edition
        if best is None:
            return None
        return Provision(name, best.law, best.article, best.edition, best.quote)


def as_plain(value: Any) -> Any:
    """Return a value of this module as JSON-ready lists and dictionaries, defaults left out."""
    if isinstance(value, Bilingual):
        return list(value)
    if is_dataclass(value) and not isinstance(value, type):
        defaults = {f.name: f.default for f in fields(value) if f.compare}
        given = {name: getattr(value, name) for name in defaults}
    elif hasattr(value, "_fields"):
        defaults, given = value._field_defaults, value._asdict()
    else:
        return plain_members(value)
    return {
        name: as_plain(member)
        for name, member in given.items()
        if name not in defaults or member != defaults[name]
    }


def plain_members(value: Any) -> Any:
    """Return the members of a collection as JSON-ready values, anything else as it is."""
    if isinstance(value, (tuple, list)):
        return [as_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(as_plain(item) for item in value)
    if isinstance(value, Mapping):
        return {key: as_plain(item) for key, item in value.items()}
    return value
