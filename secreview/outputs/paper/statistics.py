"""A statistics form on paper, and what the checks say about one that was filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from secreview.outputs.messages import message
from secreview.outputs.paper.page import Cell, Line, Look, Page, Table, clean
from secreview.outputs.words import harmless
from secreview.review.forms.balance import Balance, Discrepancy, label
from secreview.review.forms.form import Block, Column, Form, Layout
from secreview.review.forms.form import Line as FormLine
from secreview.review.forms.grid import MANUAL
from secreview.review.forms.known import CHANNELS, OTHER, Kept, Known, Period, counted

SCHEMA = "secreview.stats/1"
BALANCE_SCHEMA = "secreview.balance/1"
LABEL_SHARE, UNIT_SHARE, NUMBER_SHARE = 30, 4, 7
GROUP_SHARE, NARROW_LABEL, NARROW_NUMBER, MANY = 14, 31, 17, 4
POINTS = 9
MOST = 6  # names that a line lists


def statistics(
    form: Form, known: Known, kept: Kept, period: Period, *, unit: str = "", lang: str = "zh"
) -> Page:
    """Return a form filled with what records know; every other number is marked 人工填报."""
    tables = tuple(table_of(block, form, known) for block in form.blocks)
    lead = message(
        "stats.lead", lang, unit=clean(unit) or "　　　　　　",
        since=period.since.isoformat(), until=period.until.isoformat(),
    )  # fmt: skip
    notes = (*form.notes, *remarks(form, known, kept, period, lang))
    return Page(form.title.in_(lang), lead, tables, tuple(notes), POINTS)


def table_of(block: Block, form: Form, known: Known) -> Table:
    """Return the table of one block."""
    if block.layout is Layout.STRIP:
        return strip_of(block, known)
    has_unit = any(line.unit for line in block.lines)
    deep = max(len(line.under) for line in block.lines)
    columns = len(block.columns)
    labels = (GROUP_SHARE,) * deep + (LABEL_SHARE if columns < MANY else NARROW_LABEL,)
    numbers = (NUMBER_SHARE if columns < MANY else NARROW_NUMBER,) * columns
    widths = (*labels, *((UNIT_SHARE,) if has_unit else ()), *numbers)
    lines = list(heads(block, form, len(widths), deep + 1))
    for index, line in enumerate(block.lines):
        if line.heading:
            lines.append(Line((Cell(line.zh, Look.TITLE, len(widths)),)))
            continue
        cells = [*groups_at(block.lines, index), Cell(line.zh, span=deep + 1 - len(line.under))]
        if has_unit:
            cells.append(Cell(line.unit, Look.HEAD))
        cells += [number(block.cell(line.id, column.id), known) for column in block.columns]
        lines.append(Line(tuple(cells)))
    return Table(widths, tuple(lines))


def groups_at(lines: Sequence[FormLine], index: int) -> Iterator[Cell]:
    """Yield the titles that begin at a line, each as high as the lines that share it."""
    under = lines[index].under
    for depth in range(1, len(under) + 1):
        titles = under[:depth]
        if index and lines[index - 1].under[:depth] == titles:
            continue
        shared = [line.under[:depth] == titles for line in lines[index:]]
        high = shared.index(False) if False in shared else len(shared)
        yield Cell(titles[-1], Look.HEAD, down=high)


def heads(block: Block, form: Form, width: int, labels: int) -> Iterator[Line]:
    """Yield the rows above the numbers of a block; ``labels`` is how many columns name lines."""
    if block.title:
        yield Line((Cell(block.title, Look.TITLE, width),))
    if form.header and width == len(form.header):
        yield Line(tuple(Cell(title, Look.HEAD) for title in form.header))
        return
    if not any(column.under for column in block.columns):
        yield Line((Cell("信息内容", Look.HEAD, labels), *named(block.columns)))
        return
    alone = [column for column in block.columns[:-1] if not column.under]
    shared = [column for column in block.columns[:-1] if column.under]
    yield Line(
        (Cell(block.note, span=labels, down=3),
         Cell(block.under, Look.HEAD, len(block.columns) - 1),
         Cell(block.columns[-1].zh, Look.HEAD, down=3))
    )  # fmt: skip
    yield Line(
        (*(Cell(column.zh, Look.HEAD, down=2) for column in alone),
         Cell(shared[0].under, Look.HEAD, len(shared)))
    )  # fmt: skip
    yield Line(named(shared))


def named(columns: Sequence[Column]) -> tuple[Cell, ...]:
    """Return a head for each column."""
    return tuple(Cell(column.zh, Look.HEAD) for column in columns)


def strip_of(block: Block, known: Known) -> Table:
    """Return a block whose lines stand side by side above one row of numbers."""
    width = len(block.columns)
    total = width * len(block.lines)
    loose = [line for line in block.lines if not line.under]
    shared = [line for line in block.lines if line.under]
    top = [Cell(line.zh, Look.HEAD, width, down=2) for line in loose]
    if shared:
        top.append(Cell(shared[0].under[-1], Look.HEAD, width * len(shared)))
    middle = [Cell(line.zh, Look.HEAD, width) for line in shared]
    lines = [
        Line((Cell(block.title, Look.TITLE, total),)),
        Line(tuple(top)),
        Line(tuple(middle)),
        Line(named(block.columns) * len(block.lines)),
        Line(tuple(number(name, known) for name, *_ in block.cells())),
    ]
    return Table((1,) * total, tuple(lines))


def number(name: str, known: Known) -> Cell:
    """Return the cell of one number: what records know, or that people fill it in."""
    value = known.values.get(name)
    return Cell(MANUAL, Look.HEAD) if value is None else Cell(str(value), Look.NUMBER)


def remarks(form: Form, known: Known, kept: Kept, period: Period, lang: str) -> Iterator[str]:
    """Yield where the numbers come from, why some are left out, and what records show of those."""
    if not kept.records:
        yield message("stats.none", lang)
        return
    total = sum(1 for _ in form.cells())
    yield message("stats.whole", lang, values=len(known.values), manual=total - len(known.values))
    if kept.begun and kept.begun > period.since:
        yield message("stats.late", lang, day=kept.begun.isoformat())
    if period.until >= kept.today:
        yield message("stats.early", lang)
    if kept.erased:
        yield message("stats.erased", lang, n=kept.erased)
    yield message("stats.published", lang, list=published(kept, period, lang))
    shown = [f"{label(form, name)} {value}" for name, value in known.hints.items() if value]
    if shown:
        yield message("stats.hint", lang, list="；".join(shown))


def published(kept: Kept, period: Period, lang: str) -> str:
    """Return how much was published in a period, in all and through each channel."""
    total, _ = counted("published", kept.records, period)
    parts = [message("stats.items", lang, n=total)]
    for channel in (*CHANNELS, OTHER):
        number, _ = counted(f"published:{channel}", kept.records, period)
        if number:
            parts.append(f"{message(f'channel.{channel}', lang)} {number}")
    return ("，" if lang == "zh" else ", ").join(parts)


def statistics_json(form: Form, known: Known, kept: Kept, period: Period) -> str:
    """Return a form as JSON: values (null: to be filled in), where each comes from, hints."""
    values = {name: known.values.get(name) for name, *_ in form.cells()}
    return json.dumps(
        {
            "schema": SCHEMA,
            "form": form.id,
            "period": {"since": period.since.isoformat(), "until": period.until.isoformat()},
            "records": {
                "since": kept.begun.isoformat() if kept.begun else None,
                "whole": kept.covers(period),
            },
            "values": values,
            "labels": {name: label(form, name) for name in values},
            "source": {n: "records" if n in known.values else "by-hand" for n in values},
            "hints": dict(known.hints),
        },
        ensure_ascii=False,
        indent=1,
    )


def balance_text(result: Balance, name: str, lang: str) -> str:
    """Return what the checks say, worst first, the result in the last line."""
    form = result.form
    lines = [message("balance.head", lang, form=form.title.in_(lang), name=harmless(name)), ""]
    ordered = sorted(result.discrepancies, key=lambda d: not d.is_hard)
    for index, discrepancy in enumerate(ordered, 1):
        lines += [*told(index, discrepancy, lang), ""]
    for key in ("bad", "missing", "blank"):
        cells: Sequence[str] = getattr(result, key)
        if cells:
            listed = names(form, cells, lang)
            lines.append(message(f"balance.{key}", lang, n=len(cells), list=listed))
    if result.unread:
        lines.append(message("balance.unread", lang, n=result.unread))
    if result.undecided:
        lines.append(message("balance.undecided", lang, n=len(result.undecided)))
    lines.append(message("balance.passed", lang, n=result.passed))
    lines.append(conclusion(result, lang))
    return "\n".join((*lines, ""))


def told(index: int, discrepancy: Discrepancy, lang: str) -> Iterator[str]:
    """Yield the lines on one discrepancy."""
    word = message("balance.hard" if discrepancy.is_hard else "balance.soft", lang)
    where = f"  {discrepancy.where}" if discrepancy.where else ""
    yield f"[{index}] {word} {discrepancy.check}{where}"
    yield f"   {discrepancy.title.in_(lang)}"
    yield f"   {discrepancy.equation}"


def names(form: Form, cells: Sequence[str], lang: str) -> str:
    """Return the first few cells by name."""
    listed = ("、" if lang == "zh" else ", ").join(label(form, cell) for cell in cells[:MOST])
    return listed + (message("balance.and-more", lang) if len(cells) > MOST else "")


def conclusion(result: Balance, lang: str) -> str:
    """Return the last line."""
    hard = sum(discrepancy.is_hard for discrepancy in result.discrepancies)
    soft = len(result.discrepancies) - hard
    if hard or soft:
        return message("balance.wrong", lang, hard=hard, soft=soft)
    return message("balance.right" if result.is_whole else "balance.incomplete", lang)


def balance_json(result: Balance, name: str) -> str:
    """Return what the checks say as JSON."""
    table: Mapping[str, object] = {
        "schema": BALANCE_SCHEMA,
        "form": result.form.id,
        "name": name,
        "discrepancies": [
            {
                "check": d.check,
                "strength": "hard" if d.is_hard else "soft",
                "title": {"zh": d.title.zh, "en": d.title.en},
                "where": d.where,
                "equation": d.equation,
            }
            for d in result.discrepancies
        ],
        "passed": result.passed,
        "undecided": list(result.undecided),
        "blank": list(result.blank),
        "missing": list(result.missing),
        "bad": list(result.bad),
        "unread": result.unread,
        "whole": result.is_whole,
    }
    return json.dumps(table, ensure_ascii=False, indent=1)
