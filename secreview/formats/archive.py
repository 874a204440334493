"""Archives: every member of a zip, tar or compressed file read by its own format."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Any, BinaryIO, NamedTuple

from secreview.errors import Damaged, TooLarge
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.ooxml import CHUNK, FAULTS, Package, clean, open_package
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, Part, PartKind, Place, Status, Step, Unit, Why

MEDIA_TYPES = (
    "application/zip", "application/x-tar", "application/gzip", "application/x-bzip2",
    "application/x-xz", "application/x-7z-compressed",
)  # fmt: skip
SQUEEZED: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
SUFFIXES = (".gz", ".bz2", ".xz", ".tgz", ".tbz", ".txz")
LINK = 0o120000  # S_IFLNK in the mode of a zip member
MODE = 0o170000
LOCAL_HEADER = struct.Struct("<4s22xHH")  # APPNOTE 4.3.7: signature, sizes of name and extra field
LOCAL_SIGNATURE = b"PK\3\4"
DESCRIPTOR = 24  # bytes of a data descriptor at most
EXTRA = "secreview[archive]"


class Member(NamedTuple):
    """A file inside an archive: its name and bytes."""

    name: str
    data: bytes


@dataclass(slots=True)
class Yield:
    """What an archive has given so far."""

    limits: Limits
    parts: list[Part] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    rows: list[Covered] = field(default_factory=list)
    notes: Lines = field(default_factory=lambda: Lines("properties", PartKind.PROPERTY))
    folders: Lines = field(default_factory=lambda: Lines("folders", PartKind.NAME))
    known: set[str] = field(default_factory=set)
    inflated: int = 0

    def add(self, member: Member) -> None:
        """Read a member by its own format."""
        self.name_folders(member.name)
        left = max(0, self.limits.total - self.inflated)
        content = nested(Source(member.name, data=member.data), replace(self.limits, total=left))
        self.inflated += sum(len(part.text) for part in content.parts)
        self.parts.extend(content.parts)
        self.gaps.extend(content.gaps)
        self.rows.append(Covered(member.name, "member", Status.READ, len(member.data), "archive"))
        self.rows.extend(content.coverage)

    def name_folders(self, name: str) -> None:
        """Keep the names of the folders that a member lies in, each once."""
        *folders, _ = name.split("/")
        for folder in folders:
            if folder and folder not in self.known:
                self.known.add(folder)
                self.folders.add(folder, Place((Step(Unit.FILE, folder),)))

    def gap(self, name: str, why: Why, detail: str = "") -> None:
        """Note a member that was not read."""
        self.name_folders(name)
        place = Place((Step(Unit.FILE, name),))
        self.gaps.append(Gap(name, why, detail, place))
        self.rows.append(Covered(name, "member", Status.UNREAD, reason=str(why)))

    def content(self) -> Content:
        """Return what the archive holds."""
        parts = (*self.folders.parts(), *self.notes.parts(), *self.parts)
        return Content(parts, tuple(self.gaps), tuple(self.rows))


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of every member of an archive."""
    if source.size() > limits.input:
        raise TooLarge(f"{source.size()} bytes, limit {limits.input}")
    with source.open() as stream:
        head = stream.read(6)
        stream.seek(0)
        if head.startswith(b"PK") or zipfile.is_zipfile(stream):
            stream.seek(0)
            return zipped(source, limits, stream)
        stream.seek(0)
        if head.startswith(b"7z"):
            return seven(source, limits, stream)
        for magic, opener in SQUEEZED.items():
            if head.startswith(magic):
                return squeezed(source, limits, opener(stream))
        return tarred(source, limits, stream)


def zipped(source: Source, limits: Limits, stream: BinaryIO) -> Content:
    """Return the content of a zip file."""
    package = open_package(source, limits, stream)
    found = Yield(limits)
    found.notes.add(package.archive.comment.decode("utf-8", "replace").strip("\0 \r\n"))
    for name, info in package.members.items():
        shown = clean(readable(info))
        found.notes.add(info.comment.decode("utf-8", "replace"), Place((Step(Unit.FILE, shown),)))
        if (info.external_attr >> 16) & MODE == LINK:
            found.gap(shown, Why.UNSUPPORTED, "symbolic link")
            continue
        data = package.read(name)
        if data is not None:
            found.add(Member(shown, data))
        for gap in package.gaps[:]:
            if gap.part == name:
                package.gaps.remove(gap)
                found.gap(shown, gap.why, gap.detail)
        found.inflated = max(found.inflated, package.inflated)
    for info in package.archive.infolist():
        if info.filename.endswith("/"):
            found.name_folders(clean(readable(info)) + "/")
    found.gaps.extend(package.gaps)
    found.gaps.extend(hidden_bytes(package, stream))
    return found.content()


def readable(info: zipfile.ZipInfo) -> str:
    """Return a member's name; one without the UTF-8 flag is tried as UTF-8, then as GB18030."""
    if info.flag_bits & 0x800:  # APPNOTE 4.4.4, bit 11
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("ascii", "utf-8", "gb18030", "big5"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def hidden_bytes(package: Package, stream: BinaryIO) -> Iterator[Gap]:
    """Yield a gap for members that their own header names otherwise, and for bytes between."""
    infos = sorted(package.archive.infolist(), key=lambda info: info.header_offset)
    end = None
    for info in infos:
        if info.header_offset < 0:
            yield Gap(clean(info.filename), Why.DAMAGED, "stands before the start of the file")
            continue
        stream.seek(info.header_offset)
        header = stream.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size:
            continue
        signature, name_size, extra_size = LOCAL_HEADER.unpack(header)
        raw = stream.read(name_size)
        if signature != LOCAL_SIGNATURE:
            continue
        is_utf8 = info.flag_bits & 0x800
        told = info.orig_filename.encode("utf-8" if is_utf8 else "cp437", "replace")
        if raw != told:
            yield Gap(clean(info.filename), Why.DISAGREE, "local header names another file")
        if end is not None and info.header_offset > end + DESCRIPTOR:
            where = f"bytes {end}-{info.header_offset - 1}"
            yield Gap(where, Why.UNSUPPORTED, "bytes between members")
        end = info.header_offset + LOCAL_HEADER.size + name_size + extra_size + info.compress_size


def squeezed(source: Source, limits: Limits, stream: IO[bytes]) -> Content:
    """Return the content of a file that is compressed by itself; a tar in it is opened too."""
    name = source.name
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)] or name
    found = Yield(limits)
    try:
        data = bounded(stream, limits, source.size(), limits.total)
    except TooLarge as error:
        found.gap(name, Why.LIMIT, str(error))
        return found.content()
    except (*FAULTS, lzma.LZMAError) as error:
        raise Damaged(f"compressed file: {type(error).__name__}") from None
    found.inflated += len(data)
    found.add(Member(name, data))
    return found.content()


def bounded(stream: IO[bytes], limits: Limits, stored: int, left: int) -> bytes:
    """Return all bytes of a stream read in chunks; raise TooLarge past a limit."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limits.member or size > left:
            raise TooLarge(f"inflates to more than {min(limits.member, left)} bytes")
        if size > limits.ratio_from and size > limits.ratio * max(1, stored):
            raise TooLarge(f"inflates more than {limits.ratio} times")
        chunks.append(chunk)
    return b"".join(chunks)


def tarred(source: Source, limits: Limits, stream: BinaryIO) -> Content:
    """Return the content of a tar file; nothing is ever written under a member's name."""
    found = Yield(limits)
    count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for info in archive:
                count += 1
                if count > limits.members:
                    found.gap("members", Why.LIMIT, f"more than {limits.members} members")
                    break
                one_of_tar(archive, info, found)
    except (tarfile.TarError, *FAULTS) as error:
        if not count:
            raise Damaged(f"tar: {type(error).__name__}") from None
        found.gap("tar", Why.DAMAGED, type(error).__name__)
    return found.content()


def one_of_tar(archive: tarfile.TarFile, info: tarfile.TarInfo, found: Yield) -> None:
    """Add one member of a tar file, and who owned it."""
    name = clean(info.name)
    place = Place((Step(Unit.FILE, name),))
    for text in (info.uname, info.gname, *map(str, info.pax_headers.values())):
        if text not in ("", "root", "wheel", "staff", info.name) and not text.isdigit():
            found.notes.add(text, place)
    if info.isdir():
        found.name_folders(name + "/")
    elif not info.isfile():
        found.gap(name, Why.UNSUPPORTED, "link or device")
    elif info.size > found.limits.member or found.inflated + info.size > found.limits.total:
        found.gap(name, Why.LIMIT, f"{info.size} bytes")
    else:
        member = archive.extractfile(info)
        found.inflated += info.size
        found.add(Member(name, member.read() if member else b""))


def seven(source: Source, limits: Limits, stream: BinaryIO) -> Content:
    """Return the content of a 7z file, which the extra reads."""
    found = Yield(limits)
    try:
        import py7zr
    except ImportError:
        found.gap(source.name, Why.READER_MISSING, f"install {EXTRA}")
        return found.content()
    password = key_of(py7zr, stream, limits)
    try:
        with py7zr.SevenZipFile(stream, password=password) as archive:
            if archive.needs_password() and password is None:
                found.gap(source.name, Why.ENCRYPTED)
                return found.content()
            infos = [info for info in archive.list() if not info.is_directory]
            total = sum(info.uncompressed or 0 for info in infos)
            if total > limits.total or len(infos) > limits.members:
                found.gap(source.name, Why.LIMIT, f"{total} bytes in {len(infos)} members")
                return found.content()
            factory = py7zr.io.BytesIOFactory(limits.member)
            archive.extractall(factory=factory)  # noqa: S202 - into memory, not to disk
            for name, member in factory.products.items():
                found.inflated += member.size()
                if member.size() >= limits.member:
                    found.gap(clean(name), Why.LIMIT, f"over {limits.member} bytes")
                    continue
                member.seek(0)
                found.add(Member(clean(name), member.read()))
    except py7zr.exceptions.PasswordRequired:
        found.gap(source.name, Why.ENCRYPTED)
    except (py7zr.exceptions.ArchiveError, zlib.error, lzma.LZMAError, *FAULTS) as error:
        raise Damaged(f"7z: {type(error).__name__}") from None
    return found.content()


def key_of(py7zr: Any, stream: BinaryIO, limits: Limits) -> str | None:
    """Return the password that opens a 7z file, None when none does or none is needed."""
    for password in limits.passwords:
        stream.seek(0)
        try:
            with py7zr.SevenZipFile(stream, password=password) as archive:
                is_right = archive.needs_password() and archive.testzip() is None
        except Exception:  # noqa: S112 - its message may name the password; the next one is tried
            continue
        finally:
            stream.seek(0)
        if is_right:
            return password
    return None
