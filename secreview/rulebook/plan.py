"""Derive from a pattern how all its possible starts are found without trying each position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]

from secreview.rulebook.alphabet import (
    MANY,
    REPEATS,
    Item,
    Items,
    all_set,
    alphabet,
    item_width,
    parse,
    width,
)
from secreview.rulebook.frequency import frequency, together
from secreview.rulebook.rule import Bounds, Plan

MOST_ANCHORS = 1_000
MOST_CLASS = 80  # a class larger than this gives no useful literals
FARTHEST = 400  # characters an anchor may stand behind the start of a match
LONGEST_ANCHOR = 6
ENOUGH = 60.0  # occurrences in a million from which anchors are not made longer
MANY_ANCHORS = 64
SHORTEST_RUN = 6  # shorter runs of letters and digits are too common to look at each
ASCII_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
DIGITS = frozenset("0123456789")
CELLS = DIGITS | {"\t", "\n"}
HIT, START = 2.0, 0.12  # microseconds for an occurrence of a literal, and for a start looked at
TABLES = 20.0  # how much more often digits stand in tables than in prose
RARE, OFTEN = (
    100.0,
    4,
)  # occurrences in a million of what texts seldom say; times of what is far more
NARROWING = 2_000.0  # occurrences in a million up to which context words narrow a search of runs
TOO_COMMON = 80_000.0  # microseconds in a million characters: more than looking everywhere

Anchors = dict[str, tuple[int, int]]  # literal → how far before it a match may begin


def plan_of(
    pattern: str,
    bounds: Bounds = Bounds.NONE,
    *,
    ignore_case: bool = False,
    near: tuple[Sequence[str], int] | None = None,
) -> Plan:
    r"""Return the cheapest plan for a pattern.

    ``near`` are the context words that are required, and within how many characters.

    >>> plan_of("密级[:：]{0,2}(?:绝密|机密)").anchors
    ('机密', '绝密')
    >>> plan_of(r"1[3-9]\d{9}", Bounds.DIGITS).kind
    'run'
    """
    items = parse(pattern, ignore_case=ignore_case)
    sets = list(anchor_sets(flat(items), ignore_case=ignore_case))
    plan = cheapest(sets, run_plan(items, pattern, bounds, ignore_case=ignore_case), near, items)
    return plan if ignore_case else plan._replace(needs=needs(sets))


def cheapest(
    sets: Sequence[Anchors],
    run: Plan | None,
    near: tuple[Sequence[str], int] | None,
    items: Items,
) -> Plan:
    """Return the plan that is likely to take the least time."""
    low, high = width(items)
    anchors = min(sets, key=cost, default=None)
    price = cost(anchors) if anchors else TOO_COMMON
    around = near_cost(*near, high) if near else TOO_COMMON
    if run and low >= SHORTEST_RUN and (not anchors or is_alphanumeric(anchors)):
        return run
    if anchors and price <= around and price < TOO_COMMON:
        return anchor_plan(anchors)
    if near:
        return Plan("near")
    return run or (anchor_plan(anchors) if anchors and price < TOO_COMMON else Plan("scan"))


def is_telling(words: Sequence[str], plan: Plan) -> bool:
    """Return whether context words are rare enough to be looked for before the pattern."""
    if plan.kind not in ("anchor", "run"):
        return False
    return together(words) <= (together(plan.anchors) if plan.anchors else NARROWING)


def is_rare(context: Sequence[str], plan: Plan) -> bool:
    """Return whether to search a text only where it says what it must, and all of it then.

    So it is where nothing else tells starts, or only anchors that stand all over tables.
    """
    tabular = [text for text in plan.anchors if text.isascii() and is_tabular(text)]
    is_common = plan.kind == "scan" or together(context) <= RARE <= together(tabular) / OFTEN
    return bool(context) and is_common


def anchor_plan(anchors: Anchors) -> Plan:
    """Return the plan of some anchors."""
    names = tuple(sorted(anchors))
    offsets = tuple(anchors[name] for name in names)
    low, high = min(a for a, _ in offsets), max(b for _, b in offsets)
    return Plan("anchor", names, low, high, offsets=offsets)


def is_alphanumeric(anchors: Iterable[str]) -> bool:
    """Return whether an anchor is made of nothing but digits or a single ASCII letter."""
    return any(text.isdigit() or (len(text) == 1 and text.isascii()) for text in anchors)


def cost(anchors: Anchors) -> float:
    """Return the microseconds that anchors are likely to take in a million characters."""
    if any(len(text) == 1 and text.isascii() and text.isalnum() for text in anchors):
        return TOO_COMMON
    return sum(
        frequency(text) * (TABLES if is_tabular(text) else 1) * (HIT + START * (b - a + 1))
        for text, (a, b) in anchors.items()
    )


def is_tabular(text: str) -> bool:
    r"""Return whether a literal stands all over tables of numbers.

    >>> [is_tabular(text) for text in ("19", "\t", "\n1", "\t190", "1号")]
    [True, True, True, False, False]
    """
    return text.isdecimal() or (len(text) <= 2 and set(text) <= CELLS)


def near_cost(words: Sequence[str], within: int, longest: int) -> float:
    """Return the same for looking around context words."""
    return sum(frequency(word) * (HIT + START * (2 * within + longest)) for word in words)


@lru_cache(maxsize=MANY)
def best_anchors(items: Items, *, ignore_case: bool) -> Anchors | None:
    """Return the cheapest literals of which every match of a sequence holds one, with offsets."""
    return min(anchor_sets(items, ignore_case=ignore_case), key=cost, default=None)


def needs(sets: Iterable[Anchors]) -> tuple[str, ...]:
    """Return literals, none of them in ASCII, of which every match holds one; empty if unknown.

    A text that holds none of them needs no look at any start: tables of numbers, mostly.
    """
    telling = [found for found in sets if not any(text.isascii() for text in found)]
    return tuple(sorted(min(telling, key=together, default=())))


def anchor_sets(items: Items, *, ignore_case: bool) -> Iterator[Anchors]:
    """Yield sets of literals of which every match of a sequence holds one, with offsets."""
    low = high = 0
    for index, item in enumerate(items):
        for found in (
            leading(items[index:], ignore_case=ignore_case),
            inner_anchors(item, ignore_case=ignore_case),
        ):
            if found:
                yield {text: (a + low, b + high) for text, (a, b) in found.items()}
        a, b = item_width(item)
        low, high = low + a, high + b
        if high > FARTHEST:
            return


def inner_anchors(item: Item, *, ignore_case: bool) -> Anchors | None:
    """Return the cheapest literals inside a group, alternative by alternative."""
    op, value = item
    if op is sre.SUBPATTERN:
        return best_anchors(flat(value[3]), ignore_case=ignore_case)
    if op is sre.ATOMIC_GROUP:
        return best_anchors(flat(value), ignore_case=ignore_case)
    if op in REPEATS and value[0] >= 1:
        return best_anchors(flat(value[2]), ignore_case=ignore_case)
    if op is not sre.BRANCH:
        return None
    joined: Anchors = {}
    for branch in value[1]:
        found = best_anchors(flat(branch), ignore_case=ignore_case)
        if not found:
            return None
        for text, (a, b) in found.items():
            before = joined.get(text, (a, b))
            joined[text] = (min(a, before[0]), max(b, before[1]))
    return joined if len(joined) <= MOST_ANCHORS else None


@lru_cache(maxsize=MANY)
def flat(items: Items) -> Items:
    """Return the items with the members of groups in place of the groups."""
    found: list[Item] = []
    for item in items:
        is_group = item[0] is sre.SUBPATTERN and not item[1][1] and not item[1][2]
        found.extend(flat(item[1][3]) if is_group else [item])
    return tuple(found)


def run_plan(items: Items, pattern: str, bounds: Bounds, *, ignore_case: bool) -> Plan | None:
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


def leading(items: Items, *, ignore_case: bool) -> Anchors:
    """Return literals of which one begins every match of a sequence; empty when there are none."""
    texts, _ = expand(items, ignore_case=ignore_case)
    if "" in texts:
        return {}
    return {
        text: (0, 0)
        for text in texts
        if not any(text[:size] in texts for size in range(1, len(text)))
    }


@lru_cache(maxsize=MANY)
def expand(items: Items, *, ignore_case: bool) -> tuple[set[str], bool]:
    """Return beginnings of the matches of a sequence, and whether they are whole matches."""
    texts = {""}
    for item in items:
        more, is_whole = expand_item(item, ignore_case=ignore_case)
        grown = {a + b for a, b in product(texts, more)} if more else set()
        if not more or len(grown) > MOST_ANCHORS:
            return texts, False
        if len(grown) > MANY_ANCHORS and together(texts) <= ENOUGH:
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
    if op is sre.ATOMIC_GROUP:  # matches no more than the group would
        return expand(value, ignore_case=ignore_case)
    if op is sre.BRANCH:
        return expand_branches(value[1], ignore_case=ignore_case)
    if op in REPEATS:
        return expand_repeat(value, ignore_case=ignore_case)
    if op is sre.AT:
        return {""}, True
    return set(), False


def expand_branches(branches: Sequence[Items], *, ignore_case: bool) -> tuple[set[str], bool]:
    """Return beginnings of the matches of any alternative."""
    texts: set[str] = set()
    is_whole = True
    for branch in branches:
        more, whole = expand(branch, ignore_case=ignore_case)
        texts |= more
        is_whole = is_whole and whole
    return texts, is_whole


def expand_repeat(value: tuple[int, int, Items], *, ignore_case: bool) -> tuple[set[str], bool]:
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


def class_letters(entries: Items) -> list[str]:
    """Return the members of a small character class, or an empty list for a large one."""
    if any(op in (sre.NEGATE, sre.CATEGORY) for op, _ in entries):
        is_digits = [tuple(entry) for entry in entries] == [(sre.CATEGORY, sre.CATEGORY_DIGIT)]
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
