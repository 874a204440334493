"""Presentations: slides, and each place beside them in which something hides."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Emu, Inches

from secreview import check
from secreview.api import read
from secreview.errors import ReadError
from secreview.model import Document
from tests.build import repacked, resident_id

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"


def show(**places) -> bytes:
    """Return a presentation of two slides; ``places`` puts text where it is not seen at once."""
    deck = Presentation()
    for title in ("年度工作汇报", "下一步打算"):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
    second = deck.slides[1]
    if "slide" in places:
        second.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1)).text = places["slide"]
    if "notes" in places:
        second.notes_slide.notes_text_frame.text = places["notes"]
    if "beside" in places:
        box = second.shapes.add_textbox(deck.slide_width + 1000, Emu(0), Inches(3), Inches(1))
        box.text = places["beside"]
    if "off" in places:
        box = second.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
        box.text = places["off"]
        box._element.nvSpPr.cNvPr.set("hidden", "1")
    if "hidden" in places:
        second.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1)).text = places[
            "hidden"
        ]
        second._element.set("show", "0")
    if "alt" in places:
        box = second.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
        box._element.nvSpPr.cNvPr.set("descr", places["alt"])
    if "table" in places:
        rows = [line.split("\t") for line in places["table"].split("\n")]
        frame = second.shapes.add_table(
            len(rows), len(rows[0]), Inches(1), Inches(2), Inches(5), Inches(2)
        )
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                frame.table.cell(r, c).text = text
    if "master" in places:
        box = deck.slide_masters[0].shapes
        box[0].text_frame.text = "母版"
    core = deck.core_properties
    core.author = core.last_modified_by = core.title = ""
    core.keywords = places.get("keywords", "")
    stream = io.BytesIO()
    deck.save(stream)
    return repacked(stream.getvalue(), {})


def kinds(**places) -> set[str]:
    report = check(data=show(**places), name="a.pptx")
    return {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}


def test_an_ordinary_presentation_has_no_findings_above_notes():
    report = check(data=show(slide="本局依法公开环境监测数据。"), name="a.pptx")
    assert {str(f.severity) for f in report.findings} <= {"note"}


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("slide", "body"),
        ("notes", "notes"),
        ("beside", "hidden-text"),
        ("off", "hidden-text"),
        ("hidden", "hidden-text"),
        ("alt", "alt-text"),
        ("keywords", "property"),
    ],
)
def test_a_leak_in_each_place_is_found_in_a_part_of_its_kind(place, kind):
    assert kinds(**{place: LEAK}) == {kind}


def test_a_leak_is_placed_on_its_slide():
    report = check(data=show(notes=LEAK), name="a.pptx")
    found = next(f for f in report.findings if f.rule == "personal/resident-id")
    assert (found.place.steps[0].unit, found.place.steps[0].value) == ("slide", 2)


def test_the_cells_of_a_table_know_their_titles():
    table = f"姓名\t证件号码\n乔小平\t{ID}\n林志远\t已核"
    report = check(data=show(table=table), name="a.pptx")
    found = next(f for f in report.findings if f.rule == "personal/resident-id")
    assert found.place.headers == ("证件号码",)


def test_comments_and_their_authors_are_read():
    comment = (
        '<p:cmLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        f'<p:cm authorId="0"><p:text>{LEAK}</p:text></p:cm></p:cmLst>'
    )
    data = repacked(show(), {"ppt/comments/comment1.xml": comment})
    report = check(data=data, name="a.pptx")
    assert "comment" in {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}


def test_text_on_a_master_is_read_and_prompts_are_not():
    document = read(data=show(), name="a.pptx")
    assert not any("Click to edit" in part.text for part in document.parts)


@given(st.integers(0, 60_000), st.binary(max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(at, noise):
    data = show(notes="备注", slide="正文")
    at %= len(data)
    with contextlib.suppress(ReadError):
        assert isinstance(read(data=data[:at] + noise + data[at + 2 :], name="a.pptx"), Document)
