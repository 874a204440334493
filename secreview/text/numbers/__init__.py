"""Identifiers: one module for each that python-stdnum does not have, and their registry."""

from __future__ import annotations

from collections.abc import Callable

from secreview.text.numbers.joined import passes_luhn
from secreview.text.numbers.others import (
    is_hong_kong_id,
    is_mainland_coordinate,
    is_mobile,
    is_passport,
    is_payment_card,
    is_short_resident_id,
    is_taiwan_id,
    is_uscc,
)
from secreview.text.numbers.resident import has_known_region, has_plausible_date, is_resident_id
from secreview.text.numbers.secret import is_strong_password
from secreview.text.people import is_person_name


def has_resident_shape(value: str) -> bool:
    """Return whether region and birth date of an 18-character number are plausible."""
    return has_plausible_date(value) and has_known_region(value)


VALIDATORS: dict[str, Callable[[str], bool]] = {
    "bank-card": is_payment_card,
    "coordinate-cn": is_mainland_coordinate,
    "hkid": is_hong_kong_id,
    "luhn": passes_luhn,
    "mobile": is_mobile,
    "name": is_person_name,
    "passport": is_passport,
    "resident-id": is_resident_id,
    "resident-id-15": is_short_resident_id,
    "resident-id-shape": has_resident_shape,
    "strong-password": is_strong_password,
    "tw-id": is_taiwan_id,
    "uscc": is_uscc,
}
CHECKED_DIGITS = frozenset({"bank-card", "hkid", "luhn", "resident-id", "tw-id", "uscc"})
