"""Archives: every member is read by its own format, and nothing is read twice, lost or unpacked."""

import bz2
import contextlib
import gzip
import io
import lzma
import tarfile
import zipfile
from dataclasses import replace

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview import check
from secreview.api import Options, read
from secreview.errors import ReadError
from secreview.formats.protocol import DEFAULT_LIMITS, MEBIBYTE
from secreview.model import Document, Status, Why
from tests.build import resident_id, word, workbook

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}\n".encode()
CALM = "本局依法公开环境监测数据。\n".encode()


def zipped(members: dict[str, bytes], **more) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.comment = more.get("comment", b"")
    return stream.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def seven(members: dict[str, bytes], password: str | None = None) -> bytes:
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", password=password) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return stream.getvalue()


MAKERS = {
    "a.zip": zipped,
    "a.tar": tarred,
    "a.7z": seven,
    "a.tar.gz": lambda members: gzip.compress(tarred(members)),
    "a.tar.bz2": lambda members: bz2.compress(tarred(members)),
    "a.tar.xz": lambda members: lzma.compress(tarred(members)),
}


def reasons(report) -> set[Why]:
    return {gap.why for gap in report.gaps}


@pytest.mark.parametrize("name", MAKERS)
def test_an_archive_of_calm_documents_is_clear(name):
    data = MAKERS[name]({"说明.txt": CALM, "数据/表.csv": "站点,浓度\n一号,31\n".encode()})
    report = check(data=data, name=name)
    assert (report.verdict, report.gaps) == ("clear", ())


@pytest.mark.parametrize("name", MAKERS)
def test_a_leak_in_a_member_is_found_and_its_place_names_the_member(name):
    report = check(data=MAKERS[name]({"公示/名单.txt": CALM + LEAK}), name=name)
    found = next(f for f in report.findings if f.rule == "personal/resident-id")
    assert "名单.txt" in str(found.place.steps)
    assert found.place.line is None or found.place.line == 2


def test_documents_in_archives_in_archives_are_read():
    inner = zipped({"表.xlsx": workbook([["姓名", "身份证号"], ["乔小平", ID]])})
    report = check(data=zipped({"包.zip": inner, "信.docx": word("正文")}), name="a.zip")
    found = next(f for f in report.findings if f.rule == "personal/resident-id")
    assert [value for _, value in found.place.steps[:2]] == ["包.zip", "表.xlsx"]


def test_every_member_has_a_row_that_says_how_far_it_was_read():
    data = zipped({"a.txt": CALM, "b.bin": bytes(range(256)) * 8, "c.docx": word("正文")})
    rows = {row.locator: row.status for row in read(data=data, name="x.zip").coverage}
    assert rows["a.txt"] is Status.READ
    assert rows["b.bin!b.bin" if "b.bin!b.bin" in rows else "b.bin"] in (Status.UNREAD, Status.READ)
    assert Status.UNREAD in rows.values()
    assert rows["c.docx!word/document.xml"] is Status.READ


def test_a_name_in_gbk_without_the_flag_is_read_as_it_was_meant():
    data = bytearray(zipped({"abcdef.txt": CALM}))
    name = "名单甲".encode("gbk")
    data = bytes(data).replace(b"abcdef", name)
    document = read(data=data, name="a.zip")
    assert any("名单甲.txt" in part.text for part in document.parts)


def test_a_leak_in_a_folder_name_or_comment_is_found():
    data = zipped({f"{ID}/说明.txt": CALM}, comment=f"初审人身份证{ID}".encode())
    kinds = {str(f.kind) for f in check(data=data, name="a.zip").findings}
    assert {"name", "property"} <= kinds


def test_two_members_of_one_name_are_both_read():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", CALM)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", LEAK)
    rules = {f.rule for f in check(data=stream.getvalue(), name="a.zip").findings}
    assert "personal/resident-id" in rules


def test_a_local_header_that_names_another_file_is_told():
    data = bytearray(zipped({"good.txt": CALM}))
    at = data.find(b"good.txt")
    data[at : at + 4] = b"evil"
    assert Why.DISAGREE in reasons(check(data=bytes(data), name="a.zip"))


def test_bytes_between_before_and_after_members_are_told():
    data = zipped({"a.txt": CALM})
    for changed in (b"x" * 400 + data, data + b"y" * 400):
        assert check(data=changed, name="a.zip").verdict == "incomplete"


def test_traversal_names_and_links_write_nothing_and_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("../../evil.txt")
        info.size = len(CALM)
        archive.addfile(info, io.BytesIO(CALM))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    report = check(data=stream.getvalue(), name="a.tar")
    assert Why.UNSUPPORTED in reasons(report)
    assert list(tmp_path.iterdir()) == []
    assert any(row.locator == "evil.txt" for row in report.coverage)


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar.xz", "a.7z"])
def test_a_bomb_stops_at_the_limit_and_is_never_clear(name):
    limits = replace(DEFAULT_LIMITS, member=4 * MEBIBYTE, total=8 * MEBIBYTE)
    data = MAKERS[name]({"zero.txt": b" " * (24 * MEBIBYTE)})
    report = check(data=data, name=name, options=Options(limits=limits, key=b"k"))
    assert report.verdict == "incomplete"
    assert Why.LIMIT in reasons(report)


def test_files_nested_too_deep_are_told():
    data = CALM
    for _ in range(9):
        data = zipped({"inner.zip" if data is not CALM else "a.txt": data})
    report = check(data=data, name="a.zip")
    assert Why.LIMIT in reasons(report)


def test_encrypted_members_are_told():
    report = check(data=seven({"a.txt": LEAK}, password="x"), name="a.7z")
    assert reasons(report) <= {Why.ENCRYPTED, Why.DAMAGED}
    assert report.verdict == "incomplete"
    locked = bytearray(zipped({"a.txt": LEAK}))
    locked[6] |= 1
    at = locked.find(b"PK\1\2")
    locked[at + 8] |= 1
    assert Why.ENCRYPTED in reasons(check(data=bytes(locked), name="a.zip"))


@pytest.mark.parametrize("name", MAKERS)
def test_an_archive_cut_off_anywhere_is_never_clear_when_it_held_a_leak(name):
    data = MAKERS[name]({"a.txt": CALM * 40, "b.txt": LEAK})
    for tenth in range(1, 10):
        report = check(data=data[: len(data) * tenth // 10], name=name)
        assert report.verdict != "clear", tenth


@given(st.sampled_from(sorted(MAKERS)), st.integers(0, 10_000), st.binary(max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(name, at, noise):
    data = MAKERS[name]({"a.txt": CALM, "b.csv": b"a,b\n1,2\n"})
    at %= len(data)
    changed = data[:at] + noise + data[at + len(noise) :]
    with contextlib.suppress(ReadError):
        assert isinstance(read(data=changed, name=name), Document)


def test_a_member_before_the_start_of_the_file_is_a_gap():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "正文")
        archive.writestr("b.txt", "正文")
    data = bytearray(stream.getvalue())
    at = data.rfind(b"PK\5\6") + 16
    data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 20).to_bytes(4, "little")
    assert check(data=bytes(data), name="a.zip").verdict == "incomplete"
