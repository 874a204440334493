"""A worksheet as it is written: what stands around the rows and oddly in them is read too."""

import pytest
from lxml import etree

from secreview.formats.xlsx_sheet import MAIN, Sheet
from secreview.model import PartKind

WORD = "odd words here"


def read(inside: str, *, strings=()) -> Sheet:
    """Return a sheet that was read from the inside of its root."""
    sheet = Sheet("s", strings)
    sheet.read(f'<worksheet xmlns="{MAIN.strip("{}")}">{inside}</worksheet>'.encode())
    return sheet


def told(sheet: Sheet) -> list[str]:
    """Return what a sheet says beside its cells."""
    return [text for part in sheet.parts(PartKind.SHEET) if part.id == "s/rules"
            for text in part.text.split("\n")]  # fmt: skip


def cells(sheet: Sheet) -> str:
    """Return the visible cells of a sheet."""
    return "".join(part.text for part in sheet.parts(PartKind.SHEET) if part.id == "s")


ORDINARY = '<row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c><c r="B1"><v>2</v></c></row>'
ODD = {
    "an element between rows": f"<sheetData>{ORDINARY}<x>{WORD}</x>{ORDINARY}</sheetData>",
    "an element before rows that stand alone": f"<x>{WORD}</x>{ORDINARY}{ORDINARY}",
    "an element in a row": f"<sheetData><row><x>{WORD}</x></row></sheetData>",
    "an element in a cell": f"<sheetData><row><c><v>1</v><x>{WORD}</x></c></row></sheetData>",
    "an element in a value": f"<sheetData><row><c><v>1<x>{WORD}</x></v></c></row></sheetData>",
    "an attribute in a row": f'<sheetData><row><x y="{WORD}"/></row></sheetData>',
    "a comment in a cell": f"<sheetData><row><c><!--{WORD}--><v>1</v></c></row></sheetData>",
    "a comment before a row": f"<sheetData>{ORDINARY}<!--{WORD}-->{ORDINARY}</sheetData>",
    "an instruction": f"<sheetData><?x {WORD}?>{ORDINARY}</sheetData>",
    "a prompt after the rows": f'<sheetData>{ORDINARY}</sheetData><dataValidations><dataValidation '
                               f'sqref="A1" prompt="{WORD}"/></dataValidations>',
    "how to say a text in a cell": '<sheetData><row><c t="inlineStr"><is><t>one</t><rPh><t>'
                                   f"{WORD}</t></rPh></is></c></row></sheetData>",
}  # fmt: skip


def test_ordinary_cells_say_nothing_beside_themselves():
    sheet = read(f"<sheetData>{ORDINARY}</sheetData>")
    assert (cells(sheet), told(sheet)) == ("one\t2", [])


@pytest.mark.parametrize("inside", ODD.values(), ids=ODD)
def test_what_stands_oddly_in_a_sheet_is_told_once(inside):
    assert told(read(inside)).count(WORD) == 1


@pytest.mark.parametrize(
    "cell",
    ["<is><t>one</t><t>two</t></is>", "<is><t>one</t></is><is><t>two</t></is>",
     "<is><r><t>one</t></r><r><t>two</t></r></is>", "<is><t>one</t></is><t>two</t>"],
)  # fmt: skip
def test_a_text_in_a_cell_is_read_however_it_is_taken_apart(cell):
    assert cells(read(f'<sheetData><row><c t="inlineStr">{cell}</c></row></sheetData>')) == "onetwo"


def test_rows_in_rows_are_read():
    inner = '<row r="2"><c r="A2"><v>5</v></c></row>'
    assert cells(read(f'<sheetData><row r="1">{inner}</row></sheetData>')) == "5"


def test_what_stands_before_a_break_is_read():
    sheet = Sheet("s", ())
    start = f'<worksheet xmlns="{MAIN.strip("{}")}"><x>{WORD}</x><sheetData>{ORDINARY}<row><c>'
    with pytest.raises(etree.XMLSyntaxError):
        sheet.read(start.encode() + b"</x>")
    assert cells(sheet) == "one\t2"
    assert WORD in told(sheet)
