"""Pictures: words in their metadata, behind their end and, with the extra, in the picture itself."""

import contextlib
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from secreview import check
from secreview.api import Options, read
from secreview.errors import ReadError
from secreview.formats import ocr
from secreview.formats.protocol import Limits
from secreview.model import Document, Status, Why
from tests.build import resident_id

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
KINDS = ("png", "jpeg", "gif", "bmp", "tiff", "webp")


def picture(kind: str = "png", *, size=(60, 40), **more) -> bytes:
    image = more.pop("image", None) or Image.new("RGB", size, "white")
    stream = io.BytesIO()
    image.save(stream, kind, **more)
    return stream.getvalue()


def kinds(data: bytes, name: str = "a.png") -> set[str]:
    report = check(data=data, name=name)
    return {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_never_clear_by_itself(kind):
    report = check(data=picture(kind), name=f"a.{kind}")
    assert report.verdict == "incomplete"
    assert {gap.why for gap in report.gaps} <= {Why.PICTURE, Why.APPROXIMATE}
    assert not [f for f in report.findings if str(f.severity) != "note"]


@pytest.mark.parametrize("tag", [0x010E, 0x013B, 0x9C9C, 0x9286])
def test_words_in_exif_are_found(tag):
    exif = Image.Exif()
    if tag == 0x9C9C:
        exif[tag] = LEAK.encode("utf-16-le") + b"\0\0"
    elif tag == 0x9286:
        exif.get_ifd(0x8769)[tag] = b"UNICODE\0" + LEAK.encode("utf-16-le")
    else:
        exif[tag] = f"id {ID}"
    assert kinds(picture("jpeg", exif=exif), "a.jpg") == {"property"}


def test_chinese_words_in_an_ascii_tag_are_read_in_their_encoding():
    exif = Image.Exif()
    exif[0x013B] = "aaaaaaaaaaaaaaaa"
    data = picture("jpeg", exif=exif).replace(b"a" * 16, "摄影者乔小平".encode("gbk") + b"    ")
    assert "乔小平" in "".join(p.text for p in read(data=data, name="a.jpg").parts)


def test_the_position_of_a_photograph_is_told():
    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (26.0, 34.0, 48.0), "E", (107.0, 58.0, 12.0)
    document = read(data=picture("jpeg", exif=exif), name="a.jpg")
    assert any("26.580000, 107.970000" in part.text for part in document.parts)


def test_text_chunks_and_comments_are_found():
    info = PngInfo()
    info.add_itxt("Description", LEAK)
    assert kinds(picture("png", pnginfo=info)) == {"property"}
    comment = LEAK.encode("gbk")
    data = picture("jpeg")
    with_comment = data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]
    assert kinds(with_comment, "a.jpg") == {"property"}


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_bytes_after_the_end_are_read_and_told(kind):
    report = check(data=picture(kind) + LEAK.encode(), name=f"a.{kind}")
    assert "data" in {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}
    assert Why.UNSUPPORTED in {gap.why for gap in report.gaps}


def test_a_picture_after_the_end_is_looked_at_as_one_of_its_own():
    data = picture("jpeg") + picture("jpeg")
    rows = {row.locator: row for row in read(data=data, name="a.jpg").coverage}
    assert rows["tail"].kind == "picture"


def test_a_huge_picture_is_refused_by_its_size():
    limits = Limits(pixels=1000)
    report = check(data=picture("png"), name="a.png", options=Options(limits=limits, key=b"k"))
    assert {gap.why for gap in report.gaps} == {Why.LIMIT}


@pytest.mark.skipif(not ocr.is_installed(), reason="needs the extra secreview[ocr]")
def test_text_in_a_picture_is_read_approximately():
    image = Image.new("RGB", (900, 200), "white")
    draw = ImageDraw.Draw(image)
    draw.text((30, 60), f"ID {ID}", fill="black", font_size=48)
    data = picture("png", image=image)
    report = check(data=data, name="a.png")
    assert "body" in {str(f.kind) for f in report.findings if f.rule == "personal/resident-id"}
    rows = {row.status for row in report.coverage}
    assert Status.APPROXIMATE in rows
    assert Why.APPROXIMATE in {gap.why for gap in report.gaps}


def test_without_the_extra_the_gap_names_it(monkeypatch):
    monkeypatch.setenv("SECREVIEW_IN_PROCESS", "1")
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    report = check(data=picture(), name="a.png")
    assert report.verdict == "incomplete"
    assert any("secreview[ocr]" in gap.detail for gap in report.gaps)


@pytest.mark.skipif(not ocr.is_installed(), reason="needs the extra secreview[ocr]")
def test_a_code_in_a_picture_is_read():
    import zxingcpp

    code = zxingcpp.create_barcode(f"id {ID}", zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(code.to_image(scale=8)).convert("RGB")
    assert "link" in kinds(picture("png", image=image))


@given(st.sampled_from(KINDS), st.integers(0, 4000), st.binary(max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_document_or_a_read_error(kind, at, noise):
    data = picture(kind, size=(8, 8))
    at %= len(data)
    with contextlib.suppress(ReadError):
        assert isinstance(read(data=data[:at] + noise + data[at + 2 :], name="a.png"), Document)


def test_a_picture_too_small_for_a_letter_is_no_gap_and_one_that_may_hold_some_is():
    assert read(data=picture(size=(400, 2)), name="a.png").gaps == ()
    assert read(data=picture(size=(400, 3)), name="a.png").gaps != ()
