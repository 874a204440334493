"""Run a rule's own examples: every hit at its exact span, no find in any miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from secreview.engine.find import Matcher
from secreview.engine.scan import WHOLE, Scan, planned, scan_part
from secreview.model import SEVERITY_ORDER, Part, Place, PlaceIndex
from secreview.rulebook.rule import Example, Rule, Rulebook


def failures(rulebook: Rulebook, day: date) -> Iterator[tuple[Rule, str, Example]]:
    """Yield (rule, what went wrong, example) for every example that does not hold."""
    for rule in rulebook.rules:
        ready = Matcher([rule])
        for example in rule.hits:
            found = spans(ready, example, day)
            if found != sorted(example.spans):
                yield rule, f"found {found}, marked {sorted(example.spans)}", example
        for example in rule.misses:
            found = spans(ready, example, day)
            if found:
                yield rule, f"found {found}, a miss", example


def shadowed(rulebook: Rulebook, day: date) -> Iterator[tuple[Rule, str]]:
    """Yield each rule whose every example another rule of its category covers, with that rule.

    Rules that look at parts of other kinds, or give way to one another, do not count.
    """
    for rule in rulebook.rules:
        if f"{rule.category}/*" in rule.unless.found:
            continue
        peers = [
            peer
            for peer in rulebook.rules
            if peer is not rule
            and peer.category == rule.category
            and SEVERITY_ORDER[peer.severity] >= SEVERITY_ORDER[rule.severity]
            and not (peer.find.text or rule.find.text or peer.unless.found)
        ]
        for peer in peers:
            ready = Matcher([peer])
            if all(covers(spans(ready, example, day), example.spans) for example in rule.hits):
                yield rule, peer.name
                break


def covers(found: Sequence[tuple[int, int]], marked: Sequence[tuple[int, int]]) -> bool:
    """Return whether every marked span lies inside a found one."""
    return all(any(a <= start and end <= b for a, b in found) for start, end in marked)


def spans(ready: Matcher, example: Example, day: date) -> list[tuple[int, int]]:
    """Return the spans one rule finds in an example."""
    place = Place(page=example.page, headers=example.headers)
    part = Part("example", example.part, example.text, PlaceIndex((0,), (place,)))
    gathered = Scan(day)
    scan_part(part, 0, ready=ready, gathered=gathered, ways=planned, cut=WHOLE)
    if gathered.gaps:
        raise RuntimeError(gathered.gaps[0].detail)
    return sorted((hit.start, hit.end) for hit in gathered.hits)
