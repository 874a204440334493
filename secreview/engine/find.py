"""Candidates: every span that a rule's find step can mean, by plan or by brute force."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from secreview.engine.literals import (
    ALNUM_TABLE,
    DIGIT_TABLE,
    Encoded,
    Literals,
    common,
    merged,
    runs,
)
from secreview.engine.view import Candidate, View, first_in
from secreview.plugins import finder
from secreview.rulebook.frequency import together
from secreview.rulebook.rule import Bounds, Near, Rule, Rulebook
from secreview.text.numbers import VALIDATORS
from secreview.text.people import names_in

GUARDS = {
    Bounds.NONE: ("", ""),
    Bounds.DIGITS: ("(?<![0-9])", "(?![0-9])"),
    Bounds.ALNUM: ("(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"),
}


class Meaning(NamedTuple):
    """What a literal stands for: a word of a rule, an anchor of its pattern, a context word.

    ``exact`` is the word itself where its case matters; ``lo`` and ``hi`` say how far before an
    anchor a match may begin.
    """

    number: int
    what: int
    exact: str = ""
    lo: int = 0
    hi: int = 0


WORD, ANCHOR, NEAR = 0, 1, 2


@dataclass
class Tracker:
    """One rule ready to run: its pattern is compiled when the first candidate needs it."""

    rule: Rule
    number: int
    judge: Any = None  # set by the scan when the rule has its first candidate
    is_narrowed: bool = False  # starts count only where a context word is near

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the compiled pattern with the bounds around it."""
        find = self.rule.find
        before, after = GUARDS[find.bounds]
        flags = re.IGNORECASE | re.ASCII if find.ignore_case else 0
        return re.compile(f"{before}(?:{find.regex}){after}", flags)

    @cached_property
    def has_group(self) -> bool:
        """Return whether the pattern names what is the hit."""
        return "hit" in self.pattern.groupindex

    def at(self, view: View, start: int) -> Candidate | None:
        """Return the candidate that starts exactly at a folded offset, or None.

        A match that runs over a closed-up line end gives way to one that stops there.
        """
        match = self.pattern.match(view.text, start)
        return self.candidate(view, match) if match else None

    def candidate(self, view: View, match: re.Match[str]) -> Candidate | None:
        """Return the candidate of a match after the line-end and name adjustments."""
        edge = view.folded.break_in(match.start(), match.end())
        if edge is not None:
            match = self.pattern.match(view.text, match.start(), edge) or match
        start, end = match.span("hit") if self.has_group else match.span()
        if "name" in self.rule.keep.validate:
            is_name = VALIDATORS["name"]
            while end > start and not is_name(view.text[start:end]):
                end -= 1
        return Candidate(start, end, match.start(), match.end()) if end > start else None

    def search(self, view: View, low: int, high: int) -> Iterator[Candidate]:
        """Yield candidates whose match starts in low…high; every start is tried."""
        reach = high + max(self.rule.find.width, 1) + 2
        match = self.pattern.search(view.text, low, reach)
        while match and match.start() <= high:
            found = self.candidate(view, match)
            if found:
                yield found
            match = self.pattern.search(view.text, match.start() + 1, reach)


class Matcher:
    """A rulebook made ready to find candidates."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Build the automaton and the run tables of some rules."""
        self.trackers = [Tracker(rule, number) for number, rule in enumerate(rules)]
        meanings: dict[str, list[Meaning]] = defaultdict(list)
        self.digit_runs: list[Tracker] = []
        self.alnum_runs: list[Tracker] = []
        self.near: list[Tracker] = []
        self.scans: list[Tracker] = []
        self.finders: list[Tracker] = []
        for tracker in self.trackers:
            self.place(tracker, meanings)
        self.literals = Literals({word: tuple(what) for word, what in meanings.items()})
        self.shortest_digits = min((t.rule.find.plan.lo for t in self.digit_runs), default=0)
        self.shortest_alnum = min((t.rule.find.plan.lo for t in self.alnum_runs), default=0)

    def place(self, tracker: Tracker, meanings: dict[str, list[Meaning]]) -> None:
        """Sort a rule to the pass that finds its candidates."""
        find, plan = tracker.rule.find, tracker.rule.find.plan
        if find.words:
            for word in find.words:
                exact = word if word != word.lower() or word != word.upper() else ""
                meanings[word].append(Meaning(tracker.number, WORD, exact))
        elif find.finder:
            self.finders.append(tracker)
        elif find.names or (find.regex and plan.kind == "near"):
            self.near.append(tracker)
            for word in tracker.rule.keep.near.words:
                meanings[word].append(Meaning(tracker.number, NEAR))
        elif find.regex and plan.kind == "anchor":
            for anchor, (low, high) in zip(plan.anchors, plan.offsets, strict=True):
                meanings[anchor].append(Meaning(tracker.number, ANCHOR, "", low, high))
        elif find.regex and plan.kind == "run":
            is_digits = find.bounds is Bounds.DIGITS
            (self.digit_runs if is_digits else self.alnum_runs).append(tracker)
        elif find.regex:
            self.scans.append(tracker)
        if find.regex and plan.kind in ("anchor", "run") and is_telling(tracker.rule.keep.near):
            tracker.is_narrowed = True
            for word in tracker.rule.keep.near.words:
                meanings[word].append(Meaning(tracker.number, NEAR))

    def candidates(self, view: View) -> Iterator[tuple[Tracker, Iterator[Candidate]]]:
        """Yield each rule that has candidates in a view, with them by rising start."""
        encoded = Encoded.of(view.text)
        words: dict[int, list[Candidate]] = defaultdict(list)
        starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        around: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for start, end, meanings in self.literals.hits(encoded):
            for number, what, exact, lo, hi in meanings:
                if what == ANCHOR:
                    starts[number].append((start - hi, start - lo))
                elif what == WORD:
                    if not exact or view.text[start:end] == exact:
                        words[number].append(Candidate(start, end, start, end))
                else:
                    around[number].append((start, end))
        for tracker, start in self.run_starts(encoded):
            starts[tracker.number].append((start, start))
        for number in around:
            self.add_near(view, number, around[number], starts)
        self.narrow(view, around, starts)
        self.add_titled(view, starts)
        for tracker in self.finders:
            yield tracker, spans_of(tracker, view)
        for tracker in self.scans:
            starts[tracker.number] = [(0, len(view.text))]
        for number, found in words.items():
            found.sort(key=lambda c: (c.start, -c.end))
            yield self.trackers[number], iter(found)
        for number, spans in starts.items():
            tracker = self.trackers[number]
            yield tracker, candidates_at(tracker, view, merged(spans))

    def add_near(
        self,
        view: View,
        number: int,
        words: list[tuple[int, int]],
        starts: dict[int, list[tuple[int, int]]],
    ) -> None:
        """Let a rule that is planned by its context words look around them."""
        if not self.trackers[number].is_narrowed:
            starts[number].extend(self.window(view, number, a, b) for a, b in words)

    def narrow(
        self,
        view: View,
        around: dict[int, list[tuple[int, int]]],
        starts: dict[int, list[tuple[int, int]]],
    ) -> None:
        """Leave out the starts that have no context word in reach, in its text or its titles."""
        for number in list(starts):
            tracker = self.trackers[number]
            if not tracker.is_narrowed:
                continue
            words = tracker.rule.keep.near.words
            if any(first_in(title, words) for title in view.titles_seen):
                continue
            windows = merged(self.window(view, number, a, b) for a, b in around[number])
            starts[number] = common(merged(starts[number]), windows)
            if not starts[number]:
                del starts[number]

    def window(self, view: View, number: int, start: int, end: int) -> tuple[int, int]:
        """Return the starts at which a match may have this context word near."""
        rule = self.trackers[number].rule
        reach = rule.keep.near.within + rule.find.width
        high = end + rule.keep.near.within
        if view.titles_seen:  # the word may be a row title, which reaches to the end of the row
            line_end = view.text.find("\n", end)
            high = max(high, line_end if line_end >= 0 else len(view.text))
        return max(0, start - reach), min(high, len(view.text))

    def add_titled(self, view: View, starts: dict[int, list[tuple[int, int]]]) -> None:
        """Let rules that need a context word look everywhere when a title has that word."""
        if not view.titles_seen:
            return
        for tracker in self.near:
            words = tracker.rule.keep.near.words
            if any(first_in(title, words) for title in view.titles_seen):
                starts[tracker.number] = [(0, len(view.text))]

    def run_starts(self, encoded: Encoded) -> Iterator[tuple[Tracker, int]]:
        """Yield the rules whose pattern may be a whole run, with the start of the run."""
        for trackers, table, shortest in (
            (self.digit_runs, DIGIT_TABLE, self.shortest_digits),
            (self.alnum_runs, ALNUM_TABLE, self.shortest_alnum),
        ):
            if not trackers:
                continue
            for start, end in runs(encoded, table, shortest):
                size = end - start
                for tracker in trackers:
                    plan = tracker.rule.find.plan
                    if plan.lo <= size <= plan.hi:
                        yield tracker, start


NARROWING = 6_000.0  # occurrences in a million up to which context words narrow a search


def is_telling(near: Near) -> bool:
    """Return whether context words are rare enough to be looked for before the pattern."""
    return bool(near.words) and not near.regex and together(near.words) <= NARROWING


def candidates_at(
    tracker: Tracker, view: View, spans: list[tuple[int, int]]
) -> Iterator[Candidate]:
    """Yield the candidates of a rule whose match starts in one of some sorted spans."""
    if tracker.rule.find.names:
        yield from named(view, spans)
        return
    for low, high in spans:
        if low == high:
            found = tracker.at(view, low) if low >= 0 else None
            if found:
                yield found
        else:
            yield from tracker.search(view, max(0, low), high)


def spans_of(tracker: Tracker, view: View) -> Iterator[Candidate]:
    """Yield what a finder written as code finds in a view."""
    for start, end, *note in finder(tracker.rule.find.finder)(view.text):
        if 0 <= start < end <= len(view.text):
            yield Candidate(start, end, start, end, *note)


def named(view: View, spans: list[tuple[int, int]]) -> Iterator[Candidate]:
    """Yield the person names inside some windows."""
    for low, high in spans:
        for start, end in names_in(view.text[low:high]):
            yield Candidate(start + low, end + low, start + low, end + low)


def naive_candidates(tracker: Tracker, view: View) -> Iterator[Candidate]:
    """Yield the candidates of a rule by trying every position: the oracle the plans must equal."""
    find = tracker.rule.find
    for start in range(len(view.text)):
        if find.words:
            for word in sorted(find.words, key=len, reverse=True):
                if view.text.startswith(word, start):
                    yield Candidate(start, start + len(word), start, start + len(word))
        elif find.regex:
            found = tracker.at(view, start)
            if found:
                yield found


@lru_cache(maxsize=4)
def matcher(rulebook: Rulebook) -> Matcher:
    """Return the matcher of a rulebook, built once."""
    return Matcher(rulebook.rules)
