"""JSON, XML and scripts: what a site hands out beside its pages, escapes written out."""

import io
import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import secreview
from secreview.api import configured
from secreview.config import Config
from secreview.errors import ReadError
from secreview.formats.escapes import unescaped
from secreview.model import PartKind, Status, Verdict, Why
from secreview.outputs.places import label
from tests.build import resident_id

ID = resident_id("522601", "19850312", "101")
MOBILE = "13812345678"


def check(name: str, data: str | bytes):
    return secreview.check(data=data.encode() if isinstance(data, str) else data, name=name)


def rules(report):
    return [finding.rule for finding in report.findings]


def test_an_ordinary_search_index_is_clear():
    index = {
        "config": {"lang": ["zh"]},
        "docs": [{"location": "zwgk/", "title": "机构职能", "text": "办公电话：0855-0000000"}],
    }
    assert check("search_index.json", json.dumps(index)).verdict is Verdict.CLEAR


def test_an_escaped_search_index_is_read_as_its_visitors_read_it():
    text = json.dumps({"docs": [{"title": "公示", "text": f"身份证号：{ID}"}]})
    assert "\\u8eab" in text
    (finding,) = check("search_index.json", text).findings
    assert label(finding.place, finding.kind, "zh") == "第1行 部件“docs[0].text”"
    assert ID not in finding.before + finding.masked + finding.after


def test_a_chinese_key_is_the_title_of_its_value():
    data = [{"姓名": "甲某", "社保卡号": "A12345678"}, {"名称": "甲", "批次": "A12345678"}]
    found = check("a.json", json.dumps(data, ensure_ascii=False, indent=1)).findings
    assert [(f.category, f.place.line) for f in found] == [("personal", 4)]


def test_a_number_is_a_value_too():
    assert "personal/mobile" in rules(check("a.json", json.dumps({"phone": int(MOBILE)})))


def test_json_and_web_pages_inside_strings_are_read_in_turn():
    inner = json.dumps([{"type": "paragraph", "value": f"手机 {MOBILE}"}])
    (first,) = check("a.json", json.dumps({"body": inner})).findings
    assert label(first.place, first.kind, "zh").endswith("“body[0].value”")
    page = f"<p>手机<b>138</b>12345678</p><!-- 身份证号：{ID} -->"
    found = check("a.json", json.dumps({"html": page})).findings
    assert {(f.rule, f.kind) for f in found} == {
        ("personal/mobile", PartKind.BODY),
        ("personal/resident-id", PartKind.MARKUP),
    }


@pytest.mark.parametrize(
    "text",
    [
        f'callback({{"a": "身份证号：{ID}"}})',
        f'// 身份证号：{ID}\n{{"a": 1}}',
        f'{{"a": "身份证号：{ID}", "b": [1, 2',
        f'{{"a": "身份证号：{ID}"}}\n{{"a": 2}}\n',
        f'{{"a": "身份证号：{ID}',
        "[" * 200_000 + f'"身份证号：{ID}"',
    ],
)
def test_json_that_is_wrapped_cut_off_or_deep_is_read_as_far_as_it_goes(text):
    assert rules(check("data.json", text)) == ["personal/resident-id"]


@given(
    st.recursive(
        st.text(st.sampled_from("甲乙a1 <&\\\"'{[\n"), max_size=12) | st.integers(0, 10**12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("kv键"), inner),
        max_leaves=8,
    ),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_every_string_of_any_json_is_in_some_part(value, is_ascii):
    marked = {"x": value, "y": "甲乙丙丁戊"}
    document = secreview.read(
        data=json.dumps(marked, ensure_ascii=is_ascii).encode(), name="a.json"
    )
    assert any("甲乙丙丁戊" in part.text for part in document.parts)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(data):
    for name in ("a.json", "a.xml", "a.js"):
        try:
            assert secreview.read(data=data, name=name).parts
        except ReadError:
            continue


def test_a_feed_is_read_with_its_pages_links_and_comments():
    feed = (
        '<?xml version="1.0" encoding="utf-8"?><rss><channel><title>通知公告</title><item>'
        f"<description>&lt;p&gt;身份证号：{ID}&lt;/p&gt;</description>"
        f"<link>https://www.example.gov.cn/a?phone={MOBILE}</link></item></channel>"
        f"<!-- 手机 {MOBILE} --></rss>"
    )
    found = check("feed.xml", feed).findings
    assert {(f.rule, f.kind) for f in found} >= {
        ("personal/resident-id", PartKind.BODY),
        ("personal/mobile", PartKind.MARKUP),
    }


def test_a_sitemap_of_ordinary_pages_is_clear():
    sitemap = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>'
        "<loc>https://www.example.gov.cn/art/2026/3/12/art_1229_4567890.html</loc>"
        "<lastmod>2026-03-12</lastmod></url></urlset>"
    )
    assert check("sitemap.xml", sitemap).verdict is Verdict.CLEAR


def test_xml_with_a_dtd_or_faults_is_searched_as_text_and_never_clear():
    for text in (f'<!DOCTYPE a [<!ENTITY b "c">]><a>身份证号：{ID}</a>', f"<a>身份证号：{ID}"):
        report = check("a.xml", f'<?xml version="1.0"?>{text}')
        assert rules(report) == ["personal/resident-id"]
        assert [gap.why for gap in report.gaps] == [Why.DAMAGED]


def test_a_script_is_read_with_its_escapes_and_keeps_its_lines():
    escaped = "".join(f"\\u{ord(c):04x}" for c in "身份证号：")
    (finding,) = check("app.js", f'var a = 1;\nvar b = "{escaped}{ID}";\n').findings
    assert (finding.place.line, finding.kind) == (2, PartKind.SCRIPT)
    page = f'<html><script>var b = "{escaped}{ID}"</script></html>'
    assert rules(check("a.html", page)) == ["personal/resident-id"]


@given(st.text(max_size=200))
def test_escapes_come_back_as_what_they_were_made_of(text):
    assert unescaped(json.dumps(text)[1:-1]).count("\n") == 0
    plain = "".join(c for c in text if c > "\x7f" and c.isprintable())
    assert unescaped(json.dumps(plain)[1:-1]) == plain


def test_fonts_icons_and_the_positions_of_a_source_map_are_passed_over_and_listed():
    table = struct.pack(">4sIII", b"glyf", 0, 28, 8) + bytes(8)
    for font in (
        b"wOF2\0\1\0\0" + struct.pack(">I", 68) + bytes(56),
        b"\0\1\0\0\0\1" + bytes(6) + table,
    ):
        report = check("a.font", font)
        assert (report.verdict, report.coverage[0].status) == (Verdict.CLEAR, Status.SKIPPED)
        for other in (font + f"身份证号：{ID}".encode(), font[:-4], font[:7]):
            assert check("a.font", other).verdict is not Verdict.CLEAR
    stream = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(stream, "ICO", sizes=[(32, 32)])
    report = check("favicon.ico", stream.getvalue())
    assert (report.verdict, report.coverage[0].kind) == (Verdict.CLEAR, "icon")
    source = {"version": 3, "sourcesContent": [f"// 身份证号：{ID}"], "mappings": f",A{MOBILE}"}
    (finding,) = check("app.js.map", json.dumps(source)).findings
    assert (finding.rule, finding.kind) == ("personal/resident-id", PartKind.SCRIPT)


def test_the_profile_for_sites_lets_recognised_pictures_pass_and_says_so(tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(stream, "PNG")
    (tmp_path / "a.png").write_bytes(stream.getvalue())
    assert secreview.check(tmp_path / "a.png").verdict is Verdict.INCOMPLETE
    options = configured(Config(), "site")
    report = secreview.check(tmp_path / "a.png", options=options)
    assert report.verdict is Verdict.CLEAR
    assert [gap.why for gap in report.allowed] == [Why.APPROXIMATE]


def test_a_drawing_that_hides_behind_the_name_of_its_root_is_not_clear():
    drawing = f'<!DOCTYPE s [<!ENTITY a "{ID[:9]}">]><s>&a;{ID[9:]}</s>'
    report = check("a.svg", drawing)
    assert report.verdict is Verdict.INCOMPLETE
    assert [gap.why for gap in report.gaps] == [Why.DAMAGED]
