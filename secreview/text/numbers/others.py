"""Smaller identifiers: cards, phones, passports, Hong Kong, Taiwan, credit codes, coordinates."""

from __future__ import annotations

import re

from secreview.text.numbers.joined import passes_luhn
from secreview.text.numbers.resident import DAYS, REGIONS

MOBILE = r"1(?:3\d|4[5-9]|5[0-35-9]|6[25-7]|7[0-8]|8\d|9[0-35-9])\d{8}"
PASSPORT = (
    r"E\d{8}|E[A-HJ-NP-Z]\d{7}|G\d{8}|[DSP]E?\d{7,8}|1[45]\d{7}|K\d{8}|[HM]\d{8,10}|[CWLT]\d{8}"
    r"|C[A-Z]\d{7}"
)
HKID = r"([A-Z]{1,2})(\d{6})[(（]?([0-9A])[)）]?"
TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of their codes 10–35


def is_mobile(value: str) -> bool:
    """Return whether a value is an 11-digit mobile number in an allocated range.

    >>> is_mobile("13812345678"), is_mobile("14212345678")
    (True, False)
    """
    return bool(re.fullmatch(MOBILE, re.sub(r"[ -]", "", value)))


def is_payment_card(value: str) -> bool:
    """Return whether a value is a 16–19 digit card number (first digit 3–6, Luhn).

    >>> is_payment_card("6212266234109412113"), is_payment_card("6212266234109412114")
    (True, False)
    """
    digits = re.sub(r"[ -]", "", value)
    is_shape = digits.isdecimal() and 16 <= len(digits) <= 19 and digits[0] in "3456"
    return is_shape and len(set(digits)) > 3 and passes_luhn(digits)


def is_passport(value: str) -> bool:
    """Return whether a value has the form of a Chinese passport or travel permit number."""
    return bool(re.fullmatch(PASSPORT, value.upper()))


def is_short_resident_id(value: str) -> bool:
    """Return whether 15 digits are an identity number of the form used before 1999.

    >>> is_short_resident_id("440606560417919"), is_short_resident_id("440606561517919")
    (True, False)
    """
    if len(value) != 15 or not value.isdecimal() or value[:2] not in REGIONS:
        return False
    month, day = int(value[8:10]), int(value[10:12])
    return 1 <= month <= 12 and 1 <= day <= DAYS[month - 1]


def is_hong_kong_id(value: str) -> bool:
    """Return whether a value is a Hong Kong identity card number (MOD 11, 10 written A).

    >>> is_hong_kong_id("A123456(3)"), is_hong_kong_id("A123456(4)")
    (True, False)
    """
    match = re.fullmatch(HKID, value.upper().replace(" ", ""))
    if not match:
        return False
    letters, digits, check = match.groups()
    head = [ord(c) - 55 for c in letters.rjust(2, "[")]  # "[" stands for the blank, 36
    values = [*head, *map(int, digits), 10 if check == "A" else int(check)]
    return sum(v * w for v, w in zip(values, (9, 8, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def is_taiwan_id(value: str) -> bool:
    """Return whether a value is a Taiwan identity number (MOD 10).

    >>> is_taiwan_id("A123456789"), is_taiwan_id("A123456788")
    (True, False)
    """
    if not re.fullmatch(r"[A-Z][1289]\d{8}", value):
        return False
    code = TAIWAN_LETTERS.index(value[0]) + 10
    digits = [code // 10, code % 10, *map(int, value[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 10 == 0


def is_uscc(value: str) -> bool:
    """Return whether a value is a unified social credit code (GB 32100, MOD 31).

    >>> is_uscc("91440606MA6GJTA5PJ")
    True
    """
    from stdnum.cn import uscc  # lazy: costs more than a one-page scan

    return bool(uscc.is_valid(value))


def is_mainland_coordinate(value: str) -> bool:
    """Return whether a decimal number lies in China's range of longitude or latitude.

    >>> is_mainland_coordinate("107.41937"), is_mainland_coordinate("207.41937")
    (True, False)
    """
    if not re.fullmatch(r"\d{1,3}\.\d{3,}", value):
        return False
    return 73 <= float(value) <= 136 or 3 <= float(value) <= 54
