"""The digest of a page: stable on a save without edits, changed by one letter anywhere."""

import datetime
import json

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from pages.models import Attachment, NoticePage, Topic
from secreview.integrations.django import gate
from secreview.integrations.django.collected import known, whole
from secreview.integrations.wagtail.guard import PAGES
from site_tests.base import SiteTest, contact, document, picture, topic


def digest(page, take=whole):
    """Return the digest of a page."""
    return gate.question(page, PAGES, take=take).item.digest


class ContentTest(SiteTest):
    """Looks at a page that has one of everything."""

    def setUp(self):
        """Make the page."""
        super().setUp()
        self.file, self.image = document(), picture()
        self.inline = document("正文引用的文件。", "引用.txt", "引用")
        table = {"data": [["项目", "数量"], ["检修", "3"]], "table_caption": "统计"}
        link = f'<p>见<a linktype="document" id="{self.inline.pk}">引用</a></p>'
        cells = {
            "columns": [{"type": "text", "heading": "项目"}, {"type": "rich", "heading": "说明"}],
            "rows": [{"values": ["检修", f"<p>完成{link}</p>"]}],
            "caption": "清单",
        }
        body = [
            ("heading", "一、总体情况"),
            ("paragraph", link),
            ("table", table),
            ("html", "<div>提示</div>"),
            ("picture", {"image": self.image.pk, "alt_text": "厂房", "decorative": False}),
            ("plain_picture", self.image.pk),
            ("document", self.file.pk),
            ("questions", [{"question": "何时恢复", "answer": "<p>当日</p>"}]),
            ("page", self.notices.pk),
            ("list", cells),
        ]
        raw = [
            {"type": kind, "value": value, "id": f"id-{n}"} for n, (kind, value) in enumerate(body)
        ]
        self.contact, self.topic = contact(), topic()
        self.page = self.draft(
            self.notices, body=json.dumps(raw), intro="<p>摘要</p>", office="供水科",
            picture=self.image, contact=self.contact, search_description="检修", seo_title="检修通知",
        )  # fmt: skip
        self.page.attachments = [Attachment(document=self.file, caption="附件一")]
        self.page.topics = [self.topic]
        self.page.save()
        self.page.save_revision(user=self.users["lin"])
        self.page = NoticePage.objects.get(pk=self.page.pk)

    def fresh(self):
        """Return the page as it is stored."""
        return NoticePage.objects.get(pk=self.page.pk)

    def test_the_digest_is_stable(self):
        """Saving, revisions, schedules, moves and locks change nothing of what is public."""
        first = digest(self.page)
        self.assertEqual(first, digest(self.page.get_latest_revision_as_object()))
        self.assertEqual(first, digest(self.page, known))
        self.assertEqual(first, digest(Page.objects.get(pk=self.page.pk)))
        self.page.save()
        self.page.save_revision(user=self.users["admin"]).save()
        self.page.locked, self.page.go_live_at = True, timezone.now()
        self.page.save()
        self.fresh().move(self.lists, pos="last-child")
        self.assertEqual(first, digest(self.fresh()))
        self.assertEqual(first, digest(self.fresh().get_latest_revision_as_object()))
        self.approve(self.fresh())
        self.fresh().get_latest_revision().publish()
        self.assertTrue(self.fresh().live)
        self.assertEqual(first, digest(self.fresh()))

    def test_a_save_in_the_editor_without_edits_changes_nothing(self):
        """The editor writes rich text and blocks in its own way; the digest stays."""
        page = self.draft(
            self.notices, intro="<p>摘要<b>加粗</b><br/>换行&nbsp;</p>",
            body=[("heading", "一"), ("paragraph", "<p>甲 &amp; 乙</p><ul><li>丙</li></ul>")],
        )  # fmt: skip
        before = digest(page)
        intro, (_, paragraph) = page.intro, page.body
        data = {
            "title": page.title, "slug": page.slug, "date": "2026-11-20", "office": "",
            "intro": rich_text(intro),
            "body": streamfield([("heading", "一"), ("paragraph", rich_text(paragraph.value.source))]),
            "attachments": inline_formset([]), "comments": inline_formset([]),
        }  # fmt: skip
        url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
        count = page.revisions.count()
        self.client.post(url, nested_form_data(data))
        page = NoticePage.objects.get(pk=page.pk)
        self.assertEqual(page.revisions.count(), count + 1)
        self.assertEqual(before, digest(page.get_latest_revision_as_object()))

    def test_one_letter_anywhere_changes_the_digest(self):
        """Each field, block, child, choice, file and word about a file counts."""
        seen = {"nothing": digest(self.page)}
        for name, change in EDITS.items():
            seen[name] = self.edited(change)
        self.assertEqual(seen["nothing"], digest(self.fresh()))
        same = {name for name, made in seen.items() if list(seen.values()).count(made) > 1}
        self.assertEqual(same, set())
        self.assertGreaterEqual(len(seen), 30)

    def edited(self, change):
        """Return the digest after an edit, which is undone."""
        self.stored = {}
        try:
            with transaction.atomic():
                page = self.fresh()
                change(self, page)
                made = digest(page)
                raise Undo
        except Undo:
            for file, data in self.stored.items():
                replaced(file, data)
        return made

    def test_what_nobody_writes_or_sees_is_not_in_it(self):
        """Comments of editors, people, times and numbers of rows are no content."""
        page = gate.question(self.page, PAGES).item.pieces[0].data.decode()
        for word in ("admin", "lin", "id-1", "live", "url_path", str(self.page.path)):
            self.assertNotIn(f">{word}", page)


def block(number, value):
    """Return an edit that gives a block another value."""

    def change(test, page):
        raw = [dict(item) for item in page.body.raw_data]
        raw[number]["value"] = value(raw[number]["value"])
        page.body = json.dumps(raw)

    return change


def field(name, value):
    """Return an edit that gives a field another value."""
    return lambda test, page: setattr(page, name, value)


def edit(name):
    """Return an edit of a related object, saved past the gate."""

    def change(test, page):
        kind, _, attribute = name.partition(".")
        related = getattr(test, kind)
        type(related).objects.filter(pk=related.pk).update(**{attribute: "另一个"})
        page.__dict__.update(type(page).objects.get(pk=page.pk).__dict__)

    return change


def exchanged(kind):
    """Return an edit that exchanges the bytes of a stored file by one."""

    def change(test, page):
        file = getattr(test, kind).file
        test.stored[file] = file.storage.open(file.name).read()
        replaced(file, test.stored[file] + b".")

    return change


def replaced(file, data):
    """Put other bytes in the place of a stored file."""
    file.storage.delete(file.name)
    assert file.storage.save(file.name, ContentFile(data)) == file.name


class Undo(Exception):
    """Ends a transaction that is not kept."""


def without_block(test, page):
    """Leave the last block out."""
    page.body = json.dumps(page.body.raw_data[:-1])


def swapped(test, page):
    """Exchange two blocks."""
    raw = list(page.body.raw_data)
    page.body = json.dumps([raw[1], raw[0], *raw[2:]])


def caption(test, page):
    """Give an attachment another caption."""
    child = page.attachments.first()
    child.caption = "附件二"
    page.attachments = [child]


EDITS = {
    "title": field("title", "工作通报。"),
    "slug": field("slug", "other"),
    "seo title": field("seo_title", "检修通知1"),
    "description": field("search_description", "检修1"),
    "date": field("date", datetime.date(2026, 11, 21)),
    "office": field("office", "供水科1"),
    "intro": field("intro", "<p>摘要1</p>"),
    "intro attribute": field("intro", '<p id="a">摘要</p>'),
    "intro comment": field("intro", "<p>摘要</p><!-- 1 -->"),
    "picture": field("picture", None),
    "contact": field("contact", None),
    "topics": lambda test, page: setattr(page, "topics", []),
    "topic": edit("topic.name"),
    "another topic": lambda test, page: setattr(page, "topics", [Topic.objects.create(name="水")]),
    "no attachment": lambda test, page: setattr(page, "attachments", []),
    "caption": caption,
    "heading": block(0, lambda value: value + "1"),
    "paragraph": block(1, lambda value: value.replace("见", "详见")),
    "link": block(1, lambda value: value.replace("document", "page")),
    "cell": block(2, lambda value: {**value, "data": [["项目", "数量"], ["检修", "4"]]}),
    "table caption": block(2, lambda value: {**value, "table_caption": "统计1"}),
    "table header": block(2, lambda value: {**value, "first_row_is_table_header": True}),
    "html": block(3, lambda value: value + " "),
    "alternative text": block(4, lambda value: {**value, "alt_text": "厂区"}),
    "question": block(7, lambda value: [{**value[0], "value": {"question": "?", "answer": ""}}]
                      if "value" in value[0] else [{**value[0], "question": "?"}]),
    "page": block(8, lambda value: value + 1),
    "typed heading": block(9, lambda value: {**value, "columns": [
        {"type": "text", "heading": "事项"}, {"type": "rich", "heading": "说明"}]}),
    "typed cell": block(9, lambda value: {**value, "rows": [{"values": ["检", "<p>完成</p>"]}]}),
    "typed link": block(9, lambda value: {**value, "rows": [
        {"values": ["检修", '<p>完成<a href="https://example.org/a">a</a></p>']}]}),
    "typed caption": block(9, lambda value: {**value, "caption": "清单1"}),
    "a block less": without_block,
    "blocks swapped": swapped,
    "document title": edit("file.title"),
    "linked document title": edit("inline.title"),
    "image title": edit("image.title"),
    "image description": edit("image.description"),
    "document bytes": exchanged("file"),
    "linked document bytes": exchanged("inline"),
    "image bytes": exchanged("image"),
}  # fmt: skip
