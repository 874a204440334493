"""The value that an OpenDocument cell stores beside what it shows."""

from __future__ import annotations

import re
from typing import Any

from secreview.formats.odf_names import OFFICE
from secreview.formats.xlsx_sheet import plain_number

NUMBERS = frozenset({"float", "currency", "percentage"})
LONG = 7  # digits of a number that a display may shorten
NOT_DIGITS = re.compile(r"\D+")


def stored(cell: Any) -> str:
    """Return the value that a cell stores beside what it shows."""
    kind = cell.get(OFFICE + "value-type") or ""
    if kind in NUMBERS:
        return plain_number(cell.get(OFFICE + "value") or "")
    names = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
    return cell.get(OFFICE + names.get(kind, "string-value")) or ""


def is_shortened(value: str, shown: str) -> bool:
    """Return whether a cell shows less than the value that it stores.

    >>> is_shortened("13812345678", "1.38E+10"), is_shortened("1234567", "1,234,567.00")
    (True, False)
    """
    if not value[:1].isdigit() and value[:1] not in "-.":
        return " ".join(value.split()) not in shown
    if "-" in value[1:] or ":" in value or value.startswith("PT"):
        return False  # a date or a time in words of its own
    digits = NOT_DIGITS.sub("", value.partition(".")[0])
    return len(digits) >= LONG and digits not in NOT_DIGITS.sub("", shown)
