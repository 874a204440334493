"""Mail: what a mail program shows, and the headers, alternatives and attachments beside it."""

import contextlib
from email.message import EmailMessage, Message
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview import check
from secreview.api import read
from secreview.errors import ReadError
from secreview.model import Document, PartKind, Why
from tests.build import resident_id, workbook

ID = resident_id("522601", "19850312", "101")
CALM = "各科室：\n请于本周五前报送监测月报。\n"
LEAK = f"身份证号：{ID}"


def letter(body: str = CALM, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "office@example.gov.cn"
    message["To"] = "all@example.gov.cn"
    message["Subject"] = "报送监测月报"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def kinds(message: Message | bytes, rule: str = "personal/resident-id") -> set[str]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return {str(f.kind) for f in check(data=data, name="a.eml").findings if f.rule == rule}


def test_an_ordinary_message_is_clear():
    report = check(data=letter().as_bytes(), name="a.eml")
    assert (report.verdict, report.gaps) == ("clear", ())


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_leak_in_the_text_is_found_in_every_encoding(charset, encoding):
    message = letter()
    message.set_content(f"身份: {ID}\n", charset=charset, cte=encoding)
    assert kinds(message) == {"body"}


def test_a_subject_in_raw_gbk_is_read():
    data = f"From: a@b.cn\nTo: c@d.cn\nSubject: {LEAK}\n\n正文\n".encode("gbk")
    assert kinds(data) == {"body"}


@pytest.mark.parametrize("header", ["Bcc", "X_Remark", "Reply_To", "Thread_Topic", "Comments"])
def test_a_leak_in_a_header_that_nobody_shows_is_found(header):
    assert kinds(letter(**{header: LEAK})) == {"property"}


def test_an_alternative_that_says_something_else_is_read():
    message = letter()
    message.add_alternative(f"<html><body><p>{LEAK}</p></body></html>", subtype="html")
    assert kinds(message) == {"body"}


def test_what_a_page_in_a_message_hides_is_found():
    message = letter()
    message.add_alternative(
        f"<html><body><p>正文</p><p style='display:none'>{LEAK}</p></body></html>", subtype="html"
    )
    assert kinds(message) == {"hidden-text"}


def test_an_attachment_is_read_by_its_own_format_and_its_name_counts():
    message = letter()
    message.add_attachment(
        workbook([["姓名", "身份证号"], ["乔小平", ID]]),
        maintype="application",
        subtype="octet-stream",
        filename="名单.xlsx",
    )
    message.add_attachment(b"x\n", maintype="text", subtype="plain", filename=f"{ID}.txt")
    report = check(data=message.as_bytes(), name="a.eml")
    found = [f for f in report.findings if f.rule == "personal/resident-id"]
    assert {str(f.kind) for f in found} == {"sheet", "name"}
    assert any("名单.xlsx" in str(f.place.steps) for f in found)
    assert ID not in str([row.locator for row in report.coverage])


def test_a_message_in_a_message_is_read():
    outer = letter()
    outer.add_attachment(letter(f"{CALM}{LEAK}\n"))
    assert kinds(outer) == {"body"}


def test_what_stands_before_and_after_the_parts_is_read():
    message = letter()
    message.add_attachment(b"x\n", maintype="text", subtype="plain", filename="a.txt")
    message.preamble = f"id {ID}"
    assert kinds(message) == {"data"}


@pytest.mark.parametrize("kind", ["pkcs7-mime", "x-pkcs7-mime", "pgp-encrypted"])
def test_an_encrypted_part_is_a_gap(kind):
    message = letter()
    message.add_attachment(b"\x30\x82", maintype="application", subtype=kind, filename="smime.p7m")
    report = check(data=message.as_bytes(), name="a.eml")
    assert Why.ENCRYPTED in {gap.why for gap in report.gaps}
    assert report.verdict == "incomplete"


def test_a_winmail_attachment_is_a_gap():
    message = letter()
    message.add_attachment(
        b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    assert check(data=message.as_bytes(), name="a.eml").verdict == "incomplete"


def test_every_message_of_a_mailbox_is_read():
    box = b"".join(
        b"From a@b.cn Mon Jan  6 10:00:00 2025\n" + m.as_bytes() + b"\n"
        for m in (letter(), letter(f"{CALM}{LEAK}\n"))
    )
    report = check(data=box, name="a.mbox")
    found = next(f for f in report.findings if f.rule == "personal/resident-id")
    assert found.place.steps[0].value == "message 2.eml"


def test_a_saved_page_is_read_with_its_address():
    page = MIMEText(f"<html><body>{LEAK}</body></html>", "html", "utf-8")
    page["Content-Location"] = "http://intranet.example/名单.html"
    page["From"], page["Subject"], page["Date"] = "<Saved by browser>", "x", "y"
    document = read(data=page.as_bytes(), name="a.mht")
    assert any(part.kind is PartKind.LINK for part in document.parts)
    assert kinds(page) == {"body"}


@given(st.integers(0, 5000), st.binary(max_size=6))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(at, noise):
    message = letter()
    message.add_alternative("<p>正文</p>", subtype="html")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="a.csv")
    data = message.as_bytes()
    at %= len(data)
    with contextlib.suppress(ReadError):
        assert isinstance(read(data=data[:at] + noise + data[at:], name="a.eml"), Document)
