"""Flat OPC: one XML file that stands for an office package."""

import base64
import io
import zipfile

import pytest

from secreview import check
from secreview.model import Why
from tests.build import resident_id, word, workbook

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"


def flat(data: bytes, program: str) -> bytes:
    """Return a package as one XML file."""
    pkg = "http://schemas.microsoft.com/office/2006/xmlPackage"
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            body = archive.read(name)
            if name.endswith((".xml", ".rels")):
                text = body.decode("utf-8")
                text = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
                inner = f"<pkg:xmlData>{text}</pkg:xmlData>"
            else:
                inner = f"<pkg:binaryData>{base64.b64encode(body).decode()}</pkg:binaryData>"
            parts.append(f'<pkg:part pkg:name="/{name}">{inner}</pkg:part>')
    head = f'<?xml version="1.0"?><?mso-application progid="{program}"?>'
    return f'{head}<pkg:package xmlns:pkg="{pkg}">{"".join(parts)}</pkg:package>'.encode()


def kinds(data: bytes) -> set[str]:
    report = check(data=data, name="a.xml")
    return {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}


def test_a_calm_flat_document_is_clear():
    report = check(data=flat(word("本局依法公开信息。"), "Word.Document"), name="a.xml")
    assert (report.verdict, report.gaps) == ("clear", ())


@pytest.mark.parametrize(("place", "kind"), [("comment", "comment"), ("deleted", "deleted")])
def test_a_leak_in_a_hiding_place_of_a_flat_document_is_found(place, kind):
    assert kinds(flat(word("正文", **{place: LEAK}), "Word.Document")) == {kind}


def test_a_flat_workbook_is_read_with_its_titles():
    data = flat(workbook([["姓名", "身份证号"], ["乔小平", ID]]), "Excel.Sheet")
    assert kinds(data) == {"sheet"}


def test_the_older_xml_form_is_read_as_text_and_told():
    data = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'
        f"<w:body><w:p><w:r><w:t>{LEAK}</w:t></w:r></w:p></w:body></w:wordDocument>"
    ).encode()
    assert kinds(data) == {"body"}
    assert {gap.why for gap in check(data=data, name="a.xml").gaps} == {Why.UNSUPPORTED}


def test_a_dtd_is_refused():
    data = flat(word("正文"), "Word.Document").replace(
        b"<pkg:package", b'<!DOCTYPE x [<!ENTITY e "x">]><pkg:package', 1
    )
    assert check(data=data, name="a.xml").verdict == "incomplete"
