"""Text, tables, web pages and PDF: encodings, places, hidden content, hostile bytes."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import secreview
from secreview.errors import ReadError, UnknownFormat
from secreview.formats import plain
from secreview.formats.decode import decode
from secreview.formats.protocol import Source
from secreview.model import PartKind, Why
from secreview.outputs.places import label
from tests.build import resident_id

ID = resident_id("522601", "19850312", "101")
TEXT = "关于开展环境监测工作的通知，各科室要认真落实监测计划，按时报送数据。"
TRADITIONAL = "關於開展環境監測工作的通知，各單位應當認真落實監測計劃，按時報送資料。"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", TEXT), ("utf-8-sig", TEXT), ("gb18030", TEXT), ("utf-16", TEXT), ("utf-16-le", TEXT),
        ("utf-16-be", TEXT), ("big5", TRADITIONAL), ("gb18030", TEXT + "𠮷"),
    ],
)  # fmt: skip
def test_each_encoding_is_told_by_its_content(encoding, text):
    assert decode(text.encode(encoding)).text.lstrip("\ufeff") == text


def test_offsets_are_those_of_the_decoded_file():
    data = f"\ufeff第一行\r\n身份证号：{ID}\r\n".encode()
    (finding,) = secreview.check(data=data, name="a.txt").findings
    assert data.decode("utf-8")[finding.start : finding.end] == ID
    assert (finding.place.line, finding.place.column) == (2, 6)


@given(st.text(st.sampled_from("机密甲乙 \n\t1a，"), max_size=400), st.integers(8, 60))
@settings(max_examples=100, deadline=None)
def test_pieces_of_a_long_file_join_to_the_whole(text, size):
    source = Source("a.txt", data=text.encode())
    (pieces,), _ = plain.streams(source, plain.Cut(size, 5))
    parts = list(pieces)
    joined = "".join(part.text[slice(*(part.core or (0, len(part.text))))] for part in parts)
    assert joined == text
    for part in parts:
        assert text[part.start : part.start + len(part.text)] == part.text


def test_a_long_text_file_is_read_in_pieces_with_true_places(tmp_path):
    line = "山川湖海，日月星辰，春花秋叶，朝霞暮云，松竹梅兰，风霜雨雪。\n"
    before = line * 50_000
    path = tmp_path / "long.txt"
    path.write_text(before + f"身份证号：{ID}\n" + line, "utf-8")
    assert path.stat().st_size > 4 << 20
    (finding,) = secreview.check(path).findings
    assert finding.place.line == 50_001
    assert finding.start == len(before) + 5


def test_a_csv_cell_knows_its_titles():
    data = f'姓名,工资卡号,备注\n乔小平,6212266234109412113,"a,b"\n,{ID},\n'.encode("gb18030")
    findings = secreview.check(data=data, name="a.csv").findings
    card = next(f for f in findings if f.rule == "personal/bank-card")
    assert label(card.place, card.kind, "zh") == "第2行第2列"
    assert "工资卡号" in card.place.headers


PAGE = """<html><head><title>公示</title><meta name="description" content="{meta}">
<script>var x = "{script}";</script></head><body><!-- {comment} --><h1>名单</h1>
<table><tr><th>姓名</th><th>身份证号</th></tr><tr><td>甲</td><td>{cell}</td></tr></table>
<p>正文{body}</p><p style="display:none">{hidden}</p><img alt="{alt}" src="a.png">
<div data-note="{data}"></div></body></html>"""
WEB = {
    "cell": PartKind.BODY, "body": PartKind.BODY, "hidden": PartKind.HIDDEN_TEXT,
    "comment": PartKind.MARKUP, "data": PartKind.MARKUP, "alt": PartKind.ALT_TEXT,
    "meta": PartKind.PROPERTY, "script": PartKind.SCRIPT,
}  # fmt: skip


@pytest.mark.parametrize("place", WEB)
def test_a_leak_in_each_corner_of_a_page_is_found(place):
    page = PAGE.format(**{key: ID if key == place else "" for key in WEB})
    findings = secreview.check(data=page.encode(), name="a.html").findings
    (finding,) = [f for f in findings if f.rule == "personal/resident-id"]
    assert finding.kind is WEB[place]


def test_an_ordinary_page_is_clear():
    page = PAGE.format(**dict.fromkeys(WEB, ""))
    assert secreview.check(data=page.encode("gb18030"), name="a.html").verdict == "clear"


def pdf(*lines: str) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for number, line in enumerate(lines):
        if number:
            canvas.showPage()
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 700, line)
    canvas.setKeywords("")
    canvas.save()
    return target.getvalue()


def test_a_leak_in_a_pdf_is_found_with_its_page():
    data = pdf("关于公示的通知", f"身份证号：{ID}")
    (finding,) = [
        f
        for f in secreview.check(data=data, name="a.pdf").findings
        if f.rule == "personal/resident-id"
    ]
    assert label(finding.place, finding.kind, "zh") == "第2页"


def test_notes_and_attachments_of_a_pdf_are_read():
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf("正文"))) as document:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9],
            Contents=pikepdf.String(f"身份证号{ID}"),
        )  # fmt: skip
        document.pages[0].Annots = document.make_indirect([note])
        document.attachments["名单.txt"] = f"身份证号{ID}".encode()
        target = io.BytesIO()
        document.save(target)
    findings = secreview.check(data=target.getvalue(), name="a.pdf").findings
    kinds = [f.kind for f in findings if f.rule == "personal/resident-id"]
    assert sorted(kinds) == [PartKind.ANNOTATION, PartKind.BODY]


def test_a_pdf_with_a_password_is_a_gap():
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf("正文"))) as document:
        target = io.BytesIO()
        document.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    report = secreview.check(data=target.getvalue(), name="a.pdf")
    assert [gap.why for gap in report.gaps] == [Why.ENCRYPTED]
    assert report.verdict == "incomplete"


def test_a_scanned_page_is_a_gap():
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "white")), 0, 0, 500, 700)
    canvas.save()
    report = secreview.check(data=target.getvalue(), name="a.pdf")
    assert {Why.PICTURE, Why.APPROXIMATE} & {gap.why for gap in report.gaps}


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"PK\x03\x04" + b"\0" * 40, b"\x7fELF" + bytes(range(256))]
)  # fmt: skip
def test_what_is_not_read_is_said(data):
    report = secreview.check(data=data, name="a.bin")
    assert report.verdict == "incomplete"
    assert report.gaps


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.html", "a.docx", "a.xlsx", "a.pdf", "a"])
@given(data=st.binary(max_size=600) | st.builds(lambda b: b"%PDF-1.7\n" + b, st.binary(max_size=300))
       | st.builds(lambda b: b"<html>" + b, st.binary(max_size=300)))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(name, data):
    try:
        document = secreview.read(data=data, name=name)
    except ReadError:
        return
    assert document.size == len(data)


def test_an_unknown_format_names_itself():
    with pytest.raises(UnknownFormat):
        secreview.read(data=b"\x7fELF" + bytes(range(256)), name="a")


@pytest.mark.parametrize(
    "rows",
    [
        "终端号\t使用人\t定位\t联系人\nSOS-1\t植桂花\t114.7, 25.1\t次子植文 {n}",
        "终端号｜使用人｜定位｜联系人\nSOS-1｜植桂花｜114.7, 25.1｜次子植文 {n}",
        "终端号  使用人  定位  联系人\nSOS-1  植桂花  114.7, 25.1  次子植文 {n}",
        "终端号　使用人　定位　联系人\nSOS-1　植桂花　114.7, 25.1　次子植文 {n}",
    ],
)
def test_the_strongest_mark_of_a_row_parts_its_cells(rows):
    text = rows.format(n="13812345678")
    part = secreview.read(text=text, name="a.txt").parts[1]
    titles = {word: part.place_at(text.index(word)).headers for word in ("植桂花", "25.1", "13812")}
    assert [headers[0] for headers in titles.values()] == ["使用人", "定位", "联系人"]
    low, high = part.places.cell(text.index("次子"))
    assert text[low:high] == "次子植文 13812345678"


def test_a_line_of_prose_with_one_wide_blank_is_no_table():
    text = "　　现将有关情况通知如下　请遵照执行\n　　联系科室　办公室\n"
    part = secreview.read(text=text, name="a.txt").parts[1]
    assert part.place_at(text.index("请遵照")).headers == ()
