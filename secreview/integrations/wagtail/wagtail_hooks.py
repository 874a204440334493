"""Hooks of Wagtail: words for the editor before anything is refused, and what visitors may get.

None of these is the gate: that is ``pre_save``, which every way to publish goes through.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from wagtail import hooks

from secreview.integrations.django import conf, gate, media, words
from secreview.integrations.django.guard import watching
from secreview.integrations.wagtail import handing
from secreview.integrations.wagtail.log import HELD
from secreview.outputs.messages import message

LOG = logging.getLogger("secreview.gate")
FIRST = -100
BUTTON = "action-publish"
WANTED = "_secreview_publish"


def objection(instance: Any) -> gate.Held | None:
    """Return why an object may not be published as it is now, None when it may."""
    guard = watching(type(instance))
    if guard is None:
        return None
    try:
        given = gate.question(instance, guard)
        if not gate.is_unchanged(instance, guard, given.item):
            gate.answered(instance, guard, given)
    except gate.Held as held:
        return held
    return None


def tell(request: Any, held: gate.Held) -> None:
    """Tell an editor why something is not published: what, where, why, and what to do."""
    said = words.html(gate.explained(held.asked))
    messages.error(request, mark_safe(said), extra_tags="safe")  # noqa: S308 - escaped there


@hooks.register("before_publish_page", order=FIRST)
def before_publish_page(request: Any, page: Any) -> Any:
    """Keep a page in the editor, with the reasons, when it would be held."""
    held = objection(page.get_latest_revision_as_object())
    if held is None:
        return None
    tell(request, held)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_create_page", order=FIRST)
def before_create_page(request: Any, parent: Any, page_class: Any) -> None:
    """Have a new page saved as a draft first: Wagtail makes it live before it asks any hook."""
    is_publish = request.method == "POST" and BUTTON in request.POST
    if is_publish and parent.permissions_for_user(request.user).can_publish_subpage():
        given = request.POST.copy()
        del given[BUTTON]
        request.POST = given
        setattr(request, WANTED, True)


@hooks.register("after_create_page", order=FIRST)
def after_create_page(request: Any, page: Any) -> Any:
    """Publish a new page as its editor wanted, or say why not; what was typed is kept."""
    if not request.__dict__.pop(WANTED, False):
        return None
    for name in ("before_publish_page", "after_publish_page"):
        if name == "after_publish_page":
            page.get_latest_revision().publish(user=request.user)
        for hook in hooks.get_hooks(name):
            answer = hook(request, page)
            if hasattr(answer, "status_code"):
                return answer
    messages.success(request, message("gate.published", words.language(), title=page.title))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action", order=FIRST)
def before_bulk_action(request: Any, action_type: str, objects: Any, action: Any) -> Any:
    """Publish none of a selection when one of them would be held, and tell which."""
    if action_type != "publish" or request.method != "POST":
        return None
    drafts = [getattr(item, "specific", item) for item in objects]
    latest = [draft.get_latest_revision_as_object() for draft in drafts]
    objections = [held for draft in latest if (held := objection(draft)) is not None]
    for held in objections:
        tell(request, held)
    return redirect(action.next_url) if objections else None


@hooks.register("before_serve_page", order=FIRST)
def before_serve_page(page: Any, request: Any, *args: Any) -> None:
    """Raise Http404 for a live page that the gate has not let through as it is."""
    if not conf.conf().serving:
        return
    guard = watching(type(page))
    if guard is not None and not gate.stands(page, guard):
        LOG.error("not served, it did not pass the gate: page %s", page.pk)
        raise Http404


@hooks.register("before_serve_document", order=FIRST)
def before_serve_document(document: Any, request: Any) -> None:
    """Raise Http404 for a document that no public page shows, but to those who work here."""
    if not (media.is_let_out(document.file) or media.is_staff(request)):
        raise Http404


@hooks.register("before_edit_page", order=FIRST)
def before_edit_page(request: Any, page: Any) -> None:
    """Show those who review a page what the machine said when it was handed in."""
    if request.method != "GET" or not page.workflow_in_progress:
        return
    given = handing.told(page)
    if given is not None:
        said = words.listed(given)
        messages.warning(request, mark_safe(said), extra_tags="safe")  # noqa: S308 - escaped there


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Give the entry of what was held its words in the history."""
    lang = words.language()
    said = message("gate.held-entry", lang)
    actions.register_action(HELD, said, said)
