"""The verbs of paper: statistics filled and checked, review forms, catalogue, self-inspection."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from secreview.api import read, rulebook_of
from secreview.api.stores import reading
from secreview.errors import UsageError
from secreview.formats.protocol import Source
from secreview.model import Bilingual
from secreview.outputs.paper.page import Page
from secreview.outputs.paper.selfcheck import selfcheck
from secreview.outputs.paper.sheet import sheet
from secreview.outputs.paper.statistics import statistics
from secreview.review.chain import ERASED
from secreview.review.event import Head
from secreview.review.fold import fold
from secreview.review.forms.balance import Balance
from secreview.review.forms.balance import balance as balanced
from secreview.review.forms.form import SHIPPED, Form, Values, form_named, form_of
from secreview.review.forms.grid import Filled, Reading, filled, rows_of, take
from secreview.review.forms.inspection import Inspection, inspection
from secreview.review.forms.known import Kept, Known, Period, known
from secreview.review.record import Record

TABLES = (".json", ".toml")
LARGEST = 8 * 1024 * 1024  # bytes of a filled form as JSON or TOML


def records_kept(place: str, *, today: date, since: date | None = None) -> Kept:
    """Return all records of a store, read and not changed; ``since`` as in Kept.

    Raises StoreError when there is no store at that place, Tampered when its log does not verify.
    """
    with reading(place) as log:
        records = tuple(fold(log.events(name)) for name in log.records())
        return Kept(records, today, since, erased=len(log.find(ERASED)))


def record_at(place: str, name: str) -> tuple[Record, Head]:
    """Return one record of a store, by its id or a file it holds, and the end of its log.

    Raises UsageError when there is none of the kind.
    """
    with reading(place) as log:
        events = log.events(name)
        if not events and Path(name).is_file():
            sha256 = Source(name, path=Path(name)).sha256()
            events = next((log.events(found) for found in reversed(log.records_of(sha256))), ())
        if not events:
            raise UsageError(f"{name}: no such record, and no file that a record holds")
        return fold(events), log.head()


def form_at(name: str) -> Form:
    """Return the statistics form of a name (2018, 2019, 2021), or that in a TOML file."""
    if not name.endswith(".toml"):
        return form_named(name)
    return form_of(table_in(Path(name)))


def fill(
    form: Form, kept: Kept, period: Period, *, unit: str = "", lang: str = "zh"
) -> tuple[Known, Page]:
    """Return what records know of a form, and the form with every other number 人工填报."""
    found = known(form, kept, period)
    return found, statistics(form, found, kept, period, unit=unit, lang=lang)


def check_form(
    path: str | os.PathLike[str], *, form: Form | None = None, last: Values | None = None
) -> Balance:
    """Return what the checks say about a form filled in a file of any format.

    Without ``form`` it is the one that fits best; ``last`` holds the numbers of the year before.
    Raises UsageError when the file holds no statistics form, ReadError when it cannot be read.
    """
    return balanced(filled_at(path, form), last)


def filled_at(path: str | os.PathLike[str], form: Form | None = None) -> Filled:
    """Return the numbers of a form in a file: a table of any document, or JSON or TOML."""
    file = Path(path)
    if file.suffix.lower() in TABLES:
        return filled_table(table_in(file), file, form)
    document = read(file)
    rows, text = rows_of(document)
    shipped = (form,) if form else tuple(map(form_named, SHIPPED))
    best = max((filled(one, rows, text) for one in shipped), key=lambda f: len(f.values))
    if form is None and not best.values:
        names = ", ".join(SHIPPED)
        what = f"{file}: no table of a statistics form in it; name the form with --form ({names})"
        raise UsageError(what)
    return replace(best, unread=len(document.gaps))


def table_in(file: Path) -> Mapping[str, Any]:
    """Return the table in a JSON or TOML file with exact numbers; raise UsageError without."""
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{file}: is too large for a statistics form")
        text = file.read_text("utf-8-sig")
        if file.suffix.lower() == ".toml":
            return tomllib.loads(text, parse_float=Decimal)
        table = json.loads(text, parse_float=Decimal)
    except FileNotFoundError as error:
        raise UsageError(f"{file}: no such file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{file}: cannot be read as {file.suffix[1:].upper()}") from error
    if not isinstance(table, Mapping):
        raise UsageError(f"{file}: holds no table")
    return table


def filled_table(table: Mapping[str, Any], file: Path, form: Form | None) -> Filled:
    """Return the numbers of a form written as ``{"form": "2019", "values": {…}}``."""
    given = table.get("values")
    if not isinstance(given, Mapping) or not (form or isinstance(table.get("form"), str)):
        raise UsageError(f'{file}: needs "form" (like "2019") and "values" (cell = number)')
    form = form or form_named(table["form"])
    cells = [name for name, *_ in form.cells()]
    values = dict(flat(given))
    strange = sorted(set(values) - set(cells))
    if strange:
        raise UsageError(f"{file}: form {form.id} has no cell {', '.join(strange[:5])}")
    reading = Reading()
    for name, value in values.items():
        match value:
            case None:
                reading.values[name] = None
            case bool() | dict() | list():
                reading.bad.append(name)
            case _:
                take([name], [str(value)], reading)
    missing = tuple(name for name in cells if name not in values)
    text = table.get("text", "")
    return Filled(
        form, reading.values, missing, tuple(reading.bad), text if isinstance(text, str) else ""
    )


def flat(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield the cells of a table in which lines with several columns may be tables.

    >>> dict(flat({"A": 1, "new": {"natural": 2}}))
    {'A': 1, 'new.natural': 2}
    """
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{column}", number) for column, number in value.items())
        else:
            yield name, value


def review_form(
    record: Record,
    *,
    lang: str = "zh",
    names: Mapping[str, str] | None = None,
    checkpoint: Head | None = None,
) -> Page:
    """Return the 政府信息公开保密审查表 of a record, to be rendered as DOCX or HTML.

    ``names`` maps ids of people to what they are called.
    """
    titles = titles_of_grounds()
    return sheet(record, lang=lang, grounds=titles, names=names, checkpoint=checkpoint)


def self_inspection(
    kept: Kept, period: Period, *, late: Iterable[str] = (), unit: str = "", lang: str = "zh"
) -> tuple[Inspection, Page]:
    """Return the numbers of a period's self-inspection, and the report of them."""
    found = inspection(kept.records, period, late=late)
    titles = {**titles_of_grounds(), **titles_of_categories()}
    return found, selfcheck(found, titles, lang=lang, unit=unit, begun=kept.begun)


def titles_of_grounds() -> dict[str, Bilingual]:
    """Return the titles of the statutory grounds by code."""
    return {ground.code: ground.title for ground in rulebook_of().grounds}


def titles_of_categories() -> dict[str, Bilingual]:
    """Return the titles of the categories by id."""
    return {category.id: category.title for category in rulebook_of().categories}
