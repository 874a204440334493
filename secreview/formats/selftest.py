"""A tiny file for each reader with a word where it hides, to see whether it is still found.

A newer version of a library must never turn a reader's detection off without anybody noticing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from secreview.errors import ReadError
from secreview.formats import read
from secreview.formats.protocol import Source
from secreview.model import PartKind

NEEDLE = "selftest7391"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text")
)
OFD = "http://www.ofdspec.org/2016"


class Probe(NamedTuple):
    """One tiny file: its name, its bytes, and the kind of part in which the word must be."""

    name: str
    build: Callable[[], bytes]
    kind: PartKind


class Answer(NamedTuple):
    """Whether the word of a probe was found."""

    name: str
    is_found: bool


def answers() -> Iterator[Answer]:
    """Read each probe and yield whether its word was found where it hides."""
    for probe in PROBES:
        yield Answer(probe.name, is_found(probe))


def is_found(probe: Probe) -> bool:
    """Return whether the word of a probe is in a part of the right kind."""
    try:
        document = read(Source(probe.name, data=probe.build()))
    except ReadError:
        return False
    return any(part.kind is probe.kind and NEEDLE in part.text for part in document.parts)


def packed(members: Mapping[str, str]) -> bytes:
    """Return a zip of text members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def office(main: str, text: str, further: Mapping[str, str] | None = None) -> bytes:
    """Return an office package with a main part and further ones."""
    relation = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>'
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return packed(
        {"[Content_Types].xml": f'<Types xmlns="{types}"/>', "_rels/.rels": relation, main: text,
         **(further or {})}
    )  # fmt: skip


def docx() -> bytes:
    """Return a Word document with a deleted word."""
    deleted = f'<w:del w:author=""><w:r><w:delText>{NEEDLE}</w:delText></w:r></w:del>'
    return office(
        "word/document.xml",
        f'<w:document xmlns:w="{WORD}"><w:body><w:p>{deleted}</w:p></w:body></w:document>',
    )


def related(kind: str, target: str) -> str:
    """Return the relationships of a part that has one."""
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/{kind}" '
        f'Target="{target}"/></Relationships>'
    )


def xlsx() -> bytes:
    """Return a workbook with a word on a hidden sheet."""
    cell = f'<c r="A1" t="inlineStr"><is><t>{NEEDLE}</t></is></c>'
    return office(
        "xl/workbook.xml",
        f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="s" sheetId="1" state="hidden" r:id="r1"/></sheets></workbook>',
        {
            "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData><row r="1">{cell}'
            "</row></sheetData></worksheet>",
        },
    )


def pptx() -> bytes:
    """Return a presentation with a word on a hidden slide."""
    body = f"<p:txBody><a:p><a:r><a:t>{NEEDLE}</a:t></a:r></a:p></p:txBody>"
    return office(
        "ppt/presentation.xml",
        f'<p:presentation xmlns:p="{SLIDE}" xmlns:r="{OFFICE}"><p:sldIdLst>'
        '<p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
        {
            "ppt/_rels/presentation.xml.rels": related("slide", "slides/slide1.xml"),
            "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{SLIDE}" xmlns:a="{DRAWING}" show="0">'
            f"<p:cSld><p:spTree><p:sp>{body}</p:sp></p:spTree></p:cSld></p:sld>",
        },
    )


def odt() -> bytes:
    """Return an OpenDocument text with a hidden word."""
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF_NAMES}><office:body><office:text>"
            "<text:p>"
            f'<text:hidden-text text:condition="" text:string-value="{NEEDLE}">{NEEDLE}'
            "</text:hidden-text></text:p></office:text></office:body></office:document-content>",
        }
    )


def ofd() -> bytes:
    """Return an OFD file with a word that is not visible."""
    return packed(
        {
            "OFD.xml": f'<ofd:OFD xmlns:ofd="{OFD}" Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{OFD}"><ofd:CommonData><ofd:PageArea>'
            "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
            '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
            "</ofd:Document>",
            "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="{OFD}"><ofd:Content>'
            '<ofd:Layer ID="2" Type="Body"><ofd:TextObject ID="3" Boundary="20 20 100 10" Font="4" '
            f'Size="5" Visible="false"><ofd:TextCode X="0" Y="5">{NEEDLE}</ofd:TextCode>'
            "</ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def pdf() -> bytes:
    """Return a PDF page on which a black box covers a word."""
    content = f"BT /F1 24 Tf 72 700 Td ({NEEDLE}) Tj ET 0 0 0 rg 60 690 300 40 re f".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    made = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def png() -> bytes:
    """Return a picture with a comment."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    notes, stream = PngInfo(), io.BytesIO()
    notes.add_text("Comment", NEEDLE)
    Image.new("L", (2, 2)).save(stream, "png", pnginfo=notes)
    return stream.getvalue()


def text_of(template: str) -> Callable[[], bytes]:
    """Return a builder of a text file that holds the word."""
    return lambda: template.replace("@", NEEDLE).encode()


PROBES = (
    Probe("a.txt", text_of("@"), PartKind.BODY),
    Probe("a.md", text_of("# x\n\n<!-- @ -->\n"), PartKind.BODY),
    Probe("a.json", text_of('{"a": ["@"]}'), PartKind.BODY),
    Probe("a.xml", text_of('<?xml version="1.0"?><a><!-- @ --></a>'), PartKind.MARKUP),
    Probe("a.js", text_of("var a = '@';"), PartKind.SCRIPT),
    Probe("a.csv", text_of("a,b\n1,@\n"), PartKind.BODY),
    Probe("a.html", text_of("<p>x</p><p style='display:none'>@</p>"), PartKind.HIDDEN_TEXT),
    Probe(
        "a.svg", text_of("<svg><g display='none'><text>@</text></g></svg>"), PartKind.HIDDEN_TEXT
    ),
    Probe("a.rtf", text_of("{\\rtf1 {\\v @}}"), PartKind.HIDDEN_TEXT),
    Probe("a.eml", text_of("From: a@b.cn\nTo: c\nBcc: @\nSubject: x\n\nx\n"), PartKind.PROPERTY),
    Probe("a.docx", docx, PartKind.DELETED),
    Probe("a.xlsx", xlsx, PartKind.HIDDEN_SHEET),
    Probe("a.pptx", pptx, PartKind.HIDDEN_TEXT),
    Probe("a.odt", odt, PartKind.HIDDEN_TEXT),
    Probe("a.ofd", ofd, PartKind.HIDDEN_TEXT),
    Probe("a.pdf", pdf, PartKind.HIDDEN_TEXT),
    Probe("a.png", png, PartKind.PROPERTY),
    Probe("a.zip", lambda: packed({"x/a.txt": NEEDLE}), PartKind.BODY),
)
