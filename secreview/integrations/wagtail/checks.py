"""System checks: settings of Wagtail under which what is approved would not be what goes live."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.management import get_commands

REAPPROVAL = "WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT"
OURS = "secreview.integrations.wagtail"


def register_all() -> None:
    """Register the checks."""
    for check in (edits_are_approved_again, scheduled_pages_are_gated, files_go_through_the_site):
        checks.register(check, "secreview")


def edits_are_approved_again(**_: object) -> list[checks.CheckMessage]:
    """Return an error when text that was edited after its approval would go live."""
    if getattr(settings, REAPPROVAL, False) is True:
        return []
    words = f"{REAPPROVAL} is not True: what was approved would not be what is published."
    return [checks.Error(words, f"Set {REAPPROVAL} = True.", id="secreview.E010")]


def scheduled_pages_are_gated(**_: object) -> list[checks.CheckMessage]:
    """Return an error when one held page would stop the rest of the schedule."""
    if get_commands().get("publish_scheduled") == OURS:
        return []
    words = "publish_scheduled is Wagtail's own: one page that is held stops all that follow."
    return [checks.Error(words, f'Put "{OURS}" before "wagtail".', id="secreview.E011")]


def files_go_through_the_site(**_: object) -> list[checks.CheckMessage]:
    """Return an error when documents would be served past the gate."""
    found: list[checks.CheckMessage] = []
    method = getattr(settings, "WAGTAILDOCS_SERVE_METHOD", None)
    if apps.is_installed("wagtail.documents") and method in ("direct", "redirect"):
        words = f"WAGTAILDOCS_SERVE_METHOD is {method!r}: documents are served past the gate."
        found.append(checks.Error(words, 'Use "serve_view".', id="secreview.E012"))
    return found
