"""Macro sources: text in chunks of copied and plain bytes comes back, noise gives nothing."""

from hypothesis import given
from hypothesis import strategies as st

from secreview.formats.vba import sources, tokens
from tests.formats.build_ole import squeezed


@given(st.text("abc 密码=\r\n", min_size=30, max_size=9000))
def test_a_source_comes_back_whole(text):
    assert list(sources(b"\x03\x04" + squeezed(text.encode()))) == [text]


def test_copied_bytes_are_repeated():
    assert tokens(bytes.fromhex("086161610000")) == b"aaaaaa"


@given(st.binary(max_size=400))
def test_noise_does_no_harm(data):
    for text in sources(data):
        assert isinstance(text, str)


def test_bytes_that_are_no_text_are_left_out():
    assert list(sources(squeezed(b"\0\1\2\3" * 99))) == []
