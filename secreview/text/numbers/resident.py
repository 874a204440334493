"""The resident identity number, GB 11643: region, birth date, sequence, MOD 11-2 check digit."""

from __future__ import annotations

PROVINCES = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71
81 82 83 91
"""
# GB/T 2260 provinces; 81–83 residence permits, 9 permanent residents
REGIONS = frozenset(PROVINCES.split())
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def has_plausible_date(value: str) -> bool:
    """Return whether characters 7–14 of an 18-character number are a birth date since 1900.

    >>> has_plausible_date("11010519491231002X"), has_plausible_date("110105194913310021")
    (True, False)
    """
    if len(value) != 18 or not value[:17].isdecimal() or not value.isascii():
        return False
    if value[17] not in "0123456789Xx":
        return False
    year, month, day = int(value[6:10]), int(value[10:12]), int(value[12:14])
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= DAYS[month - 1]


def has_known_region(value: str) -> bool:
    """Return whether the first two digits name a province (or 9 for permanent residents)."""
    return value[:2] in REGIONS or value[:1] == "9"


def is_resident_id(value: str) -> bool:
    """Return whether a value is a resident identity number with region, date and check digit.

    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
    (True, False)
    """
    if not (has_plausible_date(value) and has_known_region(value)):
        return False
    from stdnum.iso7064 import mod_11_2  # lazy: costs more than a one-page scan

    return bool(mod_11_2.is_valid(value.upper()))
