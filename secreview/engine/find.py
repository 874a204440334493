"""Candidates: every span that a rule's find step can mean, by plan or by brute force."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
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
from secreview.rulebook.rule import Bounds, Rule, Rulebook
from secreview.text.numbers import VALIDATORS
from secreview.text.people import names_in

GUARDS = {
    Bounds.NONE: ("", ""),
    Bounds.DIGITS: ("(?<![0-9])", "(?![0-9])"),
    Bounds.ALNUM: ("(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"),
}


MANY = 64  # starts of a rule from which a look through the whole text may be cheaper
TOGETHER = 60  # characters between two cues of wording that count
LOOK = 1_000  # characters searched for a word while one start is looked at


class Meaning(NamedTuple):
    """What a literal stands for.

    ``words``: rules that find it, with the word itself where its case matters; ``anchors``: rules
    whose pattern holds it, with how far before it a match may begin; ``near``: rules that it is a
    context word of; ``context``: whether some rule asks for it anywhere in the text.
    """

    words: tuple[tuple[int, str], ...] = ()
    anchors: tuple[tuple[int, int, int], ...] = ()
    near: tuple[int, ...] = ()
    context: bool = False


WORD, ANCHOR, NEAR, CONTEXT = range(4)
Raw = tuple[int, int, str, int, int]  # what, rule, word, lo, hi


def meaning(raw: Iterable[Raw]) -> Meaning | str:
    """Return what a literal stands for, sorted by kind; the word itself if its place is no matter.

    The case of letters is looked at in the text, so a word with letters is no such word.
    """
    raw = list(raw)
    word = raw[0][2]
    if all(what == CONTEXT for what, *_ in raw) and word.upper() == word.lower():
        return word
    return Meaning(
        tuple((number, word) for what, number, word, _, _ in raw if what == WORD),
        tuple((number, low, high) for what, number, _, low, high in raw if what == ANCHOR),
        tuple(number for what, number, *_ in raw if what == NEAR),
        any(what == CONTEXT for what, *_ in raw),
    )


@dataclass
class Tracker:
    """One rule ready to run: its pattern is compiled when the first candidate needs it."""

    rule: Rule
    number: int
    judge: Any = None  # set by the scan when the rule has its first candidate

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

    @cached_property
    def is_name(self) -> bool:
        """Return whether what is found must be the name of a person."""
        return "name" in self.rule.keep.validate

    def at(self, view: View, start: int) -> Candidate | None:
        """Return the candidate that starts exactly at a folded offset, or None.

        A match that runs over a closed-up line end gives way to one that stops there.
        """
        match = self.pattern.match(view.text, start)
        return self.candidate(view, match) if match else None

    def candidate(self, view: View, match: re.Match[str]) -> Candidate | None:
        """Return the candidate of a match after the line-end and name adjustments."""
        whole_start, whole_end = match.span()
        if view.folded.breaks:
            edge = view.folded.break_in(whole_start, whole_end)
            if edge is not None:
                match = self.pattern.match(view.text, whole_start, edge) or match
                whole_end = match.end()
        start, end = match.span("hit") if self.has_group else (whole_start, whole_end)
        if self.is_name:
            is_name = VALIDATORS["name"]
            while end > start and not is_name(view.text[start:end]):
                end -= 1
        return Candidate(start, end, whole_start, whole_end) if end > start else None

    def search(self, view: View, low: int, high: int) -> Iterator[Candidate]:
        """Yield candidates whose match starts in low…high; every start is tried."""
        reach = high + max(self.rule.find.width, 1) + 2
        match = self.pattern.search(view.text, low, reach)
        while match and match.start() <= high:
            found = self.candidate(view, match)
            if found:
                yield found
            match = self.pattern.search(view.text, match.start() + 1, reach)


class Seen(NamedTuple):
    """What the literals of a text stand for, by number of the rule.

    Words that are candidates, starts that an anchor allows, context words, and the words that some
    rule asks for anywhere.
    """

    words: dict[int, list[Candidate]]
    starts: dict[int, list[tuple[int, int]]]
    near: dict[int, list[tuple[int, int]]]
    present: set[str]


class Matcher:
    """A rulebook made ready to find candidates."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Build the automaton and the run tables of some rules."""
        self.trackers = [Tracker(rule, number) for number, rule in enumerate(rules)]
        meanings: dict[str, list[Raw]] = defaultdict(list)
        self.digit_runs: list[Tracker] = []
        self.alnum_runs: list[Tracker] = []
        self.near: list[Tracker] = []
        self.scans: list[Tracker] = []
        self.rare: list[Tracker] = []
        self.finders: list[Tracker] = []
        self.wholes = [tracker for tracker in self.trackers if tracker.rule.find.text]
        for tracker in self.trackers:
            self.place(tracker, meanings)
        self.literals = Literals({word: tuple(what) for word, what in meanings.items()}, meaning)

    def place(self, tracker: Tracker, meanings: dict[str, list[Raw]]) -> None:
        """Sort a rule to the pass that finds its candidates."""
        keep, find = tracker.rule.keep, tracker.rule.find
        number, plan = tracker.number, find.plan
        for word in (*keep.context, *tracker.rule.unless.context):
            meanings[word].append((CONTEXT, number, word, 0, 0))
        for word in find.words:
            exact = word if word != word.lower() or word != word.upper() else ""
            meanings[word].append((WORD, number, exact, 0, 0))
        if find.finder:
            self.finders.append(tracker)
        if find.names or (find.regex and plan.kind == "near"):
            self.near.append(tracker)
        if plan.narrow or tracker in self.near[-1:]:
            for word in keep.near.words:
                meanings[word].append((NEAR, number, "", 0, 0))
        if find.regex:
            self.place_pattern(tracker, meanings)

    def place_pattern(self, tracker: Tracker, meanings: dict[str, list[Raw]]) -> None:
        """Sort a pattern by its plan."""
        find, plan = tracker.rule.find, tracker.rule.find.plan
        match plan.kind:
            case "anchor" | "scan" if plan.rare:
                self.rare.append(tracker)
            case "anchor":
                for anchor, (low, high) in zip(plan.anchors, plan.offsets, strict=True):
                    meanings[anchor].append((ANCHOR, tracker.number, "", low, high))
            case "run":
                is_digits = find.bounds is Bounds.DIGITS
                (self.digit_runs if is_digits else self.alnum_runs).append(tracker)
            case "scan":
                self.scans.append(tracker)

    def candidates(self, view: View) -> Iterator[tuple[Tracker, Iterator[Candidate]]]:
        """Yield each rule that has candidates in a view, with them by rising start."""
        encoded = Encoded.of(view.text)
        seen = self.seen(view, encoded)
        view.present = seen.present
        for tracker, start in self.run_starts(view, encoded, seen.near):
            seen.starts[tracker.number].append((start, start))
        self.drop_hopeless(view, seen.starts)
        self.by_near_words(view, seen)
        self.add_titled(view, seen.starts)
        for tracker in self.finders:
            yield tracker, spans_of(tracker, view)
        said = [tracker for tracker in self.rare if view.context_word(tracker.rule.keep.context)]
        for tracker in (*self.scans, *said):
            seen.starts[tracker.number] = [(0, len(view.text))]
        for number, found in seen.words.items():
            found.sort(key=lambda c: (c.start, -c.end))
            tracker = self.trackers[number]
            yield tracker, paired(found) if tracker.rule.find.wording else iter(found)
        for number, spans in seen.starts.items():
            tracker = self.trackers[number]
            exact = tracker.rule.find.plan.is_exact
            joined = sorted(set(spans)) if exact else merged(spans)
            yield tracker, candidates_at(tracker, view, joined)

    def seen(self, view: View, encoded: Encoded) -> Seen:
        """Return what the literals in a text stand for."""
        text = view.text
        words: dict[int, list[Candidate]] = defaultdict(list)
        starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        near: dict[int, list[tuple[int, int]]] = defaultdict(list)
        present: set[str] = set()
        hits = self.literals.hits(encoded, present)
        for start, end, (own, anchors, beside, is_context) in hits:
            for number, low, high in anchors:
                starts[number].append((start - high, start - low))
            for number in beside:
                near[number].append((start, end))
            for number, exact in own:
                if not exact or text[start:end] == exact:
                    words[number].append(Candidate(start, end, start, end))
            if is_context:
                present.add(text[start:end])
        return Seen(words, starts, near, present)

    def drop_hopeless(self, view: View, starts: dict[int, list[tuple[int, int]]]) -> None:
        """Drop rules with many starts in a text that lacks what every match needs."""
        for number in [n for n, spans in starts.items() if len(spans) > MANY]:
            rule = self.trackers[number].rule
            if not may_apply(rule, view):
                del starts[number]
                continue
            near, patience = rule.keep.near, len(starts[number])
            words = () if near.regex or view.titles_seen else near.words
            if lacks(view.text, rule.find.plan.needs, patience) or lacks(
                view.text, words, patience
            ):
                del starts[number]

    def by_near_words(self, view: View, seen: Seen) -> None:
        """Look around context words: only there, where a rule is planned so or narrowed by them."""
        for tracker in self.near:
            words = seen.near.get(tracker.number, ())
            if words and may_apply(tracker.rule, view):
                windows = [self.window(view, tracker.number, a, b) for a, b in words]
                seen.starts[tracker.number].extend(windows)
        for number in list(seen.starts):
            rule = self.trackers[number].rule
            if not rule.find.plan.narrow or has_title(view, rule.keep.near.words):
                continue
            windows = [self.window(view, number, a, b) for a, b in seen.near.get(number, ())]
            left = common(merged(seen.starts[number]), merged(windows))
            if left:
                seen.starts[number] = left
            else:
                del seen.starts[number]

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
            if has_title(view, tracker.rule.keep.near.words):
                starts[tracker.number] = [(0, len(view.text))]

    def run_starts(
        self, view: View, encoded: Encoded, near: Container[int]
    ) -> Iterator[tuple[Tracker, int]]:
        """Yield the rules whose pattern may be a whole run, with the start of the run.

        ``near`` has the numbers of the rules that have a context word in the text.
        """
        for trackers, table in ((self.digit_runs, DIGIT_TABLE), (self.alnum_runs, ALNUM_TABLE)):
            wanted = [
                t
                for t in trackers
                if may_apply(t.rule, view)
                and (not t.rule.find.plan.narrow or view.titles_seen or t.number in near)
            ]
            if not wanted:
                continue
            shortest = min(tracker.rule.find.plan.lo for tracker in wanted)
            longest = max(tracker.rule.find.plan.hi for tracker in wanted)
            of_size = [[t for t in wanted if is_of_size(t, size)] for size in range(longest + 1)]
            for start, end in runs(encoded, table, shortest):
                if end - start <= longest:
                    for tracker in of_size[end - start]:
                        yield tracker, start


def lacks(text: str, words: tuple[str, ...], patience: int) -> bool:
    """Return whether a text holds none of some words, if that is soon seen.

    ``patience`` is the number of starts that need no look then.
    """
    is_soon = text.isascii() or len(words) * len(text) < patience * LOOK
    return bool(words) and is_soon and not first_in(text, words)


def may_apply(rule: Rule, view: View) -> bool:
    """Return whether the titles of a view may have what a rule asks of them."""
    return not rule.keep.headers or view.may_have_title(rule.keep.headers)


def is_of_size(tracker: Tracker, size: int) -> bool:
    """Return whether a run of so many characters may be a match."""
    plan = tracker.rule.find.plan
    return plan.lo <= size <= plan.hi


def has_title(view: View, words: tuple[str, ...]) -> bool:
    """Return whether a row or column title has one of some words."""
    return any(first_in(title, words) for title in view.titles_seen)


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


def paired(cues: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield each cue of wording that the next one follows closely: one alone says little.

    >>> [c.start for c in paired([Candidate(n, n + 2, n, n + 2) for n in (0, 1, 9, 200, 260)])]
    [1, 200]
    """
    before = None
    for cue in cues:
        if before and before.end <= cue.start <= before.end + TOGETHER:
            yield before
        if not before or cue.end > before.end:
            before = cue


@lru_cache(maxsize=4)
def matcher(rulebook: Rulebook) -> Matcher:
    """Return the matcher of a rulebook, built once."""
    return Matcher(rulebook.rules)
