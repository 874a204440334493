"""Plain models of Django and snippets under the same guard."""

import json
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import transaction
from django.urls import reverse

from pages.models import Bulletin, Contact
from secreview.errors import ReviewError
from secreview.integrations.django.gate import Held
from secreview.integrations.django.sweep import sweep
from site_tests.base import ID, LEAK, ROOT, SiteTest, contact

PAGE = ROOT / "docs/wagtail.md"
BEGIN, END = "<!-- models: made by the tests of examples/wagtail_site -->", "<!-- /models -->"
HEAD = "| way to publish | held at the gate | found by the sweep |\n|---|---|---|"
PUBLISHED = Bulletin.Status.PUBLISHED


def create(test, text):
    Bulletin.objects.create(title="公告", text=text, status=PUBLISHED)


def save(test, text):
    bulletin = Bulletin.objects.create(title="公告", text=text)
    bulletin.status = PUBLISHED
    bulletin.save()


def save_status(test, text):
    bulletin = Bulletin.objects.create(title="公告", text=text)
    bulletin.status, bulletin.text = PUBLISHED, "内存中的无害文字。"
    bulletin.save(update_fields=["status"])


def update_or_create(test, text):
    Bulletin.objects.update_or_create(title="公告", defaults={"text": text, "status": PUBLISHED})


def admin_form(test, text):
    data = {"title": "公告", "text": text, "status": "published", "note": ""}
    test.said = test.client.post(reverse("admin:pages_bulletin_add"), data).content.decode()


def attached(test, text):
    file = ContentFile(text.encode(), "附件.txt")
    Bulletin.objects.create(title="公告", text="见附件。", file=file, status=PUBLISHED)


def loaddata(test, text):
    bulletin = Bulletin.objects.create(title="公告", text=text)
    rows = json.loads(serialize("json", [bulletin]))
    rows[0]["fields"]["status"] = "published"
    path = Path(tempfile.mkdtemp()) / "rows.json"
    path.write_text(json.dumps(rows), "utf-8")
    call_command("loaddata", str(path), verbosity=0)


def update(test, text):
    Bulletin.objects.create(title="公告", text=text)
    Bulletin.objects.update(status=PUBLISHED)


def bulk_create(test, text):
    Bulletin.objects.bulk_create([Bulletin(title="公告", text=text, status=PUBLISHED)])


def bulk_update(test, text):
    bulletin = Bulletin.objects.create(title="公告", text=text)
    bulletin.status = PUBLISHED
    Bulletin.objects.bulk_update([bulletin], ["status"])


ROUTES = (
    ("`objects.create()`", create, True),
    ("`save()`", save, True),
    ('`save(update_fields=["status"])`', save_status, True),
    ("`update_or_create()`", update_or_create, True),
    ("a form of the administration of Django", admin_form, True),
    ("a leak in an attached file", attached, True),
    ("`loaddata`", loaddata, True),
    ("`QuerySet.update()`, actions of the administration", update, False),
    ("`bulk_create()`", bulk_create, False),
    ("`bulk_update()`", bulk_update, False),
)


class Undo(Exception):
    """Ends a transaction that is not kept."""


class ModelTest(SiteTest):
    """Publishes bulletins by every way."""

    def attempt(self, run, text):
        """Return whether a text became public, and whether the sweep lists it; undone."""
        found = (False, False)
        try:
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        run(self, text)
                except ReviewError:
                    pass
                public = Bulletin.objects.filter(status=PUBLISHED)
                keys = {item.key for item in sweep() if item.model == "pages.bulletin"}
                found = public.exists(), {str(b.pk) for b in public} == keys and bool(keys)
                raise Undo
        except Undo:
            return found

    def test_every_route_is_held_or_found_and_the_docs_say_which(self):
        """Run all routes; compare the table with the one in the docs, or write it there."""
        rows = []
        for name, run, is_gated in ROUTES:
            with self.subTest(name):
                public, listed = self.attempt(run, LEAK)
                self.assertEqual(public, not is_gated)
                self.assertEqual(listed, not is_gated)
                words = ("yes", "–") if is_gated else ("no", "yes")
                rows.append(f"| {name} | {words[0]} | {words[1]} |")
        table = "\n".join((HEAD, *rows))
        text = PAGE.read_text("utf-8")
        if os.environ.get("UPDATE_DOCS"):
            head, _, rest = text.partition(BEGIN)
            text = f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"
            PAGE.write_text(text, "utf-8")
        self.assertIn(f"{BEGIN}\n\n{table}\n\n{END}", text)

    def test_the_form_tells_what_is_wrong_and_keeps_what_was_typed(self):
        """The words are an error of the form; the value is in the field alone."""
        admin_form(self, LEAK)
        errors = self.said.partition("errorlist")[2].partition("</ul>")[0]
        self.assertIn("居民身份证号码", errors)
        self.assertIn("内容", errors)
        self.assertNotIn(ID, errors)
        self.assertIn(ID, self.said)
        self.assertFalse(Bulletin.objects.exists())

    def test_drafts_and_what_is_not_public_ask_nobody(self):
        """An internal note of a public bulletin may say anything, and so may a draft."""
        with self.settings(SECREVIEW={"URL": "http://127.0.0.1:9", "SECONDS": 1}):
            bulletin = Bulletin.objects.create(title="公告", text=LEAK, note=LEAK)
            bulletin.save()


class SnippetTest(SiteTest):
    """Publishes a snippet that has drafts."""

    def test_a_snippet_is_held_by_every_way(self):
        """The revision, the flag, and the editor of snippets."""
        snippet = contact(name="办公室", phone=LEAK)
        revision = snippet.save_revision()
        with self.assertRaises(Held):
            revision.publish()
        snippet.live = True
        with self.assertRaises(Held):
            snippet.save()
        url = reverse("wagtailsnippets_pages_contact:edit", args=(snippet.pk,))
        data = {"name": "办公室", "phone": f"{LEAK}。", "action-publish": "1"}
        said = self.client.post(url, data, headers={"accept": "text/html"}, follow=True)
        self.assertIn("没有发布", said.content.decode())
        stored = Contact.objects.get(pk=snippet.pk)
        self.assertFalse(stored.live)

    def test_a_snippet_made_live_past_the_gate_is_on_the_list(self):
        """The sweep looks at snippets too."""
        Contact.objects.filter(pk=contact(phone=LEAK).pk).update(live=True)
        self.assertIn("pages.contact", {item.model for item in sweep()})
