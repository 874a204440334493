"""Derive from a pattern how all its possible starts are found without trying each position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]

from secreview.rulebook.alphabet import (
    REPEATS,
    Item,
    all_set,
    alphabet,
    item_width,
    parse,
    width,
)
from secreview.rulebook.rule import Bounds, Plan

MOST_ANCHORS = 1_000
MOST_CLASS = 80  # a class larger than this gives no useful literals
FARTHEST = 80  # characters an anchor may stand behind the start of a match
LONGEST_ANCHOR = 6
USEFUL = 1.5
ENOUGH = 4  # rarity from which anchors are not made longer when that makes many of them
MANY_ANCHORS = 64
RARE = 3  # bytes of an anchor that is rarer than a run of letters and digits: one hanzi, AKI…
SHORTEST_RUN = 6  # shorter runs of letters and digits are too common to look at each
ASCII_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
DIGITS = frozenset("0123456789")


def plan_of(
    pattern: str, bounds: Bounds = Bounds.NONE, *, ignore_case: bool = False, has_near: bool = False
) -> Plan:
    r"""Return the best plan for a pattern; ``has_near`` says that context words are required.

    >>> plan_of("密级[:：]{0,2}(?:绝密|机密)").anchors
    ('密级',)
    >>> plan_of(r"1[3-9]\d{9}", Bounds.DIGITS).kind
    'run'
    """
    items = parse(pattern, ignore_case=ignore_case)
    low, _ = width(items)
    run = run_plan(items, pattern, bounds, ignore_case=ignore_case)
    anchor = anchor_plan(flat(items), ignore_case=ignore_case)
    if anchor and not ((run or has_near) and quality(anchor.anchors) < RARE):
        return anchor
    if run and low >= SHORTEST_RUN:
        return run
    if has_near:
        return Plan("near")
    return anchor or run or Plan("scan")


def flat(items: Sequence[Item]) -> list[Item]:
    """Return the items with the members of groups in place of the groups."""
    found: list[Item] = []
    for item in items:
        is_group = item[0] is sre.SUBPATTERN and not item[1][1] and not item[1][2]
        found.extend(flat(item[1][3]) if is_group else [item])
    return found


def quality(anchors: Iterable[str]) -> float:
    """Return how rare the most common anchor is likely to be: its bytes, digits counting little."""
    return min((sum(map(rarity, anchor)) for anchor in anchors), default=0)


def rarity(letter: str) -> float:
    """Return how much one character of an anchor tells."""
    if not letter.isascii() or letter == "@":
        return RARE
    return 0.4 if letter.isdigit() else 1


def run_plan(
    items: Sequence[Item], pattern: str, bounds: Bounds, *, ignore_case: bool
) -> Plan | None:
    """Return a plan for a pattern that matches whole runs of digits or letters and digits."""
    if bounds is Bounds.NONE:
        return None
    letters = alphabet(pattern)
    used = all_set(items, letters)
    if ignore_case:
        used |= frozenset(c.swapcase() for c in used)
    low, high = width(items)
    if bounds is Bounds.ALNUM and used <= ASCII_ALNUM:
        return Plan("run", lo=low, hi=high, digits=used <= DIGITS)
    if bounds is Bounds.DIGITS and used <= DIGITS:
        return Plan("run", lo=low, hi=high, digits=True)
    return None


def anchor_plan(items: Sequence[Item], *, ignore_case: bool) -> Plan | None:
    """Return a plan by the best literal set that every match holds within reach of its start."""
    best: Plan | None = None
    low = high = 0
    for index in range(len(items)):
        literals = leading(items[index:], ignore_case=ignore_case)
        if literals and all(is_useful(text) for text in literals):
            plan = Plan("anchor", shortest(literals), low, high)
            if best is None or better(plan, best):
                best = plan
        a, b = item_width(items[index])
        low, high = low + a, high + b
        if high > FARTHEST:
            break
    return best


def shortest(literals: frozenset[str]) -> tuple[str, ...]:
    """Return the literals without those that begin with another one."""
    return tuple(
        sorted(a for a in literals if not any(a != b and a.startswith(b) for b in literals))
    )


def better(plan: Plan, other: Plan) -> bool:
    """Return whether a plan's anchors are clearly rarer than another's nearer ones."""
    return (quality(plan.anchors), -(plan.hi - plan.lo)) > (
        quality(other.anchors) + (1 if plan.hi > other.hi else 0),
        -(other.hi - other.lo),
    )


def is_useful(literal: str) -> bool:
    """Return whether a literal is rare enough to stop at: two letters, or one rare character."""
    return sum(map(rarity, literal)) >= USEFUL


def leading(items: Sequence[Item], *, ignore_case: bool) -> frozenset[str]:
    """Return literals of which one begins every match of a sequence; empty when there are none."""
    texts, _ = expand(items, ignore_case=ignore_case)
    if "" in texts:
        return frozenset()
    return frozenset(texts)


def expand(items: Sequence[Item], *, ignore_case: bool) -> tuple[set[str], bool]:
    """Return beginnings of the matches of a sequence, and whether they are whole matches."""
    texts = {""}
    for item in items:
        more, is_whole = expand_item(item, ignore_case=ignore_case)
        grown = {a + b for a, b in product(texts, more)} if more else set()
        if not more or len(grown) > MOST_ANCHORS:
            return texts, False
        if len(grown) > MANY_ANCHORS and quality(texts) >= ENOUGH:
            return texts, False
        texts = grown
        if not is_whole or min(map(len, texts)) >= LONGEST_ANCHOR:
            return texts, False
    return texts, True


def expand_item(item: Item, *, ignore_case: bool) -> tuple[set[str], bool]:
    """Return beginnings of the matches of one item, and whether they are whole matches."""
    op, value = item
    if op is sre.LITERAL:
        return cases(chr(value), ignore_case=ignore_case), True
    if op is sre.IN:
        letters = class_letters(value)
        both = {c for letter in letters for c in cases(letter, ignore_case=ignore_case)}
        return both, True
    if op is sre.SUBPATTERN:
        return expand(value[3], ignore_case=ignore_case)
    if op is sre.BRANCH:
        return expand_branches(value[1], ignore_case=ignore_case)
    if op in REPEATS:
        return expand_repeat(value, ignore_case=ignore_case)
    if op is sre.AT:
        return {""}, True
    return set(), False


def expand_branches(
    branches: Sequence[Sequence[Item]], *, ignore_case: bool
) -> tuple[set[str], bool]:
    """Return beginnings of the matches of any alternative."""
    texts: set[str] = set()
    is_whole = True
    for branch in branches:
        more, whole = expand(branch, ignore_case=ignore_case)
        texts |= more
        is_whole = is_whole and whole
    return texts, is_whole


def expand_repeat(
    value: tuple[int, int, Sequence[Item]], *, ignore_case: bool
) -> tuple[set[str], bool]:
    """Return beginnings of the matches of a repeat; optional ones add the empty text."""
    least, most, body = value
    texts, is_whole = expand(body, ignore_case=ignore_case)
    if most == 1:
        return (texts | {""} if least == 0 else texts), is_whole
    if least == 0:
        return set(), False
    if least == most and is_whole and least <= 3 and len(texts) ** least <= MOST_ANCHORS:
        return {"".join(p) for p in product(texts, repeat=least)}, True
    return texts, False


def class_letters(entries: Sequence[Item]) -> list[str]:
    """Return the members of a small character class, or an empty list for a large one."""
    if any(op in (sre.NEGATE, sre.CATEGORY) for op, _ in entries):
        is_digits = list(entries) == [(sre.CATEGORY, sre.CATEGORY_DIGIT)]
        return list("0123456789") if is_digits else []
    size = sum(v[1] - v[0] + 1 if op is sre.RANGE else 1 for op, v in entries)
    if size > MOST_CLASS:
        return []
    letters: list[str] = []
    for op, v in entries:
        letters.extend(map(chr, range(v[0], v[1] + 1)) if op is sre.RANGE else [chr(v)])
    return letters


def cases(letter: str, *, ignore_case: bool) -> set[str]:
    """Return a letter, the small one when case does not matter: anchors are found in any case."""
    return {letter.lower()} if ignore_case else {letter}
