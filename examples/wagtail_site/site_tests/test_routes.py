"""The table "ways to go live × gate holds": every route is run, and the page of the docs says so."""

import os
import tempfile
from pathlib import Path

from django.db import transaction
from wagtail import hooks

from pages.models import NoticePage
from secreview.errors import ReviewError
from secreview.integrations.django.sweep import sweep
from site_tests.base import ID, ROOT, SiteTest
from site_tests.routes import ROUTES

PAGE = ROOT / "docs/wagtail.md"
BEGIN, END = "<!-- routes: made by the tests of examples/wagtail_site -->", "<!-- /routes -->"
HEAD = (
    "| way to go live | Wagtail's `before_publish_page` is called | held at the gate: a finding |"
    " held at the gate: no approval | shown to visitors all the same | found by the sweep |"
    " what is cleared goes live |"
)


class Undo(Exception):
    """Ends a transaction that is not kept."""


class RoutesTest(SiteTest):
    """Runs every route three times: with a leak, without an approval, and cleared."""

    def setUp(self):
        """Count the calls of Wagtail's own hook."""
        super().setUp()
        self.calls = 0
        self.folder = Path(tempfile.mkdtemp())

    def called(self, request, page):
        """Note a call of the hook."""
        self.calls += 1

    def attempt(self, route, column, text):
        """Return what comes of a route: live with the text, seen by a visitor, swept; undone."""
        found = {}
        try:
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        page = route.run(self, column, text)
                except ReviewError:  # the script gets the refusal; it is what holds
                    page = None
                found = self.state(page, text)
                raise Undo
        except Undo:
            return found

    def state(self, page, text):
        """Return how it stands with a page in the database and for visitors."""
        live = NoticePage.objects.filter(live=True)
        told = [p for p in live if text in f"{p.body.raw_data}{p.intro}{captions(p)}"]
        seen = page is not None and text in self.seen(page)
        is_to_be_swept = told and not seen
        listed = {item.key for item in sweep()} if is_to_be_swept else set()
        return {
            "live": bool(told),
            "seen": seen,
            "listed": {str(page.pk) for page in told} <= listed,
        }

    def test_every_route_is_held_or_found_and_the_docs_say_which(self):
        """Run all routes; compare the table with the one in the docs, or write it there."""
        leak, fine = f"联系人身份证号：{ID}", "全年供水总量为3200万吨。"
        rows = []
        with hooks.register_temporarily("before_publish_page", self.called, order=-1000):
            for route in ROUTES:
                with self.subTest(route.name):
                    rows.append(self.row(route, leak, fine))
        table = "\n".join((HEAD, "|---|---|---|---|---|---|---|", *rows))
        text = PAGE.read_text("utf-8")
        if os.environ.get("UPDATE_DOCS"):
            head, _, rest = text.partition(BEGIN)
            text = f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"
            PAGE.write_text(text, "utf-8")
        self.assertIn(f"{BEGIN}\n\n{table}\n\n{END}", text)

    def row(self, route, leak, fine):
        """Return the row of a route; fail when it lets anything through."""
        self.calls = 0
        found = self.attempt(route, self.news, leak)
        hook = self.calls > 0
        unapproved = self.attempt(route, self.notices, fine)
        cleared = self.attempt(route, self.news, fine)
        for state in (found, unapproved):
            self.assertEqual(state["live"], not route.passes_gate)
            self.assertFalse(state["seen"])
            self.assertTrue(state["listed"])
        self.assertTrue(cleared["live"])
        if route.passes_gate:
            self.assertTrue(cleared["seen"])
        swept = "–" if route.passes_gate else "yes"
        goes = "yes" if route.passes_gate else "once swept"
        is_seen = found["seen"] or unapproved["seen"]
        cells = (route.name, yes(hook), yes(not found["live"]), yes(not unapproved["live"]),
                 "**yes**" if is_seen else "no", swept, goes)  # fmt: skip
        return f"| {' | '.join(cells)} |"


def captions(page):
    """Return the captions of a page's attachments."""
    return [item.caption for item in page.attachments.all()]


def yes(claim):
    """Return a claim as a word."""
    return "yes" if claim else "no"
