"""Fonts: honest ones are silent, those that show other letters than the text says are told."""

import pytest
from pikepdf import Array, Dictionary, Name

from secreview.formats.pdf import read
from secreview.formats.pdf_lies import meanings
from secreview.formats.protocol import Limits, Source
from secreview.model import Why
from tests.formats.build_ofd import font
from tests.formats.build_pdf import pdf, shown

GLYPHS = {ord(char): 5 + nth for nth, char in enumerate("0123456789AB某密")}


def told(edit) -> list[Why]:
    data = pdf(shown("text 0123"), edit=edit)
    gaps = read(Source("a.pdf", data=data), Limits()).gaps
    return [gap.why for gap in gaps if gap.part.startswith("font")]


def mapped(pairs: dict[int, str], width: int = 4) -> bytes:
    rows = "".join(f"<{code:0{width}x}> <{ord(char):04x}>\n" for code, char in pairs.items())
    return f"{len(pairs)} beginbfchar\n{rows}endbfchar".encode()


def simple(pairs: dict[int, str], **entries):
    """Return the edit that says what the codes of the font of a page mean."""

    def edit(document, page):
        page.Resources.Font.F1.ToUnicode = document.make_stream(mapped(pairs, 2))
        for key, value in entries.items():
            page.Resources.Font.F1[f"/{key}"] = value

    return edit


def embedded(pairs: dict[int, str], table: dict[int, int] = GLYPHS):
    """Return the edit that adds a font of the file whose glyphs mean something."""

    def edit(document, page):
        file = document.make_stream(font(table))
        kin = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.A, CIDToGIDMap=Name.Identity,
            FontDescriptor=Dictionary(Type=Name.FontDescriptor, FontName=Name.A, FontFile2=file),
        )  # fmt: skip
        page.Resources.Font.F2 = document.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.A, Encoding=Name("/Identity-H"),
                DescendantFonts=Array([document.make_indirect(kin)]),
                ToUnicode=document.make_stream(mapped(pairs)),
            )
        )  # fmt: skip

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        simple({0x30: "0", 0x41: "A"}),
        simple({0x30: "A"}, Encoding=Dictionary(Differences=Array([0x30, Name.A]))),
        simple({0x30: "★"}, Encoding=Dictionary(Differences=Array([0x30, Name.star]))),
        embedded({GLYPHS[ord("1")]: "1", GLYPHS[ord("密")]: "密"}),
        embedded({99: "1"}),  # a glyph for one use of a letter, which stands for no other one
        embedded({5: "一"}, {ord("⼀"): 5, ord("1"): 6}),
        embedded({6: "2"}, {}),
    ],
)
def test_a_font_that_shows_what_the_text_says_is_silent(edit):
    assert told(edit) == []


@pytest.mark.parametrize(
    "edit",
    [
        simple({0x30: "1"}),
        simple({0x30: "0"}, Encoding=Dictionary(Differences=Array([0x30, Name.seven]))),
        embedded({GLYPHS[ord("1")]: "2"}),
        embedded({GLYPHS[ord("密")]: "某"}),
    ],
)
def test_a_font_that_shows_other_letters_is_told(edit):
    assert told(edit) == [Why.DISAGREE]


def test_a_map_gives_single_characters_and_ranges_within_bounds():
    data = b"2 beginbfchar <01> <0041> <0002> <00420043> endbfchar beginbfrange <0010> <ffff> <0030> endbfrange"
    found = meanings(data)
    assert (found[1], found[0x10], found[0x11]) == (0x41, 0x30, 0x31)
    assert 2 not in found
    assert len(found) < 300
