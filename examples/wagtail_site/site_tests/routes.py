"""Every way we know to make a page live: each tries to publish a text in a column.

A route is a function of the test and a column that tries to make ``text`` public, and returns the
page it worked on, or None where no page came to be.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command
from django.core.serializers import serialize
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken, GroupApprovalTask, Page, Revision, Workflow, WorkflowTask
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from pages.models import Attachment, NoticePage
from site_tests.base import NUMBERS, document


@dataclass(frozen=True)
class Route:
    """One way to go live, and whether it passes the gate or goes around it."""

    name: str
    run: Callable
    passes_gate: bool = True


def form(text, slug, *button):
    """Return what the editor sends."""
    data = {
        "title": "工作通报",
        "slug": slug,
        "date": "2026-11-20",
        "office": "",
        "intro": rich_text(""),
        "body": streamfield([("paragraph", rich_text(f"<p>{text}</p>"))]),
        "attachments": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data({**data, **dict.fromkeys(button, "1")})


def editor_create(test, column, text):
    slug = f"n{next(NUMBERS)}"
    url = reverse("wagtailadmin_pages:add", args=("pages", "noticepage", column.pk))
    test.client.post(url, form(text, slug, "action-publish"), headers={"accept": "text/html"})
    return NoticePage.objects.filter(slug=slug).first()


def editor_edit(test, column, text):
    page = test.draft(column)
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    data = form(text, page.slug, "action-publish")
    test.client.post(url, data, headers={"accept": "text/html"})
    return page


def editor_live(test, column, text):
    page = test.published(column)
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    data = form(text, page.slug, "action-publish")
    test.client.post(url, data, headers={"accept": "text/html"})
    return page


def bulk(test, column, text):
    page = test.draft(column, text)
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    test.client.post(f"{url}?id={page.pk}", headers={"accept": "text/html"})
    return page


def bulk_below(test, column, text):
    page = test.draft(column, text)
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    test.client.post(
        f"{url}?id={column.pk}", {"include_descendants": "on"}, headers={"accept": "text/html"}
    )
    return page


def admin_api(test, column, text):
    page = test.draft(column, text)
    test.client.post(reverse("wagtailadmin_api:pages:action", args=(page.pk, "publish")))
    return page


def api_publish(test, column, text):
    page = test.draft(column, text)
    token = APIToken.create_token(user=test.users["admin"], name=f"t{next(NUMBERS)}")
    raw = token[1] if isinstance(token, tuple) else token
    test.visitor.post(
        f"/api/v3/pages/{page.pk}/actions/publish/", headers={"authorization": f"Bearer {raw}"}
    )
    return page


def revision_publish(test, column, text):
    page = test.draft(column, text)
    page.get_latest_revision().publish(user=test.users["admin"])
    return page


def page_publish(test, column, text):
    page = test.draft(column, text)
    page.publish(page.get_latest_revision(), user=test.users["admin"])
    return page


def scheduled(test, column, text):
    page = test.draft(column, text)
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    past = timezone.now() - datetime.timedelta(minutes=1)
    due = Revision.objects.filter(object_id=str(page.pk), approved_go_live_at__isnull=False)
    assert due.count() == 1
    content = {**due.get().content, "go_live_at": past.isoformat()}
    due.update(approved_go_live_at=past, content=content)
    try:
        call_command("publish_scheduled")
    except SystemExit as error:
        assert error.code == 1
    return page


def other_workflow(test, column, text):
    page = test.draft(column, text)
    task = GroupApprovalTask.objects.create(name=f"审批{next(NUMBERS)}")
    task.groups.add(*test.users["shao"].groups.all())
    workflow = Workflow.objects.create(name=f"流程{next(NUMBERS)}")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(page, test.users["lin"])
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", state.pk))
    test.client.post(url, {"comment": ""}, headers={"accept": "text/html"})
    return page


def save_live(test, column, text):
    page = test.draft(column, text)
    page.live = True
    page.save()
    return page


def save_base(test, column, text):
    page = test.draft(column, text)
    base = Page.objects.get(pk=page.pk)
    base.live = True
    base.save()
    return page


def save_some_fields(test, column, text):
    page = test.draft(column, text)
    page.body = [("paragraph", "<p>内存中的无害文字。</p>")]  # not saved, so it must not count
    page.live = True
    page.save(update_fields=["live"])
    return page


def edit_live(test, column, text):
    page = test.published(column)
    page.body = [("paragraph", f"<p>{text}</p>")]
    page.save()
    return page


def edit_live_some_fields(test, column, text):
    page = test.published(column)
    page.body = [("paragraph", f"<p>{text}</p>")]
    page.save(update_fields=["body"])
    return page


def add_child(test, column, text):
    page = NoticePage(
        title="工作通报", slug=f"n{next(NUMBERS)}", date=datetime.date(2026, 11, 20),
        body=[("paragraph", f"<p>{text}</p>")],
    )  # fmt: skip
    column.add_child(instance=page)
    return page


def copy_live(test, column, text):
    page = test.published(column)
    return page.copy(
        update_attrs={"slug": f"n{next(NUMBERS)}", "intro": f"<p>{text}</p>"}, keep_live=True
    )


def alias(test, column, text):
    page = test.draft(column, text)
    twin = page.create_alias(update_slug=f"n{next(NUMBERS)}")
    twin.live = True
    twin.save()
    return NoticePage.objects.get(pk=twin.pk)


def revert(test, column, text):
    page = test.draft(column, text)
    old = page.get_latest_revision()
    page.body = [("paragraph", "<p>今年共办结25件。</p>")]
    page.save_revision(user=test.users["lin"])
    page.refresh_from_db()
    old.publish(user=test.users["admin"])
    return page


def loaddata(test, column, text):
    page = test.draft(column, text)
    rows = json.loads(serialize("json", [Page.objects.get(pk=page.pk), page]))
    for row in rows:
        row["fields"]["live"] = True
    path = test.folder / f"{page.pk}.json"
    path.write_text(json.dumps(rows), "utf-8")
    call_command("loaddata", str(path), verbosity=0)
    return page


def queryset_update(test, column, text):
    page = test.draft(column, text)
    Page.objects.filter(pk=page.pk).update(live=True)
    return page


def queryset_update_text(test, column, text):
    page = test.published(column)
    NoticePage.objects.filter(pk=page.pk).update(intro=f"<p>{text}</p>")
    return page


def bulk_update(test, column, text):
    page = test.draft(column, text)
    page.live = True
    NoticePage.objects.bulk_update([page], ["live"])
    return page


def raw_sql(test, column, text):
    page = test.draft(column, text)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET live = 1 WHERE id = %s", [page.pk])
    return page


def child_alone(test, column, text):
    page = test.published(column)
    Attachment.objects.create(page=page, document=document(), caption=text)
    return page


ROUTES = (
    Route("editor: create and publish", editor_create),
    Route("editor: edit a draft and publish", editor_edit),
    Route("editor: edit a live page and publish", editor_live),
    Route("bulk publish", bulk),
    Route("bulk publish, pages below included", bulk_below),
    Route("API of the administration, action `publish`", admin_api),
    Route("API v3, action `publish`", api_publish),
    Route("`revision.publish()` in a script", revision_publish),
    Route("`page.publish(revision)`", page_publish),
    Route("publishing an older revision", revert),
    Route("scheduled, `publish_scheduled`", scheduled),
    Route("approval in a workflow of Wagtail's own", other_workflow),
    Route("`page.live = True; page.save()`", save_live),
    Route("the same on `Page`, not the specific class", save_base),
    Route('`save(update_fields=["live"])`', save_some_fields),
    Route("`save()` of a live page with other content", edit_live),
    Route('`save(update_fields=["body"])` of a live page', edit_live_some_fields),
    Route("`parent.add_child()` with a live page", add_child),
    Route("`page.copy(keep_live=True)`", copy_live),
    Route("an alias of a draft made live", alias),
    Route("`loaddata`", loaddata),
    Route("`QuerySet.update(live=True)`", queryset_update, passes_gate=False),
    Route("`QuerySet.update()` of a live page's text", queryset_update_text, passes_gate=False),
    Route('`bulk_update([…], ["live"])`', bulk_update, passes_gate=False),
    Route("SQL", raw_sql, passes_gate=False),
    Route("a child row saved without its page", child_alone, passes_gate=False),
)
