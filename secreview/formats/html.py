"""Web pages: what a visitor sees, and everything else that the file hands to him."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree, html

from secreview.errors import Damaged
from secreview.formats.data_uri import Embedded
from secreview.formats.decode import Decoded, certain, codec, decode
from secreview.formats.escapes import unescaped
from secreview.formats.lines import Lines
from secreview.formats.ooxml_rest import IDEOGRAPHS, is_hard
from secreview.formats.protocol import DEFAULT_LIMITS, Content, Limits, Source
from secreview.formats.titles import Row, titles
from secreview.model import Covered, Gap, Part, PartKind, Place, Status, Step, Unit, Why

MEDIA_TYPES = ("text/html",)
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li legend main menu nav ol"
    " option p pre section summary table tbody td textarea tfoot th thead title tr ul".split()
)
CODE = frozenset({"script", "style", "noscript", "template", "noframes", "xmp"})
HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|right)\s*:\s*-\d{3,}|clip\s*:\s*rect\(0|mso-hide\s*:\s*all"
    r"|(?:^|;)\s*(?:height|width)\s*:\s*0(?:px)?\s*(?:;|$)"
    r"|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)|scale[xy]?\(\s*0(?:\.0{1,9})?\s*[,)]"
    r"|(?:^|;)\s*color\s*:\s*(?:transparent|rgba\([^();]{1,40},\s*0(?:\.0{1,9})?\s*\))",
    re.IGNORECASE,
)
COLOR = re.compile(r"(?:^|;)\s*(background(?:-color)?|color)\s*:\s*([^;]{1,30})", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{0,4000}>")
FATAL = etree.ErrorLevels.FATAL
LOOKS = ("face", "lang", "class", "style")  # attributes whose words are names of looks
LINKS = ("href", "src", "action", "data", "poster", "cite", "formaction", "srcset")
SPOKEN = ("alt", "aria-label", "summary")
TOLD = ("title", "placeholder", "value", "content", "label", "srcdoc", "onclick", "onload")


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a web page."""
    data = source.read(limits)
    decoded = decoded_page(data)
    gaps: list[Gap] = []
    if decoded.undecodable:
        gaps.append(Gap("body", Why.DAMAGED, f"undecodable bytes: {decoded.undecodable}"))
    page = Page(embedded=Embedded("html", limits))
    root, is_whole = parsed(decoded.text)
    if root is not None:
        page.walk(root, is_hidden=False)
        page.doctype(root.getroottree().docinfo)
        for node in (*root.itersiblings(preceding=True), *root.itersiblings()):
            page.walk(node, is_hidden=False)  # what follows the end is a tree of its own
    page.flush()
    parts = page.parts()
    if not is_whole:  # the parser gave up somewhere: what it left out is searched without its tags
        gaps.append(Gap("body", Why.LIMIT, "nested too deep or text too long to parse"))
        parts = (*parts, Part("source", PartKind.DATA, TAG.sub(" ", decoded.text)))
    return page.content(source, parts, gaps)


def decoded_page(data: bytes) -> Decoded:
    """Return the text of a page by its byte order mark, its declared charset, or by looking."""
    found = CHARSET.search(data[:4096])
    name = codec(found[1].decode("ascii")) if found else ""
    if name and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        declared = certain(data, name)
        if not declared.undecodable:
            return declared
    return decode(data)


def parsed(text: str) -> tuple[Any, bool]:
    """Return the root of a page, None for an empty one, and whether all of it was parsed.

    Raise Damaged when nothing parses.
    """
    text = text.lstrip("\ufeff").replace("\0", "\ufffd")
    if not text.strip():
        return None, True
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(f"the page does not parse: {type(error).__name__}") from None
    return root, all(entry.level < FATAL for entry in parser.error_log)


@dataclass
class Page:
    """A page being walked: a buffer of inline text, and a part for each kind of content."""

    body: Lines = field(default_factory=lambda: Lines("body", PartKind.BODY))
    hidden: Lines = field(default_factory=lambda: Lines("hidden", PartKind.HIDDEN_TEXT))
    markup: Lines = field(default_factory=lambda: Lines("markup", PartKind.MARKUP))
    alt: Lines = field(default_factory=lambda: Lines("alt", PartKind.ALT_TEXT))
    properties: Lines = field(default_factory=lambda: Lines("meta", PartKind.PROPERTY))
    links: Lines = field(default_factory=lambda: Lines("links", PartKind.LINK))
    scripts: Lines = field(default_factory=lambda: Lines("scripts", PartKind.SCRIPT))
    shown: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    embedded: Embedded = field(default_factory=lambda: Embedded("html", DEFAULT_LIMITS))
    paragraphs: int = 0
    tables: int = 0

    def content(self, source: Source, parts: tuple[Part, ...], gaps: list[Gap]) -> Content:
        """Return the parts and gaps of a page with those of the files written into it."""
        inside = self.embedded
        status = Status.UNREAD if gaps else Status.READ
        why = str(gaps[0].why) if gaps else ""
        row = Covered(source.name, "page", status, source.size(), "html", why)
        rows = (row, *inside.rows) if inside.rows or inside.gaps else ()
        return Content((*parts, *inside.parts), (*gaps, *inside.gaps), rows)

    def parts(self) -> tuple[Part, ...]:
        """Return the parts that have text; the body always."""
        body = self.body.parts() or (Part("body", PartKind.BODY, ""),)
        rest = (self.hidden, self.alt, self.properties, self.markup, self.links, self.scripts)
        return (*body, *(part for lines in rest for part in lines.parts()))

    def flush(self) -> None:
        """End the paragraphs that are being gathered."""
        text = " ".join("".join(self.shown).split())
        self.shown.clear()
        if text:
            self.paragraphs += 1
            self.body.add(text, Place((Step(Unit.PARAGRAPH, self.paragraphs),)))
        self.flush_hidden()

    def flush_hidden(self) -> None:
        """End the hidden paragraph that is being gathered."""
        text = " ".join("".join(self.unseen).split())
        self.unseen.clear()
        if text:
            number = len(self.hidden.index) + 1
            self.hidden.add(text, Place((Step(Unit.HIDDEN, number),)))

    def told(self, node: Any) -> None:
        """Add a comment or a processing instruction."""
        if not isinstance(node.tag, str) and node.text:
            self.markup.add(" ".join(node.text.split()), element("comment"))

    def doctype(self, info: Any) -> None:
        """Add a document type that is none of the usual ones."""
        for text in (info.public_id or "", info.system_url or ""):
            if "w3" not in text.lower():
                self.markup.add(text, element("doctype"))

    def walk(self, node: Any, *, is_hidden: bool) -> None:
        """Add an element and what is in it."""
        tag = node.tag
        if not isinstance(tag, str):
            self.told(node)
            return
        tag = tag.lower()
        self.attributes(node, tag)
        if tag in CODE:
            self.code(node, tag)
            return
        is_hidden = is_hidden or hides(node, tag)
        if tag == "title":
            self.properties.add("".join(node.itertext()).strip(), element("title"))
            return
        if tag == "table" and not is_hidden:
            self.flush()
            self.table(node)
            return
        if tag in BLOCKS:
            self.flush()
        buffer = self.unseen if is_hidden else self.shown
        buffer.append(node.text or "")
        for child in node:
            self.walk(child, is_hidden=is_hidden)
            buffer.append(child.tail or "")
        if tag in BLOCKS:
            self.flush()
        elif is_hidden:
            self.flush_hidden()

    def code(self, node: Any, tag: str) -> None:
        """Add scripts, styles and content that a browser does not draw."""
        text = self.embedded.take("".join(str(t) for t in node.itertext()).strip())
        text = unescaped(text)
        lines = self.properties if "json" in (node.get("type") or "") else self.scripts
        for line in text.splitlines():
            lines.add(line.strip(), element(tag))

    def attributes(self, node: Any, tag: str) -> None:
        """Add the attributes that hold words or addresses."""
        for key, value in node.attrib.items():
            key, value = str(key).lower(), self.embedded.take(str(value).strip())
            if not value:
                continue
            if key in LINKS:
                self.links.add(value, element(tag))
                plain = unquote(value)
                if plain != value:
                    self.links.add(plain, element(tag))
            elif key in SPOKEN:
                self.alt.add(value, element(tag))
            elif tag == "meta" and key == "content":
                name = node.get("name") or node.get("property") or node.get("http-equiv") or "meta"
                self.properties.add(value, Place((Step(Unit.PROPERTY, name),)))
            elif is_telling(key, value):
                self.markup.add(value, element(f"{tag} {key}"))

    def table(self, node: Any) -> None:
        """Add a table as lines of cells with tabs, each cell with its titles."""
        self.tables += 1
        number = self.tables
        rows: list[Row] = []
        for row in node.iter("tr"):
            if next(row.iterancestors("table")) is not node:
                continue
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            texts = [" ".join(self.cell(cell).split()) for cell in cells]
            if any(texts):
                rows.append([(n, text) for n, text in enumerate(texts, start=1)])
        for caption in node.iter("caption"):
            self.body.add(" ".join("".join(caption.itertext()).split()), table_place(number))
        found = titles(rows)
        for index, row in enumerate(rows):
            for nth, (column, text) in enumerate(row):
                steps = (Step(Unit.TABLE, number), Step(Unit.ROW, index + 1))
                headers = found.of(index, row, nth)
                self.body.mark(Place((*steps, Step(Unit.COLUMN, column)), headers=headers))
                self.body.raw(text + ("\n" if nth == len(row) - 1 else "\t"))

    def cell(self, node: Any) -> str:
        """Return the visible text of a cell; everything else in it goes where it belongs."""
        inner = Page(
            hidden=self.hidden,
            markup=self.markup,
            alt=self.alt,
            properties=self.properties,
            links=self.links,
            scripts=self.scripts,
            embedded=self.embedded,
            tables=self.tables,
        )
        inner.walk(node, is_hidden=False)
        inner.flush()
        self.tables = inner.tables
        return inner.body.text()


def is_telling(key: str, value: str) -> bool:
    """Return whether an attribute holds words, or a number or address under any name."""
    if key in TOLD or key.startswith(("data-", "aria-", "on")) or is_hard(value):
        return True
    return key not in LOOKS and bool(IDEOGRAPHS.search(value))


def element(name: str) -> Place:
    """Return the place of an element."""
    return Place((Step(Unit.ELEMENT, name),))


def table_place(number: int) -> Place:
    """Return the place of a table."""
    return Place((Step(Unit.TABLE, number),))


def hides(node: Any, tag: str) -> bool:
    """Return whether an element by itself is not drawn, or cannot be seen."""
    if node.get("hidden") is not None or (tag == "input" and node.get("type") == "hidden"):
        return True
    style = node.get("style") or ""
    if HIDDEN_STYLE.search(style):
        return True
    colors = {key.lower()[:5]: value.strip().lower() for key, value in COLOR.findall(style)}
    return len(colors) == 2 and len(set(colors.values())) == 1
