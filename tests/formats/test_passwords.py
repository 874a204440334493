"""Passwords: encrypted files open with the right one, stay unread without it, and none is shown."""

import binascii
import io
import struct
import zipfile

import pikepdf
import pytest

import secreview
from secreview.api import Options
from secreview.cli import main
from secreview.formats.protocol import Limits
from secreview.model import Why
from secreview.outputs import Options as Look
from secreview.outputs import render
from tests.build import resident_id, word
from tests.formats.build_pdf import pdf, revised, saved, shown

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
RIGHT, WRONG = "开-sesame-7391", "wrong-4482"


def locked_pdf() -> bytes:
    with pikepdf.open(io.BytesIO(pdf(shown(f"Number {ID}")))) as document:
        return saved(document, encryption=pikepdf.Encryption(owner="o", user=RIGHT))


def locked_word() -> bytes:
    ooxml = pytest.importorskip("msoffcrypto.format.ooxml")
    target = io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(word("正文", hidden=LEAK))).encrypt(RIGHT, target)
    return target.getvalue()


def locked_zip() -> bytes:
    pyzipper = pytest.importorskip("pyzipper")
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as out:
        out.setpassword(RIGHT.encode())
        out.writestr("a.txt", LEAK)
    return target.getvalue()


def locked_seven() -> bytes:
    py7zr = pytest.importorskip("py7zr")
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=RIGHT) as out:
        out.writestr(LEAK, "a.txt")
    return target.getvalue()


def sealed_seven() -> bytes:
    """Return an archive whose list of names is encrypted as well."""
    py7zr = pytest.importorskip("py7zr")
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=RIGHT, header_encryption=True) as out:
        out.writestr(LEAK, "a.txt")
    return target.getvalue()


FILES = {
    "a.pdf": locked_pdf, "a.docx": locked_word, "a.zip": locked_zip, "a.7z": locked_seven,
    "b.7z": sealed_seven,
}  # fmt: skip


def step(value: int) -> int:
    """Return a register of CRC-32 after one byte of zeros."""
    for _ in range(8):
        value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return value


CRC = [step(value) for value in range(256)]


class OldKeys:
    """The old encryption of zip members (APPNOTE 6.1), which zipfile only reads."""

    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    def update(self, byte: int) -> None:
        first, second, third = self.keys
        first = first >> 8 ^ CRC[(first ^ byte) & 0xFF]
        second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [first, second, third >> 8 ^ CRC[(third ^ second >> 24) & 0xFF]]

    def encrypted(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            value = self.keys[2] & 0xFFFF | 2
            out.append(byte ^ (value * (value ^ 1) >> 8 & 0xFF))
            self.update(byte)
        return bytes(out)


def old_zip(password: bytes) -> bytes:
    """Return a zip with one member in the old encryption."""
    plain, name, keys = LEAK.encode(), b"a.txt", OldKeys(password)
    check = binascii.crc32(plain)
    body = keys.encrypted(b"\0" * 11 + bytes([check >> 24])) + keys.encrypted(plain)
    head = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 0x21, check, len(body), len(plain), len(name), 0)
    local = b"PK\3\4" + head + name + body
    entry = b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end


def check(data: bytes, name: str, *passwords: str):
    return secreview.check(data=data, name=name, options=Options(passwords=passwords))


def found(report) -> bool:
    return any(f.rule == "personal/resident-id" for f in report.findings)


@pytest.mark.parametrize("name", FILES)
def test_without_the_right_password_a_file_stays_a_gap(name):
    data = FILES[name]()
    for passwords in ((), (WRONG,), (WRONG, "")):
        report = check(data, name, *passwords)
        assert {gap.why for gap in report.gaps} == {Why.ENCRYPTED}
        assert not found(report)
        assert report.verdict != "clear"


@pytest.mark.parametrize("name", FILES)
def test_with_the_right_password_among_others_a_file_is_read(name):
    report = check(FILES[name](), name, WRONG, RIGHT)
    assert found(report)
    assert report.gaps == ()


def test_a_member_in_the_old_encryption_is_read():
    assert not found(check(old_zip(b"abc"), "a.zip", WRONG))
    assert found(check(old_zip(b"abc"), "a.zip", WRONG, "abc"))
    assert found(check(old_zip("密码".encode("gb18030")), "a.zip", "密码"))


def test_a_locked_file_inside_another_one_is_read():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        out.writestr("inner.pdf", locked_pdf())
    report = check(target.getvalue(), "a.zip", RIGHT)
    assert found(report)
    assert report.gaps == ()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("passwords", [(WRONG,), (WRONG, RIGHT)])
def test_no_password_is_shown_anywhere(name, passwords):
    report = check(FILES[name](), name, *passwords)
    texts = [
        render(kind, [report], Look(reveal=True, verbose=True))
        for kind in ("text", "json", "html", "sarif")
    ]
    texts += [repr(report), repr(Options(passwords=passwords)), repr(Limits(passwords=passwords))]
    assert not [text for text in texts for word in (RIGHT, WRONG) if word in text]


def test_earlier_states_of_a_locked_file_are_read_too():
    plain = revised(
        pdf(shown(f"Number {ID}")),
        lambda d, p: p.update({"/Contents": d.make_stream(shown("new").encode())}),
    )
    assert found(check(plain, "a.pdf", RIGHT))


def test_a_file_of_passwords_opens_files_from_the_command_line(tmp_path, capsys):
    (tmp_path / "a.pdf").write_bytes(locked_pdf())
    keys = tmp_path / "keys.txt"
    keys.write_text(f"{WRONG}\n\n{RIGHT}\n", "utf-8")
    path = str(tmp_path / "a.pdf")
    assert main(["check", path, "--lang", "en"]) == 3
    assert "--password-file" in capsys.readouterr().out
    assert main(["check", path, "--password-file", str(keys)]) == 1
    assert RIGHT not in capsys.readouterr().out
    assert main(["read", path, "--password-file", str(keys)]) == 0
    assert ID in capsys.readouterr().out


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x80"])
def test_a_password_file_that_cannot_be_read_is_a_usage_error(data, tmp_path, capsys):
    keys = tmp_path / "keys.txt"
    if data:
        keys.write_bytes(data)
    (tmp_path / "a.txt").write_text("正文", "utf-8")
    assert main(["check", str(tmp_path / "a.txt"), "--password-file", str(keys)]) == 2
    assert "keys.txt" in capsys.readouterr().err


def test_a_damaged_locked_file_is_a_gap():
    data = locked_word()
    report = check(data[: len(data) // 2], "a.docx", RIGHT)
    assert report.gaps
    assert report.verdict == "incomplete"
