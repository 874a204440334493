"""``manage.py prepare``: the database, columns, people with new passwords, and the workflow."""

import datetime
import secrets

from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.models import (
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from pages.models import ColumnPage, HomePage, NoticePage
from secreview.integrations.django import gate
from secreview.integrations.reviewer import Opinion
from secreview.integrations.wagtail import handing
from secreview.integrations.wagtail.guard import PAGES
from secreview.integrations.wagtail.models import SecreviewTask
from secreview.review.record import Decision

COLUMNS = (("通知公告", "tongzhi"), ("公示", "gongshi"), ("新闻", "xinwen"))
PEOPLE = (
    ("lin", "林", "一", "编辑"),
    ("shao", "邵", "四", "保密员"),
    ("gu", "顾", "六", "局领导"),
    ("admin", "吴", "九", ""),
)
STAGES = (("保密审查", "secrecy", "保密员"), ("领导审定", "leader", "局领导"))


class Command(BaseCommand):
    """Prepares the site; does nothing twice."""

    help = "Make the database, the columns, the people and the workflow of the example."

    def add_arguments(self, parser):
        """Take whether everybody gets a new password."""
        parser.add_argument("--new-passwords", action="store_true")

    def handle(self, *args, **options):
        """Prepare what is not there yet, and tell whom to log in as."""
        call_command("migrate", verbosity=0)
        is_new = not User.objects.exists()
        if is_new:
            people()
            site()
        if is_new or options["new_passwords"]:
            for user in User.objects.order_by("pk"):
                password = secrets.token_urlsafe(9)
                user.set_password(password)
                user.save()
                roles = "、".join(user.groups.values_list("name", flat=True)) or "管理员"
                self.stdout.write(f"  {user.username:6} {password}  {roles}")
            self.stdout.write(
                "  口令只显示这一次；make passwords 重新生成 (passwords are shown once)"
            )
        self.stdout.write("  http://127.0.0.1:8010/admin/")


def people():
    """Make groups and people, without passwords."""
    for _, _, _, name in PEOPLE[:3]:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in ("add_image", "add_document", "choose_image", "choose_document"):
            group.permissions.add(*Permission.objects.filter(codename=codename))
    for username, family, given, group in PEOPLE:
        user = User(username=username, last_name=family, first_name=given)
        user.is_superuser = user.is_staff = not group
        user.set_unusable_password()
        user.save()
        if group:
            user.groups.add(Group.objects.get(name=group))


def site():
    """Make the columns, who may write there, how it is reviewed, and a first notice."""
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(pk=root.pk)
    home = HomePage(title="云河市水务局", slug="home", live=False)
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    pages = [home]
    for title, slug in COLUMNS:
        column = ColumnPage(title=title, slug=slug, live=False)
        home.add_child(instance=column)
        pages.append(column)
    rights = ("add_page", "change_page")
    for name, codenames in (
        ("编辑", rights), ("保密员", rights), ("局领导", (*rights, "publish_page")),
    ):  # fmt: skip
        for codename in codenames:  # the last one who approves publishes
            GroupPagePermission.objects.create(
                group=Group.objects.get(name=name), page=home,
                permission=Permission.objects.get(codename=codename),
            )  # fmt: skip
    workflow(home)
    notice = NoticePage(
        title="关于城区供水管网检修的通知", slug="jianxiu", live=False,
        date=datetime.date(2026, 11, 20), office="供水科",
        body=[("paragraph", "<p>定于11月28日检修城区供水管网，检修期间水压偏低。</p>")],
    )  # fmt: skip
    pages[1].add_child(instance=notice)
    for page in (*pages, notice):
        approved(page)


def workflow(home):
    """Make the workflow: first the one who looks after secrecy, then the leader."""
    made = Workflow.objects.create(name="保密审查")
    for order, (name, stage, group) in enumerate(STAGES):
        task = SecreviewTask.objects.create(name=name, stage=stage)
        task.groups.add(Group.objects.get(name=group))
        WorkflowTask.objects.create(workflow=made, task=task, sort_order=order)
    WorkflowPage.objects.create(workflow=made, page=home)


def approved(page):
    """Hand a page in, have both stages signed by the people of the example, and publish it."""
    lin, shao, gu = (User.objects.get(username=name) for name in ("lin", "shao", "gu"))
    page.save_revision(user=lin)
    handing.hand_in(page, lin)
    for user, (_, stage, _) in zip((shao, gu), STAGES, strict=True):
        said = Opinion(stage, handing.actor_of(user), Decision.PUBLISH)
        handing.opine(page, user, said)
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert gate.stands(page.specific, PAGES)
