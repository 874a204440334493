"""PDF files: silence first, then every place where text hides, then damaged and hostile ones."""

import io
import os
import time
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

import secreview
from secreview.errors import ReadError
from secreview.formats.pdf import read
from secreview.formats.pdf_suspect import Cause
from secreview.formats.protocol import Limits, Source
from secreview.model import PartKind, Status, Why
from secreview.outputs.messages import message
from secreview.outputs.places import label
from tests.build import resident_id
from tests.formats.build_pdf import (
    bomb,
    chinese,
    edited,
    form,
    kept,
    note,
    pdf,
    picture,
    revised,
    saved,
    shown,
    table,
)

ID = resident_id("522601", "19850312", "101")
SECRET = f"Number {ID}"
SHARED = Path(__file__).parents[3] / "shared/fixtures"
FIXTURES = Path(os.environ.get("SECREVIEW_FIXTURES", SHARED)) / "pdf"
BOX = "0 0 0 rg 60 690 300 24 re f\n"


def parts(data: bytes, kind: PartKind | None = None):
    found = secreview.read(data=data, name="a.pdf").parts
    return [part for part in found if kind is None or part.kind is kind]


def hidden(data: bytes) -> list[str]:
    return [part.text for part in parts(data, PartKind.HIDDEN_TEXT)]


def body(data: bytes) -> str:
    return parts(data, PartKind.BODY)[0].text


# Silence.


def test_an_ordinary_chinese_file_is_clear_and_fully_read():
    report = secreview.check(data=chinese("关于公示的通知\n请各单位认真落实。"), name="a.pdf")
    assert (report.verdict, report.gaps) == ("clear", ())
    assert [row.status for row in report.coverage if row.kind == "page"] == [Status.READ]


VISIBLE = {
    "white on black": f"{BOX} 1 1 1 rg {shown('visible text')}",
    "on grey": f"0.8 g 60 690 300 24 re f 0 g {shown('visible text')}",
    "above a white sheet": f"1 g 0 0 600 800 re f 0 g {shown('visible text')}",
    "underlined": f"{shown('visible text')} 70 697 200 1 re f",
    "in a frame": f"{shown('visible text')} 60 690 300 24 re S",
    "clipped wide": f"q 0 0 600 800 re W n {shown('visible text')} Q",
    "under a box with a hole": f"{shown('visible text')} 0 0 600 800 re 50 680 400 60 re f*",
    "pale but readable": f"0.8 g {shown('visible text')}",
    "striped table": "".join(
        f"{0.9 if n % 2 else 1} g 60 {600 - 15 * n} 300 15 re f 0 g {shown('visible text', y=604 - 15 * n)}"
        for n in range(9)
    ),
    "near a box": f"{shown('visible text')} 0 g 60 712 300 20 re f",
    "blanks under a box": f"{shown('visible      text')} 0 g 106 690 10 24 re f",
}


@pytest.mark.parametrize("name", VISIBLE)
def test_text_that_is_seen_is_not_hidden(name):
    data = pdf(VISIBLE[name])
    assert hidden(data) == []
    assert "visible" in body(data)


def test_chinese_text_in_a_font_that_is_not_in_the_file_is_seen():
    def draw(canvas):
        canvas.setFillGray(0.85)
        canvas.rect(60, 640, 400, 40, fill=1, stroke=0)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(72, 650, "表头文字看得见")
        canvas.setFillColorRGB(0.2, 0.3, 0.6)
        canvas.rect(60, 540, 400, 40, fill=1, stroke=0)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 550, "深底白字看得见")

    data = chinese("通知正文", draw=draw)
    assert hidden(data) == []
    assert "深底白字看得见" in body(data)


def test_a_note_icon_over_text_hides_nothing():
    data = pdf(
        shown("visible text"),
        edit=lambda d, p: note(
            d, p, Subtype=Name.Text, Rect=Array([70, 695, 110, 715]), Contents=String("a")
        ),
    )
    assert hidden(data) == []


NEGATIVE = (
    "rectangles_no no_bad_redactions.2.1 no_bad_redactions.3.2 no_bad_redactions.7.1 "
    "whitespace_redactions rect_ordering_0.8 rect_ordering_2.1 rect_ordering_4.1 "
    "rect_ordering_6.19 ok_words partial_intersections_ok testAnnotations attachment"
).split()


@pytest.mark.parametrize("name", NEGATIVE)
def test_published_files_without_bad_redactions_are_silent(name):
    path = FIXTURES / f"{name}.pdf"
    if not path.exists():
        pytest.skip("no fixtures")
    content = read(Source(path.name, path=path), Limits())
    assert [part.id for part in content.parts if part.kind is PartKind.HIDDEN_TEXT] == []
    assert not {Why.DISAGREE, Why.CRASHED, Why.LIMIT} & {gap.why for gap in content.gaps}


POSITIVE = {
    "testAnnotations.pdf": (PartKind.ANNOTATION, ["Here is a comment", "Michael McCandless"]),
    "testPDF_incrementalUpdates.pdf": (PartKind.BODY, ["Testing Incremental"]),
    "testPDF_jsActionOnPage.pdf": (PartKind.SCRIPT, ["app.alert"]),
    "attachment.pdf": (PartKind.NAME, ["jpeg.pdf"]),
    "rectangles_yes.pdf": (
        PartKind.HIDDEN_TEXT, ["did not disclose all relevant medical history", "No"],
    ),
    "bad_cross_hatched_redactions.pdf": (
        PartKind.HIDDEN_TEXT,
        ["accounts and devices not belonging to the defendants", "November 2019"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", POSITIVE)
def test_published_files_give_what_they_hide(name):
    path = FIXTURES / name
    if not path.exists():
        pytest.skip("no fixtures")
    kind, wanted = POSITIVE[name]
    content = read(Source(path.name, path=path), Limits())
    text = "\n".join(part.text for part in content.parts if part.kind is kind)
    assert [word for word in wanted if word not in text] == []


# Hidden on the page.


def layer(document, page):
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("底稿图层")))
    page.Resources.Properties = Dictionary(L1=group)
    document.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group]))
    )


def faint(document, page):
    page.Resources.ExtGState = Dictionary(G1=Dictionary(ca=0))


def drawn_form(content, **entries):
    def edit(document, page):
        page.Resources.XObject = Dictionary(Fm1=form(document, page, content, **entries))

    return edit


def faint_form(document, page):
    faint(document, page)
    drawn_form(shown(SECRET))(document, page)


def black_link(document, page):
    look = form(document, page, "0 g 0 0 300 30 re f", BBox=Array([0, 0, 300, 30]))
    note(document, page, Subtype=Name.Link, AP=Dictionary(N=look))


def own_font(painted):
    """Add a font F3 that paints a square for some letters and nothing for the others."""

    def edit(document, page):
        glyphs = [f"uni{code:04X}" for code in range(32, 127)]
        box = "600 0 0 0 500 700 d1 "
        full, empty = (
            document.make_stream((box + end).encode()) for end in ("0 0 500 700 re f", "")
        )
        page.Resources.Font.F3 = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 700]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), FirstChar=32, LastChar=126,
            Widths=Array([600] * 95), Resources=Dictionary(),
            CharProcs=Dictionary({
                f"/{name}": full if chr(32 + nth) in painted else empty
                for nth, name in enumerate(glyphs)
            }),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([32, *(Name(f"/{n}") for n in glyphs)])),
        )  # fmt: skip

    return edit


def square(document, page):
    note(document, page, Subtype=Name.Square, IC=Array([0, 0, 0]), C=Array([0, 0, 0]))


def field(document, page):
    look = form(document, page, "0 g 0 0 300 30 re f", BBox=Array([0, 0, 300, 30]))
    made = note(
        document, page, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), AP=Dictionary(N=look)
    )
    document.Root.AcroForm = Dictionary(Fields=Array([made]))


HIDDEN = {
    "covered": ("covered", shown(SECRET) + BOX, None),
    "covered by white": ("covered", f"{shown(SECRET)} 1 g 60 690 300 24 re f", None),
    "covered, with a label": ("covered", f"{shown(SECRET)} {BOX} 1 g {shown('exempt (b)(6)')}", None),
    "covered by a picture": (
        "covered", f"{shown('seen', y=300)} {shown(SECRET)} q 300 0 0 24 60 690 cm /Im1 Do Q", picture,
    ),
    "covered by a note": ("covered", shown(SECRET), square),
    "covered by a form field": ("covered", shown(SECRET), field),
    "hatched over": (
        "covered", "0 G 3 w " + "".join(f"60 {y} m 360 {y} l S\n" for y in range(690, 716, 2))
        + "1 w", None,
    ),
    "white on white": ("same-colour", f"1 g {shown(SECRET)}", None),
    "nearly white": ("same-colour", f"0.99 g {shown(SECRET)}", None),
    "black on black": ("same-colour", BOX + shown(SECRET), None),
    "not opaque": ("same-colour", f"/G1 gs {shown(SECRET)}", faint),
    "invisible mode": ("invisible-mode", shown(SECRET, state="3 Tr"), None),
    "off the page": ("off-page", shown(SECRET, x=700), None),
    "cropped": (
        "off-page", shown(SECRET, x=72, y=100), lambda d, p: p.update({"/CropBox": Array([0, 400, 600, 800])}),
    ),
    "clipped": ("clipped", f"q 0 0 50 50 re W n {shown(SECRET)} Q", None),
    "layer switched off": ("hidden-layer", f"/OC /L1 BDC {shown(SECRET)} EMC", layer),
    "tiny": ("tiny", f"BT /F1 1 Tf 1 0 0 1 72 700 Tm ({SECRET}) Tj ET", None),
    "in a form": ("covered", f"/Fm1 Do {BOX}", drawn_form(shown(SECRET))),
    "in a form that cuts it off": (
        "clipped", "/Fm1 Do", drawn_form(shown(SECRET), BBox=Array([0, 0, 50, 50])),
    ),
    "in a form cut off where it is drawn": (
        "clipped", "q 0 0 50 50 re W n /Fm1 Do Q", drawn_form(shown(SECRET)),
    ),
    "in a small form cut off in the middle of nowhere": (
        "clipped", "q 0.1 0 0 0.1 0 0 cm /Fm1 Do Q", drawn_form(
            f"q 0 0 500 500 re W n BT /F1 120 Tf 720 7000 Td ({SECRET}) Tj ET Q",
            BBox=Array([0, 0, 6000, 8000]),
        ),
    ),
    "in a form that is not opaque": ("same-colour", "/G1 gs /Fm1 Do", faint_form),
    "cut off by a slanted path": (
        "clipped", f"q 400 690 m 60 800 l 400 800 l h W n {shown(SECRET)} Q", None,
    ),
    "cut off by a crossed path": (
        "clipped", f"q 60 690 m 400 800 l 400 690 l 60 800 l h W n {shown(SECRET, x=180, y=692)} Q", None,
    ),
    "cut off by letters": (
        "invisible", f"q {shown('x', y=500, state='4 Tr')} {shown(SECRET, state='0 Tr')} Q", None,
    ),
    "covered by a link": ("covered", shown(SECRET), black_link),
    "in a font that paints nothing": (
        "invisible", shown(SECRET).replace("/F1", "/F3"), own_font(""),
    ),
    "under visible text": ("same-colour", f"1 g {shown(SECRET)} 0 g {shown('ordinary visible text')}", None),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_is_told_with_page_and_cause(name):
    cause, content, edit = HIDDEN[name]
    content = shown(SECRET) + content if name == "hatched over" else content
    data = pdf(shown("first page"), content, edit=on_second(edit))
    (part,) = parts(data, PartKind.HIDDEN_TEXT)
    assert part.id == f"hidden-text {cause}"
    assert part.text == SECRET
    place = part.place_at(0)
    assert place.page == 2
    assert label(place, part.kind, "zh") == f"第2页 隐藏文字1（{message(f'cause.{cause}', 'zh')}）"
    assert label(place, part.kind, "en").endswith(f"({message(f'cause.{cause}', 'en')})")
    assert ID not in body(data)
    (finding,) = [
        f
        for f in secreview.check(data=data, name="a.pdf").findings
        if f.rule == "personal/resident-id"
    ]
    assert finding.kind is PartKind.HIDDEN_TEXT


def test_each_cause_has_words_in_both_languages():
    for cause in Cause:
        assert message(f"cause.{cause}", "zh") != message(f"cause.{cause}", "en")


def test_the_letters_that_a_font_leaves_out_are_hidden_and_the_others_are_seen():
    letters = "abcdefghijklmnopqrstuvwxyzN"
    data = pdf(shown(f"{SECRET} seen").replace("/F1", "/F3"), edit=own_font(letters))
    assert hidden(data) == [ID]
    assert body(data).split() == ["Number", "seen"]


FORMS = {
    "drawn as it is": ("/Fm1 Do", {}),
    "moved and stretched": ("q 2 0 0 1.5 -100 -300 cm /Fm1 Do Q", {}),
    "small, cut out widely": (
        "q 60 690 300 24 re W n 0.5 0 0 0.5 36 350 cm /Fm1 Do Q", {"BBox": Array([0, 600, 600, 800])},
    ),
    "turned, with its own matrix": ("/Fm1 Do", {"Matrix": Array([0, 1, -1, 0, 760, 0])}),
    "form in a form": ("/Fm1 Do", {"in": True}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_text_in_a_form_that_is_seen_is_not_hidden(name):
    content, entries = FORMS[name]
    is_nested = "in" in entries

    def edit(document, page):
        drawn_form(shown("visible text"), **({} if is_nested else entries))(document, page)
        if is_nested:
            page.Resources.XObject.Fm1 = form(
                document, page, "/Fm2 Do",
                Resources=Dictionary(XObject=Dictionary(Fm2=page.Resources.XObject.Fm1)),
            )  # fmt: skip

    data = pdf(content, edit=edit)
    assert hidden(data) == []
    assert "visible" in body(data)


def test_text_beside_what_is_hidden_is_looked_at_in_the_same_place():
    data = pdf(f"{shown(SECRET)} {BOX} 1 0 0 rg {shown('red on white', y=500)}")
    assert hidden(data) == [SECRET]
    assert "red on white" in body(data)


def on_second(edit):
    return edit and (lambda document, page: edit(document, document.pages[1].obj))


def test_chinese_text_under_a_box_is_hidden_though_its_font_is_not_in_the_file():
    def draw(canvas):
        canvas.drawString(72, 600, "当事人张三丰")
        canvas.rect(60, 595, 300, 20, fill=1)

    data = chinese("正文看得见", draw=draw)
    assert hidden(data) == ["当事人张三丰"]
    assert "正文看得见" in body(data)


def test_white_chinese_text_on_white_is_hidden():
    def draw(canvas):
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 600, "白底白字")

    assert hidden(chinese("正文看得见", draw=draw)) == ["白底白字"]


def test_what_stands_before_a_box_goes_with_the_text_under_it():
    content = f"{shown('ID card: ')} {shown(ID, x=130)} 0 g 125 690 300 24 re f"
    (part,) = parts(pdf(content), PartKind.HIDDEN_TEXT)
    assert part.place_at(0).headers == ("ID card:",)
    assert body(pdf(content)).split() == ["ID", "card:", "■"]


def test_the_text_of_a_scan_is_body_text_and_approximate():
    content = f"q 600 0 0 800 0 0 cm /Im1 Do Q {shown(SECRET, state='3 Tr')}"
    data = pdf(content, edit=picture)
    assert [part.id for part in parts(data, PartKind.BODY)] == ["body", "ocr-layer"]
    assert hidden(data) == []
    report = secreview.check(data=data, name="a.pdf")
    assert [gap.why for gap in report.gaps] == [Why.APPROXIMATE]
    assert any(f.rule == "personal/resident-id" for f in report.findings)


def test_a_page_that_is_only_a_picture_is_a_gap():
    report = secreview.check(data=pdf("q 600 0 0 800 0 0 cm /Im1 Do Q", edit=picture), name="a.pdf")
    assert [gap.why for gap in report.gaps] in ([Why.PICTURE], [Why.APPROXIMATE])
    assert report.verdict == "incomplete"


def test_letters_are_read_and_not_what_a_tag_says_in_their_place():
    data = pdf(f"/Span << /ActualText (nothing) >> BDC {shown(SECRET)} EMC")
    assert ID in body(data)
    (part,) = parts(data, PartKind.ALT_TEXT)
    assert part.text == "nothing"


def test_what_a_tag_says_like_the_letters_is_not_told_twice():
    data = pdf(f"/Span << /ActualText (visible text) >> BDC {shown('visible text')} EMC")
    assert parts(data, PartKind.ALT_TEXT) == []


def test_names_of_fonts_and_keys_in_gbk_do_no_harm():
    def edit(document, page):
        page.Resources.Font.F1.BaseFont = Name("/SongTiPlaceholder")
        document.docinfo["/KeyPlaceholder"] = String("某单位")

    data = pdf(shown("text"), edit=edit)
    swaps = (
        (b"/SongTiPlaceholder", b"/#cb#ce#cc#e5xxxxx"),
        (b"/KeyPlaceholder", b"/#cb#ce#cc#e5xx"),
    )
    for old, new in swaps:
        data = data.replace(old, new.ljust(len(old), b"x"))
    document = secreview.read(data=data, name="a.pdf")
    assert document.gaps == ()
    assert any(part.kind is PartKind.PROPERTY and "某单位" in part.text for part in document.parts)


def test_a_hyphen_at_a_line_end_and_the_line_end_stay():
    data = pdf(
        shown("0571-", y=700)
        + shown("88888888", y=686)
        + shown("tele-", y=600)
        + shown("phone", y=586)
    )
    assert body(data).replace(" ", "").split() == ["0571-", "88888888", "tele-", "phone"]


# Tables.

ROWS = [
    ["序号", "姓名", "身份证号", "备注"],
    ["1", "乔小平", ID[:10] + "\n" + ID[10:], "甲"],
    ["2", "方大同", "无", "联系电话\n见附件"],
]


def test_a_cell_of_a_ruled_table_knows_row_column_and_title():
    data = chinese("名单", draw=table(ROWS, [40, 80, 100, 120]))
    (part,) = parts(data, PartKind.BODY)
    assert f"1\t乔小平\t{ID}\t甲\n" in part.text
    assert "方大同\t无\t联系电话\n见附件\n" in part.text
    place = part.place_at(part.text.index(ID[:10]))
    assert label(place, part.kind, "zh") == "第1页 表1 第2行第3列"
    assert place.headers == ("身份证号",)
    findings = secreview.check(data=data, name="a.pdf").findings
    assert any(f.rule == "personal/resident-id" for f in findings)


def test_a_table_that_goes_on_over_a_page_keeps_its_titles():
    def draw(canvas):
        table(ROWS, [40, 80, 100, 120])(canvas)
        canvas.showPage()
        table([["3", "李四光", "无", "乙"], ["4", "王五一", "无", "丙"]], [40, 80, 100, 120], 780)(
            canvas
        )

    (part,) = parts(chinese("名单", draw=draw), PartKind.BODY)
    assert part.place_at(part.text.index("李四光")).headers == ("姓名",)
    assert part.place_at(part.text.index("李四光")).page == 2


def test_text_beside_a_table_keeps_its_order():
    def draw(canvas):
        table(ROWS, [40, 80, 100, 120])(canvas)
        canvas.drawString(72, 400, "特此公示。")

    text = body(chinese("名单如下", draw=draw))
    assert text.index("名单如下") < text.index("乔小平") < text.index("特此公示")


# Beside the pages.


def test_everything_that_notes_say_is_read():
    def edit(document, page):
        look = form(document, page, shown("appearance words"))
        note(
            document,
            page,
            Subtype=Name.FreeText,
            Contents=String("free words"),
            DA=String("/F1 9 Tf"),
        )
        note(
            document,
            page,
            Subtype=Name.Text,
            Contents=String("批注内容"),
            T=String("张三"),
            Subj=String("主题"),
        )
        note(document, page, Subtype=Name.Popup, Contents=String("popup words"))
        note(
            document,
            page,
            Subtype=Name.Stamp,
            AP=Dictionary(N=look, R=form(document, page, shown("rollover"))),
        )
        note(document, page, Subtype=Name.Text, RC=String("<body><p>rich words</p></body>"), F=2)

    (part,) = parts(pdf(shown("text"), edit=edit), PartKind.ANNOTATION)
    for words in (
        "free words",
        "批注内容",
        "张三",
        "主题",
        "popup words",
        "appearance words",
        "rollover",
        "rich words",
    ):
        assert words in part.text
    assert part.place_at(0).page == 1


def test_an_area_marked_for_redaction_gives_the_text_that_is_still_there():
    def edit(document, page):
        quad = [60, 715, 360, 715, 60, 690, 360, 690]
        note(document, page, Subtype=Name.Redact, QuadPoints=Array(quad), OverlayText=String("X"))

    found = {part.id: part for part in parts(pdf(shown(SECRET), edit=edit), PartKind.ANNOTATION)}
    assert found["unapplied-redaction"].text == SECRET
    assert found["unapplied-redaction"].place_at(0).page == 1


def test_form_fields_choices_hints_and_signatures_are_read():
    def edit(document, page):
        made = note(
            document, page, Subtype=Name.Widget, FT=Name.Ch, T=String("name"), V=String("value words"),
            DV=String("default words"), TU=String("提示文字"), TM=String("mapping words"),
            Opt=Array([Array([String("export words"), String("display words")])]),
        )  # fmt: skip
        signed = document.make_indirect(
            Dictionary(
                Type=Name.Sig, Name=String("签名人"), Reason=String("批准发布"), Location=String("贵阳"),
                ContactInfo=String("13800001234"), ByteRange=Array([0, 1, 2, 3]),
                Contents=String(b"\x30\x10\x0c\x09" + "王五六".encode()),
            )
        )  # fmt: skip
        seal = note(document, page, Subtype=Name.Widget, FT=Name.Sig, T=String("seal"), V=signed)
        data = "<xdp><data><name>填表人甲</name></data></xdp>".encode()
        document.Root.AcroForm = Dictionary(
            Fields=Array([made, seal]), XFA=document.make_stream(data)
        )

    text = "\n".join(part.text for part in parts(pdf(shown("text"), edit=edit), PartKind.FORM))
    for words in (
        "value words", "default words", "提示文字", "mapping words", "export words", "display words",
        "签名人", "批准发布", "贵阳", "13800001234", "王五六", "填表人甲",
    ):  # fmt: skip
        assert words in text, words


def test_attachments_are_read_wherever_they_hang():
    def edit(document, page):
        document.attachments["名单.txt"] = f"身份证号{ID}".encode()
        stream = document.make_stream("另一份名单".encode(), Type=Name.EmbeddedFile)
        spec = Dictionary(
            Type=Name.Filespec, F=String("b.txt"), EF=Dictionary(F=stream), Desc=String("说明文字")
        )
        note(document, page, Subtype=Name.FileAttachment, FS=spec)
        lost = document.make_stream("没有名字的附件".encode(), Type=Name.EmbeddedFile)
        page.PieceInfo = Dictionary(App=Dictionary(Private=lost))

    found = parts(pdf(shown("text"), edit=edit))
    text = "\n".join(part.text for part in found)
    for words in ("名单.txt", f"身份证号{ID}", "另一份名单", "说明文字", "没有名字的附件"):
        assert words in text
    (part,) = [p for p in found if p.kind is PartKind.BODY and ID in p.text]
    assert label(part.place_at(0), part.kind, "zh").startswith("“名单.txt”") or "名单.txt" in label(
        part.place_at(0), part.kind, "zh"
    )


XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
    'pdf:Keywords="{keywords}"><dc:title><rdf:Alt><rdf:li>{title}</rdf:li></rdf:Alt></dc:title>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def test_all_metadata_packets_and_private_data_are_read():
    def packet(document, title, keywords):
        made = document.make_stream(XMP.format(title=title, keywords=keywords).encode())
        made.Type, made.Subtype = Name.Metadata, Name.XML
        return made

    def edit(document, page):
        document.docinfo["/Title"] = String("标题一")
        document.docinfo["/Company"] = "某单位".encode("gb18030")
        document.Root.Metadata = packet(document, "标题二", "关键词二")
        page.Metadata = packet(document, "页面标题", "页面关键词")
        page.PieceInfo = Dictionary(
            App=Dictionary(Private=Dictionary(Note=String("private words")))
        )

    found = parts(pdf(shown("text"), edit=edit))
    text = "\n".join(part.text for part in found if part.kind is PartKind.PROPERTY)
    for words in ("标题一", "某单位", "标题二", "关键词二", "页面标题", "页面关键词"):
        assert words in text, words
    assert any("private words" in part.text for part in found if part.kind is PartKind.DATA)


def test_outlines_names_labels_layers_scripts_links_and_tags_are_read():
    def edit(document, page):
        layer(document, page)
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("大纲条目", 0))
        names = Dictionary(
            Dests=Dictionary(Names=Array([String("目标名称"), Array([page, Name.Fit])]))
        )
        document.Root.Names = names
        document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String("页码前缀"))]))
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        for action in (
            Dictionary(S=Name.URI, URI=String("http://a.example/%E5%90%8D")),
            Dictionary(S=Name.Launch, F=Dictionary(F=String("c:/launch.exe"))),
            Dictionary(S=Name.GoToR, F=String("//server/share/other.pdf")),
            Dictionary(
                S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String("http://submit.example"))
            ),
        ):
            note(document, page, Subtype=Name.Link, A=action)
        tag = Dictionary(
            Type=Name.StructElem,
            S=Name.Figure,
            Alt=String("图片说明"),
            E=String("缩写全称"),
            Pg=page,
        )
        top = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tag.P, top.K = top, document.make_indirect(tag)
        document.Root.StructTreeRoot = top

    found = parts(pdf(shown("text"), edit=edit))
    wanted = {
        PartKind.FIELD: ("大纲条目", "目标名称", "页码前缀", "底稿图层"),
        PartKind.SCRIPT: ("app.alert(1)",),
        PartKind.LINK: (
            "http://a.example/名",
            "c:/launch.exe",
            "//server/share/other.pdf",
            "http://submit.example",
        ),
        PartKind.ALT_TEXT: ("图片说明", "缩写全称"),
    }
    for kind, words in wanted.items():
        text = "\n".join(part.text for part in found if part.kind is kind)
        assert [word for word in words if word not in text] == []


# Before, beneath and behind.


def test_what_an_earlier_revision_said_is_a_deletion():
    def edit(document, page):
        page.Contents = document.make_stream(shown("final words").encode())
        del page["/Annots"]

    before = pdf(
        shown(SECRET), edit=lambda d, p: note(d, p, Subtype=Name.Text, Contents=String("old note"))
    )
    data = revised(before, edit)
    found = {part.id: part for part in parts(data, PartKind.DELETED)}
    assert found["revision 1"].text == SECRET
    assert "revision 1" in label(found["revision 1"].place_at(0), PartKind.DELETED, "zh")
    assert ID not in body(data)
    assert "old note" in parts(data, PartKind.ANNOTATION)[0].text
    rows = secreview.read(data=data, name="a.pdf").coverage
    assert ("revision 1", Status.READ) in [(row.locator, row.status) for row in rows]


def test_a_revision_that_says_the_same_adds_nothing():
    data = revised(pdf(shown(SECRET)), lambda d, p: p.update({"/Rotate": 0}))
    assert parts(data, PartKind.DELETED) == []


def test_bytes_after_the_end_are_read():
    plain = pdf(shown("text"))
    found = parts(plain + f"身份证号{ID}".encode(), PartKind.DATA)
    assert [part.id for part in found] == ["tail"]
    report = secreview.read(data=plain + b"\x00\x01\x02\xff\xfe" * 50, name="a.pdf")
    assert [gap.why for gap in report.gaps] == [Why.UNSUPPORTED]
    assert secreview.read(data=plain + b"\r\n\0\0", name="a.pdf").gaps == ()


def test_pages_and_forms_that_nothing_shows_are_read():
    def edit(document, page):
        page.Resources.XObject = Dictionary(Unused=form(document, page, shown("unused form words")))
        document.make_indirect(Dictionary(Note=String("没有引用的文字")))
        gone = document.make_indirect(pikepdf.Dictionary(page))
        gone.Contents = document.make_stream(shown("removed page words").encode())

    with pikepdf.open(io.BytesIO(pdf(shown("text")))) as document:
        edit(document, document.pages[0].obj)
        data = kept(document)
    text = {part.id: part.text for part in parts(data)}
    assert "removed page words" in text["unreferenced-content"]
    assert "没有引用的文字" in text["unreferenced-objects"]
    assert "unused form words" in text["unused-content"]


def test_an_object_that_no_table_lists_and_a_comment_are_read():
    stray = b"17 0 obj\n<< /Note (unlisted words here) >>\nendobj\n% comment words\n"
    with pikepdf.open(io.BytesIO(pdf(shown("text")))) as document:
        data = kept(document)
    place = data.index(b"xref\n")
    moved = data[:place] + stray + data[place:].replace(
        b"startxref\n%d" % place, b"startxref\n%d" % (place + len(stray))
    )  # fmt: skip
    text = {part.id: part.text for part in parts(moved)}
    assert "unlisted words here" in text["unlisted-objects"]
    assert "comment words" in text["comments"]


# Damaged, encrypted, hostile.


def test_an_empty_password_is_tried_and_another_one_is_a_gap():
    with pikepdf.open(io.BytesIO(pdf(shown(SECRET)))) as document:
        empty = saved(document, encryption=pikepdf.Encryption(owner="a", user=""))
        other = saved(document, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert ID in body(empty)
    report = secreview.check(data=other, name="a.pdf")
    assert [gap.why for gap in report.gaps] == [Why.ENCRYPTED]


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_defused_and_the_rest_is_read(layers):
    def edit(document, page):
        data = bomb(300 << 20)
        made = document.make_stream(data)
        made.Filter = Name.FlateDecode
        if layers == 2:
            import zlib

            made = document.make_stream(zlib.compress(data))
            made.Filter = Array([Name.FlateDecode, Name.FlateDecode])
        page.Contents = Array([page.Contents, made])

    started = time.process_time()
    report = secreview.check(data=pdf(shown(SECRET), edit=edit), name="a.pdf")
    assert time.process_time() - started < 20
    assert Why.LIMIT in {gap.why for gap in report.gaps}
    assert any(f.rule == "personal/resident-id" for f in report.findings)


def test_forms_that_multiply_are_a_gap():
    def edit(document, page):
        inner = form(document, page, shown("deep"))
        for _ in range(12):
            resources = Dictionary(XObject=Dictionary(X=inner))
            inner = form(document, page, "/X Do " * 10, Resources=resources)
        page.Resources.XObject = Dictionary(Fm1=inner)

    started = time.process_time()
    report = secreview.check(data=pdf("/Fm1 Do", edit=edit), name="a.pdf")
    assert time.process_time() - started < 20
    assert Why.LIMIT in {gap.why for gap in report.gaps}


def test_a_form_that_draws_itself_ends():
    def edit(document, page):
        made = form(document, page, shown("loop") + "/X Do")
        made.Resources = Dictionary(Font=page.Resources.Font, XObject=Dictionary(X=made))
        page.Resources.XObject = Dictionary(Fm1=made)

    assert "loop" in body(pdf("/Fm1 Do", edit=edit))


def test_a_huge_page_is_searched_in_pieces():
    data = pdf(f"1 g {shown(SECRET, x=9000, y=9000)}", box=(14000, 14000))
    assert hidden(data) == [SECRET]


def test_pages_past_the_limit_are_a_gap():
    content = read(Source("a.pdf", data=pdf(*[shown("text")] * 5)), Limits(pages=3))
    assert [(gap.why, gap.detail) for gap in content.gaps] == [(Why.LIMIT, "pages 4 to 5")]


def test_text_that_the_reader_does_not_see_is_told():
    def edit(document, page):
        page.Resources.Font.F1 = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.X)

    report = secreview.read(data=pdf(shown("words without a font " * 5), edit=edit), name="a.pdf")
    assert {Why.DISAGREE, Why.UNSUPPORTED} & {gap.why for gap in report.gaps}


SAMPLE = pdf(
    shown(SECRET) + BOX, shown("批注".encode().hex()),
    edit=lambda d, p: (layer(d, p), note(d, p, Subtype=Name.Text, Contents=String("批注"))),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    cut=st.integers(0, len(SAMPLE)),
    flips=st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 255)), max_size=20),
)
def test_a_broken_file_gives_a_document_or_a_read_error(cut, flips):
    data = bytearray(SAMPLE[: len(SAMPLE) - cut])
    for at, value in flips:
        if at < len(data):
            data[at] = value
    try:
        secreview.read(data=bytes(data), name="a.pdf")
    except ReadError as error:
        assert "批注" not in str(error)


def test_an_edited_file_keeps_its_body():
    assert "text" in body(edited(pdf(shown("text")), lambda d, p: None))
