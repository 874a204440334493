"""Weak masks: how many originals remain, against counting them one by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview.text.numbers.masks import FEW, dates, originals, weak_masks
from secreview.text.numbers.resident import is_resident_id
from tests.build import resident_id

ID = resident_id("522601", "19900307", "123")


def hidden(value: str, *positions: int) -> str:
    return "".join("?" if i in positions else c for i, c in enumerate(value))


def counted(shape: str) -> int:
    """Return the number of valid originals by trying every one."""
    at = shape.find("?")
    if at < 0:
        return is_resident_id(shape) and any(dates(shape[6:14]))
    digits = "0123456789X" if at == 17 else "0123456789"
    return sum(counted(shape[:at] + digit + shape[at + 1 :]) for digit in digits)


@given(st.sets(st.integers(6, 17), min_size=1, max_size=3))
@settings(max_examples=60)
def test_the_count_is_what_trying_every_digit_gives(positions):
    shape = hidden(ID, *positions)
    assert originals(shape) == counted(shape)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"证号{ID[:14]}****", 1000),
        (f"证号{ID[:6]}19**03**{ID[14:]}", None),
        (f"出生日期1990年3月7日，证号{ID[:6]}********{ID[14:]}", 1),
        (f"甲{ID[:6]}********{ID[14:]}；附表：{ID[:14]}****", 1),
        ("电话138*2345678", 10),
        ("电话１３８＊２３４５６７８", None),  # folded before it comes here
    ],
)
def test_what_can_be_computed_back_is_found(text, count):
    found = [int(note.partition(":")[2]) for _, _, note in weak_masks(text)]
    if count is None:
        assert all(number <= FEW for number in found)
    else:
        assert min(found) == count


@pytest.mark.parametrize(
    "proper",
    [
        f"证号{ID[:6]}********{ID[14:]}",
        f"证号{ID[:6]}********{ID[14:]}，1990年3月7日受理",
        "电话138****5678",
        "卡号622202*********1234",
        f"甲{ID[:6]}********{ID[14:]}，乙{ID[:6]}********2216",
        "3 * 4 = 12，密码******，评分★★★★★",
        "2024****",
    ],
)
def test_a_proper_mask_is_silent(proper):
    assert list(weak_masks(proper)) == []


@given(st.text(st.sampled_from("0123456789*X? \n出生"), max_size=80))
def test_no_text_breaks_it_and_spans_hold_a_mask(text):
    for start, end, note in weak_masks(text):
        assert "*" in text[start:end]
        assert 1 <= int(note.partition(":")[2]) <= FEW
