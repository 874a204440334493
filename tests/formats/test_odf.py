"""OpenDocument files: silence first, then every place in which a text hides, then damaged ones."""

import base64
import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import secreview
from secreview.api import read
from secreview.errors import Encrypted, ReadError
from secreview.formats.protocol import Limits
from secreview.model import Document, PartKind, Status, Why
from secreview.outputs.places import label
from tests.build import resident_id
from tests.formats.build_odf import (
    HEAD,
    NS,
    box,
    cell,
    content,
    flat,
    manifest,
    members,
    odf,
    p,
    row,
    slide,
    table,
)
from tests.formats.build_ofd import packed

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
SHARED = Path(__file__).parents[3] / "shared/fixtures"
FIXTURE = Path(os.environ.get("SECREVIEW_FIXTURES", SHARED)) / "odt/testODFwithOOo3.odt"


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    """Read here: a child process for each example would only make the tests slow."""
    monkeypatch.setenv("SECREVIEW_IN_PROCESS", "1")


def parts(data: bytes, name: str = "a.odt") -> dict[str, str]:
    """Return the text of the parts by kind."""
    found: dict[str, str] = {}
    for part in read(data=data, name=name).parts:
        found[str(part.kind)] = f"{found.get(str(part.kind), '')}{part.text}\n"
    return found


def places(data: bytes, name: str = "a.odt") -> set[tuple[str, str]]:
    """Return kind and place, as a person reads it, of the identity number."""
    report = secreview.check(data=data, name=name)
    return {
        (str(f.kind), label(f.place, f.kind, "zh"))
        for f in report.findings
        if f.rule == "personal/resident-id"
    }


def part_of(data: bytes, kind: PartKind):
    return next(part for part in read(data=data, name="a.odt").parts if part.kind is kind)


# --- silence


@pytest.mark.parametrize(
    "data",
    [
        odf(p("关于公示的通知") + p("请各单位认真落实。", "dark")),
        odf(table(row("指标", "数值"), row("优良天数", "331")), "spreadsheet"),
        odf(slide(box("工作汇报")), "presentation"),
        flat(p("关于公示的通知")),
    ],
    ids=["text", "sheet", "show", "flat"],
)
def test_an_ordinary_document_is_clear_and_fully_read(data):
    report = secreview.check(data=data, name="a")
    assert (report.verdict, report.gaps, report.findings) == ("clear", (), ())
    assert {row.status for row in report.coverage} <= {Status.READ, Status.SKIPPED}


def test_the_vocabulary_of_the_format_is_no_text_of_the_document():
    assert set(parts(odf(p("通知")))) == {"name", "body"}


@pytest.mark.parametrize(
    "paragraph",
    [
        p('<text:span text:style-name="white">白字</text:span>', "dark"),
        table(row(cell("白字", style_name="blue"))),
        f"<text:p>{box('').replace('<text:p></text:p>', p('白字', 'pale'))}</text:p>",
    ],
    ids=["paragraph", "cell", "shape"],
)
def test_white_text_on_a_ground_is_seen(paragraph):
    assert "hidden-text" not in parts(odf(paragraph))


def test_white_text_on_a_slide_with_a_filled_shape_is_seen():
    text = p("白字", "pale")
    shapes = '<draw:rect draw:style-name="full" svg:width="9cm"/>' + box("").replace(
        "<text:p></text:p>", text
    )
    assert parts(odf(slide(shapes), "presentation"))["body"].strip() == "白字"


# --- what is read in its place


def test_spaces_tabs_and_line_breaks_are_read_as_they_are_seen():
    text = "甲<text:s text:c='2'/>乙<text:tab/>丙<text:line-break/>丁\n  戊"
    assert parts(odf(p(text)))["body"] == "甲  乙\t丙\n丁 戊\n"


def test_a_number_split_over_spans_is_one_number():
    split = p(f"身份证号{ID[:7]}<text:span>{ID[7:]}</text:span>")
    assert places(odf(split)) == {("body", "第1段")}


def test_lists_headings_and_indexes_are_body():
    body = (
        "<text:h>标题</text:h><text:list><text:list-item>"
        + p("一项")
        + "</text:list-item></text:list>"
        "<text:table-of-content><text:table-of-content-source><text:index-title-template>目录模板"
        f"</text:index-title-template></text:table-of-content-source><text:index-body>{p('标题 1')}"
        "</text:index-body></text:table-of-content>"
    )
    found = parts(odf(body))
    assert found["body"] == "标题\n一项\n标题 1\n"
    assert "目录模板" in found["data"]


def test_pages_are_counted_where_the_file_records_them():
    body = p("甲") + "<text:soft-page-break/>" + p(LEAK)
    assert places(odf(body)) == {("body", "第2页 第2段")}


def test_the_cells_of_a_table_know_their_titles():
    data = odf(table(row("姓名", "证件号码"), row("乔小平", ID), row("林志远", "已核")))
    part = part_of(data, PartKind.BODY)
    place = part.place_at(part.text.index(ID))
    assert (place.headers, label(place, part.kind, "zh")) == (("证件号码",), "表1 第2行第2列")


def test_titles_over_several_columns_and_cells_over_several_rows_hold():
    rows = [
        row(cell("姓名"), cell("证件", number_columns_spanned="2"), "<table:covered-table-cell/>"),
        row(cell("乔小平", number_rows_spanned="2"), cell("身份证"), cell("1")),
        row("<table:covered-table-cell/>", cell("护照"), cell("2")),
    ]
    part = part_of(odf(table(*rows)), PartKind.BODY)
    assert part.place_at(part.text.index("护照")).headers == ("证件",)
    assert part.place_at(part.text.rindex("2")).headers == ("证件",)


def test_a_table_inside_a_cell_is_a_table():
    inner = f"<table:table-cell>{table(row(LEAK))}</table:table-cell>"
    assert places(odf(table(row("外", inner)))) == {("body", "表2 第1行第1列")}


# --- hiding places of a text document

CHANGES = (
    "<text:tracked-changes><text:changed-region text:id='c1'><text:{kind}><office:change-info>"
    "<dc:creator>乔小平</dc:creator><dc:date>2026-01-05T09:00:00</dc:date></office:change-info>{text}"
    "</text:{kind}></text:changed-region></text:tracked-changes>"
)
FRAME = "<draw:frame draw:name='{name}'>{inside}</draw:frame>"
TEXTS = {
    "inserted": (
        CHANGES.format(kind="insertion", text="")
        + p(f"甲<text:change-start text:change-id='c1'/>{LEAK}<text:change-end text:change-id='c1'/>"),
        "inserted", "修订插入1 第1段",
    ),
    "inserted over paragraphs": (
        CHANGES.format(kind="insertion", text="")
        + "<text:change-start text:change-id='c1'/>" + p("甲") + p(LEAK) + "<text:change-end text:change-id='c1'/>",
        "inserted", "修订插入2 第2段",
    ),
    "deleted": (
        CHANGES.format(kind="deletion", text=p(LEAK)) + p("甲<text:change text:change-id='c1'/>乙"),
        "deleted", "修订删除1 第1段",
    ),
    "deleted, place lost": (CHANGES.format(kind="deletion", text=p(LEAK)) + p("甲"), "deleted", "修订删除1"),
    "comment": (p(f"甲<office:annotation><dc:creator>乙</dc:creator>{p(LEAK)}</office:annotation>"), "comment", "批注1 第1段"),
    "footnote": (
        p(f"甲<text:note text:note-class='footnote'><text:note-body>{p(LEAK)}</text:note-body></text:note>"),
        "footnote", "脚注1",
    ),
    "endnote": (
        p(f"甲<text:note text:note-class='endnote'><text:note-body>{p(LEAK)}</text:note-body></text:note>"),
        "endnote", "尾注1",
    ),
    "hidden by style": (p(f'甲<text:span text:style-name="hide">{LEAK}</text:span>'), "hidden-text", "隐藏文字1 第1段"),
    "white": (p(f'甲<text:span text:style-name="heir">{LEAK}</text:span>'), "hidden-text", "隐藏文字1 第1段"),
    "white paragraph": (p(LEAK, "pale"), "hidden-text", "隐藏文字1 第1段"),
    "tiny": (p(f'甲<text:span text:style-name="tiny">{LEAK}</text:span>'), "hidden-text", "隐藏文字1 第1段"),
    "hidden text field": (p(f'甲<text:hidden-text text:string-value="{LEAK}"/>'), "hidden-text", "隐藏文字1 第1段"),
    "conditional text": (
        p(f'甲<text:conditional-text text:string-value-if-true="{LEAK}">乙</text:conditional-text>'),
        "hidden-text", "隐藏文字1 第1段",
    ),
    "hidden paragraph": (p(f'{LEAK}<text:hidden-paragraph text:is-hidden="true"/>'), "hidden-text", "隐藏文字1 第1段"),
    "hidden section": (f'<text:section text:display="none">{p(LEAK)}</text:section>', "hidden-text", "隐藏文字1 第1段"),
    "section that its condition hides": (
        f'<text:section text:display="condition" text:is-hidden="true">{p(LEAK)}</text:section>',
        "hidden-text", "隐藏文字1 第1段",
    ),
    "hidden variable": (
        p(f'甲<text:variable-set text:display="none" office:string-value="{LEAK}"/>'), "hidden-text", "隐藏文字1 第1段",
    ),
    "hidden row": (table(row("甲", "乙"), row("丙", LEAK, visibility="collapse")), "hidden-text", "隐藏文字2 表1 第2行第2列"),
    "hidden column": (
        table(row("甲", LEAK), before='<table:table-column/><table:table-column table:visibility="collapse"/>'),
        "hidden-text", "隐藏文字1 表1 第1行第2列",
    ),
    "merged away": (
        table(row("甲", f"<table:covered-table-cell>{p(LEAK)}</table:covered-table-cell>")),
        "hidden-text", "隐藏文字1 表1 第1行第2列",
    ),
    "between paragraphs": (p("甲") + LEAK, "hidden-text", "隐藏文字"),
    "text box": (p(box(LEAK)), "textbox", "文本框1"),
    "shape": (p(f"<draw:custom-shape>{p(LEAK)}</draw:custom-shape>"), "textbox", "文本框1"),
    "title": (p(FRAME.format(name="图", inside=f"<svg:title>{LEAK}</svg:title>")), "alt-text", "替代文字 第1段"),
    "description": (p(FRAME.format(name="图", inside=f"<svg:desc>{LEAK}</svg:desc>")), "alt-text", "替代文字 第1段"),
    "name of a shape": (p(FRAME.format(name=LEAK, inside="")), "alt-text", "替代文字 第1段"),
    "user field": (
        f'<text:user-field-decls><text:user-field-decl office:string-value="{LEAK}" text:name="n"/></text:user-field-decls>',
        "field", "域、公式或名称",
    ),
    "formula": (p(f'<text:expression text:formula="{LEAK}">1</text:expression>'), "field", "域、公式或名称"),
    "placeholder": (p(f'<text:placeholder text:description="{LEAK}">填写</text:placeholder>'), "data", "内部数据 第1段"),
    "index mark": (p(f'甲<text:alphabetical-index-mark text:string-value="{LEAK}"/>'), "data", "内部数据 第1段"),
    "ruby": (p(f"<text:ruby><text:ruby-base>甲</text:ruby-base><text:ruby-text>{LEAK}</text:ruby-text></text:ruby>"),
             "data", "内部数据 第1段"),
    "drop-down": (p(f'<text:drop-down><text:label text:value="{LEAK}"/>甲</text:drop-down>'), "form", "表单 第1段"),
    "form": (
        f'<office:forms><form:form><form:text form:name="栏" form:current-value="{LEAK}"/></form:form></office:forms>',
        "form", "表单 部件“栏”",
    ),
    "name of a table": (table(row("甲"), name=LEAK), "alt-text", "替代文字 表1"),
    "name of a section": (f'<text:section text:name="{LEAK}">{p("甲")}</text:section>', "data", "内部数据"),
    "value for machines": (f'<text:p xmlns:x="http://www.w3.org/1999/xhtml" x:content="{LEAK}">甲</text:p>', "data", "内部数据"),
    "script": (p(f"<text:script>{LEAK}</text:script>"), "script", "脚本"),
    "xml comment": (p("甲") + f"<!-- {LEAK} -->", "data", "内部数据"),
    "embedded table data": (
        f"<table:table><table:table-row><table:table-cell office:string-value='{LEAK}'/></table:table-row></table:table>",
        "hidden-text", "隐藏文字1 表1 第1行第1列",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", TEXTS)
def test_a_leak_in_each_hiding_place_of_a_text_is_found_and_named(way):
    body, kind, words = TEXTS[way]
    found = places(odf(body + p("正文没有问题。")))
    if kind == "inserted":  # it is in the text as well
        found = {(k, place) for k, place in found if k != "body"}
    assert {k for k, _ in found} == {kind}
    assert all(place.startswith(words) for _, place in found)


@pytest.mark.parametrize("way", TEXTS)
def test_hiding_places_are_the_same_in_a_flat_file(way):
    body, kind, _ = TEXTS[way]
    found = {k for k, _ in places(flat(body + p("正文没有问题。")), "a.fodt")}
    assert found == {kind} | ({"body"} if kind == "inserted" else set())


def test_deleted_and_hidden_text_are_not_in_the_body():
    for way in ("deleted", "hidden by style", "hidden section", "hidden row", "white"):
        assert ID not in parts(odf(TEXTS[way][0]))["body"]


def test_authors_of_changes_and_comments_are_properties():
    body = TEXTS["deleted"][0] + TEXTS["comment"][0]
    assert parts(odf(body))["property"].split() == ["乔小平", "乙"]


def test_links_and_macros_are_links():
    body = p(
        '<text:a xlink:href="file:///D:/%E5%86%85%E7%BD%91/a.odt" office:title="说明">甲</text:a>'
        "<draw:frame><office:event-listeners><script:event-listener "
        'xlink:href="vnd.sun.star.script:M.x"/></office:event-listeners></draw:frame>'
    )
    links = parts(odf(body))["link"]
    for word in ("file:///D:/内网/a.odt", "说明", "vnd.sun.star.script:M.x"):
        assert word in links


def test_headers_and_footers_are_read_and_those_switched_off_are_hidden():
    master = f"<style:header>{p('页眉的话')}</style:header><style:footer>{p(LEAK)}</style:footer>"
    assert places(odf(p("正文"), master=master)) == {("footer", "页脚1")}
    assert parts(odf(p("正文"), master=master))["header"].strip() == "页眉的话"
    off = f'<style:header-left style:display="false">{p(LEAK)}</style:header-left>'
    assert {kind for kind, _ in places(odf(p("正文"), master=off))} == {"hidden-text"}


def test_properties_are_read_and_own_ones_named():
    own = f'<meta:user-defined meta:name="经办人">{LEAK}</meta:user-defined><dc:creator>甲</dc:creator>'
    assert places(odf(p("正文"), meta=own)) == {("property", "文档属性“经办人”")}
    inside = f"<office:meta>{own}</office:meta>"
    assert places(flat(p("正文"), inside=inside), "a.fodt") == {("property", "文档属性“经办人”")}


def test_settings_with_words_are_data():
    item = '<config:config-item config:name="{}" config:type="{}">{}</config:config-item>'
    binary = base64.b64encode("\0\0打印机二楼\0".encode("utf-16-le")).decode()
    inside = item.format("PrinterName", "string", "局办公室打印机") + item.format(
        "Zoom", "short", "100"
    )
    inside += item.format("PrinterSetup", "base64Binary", binary)
    settings_xml = f"{HEAD}<office:document-settings {NS}><office:settings>{inside}</office:settings></office:document-settings>"
    data = parts(odf(p("正文"), extra={"settings.xml": settings_xml}))["data"]
    assert "局办公室打印机" in data
    assert "打印机二楼" in data
    assert "100" not in data


def test_macros_are_scripts():
    doctype = '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">'
    module = f"{HEAD}{doctype}<script:module xmlns:script='http://openoffice.org/2000/script'>REM {LEAK}</script:module>"
    extra = {"Basic/Standard/Module1.xml": module, "Scripts/python/a.py": f"# {LEAK}"}
    data = odf(p("正文"), extra=extra)
    assert {kind for kind, _ in places(data)} == {"script"}
    assert len(places(data)) == 2
    assert read(data=data, name="a.odt").gaps == ()


def test_an_earlier_version_is_read_as_the_document_it_is():
    listed = f'{HEAD}<VL:version-list xmlns:VL="v"><VL:version-entry VL:comment="第一稿" VL:creator="甲"/></VL:version-list>'
    data = odf(p("正文"), extra={"Versions/Version1": odf(p(LEAK)), "VersionList.xml": listed})
    assert places(data) == {("body", "“Versions/Version1”内 第1段")}
    assert "第一稿" in parts(data)["property"]


def test_objects_inside_are_documents_of_their_own():
    sheet = content(table(row("甲", LEAK), name="表"), "spreadsheet")
    data = odf(p("正文"), extra={"Object 1/content.xml": sheet})
    assert places(data) == {("sheet", "“Object 1”内 工作表“表” B1")}


def test_a_chart_tells_its_titles_and_its_data():
    chart = f"<chart:title xmlns:chart='c'>{p('图题')}</chart:title>" + table(row("甲", LEAK))
    data = odf(p("正文"), extra={"Object 1/content.xml": content(chart, "chart")})
    assert {kind for kind, _ in places(data)} == {"body"}
    assert "图题" in parts(data)["body"]


def test_a_formula_with_a_document_type_of_old_times_is_read():
    doctype = '<!DOCTYPE math:math PUBLIC "-//OpenOffice.org//DTD Modified W3C MathML 1.01//EN" "math.dtd">'
    formula = f"{HEAD}{doctype}<math:math xmlns:math='m'><math:mi>{LEAK}</math:mi></math:math>"
    data = odf(p("正文"), extra={"Object 1/content.xml": formula})
    assert {kind for kind, _ in places(data)} == {"body"}
    assert read(data=data, name="a.odt").gaps == ()


@pytest.mark.parametrize(
    "name", ["Pictures/1.jb2", "Thumbnails/thumbnail.jb2", "ObjectReplacements/Object 1"]
)
def test_pictures_are_gaps(name):
    gaps = read(data=odf(p("正文"), extra={name: b"\x97JB2\r\n\x1a\n\0\1\2"}), name="a.odt").gaps
    assert [(gap.part, gap.why) for gap in gaps] == [(name, Why.PICTURE)]


def test_a_picture_in_base64_is_a_gap_where_it_stands():
    data = base64.b64encode(b"\x97JB2\r\n\x1a\n\0\1\2").decode()
    frame = f"<draw:frame><draw:image><office:binary-data>{data}</office:binary-data></draw:image></draw:frame>"
    (gap,) = read(data=flat(p("甲") + p(frame)), name="a.fodt").gaps
    assert (gap.why, label(gap.place, PartKind.BODY, "zh")) == (
        Why.PICTURE,
        "第2段 “binary-data 1”内",
    )


def test_a_document_in_base64_is_read():
    data = base64.b64encode(odf(p(LEAK))).decode()
    frame = f"<draw:frame><draw:object-ole><office:binary-data>{data}</office:binary-data></draw:object-ole></draw:frame>"
    assert places(flat(p(frame)), "a.fodt") == {("body", "“binary-data 1”内 第1段")}


def test_a_signature_names_who_signed_and_the_coverage_says_signed():
    signature = f"{HEAD}<s:document-signatures xmlns:s='s'><X509SubjectName>CN=乔小平</X509SubjectName></s:document-signatures>"
    document = read(
        data=odf(p("正文"), extra={"META-INF/documentsignatures.xml": signature}), name="a.odt"
    )
    assert any("乔小平" in part.text for part in document.parts if part.kind is PartKind.PROPERTY)
    assert any(row.reason == "signed" for row in document.coverage)


def test_files_that_do_not_belong_are_read_by_their_own_format():
    assert {
        kind for kind, _ in places(odf(p("正文"), extra={"x/名单.csv": f"姓名,证件号码\n甲,{ID}"}))
    } == {"body"}


# --- spreadsheets


def ods(*sheets: str, extra: str = "") -> bytes:
    return odf("".join(sheets) + extra, "spreadsheet")


HEADS = row("姓名", "证件号码", "备注")
SHEETS = {
    "cell": (table(HEADS, row("甲", ID, "无")), "sheet", "工作表“名单” B2"),
    "hidden sheet": (table(HEADS, row("甲", ID, "无"), style_name="away"), "hidden-sheet", "隐藏工作表 工作表“名单” B2"),
    "collapsed row": (table(HEADS, row("甲", ID, "无", visibility="collapse")), "hidden-cells", "隐藏行列 工作表“名单” B2"),
    "filtered row": (table(HEADS, row("甲", ID, "无", visibility="filter")), "hidden-cells", "隐藏行列 工作表“名单” B2"),
    "closed group": (
        table(HEADS, f'<table:table-row-group table:display="false">{row("甲", ID, "无")}</table:table-row-group>'),
        "hidden-cells", "隐藏行列 工作表“名单” B2",
    ),
    "hidden column": (
        table(HEADS, row("甲", ID, "无"), before='<table:table-column/><table:table-column table:visibility="collapse"/>'),
        "hidden-cells", "隐藏行列 工作表“名单” B2",
    ),
    "white on white": (table(HEADS, row("甲", cell(ID, style_name="ink"), "无")), "hidden-cells", "隐藏行列 工作表“名单” B2"),
    "white by the style of the column": (
        table(HEADS, row("甲", ID, "无"),
              before='<table:table-column/><table:table-column table:default-cell-style-name="ink"/><table:table-column/>'),
        "hidden-cells", "隐藏行列 工作表“名单” B2",
    ),
    "value that is not shown": (
        table(HEADS, row("甲", f'<table:table-cell office:value-type="string" office:string-value="{ID}"/>', "无")),
        "hidden-cells", "隐藏行列 工作表“名单” B2",
    ),
    "merged away": (
        table(HEADS, row("甲", f"<table:covered-table-cell>{p(ID)}</table:covered-table-cell>", "无")),
        "hidden-cells", "隐藏行列 工作表“名单” B2",
    ),
    "comment": (
        table(HEADS, row("甲", f"<table:table-cell><office:annotation>{p(LEAK)}</office:annotation></table:table-cell>")),
        "comment", "批注1 工作表“名单” B2",
    ),
    "formula": (table(HEADS, row("甲", f'<table:table-cell table:formula="of:=&quot;{LEAK}&quot;"/>')), "field", "域、公式或名称"),
    "text box": (table(HEADS, row("甲", f"<table:table-cell>{box(LEAK)}</table:table-cell>")), "textbox", "文本框1"),
    "shape on the sheet": (table(HEADS, before=f"<table:shapes>{box(LEAK)}</table:shapes>"), "textbox", "文本框1"),
    "between rows": (table(HEADS, LEAK + row("甲")), "hidden-text", "隐藏文字"),
}  # fmt: skip


@pytest.mark.parametrize("way", SHEETS)
def test_a_leak_in_each_hiding_place_of_a_spreadsheet_is_found_and_named(way):
    sheet, kind, words = SHEETS[way]
    ((found, place),) = places(ods(sheet), "a.ods")
    assert found == kind
    assert place.startswith(words)


@pytest.mark.parametrize("way", SHEETS)
def test_hiding_places_are_the_same_in_a_flat_spreadsheet(way):
    sheet, kind, _ = SHEETS[way]
    assert {k for k, _ in places(flat(sheet, "spreadsheet"), "a.fods")} == {kind}


BESIDE = {
    "condition of a format": f'<c:conditional-formats xmlns:c="c"><c:condition c:value="{LEAK}"/></c:conditional-formats>',
    "condition": f'<table:content-validations><table:content-validation table:condition="{LEAK}"/></table:content-validations>',
    "message": f"<table:content-validations><table:content-validation><table:help-message>{p(LEAK)}</table:help-message>"
    "</table:content-validation></table:content-validations>",
    "named expression": f'<table:named-expressions><table:named-expression table:name="n" table:expression="{LEAK}"/></table:named-expressions>',
    "pivot table": f'<table:data-pilot-tables><table:data-pilot-table><table:data-pilot-member table:name="{LEAK}"/></table:data-pilot-table></table:data-pilot-tables>',
}


@pytest.mark.parametrize("way", BESIDE)
def test_what_stands_beside_the_sheets_is_read(way):
    assert {kind for kind, _ in places(ods(table(HEADS), extra=BESIDE[way]), "a.ods")} == {"field"}


def test_database_connections_are_links():
    extra = (
        '<table:database-ranges><table:database-range table:name="d"><table:database-source-sql '
        'table:database-name="户籍库" table:sql-statement="select * from t"/></table:database-range></table:database-ranges>'
    )
    assert "户籍库\nselect * from t" in parts(ods(table(HEADS), extra=extra))["link"]


def test_earlier_content_of_cells_is_deleted_text():
    extra = (
        "<table:tracked-changes><table:cell-content-change><table:cell-address table:column='1' table:row='1' table:table='0'/>"
        "<office:change-info><dc:creator>乔小平</dc:creator></office:change-info><table:previous>"
        f"<table:change-track-table-cell>{p(LEAK)}</table:change-track-table-cell></table:previous>"
        "</table:cell-content-change></table:tracked-changes>"
    )
    data = ods(extra, table(HEADS))
    assert places(data, "a.ods") == {("deleted", "修订删除1 第2行第2列")}
    assert "乔小平" in parts(data)["property"]


def test_cells_know_the_title_that_is_hidden_with_them():
    part = part_of(ods(SHEETS["hidden column"][0]), PartKind.HIDDEN_CELLS)
    assert part.place_at(part.text.index(ID)).headers == ("证件号码",)


def test_a_number_that_is_shown_short_is_read_in_full():
    number = f'<table:table-cell office:value-type="float" office:value="13900001234">{p("1.39E+10")}</table:table-cell>'
    assert "13900001234" in parts(ods(table(row("手机"), row(number))))["sheet"]
    money = f'<table:table-cell office:value-type="float" office:value="1234567">{p("1,234,567")}</table:table-cell>'
    assert "1234567" not in parts(ods(table(row(money))))["sheet"]


def test_repeats_are_told_once_and_columns_after_them_keep_their_letters():
    rows = [row("姓名", "证件号码"), row(cell("", number_columns_repeated="700"), cell(ID)),
            row("甲", number_rows_repeated="1000000"), row("乙", "末")]  # fmt: skip
    data = ods(table(*rows))
    part = part_of(data, PartKind.SHEET)
    assert part.text.count("甲") == 1
    assert label(part.place_at(part.text.index("末")), part.kind, "zh") == "工作表“名单” B1000003"
    assert places(data, "a.ods") == {("sheet", "工作表“名单” ZY2")}


def test_a_title_repeated_over_a_few_columns_names_each_of_them():
    part = part_of(
        ods(table(row("姓名", cell("电话", number_columns_repeated="2")), row("甲", "1", "2"))),
        PartKind.SHEET,
    )
    assert part.place_at(part.text.index("2")).headers == ("电话",)


def test_huge_repeats_of_rows_and_columns_cost_nothing():
    filled = cell("x" * 90, number_columns_repeated="16384")
    data = ods(table(*[row(filled, number_rows_repeated="1048576")] * 200))
    started = time.monotonic()
    document = read(data=data, name="a.ods")
    assert sum(len(part.text) for part in document.parts) < 1_000_000
    assert time.monotonic() - started < 20


# --- presentations


SHOWS = {
    "slide": (slide("") + slide(box(LEAK)), "body", "第2张幻灯片"),
    "hidden slide": (slide("") + slide(box(LEAK), "off"), "hidden-text", "隐藏文字1 第2张幻灯片"),
    "notes": (slide(f"<presentation:notes>{box(LEAK)}</presentation:notes>"), "notes", "演讲者备注 第1张幻灯片"),
    "comment": (slide(f"<office:annotation>{p(LEAK)}</office:annotation>"), "comment", "批注1 第1张幻灯片"),
    "beside the slide": (slide(box(LEAK, x="29cm")), "hidden-text", "隐藏文字1 第1张幻灯片"),
    "group": (slide(f"<draw:g><draw:g>{box(LEAK)}</draw:g></draw:g>"), "body", "第1张幻灯片"),
    "table": (slide(f"<draw:frame>{table(row('甲', LEAK))}</draw:frame>"), "body", "第1张幻灯片 表1 第1行第2列"),
    "description": (slide(box("甲", inside=f"<svg:desc>{LEAK}</svg:desc>")), "alt-text", "替代文字 第1张幻灯片"),
    "white on white": (slide(box("").replace("<text:p></text:p>", p(LEAK, "pale"))), "hidden-text", "隐藏文字1 第1张幻灯片"),
}  # fmt: skip


@pytest.mark.parametrize("way", SHOWS)
def test_a_leak_in_each_hiding_place_of_a_presentation_is_found_and_named(way):
    body, kind, words = SHOWS[way]
    ((found, place),) = places(odf(body, "presentation"), "a.odp")
    assert found == kind
    assert place.startswith(words)


def test_the_text_of_master_slides_is_data():
    assert {
        kind for kind, _ in places(odf(slide(""), "presentation", master=box(LEAK)), "a.odp")
    } == {"data"}


def test_the_pages_of_a_drawing_are_pages():
    assert places(odf(slide(box(LEAK)), "drawing"), "a.odg") == {("body", "第1页")}


# --- encrypted, damaged, hostile


def test_an_encrypted_document_is_encrypted():
    found = members(p("正文")) | {
        "META-INF/manifest.xml": manifest(sealed=("content.xml",)),
        "content.xml": b"\x91" * 99,
    }
    with pytest.raises(Encrypted):
        read(data=packed(found), name="a.odt")
    whole = {"mimetype": "application/vnd.oasis.opendocument.text", "encrypted-package": b"\x91" * 99,
             "META-INF/manifest.xml": manifest(sealed=("encrypted-package",))}  # fmt: skip
    with pytest.raises(Encrypted):
        read(data=packed(whole), name="a.odt")


def test_a_single_encrypted_member_is_a_gap():
    found = members(p("正文")) | {
        "META-INF/manifest.xml": manifest(sealed=("Basic/a.xml",)),
        "Basic/a.xml": b"\x91" * 99,
    }
    gaps = read(data=packed(found), name="a.odt").gaps
    assert [(gap.part, gap.why) for gap in gaps] == [("Basic/a.xml", Why.ENCRYPTED)]


def test_declared_entities_are_refused_loudly():
    found = members(p("正文"))
    found["content.xml"] = str(found["content.xml"]).replace(
        "?>", '?><!DOCTYPE a [<!ENTITY e "x">]>', 1
    )
    gaps = read(data=packed(found), name="a.odt").gaps
    assert any("DTD" in gap.detail for gap in gaps)


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_broken_xml_is_read_as_far_as_it_goes_and_is_a_gap(kind):
    body = p(LEAK) if kind == "text" else table(HEADS, row("甲", ID, ""))
    found = members(body, kind)
    found["content.xml"] = str(found["content.xml"]).replace("</office:body>", "</oops>")
    data = packed(found)
    assert len(places(data)) == 1
    assert Why.DAMAGED in {gap.why for gap in read(data=data, name="a.odt").gaps}


def test_content_that_is_missing_is_a_gap():
    found = members(p("正文"))
    del found["content.xml"]
    assert {gap.why for gap in read(data=packed(found), name="a.odt").gaps} == {Why.DAMAGED}


def test_text_that_no_part_has_is_told_and_the_readings_disagree(monkeypatch):
    from secreview.formats import odf_blocks

    monkeypatch.setattr(odf_blocks.Blocks, "stray", lambda *given: None)
    data = odf(p("正文") + LEAK)
    assert {kind for kind, _ in places(data)} == {"data"}
    assert [gap.why for gap in read(data=data, name="a.odt").gaps] == [Why.DISAGREE]


def test_a_package_without_its_media_type_is_still_an_open_document():
    found = members(p(LEAK))
    del found["mimetype"]
    assert places(packed(found), "a.bin") == {("body", "第1段")}


def test_deeply_nested_content_gives_a_document_or_a_read_error():
    deep = "<text:span>" * 240 + LEAK + "</text:span>" * 240
    with contextlib.suppress(ReadError):
        assert ID in "".join(part.text for part in read(data=odf(p(deep)), name="a.odt").parts)
    lists = "<text:list><text:list-item>" * 110 + p(LEAK) + "</text:list-item></text:list>" * 110
    with contextlib.suppress(ReadError):
        assert ID in "".join(part.text for part in read(data=odf(lists), name="a.odt").parts)


def test_versions_nested_too_deep_are_a_gap():
    data = odf(p(LEAK))
    for _ in range(4):
        data = odf(p("正文"), extra={"Versions/Version1": data})
    gaps = read(data=data, name="a.odt", limits=Limits(depth=2)).gaps
    assert Why.LIMIT in {gap.why for gap in gaps}


def sample(kind: str) -> bytes:
    """Return a document with something of each kind."""
    bodies = {
        "text": "".join(body for body, _, _ in TEXTS.values()),
        "spreadsheet": "".join(sheet for sheet, _, _ in SHEETS.values()) + "".join(BESIDE.values()),
        "presentation": "".join(body for body, _, _ in SHOWS.values()),
    }
    return odf(bodies[kind] + "批注", kind)


SAMPLES = {kind: sample(kind) for kind in ("text", "spreadsheet", "presentation")}


@pytest.mark.parametrize("kind", SAMPLES)
@settings(max_examples=60, deadline=None)
@given(
    cut=st.integers(0, 4000),
    flips=st.lists(st.tuples(st.integers(0, 5999), st.integers(0, 255)), max_size=12),
)
def test_any_bytes_give_a_document_or_a_read_error(kind, cut, flips):
    whole = SAMPLES[kind]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECREVIEW_IN_PROCESS", "1")
        data = bytearray(whole)
        for at, value in flips:
            data[at % len(data)] = value
        for changed in (bytes(data), bytes(data[: len(data) - cut])):
            try:
                assert isinstance(read(data=changed, name="a.odt"), Document)
            except ReadError as error:
                assert "批注" not in str(error)


@pytest.mark.parametrize("kind", SAMPLES)
@settings(max_examples=60, deadline=None)
@given(
    at=st.integers(0, 20000),
    noise=st.text(alphabet='<>/"= 09-#甲', max_size=6),
    width=st.integers(0, 40),
)
def test_any_xml_gives_a_document_or_a_read_error(kind, at, noise, width):
    bodies = {"text": TEXTS, "spreadsheet": SHEETS, "presentation": SHOWS}
    xml = flat("".join(found[0] for found in bodies[kind].values()), kind).decode()
    at %= len(xml)
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(ReadError):
        patch.setenv("SECREVIEW_IN_PROCESS", "1")
        data = (xml[:at] + noise + xml[at + width :]).encode()
        assert isinstance(read(data=data, name="a.fodt"), Document)


@pytest.mark.skipif(not FIXTURE.exists(), reason="real files are not part of the project")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (PartKind.PROPERTY, "Bart Hanssens"),
        (PartKind.COMMENT, "Tika is part of the Lucene project"),
        (PartKind.DELETED, "complex"),
    ],
)
def test_a_real_file_gives_what_it_hides(kind, words):
    document = read(FIXTURE)
    assert any(words in part.text for part in document.parts if part.kind is kind)
    assert Why.DISAGREE not in {gap.why for gap in document.gaps}


def test_text_in_the_automatic_colour_is_seen_whatever_opacity_stands_beside_it():
    body = f"<text:p><text:span text:style-name='automatic'>{LEAK}</text:span></text:p>"
    assert {kind for kind, _ in places(odf(body))} == {"body"}
    clear = body.replace("automatic", "clear")
    assert {kind for kind, _ in places(odf(clear))} == {"hidden-text"}
