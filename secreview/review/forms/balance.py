"""Whether the numbers of a filled form hold together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from secreview.model import Bilingual
from secreview.review.forms.form import Block, Check, Each, Form, Kind, Line, Values
from secreview.review.forms.formula import Outcome, outcome, written
from secreview.review.forms.grid import Filled
from secreview.review.forms.said import disagreements

NO_COUNT = Bilingual("应当是不小于零的整数", "has to be a whole number, zero or more")
NO_AMOUNT = Bilingual("不应当小于零", "cannot be less than zero")
NO_WHOLE = Bilingual("应当是整数", "has to be a whole number")


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Numbers that do not hold together: by which check, where, and the numbers themselves.

    ``is_hard`` is arithmetic, everything else is a doubt that people clear up.
    """

    check: str
    is_hard: bool
    title: Bilingual
    where: str
    equation: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The result of all checks on a form.

    ``passed`` counts the checks that hold, once for each column or line; ``undecided`` names those
    that need a number which is not there. ``blank``, ``missing`` and ``bad`` name the cells that
    are empty, not found, or hold no number; ``unread`` counts parts of the file not read.
    """

    form: Form
    discrepancies: tuple[Discrepancy, ...]
    passed: int
    undecided: tuple[str, ...]
    blank: tuple[str, ...]
    missing: tuple[str, ...]
    bad: tuple[str, ...]
    unread: int = 0

    @property
    def is_whole(self) -> bool:
        """Return whether every number was there and every check could be decided."""
        return not (self.undecided or self.blank or self.missing or self.bad or self.unread)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one column (line ids are names) or one line (column ids are names)."""

    block: Block
    values: Values
    before: Values
    column: str = ""
    line: str = ""

    def name(self, name: str) -> str:
        """Return the cell that a name in a rule stands for."""
        if self.line:
            return self.block.cell(self.line, name)
        return self.block.cell(name, self.column) if self.column else name

    def value(self, name: str) -> Decimal | None:
        """Return the number of a line or column."""
        return self.values.get(self.name(name))

    def last(self, name: str) -> Decimal | None:
        """Return the number that last year's form has there."""
        return self.before.get(self.name(name))

    def parts(self, name: str) -> Sequence[Decimal | None]:
        """Return the numbers of the lines that add up to a line."""
        return [self.value(line.id) for line in self.block.counted if line.of == name]


def balance(given: Filled, before: Values | None = None) -> Balance:
    """Return what the checks of a form say about its numbers.

    ``before`` holds those of last year's form; checks against it are left out when it is None.
    """
    found = list(unfit(given))
    passed = 0
    undecided: list[str] = []
    for check in given.form.checks:
        if check.rule.needs_last and before is None:
            continue
        for where, numbers in scopes(given, check, before or {}):
            result = outcome(check.rule, numbers)
            passed += result.holds is True
            if result.holds is None:
                undecided.append(f"{check.id} {where}".strip())
            elif not result.holds:
                found.append(broken(check, where, result))
    for said in given.form.said:
        for told in disagreements(said, given.values, given.text):
            found.append(
                Discrepancy(said.id, False, said.title, label(given.form, said.cell), told)
            )
    blank = tuple(
        name for name, *_ in given.form.cells()
        if name in given.values and given.values[name] is None
    )  # fmt: skip
    return Balance(
        form=given.form,
        discrepancies=tuple(found),
        passed=passed,
        undecided=tuple(undecided),
        blank=blank,
        missing=given.missing,
        bad=given.bad,
        unread=given.unread,
    )


def scopes(given: Filled, check: Check, before: Values) -> Iterator[tuple[str, Numbers]]:
    """Yield what a check is applied to: each column, each line, or the form as a whole."""
    block = given.form.block(check.block)
    match check.each:
        case Each.COLUMNS:
            for column in block.columns:
                yield column.zh, Numbers(block, given.values, before, column=column.id)
        case Each.LINES:
            for line in block.counted:
                yield line.zh, Numbers(block, given.values, before, line=line.id)
        case Each.ONCE:
            labels = (label(given.form, name) for name in check.rule.names)
            yield next(filter(None, labels), ""), Numbers(block, given.values, before)


def broken(check: Check, where: str, result: Outcome) -> Discrepancy:
    """Return the discrepancy of a check that does not hold."""
    return Discrepancy(check.id, check.is_hard, check.title, where, result.equation)


def unfit(given: Filled) -> Iterator[Discrepancy]:
    """Yield the numbers that their column cannot hold."""
    for name, _, _, column in given.form.cells():
        value = given.values.get(name)
        if value is None:
            continue
        is_whole = value == value.to_integral_value()
        where = label(given.form, name)
        match column.kind:
            case Kind.COUNT if value < 0 or not is_whole:
                yield Discrepancy("K0", True, NO_COUNT, where, written(value))
            case Kind.SIGNED if not is_whole:
                yield Discrepancy("K0", True, NO_WHOLE, where, written(value))
            case Kind.AMOUNT if value < 0:
                yield Discrepancy("K0", True, NO_AMOUNT, where, written(value))


def label(form: Form, cell: str) -> str:
    """Return what a number is called: its line, and the column where there are several."""
    for name, block, line, column in form.cells():
        if name == cell:
            several = len(block.columns) > 1
            return f"{titled(line)}·{column.zh}" if several else titled(line)
    return ""


def titled(line: Line) -> str:
    """Return the label of a line with the nearest title before it."""
    return f"{line.under[-1]}·{line.zh}" if line.under else line.zh
