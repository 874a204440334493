"""Paper: every field is there, nothing leaks, everything fits, what was written is read back."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

import secreview
from secreview.api import paper
from secreview.model import Bilingual, Severity
from secreview.outputs.messages import message
from secreview.outputs.paper import rows, web, word
from secreview.outputs.paper.entries import KEYS, entries, entries_csv, entries_json
from secreview.outputs.paper.page import Cell, Line, Table
from secreview.outputs.paper.statistics import statistics
from secreview.review.event import Head
from secreview.review.forms.balance import balance
from secreview.review.forms.form import SHIPPED, form_named
from secreview.review.forms.grid import MANUAL, filled, rows_of
from secreview.review.forms.known import Kept, Known
from secreview.review.record import (
    Decision,
    Emergency,
    Opinion,
    Phase,
    Publication,
    Role,
    Ruling,
)
from tests.review.build import FORM, HEAD, SECRECY, Case, file, finding, report
from tests.review.test_known import SITE, WECHAT, YEAR, decided, published

CHECKPOINT = Head(41, "cd" * 32)
MORE = {
    "number": "临环发〔2026〕8号", "index": "LH0310-2026-00012", "summary": "明确月报的编制单位。",
    "made": "2026-02-27", "planned": "2026-03-06", "carrier": "公文类", "original": "摘编",
    "source": "监测站", "class": "环境质量", "type": "公告", "third-party": "否",
    "involves": "个人隐私、其他", "note": "随文公开附件", "validity": "有效",
}  # fmt: skip


def full(case=None):
    """Return a published record with every line of its form stated."""
    form = replace(FORM, title="水质月报编制办法", channel="政府网站、微信公众号", more=MORE)
    return replace(published(SITE, case=case), submission=form)


def cells_of(page):
    return [cell.text for table in page.tables for line in table.lines for cell in line.cells]


def text_in(data):
    """Return all text of a DOCX, in the order of its XML."""
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", xml))


def test_the_review_form_carries_every_line_that_real_forms_carry():
    page = paper.review_form(full(), checkpoint=CHECKPOINT)
    text = text_in(word.docx(page))
    for label in (
        "政府信息公开保密审查表", "填表日期：2026年3月2日", "拟公开信息", "承办人", "信息名称",
        "文　　号", "索 引 号", "载体形式", "原件/摘编", "附　　件", "生成日期", "拟公开时间",
        "拟公开方式", "公开属性", "目录分类", "内容概述", "是否涉及", "是否征求", "不主动公开",
        "机器检查", "科室初审", "保密审查", "合法性审查", "领导审定", "处理结果", "发 布 人",
        "发布网址", "发布时间", "备　　注",
    ):  # fmt: skip
        assert label in text, label
    for value in (*(v for k, v in MORE.items() if k not in ("type", "validity", "involves")),
                  "水质月报编制办法", "水环境科", SITE, "栏目：环境质量"):  # fmt: skip
        assert value in text, value


def test_boxes_are_ticked_for_what_was_stated_and_for_nothing_else():
    text = "\n".join(cells_of(paper.review_form(full())))
    ticked = re.findall(r"☑([^　□☑\n]+)", text)
    assert ticked == [
        "公文类", "摘编", "政府网站", "其他：微信公众号", "主动公开", "个人隐私", "其他敏感信息", "否",
    ]  # fmt: skip
    bare = "\n".join(cells_of(paper.review_form(replace(full(), submission=FORM))))
    assert re.findall(r"☑([^　□☑\n]+)", bare) == ["政府网站", "主动公开"]


def test_each_opinion_stands_with_name_and_day_and_the_rest_leaves_room():
    case = Case()
    case.sign(HEAD, "section", remark="数据已核对")
    cells = cells_of(paper.review_form(case.record))
    assert "公开。数据已核对\n签名：乔二（身份由本人申报）　　2026年3月2日" in cells
    assert sum("签名：　" in cell for cell in cells) == 3


def test_a_refusal_shows_its_ground_in_words():
    record = decided(Decision.WITHHOLD, ground="G4", remark="涉及企业未公开的工艺").record
    cells = cells_of(paper.review_form(record))
    assert any("不予公开（G4 保护第三方合法权益）。涉及企业未公开的工艺" in cell for cell in cells)
    assert "不予公开（保护第三方合法权益）" in cells


def test_power_handed_on_is_visible():
    case = Case()
    case.sign(HEAD, "section")
    from tests.review.build import DEPUTY

    case.hand(SECRECY, "secrecy", DEPUTY)
    case.sign(DEPUTY, "secrecy")
    assert any("莫七（受 shao 委托）" in cell for cell in cells_of(paper.review_form(case.record)))


def test_the_machine_is_quoted_by_counts_and_titles_and_never_by_what_it_found():
    page_file = file("有号码")
    found = replace(
        finding("k1", page_file, Severity.NOTE), severity=Severity.REVIEW,
        title=Bilingual("疑似手机号码", "mobile"), masked="138****0001",
    )  # fmt: skip
    case = Case(report(page_file, found), files=(page_file,))
    for data in (word.docx(paper.review_form(case.record)),
                 web.html(paper.review_form(case.record)).encode()):  # fmt: skip
        text = text_in(data) if data[:2] == b"PK" else data.decode()
        assert "疑似：疑似手机号码 1" in text
        assert "138" not in text
    assert "机器提示不是定密结论" in "".join(cells_of(paper.review_form(case.record)))


def test_below_stand_the_digests_of_the_bytes_and_the_end_of_the_log():
    files = (file("一"), *(file(f"附{n}", Role.ATTACHMENT) for n in range(4)))
    record = Case(files=files).record
    notes = "\n".join(paper.review_form(record, checkpoint=CHECKPOINT).notes)
    for sha256 in (files[0].sha256, files[2].sha256, record.version.digest, CHECKPOINT.digest):
        assert sha256 in notes
    assert "另有 2 个文件" in notes
    assert "第 41 条" in notes


def test_remarks_count_what_was_out_of_the_ordinary():
    case = Case()
    case.sign(HEAD, "section", Decision.RETURN, remark="附件不全请补齐")
    case.revise(files=(file("二"),))
    assert cells_of(paper.review_form(case.record))[-1] == "退回 1 次；第 2 稿"


@pytest.mark.parametrize("name", ["bureau", "company", "three-reviews"])
def test_the_form_of_every_flow_has_a_place_for_each_stage_in_both_languages(name):
    record = Case(name=name).record
    for lang in ("zh", "en"):
        text = "".join(cells_of(paper.review_form(record, lang=lang)))
        assert all(stage.title.in_(lang) in text for stage in record.flow.stages)
        assert word.docx(paper.review_form(record, lang=lang))


def crowded(name, words, files=6):
    """Return a record in which everything is as long as it can get."""
    bundle = (file("一"), *(file(f"附{n}", Role.ATTACHMENT) for n in range(files - 1)))
    titles = [
        Bilingual(f"疑似某一类名称较长的敏感信息{n}", f"something or other {n}") for n in range(9)
    ]
    found = [replace(finding(f"f{n}", bundle[0]), title=title) for n, title in enumerate(titles)]
    record = Case(
        report(bundle[0], *found), *map(report, bundle[1:]), name=name, files=bundle
    ).record
    at, digest = record.begun, record.version.digest
    said = {
        "remark": words,
        "ground": "G2",
        "person": words,
        "behalf": words,
        "auth": "self-asserted",
    }
    return replace(
        record,
        id=words,
        submission=replace(
            FORM, title=words, unit=words, drafter=words, reason=words, column=words, channel=words,
            more={**dict.fromkeys(MORE, words), "involves": "国家秘密、工作秘密、商业秘密、个人隐私"},
        ),
        standing=tuple(
            Opinion(stage.id, "x", stage.role, Decision.WITHHOLD, at, digest, **said)
            for stage in record.flow.stages
        ),
        decision=Ruling(Decision.WITHHOLD, "x", at, digest, "G2", words),
        publications=(Publication("https://" + words, digest, words, at),),
        versions=record.versions * 12,
        emergency=Emergency(("x", "y"), (words, words), at, digest),
    )  # fmt: skip


FLOWS = ("bureau", "company", "three-reviews")


@given(st.text(max_size=900), st.sampled_from(FLOWS))
def test_no_words_make_the_form_longer_than_its_page_holds(words, name):
    page = paper.review_form(crowded(name, words), checkpoint=CHECKPOINT)
    assert sum(map(len, cells_of(page))) <= 2_000  # one page of A4 when set small
    assert len(page.lead) <= 80
    assert all(len(note) <= 100 for note in page.notes)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice lays out the page")
def test_the_fullest_form_of_every_flow_prints_on_one_page(tmp_path):
    for name in FLOWS:
        page = paper.review_form(crowded(name, "国" * 900), checkpoint=CHECKPOINT)
        (tmp_path / f"{name}.docx").write_bytes(word.docx(page))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*command, *tmp_path.glob("*.docx")], check=True, capture_output=True)
    pages = {path.stem: len(PdfDocument(path)) for path in tmp_path.glob("*.pdf")}
    assert pages == dict.fromkeys(FLOWS, 1)


@settings(max_examples=10)  # a document takes a tenth of a second
@given(st.text(max_size=60))
def test_any_words_make_a_document_that_opens(words):
    form = replace(FORM, title=words, reason=words, more={"note": words})
    page = paper.review_form(replace(Case().record, submission=form))
    Document(io.BytesIO(word.docx(page)))
    assert "<script" not in web.html(page)


def test_the_document_says_nothing_about_who_or_what_made_it():
    data = word.docx(paper.review_form(full()))
    found = secreview.check(data=data, name="审查表.docx")
    assert found.gaps == ()
    assert [f.rule for f in found.findings if f.category == "hidden"] == []
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


class Outline(HTMLParser):
    """The tags of a page, balanced."""

    def __init__(self):
        super().__init__()
        self.open, self.sources = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "col", "br"):
            self.open.append(tag)
        self.sources += [v for k, v in attributes if k in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_web_page_is_whole_and_loads_nothing():
    for page in (paper.review_form(full()), statistics_page("2019")):
        outline = Outline()
        outline.feed(web.html(page))
        assert (outline.open, outline.sources) == ([], [])


def test_markup_in_a_title_stays_text():
    form = replace(FORM, title="<b onclick=x>&月报")
    page = web.html(paper.review_form(replace(Case().record, submission=form)))
    assert "&lt;b onclick=x&gt;&amp;月报" in page


def statistics_page(name, **values):
    kept = Kept((), date(2027, 1, 9))
    return statistics(form_named(name), Known(values, {}), kept, YEAR)


@given(st.data(), st.sampled_from(tuple(SHIPPED)))
def test_numbers_written_to_a_spreadsheet_are_read_back_as_they_were(data, name):
    form = form_named(name)
    cells = [cell for cell, *_ in form.cells()]
    values = data.draw(st.dictionaries(st.sampled_from(cells), st.integers(0, 10**9)))
    document = secreview.read(text=rows.separated(statistics_page(name, **values)), name="f.csv")
    given_back = filled(form, *rows_of(document))
    assert {k: v for k, v in given_back.values.items() if v is not None} == values
    assert (given_back.missing, given_back.bad) == ((), ())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_form_saved_as_word_or_web_page_is_read_back(name, tmp_path):
    form = form_named(name)
    values = {cell: n for n, (cell, *_) in enumerate(form.cells()) if n % 3}
    page = statistics_page(name, **values)
    (tmp_path / "f.docx").write_bytes(word.docx(page))
    (tmp_path / "f.html").write_text(web.html(page), "utf-8")
    for path in tmp_path.iterdir():
        found = paper.filled_at(path)
        assert found.form.id == name
        assert {k: v for k, v in found.values.items() if v is not None} == values
        assert (found.missing, found.bad, found.unread) == ((), (), 0)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_form_without_records_leaves_everything_to_people(name):
    page = statistics_page(name)
    assert cells_of(page).count(MANUAL) == len(list(form_named(name).cells()))
    assert "没有审查记录，各项均由人工填报。" in page.notes
    document = secreview.read(text=rows.separated(page), name="f.csv")
    assert not balance(filled(form_named(name), *rows_of(document))).is_whole


def test_a_form_says_from_which_day_on_records_know_and_what_they_show_of_the_rest():
    kept = Kept((published(SITE),), date(2027, 1, 9))
    known, page = paper.fill(form_named("2018"), kept, YEAR, unit="临河市生态环境局")
    assert known.values == {}
    notes = "\n".join(page.notes)
    assert "审查记录自 2026-03-02 起" in notes
    assert "主动公开政府信息数(不同渠道和方式公开相同信息计1条) 1" in notes
    assert "统计期内记录中首次公开：1 条，政府网站 1" in notes
    whole = replace(kept, since=date(2026, 1, 1))
    assert paper.fill(form_named("2018"), whole, YEAR)[0].values["A1"] == 1


def test_the_labels_of_the_national_form_are_printed_to_the_letter():
    cells = cells_of(statistics_page("2021"))
    for label in ("第二十条第（一）项", "行政规范性文件", "本年收费金额（单位：万元）",
                  "3.危及“三安全一稳定”", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
                  "未经复议直接起诉"):  # fmt: skip
        assert label in cells


def test_rows_and_columns_that_cells_span_leave_room_for_the_others():
    table = Table((1, 1, 1), (
        Line((Cell("a", down=2), Cell("b", span=2))), Line((Cell("c"), Cell("d"))), Line((Cell("e", span=3),)),
    ))  # fmt: skip
    assert [[(at, cell.text) for at, cell in row] for row in table.placed()] == [
        [(0, "a"), (1, "b")], [(1, "c"), (2, "d")], [(0, "e")],
    ]  # fmt: skip


def test_the_catalogue_lists_what_everybody_may_read_and_nothing_else():
    withheld = decided(Decision.WITHHOLD, ground="G4").record
    down = replace(published(SITE), phase=Phase.WITHDRAWN)
    rows_made = list(entries([withheld, down, full(), Case().record], YEAR))
    assert len(rows_made) == 1
    row = rows_made[0]
    assert set(row) == set(KEYS)
    assert (row["index"], row["title"], row["attribute"]) == (
        "LH0310-2026-00012", "水质月报编制办法", "公开",
    )  # fmt: skip
    assert (row["published"], row["address"], row["validity"]) == ("2026-03-02", SITE, "有效")
    assert json.loads(entries_json(rows_made))["entries"] == [dict(row)]
    lines = entries_csv(rows_made, "zh").removeprefix("\ufeff").split("\r\n")
    assert lines[0].startswith("索引号,信息名称,文号,发布机构,生成日期,公开日期,公开属性")


@pytest.mark.parametrize("text", ["=1+1", "+A1", "@SUM(1)", "-x", "\t=1", "=cmd|' /C calc'!A0"])
def test_nothing_in_a_spreadsheet_is_taken_for_a_formula(text):
    form = replace(full().submission, title=text)
    made = entries_csv(list(entries([replace(full(), submission=form)], YEAR)), "zh")
    assert f"'{text[:2]}" in made


def test_a_period_in_which_nothing_was_published_is_reported_too():
    _, page = paper.self_inspection(Kept((), date(2027, 1, 9)), YEAR, unit="临河市生态环境局")
    assert "本期无拟公开信息，特此报告。" in page.notes
    assert "无" in cells_of(page)


def test_the_self_inspection_names_grounds_channels_and_problems():
    records = (
        published(SITE, WECHAT), decided(Decision.WITHHOLD, ground="G6").record, Case().record,
    )  # fmt: skip
    kept = Kept(records, date(2027, 1, 9))
    _, page = paper.self_inspection(kept, YEAR, late=["r1"], unit="临河市生态环境局")
    lines = [" ".join(c.text for c in line.cells) for t in page.tables for line in t.lines]
    for line in ("报送审查 3 件", "公开 1 件", "G6 属于四类过程性信息 1 件", "政府网站 1 件",
                 "政务微信 1 件", "尚未办结 1 件"):  # fmt: skip
        assert line in lines, line
    assert any(line.startswith("超过期限尚未办理") for line in lines)
    text = rows.text(page)
    assert text.index("一、审查情况") < text.index("七、整改情况")


def test_every_message_of_paper_says_the_same_in_both_languages():
    from secreview.outputs.messages.paper import PAPER

    for key, (zh, en) in PAPER.items():
        assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), key
        assert len(zh.split("|")) == len(en.split("|")), key
        assert message(key, "zh") == zh
