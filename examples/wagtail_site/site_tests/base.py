"""A site for tests: columns, people, and helpers that write and publish."""

import datetime
import io
import itertools
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import TestCase
from PIL import Image as Pillow
from stdnum.iso7064 import mod_11_2
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, Locale, Page

from pages.management.commands import prepare
from pages.models import ColumnPage, Contact, NoticePage, Topic
from secreview.integrations.reviewer import Opinion
from secreview.integrations.wagtail import handing
from secreview.review.record import Decision

ROOT = Path(__file__).resolve().parents[3]
BODY = "52260119880307012"
ID = BODY + mod_11_2.calc_check_digit(BODY)  # invented, with its check digit
LEAK = f"联系人身份证号：{ID}"
NUMBERS = itertools.count(1)


class SiteTest(TestCase):
    """A test with the example site as ``prepare`` makes it."""

    @classmethod
    def setUpTestData(cls):
        """Make the site: what migrations of Wagtail would make, then the example."""
        Locale.objects.get_or_create(language_code="zh-hans")
        Collection.add_root(name="Root")
        Page.add_root(title="Root", slug="root")
        permissions()
        prepare.people()
        prepare.site()
        cls.users = {user.username: user for user in User.objects.all()}
        cls.news = ColumnPage.objects.get(slug="xinwen")
        cls.notices = ColumnPage.objects.get(slug="tongzhi")
        cls.lists = ColumnPage.objects.get(slug="gongshi")

    def setUp(self):
        """Have the administrator at hand, who may publish anything."""
        cache.clear()  # renditions of pictures that were undone
        self.client.force_login(self.users["admin"])
        self.visitor = self.client_class()

    def draft(self, column, text="今年共办结25件。", **more):
        """Return a new draft in a column, written by lin."""
        more = {"title": "工作通报", "date": datetime.date(2026, 11, 20), **more}
        more.setdefault("body", [("paragraph", f"<p>{text}</p>")])
        page = NoticePage(slug=f"n{next(NUMBERS)}", live=False, **more)
        ColumnPage.objects.get(pk=column.pk).add_child(instance=page)
        page.save_revision(user=self.users["lin"])
        return NoticePage.objects.get(pk=page.pk)

    def published(self, column, text="今年共办结25件。", **more):
        """Return a page that went live as it may: approved where its column asks for that."""
        page = self.draft(column, text, **more)
        if column.pk != self.news.pk:
            self.approve(page)
        page.get_latest_revision().publish()
        page = NoticePage.objects.get(pk=page.pk)
        assert page.live
        return page

    def approve(self, page):
        """Have a page approved at the desk, by both who have to."""
        handing.hand_in(page, self.users["lin"])
        for name, stage in (("shao", "secrecy"), ("gu", "leader")):
            by = handing.actor_of(self.users[name])
            said = Opinion(stage, by, Decision.PUBLISH, "已核对，可以公开", reasoned=True)
            handing.opine(page, self.users[name], said)

    def seen(self, page):
        """Return what a visitor gets at the address of a page, nothing for 404."""
        page = Page.objects.get(pk=page.pk)
        answer = self.visitor.get(page.get_url() or "/")
        return answer.content.decode() if answer.status_code == 200 else ""


def permissions():
    """Make the permission to use the administration, which a migration of Wagtail makes."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType
    from wagtail.admin.models import Admin

    kind = ContentType.objects.get_for_model(Admin)
    Permission.objects.get_or_create(
        content_type=kind, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    Group.objects.get_or_create(name="Editors")


def document(text="附件内容。", name="附件.txt", title="附件"):
    """Return an uploaded document."""
    return Document.objects.create(title=title, file=ContentFile(text.encode(), name))


def picture(color="navy", name="picture.png", title="图片"):
    """Return an uploaded picture."""
    data = io.BytesIO()
    Pillow.new("RGB", (40, 30), color).save(data, "PNG")
    return Image.objects.create(title=title, file=ContentFile(data.getvalue(), name))


def contact(**more):
    """Return a contact that is not public yet."""
    return Contact.objects.create(**{"name": "办公室", "phone": "见网站", "live": False, **more})


def topic(name="供水"):
    """Return a topic."""
    return Topic.objects.create(name=name)
