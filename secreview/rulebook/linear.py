"""Whether a pattern is bounded and runs in linear time; refuse it with the reason otherwise."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]

from secreview.rulebook.alphabet import (
    MANY,
    REPEATS,
    SINGLE,
    UNBOUNDED,
    Item,
    Items,
    all_set,
    alphabet,
    first_set,
    item_first,
    item_width,
    parse,
    width,
)

LONGEST = 600  # characters; a longer match is no identifier, label or phrase
STEPS = 30_000  # backtracking steps that one start may cost in the worst case


@lru_cache(maxsize=1024)
def objection(pattern: str, *, ignore_case: bool = False) -> str:
    """Return why a pattern is refused, or an empty string when it is bounded and linear.

    >>> objection("(?:a{1,9}){1,9}b")
    'repeats inside a repeat can split the same text in many ways'
    >>> objection("密级[:：]{0,2}(?:绝密|机密)")
    ''
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            items = parse(pattern, ignore_case=ignore_case)
        _, high = width(items)
    except FutureWarning as warning:
        return f"can be read in two ways: {warning}"
    except re.error as error:
        return f"does not compile: {error.msg}"
    except RecursionError:
        return "is nested too deeply"
    except ValueError as error:
        return f"uses look-around, a back-reference or a condition: {error}"
    if high >= UNBOUNDED:
        return "has no upper bound: write {0,n} instead of * or +"
    if high > LONGEST:
        return f"can match {high} characters; {LONGEST} is the limit"
    if width(items)[0] == 0:
        return "can match nothing at all"
    try:
        steps = cost(items, frozenset(), alphabet(pattern))
    except AmbiguityError as ambiguous:
        return str(ambiguous)
    if steps > STEPS:
        return f"may backtrack {steps:,} times at one start; {STEPS:,} is the limit"
    return ""


class AmbiguityError(ValueError):
    """A repeat whose body can split one text in many ways."""


@lru_cache(maxsize=MANY)
def cost(items: Items, after: frozenset[str], letters: frozenset[str]) -> int:
    """Return an upper bound of the steps to try a sequence followed by the ``after`` characters.

    Choices multiply when what follows can begin with what a repeat would give back; otherwise
    giving back fails at once and they only add up.
    """
    total, extra, follow = 1, 0, after
    for item in reversed(items):
        choices, is_ambiguous = item_cost(item, follow, letters)
        if is_ambiguous:
            total *= choices
        else:
            extra += choices
        first = item_first(item, letters)
        follow = first if item_width(item)[0] else first | follow
    return total * (1 + extra)


def item_cost(item: Item, follow: frozenset[str], letters: frozenset[str]) -> tuple[int, bool]:
    """Return the choices of one item and whether they multiply with what follows."""
    op, value = item
    if op in SINGLE or op is sre.AT:
        return 0, False
    if op is sre.SUBPATTERN:
        return wrapped_cost(value[3], follow, letters)
    if op is sre.ATOMIC_GROUP:
        return cost(value, frozenset(), letters), False
    if op is sre.BRANCH:
        return branch_cost(value[1], follow, letters)
    if op in REPEATS:
        return repeat_cost(value, follow, letters, is_possessive=op is sre.POSSESSIVE_REPEAT)
    raise AmbiguityError(f"uses {op}")


def wrapped_cost(body: Items, follow: frozenset[str], letters: frozenset[str]) -> tuple[int, bool]:
    """Return the cost of a group: ambiguous when any item in it is."""
    low, high = width(body)
    steps = cost(body, follow, letters)
    return steps, low != high and bool(all_set(body, letters) & follow) and steps > 1


def branch_cost(
    branches: Sequence[Items], follow: frozenset[str], letters: frozenset[str]
) -> tuple[int, bool]:
    """Return the cost of alternatives; they multiply when two can begin alike."""
    steps = sum(cost(branch, follow, letters) for branch in branches)
    firsts = [first_set(branch, letters) for branch in branches]
    sizes = {width(branch) for branch in branches}
    seen: set[str] = set()
    overlaps = False
    for first in firsts:
        overlaps = overlaps or bool(seen & first)
        seen |= first
    is_free = overlaps and len(sizes) > 1 and bool(seen & follow)
    return steps, is_free or any(
        width(b)[0] != width(b)[1] and cost_grows(b, follow, letters) for b in branches
    )


def cost_grows(body: Items, follow: frozenset[str], letters: frozenset[str]) -> bool:
    """Return whether a variable sequence can give back what may follow it."""
    return bool(all_set(body, letters) & follow)


def repeat_cost(
    value: tuple[int, int, Items],
    follow: frozenset[str],
    letters: frozenset[str],
    *,
    is_possessive: bool,
) -> tuple[int, bool]:
    """Return the cost of a repeat; refuse a variable body that can run into itself."""
    least, most, body = value
    low, high = width(body)
    first = first_set(body, letters)
    choices = int(most) - int(least) + 1
    if most > 1 and low != high and bool(first & last_variable(body, letters)):
        raise AmbiguityError("repeats inside a repeat can split the same text in many ways")
    if most > 1 and low == 0:
        raise AmbiguityError("a repeat whose body can be empty")
    inner = cost(body, first | follow, letters)
    if most > 1 and has_alike_branches(body, letters):
        raise AmbiguityError("alternatives that begin alike inside a repeat")
    steps = max(choices, 1) * max(inner, 1)
    if is_possessive or choices == 1:
        return steps, choices == 1 and inner > 1 and not is_possessive
    return steps, bool(all_set(body, letters) & follow)


def last_variable(body: Items, letters: frozenset[str]) -> frozenset[str]:
    """Return the characters that variable items of a body could take from its next round."""
    taken: frozenset[str] = frozenset()
    for index, item in enumerate(body):
        low, high = item_width(item)
        rest = body[index + 1 :]
        if low != high and (width(rest)[0] == 0 or not is_fenced(item, rest, letters)):
            taken |= all_set((item,), letters)
    return taken


def is_fenced(item: Item, rest: Items, letters: frozenset[str]) -> bool:
    """Return whether what must follow an item cannot be mistaken for part of it."""
    return not (first_set(rest, letters) & all_set((item,), letters))


def has_alike_branches(body: Items, letters: frozenset[str]) -> bool:
    """Return whether a body is a choice of alternatives of several lengths that begin alike."""
    for op, value in body:
        if op is sre.SUBPATTERN and has_alike_branches(value[3], letters):
            return True
        if op is sre.BRANCH:
            texts = [literal_of(branch) for branch in value[1]]
            if all(texts):
                if any(a != b and a.startswith(b) for a in texts for b in texts):
                    return True
                continue
            seen: set[str] = set()
            sizes = {width(branch) for branch in value[1]}
            for branch in value[1]:
                first = first_set(branch, letters)
                if seen & first and (len(sizes) > 1 or any(a != b for a, b in sizes)):
                    return True
                seen |= first
    return False


def literal_of(branch: Items) -> str:
    """Return the text of an alternative that is nothing but literals, else an empty string."""
    if all(op is sre.LITERAL for op, _ in branch):
        return "".join(chr(value) for _, value in branch)
    return ""
