"""Tables of wording: what a sum of weights is made of, and what a faulty table says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secreview.text.wording import (
    AROUND,
    SAID,
    Strings,
    Wording,
    grams,
    plain,
    strings,
    surroundings,
)

TABLE = Wording(
    "# a remark\nbias\t-3\ncue\t再议\ncue\t主张\nsaid\t再议\t12\nsaid\t主张\t9\nsaid\t公布\t-9\n"
    "around\t会上\t8\naround\t公告\t-30\n"
)


def chance(sentence: str, *around: str, floor: float = 0.0) -> float:
    said = strings([plain(sentence)], SAID)
    return TABLE.chance(said, lambda: strings(map(plain, around), AROUND), floor)


def test_a_chance_is_the_sum_of_the_weights_over_the_root_of_all_strings():
    size = sum(len("主张下次再议") - n + 1 for n in SAID)
    expected = 1 / (1 + math.exp(3 - 21 / math.sqrt(size)))
    assert chance("主张下次再议") == pytest.approx(expected)


def test_words_for_and_against_move_the_chance():
    assert chance("主张下次再议") > chance("主张下次公布") < chance("下次再议")
    assert chance("再议", "会上") > chance("再议") > chance("再议", "公告")


def test_surroundings_add_only_so_much():
    most = chance("再议", "会上")
    assert math.log(most / (1 - most)) == pytest.approx(
        math.log(chance("再议") / (1 - chance("再议"))) + 2, abs=0.01
    )


def test_surroundings_that_cannot_matter_are_not_asked_for():
    def asked() -> Strings:
        raise AssertionError

    assert TABLE.chance(strings(["公布"], SAID), asked, 0.5) == 0.0


def test_what_speaks_for_a_finding_is_named_by_words():
    assert TABLE.telling(strings(["主张下次再议，不公布"], SAID)) == ("再议", "主张")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("bias\t-3\nsaid\t再议", 2),
        ("bias\t-3\nsaid\t再议\theavy", 2),
        ("bias\t-3\n\n# remark\nsays\t再议\t1", 4),
        ("cue\t再议", 2),
        ("bias\t-3\ncue\t", 2),
    ],
)
def test_a_faulty_line_is_named(source, line):
    assert Wording(source).faulty_line() == line
    assert TABLE.faulty_line() == 0


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_has_a_chance_and_blanks_do_not_change_it(sentence, around):
    assert 0 <= chance(sentence, around) <= 1
    assert chance(f" {sentence}\u3000", around) == chance(sentence, around)


@given(st.text("0123456789甲 ", max_size=30))
def test_numbers_are_alike_whatever_their_digits(text):
    assert plain(text) == plain(text.translate(str.maketrans("123456789", "987654321")))


def test_what_stands_around_a_sentence_is_its_text_and_the_head():
    text = "甲" * 300
    head, before, after = surroundings(text, 150, 160, "标题" * 60)
    assert (len(head), len(before), len(after)) == (50, 100, 100)
    assert list(grams("某词", (2,))) == ["某词"]
