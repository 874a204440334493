"""Scan the parts of a document for the hits of a rulebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from secreview.engine.find import Matcher, Tracker, matcher, paired
from secreview.engine.findings import Telling, findings
from secreview.engine.keep import Hit, Judge
from secreview.engine.view import Candidate, View, first_in, found_in, titles_of
from secreview.engine.weigh import weigh
from secreview.model import Document, Finding, Gap, Part, PartSummary, Why
from secreview.rulebook.rule import Rule
from secreview.text.normal import fold


@dataclass(frozen=True, slots=True)
class Cut:
    """How a long part is cut: characters in a piece, and of context on both sides of it.

    The context must be longer than the longest match with its context words.
    """

    size: int = 1 << 20
    margin: int = 4096


WHOLE = Cut()

Ways = Callable[[Matcher, View], Iterable[tuple[Tracker, Iterable[Candidate]]]]


@dataclass
class Scan:
    """What a scan gathers while the parts of a document pass by."""

    day: date
    hits: list[Hit] = field(default_factory=list)
    near: dict[int, frozenset[int]] = field(default_factory=dict)
    summaries: list[PartSummary] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def planned(ready: Matcher, view: View) -> Iterable[tuple[Tracker, Iterable[Candidate]]]:
    """Return candidates by the plans of the rules."""
    return ready.candidates(view)


def naive(ready: Matcher, view: View) -> Iterable[tuple[Tracker, Iterable[Candidate]]]:
    """Return candidates by trying every rule at every position."""
    for tracker in ready.trackers:
        if tracker.rule.find.names:
            continue
        found = naive_candidates(tracker, view)
        yield tracker, paired(found) if tracker.rule.find.wording else found


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


def scan(
    document: Document, telling: Telling, *, ways: Ways = planned, cut: Cut = WHOLE
) -> tuple[list[Finding], Scan]:
    """Return the findings of a document and what was gathered on the way."""
    gathered = Scan(telling.day)
    ready = matcher(telling.rulebook)
    for number, part in enumerate(document.parts):
        scan_part(part, number, ready=ready, gathered=gathered, ways=ways, cut=cut)
    weighed = weigh(gathered.hits, gathered.near)
    return findings(weighed, gathered.summaries, telling), gathered


def scan_part(
    part: Part, number: int, *, ready: Matcher, gathered: Scan, ways: Ways, cut: Cut
) -> None:
    """Add the hits of one part; a rule that fails becomes a gap."""
    titles = titles_of(part)
    low, high = part.core or (0, len(part.text))
    line_ends: list[int] = []
    for start, end, first, last in pieces(part.text, cut):
        view = View(part, fold(part.text[start:end]), start, titles, line_ends)
        window = range(max(first, low) + part.start, min(last, high) + part.start)
        for tracker, candidates in ways(ready, view):
            rule = tracker.rule
            if not applies(rule, part, gathered.day) or is_out_of_context(rule, view):
                continue
            try:
                for hit in accepted(judge_of(tracker), view, candidates, number):
                    if hit.start in window:
                        add(hit, view, gathered)
            except Exception as error:  # a faulty rule must not hide the others' findings
                detail = f"{tracker.rule.name}: {type(error).__name__}"
                gathered.gaps.append(Gap(part.id, Why.RULE_CRASHED, detail))
    add_whole_part(part, number, ready, gathered)
    gathered.summaries.append(PartSummary(part.id, part.kind, high - low))


def applies(rule: Rule, part: Part, day: date) -> bool:
    """Return whether a rule is in force and looks at parts of this kind at all."""
    is_wanted = not rule.keep.parts or part.kind in rule.keep.parts
    return is_wanted and part.kind not in rule.unless.parts and rule.applies_on(day)


def is_out_of_context(rule: Rule, view: View) -> bool:
    """Return whether what the text says anywhere settles that nothing in it counts for a rule."""
    wanted, excuses = rule.keep.context, rule.unless.context
    return bool(wanted and not view.context_word(wanted)) or bool(
        excuses and view.context_word(excuses)
    )


def judge_of(tracker: Tracker) -> Judge:
    """Return the judge of a rule, made when its first candidate turns up."""
    if tracker.judge is None:
        tracker.judge = Judge(tracker.rule)
    judge: Judge = tracker.judge
    return judge


def accepted(
    judge: Judge, view: View, candidates: Iterable[Candidate], number: int
) -> Iterator[Hit]:
    """Yield the kept candidates from the left; what is kept covers what starts inside it."""
    taken = -1
    for candidate in candidates:
        if candidate.whole_start < taken:
            continue
        hit = judge.kept(view, candidate, number)
        if hit is not None:
            taken = candidate.whole_end
            taken = max(taken, judge.reported(view, candidate.start, candidate.end)[1])
            yield hit


def add(hit: Hit, view: View, gathered: Scan) -> None:
    """Keep a hit, and which of its rule's escalations have their context word near."""
    steps = frozenset(
        index
        for index, step in enumerate(hit.rule.escalate)
        if step.near.is_given and has_near(hit, view, index)
    )
    if steps:
        gathered.near[len(gathered.hits)] = steps
    gathered.hits.append(hit)


def has_near(hit: Hit, view: View, index: int) -> bool:
    """Return whether the context word of an escalation stands near a hit in its part."""
    near = hit.rule.escalate[index].near
    text, start, end = view.part.text, hit.start - view.part.start, hit.end - view.part.start
    around = text[max(0, start - near.within) : end + near.within]
    if found_in(fold(around).text, near):
        return True
    return any(first_in(fold(h).text, near.words) for h in hit.place.headers)


def add_whole_part(part: Part, number: int, ready: Matcher, gathered: Scan) -> None:
    """Add a hit for each rule that finds a whole part of its kind."""
    if not part.text.strip():
        return
    for tracker in ready.wholes:
        if not applies(tracker.rule, part, gathered.day):
            continue
        view = View(part, fold(part.text[: WHOLE.size]), 0, ())
        whole = Candidate(0, len(view.text), 0, len(view.text))
        hit = judge_of(tracker).kept(view, whole, number)
        if hit is not None:
            add(hit, view, gathered)


def pieces(text: str, cut: Cut) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, first, last): a slice with margins, and the core whose hits count.

    Cores are cut after a line end where one is in reach and cover the text without overlap.
    """
    first = 0
    while first < len(text) or first == 0:
        last = len(text)
        if len(text) - first > cut.size:
            edge = text.rfind("\n", first + cut.size // 2, first + cut.size)
            last = edge + 1 if edge >= 0 else first + cut.size
        yield max(0, first - cut.margin), min(len(text), last + cut.margin), first, last
        if last >= len(text):
            return
        first = last
