"""Rich text: what it shows, and each place in which it hides something."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview import check
from secreview.api import read
from secreview.errors import ReadError
from secreview.model import Document, PartKind, Why
from tests.build import resident_id, workbook

ID = resident_id("522601", "19850312", "101")


def uni(text: str) -> str:
    """Write a text in Unicode escapes with a question mark for old programs."""
    return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)


def gbk(text: str) -> str:
    """Write a text in bytes of code page 936."""
    return "".join(
        c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("gbk")) for c in text
    )


def rtf(body: str, page: int = 936) -> bytes:
    head = f"{{\\rtf1\\ansi\\ansicpg{page}\\deff0{{\\fonttbl{{\\f0\\fnil\\fcharset134 SimSun;}}}}"
    colors = "{\\colortbl;\\red0\\green0\\blue0;\\red255\\green255\\blue255;}"
    return f"{head}{colors}\\f0 {body}}}".encode("ascii")


LEAK = uni(f"身份证号：{ID}")
CALM = uni("本局依法公开环境监测数据。") + "\\par "


def kinds(body: str) -> set[str]:
    report = check(data=rtf(body), name="a.rtf")
    return {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}


@pytest.mark.parametrize("write", [uni, gbk])
def test_an_ordinary_text_is_clear_and_read_whole(write):
    data = rtf(write("本局依法公开环境监测数据。") + "\\par " + write("联系电话0855-8221064"))
    report = check(data=data, name="a.rtf")
    assert (report.verdict, report.gaps) == ("clear", ())
    text = next(p.text for p in read(data=data, name="a.rtf").parts if p.id == "body")
    assert text == "本局依法公开环境监测数据。\n联系电话0855-8221064"


HIDDEN = {
    "hidden-text": "{{\\v {leak}}}",
    "deleted": "{{\\deleted\\revauth1 {leak}}}",
    "inserted": "{{\\revised {leak}}}",
    "comment": "{{\\*\\annotation {leak}}}",
    "footnote": "{{\\footnote {leak}}}",
    "header": "{{\\header {leak}}}",
    "footer": "{{\\footerf {leak}}}",
    "property": "{{\\info{{\\keywords {leak}}}}}",
    "field": '{{\\field{{\\*\\fldinst HYPERLINK "x?{leak}"}}{{\\fldrslt x}}}}',
    "data": "{{\\*\\unknowndestination {leak}}}",
    "textbox": "{{\\shp{{\\*\\shpinst\\shpleft0}}{{\\shptxt {leak}}}}}",
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_leak_in_each_hiding_place_is_found_in_a_part_of_its_kind(kind):
    assert kind in kinds(CALM + HIDDEN[kind].format(leak=LEAK) + CALM)


@pytest.mark.parametrize("kind", HIDDEN)
def test_an_empty_hiding_place_is_silent(kind):
    assert kinds(CALM + HIDDEN[kind].format(leak="") + CALM) == set()


@pytest.mark.parametrize("look", ["\\cf2", "\\fs2"])
def test_white_and_tiny_text_is_hidden_text(look):
    assert kinds(f"{CALM}{{{look} {LEAK}}}") == {"hidden-text"}
    assert kinds(f"{CALM}{{\\cf1\\fs24 {LEAK}}}") == {"body"}


def test_table_cells_know_their_titles_and_paragraphs_their_numbers():
    row = "\\trowd {}\\cell {}\\cell\\row "
    table = row.format(uni("姓名"), uni("身份证号")) + row.format(uni("乔小平"), ID)
    table += row.format(uni("林志远"), uni("已核"))
    report = check(data=rtf(CALM + table), name="a.rtf")
    found = next(f for f in report.findings if f.rule == "personal/resident-id")
    assert found.place.headers == ("身份证号",)
    assert found.place.steps[0].value == 3


def test_an_embedded_file_is_read_by_its_own_format():
    inner = b"\1\5\0\0\2\0\0\0" + workbook([["姓名", "身份证号"], ["乔小平", ID]])
    assert kinds(f"{CALM}{{\\object{{\\*\\objdata {inner.hex()}}}}}") == {"sheet"}


def test_a_picture_is_a_gap_and_binary_data_does_not_end_a_group():
    data = rtf(CALM + "{\\pict\\pngblip 89504e47}" + CALM)
    assert {gap.why for gap in check(data=data, name="a.rtf").gaps} == {Why.PICTURE}
    raw = rtf("{\\*\\objdata\\bin6 }}}{{{}" + LEAK)
    assert ID in "".join(p.text for p in read(data=raw, name="a.rtf").parts)


def test_text_after_the_last_brace_is_read():
    data = rtf(CALM) + f"\nid {ID}".encode()
    document = read(data=data, name="a.rtf")
    assert any(p.kind is PartKind.DATA and ID in p.text for p in document.parts)
    assert any(row.kind == "tail" for row in document.coverage)


def test_the_fallback_of_a_unicode_character_is_left_out():
    text = read(data=rtf("\\uc2 \\u26412\\'b1\\'be\\uc1 x"), name="a.rtf").parts[1].text
    assert text == "本x"


def test_groups_in_groups_without_end_are_refused_in_time():
    report = check(data=b"{\\rtf1" + b"{" * 100_000, name="a.rtf")
    assert report.verdict == "incomplete"


@given(st.integers(0, 3000), st.binary(max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(at, noise):
    data = rtf(CALM + "".join(place.format(leak=LEAK) for place in HIDDEN.values()))
    at %= len(data)
    with contextlib.suppress(ReadError):
        assert isinstance(read(data=data[:at] + noise + data[at + 3 :], name="a.rtf"), Document)
