"""Tells people why something was held, whichever page they came from, instead of an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe

from secreview.errors import ReviewError
from secreview.integrations.django import words
from secreview.integrations.django.gate import Held, explained


class HeldMiddleware:
    """Turns what the gate and the desk refuse into a message, and goes back to where one was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the site does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        """Answer for a refusal of the review; leave every other error alone."""
        if not isinstance(exception, ReviewError):
            return None
        lang = words.language()
        is_dialog = is_workflow_dialog(request)
        if not (wants_page(request) or is_dialog):
            said = exception.zh if lang == "zh" else str(exception)
            return JsonResponse({"error": "held", "message": said}, status=403)
        messages.error(request, told(exception, lang), extra_tags="safe")
        if is_dialog:  # it closes and goes where the words are shown
            return JsonResponse({"step": "success", "redirect": back(request)})
        return HttpResponseRedirect(back(request))


def is_workflow_dialog(request: HttpRequest) -> bool:
    """Return whether it is a dialog of Wagtail that asks, in which somebody acts on a task."""
    match = request.resolver_match
    is_script = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return is_script and match is not None and str(match.url_name) == "workflow_action"


def told(exception: ReviewError, lang: str) -> str:
    """Return what people are told of a refusal."""
    if isinstance(exception, Held):
        return str(mark_safe(words.html(explained(exception.asked), lang)))  # noqa: S308 - escaped
    return exception.zh if lang == "zh" else str(exception)


def wants_page(request: HttpRequest) -> bool:
    """Return whether a person looks at the answer, in a browser."""
    is_script = request.headers.get("x-requested-with") == "XMLHttpRequest"
    return not is_script and "text/html" in request.headers.get("accept", "")


def back(request: HttpRequest) -> str:
    """Return the page that somebody came from, if it is of this site, else a place to go on."""
    came = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        came, {request.get_host()}, require_https=request.is_secure()
    )
    if came and is_ours:
        parts = urlsplit(came)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return home(request)


def home(request: HttpRequest) -> str:
    """Return the editor of the page that an address is about, else where the administration is."""
    match = request.resolver_match
    page = match.kwargs.get("page_id") if match else None
    ways: list[tuple[str, tuple[Any, ...]]] = [("wagtailadmin_home", ()), ("admin:index", ())]
    if page is not None:
        ways.insert(0, ("wagtailadmin_pages:edit", (page,)))
    for name, arguments in ways:
        try:
            return str(reverse(name, args=arguments))
        except NoReverseMatch:
            continue
    return "/"
