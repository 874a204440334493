"""Documents and images: private until a page that was let through shows them."""

import io

from django.core.files.base import ContentFile
from docx import Document as Word
from wagtail.documents.models import Document

from pages.models import Attachment, NoticePage
from secreview.integrations.wagtail.files import InUse
from site_tests.base import LEAK, SiteTest, document, picture


class FilesTest(SiteTest):
    """Looks at files as a visitor does."""

    def setUp(self):
        """Make a page with a document and pictures."""
        super().setUp()
        self.file, self.image = document(), picture()
        self.small = self.image.get_rendition("width-20")
        self.addresses = (
            self.file.url,
            f"/media/{self.file.file.name}",
            f"/media/{self.image.file.name}",
            f"/media/{self.small.file.name}",
        )
        self.page = self.draft(self.notices, picture=self.image)
        self.page.attachments = [Attachment(document=self.file, caption="附件")]
        self.page.save()
        self.page.save_revision(user=self.users["lin"])

    def statuses(self, client=None):
        """Return what somebody gets for each of the files."""
        return {(client or self.visitor).get(address).status_code for address in self.addresses}

    def publish(self):
        """Approve and publish the page."""
        self.approve(self.page)
        self.page.get_latest_revision().publish()
        return NoticePage.objects.get(pk=self.page.pk)

    def test_files_follow_the_page_that_shows_them(self):
        """Draft: nobody but those who work here; live: everybody; taken down: nobody again."""
        self.assertEqual(self.statuses(), {404})
        self.assertEqual(self.statuses(self.client), {200})
        page = self.publish()
        self.assertEqual(self.statuses(), {200})
        page.unpublish()
        self.assertEqual(self.statuses(), {404})

    def test_an_upload_alone_is_public_nowhere(self):
        """Nothing shows it."""
        lone = document("别的内容。", "别的.txt")
        for address in (lone.url, f"/media/{lone.file.name}"):
            self.assertEqual(self.visitor.get(address).status_code, 404)

    def test_a_page_that_went_around_the_gate_opens_no_file(self):
        """What counts is what the gate let through."""
        NoticePage.objects.filter(pk=self.page.pk).update(live=True)
        self.assertEqual(self.statuses(), {404})

    def test_bytes_exchanged_in_the_storage_are_not_served(self):
        """The page was let through with other bytes."""
        self.publish()
        storage, name = self.file.file.storage, self.file.file.name
        storage.delete(name)
        storage.save(name, ContentFile(LEAK.encode()))
        self.assertEqual(self.visitor.get(self.file.url).status_code, 404)
        self.assertEqual(self.visitor.get(self.page.get_url()).status_code, 404)

    def test_a_file_that_is_public_is_not_exchanged_or_renamed(self):
        """A private one is."""
        self.file.title = "附件（二）"
        self.file.save()
        self.page.attachments = [Attachment(document=self.file, caption="附件")]
        self.page.save_revision(user=self.users["lin"])
        self.publish()
        changed = Document.objects.get(pk=self.file.pk)
        changed.file = ContentFile(LEAK.encode(), "附件.txt")
        with self.assertRaises(InUse):
            changed.save()
        renamed = Document.objects.get(pk=self.file.pk)
        renamed.title = "别的"
        with self.assertRaises(InUse):
            renamed.save()
        self.image.title = "别的"
        with self.assertRaises(InUse):
            self.image.save()
        Document.objects.get(pk=self.file.pk).save()

    def test_an_attachment_is_read_in_every_corner(self):
        """A comment in a Word file holds the page."""
        word = Word()
        word.add_comment(word.add_paragraph("名单").runs, text=LEAK, author="甲", initials="甲")
        data = io.BytesIO()
        word.save(data)
        file = Document.objects.create(title="名单", file=ContentFile(data.getvalue(), "名单.docx"))
        page = self.draft(self.news, body=[("document", file)])
        self.client.post(
            f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", headers={"accept": "text/html"}
        )
        self.assertFalse(NoticePage.objects.get(pk=page.pk).live)

    def test_a_missing_file_holds_the_page(self):
        """What cannot be read is not let through, and the error says nothing of it."""
        self.file.file.storage.delete(self.file.file.name)
        page = self.draft(self.news, body=[("document", self.file)])
        url = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}"
        self.client.post(url, headers={"accept": "text/html"})
        self.assertFalse(NoticePage.objects.get(pk=page.pk).live)

    def test_no_path_leads_out_of_the_folder(self):
        """Nor to a file that is none."""
        for name in ("../site.db", "..%2fsite.db", "/etc/passwd", "none.txt", "", "a\x00b"):
            self.assertEqual(self.visitor.get(f"/media/{name}").status_code, 404, name)
