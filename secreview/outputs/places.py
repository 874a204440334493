"""Places in a reviewer's words."""

from __future__ import annotations

from secreview.model import PartKind, Place, Unit
from secreview.outputs.messages import message

OWN_KIND = {
    PartKind.HEADER: Unit.HEADER,
    PartKind.FOOTER: Unit.FOOTER,
    PartKind.FOOTNOTE: Unit.FOOTNOTE,
    PartKind.ENDNOTE: Unit.ENDNOTE,
    PartKind.TEXTBOX: Unit.TEXTBOX,
    PartKind.COMMENT: Unit.COMMENT,
    PartKind.INSERTED: Unit.INSERTED,
    PartKind.DELETED: Unit.DELETED,
    PartKind.HIDDEN_TEXT: Unit.HIDDEN,
    PartKind.PROPERTY: Unit.PROPERTY,
}
SILENT = frozenset({PartKind.BODY, PartKind.SHEET})


def label(place: Place, kind: PartKind, lang: str) -> str:
    """Return where something stands: 第6页 表2 第4行第3列, or page 6, table 2, row 4, column 3.

    >>> label(Place(page=6), PartKind.BODY, "zh")
    '第6页'
    """
    units = {step.unit for step in place.steps}
    words: list[str] = []
    if place.page is not None and not units & {Unit.PAGE, Unit.SLIDE}:
        words.append(message("unit.page", lang, v=place.page))
    if kind not in SILENT and OWN_KIND.get(kind) not in units:
        words.append(message(f"kind.{kind}", lang))
    words += [
        message(f"unit.{unit}", lang, v=value).rstrip()
        for unit, value in place.steps
        if unit is not Unit.CAUSE
    ]
    if not words:
        words = [message(f"kind.{kind}", lang)]
    for unit, value in place.steps:
        if unit is Unit.CAUSE:
            cause = message(f"cause.{value}", lang)
            words[-1] = message("unit.cause", lang, at=words[-1], v=cause)
    return ("" if lang == "zh" else ", ").join(words) if lang != "zh" else joined(words)


def joined(words: list[str]) -> str:
    """Return Chinese steps joined: a blank before a new kind of step, none inside row and column.

    >>> joined(["第6页", "表2", "第4行", "第3列"])
    '第6页 表2 第4行第3列'
    """
    text = words[0]
    for word in words[1:]:
        is_column = word.startswith("第") and word.endswith("列")
        text += word if is_column else f" {word}"
    return text
