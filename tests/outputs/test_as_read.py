"""A document as it was read, cut where findings begin and end."""

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secreview.api import Options, check, judge, read, rulebook_of
from secreview.formats.plain import Cut, pieces
from secreview.model import Document, Part, PartKind, Severity
from secreview.outputs.as_read import ROWS, Cuts, Line, Table, chunks, merged, sections
from tests.page.build import draft, number


def laid_out(**given):
    """Return the sections of a document by the id of their part."""
    report = check(**given)
    found = dict(enumerate(report.findings))
    return {s.id: s for s in merged(sections(read(**given).parts, found))}, report


def text_of(block):
    cells = [block.pieces] if isinstance(block, Line) else [c for r in block.rows for c in r.cells]
    return "\t".join("".join(piece.text for piece in cell) for cell in cells)


def marked(section):
    """Return (number of the finding, text) of every marked piece."""
    cells = [
        cell
        for block in section.blocks
        for cell in (
            [block.pieces] if isinstance(block, Line) else [c for r in block.rows for c in r.cells]
        )
    ]
    return [(p.finding, p.text) for cell in cells for p in cell if p.finding >= 0]


def test_paragraphs_and_tables_of_a_word_file_stand_as_they_are():
    body = laid_out(data=draft(8, 2), name="a.docx")[0]["body"]
    kinds = [type(block) for block in body.blocks]
    assert kinds == [Line] * 5 + [Table]
    assert [row.number for row in body.blocks[-1].rows] == [1, 2, 3, 4]
    assert [text for _, text in marked(body)][:2] == [number(0)] * 2
    assert len(marked(body)) == 8


def test_a_csv_file_is_one_table_with_its_quotes():
    text = f'姓名,证件号\n"张\n三",{number(1)}\n\n李四,{number(2)}\n'
    body = laid_out(text=text, name="a.csv")[0]["body"]
    (table,) = body.blocks
    assert [row.number for row in table.rows] == [1, 2, 4]
    assert text_of(table).split("\t")[2] == '"张\n三"'


def test_rows_of_a_flattened_table_are_rows_and_the_text_around_them_is_not():
    text = f"名单如下\n姓名\t证件号\n张三\t{number(1)}\n李四\t{number(2)}\n以上共两人。\n"
    body = laid_out(text=text, name="a.txt")[0]["body"]
    assert [type(block) for block in body.blocks] == [Line, Table, Line]


def test_a_file_inside_a_file_has_tables_as_well():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("名单.csv", f"姓名,证件号\n张三,{number(1)}\n")
    found = laid_out(data=packed.getvalue(), name="a.zip")[0]
    inner = next(s for name, s in found.items() if name.endswith("!body"))
    assert isinstance(inner.blocks[0], Table)
    assert any(step.value == "名单.csv" for step in inner.place.steps)


def test_a_finding_about_a_whole_part_stands_at_its_head():
    made, file = docx.Document(), io.BytesIO()
    made.add_paragraph("正文")
    made.core_properties.comments = "第一行\n第二行"
    made.save(file)
    found, report = laid_out(data=file.getvalue(), name="a.docx")
    whole = [n for section in found.values() for n in section.whole]
    drawn = [n for section in found.values() for n, _ in marked(section)]
    assert sorted({*whole, *drawn}) == [*range(len(report.findings))]


def test_a_long_text_in_pieces_is_one_section_and_misses_nothing():
    text = "".join(f"第{n}行，证件号{number(n)}。\n" for n in range(40))
    parts = tuple(pieces(iter([text]), "body", Cut(300, 80)))
    assert len(parts) > 3
    document = Document("a.txt", "", 0, "text/plain", parts)
    report = judge(document, rulebook_of(), shown="a.txt", options=Options(reveal=True))
    (body,) = merged(sections(parts, dict(enumerate(report.findings))))
    assert body.id == "body"
    assert "\n".join(map(text_of, body.blocks)) == text.rstrip()
    assert [value for _, value in marked(body)] == [number(n) for n in range(40)]


def test_what_is_past_the_limit_is_counted(monkeypatch):
    monkeypatch.setattr("secreview.outputs.as_read.MOST", 20)
    body = laid_out(text="一二三四五六七八九十\n" * 5, name="a.txt")[0]["body"]
    shown = sum(len(text_of(block)) + 1 for block in body.blocks)
    assert shown + body.left_out >= 54


def test_a_table_of_many_rows_goes_on_in_another():
    rows = "".join(f"{n},{n}\n" for n in range(ROWS * 2 + 5))
    body = laid_out(text="甲,乙\n" + rows, name="a.csv")[0]["body"]
    assert [len(block.rows) for block in body.blocks] == [ROWS, ROWS, 6]
    assert [kind for kind, _ in chunks(body.blocks)] == ["rows", "rows", ""]


@pytest.mark.parametrize("kind", list(PartKind))
def test_every_kind_of_part_can_be_laid_out(kind):
    (section,) = sections([Part("x", kind, "一行\n\n二行")], {})
    assert [text_of(block) for block in section.blocks] == ["一行", "二行"]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=8)


@given(SPANS, st.lists(st.sampled_from(list(Severity)), min_size=8, max_size=8))
def test_pieces_make_up_the_text_and_every_finding_is_found_in_them(raw, grave):
    text = "0123456789" * 5
    order = {Severity.NOTE: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}
    spans = [(start, start + size, n) for n, (start, size) in enumerate(raw)]
    cuts = Cuts(spans, {n: order[grave[n]] for n in range(8)})
    pieces = [piece for low in range(0, 50, 10) for piece in cuts.pieces(text, low, low + 10)]
    assert "".join(piece.text for piece in pieces) == text
    owned = {piece.finding for piece in pieces} - {-1}
    anchored = {n for piece in pieces for n in piece.anchors}
    assert owned | anchored == {n for _, _, n in spans}
    assert not owned & anchored
    at = 0
    seen: dict[int, int] = {}
    for piece in pieces:
        covering = [n for start, end, n in spans if start <= at and at + len(piece.text) <= end]
        assert (piece.finding in covering) if covering else piece.finding == -1
        if covering:
            assert grave_of(piece.finding, grave) == max(grave_of(n, grave) for n in covering)
            assert piece.nth == seen.get(piece.finding, 0)
            seen[piece.finding] = piece.nth + 1
        at += len(piece.text)


def grave_of(number, grave):
    return {Severity.NOTE: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}[grave[number]]
