"""Details of what was not read: each has a Chinese form, and Chinese reports hold no English."""

import io
import json
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import secreview
from secreview.api import Options, check
from secreview.cli import main
from secreview.formats.protocol import DEFAULT_LIMITS
from secreview.model import Covered, Gap, Status, Verdict, Why
from secreview.outputs import Options as Shown
from secreview.outputs import render
from secreview.outputs.details import LONGEST, covered_line, detail, in_chinese, why_unread
from secreview.outputs.messages.details import DETAILS
from secreview.outputs.words import harmless
from tests.build import word
from tests.outputs.detail_sources import Sources, readings

SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")  # two English words beside each other
FIELDS = re.compile(r"\{\w+\}")
SAID_IN = ("text", "html", "junit", "sarif")


@cache
def sources() -> Sources:
    return Sources(Path(secreview.__file__).parent)


def damaged() -> bytes:
    """Return a Word document that breaks off half way."""
    whole = word("关于河道整治的通知\n" * 200, header="办公室")
    return whole[: len(whole) // 2]


def faulty() -> bytes:
    """Return a Word document with a header that breaks off."""
    made = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(word("通知", header="办公室")))
    with zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:-20] if "header" in name else data)
    return made.getvalue()


def locked() -> bytes:
    """Return a zip whose one member needs a password."""
    pyzipper = pytest.importorskip("pyzipper")
    made = io.BytesIO()
    with pyzipper.AESZipFile(made, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"Qj2026mz")
        archive.writestr("通知.txt", "关于河道整治的通知")
    return made.getvalue()


HURRIED = Options(limits=replace(DEFAULT_LIMITS, wall_seconds=0.001))
FILES = {
    "truncated": (damaged, "通知.docx", Options()),
    "faulty": (faulty, "通知.docx", Options()),
    "locked": (locked, "通知.zip", Options(passwords=("别的",))),
    "late": (lambda: word("通知"), "通知.docx", HURRIED),
}


@pytest.fixture(params=FILES, scope="module")
def report(request):
    build, name, options = FILES[request.param]
    made = check(data=build(), name=name, options=options)
    assert made.verdict is Verdict.INCOMPLETE
    assert any(gap.detail for gap in made.gaps)
    return made


def test_every_detail_that_is_followed_ends_in_words():
    assert sources().unknown == set()
    assert len(sources().words) > 150
    assert {where.partition("/")[0] for where in sources().words} >= {"formats", "server", "bulk"}


def test_every_detail_has_a_chinese_form():
    lacking = [
        f"{where} → {words!r}"
        for where, ways in sorted(sources().words.items())
        for words in sorted(ways)
        if not any(map(in_chinese, readings(words)))
    ]
    assert lacking == [], "add them to secreview/outputs/messages/details.py"


def test_a_detail_that_nobody_put_into_chinese_is_noticed(tmp_path):
    (tmp_path / "odd.py").write_text(
        "class Torn(ReadError): pass\n"
        "def note(why, words): gaps.append(Gap('a', why, words))\n"
        "def read(n, is_torn):\n"
        "    what = f'torn in {n} places' if is_torn else 'wet through'\n"
        "    note(Why.DAMAGED, what)\n"
        "    raise Torn('moth-eaten')\n",
        "utf-8",
    )
    found = {words for ways in Sources(tmp_path).words.values() for words in ways}
    assert found == {"torn in {} places", "wet through", "moth-eaten"}
    assert not any(map(in_chinese, found))


def test_no_chinese_form_holds_an_english_sentence():
    assert [zh for zh in DETAILS.values() if SENTENCE.search(FIELDS.sub("", zh))] == []


def test_a_chinese_form_fills_in_what_the_english_one_says():
    for english, chinese in DETAILS.items():
        assert set(FIELDS.findall(chinese)) == set(FIELDS.findall(english)), english


def test_a_detail_of_another_library_is_shown_as_it_is():
    assert detail("EOF marker not found", "zh") == "EOF marker not found"
    assert detail("the font says: nothing", "zh") == "the font says: nothing"
    assert detail("more than many fonts", "zh") == "more than many fonts"


@pytest.mark.parametrize("words", [*DETAILS, "word/document.xml: XML syntax"])
def test_english_stays_as_it_is(words):
    assert detail(words, "en") == words


def test_numbers_and_names_are_kept():
    assert detail("6000 x 5000 pixels, limit 100", "zh") == "6000×5000 像素，上限 100 像素"
    assert detail("DTD refused: 附录.xml", "zh") == "附录.xml 含有 DTD 声明，为安全起见没有读取"
    assert detail("checking took more than 1.5 seconds", "zh") == "检查超过 1.5 秒，已停止"
    assert detail("word/a: b.xml: encrypted", "zh") == "word/a：b.xml：文件已加密，没有打开"
    assert detail("personal/phone: KeyError", "zh") == "personal/phone：错误代号 KeyError"
    assert detail("cannot open: Permission denied", "zh") == "打不开：没有读取权限"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_cannot_turn_the_text_around(lang):
    shown = detail("DTD refused: a\u202e\n\x1b[31m.xml", lang)
    assert "a···[31m.xml" in shown


@given(st.text() | st.builds("{}: {}".format, st.text(), st.sampled_from([*DETAILS])))
def test_any_detail_is_told_harmlessly(words):
    for lang in ("zh", "en"):
        shown = detail(words, lang)
        assert shown == harmless(shown)
        assert bool(shown) == bool(words)


def test_a_detail_that_is_all_colons_is_told_at_once():
    assert detail("a: " * (LONGEST // 3 - 1), "zh")
    assert detail("a: " * 100_000 + "XML syntax", "zh").endswith("XML syntax")


def test_rows_of_the_coverage_list_are_told_in_chinese():
    row = Covered("字体1", "member", Status.SKIPPED, reason="no text")
    assert covered_line(row, "zh") == "不含文字略过  字体1  不含文字"
    assert covered_line(row, "en") == "skipped, no text  字体1  no text"


def test_the_detail_stands_in_the_brackets_of_the_language():
    gap = Gap("通知.docx", Why.LIMIT, "files nested too deep")
    assert why_unread(gap, "zh") == "超过读取限制（文件层层嵌套过深）"
    assert why_unread(gap, "en") == "past a limit (files nested too deep)"
    assert why_unread(Gap("通知.docx", Why.LIMIT), "zh") == "超过读取限制"


@pytest.mark.parametrize("name", SAID_IN)
def test_chinese_reports_on_real_files_hold_no_english_detail(report, name):
    shown = render(name, [report], Shown("zh", verbose=True, width=500))
    for gap in report.gaps:
        if gap.detail:
            assert gap.detail not in shown
            assert detail(gap.detail, "zh") in shown
            assert not SENTENCE.search(why_unread(gap, "zh"))


@pytest.mark.parametrize("name", SAID_IN)
def test_english_reports_on_real_files_hold_the_detail(report, name):
    shown = render(name, [report], Shown("en", verbose=True, width=500))
    assert all(gap.detail in shown for gap in report.gaps)


def test_json_holds_the_detail_as_readers_tell_it(report):
    (shown,) = json.loads(render("json", [report], Shown("zh")))["reports"]
    assert [gap["detail"] for gap in shown["gaps"]] == [gap.detail for gap in report.gaps]


def test_the_command_read_tells_details_in_chinese(tmp_path, capsys):
    for name, data in (("半截.docx", damaged()), ("页眉.docx", faulty())):
        (tmp_path / name).write_bytes(data)
        assert main(["read", str(tmp_path / name), "--lang", "zh"]) == 3
        told = capsys.readouterr()
        whys = [line for line in (told.out + told.err).splitlines() if "损坏" in line]
        assert whys
        assert not any(SENTENCE.search(line.partition("损坏")[2]) for line in whys)
