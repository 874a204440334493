"""Pictures on PDF pages: recognised where the extra is installed, else a gap; none is forgotten."""

import io

import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

import secreview
from secreview.formats import ocr
from secreview.formats.pdf import read
from secreview.formats.protocol import Limits, Source
from secreview.model import PartKind, Status, Why
from tests.build import resident_id
from tests.formats.build_pdf import pdf, shown

ID = resident_id("522601", "19850312", "101")
needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="needs the ocr extra")


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    """Read here: recognition starts once for all tests."""
    monkeypatch.setenv("SECREVIEW_IN_PROCESS", "1")


def photo(text: str = "", size: tuple[int, int] = (400, 60)) -> Image.Image:
    """Return a white picture with a line of text."""
    image = Image.new("L", size, 255)
    if text:
        from PIL import ImageFont

        ImageDraw.Draw(image).text((12, 12), text, fill=0, font=ImageFont.load_default(30))
    return image


def put(image: Image.Image, name: str = "Im1"):
    """Return the edit that gives each page a picture by a name."""

    def edit(document, page):
        made = document.make_stream(image.tobytes())
        made.Type, made.Subtype = Name.XObject, Name.Image
        made.Width, made.Height = image.size
        made.ColorSpace, made.BitsPerComponent = Name.DeviceGray, 8
        for each in document.pages:
            each.obj.Resources.XObject = Dictionary({f"/{name}": made})

    return edit


DRAWN = "q 400 0 0 60 72 600 cm /Im1 Do Q "


def gaps(data: bytes, limits: Limits | None = None) -> list[tuple[str, Why]]:
    content = read(Source("a.pdf", data=data), limits or Limits())
    return [(gap.part, gap.why) for gap in content.gaps]


@needs_ocr
def test_a_number_in_a_picture_is_found_with_its_page_and_is_approximate():
    data = pdf("", DRAWN, edit=put(photo(f"ID {ID}")))
    report = secreview.check(data=data, name="a.pdf")
    (finding,) = [f for f in report.findings if f.rule == "personal/resident-id"]
    assert (finding.kind, finding.place.page) == (PartKind.BODY, 2)
    assert [(gap.part, gap.why) for gap in report.gaps] == [("page 2", Why.APPROXIMATE)]
    rows = {row.locator: row.status for row in report.coverage}
    assert rows["page 2"] is Status.APPROXIMATE


@needs_ocr
def test_a_picture_without_text_does_not_make_a_page_clear():
    report = secreview.check(data=pdf(DRAWN, edit=put(photo())), name="a.pdf")
    assert report.verdict == "incomplete"


@needs_ocr
def test_what_the_text_of_a_page_says_is_not_told_again():
    content = read(
        Source("a.pdf", data=pdf(shown("ordinary words") + DRAWN, edit=put(photo()))), Limits()
    )
    assert "picture-text" not in [part.id for part in content.parts]


@needs_ocr
def test_pages_past_the_limit_of_pictures_are_gaps():
    data = pdf(DRAWN * 2, DRAWN, edit=put(photo(size=(400, 400))))
    small = Limits(pictures=0)
    assert gaps(data, small) == [("page 1", Why.PICTURE)]


@needs_ocr
def test_a_code_in_a_picture_is_read():
    import zxingcpp

    made = zxingcpp.create_barcode(f"ID {ID}", zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(made.to_image(scale=4)).convert("L")
    frame = Image.new("L", (code.width + 40, code.height + 40), 255)
    frame.paste(code, (20, 20))
    data = pdf("q 200 0 0 200 72 400 cm /Im1 Do Q", edit=put(frame))
    report = secreview.check(data=data, name="a.pdf")
    assert PartKind.LINK in {f.kind for f in report.findings if f.rule == "personal/resident-id"}


def test_a_mark_that_stands_on_every_page_is_told_once():
    data = pdf(
        "q 60 0 0 60 72 700 cm /Im1 Do Q",
        "q 60 0 0 60 72 700 cm /Im1 Do Q",
        edit=put(photo(size=(60, 60))),
    )
    assert [part for part, _ in gaps(data)] == ["page 1"]


@pytest.mark.parametrize(
    "place", ["q 300 0 0 2 72 600 cm /Im1 Do Q", "q 12 0 0 12 72 600 cm /Im1 Do Q"]
)
def test_rules_and_small_marks_are_no_gap(place):
    assert gaps(pdf(shown("text") + place, edit=put(photo(size=(60, 60))))) == []


def test_a_picture_that_no_page_draws_is_a_gap():
    assert gaps(pdf(shown("text"), edit=put(photo()))) == [("object 6", Why.PICTURE)]


def test_masks_of_drawn_pictures_are_no_gap():
    def edit(document, page):
        put(photo())(document, page)
        image = page.Resources.XObject.Im1
        mask = document.make_stream(b"\xff" * 3600)
        mask.Type, mask.Subtype, mask.Width, mask.Height = Name.XObject, Name.Image, 60, 60
        mask.ColorSpace, mask.BitsPerComponent = Name.DeviceGray, 8
        image.SMask = mask
        image.Alternates = Array([])

    assert [part for part, _ in gaps(pdf(DRAWN, edit=edit))] == ["page 1"]


def test_the_metadata_of_a_jpeg_is_read():
    exif = Image.Exif()
    exif[0x010E] = f"ID {ID}"
    target = io.BytesIO()
    photo().save(target, "jpeg", exif=exif)

    def edit(document, page):
        put(photo())(document, page)
        image = page.Resources.XObject.Im1
        image.write(target.getvalue(), filter=Name.DCTDecode)

    report = secreview.check(data=pdf(DRAWN, edit=edit), name="a.pdf")
    assert PartKind.PROPERTY in {
        f.kind for f in report.findings if f.rule == "personal/resident-id"
    }
