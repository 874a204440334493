"""Legacy office files: what they show, what they hide, and what was left behind in them."""

import contextlib
import io

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview import check
from secreview.api import read
from secreview.errors import ReadError
from secreview.model import Document, Status, Why
from tests.build import resident_id, workbook
from tests.formats.build_ole import compound, doc, msg, ppt

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
CALM = "本局依法公开环境监测数据。\r"


def found(data: bytes, name: str):
    report = check(data=data, name=name)
    return [f for f in report.findings if f.rule == "personal/resident-id"]


def kinds(data: bytes, name: str) -> set[str]:
    return {str(f.kind) for f in found(data, name)}


def xls(rows, **more) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    if "hidden_row" in more:
        sheet.row(more["hidden_row"]).hidden = True
    if "hidden_column" in more:
        sheet.col(more["hidden_column"]).hidden = True
    if "hidden_sheet" in more:
        other = book.add_sheet("底稿")
        other.write(0, 0, more["hidden_sheet"])
        other.visibility = more.get("visibility", 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


CALM_FILES = {
    "a.doc": doc(CALM),
    "a.xls": xls([["站点", "浓度"], ["一号", 31]]),
    "a.ppt": ppt("年度工作汇报"),
    "a.msg": msg(
        {"0037001F": "报送月报".encode("utf-16-le"), "1000001F": "请报送。".encode("utf-16-le")}
    ),
}


@pytest.mark.parametrize("name", CALM_FILES)
def test_a_calm_file_is_clear_and_every_stream_has_a_row(name):
    report = check(data=CALM_FILES[name], name=name)
    assert (report.verdict, report.gaps) == ("clear", ())
    assert {row.status for row in report.coverage} == {Status.READ}
    assert len(report.coverage) >= 1


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        (1, "footnote"),
        (2, "header"),
        (4, "comment"),
        (5, "endnote"),
        (6, "textbox"),
        (7, "textbox"),
    ],
)
def test_a_leak_in_each_sub_document_of_word_is_found(story, kind):
    assert kinds(doc(CALM, stories={story: LEAK + "\r"}), "a.doc") == {kind}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (b"\x3c\x08\x01", "hidden-text"),
        (b"\x00\x08\x01", "deleted"),
        (b"\x42\x2a\x08", "hidden-text"),
        (b"\x70\x68\xff\xff\xff\x00", "hidden-text"),
        (b"\x43\x4a\x02\x00", "hidden-text"),
    ],
)
def test_hidden_and_revised_text_of_word_is_a_part_of_its_kind(change, kind):
    assert kinds(doc(CALM + LEAK + "\r" + CALM, looks={LEAK: change}), "a.doc") == {kind}


def test_inserted_text_of_word_is_seen_and_told():
    data = doc(CALM + LEAK + "\r", looks={LEAK: b"\x01\x08\x01"})
    assert kinds(data, "a.doc") == {"body", "inserted"}


def test_ordinary_formatting_hides_nothing():
    data = doc(CALM + LEAK + "\r", looks={LEAK: b"\x35\x08\x01\x43\x4a\x18\x00"})
    assert kinds(data, "a.doc") == {"body"}


def test_field_codes_are_told_apart_from_their_results():
    text = f'{CALM}\x13 HYPERLINK "http://x/?{ID}" \x14链接\x15\r'
    assert kinds(doc(text), "a.doc") == {"field"}
    body = next(p for p in read(data=doc(text), name="a.doc").parts if p.id == "body")
    assert "链接" in body.text
    assert "HYPERLINK" not in body.text


def test_cells_of_a_table_in_word_know_their_titles():
    rows = f"姓名\x07身份证号\x07\x07乔小平\x07{ID}\x07\x07林志远\x07已核\x07\x07"
    (finding,) = found(doc(CALM + rows), "a.doc")
    assert finding.place.headers == ("身份证号",)


@pytest.mark.parametrize("encoding", ["utf-16-le", "gbk"])
def test_what_was_left_behind_in_a_file_is_found(encoding):
    data = doc(CALM, slack=("删除的内容" + LEAK).encode(encoding))
    assert kinds(data, "a.doc") == {"data"}


def test_a_word_file_with_a_password_is_a_gap():
    data = bytearray(doc(CALM))
    at = data.find(b"\xec\xa5")
    data[at + 11] |= 1
    report = check(data=bytes(data), name="a.doc")
    assert {gap.why for gap in report.gaps} == {Why.ENCRYPTED}


def test_cells_know_their_titles_and_hidden_ones_are_told():
    rows = [["姓名", "身份证号"], ["乔小平", ID], ["林志远", "已核"]]
    (finding,) = found(xls(rows), "a.xls")
    assert (str(finding.kind), finding.place.headers) == ("sheet", ("身份证号",))
    assert finding.place.steps[-1].value == "B2"
    assert kinds(xls(rows, hidden_row=1), "a.xls") == {"hidden-cells"}
    assert kinds(xls(rows, hidden_column=1), "a.xls") == {"hidden-cells"}
    for visibility in (1, 2):
        data = xls([["站点"]], hidden_sheet=LEAK, visibility=visibility)
        assert kinds(data, "a.xls") == {"hidden-sheet"}


@pytest.mark.parametrize(("place", "kind"), [("notes", "notes"), ("comment", "comment")])
def test_a_leak_beside_the_slides_is_found(place, kind):
    assert kinds(ppt("年度工作汇报", **{place: LEAK}), "a.ppt") == {kind}
    assert kinds(ppt(LEAK), "a.ppt") == {"body"}


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("0037", "body"),
        ("1000", "body"),
        ("0E02", "property"),
        ("007D", "property"),
        ("8001", "property"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "gbk", "big5"])
def test_a_leak_in_each_property_of_a_message_is_found(tag, kind, encoding):
    wide = encoding == "utf-16-le"
    text = LEAK if encoding != "big5" else f"資料 {ID}"
    data = msg({f"{tag}{'001F' if wide else '001E'}": text.encode(encoding)})
    assert kinds(data, "a.msg") == {kind}


def test_attachments_and_renditions_of_a_message_are_read():
    table = workbook([["姓名", "身份证号"], ["乔小平", ID]])
    data = msg(
        {
            "1000001F": "见附件".encode("utf-16-le"),
            "__attach_version1.0_#00000000/3707001F": "名单.xlsx".encode("utf-16-le"),
            "__attach_version1.0_#00000000/37010102": table,
        }
    )
    (finding,) = found(data, "a.msg")
    assert str(finding.kind) == "sheet"
    assert finding.place.steps[0].value == "名单.xlsx"
    page = f"<html><body>{LEAK}</body></html>".encode()
    assert kinds(msg({"10130102": page}), "a.msg") == {"body"}
    rich = b"{\\rtf1 id " + ID.encode() + b"}"
    plain = b"\0" * 4 + len(rich).to_bytes(4, "little") + b"MELA" + b"\0" * 4 + rich
    assert kinds(msg({"10090102": plain}), "a.msg") == {"body"}


def test_a_compound_file_of_no_known_program_is_searched_and_still_not_clear():
    data = compound({"Contents": ("删除的内容" + LEAK).encode("utf-16-le")})
    report = check(data=data, name="a.wps")
    assert "data" in {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}
    assert Why.UNSUPPORTED in {gap.why for gap in report.gaps}


@given(st.sampled_from(sorted(CALM_FILES)), st.integers(0, 20_000), st.binary(max_size=8))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(name, at, noise):
    data = CALM_FILES[name]
    at %= len(data)
    with contextlib.suppress(ReadError):
        assert isinstance(
            read(data=data[:at] + noise + data[at + len(noise) :], name=name), Document
        )


@pytest.mark.parametrize("name", CALM_FILES)
def test_a_file_cut_off_anywhere_gives_an_answer_in_time(name):
    for tenth in range(1, 10):
        data = CALM_FILES[name][: len(CALM_FILES[name]) * tenth // 10]
        assert check(data=data, name=name).verdict in ("incomplete", "clear", "review")
