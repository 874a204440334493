"""The workflow: who may approve what, and that only what they saw goes live."""

from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Page, TaskState
from wagtail.test.utils.form_data import nested_form_data

from pages.models import NoticePage
from secreview.api.records import loaded
from secreview.errors import NotAllowed, ReviewError
from secreview.integrations.django import conf
from secreview.integrations.django.models import Cleared, Handed
from secreview.integrations.reviewer import Opinion
from secreview.integrations.wagtail import handing
from secreview.review.record import Decision
from site_tests.base import ID, LEAK, NUMBERS, SiteTest
from site_tests.routes import form

HTML = {"accept": "text/html"}


def told(said):
    """Return the messages on a page of the administration."""
    return said.partition('data-controller="w-messages"')[2].partition("<form")[0]


class WorkflowTest(SiteTest):
    """Goes through the workflow of the example as its people do, in the editor."""

    def submitted(self, text="全年供水总量为3200万吨。"):
        """Return a page that lin wrote and submitted in the editor."""
        self.client.force_login(self.users["lin"])
        slug = f"n{next(NUMBERS)}"
        url = reverse("wagtailadmin_pages:add", args=("pages", "noticepage", self.notices.pk))
        self.client.post(url, form(text, slug, "action-submit"), headers=HTML)
        return NoticePage.objects.get(slug=slug)

    def act(self, page, name, action="approve", comment=""):
        """Have somebody act on the present task of a page; return what they are told."""
        self.client.force_login(self.users[name])
        state = NoticePage.objects.get(pk=page.pk).current_workflow_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, action, state.pk))
        answer = self.client.post(url, {"comment": comment}, headers=HTML, follow=True)
        return answer.content.decode()

    def edit(self, page, name, text, *button):
        """Have somebody edit a page."""
        self.client.force_login(self.users[name])
        url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
        answer = self.client.post(url, form(text, page.slug, *button), headers=HTML, follow=True)
        return answer.content.decode()

    def is_live(self, page):
        """Return whether a page is live."""
        return NoticePage.objects.get(pk=page.pk).live

    def stage(self, page):
        """Return the stage that a page waits at."""
        return NoticePage.objects.get(pk=page.pk).current_workflow_task.stage

    def test_a_page_goes_live_when_both_have_signed(self):
        """The last signature publishes it, under a certificate."""
        page = self.submitted()
        self.act(page, "shao")
        self.assertFalse(self.is_live(page))
        self.assertEqual(self.stage(page), "leader")
        with self.captureOnCommitCallbacks(execute=True):
            self.act(page, "gu")
        self.assertTrue(self.is_live(page))
        self.assertIn("3200", self.seen(page))
        row = Cleared.objects.get(model="wagtailcore.page", key=str(page.pk))
        self.assertEqual(row.record, Handed.objects.get(key=str(page.pk)).record)
        with conf.reviewer().desk() as desk:
            noted = loaded(row.record, desk).publications
        self.assertEqual([item.url for item in noted], [Page.objects.get(pk=page.pk).full_url])

    def test_nobody_approves_what_they_wrote_superusers_included(self):
        """Every author since the last publication counts, not only the last one."""
        page = self.submitted()
        for name, group in (("lin", "保密员"), ("admin", "保密员")):
            self.users[name].groups.add(Group.objects.get(name=group))
        self.edit(page, "admin", "全年供水总量为3200万吨。")
        self.edit(page, "shao", "全年供水总量为3201万吨。")
        for name in ("lin", "admin", "shao"):
            self.act(page, name)
            self.assertFalse(self.is_live(page))
            self.assertEqual(self.stage(page), "secrecy")
            by = handing.actor_of(self.users[name])
            with self.assertRaises(NotAllowed):
                opinion = Opinion("secrecy", by, Decision.PUBLISH)
                handing.opine(page, self.users[name], opinion)
            actions = page.current_workflow_task.get_actions(page, self.users[name])
            self.assertEqual([action for action, _, _ in actions], ["reject"])

    def test_a_superuser_without_a_role_in_the_flow_signs_nothing(self):
        """Rights on the site are no role in the review; the refusal is told in words."""
        page = self.submitted()
        said = self.act(page, "admin")
        self.assertEqual(self.stage(page), "secrecy")
        self.assertIn("admin", said)
        self.assertIn("secrecy-office", said)

    def test_a_refusal_in_a_dialog_is_shown_on_the_page(self):
        """The dialog closes and goes to the words."""
        page = self.submitted()
        self.client.force_login(self.users["admin"])
        url = reverse(
            "wagtailadmin_pages:workflow_action",
            args=(page.pk, "approve", page.current_workflow_task_state.pk),
        )
        answer = self.client.post(
            url, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"}
        )
        self.assertEqual(answer.json()["step"], "success")
        said = self.client.get(answer.json()["redirect"]).content.decode()
        self.assertIn("secrecy-office", told(said))

    def test_editing_and_approving_at_once_is_refused(self):
        """Whoever edits while they approve is an author."""
        page = self.submitted()
        self.client.force_login(self.users["shao"])
        url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
        data = form("全年供水总量为9999万吨。", page.slug, "action-workflow-action")
        data |= {"workflow-action-name": "approve", "workflow-action-extra-data": "{}"}
        self.client.post(url, data, headers=HTML)
        self.assertFalse(TaskState.objects.filter(status=TaskState.STATUS_APPROVED).exists())

    def test_text_edited_after_the_first_signature_does_not_go_live(self):
        """The second person signs what the first one saw, or nothing."""
        page = self.submitted()
        self.act(page, "shao")
        self.edit(page, "admin", f"改动后的内容，{LEAK}")
        said = self.act(page, "gu")
        self.assertFalse(self.is_live(page))
        self.assertIn("改动", said)
        self.assertNotIn(ID, self.seen(page))

    def test_new_content_begins_again_at_the_first_stage(self):
        """Sent back, edited and submitted again, a page is seen by the first person again."""
        page = self.submitted()
        self.act(page, "shao")
        self.act(page, "gu", "reject", "请补充数据来源")
        self.edit(page, "lin", "全年供水总量为3200万吨，来自年报。", "action-submit")
        self.assertEqual(self.stage(page), "secrecy")
        for name in ("shao", "gu"):
            self.act(page, name)
        self.assertTrue(self.is_live(page))

    def test_sending_back_takes_a_reason(self):
        """Without one nothing happens."""
        page = self.submitted()
        self.act(page, "shao", "reject", " ")
        self.assertEqual(self.stage(page), "secrecy")
        self.assertTrue(NoticePage.objects.get(pk=page.pk).workflow_in_progress)

    def test_a_finding_stands_only_with_the_reasons_of_both(self):
        """Approval without reasons is refused by the desk, with reasons it is kept in the record."""
        page = self.submitted(LEAK)
        self.act(page, "shao")
        said = self.act(page, "gu")
        self.assertFalse(self.is_live(page))
        self.assertEqual(self.stage(page), "leader")
        self.assertNotIn(ID, told(said))
        page = self.submitted(LEAK + "（二）")
        for name in ("shao", "gu"):
            self.act(page, name, "reasoned", "本人书面同意公开")
        self.assertTrue(self.is_live(page))

    def test_those_who_review_see_what_was_found_and_where(self):
        """The editor shows findings, masked."""
        page = self.submitted(LEAK)
        self.client.force_login(self.users["shao"])
        said = self.client.get(reverse("wagtailadmin_pages:edit", args=(page.pk,)))
        shown = said.content.decode().partition("c-page-editor")[0]
        self.assertIn("居民身份证号码", shown)
        self.assertIn("正文 1（段落）", shown)
        self.assertIn("5226*", shown)

    def test_submitting_when_the_desk_is_gone_is_refused_in_words(self):
        """The page stays a draft outside of any workflow."""
        with self.settings(SECREVIEW={"URL": "http://127.0.0.1:9", "SECONDS": 2}):
            page = self.draft(self.notices)
            with self.assertRaises(ReviewError):
                page.get_workflow().start(page, self.users["lin"])
        self.assertFalse(Handed.objects.filter(key=str(page.pk)).exists())


class EditorTest(SiteTest):
    """What an editor is told who publishes what may not be published."""

    def publish(self, column, text, **more):
        """Return what the administrator is told who publishes a text."""
        page = self.draft(column)
        url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
        data = {**form(text, page.slug, "action-publish"), **nested_form_data(more)}
        self.said = self.client.post(url, data, headers=HTML, follow=True).content.decode()
        self.page = NoticePage.objects.get(pk=page.pk)
        return self.said

    def test_a_held_page_is_told_with_what_where_why_and_what_to_do(self):
        """Nothing of what was found is repeated; the draft is kept."""
        said = self.publish(self.news, LEAK)
        for words in (
            "没有发布",
            "居民身份证号码",
            "正文 1（段落）",
            "个人信息保护法",
            "删除该号码",
        ):
            self.assertIn(words, said)
        self.assertNotIn(ID, told(said))
        self.assertIn("5226*", told(said))
        latest = self.page.get_latest_revision_as_object()
        self.assertIn(ID, str(latest.body.raw_data))
        self.assertFalse(self.page.live)

    def test_the_same_in_english_for_those_who_read_it(self):
        """The language of the administration decides."""
        with self.settings(LANGUAGE_CODE="en"):
            said = self.publish(self.news, LEAK)
        for words in ("was not published", "Resident identity number", "Correct it"):
            self.assertIn(words, said)

    def test_a_title_that_gives_something_away_is_not_repeated(self):
        """The message says that it is not shown."""
        page = self.draft(self.news, title=f"关于{ID}的通报")
        url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
        data = {**form("正文。", page.slug, "action-publish"), "title": f"关于{ID}的通报"}
        said = self.client.post(url, data, headers=HTML, follow=True).content.decode()
        self.assertIn("（标题不显示）", said)

    def test_without_an_approval_the_editor_is_told_to_submit_it(self):
        """Nothing was found, but nobody has seen it."""
        self.assertIn("请送审", self.publish(self.notices, "全年供水总量为3200万吨。"))

    def test_a_new_page_that_is_held_is_kept_as_a_draft(self):
        """What was typed is not lost, and the page was never live."""
        slug = f"n{next(NUMBERS)}"
        url = reverse("wagtailadmin_pages:add", args=("pages", "noticepage", self.news.pk))
        data = form(LEAK, slug, "action-publish")
        said = self.client.post(url, data, headers=HTML, follow=True).content.decode()
        self.assertIn("没有发布", said)
        page = NoticePage.objects.get(slug=slug)
        self.assertFalse(page.live)
        self.assertIsNone(page.first_published_at)

    def test_bulk_publishing_tells_of_each_page_and_publishes_none(self):
        """The selection is held as a whole."""
        pages = [self.draft(self.news, text) for text in (LEAK, "无害。", f"{LEAK}。")]
        url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
        ids = "&".join(f"id={page.pk}" for page in pages)
        explorer = reverse("wagtailadmin_explore", args=(self.news.pk,))
        self.client.post(f"{url}?{ids}&next={explorer}", headers=HTML)
        said = self.client.get(explorer).content.decode()
        self.assertEqual(said.count("没有发布"), 2)
        self.assertFalse(any(NoticePage.objects.get(pk=page.pk).live for page in pages))

    def test_a_program_is_told_with_a_status_and_without_content(self):
        """The API answers 403, not 500."""
        page = self.draft(self.news, LEAK)
        url = reverse("wagtailadmin_api:pages:action", args=(page.pk, "publish"))
        answer = self.client.post(url, headers={"accept": "application/json"})
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(answer.json()["error"], "held")
        self.assertNotIn(ID, answer.content.decode())
