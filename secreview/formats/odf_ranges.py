"""What a spreadsheet holds beside its sheets: names, rules, databases, changes, pivot tables."""

from __future__ import annotations

from lxml import etree

from secreview.formats.odf_names import DC, OFFICE, TABLE, TEXT
from secreview.formats.odf_sides import OdfSides
from secreview.formats.ooxml import local
from secreview.model import Place, Step, Unit

# Elements whose attributes and texts are names, conditions, messages and sources.
RULES = frozenset(
    TABLE + name
    for name in ("content-validations", "named-expressions", "database-ranges", "label-ranges",
                 "data-pilot-tables", "dde-links", "consolidation")
)  # fmt: skip
EXTENDED = frozenset({"conditional-formats", "data-mappings"})  # of LibreOffice
CHANGES = TABLE + "tracked-changes"
TOLD = frozenset(
    "name condition title expression database-name sql-statement database-table-name query-name "
    "href source-name member-name value dde-application dde-topic dde-item comment "
    "source-field-name user-name display-name".split()
)
CONNECTIONS = frozenset(
    {"href", "database-name", "command", "user-name", "login", "sql-statement", "hostname",
     "database-table-name", "query-name", "local-socket"}
)  # fmt: skip


def ranges(container: etree._Element, sides: OdfSides) -> None:
    """Tell names, rules, sources and changes, and take them out of the tree."""
    for element in list(container):
        if element.tag in RULES or local(element) in EXTENDED:
            rules(element, sides)
        elif element.tag == CHANGES:
            changes(element, sides)
        else:
            continue
        container.remove(element)


def rules(element: etree._Element, sides: OdfSides) -> None:
    """Tell what the attributes and texts of names, rules and sources say."""
    for item in element.iter():
        name = item.get(TABLE + "name") or local(item)
        place = Place((Step(Unit.ELEMENT, name),))
        for key, value in item.attrib.items():
            key = str(key).rpartition("}")[2]
            if key in CONNECTIONS:
                sides.links.add(str(value), place)
            elif key in TOLD and not str(value).startswith("__Anonymous"):
                sides.fields.add(str(value), place)
        for text in (item.text, item.tail):
            sides.fields.add(" ".join((text or "").split()), place)


def changes(element: etree._Element, sides: OdfSides) -> None:
    """Tell the earlier content of cells, and who changed them."""
    for change in element:
        info = change.find(OFFICE + "change-info")
        if info is not None:
            author = info.findtext(DC + "creator")
            if author:
                sides.authors.setdefault(author)
        place = Place((Step(Unit.DELETED, len(sides.deleted.index) + 1), *cell_of(change)))
        for item in change.iter():
            if item.tag in (TEXT + "p", TEXT + "h"):
                sides.deleted.add("".join(map(str, item.itertext())), place)
            elif item.tag == TABLE + "change-track-table-cell" and not len(item):
                value = item.get(OFFICE + "string-value") or item.get(OFFICE + "value") or ""
                sides.deleted.add(value, place)
            formula = item.get(TABLE + "formula")
            sides.fields.add(formula or "", place)


def cell_of(change: etree._Element) -> tuple[Step, ...]:
    """Return the cell that a change was made in."""
    address = next(iter(change.iter(TABLE + "cell-address")), None)
    if address is None:
        return ()
    numbers = [address.get(TABLE + name) or "" for name in ("column", "row", "table")]
    if not all(number.isascii() and number.isdecimal() for number in numbers):
        return ()
    return (Step(Unit.ROW, int(numbers[1][:9]) + 1), Step(Unit.COLUMN, int(numbers[0][:9]) + 1))
