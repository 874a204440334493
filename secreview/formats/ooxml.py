"""Office packages: a zip of XML parts, opened with distrust, each member accounted for."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from secreview.errors import Damaged, Encrypted, ReadError, TooLarge
from secreview.formats.coverage import members
from secreview.formats.protocol import Limits, Source
from secreview.model import Covered, Gap, Place, Step, Unit, Why

CHUNK = 1 << 16
SLACK = 128  # bytes of zip64 records at the end
STRICT = b"http://purl.oclc.org/ooxml/"
STRICT_NAMES = (  # ISO 29500 strict and transitional namespaces of the same elements
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main",
     b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/drawingml/",
     b"http://schemas.openxmlformats.org/drawingml/2006/"),
)  # fmt: skip
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
AES = 99  # compression method of members with AES (WinZip AE-x)
PASSWORD_EXTRA = "secreview[password]"  # noqa: S105 - the name of an extra
PLAIN = re.compile(r"[^./\\][^/\\]*+(?:/[^./\\][^/\\]*+)*+")  # a name with nothing to clean
ABOVE = re.compile(r"^(?:\.\./)+")
FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


class Relation(NamedTuple):
    """One relationship of a member: its type's last word, and where it points."""

    id: str
    type: str
    target: str
    external: bool


@dataclass(slots=True)
class Package:
    """An open zip: members by name, what is left of the limits, and gaps met so far."""

    archive: zipfile.ZipFile
    limits: Limits
    members: dict[str, zipfile.ZipInfo]
    gaps: list[Gap] = field(default_factory=list)
    told: set[tuple[str, Why, str]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    inner: list[Covered] = field(default_factory=list)  # rows of files inside members
    inflated: int = 0
    related: dict[str, list[Relation]] = field(default_factory=dict)  # by their .rels member

    def gap(self, member: str, why: Why, detail: str = "") -> None:
        """Note that a member was not read, or not in full; the same is told once."""
        if (member, why, detail) not in self.told:
            self.told.add((member, why, detail))
            self.gaps.append(Gap(member, why, detail, Place((Step(Unit.FILE, member),))))

    def skip(self, member: str) -> None:
        """Note that a member holds no text of the document, such as a font."""
        self.seen.add(member)
        self.skipped.add(member)

    def coverage(self, reader: str) -> tuple[Covered, ...]:
        """Return a row for each member, and those of the files inside members."""
        sizes = {name: info.file_size for name, info in self.members.items()}
        rows = members(sizes, self.gaps, skipped=self.skipped, reader=reader)
        return (*rows, *(row for row in self.inner if row.locator not in sizes))

    def read(self, member: str) -> bytes | None:
        """Return the inflated bytes of a member, or None after noting a gap."""
        self.seen.add(member)
        if member not in self.members:
            return None
        info = self.members[member]
        if info.flag_bits & 1:
            return self.unlocked(member, info)
        try:
            return self.inflate(info)
        except TooLarge as error:
            self.gap(member, Why.LIMIT, str(error))
        except NotImplementedError:
            self.gap(member, Why.UNSUPPORTED, "compression method")
        except (*FAULTS, RuntimeError) as error:
            self.gap(member, Why.DAMAGED, type(error).__name__)
        return None

    def unlocked(self, member: str, info: zipfile.ZipInfo) -> bytes | None:
        """Return the bytes of an encrypted member that a password opens, or None after a gap."""
        if not self.limits.passwords:
            self.gap(member, Why.ENCRYPTED)
            return None
        archive = self.archive
        if info.compress_type == AES:
            try:
                import pyzipper
            except ImportError:
                self.gap(member, Why.ENCRYPTED, f"opened with {PASSWORD_EXTRA}")
                return None
            archive = pyzipper.AESZipFile(self.archive.fp)
            info = archive.getinfo(info.filename)
        for password in self.limits.passwords:
            for encoding in ("utf-8", "gb18030")[: 1 if password.isascii() else 2]:
                try:
                    return self.inflate(info, archive, password.encode(encoding))
                except TooLarge as error:
                    self.gap(member, Why.LIMIT, str(error))
                    return None
                except (*FAULTS, RuntimeError, NotImplementedError):
                    continue  # a wrong password, which the check sum tells
        self.gap(member, Why.ENCRYPTED, "none of the passwords opens it")
        return None

    def inflate(
        self, info: zipfile.ZipInfo, archive: Any = None, password: bytes | None = None
    ) -> bytes:
        """Return the bytes of a member read in chunks; raise TooLarge past a limit."""
        chunks: list[bytes] = []
        size = 0
        with (archive or self.archive).open(info, pwd=password) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                self.inflated += len(chunk)
                self.check(size, info)
                chunks.append(chunk)
        return b"".join(chunks)

    def check(self, size: int, info: zipfile.ZipInfo) -> None:
        """Raise TooLarge when a member, or all together, have grown past a limit."""
        limits = self.limits
        if size > limits.member:
            raise TooLarge(f"member over {limits.member} bytes")
        if self.inflated > limits.total:
            raise TooLarge(f"all members over {limits.total} bytes")
        if size > limits.ratio_from and size > limits.ratio * max(1, info.compress_size):
            raise TooLarge(f"inflates more than {limits.ratio} times")

    def root(self, member: str) -> etree._Element | None:
        """Return the root element of an XML member, or None after noting a gap."""
        data = self.read(member)
        if data is None:
            return None
        try:
            return parse(data)
        except Refused:
            self.gap(member, Why.DAMAGED, f"DTD refused: {member}")
            return None
        except etree.XMLSyntaxError:
            return self.repaired(member, data)

    def repaired(self, member: str, data: bytes) -> etree._Element | None:
        """Return what a forgiving parser sees of broken XML, with a gap."""
        if data and not data.isspace():
            self.gap(member, Why.DAMAGED, "XML syntax")
        try:
            return parse(data, recover=True)
        except (etree.XMLSyntaxError, Refused):
            return None

    def main(self, member: str) -> etree._Element:
        """Return the root of the main document; raise Damaged when there is none."""
        root = self.root(member)
        if root is None:
            detail = self.gaps[-1] if self.gaps else None
            if detail and detail.why is Why.LIMIT:
                raise TooLarge(f"{member}: {detail.detail}")
            if detail and detail.why is Why.ENCRYPTED:
                raise Encrypted(member)
            raise Damaged(f"{member}: {detail.detail or detail.why if detail else 'missing'}")
        return root

    def relations(self, member: str) -> list[Relation]:
        """Return the relationships of a member."""
        folder, name = posixpath.split(member)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        return self.relations_of(rels) if rels in self.members else []

    def relations_of(self, rels: str) -> list[Relation]:
        """Return the relationships that a .rels member lists, read once."""
        if rels not in self.related:
            root = self.root(rels)
            folder = posixpath.dirname(posixpath.dirname(rels))
            self.related[rels] = [] if root is None else list(relations_in(root, folder))
        return self.related[rels]

    def target(self, member: str, kind: str) -> list[str]:
        """Return the members that a member points to by a kind of relationship."""
        return [r.target for r in self.relations(member) if r.type == kind and not r.external]

    def unseen(self) -> list[str]:
        """Return the members that nothing has read yet, in file order."""
        return [name for name in self.members if name not in self.seen]


class Refused(ReadError):
    """An XML part carries a DTD, which no office program writes."""


def parse(data: bytes, *, recover: bool = False) -> etree._Element:
    """Return the root element; raise Refused for a DTD and XMLSyntaxError for broken XML."""
    if STRICT in data:
        for strict, transitional in STRICT_NAMES:
            data = data.replace(strict, transitional)
    root = etree.fromstring(data, parser_that(recover=recover))
    if root is None:
        raise Refused("empty")
    info: Any = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise Refused("DTD")
    return root


@cache
def parser_that(*, recover: bool) -> etree.XMLParser[etree._Element]:
    """Return a parser that loads nothing, strict or forgiving."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=recover
    )


def open_package(source: Source, limits: Limits, stream: BinaryIO) -> Package:
    """Return the package in a stream; raise Damaged or TooLarge."""
    if source.size() > limits.input:
        raise TooLarge(f"{source.size()} bytes, limit {limits.input}")
    try:
        archive = zipfile.ZipFile(stream)
    except (*FAULTS, NotImplementedError) as error:
        raise Damaged(f"zip container: {type(error).__name__}") from None
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise TooLarge(f"{len(infos)} members, limit {limits.members}")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.filename.endswith("/"):
            continue
        members[free_name(clean(info.filename), members)] = info
    package = Package(archive, limits, members)
    outside(source, package)
    return package


def clean(name: str) -> str:
    r"""Return a member name as a plain relative path.

    >>> clean("..\\..\\word/./document.xml")
    'word/document.xml'
    """
    if PLAIN.fullmatch(name):
        return name
    path = posixpath.normpath(name.replace("\\", "/")).lstrip("/")
    return ABOVE.sub("", path)


def free_name(name: str, members: dict[str, zipfile.ZipInfo]) -> str:
    """Return the name, numbered when an earlier member has the same one."""
    candidate, count = name, 1
    while candidate in members:
        count += 1
        candidate = f"{name}#{count}"
    return candidate


def outside(source: Source, package: Package) -> None:
    """Note bytes that stand before the first member or after the end of the archive."""
    infos = package.archive.infolist()
    first = min((info.header_offset for info in infos), default=0)
    end = package.archive.start_dir + sum(
        46 + name_length(info) + len(info.extra) + len(info.comment) for info in infos
    )
    trailer = source.size() - end - 22 - len(package.archive.comment)
    if first > 0 or trailer > SLACK:
        package.gaps.append(Gap("zip", Why.UNSUPPORTED, "bytes outside the archive members"))


def name_length(info: zipfile.ZipInfo) -> int:
    """Return how many bytes a member name takes in the directory."""
    is_utf8 = info.flag_bits & 0x800  # APPNOTE 4.4.4, bit 11
    return len(info.orig_filename.encode("utf-8" if is_utf8 else "cp437", "replace"))


def relations_in(root: etree._Element, folder: str) -> Iterator[Relation]:
    """Yield the relationships of a .rels part, targets resolved against its folder."""
    for element in root.iter("{*}Relationship"):
        target = element.get("Target") or ""
        external = element.get("TargetMode") == "External"
        kind = (element.get("Type") or "").rstrip("/").rpartition("/")[2]
        if not external:
            joined = target if target.startswith("/") else posixpath.join(folder, target)
            target = clean(joined)
        yield Relation(element.get("Id") or "", kind, target, external)


def link_texts(target: str) -> Iterator[str]:
    """Yield a link target as written, and unquoted when that differs."""
    yield target
    plain = unquote(target)
    if plain != target and "\ufffd" not in plain:
        yield plain


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; empty for comments and the like."""
    tag = element.tag
    return plain_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def plain_name(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its local name, in whatever namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
