"""PDF files: text page by page, and what stands beside it: notes, forms, attachments, metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secreview.errors import Damaged, Encrypted
from secreview.formats.lines import Lines
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Gap, Part, PartKind, Place, PlaceIndex, Step, Unit, Why

MEDIA_TYPES = ("application/pdf",)
LARGE_PICTURE = 0.2  # share of the page from which a picture beside text counts as unread
IMAGE = 3  # FPDF_PAGEOBJ_IMAGE


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a PDF file."""
    data = source.read(limits)
    gaps: list[Gap] = []
    document = opened(data, gaps)
    try:
        body = pages(document, limits, gaps)
    finally:
        document.close()
    beside = tuple(around(data, limits, gaps))
    return Content((body, *beside), tuple(gaps))


def opened(data: bytes, gaps: list[Gap]) -> Any:
    """Return an open pdfium document; a broken one is repaired, with a gap."""
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Encrypted("the PDF needs a password") from None
    try:
        document = pdfium.PdfDocument(repaired(data))
    except pdfium.PdfiumError:
        raise Damaged("the PDF cannot be opened") from None
    gaps.append(Gap("pdf", Why.DAMAGED, "repaired; some of it may be missing"))
    return document


def repaired(data: bytes) -> bytes:
    """Return what pikepdf can save of a broken file; raise Damaged when it is nothing."""
    import io

    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            target = io.BytesIO()
            pdf.save(target)
            return target.getvalue()
    except pikepdf.PasswordError:
        raise Encrypted("the PDF needs a password") from None
    except Exception:
        raise Damaged("the PDF cannot be opened") from None


def pages(document: Any, limits: Limits, gaps: list[Gap]) -> Part:
    """Return the text of all pages as one part with a place for each."""
    chunks: list[str] = []
    index: list[tuple[int, Place]] = []
    length = 0
    count = len(document)
    for number in range(min(count, limits.pages)):
        place = Place((Step(Unit.PAGE, number + 1),), page=number + 1)
        try:
            text = page_text(document, number, place, gaps)
        except Exception as error:  # one page must not hide the others
            gaps.append(Gap(f"page {number + 1}", Why.CRASHED, type(error).__name__, place))
            continue
        index.append((length, place))
        chunks.append(text + "\n")
        length += len(text) + 1
    if count > limits.pages:
        detail = f"pages {limits.pages + 1} to {count}"
        gaps.append(Gap("pages", Why.LIMIT, detail))
    return Part("body", PartKind.BODY, "".join(chunks), PlaceIndex.of(index))


def page_text(document: Any, number: int, place: Place, gaps: list[Gap]) -> str:
    """Return the text of a page; pictures that may hold text are gaps."""
    page = document[number]
    try:
        text_page = page.get_textpage()
        text = str(text_page.get_text_range()).replace("\r\n", "\n").replace("\r", "\n")
        text_page.close()
        share = picture_share(page)
        if share and (not text.strip() or share > LARGE_PICTURE):
            gaps.append(Gap(f"page {number + 1}", Why.PICTURE, "", place))
    finally:
        page.close()
    return text.replace("\ufffe", "").replace("\0", "")


def picture_share(page: Any) -> float:
    """Return the largest share of a page that one picture covers, 0 without pictures."""
    width, height = page.get_size()
    area = max(1.0, width * height)
    share = 0.0
    for item in page.get_objects(filter=[IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        share = max(share, abs(right - left) * abs(top - bottom) / area, 1e-6)
    return share


def around(data: bytes, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield metadata, notes, forms, links, scripts, outlines and attachments."""
    import io

    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise Encrypted("the PDF needs a password") from None
    except Exception as error:
        gaps.append(Gap("structure", Why.DAMAGED, type(error).__name__))
        return
    with pdf:
        for name, reader in READERS:
            try:
                yield from reader(pdf, limits, gaps)
            except Exception as error:  # one kind of content must not hide the others
                gaps.append(Gap(name, Why.CRASHED, type(error).__name__))


def metadata(pdf: Any, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield the document information and the XMP packet."""
    lines = Lines("properties", PartKind.PROPERTY)
    for key, value in pdf.docinfo.items():
        name = str(key).lstrip("/")
        if "Date" not in name:
            lines.add(str(value), Place((Step(Unit.PROPERTY, name),)))
    packet = pdf.Root.get("/Metadata")
    if packet is not None:
        from secreview.formats.ooxml import parse

        root = parse(packet.read_bytes(), recover=True)
        for text in root.itertext() if root is not None else ():
            lines.add(str(text).strip(), Place((Step(Unit.PROPERTY, "XMP"),)))
    yield from lines.parts()


def notes(pdf: Any, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield the words of notes and the targets of links on the pages."""
    told, links = Lines("annotations", PartKind.ANNOTATION), Lines("links", PartKind.LINK)
    for number, page in enumerate(pdf.pages, start=1):
        place = Place((Step(Unit.PAGE, number),), page=number)
        for note in page.get("/Annots", []) or []:
            for key in ("/Contents", "/T", "/Subj"):
                told.add(words(note.get(key)), place)
            rich = words(note.get("/RC"))
            if rich:
                from secreview.formats.ooxml import parse

                root = parse(rich.encode(), recover=True)
                told.add("".join(map(str, root.itertext())) if root is not None else rich, place)
            action = note.get("/A")
            if action is not None:
                links.add(words(action.get("/URI")), place)
                links.add(words(action.get("/F")), place)
    yield from told.parts()
    yield from links.parts()


def forms(pdf: Any, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield the names and values of form fields, and XFA packets."""
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    lines = Lines("form", PartKind.FORM)
    pending = list(form.get("/Fields", []) or [])
    left = limits.members
    while pending and left:
        left -= 1
        item = pending.pop(0)
        place = Place((Step(Unit.ELEMENT, words(item.get("/T"))),))
        for key in ("/TU", "/V", "/DV"):
            lines.add(words(item.get(key)), place)
        pending.extend(item.get("/Kids", []) or [])
    xfa = form.get("/XFA")
    if xfa is not None:
        gaps.append(Gap("xfa", Why.UNSUPPORTED, "XFA form"))
    yield from lines.parts()


def outlines(pdf: Any, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield the titles of the outline."""
    lines = Lines("outline", PartKind.FIELD)
    with pdf.open_outline() as outline:
        pending = list(outline.root)
        while pending:
            item = pending.pop(0)
            lines.add(str(item.title or ""), Place((Step(Unit.ELEMENT, "outline"),)))
            pending.extend(item.children)
    yield from lines.parts()


def scripts(pdf: Any, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield JavaScript wherever an object of the file holds some."""
    lines = Lines("scripts", PartKind.SCRIPT)
    for item in pdf.objects:
        get = getattr(item, "get", None)
        if get is None or not hasattr(item, "keys") or "/JS" not in item.keys():  # noqa: SIM118
            continue
        script = item.get("/JS")
        text = script.read_bytes().decode("utf-8", "replace") if is_stream(script) else str(script)
        lines.add(text, Place((Step(Unit.ELEMENT, "JavaScript"),)))
    yield from lines.parts()


def attachments(pdf: Any, limits: Limits, gaps: list[Gap]) -> Iterator[Part]:
    """Yield the parts of embedded files, each read by its own format."""
    from secreview.formats.nested import nested

    for name, spec in pdf.attachments.items():
        data = spec.get_file().read_bytes()
        content = nested(Source(str(name), data=data), limits)
        gaps.extend(content.gaps)
        yield from content.parts


def words(value: Any) -> str:
    """Return a PDF string or text stream as text, an empty string for anything else."""
    if value is None:
        return ""
    if is_stream(value):
        return str(value.read_bytes().decode("utf-8", "replace"))
    return str(value) if type(value).__name__ in ("String", "Object", "str") else ""


def is_stream(value: Any) -> bool:
    """Return whether a PDF object is a stream."""
    return type(value).__name__ == "Stream" or getattr(value, "_type_name", "") == "stream"


READERS = (
    ("metadata", metadata),
    ("annotations", notes),
    ("forms", forms),
    ("outline", outlines),
    ("scripts", scripts),
    ("attachments", attachments),
)
