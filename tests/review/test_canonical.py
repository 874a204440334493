"""One spelling for each JSON value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secreview.errors import StoreError
from secreview.review.canonical import LARGEST, canonical, digest, parsed

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_back_as_it_was(value):
    assert parsed(canonical(value)) == value


@given(st.dictionaries(WORDS, VALUES, max_size=6), st.randoms())
def test_the_order_of_keys_makes_no_difference(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert digest(dict(items)) == digest(value)


def test_keys_are_in_the_order_of_rfc_8785():
    keys = ["€", "\r", "\ufb33", "1", "😀", "\x80", "ö"]  # the example of its section 3.2.3
    written = json.loads(canonical(dict.fromkeys(keys, 1)))
    assert list(written) == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]


def test_control_characters_are_spelled_as_rfc_8785_spells_them():
    assert canonical('\b\t\n\f\r"\\\x01\x7f/') == b'"\\b\\t\\n\\f\\r\\"\\\\\\u0001\x7f/"'


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), LARGEST + 1, -LARGEST - 1, b"x", {1: 2}, {"a": {None: 1}}, {1, 2}]
)
def test_a_value_without_one_spelling_is_refused(value):
    with pytest.raises(StoreError):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a", "\udc00"]])
def test_half_a_character_is_refused(value):
    with pytest.raises(StoreError, match="half a character"):
        canonical(value)


def test_a_value_nested_without_end_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(StoreError, match="nested"):
        canonical(value)
    with pytest.raises(StoreError):
        parsed(b"[" * 100_000)


@pytest.mark.parametrize(
    "data", [b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b"1.0", b'"\\u79d8"', b" 1", b"\xff"]
)
def test_another_spelling_of_the_same_value_is_refused(data):
    with pytest.raises(StoreError):
        parsed(data)
