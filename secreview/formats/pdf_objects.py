"""The objects of a PDF file: found by the names in them, strings as text, streams within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from secreview.errors import TooLarge
from secreview.formats.decode import decode, score
from secreview.formats.protocol import Limits

Key = tuple[int, int]  # object and generation number

REFERENCE = re.compile(rb"(?<![\d.])(\d{1,9}) (\d{1,5}) R(?![A-Za-z])")
CODED = re.compile(rb"#([0-9a-f]{2})")
NESTING = 50  # dictionaries and arrays inside one another within one object
BOMS = (b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")
CHINESE = 0.5  # score from which bytes without a mark read as Chinese text


@dataclass(slots=True)
class Objects:
    """All indirect objects of an open file, by number, as qpdf writes them (without streams)."""

    pdf: Any
    written: dict[Key, bytes] = field(default_factory=dict)
    found: dict[Key, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, pdf: Any, limit: int) -> Objects:
        """Return the objects of a file; raise TooLarge past ``limit`` of them."""
        made = cls(pdf)
        for item in pdf.objects:
            if len(made.written) >= limit:
                raise TooLarge(f"more than {limit} objects")
            key = item.objgen if hasattr(item, "objgen") else (0, 0)
            if key[0]:
                made.written[key] = written(item)
                made.found[key] = item
        return made

    def holding(self, *names: bytes) -> Iterator[tuple[Key, Any]]:
        """Yield the objects in which one of the names stands."""
        pattern = re.compile(b"|".join(re.escape(name) + rb"(?![A-Za-z])" for name in names))
        for key, text in self.written.items():
            if pattern.search(text):
                yield key, self.found[key]

    def dictionaries(self, *names: bytes) -> Iterator[tuple[Key, Any]]:
        """Yield the dictionaries, direct ones too, that have one of the names as a key."""
        keys = [name.decode() for name in names]
        for key, item in self.holding(*names):
            for inner in direct(item):
                if any(name in inner for name in keys):
                    yield key, inner

    def reachable(self) -> set[Key]:
        """Return the numbers of the objects that the trailer leads to."""
        pending = [references(self.pdf.trailer.unparse(resolved=True))]
        seen: set[Key] = set()
        while pending:
            for key in pending.pop():
                if key not in seen:
                    seen.add(key)
                    pending.append(references(self.written.get(key, b"")))
        return seen


def references(text: bytes) -> list[Key]:
    """Return the objects that a written object points to.

    >>> references(b"<< /A 3 0 R /B [ 12 0 R ] >>")
    [(3, 0), (12, 0)]
    """
    return [(int(number), int(generation)) for number, generation in REFERENCE.findall(text)]


def written(item: Any) -> bytes:
    """Return an object as PDF text, of a stream its dictionary."""
    if is_stream(item):
        return bytes(item.stream_dict.unparse(resolved=True))
    unparse = getattr(item, "unparse", None)
    return bytes(unparse(resolved=True)) if unparse else b""


def direct(item: Any, depth: int = 0) -> Iterator[Any]:
    """Yield an object's dictionaries: itself and those that stand inside it."""
    if depth > NESTING:
        return
    if is_dictionary(item) or is_stream(item):
        yield item
        children = [value for _, value in items(item)]
    elif is_array(item):
        children = list(item)
    else:
        return
    for child in children:
        nested = is_dictionary(child) or is_array(child)
        if nested and not child.is_indirect:
            yield from direct(child, depth + 1)


def items(item: Any) -> list[tuple[str, Any]]:
    """Return the entries of a dictionary or of a stream's dictionary."""
    source = item.stream_dict if is_stream(item) else item
    try:
        return [(str(key), value) for key, value in source.items()]
    except UnicodeDecodeError:  # keys in GBK, which pikepdf cannot name
        return rescued(source)


def rescued(source: Any) -> list[tuple[str, Any]]:
    """Return the entries of a dictionary that has keys in another code than UTF-8."""
    import pikepdf

    text = REFERENCE.sub(b"null", source.unparse(resolved=True))
    plain = pikepdf.Object.parse(CODED.sub(rb"x\1", text))
    pairs: list[tuple[str, Any]] = []
    for key, value in plain.items():
        found = source.get(str(key))
        pairs.append((str(key), value if found is None else found))
    return pairs


def called(value: Any) -> str:
    """Return a name as text; one that is not UTF-8 is Chinese of another code."""
    try:
        return str(value)
    except UnicodeDecodeError:
        return bytes(value).decode("gb18030", "replace")


def type_of(item: Any) -> str:
    """Return what an object says it is, with its slash, empty when it says nothing."""
    value = get(item, "/Type")
    return "" if value is None else called(value)


def subtype_of(item: Any) -> str:
    """Return what sort of its type an object says it is, with its slash."""
    value = get(item, "/Subtype")
    return "" if value is None else called(value)


def name_of(value: Any) -> str:
    """Return the type of a PDF object in pikepdf's words, such as string or stream."""
    kind: str = getattr(value, "_type_name", "")  # numbers and the like come as Python's own
    return kind


def is_stream(value: Any) -> bool:
    """Return whether a PDF object is a stream."""
    return name_of(value) == "stream"


def is_dictionary(value: Any) -> bool:
    """Return whether a PDF object is a plain dictionary."""
    return name_of(value) == "dictionary"


def is_array(value: Any) -> bool:
    """Return whether a PDF object is an array."""
    return name_of(value) == "array"


def is_string(value: Any) -> bool:
    """Return whether a PDF object is a string."""
    return name_of(value) == "string"


def is_name(value: Any) -> bool:
    """Return whether a PDF object is a name."""
    return name_of(value) == "name"


def get(item: Any, name: str) -> Any:
    """Return an entry of a dictionary or stream, None when there is none or it is no dictionary."""
    return item.get(name) if name_of(item) in ("dictionary", "stream") else None


def entries(value: Any) -> list[Any]:
    """Return the items of an array; of anything else none."""
    return list(value) if is_array(value) else []


def number(value: Any, otherwise: float = 0.0) -> float:
    """Return a PDF number."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def words(value: Any, limits: Limits) -> str:
    """Return a PDF string or text stream as text, an empty string for anything else."""
    if is_stream(value):
        return text_of(stream(value, limits))
    return text_of(bytes(value)) if is_string(value) else ""


def text_of(data: bytes) -> str:
    """Return the text of a PDF string; bytes of an unmarked Chinese code page are understood.

    >>> text_of("关于公示的通知".encode("gb18030"))
    '关于公示的通知'
    """
    if data.isascii():
        return data.decode("ascii").replace("\0", "")
    plain = "" if data.startswith(BOMS[2]) else str(pdf_string(data))
    if data.startswith(BOMS[:2]):
        return plain
    found = decode(data)
    text = found.text.lstrip("\ufeff")
    if not plain or (not found.undecodable and found.encoding == "utf-8"):
        return text
    return text if not found.undecodable and score(text) >= CHINESE else plain


def pdf_string(data: bytes) -> str:
    """Return bytes as a PDF reader shows them: UTF-16 after a mark, else PDFDocEncoding."""
    import pikepdf

    return str(pikepdf.String(data))


def stream(item: Any, limits: Limits) -> bytes:
    """Return the decoded bytes of a stream; raise TooLarge when they might pass the limit."""
    from secreview.formats.pdf_guard import measured

    filters = filters_of(item)
    if filters and filters != ["/FlateDecode"]:  # Flate alone was measured before
        measured(item.read_raw_bytes(), filters, limits)
    return bytes(item.read_bytes())


def filters_of(item: Any) -> list[str]:
    """Return the names of the filters of a stream."""
    value = item.get("/Filter")
    if is_array(value):
        return [called(name) for name in value]
    return [] if value is None else [called(value)]
