"""When nobody can tell: the service is down, slow or talks nonsense; schedules, sweeps, checks."""

import io
import json
import socket
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import SimpleTestCase, modify_settings, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from pages.models import NoticePage
from secreview.api.records import sign
from secreview.integrations.django import conf
from secreview.integrations.django.gate import Held
from secreview.integrations.django.models import Cleared, Handed, Opening
from secreview.integrations.django.sweep import Fault, sweep
from secreview.integrations.wagtail import handing
from secreview.integrations.wagtail.log import HELD
from site_tests.base import ID, LEAK, SiteTest

PAGE = b"<!doctype html><title>Login</title>"
NONSENSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)


@contextmanager
def service(state):
    """Give the address of a service that is down, slow, or answers with a page of HTML."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    if state == "down":
        listening.close()
        yield address
        return
    listening.settimeout(0.05)
    is_over = threading.Event()

    def run():
        kept = []
        while not is_over.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            kept.append(connection)
            if state == "nonsense":
                connection.settimeout(0.2)
                try:
                    while connection.recv(1 << 16):
                        pass
                except OSError:
                    pass
                connection.sendall(NONSENSE + PAGE)
                connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        is_over.set()
        thread.join()
        listening.close()


class FailureTest(SiteTest):
    """Publishes while the service is no good."""

    def test_a_closed_column_holds_and_an_open_one_lets_out_with_a_record(self):
        """Whatever is wrong with the service; the page stays as it was, and people are told."""
        for state in ("down", "slow", "nonsense"):
            with self.subTest(state), service(state) as url:
                more = {**settings.SECREVIEW, "URL": url, "SECONDS": 0.7}
                with self.settings(SECREVIEW=more):
                    closed, opened = self.draft(self.notices), self.draft(self.news)
                    before = Opening.objects.count()
                    with self.assertRaises(Held):
                        closed.get_latest_revision().publish()
                    opened.get_latest_revision().publish()
                    self.assertFalse(NoticePage.objects.get(pk=closed.pk).live)
                    self.assertTrue(NoticePage.objects.get(pk=opened.pk).live)
                    self.assertEqual(Opening.objects.count(), before + 1)
                    noted = Opening.objects.first()
                    self.assertEqual(noted.column, "新闻")
                    self.assertIn(str(opened.pk), noted.name)
                    self.assertTrue(self.seen(opened))

    def test_the_editor_is_told_to_try_again_later(self):
        """The words say that it cannot be told, not that something was found."""
        page = self.draft(self.notices)
        more = {**settings.SECREVIEW, "URL": "http://127.0.0.1:9", "SECONDS": 1}
        with self.settings(SECREVIEW=more):
            url = reverse("wagtailadmin_api:pages:action", args=(page.pk, "publish"))
            answer = self.client.post(url, headers={"accept": "application/json"})
        self.assertEqual(answer.status_code, 403)
        self.assertIn("不能判断", answer.json()["message"])

    def test_what_went_out_unreviewed_is_on_the_list_until_it_was_reviewed(self):
        """Clean it stays on the list to be reviewed, with a leak it is to be taken down."""
        more = {**settings.SECREVIEW, "URL": "http://127.0.0.1:9", "SECONDS": 1}
        with self.settings(SECREVIEW=more):
            clean, leak = self.draft(self.news), self.draft(self.news, LEAK)
            for page in (clean, leak):
                page.get_latest_revision().publish()
        faults = {item.key: item.fault for item in sweep()}
        self.assertEqual(faults[str(clean.pk)], Fault.OPENED)
        self.assertEqual(faults[str(leak.pk)], Fault.RULES)


class SweepTest(SiteTest):
    """Looks at what is public."""

    def swept(self, *arguments):
        """Return what the command prints and its exit code."""
        out, code = io.StringIO(), 0
        try:
            call_command("secreview_sweep", *arguments, stdout=out, stderr=out)
        except SystemExit as error:
            code = error.code
        return out.getvalue(), code

    def test_a_site_where_all_is_well_has_an_empty_list(self):
        """Exit code 0."""
        self.published(self.news)
        self.assertEqual(self.swept()[1], 0)

    def test_the_list_names_pages_findings_and_what_is_to_go_and_takes_it_down(self):
        """Nothing of what was found is repeated."""
        page = self.draft(self.news, LEAK)
        Page.objects.filter(pk=page.pk).update(live=True)
        said, code = self.swept("--lang", "zh")
        self.assertEqual(code, 1)
        self.assertIn(f"/xinwen/{page.slug}/", said)
        self.assertIn("居民身份证号码", said)
        self.assertNotIn(ID, said)
        rows = json.loads(self.swept("--format", "json")[0])
        self.assertEqual([(row["fault"], row["take_down"]) for row in rows], [("unseen", True)])
        self.swept("--take-down")
        self.assertFalse(Page.objects.get(pk=page.pk).live)
        self.assertEqual(self.swept()[1], 0)

    def test_approved_bytes_that_were_brought_past_the_gate_are_taken_up(self):
        """What counts is that exactly these bytes were cleared."""
        page = self.draft(self.notices)
        self.approve(page)
        Page.objects.filter(pk=page.pk).update(live=True)
        self.assertEqual(self.seen(page), "")
        self.assertEqual(self.swept()[1], 0)
        self.assertIn("25件", self.seen(page))

    def test_a_clearance_that_was_withdrawn_takes_the_page_with_it(self):
        """The desk has the last word."""
        page = self.published(self.notices)
        record = Handed.objects.get(key=str(page.pk)).record
        by = handing.actor_of(self.users["gu"])
        with conf.reviewer().desk() as desk:
            sign(record, stage="leader", by=by, decision="withdraw", remark="数据有误", desk=desk)
        faults = {item.key: item.fault for item in sweep()}
        self.assertEqual(faults, {str(page.pk): Fault.ENDED})

    def test_new_rules_list_what_they_find_and_people_had_not_before_them(self):
        """What people waived stays; what is new is listed."""
        new = self.published(self.news, "供水调度口令为青石。")
        waived = self.published(self.notices, LEAK)
        folder = Path(tempfile.mkdtemp())
        (folder / "rules/public-safety").mkdir(parents=True)
        (folder / "rules/public-safety/our-word.toml").write_text(RULE, "utf-8")
        text = Path(settings.SECREVIEW["CONFIG"]).read_text("utf-8")
        (folder / "secreview.toml").write_text(f'rules = ["rules"]\n{text}', "utf-8")
        with self.settings(SECREVIEW={**settings.SECREVIEW, "CONFIG": folder / "secreview.toml"}):
            faults = {item.key: item.fault for item in sweep()}
        self.assertEqual(faults, {str(new.pk): Fault.RULES})
        self.assertNotIn(str(waived.pk), faults)

    def test_a_desk_that_is_gone_cannot_be_told_and_is_no_pass(self):
        """Exit code 3."""
        self.published(self.news)
        more = {**settings.SECREVIEW, "URL": "http://127.0.0.1:9", "SECONDS": 1}
        with self.settings(SECREVIEW=more):
            said, code = self.swept("--lang", "zh")
        self.assertEqual(code, 3)
        self.assertIn("不能判断", said)

    def test_serving_is_guarded_unless_the_site_says_otherwise(self):
        """A site that is taking up secreview may go on showing what it has."""
        page = self.draft(self.news, LEAK)
        Page.objects.filter(pk=page.pk).update(live=True)
        self.assertEqual(self.seen(page), "")
        with self.settings(SECREVIEW={**settings.SECREVIEW, "SERVING": False}):
            self.assertIn(ID, self.seen(page))


class ScheduleTest(SiteTest):
    """Publishes what is due."""

    def due(self, column, text):
        """Return a page that is scheduled and due."""
        page = self.draft(column, text)
        past = timezone.now() - timezone.timedelta(minutes=1)
        revision = page.get_latest_revision()
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past)
        return page

    def run_schedule(self):
        """Return what is told and the exit code."""
        err = io.StringIO()
        try:
            call_command("publish_scheduled", stderr=err)
        except SystemExit as error:
            return err.getvalue(), error.code
        return err.getvalue(), 0

    def test_one_held_page_does_not_stop_the_others_and_is_told(self):
        """It stays scheduled, has one entry in its history, and goes live once it is cleared."""
        held, fine = self.due(self.news, LEAK), self.due(self.news, "按期通水。")
        said, code = self.run_schedule()
        self.assertEqual(code, 1)
        self.assertIn("居民身份证号码", said)
        self.assertNotIn(ID, said)
        self.assertTrue(NoticePage.objects.get(pk=fine.pk).live)
        self.assertFalse(NoticePage.objects.get(pk=held.pk).live)
        self.run_schedule()
        self.assertEqual(PageLogEntry.objects.filter(action=HELD, page_id=held.pk).count(), 1)
        self.approve(held)
        self.assertEqual(self.run_schedule()[1], 0)
        self.assertTrue(NoticePage.objects.get(pk=held.pk).live)
        self.assertTrue(Cleared.objects.filter(key=str(held.pk)).exists())

    def test_expired_pages_are_taken_down_as_ever(self):
        """The rest of the command does what Wagtail's does."""
        page = self.published(self.news)
        Page.objects.filter(pk=page.pk).update(
            expire_at=timezone.now() - timezone.timedelta(minutes=1)
        )
        self.assertEqual(self.run_schedule()[1], 0)
        self.assertFalse(NoticePage.objects.get(pk=page.pk).live)


RULE = """
id       = "our-word"
category = "public-safety"
title    = { zh = "本单位口令", en = "Our pass phrase" }
severity = "block"
basis    = ["disclosure.state-secret"]
suggest  = { zh = "删除。", en = "Delete it." }

[find]
words = ["调度口令为"]

[examples]
hit  = ["[[调度口令为]]青石"]
miss = ["调度口令", "口令为"]
"""


class ChecksTest(SimpleTestCase):
    """A guard that is set up wrongly says so before the site starts."""

    def found(self):
        """Return the ids of what the checks say."""
        return {message.id for message in run_checks(tags=["secreview"])}

    def test_the_example_is_set_up_well(self):
        """Nothing is said."""
        self.assertEqual(self.found(), set())

    def test_each_mistake_is_said(self):
        """One at a time."""
        wrong = {
            "secreview.E010": override_settings(WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT=False),
            "secreview.E012": override_settings(WAGTAILDOCS_SERVE_METHOD="redirect"),
            "secreview.E001": override_settings(SECREVIEW={"TYPO": 1}),
            "secreview.W001": modify_settings(MIDDLEWARE={"remove": settings.MIDDLEWARE[-1]}),
        }
        for name, change in wrong.items():
            with self.subTest(name), change:
                self.assertEqual(self.found(), {name})
        with override_settings(SECREVIEW={"CONFIG": "/nowhere/secreview.toml"}):
            self.assertEqual(self.found(), {"secreview.E001"})

    def test_a_guard_that_names_no_field_is_said(self):
        """The names of its fields are looked up."""
        from pages.models import Bulletin
        from secreview.integrations.django import Guard

        right, Bulletin.SECREVIEW = Bulletin.SECREVIEW, Guard(field="state")
        try:
            self.assertEqual(self.found(), {"secreview.E002"})
        finally:
            Bulletin.SECREVIEW = right
