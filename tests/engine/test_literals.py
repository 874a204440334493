"""The literal pass: every occurrence, in characters, against a plain search."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from secreview.engine.literals import ALNUM_TABLE, DIGIT_TABLE, Encoded, Literals, merged, runs

LETTERS = st.sampled_from("密机关于abAB1٣é🌟\ud800\n ")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=4), max_size=12)


@given(WORDS, st.text(LETTERS, max_size=60), st.booleans())
@settings(max_examples=400)
def test_every_occurrence_is_found_where_it_stands(words, text, is_long):
    literals = Literals({word: (word,) for word in words})
    if is_long:  # long texts are searched with the automaton of all literals
        assert (literals.whole is None) == (not words)
    found = {
        (start, end, word)
        for start, end, meaning in literals.hits(Encoded.of(text), set())
        for word in meaning
    }
    lowered = small(text)
    expected = {
        (at, at + len(word), word)
        for word in words
        for at in range(len(text))
        if lowered.startswith(small(word), at)
    }
    assert found == expected


def small(text: str) -> str:
    """Return a text with its ASCII letters small."""
    return "".join(c.lower() if c.isascii() else c for c in text)


@given(st.text(LETTERS | st.sampled_from("0123456789"), max_size=80), st.integers(1, 6))
def test_runs_are_the_longest_stretches_of_their_class(text, shortest):
    for table, members in ((DIGIT_TABLE, "0123456789"), (ALNUM_TABLE, "0123456789abAB")):
        expected, start = [], None
        for at, letter in enumerate(text + "\n"):
            if letter in members and start is None:
                start = at
            elif letter not in members and start is not None:
                expected.append((start, at))
                start = None
        wanted = [(a, b) for a, b in expected if b - a >= shortest]
        assert list(runs(Encoded.of(text), table, shortest)) == wanted


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9))))
def test_merged_spans_cover_the_same_starts_once(pairs):
    spans = [(low, low + size) for low, size in pairs]
    joined = merged(spans)
    assert {n for a, b in joined for n in range(a, b + 1)} == {
        n for a, b in spans for n in range(a, b + 1)
    }
    assert all(a[1] + 1 < b[0] for a, b in itertools.pairwise(joined))
