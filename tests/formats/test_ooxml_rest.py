"""What the quick look at whole members passes over holds nothing that is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import secreview
from secreview.formats.ooxml_rest import is_hard, may_be_hard
from secreview.formats.selftest import WORD, office
from tests.build import resident_id

ID = resident_id("522601", "19850312", "101")
PIECES = [
    "1",
    "0123456789",
    "１２３４５６７８９０１",
    "a",
    "x",
    ".",
    "@",
    "\\",
    "file:",
    "//",
    " ",
    "字",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_text_with_a_long_number_or_an_address_is_never_passed_over(text):
    assert may_be_hard(text.encode()) or not is_hard(text)


def test_sizes_and_short_numbers_are_passed_over():
    assert not may_be_hard('<w:sz w:val="24"/><w:name w:val="正文"/>'.encode())


def styles(attribute: str) -> bytes:
    """Return a Word document whose styles have an attribute."""
    body = f'<w:document xmlns:w="{WORD}"><w:body/></w:document>'
    looks = f'<w:styles xmlns:w="{WORD}"><w:style w:val="{attribute}"/></w:styles>'
    return office("word/document.xml", body, {"word/styles.xml": looks})


@pytest.mark.parametrize("coding", [str, lambda text: "".join(f"&#{ord(c)};" for c in text)])
def test_a_number_in_the_styles_is_found_however_it_is_written(coding):
    report = secreview.check(data=styles(coding(ID)), name="a.docx")
    assert [f.rule for f in report.findings] == ["personal/resident-id"]


def test_styles_that_say_nothing_give_no_finding():
    report = secreview.check(data=styles("24"), name="a.docx")
    assert not report.findings
