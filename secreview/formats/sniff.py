"""What a file is, by its bytes; its name decides only among kinds of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from secreview.errors import Damaged, UnknownFormat
from secreview.formats.decode import decode, is_text
from secreview.formats.protocol import Source

if TYPE_CHECKING:
    from zipfile import ZipFile

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
CSV = "text/csv"
TSV = "text/tab-separated-values"
HTML = "text/html"
JSON = "application/json"
XML = "application/xml"
JAVASCRIPT = "text/javascript"
CSS = "text/css"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODF = "application/vnd.oasis.opendocument"
OFD = "application/ofd"
RTF = "application/rtf"
MAIL = "message/rfc822"
ZIP = "application/zip"
ARCHIVES = (
    ZIP, "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz",
    "application/x-7z-compressed",
)  # fmt: skip
PICTURES = (
    "image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp", "image/x-icon",
)  # fmt: skip
FONTS = ("font/sfnt", "font/woff", "font/woff2", "application/vnd.ms-fontobject")
SVG = "image/svg+xml"
METAFILES = ("image/emf", "image/wmf")
OLE = "application/x-ole-storage"
LOCKED = "application/vnd.ms-office.encrypted"
FLAT_ODF = "application/vnd.oasis.opendocument.flat+xml"
FLAT_OFFICE = "application/vnd.ms-office.flat+xml"

HEAD = 1 << 16  # bytes that decide
PDF_MARK = b"%PDF-"
PDF_START = 1024  # bytes in which readers look for the mark
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"\1\0\x09\0\0\3", "image/wmf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\0\1\0\0\0", "font/sfnt"),
    (b"OTTO\0", "font/sfnt"),
    (b"ttcf\0", "font/sfnt"),
    (b"\x7fELF", "application/x-executable"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)
TEXT_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("txt", "text", "log", "yaml", "yml"), PLAIN),
    **dict.fromkeys(("md", "markdown"), MARKDOWN),
    **dict.fromkeys(("html", "htm", "xhtml", "shtml"), HTML),
    **dict.fromkeys(("json", "map", "jsonl", "ndjson", "geojson", "webmanifest", "ipynb"), JSON),
    **dict.fromkeys(("xml", "rss", "atom", "rdf", "xsl", "kml", "svg"), XML),
    **dict.fromkeys(("js", "mjs", "cjs"), JAVASCRIPT),
    "csv": CSV, "tsv": TSV, "tab": TSV, "css": CSS,
}  # fmt: skip
MAIL_HEADER = (
    r"(?i)(received|return-path|mime-version|message-id|from|to|subject|date|dkim-signature"
    r"|delivered-to|x-[\w-]+|content-type|content-transfer-encoding)\s*:"
)
JSONP = re.compile(r"[\w.$]{1,60}\(\s*[{\[]\s*\"")
XML_START = (  # each comment is taken whole, never in two ways
    r"(?is)\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
)
SVG_START = XML_START + r"(?:<!DOCTYPE\s+svg\b|<(?:svg:)?svg\b)"
FLAT_ODF_START = (
    r"(?is)\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    r"<(?:[\w.-]+:)?document\s[^>]*urn:oasis:names:tc:opendocument:xmlns:office:1\.0"
)
HTML_START = (
    XML_START + r"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|style|script)\b"
)


def sniff(source: Source) -> str:
    """Return the media type of a source; raise UnknownFormat when it is none that is known."""
    with source.open() as stream:
        head = stream.read(HEAD)
    if not head:
        return by_name(source.name, PLAIN)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ole(source)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return zipped(source)
    for magic, media_type in MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"\1\0\0\0") and head[40:44] == b" EMF":
        return "image/emf"
    if head[34:36] == b"LP" and extension(source.name) == "eot":
        return "application/vnd.ms-fontobject"
    if head[257:262] == b"ustar":
        return "application/x-tar"
    if head[8:12] == b"WEBP" and head.startswith(b"RIFF"):
        return "image/webp"
    if is_bitmap(head):
        return "image/bmp"
    return looser(source, head)


def looser(source: Source, head: bytes) -> str:
    """Return the media type of bytes without a fixed start: PDF with a prefix, zip, text."""
    start = head[:PDF_START]
    if start.lstrip(b"\xef\xbb\xbf \t\r\n\f\0").startswith(PDF_MARK):
        return PDF
    texty = is_text(whole_lines(head))
    if PDF_MARK in start and (not texty or extension(source.name) == "pdf"):
        return PDF
    if not texty:
        import zipfile  # lazy: plain text needs none of it

        with source.open() as stream:
            if zipfile.is_zipfile(stream):
                return zipped(source)
        raise UnknownFormat("binary data of no known format")
    return textual(source.name, decode(whole_lines(head)).text)


def whole_lines(head: bytes) -> bytes:
    """Return the bytes up to the last line end when they may have been cut inside a character."""
    if len(head) < HEAD:
        return head
    cut = head.rfind(b"\n")
    if cut < HEAD // 2 or b"\0" in head:
        return head[: HEAD - HEAD % 4]
    return head[: cut + 1]


def textual(name: str, text: str) -> str:
    """Return which kind of text this is."""
    start = text[:4096].lstrip("\ufeff \t\r\n")
    if start.startswith("<?xml") and "<?mso-application" in start:
        return FLAT_OFFICE
    if re.match(FLAT_ODF_START, text[:8192]):
        return FLAT_ODF
    if re.match(SVG_START, text[:4096]):
        return SVG
    if extension(name) in ("eml", "mht", "mhtml", "mbox") or is_mail(name, start):
        return MAIL
    named = by_name(name, "")
    if named in (CSV, TSV, HTML, MARKDOWN, JAVASCRIPT, CSS, JSON):
        return named
    return structured(named, text[:4096], start)


def structured(named: str, head: str, start: str) -> str:
    """Return which kind of text without a telling name this is: a page, XML, JSON, or none."""
    if named != XML and re.match(HTML_START, head):
        return HTML
    if start.startswith("<?xml") or (named == XML and start.startswith("<")):
        return XML
    if not named and (JSONP.match(start) or is_json_start(start)):
        return JSON
    return PLAIN if named == XML else named or PLAIN


def is_json_start(start: str) -> bool:
    """Return whether a text without a telling name begins as an object or list of JSON does."""
    member = r'\{\s*"[^"\n]{1,80}"\s*:'
    return bool(re.match(rf'(?:{member}|\[\s*(?:{member}|\[\s*["\d]))', start))


def is_mail(name: str, start: str) -> bool:
    """Return whether a text without a text name starts with at least three mail headers."""
    if extension(name) in TEXT_NAMES:
        return False
    return sum(bool(re.match(MAIL_HEADER, line)) for line in start.splitlines()[:30]) >= 3


def extension(name: str) -> str:
    """Return the lower-case extension of a file name without its dot.

    >>> extension("名单.CSV"), extension("README")
    ('csv', '')
    """
    _, dot, last = name.rpartition(".")
    return last.lower() if dot else ""


def by_name(name: str, otherwise: str) -> str:
    """Return the kind of text a name promises."""
    return TEXT_NAMES.get(extension(name), otherwise)


def is_bitmap(head: bytes) -> bool:
    """Return whether the bytes start like a Windows bitmap with a sane header size."""
    return head.startswith(b"BM") and head[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")


def ole(source: Source) -> str:
    """Return the media type of an OLE2 file: of old office files, or of newer ones locked in it."""
    overlap = len(ENCRYPTED_PACKAGE)
    with source.open() as stream:
        tail = b""
        while block := stream.read(1 << 20):
            if ENCRYPTED_PACKAGE in tail + block:
                return LOCKED
            tail = block[-overlap:]
    return OLE


def zipped(source: Source) -> str:
    """Return the media type of a zip file by the names of its members."""
    import zipfile

    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            names = {name.replace("\\", "/").lstrip("/") for name in archive.namelist()}
            mimetype = mimetype_of(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Damaged(f"zip container: {type(error).__name__}") from None
    lower = {name.lower() for name in names}
    if "ofd.xml" in lower or {"encryptions.xml", "decryptseed.dat"} <= lower:
        return OFD
    if mimetype.startswith(ODF) or {"content.xml", "meta-inf/manifest.xml"} <= lower:
        return ODF
    if mimetype == "application/epub+zip":
        return mimetype
    return office(names)


def office(names: set[str]) -> str:
    """Return which office format the members of a zip make up."""
    lower = {name.lower() for name in names}
    for folder, media_type in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        main = {DOCX: "document.xml", XLSX: "workbook.xml", PPTX: "presentation.xml"}[media_type]
        if folder + main in lower:
            return media_type
    if "[content_types].xml" in lower:
        for folder, media_type in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
            if any(name.startswith(folder) for name in lower):
                return media_type
    return ZIP


def mimetype_of(archive: ZipFile) -> str:
    """Return the content of the mimetype member, at most 200 characters."""
    import zipfile

    try:
        with archive.open("mimetype") as member:
            return member.read(200).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, RuntimeError, KeyError, EOFError, ValueError):
        return ""
    except Exception:  # zlib.error and lzma.LZMAError share no base
        return ""
