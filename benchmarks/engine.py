"""The engine against a bare automaton, against naive matching, and against itself."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import ahocorasick

from benchmarks import corpora
from benchmarks.measure import Row, at_least, at_most, interleaved
from benchmarks.redos import EVIL, HARMLESS
from secreview.api import load_rulebook
from secreview.engine.find import Matcher, matcher
from secreview.engine.findings import Telling
from secreview.engine.scan import naive, scan
from secreview.engine.view import View
from secreview.model import Document, Part, PartKind
from secreview.rulebook.linear import objection
from secreview.rulebook.plan import plan_of
from secreview.rulebook.rule import Find, Keep, Rule, Rulebook, Unless
from secreview.text.normal import Folded, fold

DAY = date(2026, 11, 24)
KEY = b"benchmark"


def with_words(rulebook: Rulebook, count: int) -> Rulebook:
    """Return the rulebook with rare words added until it has ``count`` words in all."""
    have = {word for rule in rulebook.rules for word in rule.find.words}
    extra = tuple(word for word in corpora.words(count) if word not in have)
    extra = extra[: max(0, count - len(have))]
    if not extra:
        return rulebook
    model = rulebook.rules[-1]
    rule = replace(
        model,
        id=f"extra-{count}",
        find=Find(words=extra),
        keep=Keep(),
        unless=Unless(),
        escalate=(),
    )
    return replace(rulebook, rules=(*rulebook.rules, rule), digest=f"{rulebook.digest}{count}")


def automaton(words: tuple[str, ...], *, as_bytes: bool) -> ahocorasick.Automaton:
    """Return a bare automaton of words, over characters or over bytes as Latin-1."""
    made = ahocorasick.Automaton()
    for word in words:
        key = word.encode().decode("latin-1") if as_bytes else word
        made.add_word(key, len(word))
    made.make_automaton()
    return made


def bare(made: ahocorasick.Automaton, text: str) -> int:
    """Return the number of hits of a bare pass over characters."""
    return sum(1 for _ in made.iter(text))


def bare_bytes(made: ahocorasick.Automaton, text: str) -> int:
    """Return the number of hits of a bare pass over bytes, with character offsets."""
    data = text.encode()
    at = characters = count = 0
    for end, _ in made.iter(data.decode("latin-1")):
        characters += len(data[at : end + 1].decode())
        at = end + 1
        count += 1
    return count


def document(text: str) -> Document:
    """Return a text as a document of one part."""
    return Document(
        "x.txt", "", len(text), "text/plain", (Part("body", PartKind.BODY, text, first_line=1),)
    )


def full(rulebook: Rulebook, text: str) -> int:
    """Return the number of findings of a whole scan: folding, rules, findings."""
    return len(scan(document(text), Telling(rulebook, DAY, KEY))[0])


def literals(rulebook: Rulebook) -> tuple[str, ...]:
    """Return all words that rules find."""
    return tuple({word for rule in rulebook.rules for word in rule.find.words})


def whole_rulebook() -> Iterator[Row]:
    """Compare a whole scan with bare automaton passes over the same text and words."""
    text, table = corpora.prose(), corpora.table()
    for count, target, aim in ((1_000, 1.5, "aim 2"), (10_000, 3.0, "")):
        rulebook = with_words(load_rulebook(), count)
        words = literals(rulebook)
        plain, latin = automaton(words, as_bytes=False), automaton(words, as_bytes=True)
        matcher(rulebook)
        full(rulebook, text[:100_000])
        took = interleaved(
            {
                "bare": lambda: bare(plain, text),
                "bytes": lambda: bare_bytes(latin, text),
                "full": lambda: full(rulebook, text),
            }
        )
        patterns = sum(bool(rule.find.regex) for rule in rulebook.rules)
        name = f"{len(words)} words, {patterns} patterns, 10 MB prose"
        yield at_least(
            "P1", f"bare pass / whole scan, {name} {aim}", took["bare"] / took["full"], target
        )
        yield at_least(
            "P2", f"bare byte pass / whole scan, {name}", took["bytes"] / took["full"], 0.4
        )
        if count == 1_000:
            megabytes = len(text.encode()) / 1e6 / took["full"]
            yield at_least("", "whole scan, MB/s (information)", megabytes, 0)
            took = interleaved(
                {
                    "bytes": lambda: bare_bytes(latin, table),
                    "full": lambda: full(rulebook, table),
                    "bare": lambda: bare(plain, table),
                }
            )
            yield at_least(
                "P12",
                "bare byte pass / whole scan, 10 MB of numbers",
                took["bytes"] / took["full"],
                0.25,
            )
            yield at_least(
                "",
                "bare pass / whole scan, 10 MB of numbers (information)",
                took["bare"] / took["full"],
                0,
            )


def free_patterns(rulebook: Rulebook) -> list[Rule]:
    """Return the pattern rules without their conditions, planned by the pattern alone."""
    free = []
    for rule in rulebook.rules:
        find = rule.find
        if find.regex:
            plan = plan_of(find.regex, find.bounds, ignore_case=find.ignore_case)
            if plan.kind in ("anchor", "run"):
                find = find._replace(plan=plan)
                free.append(replace(rule, find=find, keep=Keep(), unless=Unless(), escalate=()))
    return free


def by_plan(ready: Matcher, view: View) -> dict[int, list[tuple[int, int]]]:
    """Return the spans each rule matches, by its plan."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for tracker, candidates in ready.candidates(view):
        taken, kept = -1, []
        for candidate in candidates:
            if candidate.whole_start >= taken:
                taken = candidate.whole_end
                kept.append((candidate.whole_start, candidate.whole_end))
        if kept:
            spans[tracker.number] = kept
    return spans


def by_search(ready: Matcher, text: str) -> dict[int, list[tuple[int, int]]]:
    """Return the spans each rule matches, by ``finditer`` over the whole text."""
    spans = {t.number: [m.span() for m in t.pattern.finditer(text)] for t in ready.trackers}
    return {number: found for number, found in spans.items() if found}


def settled(text: str) -> str:
    """Return a text that folds to itself, so that both sides see the same characters."""
    while True:
        folded = fold(text).text
        if folded == text:
            return text
        text = folded


def patterns_alone() -> Iterator[Row]:
    """Compare planned matching of all patterns with ``finditer`` one after the other."""
    rules = free_patterns(load_rulebook())
    ready = Matcher(rules)
    size = corpora.MEGABYTE
    for name, text in (
        ("prose", settled(corpora.prose(size))),
        ("dense", settled(corpora.dense(size))),
        ("numbers", settled(corpora.table(size))),
    ):
        view = View(Part("body", PartKind.BODY, text), Folded(text, text))
        is_equal = by_plan(ready, view) == by_search(ready, text)
        took = interleaved(
            {"plan": lambda v=view: by_plan(ready, v), "search": lambda t=text: by_search(ready, t)}
        )
        what = f"finditer / plan, {len(rules)} patterns, {name}, spans equal: {is_equal}"
        yield at_least("P4", what, took["search"] / took["plan"] if is_equal else 0, 8)


def normaliser() -> Iterator[Row]:
    """Compare folding clean text with scanning it."""
    rulebook = with_words(load_rulebook(), 1_000)
    text = clean(corpora.prose())
    pieces = [text[i : i + (1 << 20)] for i in range(0, len(text), 1 << 20)]
    took = interleaved(
        {"fold": lambda: [fold(piece) for piece in pieces], "full": lambda: full(rulebook, text)}
    )
    is_same = all(fold(piece).text is piece for piece in pieces)
    share = took["fold"] / (took["full"] - took["fold"])
    yield at_most(
        "P6",
        f"folding clean text / the rest of the scan, same object: {is_same}",
        share if is_same else 9,
        0.25,
    )


def clean(text: str) -> str:
    """Return a text without anything that may be part of a disguise."""
    return "\n".join(
        line for line in text.split("\n") if line and line[-1] in "。；" and fold(line).text is line
    )


def equality() -> Iterator[Row]:
    """Compare findings by plan with findings by brute force on slices of every corpus."""
    rulebook = load_rulebook()
    differences = compared = 0
    for text in (corpora.prose(), corpora.dense(), corpora.table()):
        for start in range(0, 400_000, 40_000):
            part = document(text[start : start + 2_000])
            telling = Telling(rulebook, DAY, KEY)
            fast, slow = scan(part, telling)[0], scan(part, telling, ways=naive)[0]
            names = {r.name for r in rulebook.rules if r.find.names}
            compared += len(fast)
            differences += [f for f in fast if f.rule not in names] != [
                f for f in slow if f.rule not in names
            ]
    yield at_most(
        "P5", f"slices on which plans and brute force differ ({compared} findings)", differences, 0
    )


def many_words() -> Iterator[Row]:
    """Compare the scan with 100,000 extra words with the scan with 100."""
    text = corpora.prose(2 * corpora.MEGABYTE)
    base = load_rulebook()
    have = len(literals(base))
    few, many = with_words(base, have + 100), with_words(base, have + 100_000)
    matcher(few), matcher(many)
    took = interleaved({"few": lambda: full(few, text), "many": lambda: full(many, text)})
    yield at_most(
        "",
        "scan with 100,000 extra words / with 100, findings included",
        took["many"] / took["few"],
        2,
    )


def user_patterns() -> Iterator[Row]:
    """Check that what the loader accepts is linear and what it refuses makes ``re`` hang."""
    refused = [pattern for pattern in EVIL if objection(pattern)]
    yield at_least("P10", f"of {len(EVIL)} evil patterns refused", len(refused), len(EVIL))
    worst = 0.0
    for pattern in HARMLESS:
        if objection(pattern):
            continue
        compiled = re.compile(pattern)
        took = interleaved(
            {
                str(n): lambda n=n: [list(compiled.finditer(t * n)) for t in HOSTILE]
                for n in (4_000, 8_000)
            }
        )
        worst = max(worst, took["8000"] / max(took["4000"], 1e-4))
    yield at_most(
        "P10", f"text doubled, {len(HARMLESS)} accepted patterns, worst time ratio", worst, 2.5
    )
    started = time.process_time()
    re.compile(r"(a+)+$").match("a" * 23 + "b")
    yield at_least(
        "P10", "seconds re takes for (a+)+$ on 24 characters", time.process_time() - started, 0.1
    )


HOSTILE = ("a", "ab", "一", "一，", "密", "密级", "1 ", "a@", "甲", "甲乙")
