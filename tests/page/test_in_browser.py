"""The review page in Chromium: keys alone, from the draft to the certificate."""

import io
import json
from contextlib import contextmanager

import docx
import pytest
from playwright.sync_api import expect

from secreview.api import check
from secreview.api.records import loaded
from secreview.outputs import Options, render
from secreview.review.certificate import Subject, verified
from secreview.review.gate import let_through
from secreview.review.record import Decision, Phase
from tests.page.build import REASON, alone_at, desk_in, draft, lines, number, written
from tests.page.conftest import serving

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
STRANGE = "<script>alert(1)</script><img src=http://example.org/x onerror=alert(2)><b>"


@pytest.fixture(scope="module")
def served():
    with serving() as made:
        yield made


@pytest.fixture
def desk(tmp_path):
    with desk_in(tmp_path) as made:
        yield made


@contextmanager
def opened(browser, served, seat, *, lang="zh-CN", viewport=WIDE, **more):
    """Give the page of a seat; it may ask nobody else for anything, nor complain."""
    doors, address = served
    context = browser.new_context(locale=lang, viewport=viewport, **more)
    page = context.new_page()
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda words: said.append(words.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(f"{address}/review/enter?ticket={doors.ticket(seat, 'records.db')}")
    page.said = said
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    assert said == []


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def dismiss(page, reason=REASON, *, same=False):
    """Say of the current finding that it may stand, by keys alone."""
    press(page, "d")
    page.keyboard.type(reason)
    if same:
        press(page, "Tab", "Space")
        press(page, "Shift+Tab")
    press(page, "Enter")


def test_thirty_findings_are_cleared_approved_and_certified_by_keyboard_alone(
    browser, served, desk, tmp_path
):
    file = written(tmp_path, draft(30), "公示.docx")
    seat = alone_at(desk, file)
    with opened(browser, served, seat, accept_downloads=True) as page:
        total = page.locator("#total").inner_text()
        assert int(total) == 31  # a picture in the file that was not read comes first
        expect(page.locator(".item.cur")).to_have_attribute("data-gap", "")
        expect(page.locator("#told")).to_have_class("alarm")
        dismiss(page, "缩略图只有标题，没有其他文字")
        expect(page.locator("#told")).to_have_class("seen")
        expect(page.locator("#told")).to_contain_text("已由人查看")
        press(page, "a")  # held to be right, then thought over
        expect(page.locator("#done")).to_have_text("2")
        press(page, "u")
        expect(page.locator("#done")).to_have_text("1")
        dismiss(page, same=True)  # five of the same number at once
        expect(page.locator("#done")).to_have_text("6")
        for _ in range(25):
            dismiss(page)
        expect(page.locator("#done")).to_have_text(total)
        expect(page.locator("#saving")).to_have_text("已保存")
        expect(page.locator("#decision")).to_be_focused()
        press(page, "Tab", "Tab", "Tab", "Enter")
        expect(page.locator(".ruling")).to_have_text("决定：公开")
        page.wait_for_load_state("load")  # the script moves the focus once
        with page.expect_download() as download:
            page.locator("#certificate").press("Enter")
        envelope = download.value.path().read_bytes()
    made = verified(envelope, desk.keys)
    name = Subject(file.name, seat.papers[0].report.sha256)
    let_through(made, [name], audience="public", now=desk.clock())
    record = loaded(seat.record, desk)
    assert record.phase is Phase.DECIDED
    assert record.decision.decision is Decision.PUBLISH
    assert (len(record.waived), len(record.inspected)) == (30, 1)
    assert {w.reason for w in record.waived} == {REASON}
    assert number(0) not in json.dumps([e.body for e in desk.log.events(record.id)])


def test_a_document_full_of_markup_is_shown_as_text(browser, served, desk, tmp_path):
    made, file = docx.Document(), io.BytesIO()
    made.add_paragraph(f"{STRANGE}证件号{number(1)}{STRANGE}\u202e")
    made.add_table(1, 2).rows[0].cells[0].text = f"{STRANGE}{number(2)}"
    made.core_properties.comments = STRANGE
    made.save(file)
    name = '"><img src=x onerror=alert(3)>.docx'
    seat = alone_at(desk, written(tmp_path, file.getvalue(), name))
    with opened(browser, served, seat) as page:
        assert page.locator("#doc script, #doc img, h1 img, #findings img").count() == 0
        assert page.locator("#doc").inner_text().count(STRANGE) == 4
        assert "\u202e" not in page.content()
        press(page, "j")
        dismiss(page, STRANGE)
        expect(page.locator("#done")).to_have_text("1")
        page.reload()
        assert page.locator(".said b, .said img").count() == 0
        assert STRANGE in page.locator("#findings").inner_text()


def test_keys_rest_in_text_fields_and_while_an_input_method_composes(
    browser, served, desk, tmp_path
):
    seat = alone_at(desk, written(tmp_path, lines(5)))
    compose = """key => document.body.dispatchEvent(new KeyboardEvent("keydown",
        {key, isComposing: true, bubbles: true}))"""
    with opened(browser, served, seat) as page:
        current = page.locator(".item.cur")
        page.evaluate(compose, "a")
        press(page, "Control+a", "Shift+A", "Alt+d")
        press(page, "d")
        page.keyboard.type("ajknu")
        expect(page.locator("#reason")).to_have_value("ajknu")
        expect(current).to_have_id("i0")
        press(page, "Escape", "j", "j", "k")
        expect(current).to_have_id("i1")
        expect(page.locator("#m1")).to_be_in_viewport()
        expect(page.locator("#done")).to_have_text("0")
        press(page, "d")
        page.locator("#reason").fill("短")
        press(page, "Enter")
        expect(page.locator("#error")).to_contain_text("至少 4 个字")
        expect(page.locator("#done")).to_have_text("0")


def test_what_is_refused_is_put_back_and_what_was_typed_stays(browser, served, desk, tmp_path):
    seat = alone_at(desk, written(tmp_path, lines(3)))
    with opened(browser, served, seat) as page:
        page.locator("#opinion textarea").fill("同意公开，已核对")
        alone_at_new_version(desk, seat, tmp_path)
        press(page, "Escape")
        press(page, "d")
        page.keyboard.type(REASON)
        press(page, "Enter")
        expect(page.locator("#error")).to_contain_text("改动")
        expect(page.locator("#reason")).to_have_value(REASON)
        expect(page.locator("#i0 .st")).to_have_text("待处置")
        page.locator("#opinion button").click()
        expect(page.locator(".top .refusal")).to_contain_text("改动")
        expect(page.locator(".top .notice").first).to_contain_text("新版本")
        page.said.clear()  # Chromium writes a line for each 409


def alone_at_new_version(desk, seat, folder):
    """Hand in another version of a seat's file, as it happens while somebody looks at the page."""
    name = seat.papers[0].report.name
    later = folder / "later"
    later.mkdir()
    other = alone_at(desk, written(later, lines(3) + "补充一行。\n", name))
    assert other.record.id == seat.record.id
    assert len(other.record.versions) == 2


def test_an_edited_file_keeps_decisions_and_shows_what_is_new(browser, served, desk, tmp_path):
    file = written(tmp_path, lines(4))
    first = alone_at(desk, file)
    first.dispose([first.items[0].id, first.items[1].id], "waive", REASON)
    first.dispose([first.items[2].id], "uphold")
    file.write_text(f"新增证件号{number(77)}。\n" + lines(4), "utf-8")
    seat = alone_at(desk, file)
    assert seat.record.id == first.record.id
    with opened(browser, served, seat) as page:
        expect(page.locator("#done")).to_have_text("3")
        page.locator("a[data-only=new]").click()
        expect(page.locator(".item:visible")).to_have_count(1)
        press(page, "n")
        expect(page.locator(".item.cur")).to_have_class("item s-open new cur")
        press(page, "a")
        expect(page.locator("#done")).to_have_text("4")


def test_without_its_script_the_page_works_by_forms(browser, served, desk, tmp_path):
    seat = alone_at(desk, written(tmp_path, lines(2)))
    with opened(browser, served, seat, java_script_enabled=False) as page:
        page.locator("#act [value=waive]").click()
        expect(page.locator(".top .refusal")).to_contain_text("先选一处")
        page.locator("#i1 input").check()
        page.locator("#reason").fill("短")
        page.locator("#act [value=waive]").click()
        expect(page.locator(".top .refusal")).to_contain_text("至少 4 个字")
        expect(page.locator("#reason")).to_have_value("短")
        expect(page.locator("#i1 input")).to_be_checked()
        page.locator("#reason").fill(REASON)
        page.locator("#act [value=waive]").click()
        expect(page.locator("#done")).to_have_text("1")
        page.locator("#i1 input").check()
        page.locator("#act [value=undo]").click()
        expect(page.locator("#done")).to_have_text("0")
        for row in ("#i0", "#i1"):
            page.locator(f"{row} input").check()
            page.locator("#reason").fill(REASON)
            page.locator("#act [value=waive]").click()
        page.locator("#opinion button").click()
        expect(page.locator(".ruling")).to_have_text("决定：公开")
        page.said.clear()  # Chromium writes a line for each 422


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_runs_out_of_the_page_and_everything_has_a_name(
    browser, served, desk, tmp_path, viewport
):
    seat = alone_at(desk, written(tmp_path, draft(12), "名单" * 30 + ".docx"))
    with opened(browser, served, seat, viewport=viewport) as page:
        for size in ({**viewport}, {**viewport, "height": 400}):
            page.set_viewport_size(size)
            wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1]
        expect(page.locator(".alarm")).to_be_in_viewport()
        expect(page.locator("#act")).to_be_in_viewport()
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        assert page.locator("main").count() == 1
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button")]
            .filter(e => !(e.labels?.length || e.ariaLabel || e.textContent.trim())).length"""
        )
        assert nameless == 0
        assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(c) && c !== "transparent") return c; } return "rgb(255, 255, 255)"; };
  const poor = new Set();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (!e.checkVisibility() || e.closest(":disabled, .to, datalist, option")) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) poor.add(`${e.tagName}.${e.className} ${(a + .05) / (b + .05)}`);
  }
  return [...poor];
}"""


def test_it_speaks_both_languages(browser, served, desk, tmp_path):
    seat = alone_at(desk, written(tmp_path, lines(1)))
    with opened(browser, served, seat, lang="en-GB") as page:
        expect(page.locator(".verdict")).to_contain_text("do not publish")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.locator("a.lang").click()
        expect(page.locator(".verdict")).to_contain_text("不得发布")
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_after_a_crash_of_the_browser_a_new_link_leads_to_where_it_was(
    browser, served, desk, tmp_path
):
    seat = alone_at(desk, written(tmp_path, lines(4)))
    with opened(browser, served, seat) as page:
        press(page, "a")
        dismiss(page)
        expect(page.locator("#done")).to_have_text("2")
    with opened(browser, served, seat) as page:
        expect(page.locator("#done")).to_have_text("2")
        expect(page.locator(".item.cur")).to_have_id("i2")
        press(page, "u")
        expect(page.locator("#done")).to_have_text("1")


def test_a_print_has_the_list_and_the_text_on_a4(browser, served, desk, tmp_path):
    from pypdfium2 import PdfDocument

    seat = alone_at(desk, written(tmp_path, lines(6)))
    with opened(browser, served, seat) as page:
        printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    sizes = {tuple(map(round, printed[n].get_size())) for n in range(len(printed))}
    assert sizes == {(595, 842)}
    text = "".join(printed[n].get_textpage().get_text_range() for n in range(len(printed)))
    assert "本页含文件原文" in text
    assert number(5) in text
    assert "下一处" not in text
    assert "不得公开其处理的个人信息" in text  # the law, which is folded on the screen


def test_a_printed_report_holds_the_words_of_each_law_once_a_rule(browser, tmp_path):
    from pypdfium2 import PdfDocument

    report = check(text=lines(3), name="公示.txt")
    page = browser.new_page()
    page.set_content(render("html", [report], Options("zh")))
    expect(page.get_by_text("不得公开其处理的个人信息").first).to_be_hidden()
    printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    text = "".join(printed[n].get_textpage().get_text_range() for n in range(len(printed)))
    assert text.count("不得公开其处理的个人信息") == 1


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_the_english_words_of_the_form_have_room(browser, served, desk, tmp_path, viewport):
    seat = alone_at(desk, written(tmp_path, lines(2)))
    with opened(browser, served, seat, lang="en-GB", viewport=viewport) as page:
        field = page.locator("#reason")
        wanted = field.evaluate(WORDS_WIDE, field.get_attribute("placeholder"))
        assert wanted < field.evaluate("field => field.clientWidth - 16")
        for button in page.locator(".buttons button").all():
            assert button.bounding_box()["height"] < 40  # its words stand on one line
        if viewport is WIDE:
            tops = {button.bounding_box()["y"] for button in page.locator(".buttons button").all()}
            assert len(tops) == 1


WORDS_WIDE = """(field, words) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = getComputedStyle(field).font;
  return pen.measureText(words).width;
}"""


TOUCHED = """async (key) => {
  const found = new Set();
  const watch = new MutationObserver(rows => rows.forEach(row => found.add(row.target)));
  watch.observe(document.body, {attributes: true, childList: true, characterData: true, subtree: true});
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  await new Promise(done => setTimeout(done, 50));
  watch.disconnect();
  return found.size;
}"""


def test_a_key_touches_as_little_of_the_page_with_thousands_of_findings(
    browser, served, desk, tmp_path
):
    """How long a key takes is measured by ``python -m benchmarks``."""
    seat = alone_at(desk, written(tmp_path, lines(3_000)))
    with opened(browser, served, seat) as page:
        assert page.locator(".item").count() == 3_000
        touched = {key: page.evaluate(TOUCHED, key) for key in "jknau"}
        page.locator("a[data-only=open]").click()
        touched |= {f"{key} of the open ones": page.evaluate(TOUCHED, key) for key in "jau"}
        assert max(touched.values()) <= 20, touched
        assert min(touched.values()) > 0, touched
        expect(page.locator("#done")).to_have_text("0")
