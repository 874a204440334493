"""Which groups of digits are one identifier that somebody took apart."""

from __future__ import annotations

from collections.abc import Sequence

from secreview.text.numbers.resident import has_plausible_date, is_resident_id

MOBILE_GROUPS = {(3, 4, 4), (3, 8), (7, 4), (5, 6)}
RESIDENT_GROUPS = {(6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (6, 8, 3, 1), (3, 3, 4, 4, 4)}


def is_one_number(
    groups: Sequence[str], *, wrapped: bool = False, is_labelled: bool = False
) -> bool:
    """Return whether groups of digits (the last may end in X) read as one broken identifier.

    Any split will do where the break is a line break inside running text (``wrapped``), or where
    the number has its label before it.

    >>> is_one_number(["138", "1234", "5678"]), is_one_number(["1380", "245", "3310"])
    (True, False)
    """
    if len(groups) < 2 or any(stands_alone(group) for group in groups):
        return False
    value = "".join(groups)
    sizes = tuple(map(len, groups))
    wrapped = wrapped or is_labelled
    free = wrapped or set(sizes) == {1} or (len(sizes) == 2 and min(sizes) >= 3)
    match len(value):
        case 11:
            is_mobile = value[0] == "1" and value[1] in "3456789" and value.isdigit()
            loose = wrapped or set(sizes) == {1}
            return is_mobile and (loose or sizes in MOBILE_GROUPS)
        case 18:
            if not has_plausible_date(value):
                return False
            return is_resident_id(value) or free or sizes in RESIDENT_GROUPS
        case 15:
            return is_labelled or sizes in {(6, 6, 3), (1,) * 15}
        case 16 | 17 | 19:
            return is_card(value, sizes, wrapped=wrapped)
        case _:
            return False


def is_card(value: str, sizes: tuple[int, ...], *, wrapped: bool) -> bool:
    """Return whether digits in groups read as one payment card number (Luhn)."""
    if not value.isdigit() or value[0] not in "3456":
        return False
    in_fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    in_two = len(sizes) == 2 and (min(sizes) > 4 or value.startswith("62"))
    return (in_fours or wrapped or in_two or set(sizes) == {1}) and passes_luhn(value)


def is_proven(groups: Sequence[str], *, is_labelled: bool = False, is_broken: bool = False) -> bool:
    """Return whether groups between different gaps prove to be one identifier.

    An identity number by its date and check digit, a card by its Luhn digit, a mobile number when
    it is spelled digit by digit or ``is_labelled``; ``is_broken`` says that a line end is a gap.

    >>> is_proven(["1", "5", "9", "1", "7", "6", "3", "0", "4", "2", "8"])
    True
    """
    if any(stands_alone(group) for group in groups):
        return False
    value = "".join(groups)
    sizes = tuple(map(len, groups))
    match len(value):
        case 11:
            is_mobile = value[0] == "1" and value[1] in "3456789" and value.isdigit()
            return is_mobile and (is_labelled or set(sizes) == {1})
        case 18:
            return is_resident_id(value)
        case 16 | 17 | 19:
            return is_card(value, sizes, wrapped=is_broken or is_labelled)
        case _:
            return False


def passes_luhn(digits: str) -> bool:
    """Return whether a string of digits passes the Luhn check (ISO/IEC 7812-1).

    >>> passes_luhn("6212266234109412113"), passes_luhn("6212266234109412114")
    (True, False)
    """
    from stdnum import luhn  # lazy: costs more than a one-page scan

    return bool(luhn.is_valid(digits))


def stands_alone(group: str) -> bool:
    """Return whether a group is long enough to be an identifier by itself."""
    size = len(group)
    return (size == 11 and group[0] == "1" and group[1] in "3456789") or size in {15, 16, 18, 19}
