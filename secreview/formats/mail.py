"""Mail: messages (eml), saved web pages (mht) and mailboxes, with headers nobody shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.header import decode_header
from email.message import EmailMessage, Message
from email.parser import BytesParser

from secreview.formats.decode import decode
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, Part, PartKind, Place, Status, Step, Unit, Why

MEDIA_TYPES = ("message/rfc822", "application/mbox")

SHOWN = ("From", "To", "Cc", "Subject", "Date")  # what a mail program shows
DULL = frozenset(
    {"mime-version", "content-type", "content-transfer-encoding", "content-disposition",
     "content-language", "dkim-signature", "arc-seal", "arc-message-signature", "date"}
)  # fmt: skip
LOCKED = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted",
     "multipart/encrypted"}
)  # fmt: skip
SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
POSTMARK = re.compile(rb"^From .*\r?\n", re.MULTILINE)
READER = "mail"


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a message, or of every message of a mailbox."""
    data = source.read(limits)
    if data.startswith(b"From "):
        return mailbox(data, limits)
    letter = Letter(limits)
    letter.message(BytesParser(policy=policy.compat32).parsebytes(data))
    return letter.content()


def mailbox(data: bytes, limits: Limits) -> Content:
    """Return the content of every message of a mailbox."""
    starts = [match.start() for match in POSTMARK.finditer(data)]
    parts: list[Part] = []
    gaps: list[Gap] = []
    rows: list[Covered] = []
    for number, (start, end) in enumerate(zip(starts, (*starts[1:], len(data)), strict=True), 1):
        if number > limits.members:
            gaps.append(Gap("messages", Why.LIMIT, f"more than {limits.members} messages"))
            break
        body = data[data.index(b"\n", start) + 1 : end]
        content = nested(Source(f"message {number}.eml", data=body), limits)
        parts.extend(content.parts)
        gaps.extend(content.gaps)
        rows.append(Covered(f"message {number}", "message", Status.READ, end - start, READER))
        rows.extend(content.coverage)
    return Content(tuple(parts), tuple(gaps), tuple(rows))


class Letter:
    """One message being read."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing."""
        self.limits = limits
        self.head = Lines("head", PartKind.BODY)
        self.body = Lines("body", PartKind.BODY)
        self.headers = Lines("headers", PartKind.PROPERTY)
        self.links = Lines("links", PartKind.LINK)
        self.rest = Lines("rest", PartKind.DATA)
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []
        self.rows: list[Covered] = []
        self.count = 0

    def message(self, message: Message) -> None:
        """Read the headers and every part of a message."""
        for name, value in message.items():
            self.header(name, words(value))
        for piece in leaves(message):
            self.count += 1
            if self.count > self.limits.members:
                self.gap("parts", Why.LIMIT, f"more than {self.limits.members} parts")
                return
            self.piece(piece, f"part {self.count}")

    def header(self, name: str, value: str) -> None:
        """Keep one header, where people see it or among the properties."""
        place = Place((Step(Unit.PROPERTY, name),))
        if name.title() in SHOWN:
            self.head.add(f"{name}: {value}", place)
        elif name.lower() not in DULL:
            self.headers.add(value, place)

    def piece(self, piece: Message, name: str) -> None:
        """Read one part: text here, anything else by its own format."""
        kind = piece.get_content_type()
        title = words(piece.get_filename() or "")
        place = Place((Step(Unit.ELEMENT, title or name),))
        for text in (piece.preamble, piece.epilogue):
            self.rest.add(unraw(text or "").strip(), place)
        self.links.add(words(piece.get("Content-Location") or ""), place)
        if kind in LOCKED:
            self.gap(title or name, Why.ENCRYPTED)
        elif kind == "message/rfc822" or piece.is_multipart():
            self.inner(piece, title or f"{name}.eml")
        elif kind in SIGNATURES:
            self.row(title or name, Status.SKIPPED, 0, "signature")
        elif kind in ("text/plain", "text/calendar", "text/enriched") and not title:
            self.text(piece, name)
        else:
            self.attached(piece, title or f"{name}{suffix(kind)}")

    def text(self, piece: Message, name: str) -> None:
        """Add the text of a part to the body, in every encoding that it may be in."""
        data = payload(piece)
        decoded = decode(data)
        declared = in_charset(data, piece.get_content_charset())
        texts = [declared] if declared is not None else []
        if declared is None or "\ufffd" in declared:
            texts += [decoded.text, *(text for _, text in decoded.alternatives)]
        for text in dict.fromkeys(texts):
            self.body.add(text.replace("\r\n", "\n").rstrip("\n"))
        self.row(name, Status.READ, len(data))

    def attached(self, piece: Message, name: str) -> None:
        """Read an attachment or a page by its own format."""
        data = payload(piece)
        if piece.get_content_type() == "application/ms-tnef":
            self.gap(name, Why.UNSUPPORTED, "winmail.dat (TNEF)")
            return
        if piece.get_content_type() == "text/html":
            page = in_charset(data, piece.get_content_charset())
            data = data if page is None else b"\xef\xbb\xbf" + page.encode("utf-8", "replace")
        self.take(nested(Source(name, data=data), self.limits))
        self.row(name, Status.READ, len(data))

    def inner(self, piece: Message, name: str) -> None:
        """Read a message that is attached whole."""
        payloads = piece.get_payload()
        for message in payloads if isinstance(payloads, list) else ():
            data = message.as_bytes() if isinstance(message, Message) else b""
            self.take(nested(Source(name, data=data), self.limits))

    def take(self, content: Content) -> None:
        """Keep what another format has read."""
        self.parts.extend(content.parts)
        self.gaps.extend(content.gaps)
        self.rows.extend(content.coverage)

    def gap(self, name: str, why: Why, detail: str = "") -> None:
        """Note a part that was not read."""
        self.gaps.append(Gap(name, why, detail, Place((Step(Unit.ELEMENT, name),))))
        self.row(name, Status.UNREAD, 0, str(why))

    def row(self, name: str, status: Status, size: int, reason: str = "") -> None:
        """Add a row of the coverage list."""
        self.rows.append(Covered(name, "part", status, size, READER, reason))

    def content(self) -> Content:
        """Return what the message holds."""
        told = (self.head, self.body, self.headers, self.links, self.rest)
        own = tuple(part for lines in told for part in lines.parts())
        rows = (Covered("headers", "part", Status.READ, 0, READER), *self.rows)
        return Content((*own, *self.parts), tuple(self.gaps), rows)


def leaves(message: Message) -> Iterator[Message]:
    """Yield the parts of a message that hold something; attached messages are not entered."""
    pending = [message]
    while pending:
        piece = pending.pop(0)
        kind = piece.get_content_type()
        if piece.get_content_maintype() == "multipart" and kind not in LOCKED:
            inner = piece.get_payload()
            if isinstance(inner, list):
                pending[:0] = [part for part in inner if isinstance(part, Message)]
                if piece.preamble or piece.epilogue:
                    yield beside(piece)
                continue
        yield piece


def beside(piece: Message) -> Message:
    """Return an empty part that carries what stands before and after the parts of another."""
    made = EmailMessage(policy=policy.compat32.clone())
    made.preamble, made.epilogue = piece.preamble, piece.epilogue
    return made


def payload(piece: Message) -> bytes:
    """Return the decoded bytes of a part."""
    data = piece.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def in_charset(data: bytes, charset: str | None) -> str | None:
    """Return bytes decoded as they are declared, or None when that does not work."""
    if not charset or charset.lower() in ("us-ascii", "ascii"):
        return None
    known = {"gb2312": "gb18030", "gbk": "gb18030", "unicode-1-1-utf-7": "utf-7"}
    try:
        return data.decode(known.get(charset.lower(), charset))
    except (LookupError, UnicodeDecodeError):
        return None


def words(value: object) -> str:
    """Return a header as text: encoded words decoded, raw bytes in whatever encoding they are."""
    pieces = []
    for piece, charset in decode_header(str(value).replace("\r\n", "").replace("\n", "")):
        if isinstance(piece, str):
            pieces.append(unraw(piece))
            continue
        text = in_charset(piece, charset)
        pieces.append(decode(piece).text if text is None else text)
    return "".join(pieces).strip()


def unraw(text: str) -> str:
    """Return a text in which raw bytes that the parser kept are decoded."""
    if not any("\udc80" <= letter <= "\udcff" for letter in text):
        return text
    return decode(text.encode("utf-8", "surrogateescape")).text


def suffix(kind: str) -> str:
    """Return the extension under which a part of a kind without a name is read."""
    known = {"text/html": ".html", "text/plain": ".txt", "text/csv": ".csv", "text/rtf": ".rtf"}
    return known.get(kind, "")
