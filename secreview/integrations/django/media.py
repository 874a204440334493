"""Files of the site: private until an object that was let through refers to them.

The folder of uploads must not be served by the web server itself; in the urls of the site::

    path("media/", include("secreview.integrations.django.urls"))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

from secreview.integrations.django.collected import digest_of
from secreview.integrations.django.guard import watching

Original = Callable[[str], Any]
ORIGINALS: list[Original] = []  # give the file that a derived one was made from, or None
PERMISSION = "wagtailadmin.access_admin"


class Stored:
    """A file of the default storage, by name."""

    def __init__(self, name: str) -> None:
        """Take its name."""
        self.name, self.storage = name, default_storage


def serve(request: HttpRequest, name: str) -> FileResponse:
    """Return a file that went out with something public; to everybody else it does not exist."""
    if not (is_public(name) or is_staff(request)):
        raise Http404
    try:
        stream = default_storage.open(name, "rb")
    except (OSError, ValueError, SuspiciousOperation) as error:
        raise Http404 from error
    response = FileResponse(stream)
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_public(name: str) -> bool:
    """Return whether a stored file, or the one it was made from, may be seen by everybody."""
    made_from = next((file for find in ORIGINALS if (file := find(name)) is not None), None)
    return is_let_out(made_from if made_from is not None else Stored(name))


def is_let_out(file: Any) -> bool:
    """Return whether something public that was let through refers to exactly these bytes."""
    from secreview.integrations.django.models import ClearedFile

    try:
        sha256 = digest_of(file)
    except (OSError, ValueError, SuspiciousOperation):
        return False
    rows = ClearedFile.objects.filter(sha256=sha256).select_related("cleared")
    return any(is_live(row.cleared) for row in rows)


def is_live(cleared: Any) -> bool:
    """Return whether the object of a row is public in the database as it is now."""
    try:
        model = apps.get_model(cleared.model)
    except LookupError:
        return False
    stored = model._base_manager.filter(pk=cleared.key).first()
    guard = watching(model)
    return stored is not None and guard is not None and guard.is_live(stored)


def is_staff(request: HttpRequest) -> bool:
    """Return whether somebody works on the site, and sees drafts."""
    user = getattr(request, "user", None)
    return bool(user and user.is_active and (user.is_staff or user.has_perm(PERMISSION)))
