"""Canonical bytes of what becomes public: one spelling each, and nothing hides what follows."""

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview import PartKind, Verdict, check, read
from secreview.integrations.django import collected
from secreview.integrations.django.collected import Collected, plain, tamed
from tests.build import resident_id, word

ID = resident_id("522601", "19880307", "012")
PLACES = ("title", "intro", "body 1 paragraph")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)


def made(*entries):
    """Return what is collected of (kind, place, content) triples."""
    collected = Collected("page 7")
    for kind, place, content in entries:
        getattr(collected, kind)(place, content)
    return collected.item()


def body(item):
    document = read(data=item.pieces[0].data, name="page.html")
    return next(part.text for part in document.parts if part.kind is PartKind.BODY)


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(collected).failed == 0


def test_the_same_content_gives_the_same_digest_and_one_letter_another():
    first = made(("text", "title", "公告"), ("html", "body", "<p>甲</p>"))
    assert first.digest == made(("text", "title", "公告"), ("html", "body", "<p>甲</p>")).digest
    others = [
        made(("text", "title", "公告。"), ("html", "body", "<p>甲</p>")),
        made(("text", "title", "公告"), ("html", "body", "<p>乙</p>")),
        made(("text", "title", "公告"), ("html", "body", '<p class="x">甲</p>')),
        made(("text", "title", "公告"), ("html", "body", "<p><!-- 甲 --></p>")),
        made(("text", "title", "公告")),
    ]
    assert len({first.digest, *(item.digest for item in others)}) == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), TEXTS), max_size=4),
       st.lists(st.tuples(st.sampled_from(PLACES), TEXTS), max_size=4))  # fmt: skip
def test_texts_that_differ_have_bytes_that_differ(one, other):
    def kept(pairs):
        return [(place, text) for place, text in pairs if text.strip()]

    same = kept(one) == kept(other)
    first, second = (made(*(("text", *pair) for pair in pairs)) for pairs in (one, other))
    assert (first.digest == second.digest) is same


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_html_that_differs_has_bytes_that_differ(one, other):
    first, second = (made(("html", "body", f"<p>{t}</p>x")) for t in (one, other))
    spelled = [tamed(f"<p>{t}</p>x") or f"<p>{t}</p>x" for t in (one, other)]
    assert (first.digest == second.digest) is (spelled[0] == spelled[1])


def test_a_field_cannot_pass_for_two():
    two = made(("html", "intro", "<p>甲</p>"), ("text", "slug", "乙"))
    one = made(("html", "intro", "<p>甲</p>\n<header>[slug]</header>\n<p>乙</p>"))
    assert two.digest != one.digest


@pytest.mark.parametrize(
    "raw",
    ["<!-- ", "<script>", "<style>", "<p hidden>", "<template>", "<textarea>", "<title>", "<p",
     "<![CDATA[", "<?x", "</body></html><!--", "<plaintext>", "<xmp>", "<noscript>", "<iframe>"],
)  # fmt: skip
def test_html_that_is_not_closed_hides_nothing_that_follows(raw):
    item = made(("html", "intro", f"{raw} 甲"), ("text", "body", f"身份证号：{ID}"))
    assert f"身份证号：{ID}" in body(item)
    assert check(data=item.pieces[0].data, name="page.html").verdict is Verdict.BLOCK


@pytest.mark.parametrize("raw", ["<!-- {} -->", "<script>var id = '{}'</script>", "<p title='{}'>"])
def test_what_such_html_holds_is_read_in_a_file_of_its_own(raw):
    item = made(("html", "intro", raw.format(f"身份证号：{ID}")))
    verdicts = [check(data=piece.data, name=piece.name).verdict for piece in item.pieces]
    assert Verdict.BLOCK in verdicts


def test_a_table_keeps_its_titles_as_context():
    collected = Collected("page 7")
    collected.table("body", [["姓名", "联系电话"], ["王某", "13912345678"]])
    report = check(data=collected.item().pieces[0].data, name="page.html")
    assert "联系电话" in {title for f in report.findings for title in f.place.headers}


def test_files_are_named_by_the_page_and_not_exchanged_dropped_or_renamed():
    def with_files(*files):
        collected = Collected("page 7")
        collected.text("title", "公告")
        for name, data in files:
            collected.piece("attachment", name, data, title="附件")
        return collected.item()

    whole = with_files(("a.docx", b"1"), ("b.docx", b"2"))
    pages = {
        with_files(*files).pieces[0].sha256
        for files in (
            [("a.docx", b"1"), ("b.docx", b"2")],
            [("b.docx", b"2"), ("a.docx", b"1")],
            [("a.docx", b"1")],
            [("a.docx", b"1"), ("c.docx", b"2")],
            [("a.docx", b"1"), ("b.docx", b"3")],
        )
    }
    assert len(pages) == 5
    assert whole.pieces[0].sha256 in pages
    assert len(whole.digests) == 3


def test_digests_in_the_page_are_no_findings():
    for number in range(40):
        collected = Collected("page 7")
        collected.piece("attachment", "附件.docx", bytes([number]))
        assert check(data=collected.item().pieces[0].data, name="page.html").findings == ()


def test_an_attachment_is_read_as_what_it_is():
    collected = Collected("page 7")
    collected.piece("attachment", "名单.docx", word("名单", comment=f"身份证号：{ID}"))
    item = collected.item()
    assert check(data=item.pieces[1].data, name=item.pieces[1].name).verdict is Verdict.BLOCK


@pytest.mark.parametrize("name", ["../a.docx", "a\\b.docx", "a\nb", "a\x00b", "名" * 400, "C:a"])
def test_names_of_files_are_made_plain(name):
    from secreview.server.upload import is_plain_name

    assert is_plain_name(f"1-{plain(name)}")


def test_the_key_that_an_editor_gives_a_paragraph_is_no_content_but_anything_longer_is():
    assert tamed('<p data-block-key="a1b2c">甲</p>') == "<p>甲</p>"
    assert "13912345678" in (tamed('<p data-block-key="13912345678">甲</p>') or "")
