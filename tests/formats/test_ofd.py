"""OFD documents: silence first, then every place in which a text hides, then damaged ones."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import secreview
from secreview.api import read
from secreview.errors import Encrypted, ReadError
from secreview.formats.ofd_glyphs import character_map
from secreview.formats.protocol import Limits
from secreview.model import Document, PartKind, Status, Why
from secreview.outputs.places import label
from tests.build import resident_id
from tests.formats.build_ofd import (
    HEAD,
    NS,
    annotated,
    bar,
    content,
    font,
    letters,
    members,
    ofd,
    packed,
    text,
)

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
WHITE = '<ofd:FillColor Value="255 255 255"/>'
SHARED = Path(__file__).parents[3] / "shared/fixtures"
FIXTURES = Path(os.environ.get("SECREVIEW_FIXTURES", SHARED)) / "ofd"


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    """Read here: a child process for each example would only make the tests slow."""
    monkeypatch.setenv("SECREVIEW_IN_PROCESS", "1")


def parts(data: bytes, name: str = "a.ofd") -> dict[str, str]:
    """Return the text of the parts by kind."""
    found: dict[str, str] = {}
    for part in read(data=data, name=name).parts:
        found[str(part.kind)] = f"{found.get(str(part.kind), '')}{part.text}\n"
    return found


def body(data: bytes) -> str:
    return parts(data)["body"].strip("\n")


def places(data: bytes) -> set[tuple[str, str]]:
    """Return kind and place, as a person reads it, of the identity number."""
    report = secreview.check(data=data, name="a.ofd")
    return {
        (str(f.kind), label(f.place, f.kind, "zh"))
        for f in report.findings
        if f.rule == "personal/resident-id"
    }


# --- silence


def test_an_ordinary_document_is_clear_and_fully_read():
    data = ofd(text("关于公示的通知") + text("请各单位认真落实。", y=45) + bar(10, 60, 190, 1))
    report = secreview.check(data=data, name="a.ofd")
    assert (report.verdict, report.gaps, report.findings) == ("clear", (), ())
    assert {row.status for row in report.coverage} == {Status.READ}


def test_the_vocabulary_of_the_format_is_no_text_of_the_document():
    assert set(parts(ofd(text("通知")))) == {"name", "body"}


def test_white_text_on_a_dark_bar_is_seen():
    data = ofd(bar(0, 60, 200, 10, "0 0 120") + text("标题", y=60, inner=WHITE))
    assert "hidden-text" not in parts(data)


def test_a_pattern_below_white_text_is_no_reason_for_doubt():
    fill = "<ofd:FillColor><ofd:AxialShd><ofd:Segment/></ofd:AxialShd></ofd:FillColor>"
    shape = bar(0, 60, 200, 10).replace('<ofd:FillColor Value="0 0 0"/>', fill)
    assert "hidden-text" not in parts(ofd(shape + text("标题", y=60, inner=WHITE)))


def test_white_text_on_a_shape_that_is_no_rectangle_is_seen():
    shape = bar(0, 60, 200, 10, "0 0 120").replace("L 0 10 C", "B 0 9 0 9 0 10 C")
    assert "hidden-text" not in parts(ofd(shape + text("标题", y=60, inner=WHITE)))


def test_a_frame_around_a_text_does_not_hide_it():
    frame = (
        bar(15, 28, 180, 12)
        .replace('Fill="true"', 'Fill="false"')
        .replace('Stroke="false"', 'Stroke="true" LineWidth="1.5"')
    )
    assert "hidden-text" not in parts(ofd(text("正文") + frame))


def test_a_light_highlight_does_not_hide_the_text():
    annot = (
        '<ofd:Annot Type="Highlight" ID="1"><ofd:Appearance Boundary="20 30 60 8">'
        f"{bar(0, 0, 60, 8, '255 255 0')}</ofd:Appearance></ofd:Annot>"
    )
    assert "hidden-text" not in parts(annotated(text("正文"), annot))


def test_a_font_with_its_own_glyph_numbers_is_no_gap():
    mapping = (
        '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><ofd:Glyphs>7 8</ofd:Glyphs>'
        "</ofd:CGTransform>"
    )
    assert read(data=ofd(text("正文", inner=mapping)), name="a.ofd").gaps == ()


# --- what the page says


def test_letters_that_stand_close_are_one_word():
    assert body(ofd(letters(LEAK))) == LEAK


def test_a_word_that_is_stretched_evenly_stays_one_word():
    assert body(ofd(text("通知公告", step=9))) == "通知公告"


def test_a_gap_is_a_blank_and_a_wide_gap_parts_cells():
    spaced = text("甲乙丙丁").replace('DeltaX="5 5 5"', 'DeltaX="5 8 5"')
    wide = text("甲乙丙丁").replace('DeltaX="5 5 5"', 'DeltaX="5 40 5"')
    assert body(ofd(spaced)) == "甲乙 丙丁"
    assert body(ofd(wide)) == "甲乙\t丙丁"


def test_repeated_advances_are_understood():
    short = text("甲乙丙丁").replace('DeltaX="5 5 5"', 'DeltaX="g 2 5 8"')
    assert body(ofd(short)) == "甲乙丙 丁"


def test_lines_come_in_the_order_of_the_page_not_of_the_file():
    data = ofd(
        text("第三行", y=70) + text("后", x=60, y=30) + text("前", x=20, y=30) + text("二", y=50)
    )
    assert body(data).replace("\t", "") == "前后\n二\n第三行"


def test_characters_drawn_backwards_read_as_they_stand():
    back = text("321").replace('DeltaX="2.5 2.5"', 'DeltaX="-2.5 -2.5"')
    assert body(ofd(back)) == "123"


def test_text_drawn_twice_to_look_bold_is_told_once():
    assert body(ofd(text("加粗") + text("加粗", x=20.2))) == "加粗"


def test_text_that_runs_down_the_page_is_one_line():
    down = text("密封线内不要答题").replace("DeltaX", "DeltaY")
    assert body(ofd(down)) == "密封线内不要答题"


def test_rotated_text_is_read():
    assert body(ofd(text("旋转", CTM="0.7 0.7 -0.7 0.7 0 0"))) == "旋转"


def test_the_cells_of_a_table_know_their_titles():
    rows = [("姓名", "证件号码", "金额"), ("乔小平", ID, "100"), ("林志远", "", "200")]
    cells = "".join(
        text(cell, 20 + 60 * n, 40 + 10 * r)
        for r, row in enumerate(rows)
        for n, cell in enumerate(row)
        if cell
    )
    document = read(data=ofd(cells), name="a.ofd")
    part = next(part for part in document.parts if part.kind is PartKind.BODY)
    assert part.place_at(part.text.index(ID)).headers == ("证件号码",)
    assert part.place_at(part.text.index("200")).headers == ("金额",)
    assert label(part.place_at(part.text.index(ID)), part.kind, "zh") == "第1页 第2行"


def test_a_table_goes_on_over_the_page():
    top = "".join(text(t, 20 + 60 * n, 270) for n, t in enumerate(("姓名", "证件号码"))) + "".join(
        text(t, 20 + 60 * n, 280) for n, t in enumerate(("甲", "1"))
    )
    rest = "".join(
        text(t, 20 + 60 * n, 20 + 10 * r)
        for r, row in enumerate((("乔小平", ID), ("林志远", "2")))
        for n, t in enumerate(row)
    )
    document = read(data=packed(members(content(top), content(rest))), name="a.ofd")
    part = next(part for part in document.parts if part.kind is PartKind.BODY)
    assert part.place_at(part.text.index(ID)).headers == ("证件号码",)


def test_pages_are_numbered_in_the_order_of_the_document():
    found = members(content(text("甲")), content(text(LEAK)))
    document = str(found["Doc_0/Document.xml"])
    first, second = (f'<ofd:Page ID="10{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in (0, 1))
    found["Doc_0/Document.xml"] = document.replace(first + second, second + first)
    assert places(packed(found)) == {("body", "第1页 第1行")}


def test_text_in_blocks_and_composite_units_stands_where_they_put_it():
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="70" Width="100" Height="20">'
        f"<ofd:Content>{text('单元', 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits>"
    )
    objects = (
        f"<ofd:PageBlock ID='4'><ofd:PageBlock ID='5'>{text('块')}</ofd:PageBlock></ofd:PageBlock>"
        '<ofd:CompositeObject ID="6" ResourceID="70" Boundary="60 30 100 20"/>'
    )
    found = members(content(objects))
    found["Doc_0/PublicRes.xml"] = str(found["Doc_0/PublicRes.xml"]).replace(
        "</ofd:Res>", unit + "</ofd:Res>"
    )
    assert body(packed(found)) == "块\t单元"


def template(objects: str, page: str, pages: int = 1) -> bytes:
    """Return a document whose pages lie over a template."""
    common = '<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    front = '<ofd:Template TemplateID="50"/>'
    found = members(*[content(page, front=front)] * pages, common=common)
    found["Doc_0/Tpls/Tpl_0/Content.xml"] = content(objects)
    return packed(found)


def test_labels_of_a_template_stand_before_the_values_of_each_page():
    data = template(text("开户账号：") + text("内部表单", y=10), text("12345678", x=46), pages=2)
    assert body(data) == "内部表单\n开户账号：12345678\n开户账号：12345678"


def test_a_template_that_no_page_uses_is_hidden_text():
    found = members(content(text("正文")), common='<ofd:TemplatePage ID="50" BaseLoc="T.xml"/>')
    found["Doc_0/T.xml"] = content(text(LEAK))
    assert places(packed(found)) == {("hidden-text", "隐藏文字1 部件“TemplatePage 50”")}


# --- hiding places

HIDDEN = {
    "not visible": text(LEAK, Visible="false"),
    "transparent": text(LEAK, Alpha="0"),
    "transparent ink": text(LEAK, inner='<ofd:FillColor Value="0 0 0" Alpha="0"/>'),
    "not painted": text(LEAK, Fill="false"),
    "white on white": text(LEAK, inner=WHITE),
    "white in CMYK": text(LEAK, inner='<ofd:FillColor Value="0 0 0 0"/>'),
    "blue on blue": bar(0, 25, 210, 20, "0 0 120") + text(LEAK, inner='<ofd:FillColor Value="0 0 120"/>'),
    "under a bar": text(LEAK) + bar(15, 30, 150, 8),
    "under a thick line": text(LEAK)
    + '<ofd:PathObject ID="8" Boundary="15 30 150 8" LineWidth="8"><ofd:AbbreviatedData>M 0 4 L 150 4'
    "</ofd:AbbreviatedData></ofd:PathObject>",
    "right of the page": text(LEAK, x=240),
    "above the page": text(LEAK, y=-40),
    "outside its boundary": text(LEAK, Boundary="20 100 1 1").replace('X="0"', 'X="40"'),
    "clipped away": text(
        LEAK,
        inner="<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary='0 100 10 10'><ofd:AbbreviatedData>"
        "M 0 0 L 10 0 L 10 10 L 0 10 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>",
    ),
    "too small": text(LEAK, Size="0.2"),
    "shrunk by its matrix": text(LEAK, CTM="0.05 0 0 0.05 0 0"),
    "all on one spot": text(LEAK, step=0.001),
    "in a hidden block": f'<ofd:PageBlock ID="5" Visible="false">{text(LEAK)}</ofd:PageBlock>',
}  # fmt: skip


@pytest.mark.parametrize("way", HIDDEN)
def test_text_that_nobody_sees_is_hidden_text(way):
    assert places(ofd(text("正文", y=200) + HIDDEN[way])) == {("hidden-text", "隐藏文字1 第1页")}


def test_a_layer_with_white_parameters_hides_its_text():
    found = members(content(text(LEAK), layer=' DrawParam="30"'))
    params = (
        '<ofd:DrawParams><ofd:DrawParam ID="30" Relative="31"/><ofd:DrawParam ID="31">'
        f"{WHITE}</ofd:DrawParam></ofd:DrawParams></ofd:Res>"
    )
    found["Doc_0/PublicRes.xml"] = str(found["Doc_0/PublicRes.xml"]).replace("</ofd:Res>", params)
    assert {kind for kind, _ in places(packed(found))} == {"hidden-text"}


def test_a_bar_over_a_number_hides_the_number_only_and_its_label_is_context():
    data = ofd(text(f"身份证号：{ID}") + bar(44.9, 28, 100, 12))
    document = read(data=data, name="a.ofd")
    hidden = next(part for part in document.parts if part.kind is PartKind.HIDDEN_TEXT)
    assert (body(data), hidden.text) == ("身份证号：", ID)
    assert hidden.place_at(0).headers == ("身份证号",)


def test_a_number_half_under_a_bar_is_told_in_full():
    assert parts(ofd(text(ID) + bar(30, 28, 100, 12)))["hidden-text"].strip() == ID


def test_an_annotation_that_blackens_a_text_hides_it():
    annot = (
        '<ofd:Annot Type="Path" ID="1"><ofd:Appearance Boundary="15 30 180 8">'
        f"{bar(0, 0, 180, 8)}</ofd:Appearance></ofd:Annot>"
    )
    assert places(annotated(text(LEAK), annot)) == {("hidden-text", "隐藏文字1 第1页")}


def test_a_watermark_is_an_annotation_told_once():
    look = "".join(text("测试水印", 0, 40 * n, CTM="0.7 0.7 -0.7 0.7 0 0") for n in range(12))
    annot = (
        '<ofd:Annot Type="Watermark" ID="1" Creator="乙软件"><ofd:Remark>备注的话</ofd:Remark>'
        '<ofd:Parameters><ofd:Parameter Name="用途">校对</ofd:Parameter></ofd:Parameters>'
        f'<ofd:Appearance Boundary="0 0 210 297">{look}</ofd:Appearance></ofd:Annot>'
    )
    found = parts(annotated(text("正文"), annot))
    assert found["annotation"].split("\n")[:4] == ["备注的话", "用途: 校对", "乙软件", "测试水印"]
    assert "hidden-text" not in found


def test_an_annotation_is_placed_on_its_page():
    annot = f'<ofd:Annot Type="Stamp" ID="1"><ofd:Remark>{LEAK}</ofd:Remark></ofd:Annot>'
    assert places(annotated(text("正文"), annot)) == {("annotation", "注释 第1页 部件“Stamp”")}


def test_an_invisible_annotation_is_hidden_text():
    annot = f'<ofd:Annot Type="Stamp" ID="1" Visible="false"><ofd:Remark>{LEAK}</ofd:Remark></ofd:Annot>'
    assert {kind for kind, _ in places(annotated(text("正文"), annot))} == {"hidden-text"}


def test_document_information_and_custom_data_are_properties():
    info = (
        "<ofd:Title>标题</ofd:Title><ofd:Author>甲</ofd:Author><ofd:CreationDate>2026-01-05"
        "</ofd:CreationDate><ofd:Keywords><ofd:Keyword>关键词</ofd:Keyword></ofd:Keywords>"
        f'<ofd:CustomDatas><ofd:CustomData Name="购买方">{LEAK}</ofd:CustomData></ofd:CustomDatas>'
    )
    data = ofd(text("正文"), info=info)
    assert parts(data)["property"] == f"标题\n甲\n关键词\n购买方: {LEAK}\n"
    assert places(data) == {("property", "文档属性“购买方”")}


def test_outlines_bookmarks_permissions_and_actions_are_read():
    document = (
        f'<ofd:Outlines><ofd:OutlineElem Title="{LEAK}"><ofd:Actions><ofd:Action Event="CLICK">'
        '<ofd:URI URI="http://10.1.2.3/内网"/></ofd:Action></ofd:Actions></ofd:OutlineElem></ofd:Outlines>'
        '<ofd:Bookmarks><ofd:Bookmark Name="书签"/></ofd:Bookmarks>'
        '<ofd:Permissions><ofd:Edit>false</ofd:Edit><ofd:Print Printable="false"/></ofd:Permissions>'
    )
    found = parts(ofd(text("正文"), document=document))
    assert found["field"] == f"{LEAK}\n书签\n"
    assert found["link"].strip() == "http://10.1.2.3/内网"
    assert "Print  Printable=false" in found["property"]


def attached(name: str, data: str | bytes, visible: str = "true") -> bytes:
    """Return a document with an attachment."""
    found = members(
        content(text("正文")), document="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
    )
    found["Doc_0/Attachs/Attachments.xml"] = (
        f'{HEAD}<ofd:Attachments {NS}><ofd:Attachment ID="1" Name="底稿" Visible="{visible}">'
        f"<ofd:FileLoc>{name}</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
    )
    found[f"Doc_0/Attachs/{name}"] = data
    return packed(found)


def test_an_attachment_is_read_by_its_own_format():
    assert places(attached("名单.txt", LEAK, visible="false")) == {
        ("body", "“Doc_0/Attachs/名单.txt”内 第1行")
    }
    assert places(attached("内层.ofd", ofd(text(LEAK)))) == {
        ("body", "“Doc_0/Attachs/内层.ofd”内 第1页 第1行")
    }
    assert "底稿" in parts(attached("名单.txt", LEAK))["attachment"]


def test_attachments_nested_too_deep_are_a_gap():
    data = ofd(text(LEAK))
    for _ in range(4):
        data = attached("内层.ofd", data)
    document = read(data=data, name="a.ofd", limits=Limits(depth=2))
    assert Why.LIMIT in {gap.why for gap in document.gaps}


def test_custom_tags_and_extensions_are_data():
    document = "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags><ofd:Extensions>Ext.xml</ofd:Extensions>"
    found = members(content(text("正文")), document=document)
    found["Doc_0/Tags/CustomTags.xml"] = (
        f'{HEAD}<ofd:CustomTags {NS}><ofd:CustomTag NameSpace="http://t"><ofd:FileLoc>Tag.xml'
        "</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>"
    )
    found["Doc_0/Tags/Tag.xml"] = f'{HEAD}<t:文 xmlns:t="http://t"><t:号>{LEAK}</t:号></t:文>'
    found["Doc_0/Ext.xml"] = (
        f'{HEAD}<ofd:Extensions {NS}><ofd:Extension AppName="x"><ofd:Property Name="n">扩展的话'
        "</ofd:Property></ofd:Extension></ofd:Extensions>"
    )
    data = packed(found)
    assert places(data) == {("data", "内部数据 部件“Doc_0/Tags/Tag.xml”")}
    assert "扩展的话" in parts(data)["data"]


def test_comments_and_odd_attributes_are_data():
    data = ofd(f"<!-- {LEAK} -->" + text("正文", Name="描述：测试对象"))
    assert {kind for kind, _ in places(data)} == {"data"}
    assert "描述：测试对象" in parts(data)["data"]


def test_escaped_characters_are_told_unescaped_as_well():
    assert "甲乙" in parts(ofd(text(r"\7532\4e59")))["data"]


def test_each_document_of_a_container_is_read():
    found = members(content(text("甲")))
    second = members(content(text(LEAK)))
    for name, data in second.items():
        if name.startswith("Doc_0/"):
            found[name.replace("Doc_0", "Doc_1")] = data
    entry = str(found["OFD.xml"])
    more = "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    found["OFD.xml"] = entry.replace("</ofd:OFD>", more)
    assert places(packed(found)) == {("body", "“Doc_1”内 第1页 第1行")}


def test_text_of_older_versions_is_hidden_text():
    body_xml = '<ofd:Versions><ofd:Version ID="1" Index="1" BaseLoc="Doc_0/V1.xml"/></ofd:Versions>'
    found = members(content(text("正文")), body=body_xml)
    found["Doc_0/V1.xml"] = (
        f'{HEAD}<ofd:DocVersion {NS} ID="1" Name="旧版"><ofd:FileList/>'
        "<ofd:DocRoot>Document_old.xml</ofd:DocRoot></ofd:DocVersion>"
    )
    found["Doc_0/Document_old.xml"] = str(found["Doc_0/Document.xml"]).replace(
        "</ofd:Pages>", '<ofd:Page ID="7" BaseLoc="Pages/Old.xml"/></ofd:Pages>'
    )
    found["Doc_0/Pages/Old.xml"] = content(text(LEAK))
    assert places(packed(found)) == {("hidden-text", "隐藏文字1 部件“旧版” 第2页")}


# --- what is said to be missing


def pictured(name: str, resource: str = "") -> bytes:
    """Return a document whose second page shows a picture."""
    image = '<ofd:ImageObject ID="7" ResourceID="60" Boundary="10 10 50 50"/>'
    found = members(
        content(text("甲")),
        content(image),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
    )
    found["Doc_0/DocumentRes.xml"] = (
        f'{HEAD}<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="60" Type="Image">'
        f"<ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    if resource:
        found[f"Doc_0/Res/{name}"] = bytes.fromhex(resource)
    return packed(found)


def test_a_picture_is_a_gap_at_the_page_that_shows_it():
    gaps = read(data=pictured("i.jb2", "974a42320d0a1a0a00"), name="a.ofd").gaps
    (gap,) = [gap for gap in gaps if gap.why is Why.PICTURE]
    assert (gap.part, gap.place.page) == ("Doc_0/Res/i.jb2", 2)


def test_a_picture_that_is_missing_is_a_gap():
    (gap,) = read(data=pictured("i.png"), name="a.ofd").gaps
    assert (gap.why, gap.place.page) == (Why.DAMAGED, 2)


def test_a_page_that_is_missing_is_a_gap():
    found = members(content(text("甲")), content(text("乙")))
    del found["Doc_0/Pages/Page_1/Content.xml"]
    report = secreview.check(data=packed(found), name="a.ofd")
    assert [gap.why for gap in report.gaps] == [Why.DAMAGED]
    assert report.verdict == "incomplete"


def test_a_page_that_nothing_lists_is_hidden_text_and_the_readings_disagree():
    found = members(content(text("正文")))
    found["Doc_0/Pages/Page_9/Content.xml"] = content(text("身份证号：") + letters(ID, x=46))
    data = packed(found)
    assert places(data) == {("hidden-text", "隐藏文字1 “Doc_0/Pages/Page_9/Content.xml”内")}
    assert [gap.why for gap in read(data=data, name="a.ofd").gaps] == [Why.DISAGREE]


def test_text_codes_that_no_page_shows_are_told_and_the_readings_disagree():
    odd = f"<ofd:TextObject ID='1'><ofd:Other><ofd:TextCode X='0'>{LEAK}</ofd:TextCode></ofd:Other></ofd:TextObject>"
    data = ofd(text("正文") + odd)
    assert {kind for kind, _ in places(data)} == {"hidden-text"}
    assert [gap.why for gap in read(data=data, name="a.ofd").gaps] == [Why.DISAGREE]


def glyphs(words: str, numbers: str) -> str:
    """Return a text object that says which glyphs stand for its characters."""
    count = len(numbers.split())
    mapping = (
        f'<ofd:CGTransform CodePosition="0" CodeCount="{count}" GlyphCount="{count}"><ofd:Glyphs>'
        f"{numbers}</ofd:Glyphs></ofd:CGTransform>"
    )
    return text(words, inner=mapping)


@pytest.mark.parametrize(("numbers", "why"), [("5 6", []), ("6 5", [Why.DISAGREE])])
def test_glyphs_are_compared_with_those_of_the_font(numbers, why):
    found = members(content(glyphs("12", numbers)))
    found["Doc_0/PublicRes.xml"] = str(found["Doc_0/PublicRes.xml"]).replace(
        'FamilyName="宋体"/>', 'FamilyName="宋体"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font>'
    )
    found["Doc_0/Res/f.ttf"] = font({ord("1"): 5, ord("2"): 6})
    document = read(data=packed(found), name="a.ofd")
    assert [gap.why for gap in document.gaps] == why


def test_one_glyph_for_two_characters_is_a_disagreement():
    document = read(data=ofd(glyphs("12", "5 5")), name="a.ofd")
    assert [gap.why for gap in document.gaps] == [Why.DISAGREE]


def test_a_font_table_that_is_cut_off_has_no_lookup():
    data = font({65: 1})
    assert character_map(data)(65) == 1  # type: ignore[misc]
    assert all(character_map(data[:cut]) is None for cut in range(20))


def test_private_characters_are_a_disagreement():
    document = read(data=ofd(text("\ue001" * 20)), name="a.ofd")
    assert [gap.why for gap in document.gaps] == [Why.DISAGREE]


def test_a_font_is_skipped_and_a_file_with_its_name_is_not():
    found = members(content(text("正文")))
    found["Doc_0/Res/a.ttf"] = font({65: 1})
    found["Doc_0/Res/b.ttf"] = LEAK
    data = packed(found)
    rows = {row.locator: row.status for row in read(data=data, name="a.ofd").coverage}
    assert rows["Doc_0/Res/a.ttf"] is Status.SKIPPED
    assert len(places(data)) == 1


def der(tag: int, *inner: bytes) -> bytes:
    """Return a DER value."""
    joined = b"".join(inner)
    return bytes([tag, 0x82]) + len(joined).to_bytes(2, "big") + joined


def signed() -> dict[str, str | bytes]:
    """Return the members of a document with a signature and a seal."""
    found = members(
        content(text("正文")), body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>"
    )
    found["Doc_0/Signs/Signatures.xml"] = (
        f'{HEAD}<ofd:Signatures {NS}><ofd:Signature ID="s1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/>'
        "</ofd:Signatures>"
    )
    found["Doc_0/Signs/Sign_0/Signature.xml"] = (
        f'{HEAD}<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider ProviderName="某签章" Company="乙公司"/>'
        "<ofd:SignatureDateTime>20260105090000Z</ofd:SignatureDateTime><ofd:References><ofd:Reference "
        'FileRef="/Doc_0/Document.xml"><ofd:CheckValue>NSJFllgbktS0VZyEAdsSAhe5LSPka4PjHa/NKTBSNwU='
        "</ofd:CheckValue></ofd:Reference></ofd:References></ofd:SignedInfo><ofd:SignedValue>SignedValue.dat"
        "</ofd:SignedValue></ofd:Signature>"
    )
    found["Doc_0/Signs/Sign_0/SignedValue.dat"] = der(
        0x30, der(0x0C, "某市某局公章".encode()), der(0x31, der(0x0C, "乔小平".encode())),
        der(0x04, der(0x30, der(0x13, b"CN=signer"))),
    )  # fmt: skip
    return found


def test_a_signature_names_signer_and_seal_and_the_coverage_says_signed():
    document = read(data=packed(signed()), name="a.ofd")
    words = "\n".join(part.text for part in document.parts if part.id == "signatures")
    for word in ("某签章", "乙公司", "某市某局公章", "乔小平", "CN=signer"):
        assert word in words
    rows = {row.locator: row for row in document.coverage}
    assert rows["Doc_0/Signs/Signatures.xml"].reason == "signed"
    assert document.gaps == ()


def test_a_signed_value_that_is_no_signature_is_a_gap():
    found = signed() | {"Doc_0/Signs/Sign_0/SignedValue.dat": b"\x99" * 40}
    assert [gap.why for gap in read(data=packed(found), name="a.ofd").gaps] == [Why.UNSUPPORTED]


# --- encrypted, damaged, hostile


def test_a_container_whose_pages_are_encrypted_is_encrypted():
    found = members(content(text("正文")))
    found["Encryptions.xml"] = f"{HEAD}<ofd:Encryptions {NS}/>"
    found["Doc_0/Pages/Page_0/Content.xml"] = b"\x8f\x12" * 99
    with pytest.raises(Encrypted):
        read(data=packed(found), name="a.ofd")
    found["Doc_0/Document.xml"] = b"\x8f\x12" * 99
    with pytest.raises(Encrypted):
        read(data=packed(found), name="a.ofd")
    del found["OFD.xml"], found["Doc_0/Document.xml"]
    with pytest.raises(Encrypted):
        read(data=packed({**found, "decryptseed.dat": b"x"}), name="a.ofd")


def test_single_encrypted_members_are_gaps():
    found = members(content(text("正文")))
    found["Encryptions.xml"] = f"{HEAD}<ofd:Encryptions {NS}/>"
    found["Encrypt/1.dat"] = b"\x8f\x12" * 99
    document = read(data=packed(found), name="a.ofd")
    assert {gap.why for gap in document.gaps} == {Why.ENCRYPTED}


def test_other_namespaces_names_in_chinese_and_lower_case_are_understood():
    found = members(content(text("你好呀")))
    page = found.pop("Doc_0/Pages/Page_0/Content.xml")
    found["文档/页.xml"] = str(page).replace("2016", "").replace("ofd:", "o:").replace(":ofd", ":o")
    found["Doc_0/Document.xml"] = str(found["Doc_0/Document.xml"]).replace(
        "Pages/Page_0/Content.xml", "/文档/页.xml"
    )
    found["ofd.xml"] = found.pop("OFD.xml")
    found["doc_0/document.xml"] = found.pop("Doc_0/Document.xml")
    assert body(packed(found)) == "你好呀"


def test_a_dtd_is_refused_loudly():
    found = members(content(text("正文")))
    page = str(found["Doc_0/Pages/Page_0/Content.xml"])
    found["Doc_0/Pages/Page_0/Content.xml"] = page.replace(
        "?>", '?><!DOCTYPE a [<!ENTITY e "x">]>', 1
    )
    gaps = read(data=packed(found), name="a.ofd").gaps
    assert any("DTD" in gap.detail for gap in gaps)


def test_a_container_without_a_usable_entry_is_read_raw():
    found = members(content(text(LEAK))) | {"OFD.xml": "<broken"}
    data = packed(found)
    assert {kind for kind, _ in places(data)} == {"hidden-text"}
    assert Why.DAMAGED in {gap.why for gap in read(data=data, name="a.ofd").gaps}


def test_units_that_contain_one_another_end():
    unit = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        + f'<ofd:CompositeObject ResourceID="{(n - 69) % 3 + 70}" Boundary="0 0 9 9"/>' * 30
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in (70, 71, 72)
    )
    found = members(content('<ofd:CompositeObject ResourceID="70" Boundary="0 0 9 9"/>'))
    found["Doc_0/PublicRes.xml"] = f"{HEAD}<ofd:Res {NS}>{unit}</ofd:Res>"
    gaps = read(data=packed(found), name="a.ofd").gaps
    assert [gap.why for gap in gaps] == [Why.LIMIT, Why.LIMIT]  # too deep, and too many


def test_more_pages_than_the_limit_are_a_gap():
    data = packed(members(*[content(text("甲"))] * 3))
    document = read(data=data, name="a.ofd", limits=Limits(pages=2))
    assert Why.LIMIT in {gap.why for gap in document.gaps}


def test_odd_numbers_do_no_harm():
    odd = text("正文", CTM="1e999 nan x 1 0 0", Size="inf", Alpha="-3", HScale="0")
    odd += text("又", Boundary="1e308 1 1e308 1e308").replace(
        'DeltaX=""', 'DeltaX="g 99999999999 1 g"'
    )
    odd += (
        "<ofd:PathObject Fill='true'><ofd:FillColor Value='1 2'/><ofd:AbbreviatedData>M L C 1 M 1"
    )
    odd += "</ofd:AbbreviatedData></ofd:PathObject>"
    document = read(data=ofd(odd + text("完", y=99)), name="a.ofd")
    assert "完" in "".join(part.text for part in document.parts)


def sample() -> bytes:
    """Return a document with something of each kind."""
    annot = f'<ofd:Annot Type="Watermark" ID="1"><ofd:Appearance Boundary="0 0 99 99">{text("水印")}</ofd:Appearance></ofd:Annot>'
    found = signed()
    page = content(
        text("正文批注") + letters("逐字") + bar(1, 1, 5, 5) + text("藏", Visible="false")
    )
    extra = {name: data for name, data in found.items() if name.startswith("Doc_0/Signs")}
    extra |= {"OFD.xml": found["OFD.xml"], "Doc_0/Pages/Page_0/Content.xml": page}
    return annotated("", annot, **extra)


SAMPLE = sample()


@settings(max_examples=150, deadline=None)
@given(
    cut=st.integers(0, len(SAMPLE)),
    flips=st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=12),
)
def test_any_bytes_give_a_document_or_a_read_error(cut, flips):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECREVIEW_IN_PROCESS", "1")
        data = bytearray(SAMPLE)
        for at, value in flips:
            data[at] = value
        for changed in (bytes(data), bytes(data[: len(data) - cut])):
            try:
                assert isinstance(read(data=changed, name="a.ofd"), Document)
            except ReadError as error:
                assert "批注" not in str(error)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 4000), noise=st.text(alphabet='<>/"= 0g-#甲', max_size=6))
def test_any_xml_of_a_page_gives_a_document(at, noise):
    page = content(text("正文") + bar(1, 1, 5, 5) + letters("逐字"))
    at %= len(page)
    with pytest.MonkeyPatch.context() as patch, contextlib.nullcontext():
        patch.setenv("SECREVIEW_IN_PROCESS", "1")
        document = read(data=packed(members(page[:at] + noise + page[at + 3 :])), name="a.ofd")
    assert any(part.kind is PartKind.BODY for part in document.parts)


@settings(max_examples=60, deadline=None)
@given(
    words=st.text(alphabet="甲乙丙12 ab★：", min_size=1, max_size=20).filter(str.strip),
    cut=st.integers(0, 20),
)
def test_a_text_reads_the_same_however_it_is_cut_into_objects(words, cut):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECREVIEW_IN_PROCESS", "1")
        whole, single = body(ofd(text(words))), body(ofd(letters(words)))
    assert whole.replace(" ", "") == single.replace(" ", "")


MUST = {
    "helloworld.ofd": ("body", "你好呀"),
    "hello_watermark.ofd": ("annotation", "保密资料"),
    "1-1.ofd": ("annotation", "这是第一次水印"),
    "areaholder_fields.ofd": ("body", "姓名\n生日"),
    "multiKeywordInTextCode.ofd": ("body", "哈哈"),
    "namespace_no_std.ofd": ("body", "你好呀"),
    "chineseDir.ofd": ("body", "你好呀"),
    "AddAttachment.ofd": ("attachment", "eg_tulip.jpg"),
}


@pytest.mark.skipif(not FIXTURES.exists(), reason="real files are not part of the project")
@pytest.mark.parametrize("name", MUST)
def test_real_files_give_what_they_hide(name):
    kind, words = MUST[name]
    assert words in parts((FIXTURES / name).read_bytes(), name)[kind]


@pytest.mark.skipif(not FIXTURES.exists(), reason="real files are not part of the project")
def test_a_real_signed_file_says_so():
    document = read(FIXTURES / "DigitalSign.ofd")
    assert any(
        "Signatures.xml" in row.locator and row.reason == "signed" for row in document.coverage
    )
