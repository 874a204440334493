"""The catalogue over all its files: no key twice, none that nobody says."""

import re
from collections import Counter
from pathlib import Path

import pytest

import secreview
from secreview.outputs.messages import message
from secreview.outputs.messages.catalogue import CATALOGUE

PACKAGE = Path(secreview.__file__).parent
FILES = sorted((PACKAGE / "outputs/messages").glob("*.py"))
BUILT = re.compile(
    r"""f["']([a-z.-]*)\{"""
)  # a key that is put together: everything with that beginning


def test_no_key_is_given_twice():
    keys = Counter(
        key
        for path in FILES
        for key in re.findall(r'^    "([a-z][\w.-]*)": \(', path.read_text("utf-8"), re.M)
    )
    assert [key for key, count in keys.items() if count > 1] == []
    assert len(keys) >= len(CATALOGUE)


def test_every_message_is_said_somewhere():
    source = "\n".join(
        path.read_text("utf-8")
        for kind in ("*.py", "*.html")
        for path in PACKAGE.rglob(kind)
        if path not in FILES
    )
    beginnings = tuple(start for start in set(BUILT.findall(source)) if "." in start)
    said = {
        key
        for key in CATALOGUE
        if f'"{key}"' in source or f"'{key}'" in source or key.startswith(beginnings)
    }
    assert sorted(set(CATALOGUE) - said) == []


PLURAL = re.compile(r"\{(?!path|name|host)\w+\} (?:more |unread )?\w+s\b")  # {n} pieces
COUNTED = [key for key, (_, en) in CATALOGUE.items() if re.search(r"\{\w+:[^}]*/", en)]


def test_numbers_agree_with_what_is_counted():
    assert message("page.unread", "en", n=1) == "1 piece was not read: this is not a pass"
    assert message("page.unread", "en", n=2) == "2 pieces were not read: this is not a pass"
    assert message("label.size", "en", n=0) == "0 bytes"
    assert message("label.whole", "en", n="1") == "(not shown, 1 character)"
    assert message("policy.held", "en", n=1, of=3) == (
        "1 of 3 files has findings or was not fully read"
    )
    assert message("policy.held", "en", n=1, of=1) == (
        "1 of 1 file has findings or was not fully read"
    )


def test_no_counted_noun_stands_in_the_plural_alone():
    plural = {key: PLURAL.findall(en) for key, (_, en) in CATALOGUE.items()}
    assert {key: found for key, found in plural.items() if found} == {}


@pytest.mark.parametrize("key", COUNTED)
@pytest.mark.parametrize("number", [0, 1, 2, "1", "#"])
def test_messages_with_numbers_are_filled_in_whole(key, number):
    names = re.findall(r"\{(\w+)", "".join(CATALOGUE[key]))
    for lang in ("zh", "en"):
        shown = message(key, lang, **dict.fromkeys(names, number))
        assert not re.search(r"[{}/]", shown)
