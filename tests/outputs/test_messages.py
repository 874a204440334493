"""The catalogue over all its files: no key twice, none that nobody says."""

import re
from collections import Counter
from pathlib import Path

import secreview
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
