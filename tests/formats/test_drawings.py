"""Drawings: the text of SVG and of Windows metafiles, and what is hidden in them."""

import base64
import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview import check
from secreview.api import read
from secreview.errors import ReadError
from secreview.model import Document
from tests.build import resident_id

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"


def svg(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>'.encode()
    )


def emf(text: str, *, record: int = 84) -> bytes:
    """Return a metafile with a header, one text record and an end."""
    wide = text.encode("utf-16-le")
    header = struct.pack("<II", 1, 108) + b"\0" * 32 + b" EMF" + b"\0" * 64
    body = struct.pack("<II", len(text), 76) + b"\0" * 24 + wide
    body += b"\0" * (-len(body) % 4)
    one = struct.pack("<II", record, 8 + 36 + len(body)) + b"\0" * 36 + body
    return header + one + struct.pack("<II", 14, 20) + b"\0" * 12


def wmf(text: str) -> bytes:
    data = text.encode("gbk")
    padded = data + b"\0" * (len(data) % 2)
    record = struct.pack("<IHH", 3 + (2 + len(padded)) // 2 + 2, 0x0521, len(data))
    record += padded + b"\0" * 4
    return struct.pack("<HHHIHIH", 1, 9, 0x300, 0, 0, 0, 0) + record + struct.pack("<IH", 3, 0)


def kinds(data: bytes, name: str) -> set[str]:
    report = check(data=data, name=name)
    return {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}


def test_a_calm_drawing_is_clear():
    data = svg("<title>站点图</title><text>空气质量监测站点</text><path d='M0 0'/>")
    assert (check(data=data, name="a.svg").verdict, check(data=data, name="a.svg").gaps) == (
        "clear",
        (),
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"<text>{LEAK}</text>", "body"),
        (f"<text>身份证号：{ID[:6]}<tspan>{ID[6:]}</tspan></text>", "body"),
        (f"<g display='none'><text>{LEAK}</text></g>", "hidden-text"),
        (f"<text style='opacity:0'>{LEAK}</text>", "hidden-text"),
        (f"<desc>{LEAK}</desc>", "alt-text"),
        (f"<metadata><a>{LEAK}</a></metadata>", "property"),
        (f"<script>var a='{LEAK}'</script>", "script"),
        (f"<!-- {LEAK} -->", "markup"),
        (f"<a href='http://x/?id={ID}'><text>x</text></a>", "link"),
    ],
)
def test_a_leak_in_each_place_of_a_drawing_is_found(body, kind):
    assert kinds(svg(body), "a.svg") == {kind}


def test_a_file_in_a_drawing_is_read_and_entities_are_refused():
    inner = base64.b64encode(LEAK.encode()).decode()
    assert "body" in kinds(svg(f"<image href='data:text/plain;base64,{inner}'/>"), "a.svg")
    entity = '<!DOCTYPE svg [<!ENTITY e "x">]>'
    assert check(data=svg("<text>&e;</text>", entity), name="a.svg").verdict == "incomplete"
    usual = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    assert check(data=svg("<text>正文</text>", usual), name="a.svg").verdict == "clear"


def test_the_text_of_metafiles_is_found():
    assert kinds(emf(LEAK), "a.emf") == {"body"}
    assert kinds(wmf(LEAK), "a.wmf") == {"body"}
    assert check(data=emf("监测站点"), name="a.emf").verdict == "clear"


def test_a_bitmap_in_a_metafile_is_a_gap():
    assert check(data=emf("x", record=81), name="a.emf").verdict == "incomplete"


@given(st.sampled_from([emf(LEAK), wmf(LEAK), svg(f"<text>{LEAK}</text>")]), st.integers(0, 400),
       st.binary(max_size=6))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(data, at, noise):
    at %= len(data)
    with contextlib.suppress(ReadError):
        assert isinstance(read(data=data[:at] + noise + data[at + 2 :], name="a.emf"), Document)
