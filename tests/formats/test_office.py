"""Word and Excel files: silence first, then everything a person can hide without special tools."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import secreview
from secreview.errors import ReadError
from secreview.model import PartKind, Why
from secreview.outputs.places import label
from tests.build import repacked, resident_id, word, workbook

ID = resident_id("522601", "19850312", "101")
WORD_PLACES = {
    "header": (PartKind.HEADER, "页眉1"),
    "footer": (PartKind.FOOTER, "页脚1"),
    "footnote": (PartKind.FOOTNOTE, "脚注1"),
    "endnote": (PartKind.ENDNOTE, "尾注1"),
    "comment": (PartKind.COMMENT, "批注1"),
    "inserted": (PartKind.INSERTED, "修订插入1"),
    "deleted": (PartKind.DELETED, "修订删除1"),
    "hidden": (PartKind.HIDDEN_TEXT, "隐藏文字1"),
    "textbox": (PartKind.TEXTBOX, "文本框1"),
    "keywords": (PartKind.PROPERTY, "文档属性“keywords”"),
}


def found(data: bytes, name: str):
    return secreview.check(data=data, name=name)


def test_an_ordinary_word_file_is_clear_and_fully_read():
    report = found(word("关于公示的通知\n请各单位认真落实。"), "a.docx")
    assert (report.verdict, report.gaps) == ("clear", ())


@pytest.mark.parametrize("place", WORD_PLACES)
def test_a_leak_in_each_hiding_place_of_word_is_found_and_named(place):
    report = found(word("正文没有问题。", **{place: f"身份证号{ID}"}), "a.docx")
    kind, words = WORD_PLACES[place]
    (finding,) = [f for f in report.findings if f.rule == "personal/resident-id" and f.kind is kind]
    assert label(finding.place, finding.kind, "zh").startswith(words)


def test_deleted_and_hidden_text_are_not_in_the_body():
    document = secreview.read(
        data=word("正文", deleted="删去的话", hidden="藏起的话"), name="a.docx"
    )
    (body,) = [part for part in document.parts if part.kind is PartKind.BODY]
    assert "删去" not in body.text
    assert "藏起" not in body.text


def test_a_cell_under_a_title_knows_its_row_and_column():
    data = word("名单", table=f"姓名\t身份证号\n乔小平\t{ID}")
    (finding,) = [f for f in found(data, "a.docx").findings if f.rule == "personal/resident-id"]
    assert label(finding.place, finding.kind, "zh") == "表1 第2行第2列"
    assert "身份证号" in finding.place.headers


def test_a_number_split_over_runs_is_one_number():
    split = f"</w:t></w:r><w:r><w:t>{ID[7:]}"
    data = repacked(
        word(f"身份证号{ID[:7]}"),
        {"word/document.xml": lambda t: t.replace(ID[:7], ID[:7] + split)},
    )
    assert any(f.rule == "personal/resident-id" for f in found(data, "a.docx").findings)


def test_a_picture_is_a_gap_never_silence():
    from docx import Document
    from PIL import Image

    picture, target = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "png")
    document = Document(io.BytesIO(word("正文")))
    document.add_picture(picture)
    document.save(target)
    report = found(target.getvalue(), "a.docx")
    assert report.verdict == "incomplete"
    assert [gap.part for gap in report.gaps] == ["word/media/image1.png"]
    assert report.gaps[0].why in (Why.PICTURE, Why.APPROXIMATE)


def test_a_dtd_is_refused_loudly():
    entity = '<!DOCTYPE x [<!ENTITY e "身份证号">]>'
    data = repacked(
        word("正文", comment="批注"),
        {"word/comments.xml": lambda t: t.replace("?>", "?>" + entity, 1)},
    )
    report = found(data, "a.docx")
    assert any("DTD" in gap.detail for gap in report.gaps)
    assert report.verdict != "clear"


def test_an_ordinary_workbook_is_clear():
    report = found(workbook([["指标", "数值"], ["优良天数", 331], ["比例", 90]]), "a.xlsx")
    assert (report.verdict, report.gaps) == ("clear", ())


WORKBOOKS = {
    "cell": (workbook([["姓名", "身份证号"], ["甲", ID]]), PartKind.SHEET, "工作表“名单” B2"),
    "hidden sheet": (
        workbook([["甲"]], hidden=[["身份证号"], [ID]]), PartKind.HIDDEN_SHEET, "工作表“附页” A2",
    ),
    "very hidden sheet": (
        workbook([["甲"]], very_hidden=[["身份证号"], [ID]]), PartKind.HIDDEN_SHEET, "工作表“核对” A2",
    ),
    "hidden row": (
        workbook([["姓名", "身份证号"], ["甲", ID]], hidden_row="2"), PartKind.HIDDEN_CELLS, "B2",
    ),
    "hidden column": (
        workbook([["姓名", "身份证号"], ["甲", ID]], hidden_column="B"), PartKind.HIDDEN_CELLS, "B2",
    ),
    "comment": (
        workbook([["甲", "乙"], ["丙", "丁"]], comment=f"身份证号{ID}"), PartKind.COMMENT, "B2",
    ),
    "header": (workbook([["甲"]], header=f"身份证号{ID}"), PartKind.HEADER, "页眉"),
    "property": (workbook([["甲"]], keywords=f"身份证号{ID}"), PartKind.PROPERTY, "文档属性"),
}  # fmt: skip


@pytest.mark.parametrize("place", WORKBOOKS)
def test_a_leak_in_each_hiding_place_of_excel_is_found_and_named(place):
    data, kind, words = WORKBOOKS[place]
    (finding,) = [f for f in found(data, "a.xlsx").findings if f.rule == "personal/resident-id"]
    assert finding.kind is kind
    assert words in label(finding.place, finding.kind, "zh")


def test_a_number_stored_as_a_number_is_read_as_people_see_it():
    data = workbook([["姓名", "手机"], ["甲", 13900001234]])
    assert any(f.rule == "personal/mobile" for f in found(data, "a.xlsx").findings)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_a_bomb_is_stopped_by_a_limit(name):
    data = word("正文") if name == "a.docx" else workbook([["甲"]])
    target = "word/big.xml" if name == "a.docx" else "xl/big.xml"
    bomb = repacked(data, {target: "<a>" + " " * 60_000_000 + "</a>"})
    report = found(bomb, name)
    assert report.verdict != "clear"


def test_an_encrypted_office_file_is_a_gap():
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    report = found(data + b"\0" * 2000, "a.docx")
    assert [gap.why for gap in report.gaps] == [Why.ENCRYPTED]


@pytest.mark.parametrize("make", [word("正文", comment="批注"), workbook([["甲", "乙"]])])
@settings(max_examples=60, deadline=None)
@given(
    cut=st.integers(0, 4000), flips=st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)))
)
def test_a_broken_file_gives_a_document_or_a_read_error(make, cut, flips):
    data = bytearray(make[: len(make) - cut])
    for at, value in flips:
        if at < len(data):
            data[at] = value
    try:
        secreview.read(data=bytes(data), name="a.docx")
    except ReadError as error:
        assert "批注" not in str(error)


def test_names_that_climb_out_of_the_archive_are_only_names():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in zipfile.ZipFile(io.BytesIO(word("正文"))).namelist():
            out.writestr(name, zipfile.ZipFile(io.BytesIO(word("正文"))).read(name))
        out.writestr("../../evil.bin", b"\0\1\2")
    assert found(target.getvalue(), "a.docx").verdict == "incomplete"


def test_a_cell_of_a_hidden_column_knows_the_title_that_is_hidden_with_it():
    rows = [["姓名", "联系电话", "金额"], ["甲", "13812345678", "1"], ["乙", "13912345678", "2"]]
    document = secreview.read(data=workbook(rows, hidden_column="B"), name="a.xlsx")
    part = next(p for p in document.parts if p.kind is PartKind.HIDDEN_CELLS)
    assert part.place_at(part.text.index("1391")).headers == ("联系电话",)
