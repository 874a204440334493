"""The rule of a balance check: an equation over the lines of a form, evaluated exactly."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from secreview.errors import UsageError

SIGNS: Mapping[type[ast.cmpop], str] = {ast.Eq: "=", ast.LtE: "≤", ast.GtE: "≥"}
HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda left, right: left == right,
    "≤": lambda left, right: left <= right,
    "≥": lambda left, right: left >= right,
}
CALLS = ("parts", "largest", "last")
LONGEST = 2_000


class Scope(Protocol):
    """Where the numbers of a formula come from; None stands for one that is not known."""

    def value(self, name: str) -> Decimal | None:
        """Return the number of a line or column."""

    def parts(self, name: str) -> Sequence[Decimal | None]:
        """Return the numbers of the lines that add up to a line."""

    def last(self, name: str) -> Decimal | None:
        """Return the number of a line in the report of the year before."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A comparison, or a chain of them, between sums of lines."""

    text: str
    sides: tuple[ast.expr, ...]
    signs: tuple[str, ...]
    names: tuple[str, ...]
    needs_last: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a formula holds (None: a number is missing), and its sides with the numbers put in.

    ``equation`` reads ``0 ≤ 106 ≤ 0``.
    """

    holds: bool | None
    equation: str = ""


class Unknown(Exception):
    """A number that a formula needs is not known."""


def formula_of(text: str) -> Formula:
    """Return the formula that a text spells; raise UsageError for anything but a comparison.

    Made of names, whole numbers, ``+``, ``-``, ``==``, ``<=``, ``>=``, ``parts(X)``,
    ``largest(X)``, ``last(X)``.

    >>> formula_of("A == parts(A)").signs
    ('=',)
    """
    try:
        tree = ast.parse(text if len(text) <= LONGEST else "", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UsageError(f"{text!r} is no formula") from error
    if not isinstance(tree, ast.Compare) or not all(type(op) in SIGNS for op in tree.ops):
        raise UsageError(f"{text!r} is no comparison with ==, <= or >=")
    sides = (tree.left, *tree.comparators)
    for side in sides:
        for node in ast.walk(side):
            if not is_allowed(node):
                raise UsageError(f"{text!r} holds what a formula may not hold")
    used = [node for side in sides for node in ast.walk(side)]
    calls = [node.func for node in used if isinstance(node, ast.Call)]
    names = [node.id for node in used if isinstance(node, ast.Name) and node not in calls]
    return Formula(
        text=text,
        sides=sides,
        signs=tuple(SIGNS[type(op)] for op in tree.ops),
        names=tuple(dict.fromkeys(names)),
        needs_last=any(isinstance(f, ast.Name) and f.id == "last" for f in calls),
    )


def is_allowed(node: ast.AST) -> bool:
    """Return whether a piece of syntax belongs into a formula."""
    match node:
        case ast.Name() | ast.Load() | ast.Add() | ast.Sub() | ast.BinOp(op=ast.Add() | ast.Sub()):
            return True
        case ast.Constant(value=value):
            return type(value) is int
        case ast.Call(func=ast.Name(id=name), args=[ast.Name()], keywords=[]):
            return name in CALLS
    return False


def outcome(formula: Formula, scope: Scope) -> Outcome:
    """Return whether a formula holds for the numbers of a scope."""
    try:
        numbers = [number(side, scope) for side in formula.sides]
    except Unknown:
        return Outcome(None)
    pairs = zip(numbers, formula.signs, numbers[1:], strict=False)
    holds = all(HOLDS[sign](left, right) for left, sign, right in pairs)
    shown = [written(numbers[0])]
    for sign, value in zip(formula.signs, numbers[1:], strict=True):
        shown += [sign, written(value)]
    return Outcome(holds, " ".join(shown))


def number(node: ast.expr, scope: Scope) -> Decimal:
    """Return the value of one side; raise Unknown when a number is missing."""
    match node:
        case ast.Constant(value=int() as value):
            return Decimal(value)
        case ast.Name(id=name):
            return known(scope.value(name))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return number(left, scope) + number(right, scope)
        case ast.BinOp(left=left, right=right):
            return number(left, scope) - number(right, scope)
        case ast.Call(func=ast.Name(id="last"), args=[ast.Name(id=name)]):
            return known(scope.last(name))
        case ast.Call(func=ast.Name(id="largest"), args=[ast.Name(id=name)]):
            return max((known(value) for value in scope.parts(name)), default=Decimal(0))
        case ast.Call(args=[ast.Name(id=name)]):
            return sum((known(value) for value in scope.parts(name)), Decimal(0))
    raise Unknown


def known(value: Decimal | None) -> Decimal:
    """Return a number; raise Unknown for one that is missing."""
    if value is None:
        raise Unknown
    return value


def written(value: Decimal) -> str:
    """Return a number as people write it.

    >>> written(Decimal("18028.5825")), written(Decimal("100"))
    ('18028.5825', '100')
    """
    return f"{value:f}"
