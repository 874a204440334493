"""Masked values."""

from hypothesis import example, given
from hypothesis import strategies as st

from secreview.text.mask import LONGEST, mask


@example("0*")
@example("12345***")
@given(
    st.text(min_size=2, max_size=80).filter(lambda s: s.strip("*… \n\t") and len(s.split()) == 1)
)
def test_a_masked_value_never_says_the_value(value):
    masked = mask(value)
    assert value not in masked or set(value) <= set("*…")
    assert len(masked) <= LONGEST
    assert "\n" not in masked


def test_at_most_four_characters_are_shown():
    assert mask("11010519491231002X") == "1101**************"
    assert mask("张三") == "张*"
