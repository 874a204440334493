"""Files that mean harm: bombs, loops, lies about themselves, locked and cut off ones."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

import pikepdf
from PIL import Image

from secreview.formats.selftest import docx, odt, ofd, packed, pdf, pptx, xlsx
from tests.build import resident_id, word, workbook
from tests.formats.build_ole import compound, doc

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
MEGABYTE = 1 << 20
DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "身份证号">]>'


def squeezed(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def changed(data: bytes, member: str, edit: Callable[[bytes], bytes]) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(data))
    return squeezed(
        {n: edit(source.read(n)) if n == member else source.read(n) for n in source.namelist()}
    )


def with_dtd(data: bytes, member: str) -> bytes:
    return changed(data, member, lambda body: DTD.encode() + body)


def nested_zips(levels: int) -> bytes:
    data = LEAK.encode()
    for level in range(levels):
        data = squeezed({f"{level}.zip" if level else "a.txt": data})
    return data


def tar_of(*infos: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(b"x" * info.size) if info.isfile() else None)
    return stream.getvalue()


def tar_member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def huge_tar() -> bytes:
    info = tar_member("a.txt")
    info.size = 1 << 40
    return info.tobuf() + b"x" * 1024


def twice(name: str, first: bytes, second: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, first)
        info = zipfile.ZipInfo(name)
        archive.NameToInfo.pop(name)
        archive.writestr(info, second)
    return stream.getvalue()


def main_of(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")


def lying_header() -> bytes:
    data = bytearray(squeezed({"good.txt": b"calm"}))
    at = data.find(b"good.txt")
    data[at : at + 4] = b"evil"
    return bytes(data)


def lying_size() -> bytes:
    data = bytearray(squeezed({"a.txt": b"x" * 100_000}))
    at = data.find(b"PK\1\2")
    struct.pack_into("<I", data, at + 24, 10)
    return bytes(data)


def huge_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 2501 * 20_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def pdf_with(edit: Callable[[pikepdf.Pdf], None], **options) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        edit(document)
        document.save(target, **options)
    return target.getvalue()


def looping_form(document: pikepdf.Pdf) -> None:
    form = document.make_stream(b"/F0 Do BT /F1 12 Tf (loop) Tj ET")
    form["/Type"], form["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    form["/BBox"] = [0, 0, 100, 100]
    form["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F0=form))
    page = document.pages[0]
    page.Resources["/XObject"] = pikepdf.Dictionary(F0=form)
    page.contents_add(b"/F0 Do")


def flate_bomb(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"% " + b" " * (300 * MEGABYTE))


def looping_pages(document: pikepdf.Pdf) -> None:
    pages = document.Root.Pages
    pages.Kids.append(pages)


def locked(document: pikepdf.Pdf) -> None:
    """Leave the page as it is; the password comes with saving."""


def locked_zip() -> bytes:
    data = bytearray(squeezed({"a.txt": LEAK.encode()}))
    data[6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    return bytes(data)


def looping_fat() -> bytes:
    data = bytearray(doc(LEAK + "\r"))
    fat = struct.unpack_from("<I", data, 76)[0]
    struct.pack_into("<I", data, 512 * (fat + 1), 0)  # the first sector follows itself
    return bytes(data)


def locked_word() -> bytes:
    data = bytearray(doc(LEAK + "\r"))
    data[data.find(b"\xec\xa5") + 11] |= 1
    return bytes(data)


def many_members() -> bytes:
    return squeezed({f"{n}.txt": b"" for n in range(12_000)})


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (60, 60)).save(stream, kind)
    return stream.getvalue()


HARMFUL: Mapping[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: changed(word("正文"), "word/document.xml", lambda b: b.replace("正文".encode(), b" " * (300 * MEGABYTE))),
    "bomb.xlsx": lambda: changed(xlsx(), "xl/worksheets/sheet1.xml", lambda b: b.replace(b"selftest7391", b" " * (300 * MEGABYTE))),
    "bomb.ofd": lambda: changed(ofd(), "Doc_0/Document.xml", lambda b: b + b" " * (300 * MEGABYTE)),
    "bomb.zip": lambda: squeezed({"zero.txt": b"\0" * (300 * MEGABYTE)}),
    "bomb.txt.gz": lambda: gzip.compress(b"\0" * (300 * MEGABYTE), 1),
    "bomb.txt.bz2": lambda: bz2.compress(b"\0" * (300 * MEGABYTE), 1),
    "bomb.txt.xz": lambda: lzma.compress(b"\0" * (300 * MEGABYTE), preset=0),
    "bomb.pdf": lambda: pdf_with(flate_bomb, compress_streams=True),
    "nested.zip": lambda: nested_zips(12),
    "many.zip": many_members,
    "huge.tar": huge_tar,
    "traversal.zip": lambda: squeezed({"../../../../tmp/evil.txt": LEAK.encode()}),
    "traversal.tar": lambda: tar_of(tar_member("../../evil.txt"), tar_member("link", tarfile.SYMTYPE, "/etc/passwd")),
    "device.tar": lambda: tar_of(tar_member("null", tarfile.CHRTYPE)),
    "hardlink.tar": lambda: tar_of(tar_member("link", tarfile.LNKTYPE, "/etc/shadow")),
    "twice.zip": lambda: twice("a.txt", b"calm", LEAK.encode()),
    "twice.docx": lambda: twice("word/document.xml", main_of(word("正文")), main_of(word(LEAK))),
    "lying-header.zip": lying_header,
    "lying-size.zip": lying_size,
    "before.zip": lambda: b"MZ" + b"\0" * 500 + squeezed({"a.txt": b"calm"}),
    "after.zip": lambda: squeezed({"a.txt": b"calm"}) + LEAK.encode() * 20,
    "dtd.docx": lambda: with_dtd(docx(), "word/document.xml"),
    "dtd.xlsx": lambda: with_dtd(xlsx(), "xl/worksheets/sheet1.xml"),
    "dtd.pptx": lambda: with_dtd(pptx(), "ppt/slides/slide1.xml"),
    "dtd.odt": lambda: with_dtd(odt(), "content.xml"),
    "dtd.ofd": lambda: with_dtd(ofd(), "Doc_0/Pages/Page_0/Content.xml"),
    "deep.docx": lambda: changed(word("正文"), "word/document.xml", lambda b: b.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 100_000)),
    "far.xlsx": lambda: changed(xlsx(), "xl/worksheets/sheet1.xml", lambda b: b.replace(b"</row>", b'</row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')),
    "locked.doc": locked_word,
    "locked.xlsx": lambda: compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 300}),
    "locked.pdf": lambda: pdf_with(locked, encryption=pikepdf.Encryption(owner="a", user="b")),
    "locked.zip": locked_zip,
    "loop.doc": looping_fat,
    "loop-form.pdf": lambda: pdf_with(looping_form),
    "loop-pages.pdf": lambda: pdf_with(looping_pages),
    "huge.png": huge_png,
    "wrong-suffix.docx": lambda: b"MZ" + bytes(range(256)) * 20,
    "wrong-suffix.txt": lambda: b"\x7fELF" + bytes(range(256)) * 20,
    "leak-wrong-suffix.txt": lambda: docx().replace(b"selftest7391", b"selftest7391"),
    "picture.txt": lambda: picture("png"),
    "deep.rtf": lambda: b"{\\rtf1" + b"{" * 200_000,
    "deep.html": lambda: b"<html>" + b"<div>" * 200_000 + LEAK.encode(),
    "entity.svg": lambda: DTD.replace("DOCTYPE x", "DOCTYPE svg").encode() + b"<svg><text>&e;</text></svg>",
    "random.bin": lambda: bytes((n * 7919 + n // 3) % 256 for n in range(60_000)),
    "zeros.dat": lambda: b"\0" * 4096,
}  # fmt: skip


def cut_off() -> dict[str, bytes]:
    """Return office and layout files cut off at every tenth of their bytes."""
    whole = {"docx": word(LEAK), "xlsx": workbook([["身份证号"], [ID]]), "pdf": pdf(), "ofd": ofd()}
    return {
        f"cut-{tenth}.{name}": data[: len(data) * tenth // 10]
        for name, data in whole.items()
        for tenth in range(1, 10)
    }


def calm(name: str) -> bytes:
    """Return a small zip of calm text, for what must stay unaffected."""
    return packed({name: "本局依法公开环境监测数据。"})
