"""OFD documents for tests: a container is a mapping of members, pages are lists of objects."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

STAMP = (2026, 1, 5, 9, 0, 0)
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SIZE = 5.0


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in members.items():
            data = body.encode() if isinstance(body, str) else body
            out.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def text(
    words: str, x: float = 20, y: float = 30, *, step: float = 0, inner: str = "", **more: str
) -> str:
    """Return a text object at a place; ``inner`` stands before its text code."""
    wide = step or SIZE
    deltas = " ".join(f"{wide if c > '⺀' or step else wide / 2:g}" for c in words[:-1])
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    boundary = "" if "Boundary" in more else f' Boundary="{x:g} {y:g} 170 8"'
    size = "" if "Size" in more else f' Size="{SIZE:g}"'
    return (
        f'<ofd:TextObject ID="9" Font="3"{boundary}{size}{attributes}>{inner}'
        f'<ofd:TextCode X="0" Y="5" DeltaX="{deltas}">{words}</ofd:TextCode></ofd:TextObject>'
    )


def letters(words: str, x: float = 20, y: float = 30) -> str:
    """Return one text object for each character."""
    objects = []
    for character in words:
        objects.append(text(character, x, y))
        x += SIZE if character > "⺀" else SIZE / 2
    return "".join(objects)


def bar(x: float, y: float, width: float, height: float, color: str = "0 0 0") -> str:
    """Return a filled rectangle."""
    return (
        f'<ofd:PathObject ID="8" Boundary="{x:g} {y:g} {width:g} {height:g}" Fill="true" '
        f'Stroke="false"><ofd:FillColor Value="{color}"/><ofd:AbbreviatedData>M 0 0 L {width:g} 0 '
        f"L {width:g} {height:g} L 0 {height:g} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def content(objects: str, *, front: str = "", layer: str = "") -> str:
    """Return a page."""
    return (
        f"{HEAD}<ofd:Page {NS}>{front}<ofd:Content><ofd:Layer ID='2'{layer}>{objects}"
        "</ofd:Layer></ofd:Content></ofd:Page>"
    )


def members(
    *pages: str, info: str = "", common: str = "", document: str = "", body: str = ""
) -> dict[str, str | bytes]:
    """Return the members of a container with pages (XML of each); the rest is XML to put in."""
    listed = "".join(
        f'<ofd:Page ID="{100 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
        for n in range(len(pages))
    )
    found: dict[str, str | bytes] = {
        "OFD.xml": f'{HEAD}<ofd:OFD {NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>5f8726d4482e4377b6fce9a61c569338</ofd:DocID>{info}</ofd:DocInfo>"
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{HEAD}<ofd:Document {NS}><ofd:CommonData><ofd:MaxUnitID>999"
        "</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{document}</ofd:Document>",
        "Doc_0/PublicRes.xml": f'{HEAD}<ofd:Res {NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" '
        'FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
    }
    for number, page in enumerate(pages):
        found[f"Doc_0/Pages/Page_{number}/Content.xml"] = page
    return found


def ofd(objects: str, **more: str) -> bytes:
    """Return a document with one page of objects."""
    return packed(members(content(objects), **more))


def annotated(objects: str, annots: str, **extra: str | bytes) -> bytes:
    """Return a document with one page and annotations on it."""
    found = members(
        content(objects), document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    )
    found["Doc_0/Annots/Annotations.xml"] = (
        f'{HEAD}<ofd:Annotations {NS}><ofd:Page PageID="100"><ofd:FileLoc>Page_0/Annotation.xml'
        "</ofd:FileLoc></ofd:Page></ofd:Annotations>"
    )
    found["Doc_0/Annots/Page_0/Annotation.xml"] = (
        f"{HEAD}<ofd:PageAnnot {NS}>{annots}</ofd:PageAnnot>"
    )
    return packed(found | extra)


def font(codes: dict[int, int]) -> bytes:
    """Return a font that has nothing but a table from characters to glyphs (format 12)."""
    groups = b"".join(
        struct.pack(">III", code, code, glyph) for code, glyph in sorted(codes.items())
    )
    sub = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + sub
    return (
        struct.pack(">IHHHH", 0x10000, 1, 16, 0, 0)
        + struct.pack(">4sIII", b"cmap", 0, 28, len(table))
        + table
    )
