"""Documents and images: private until a page that was let through shows them, and not exchanged.

A file that visitors can fetch is not edited in place: the page that shows it was cleared with the
old bytes.
"""

from __future__ import annotations

from typing import Any

from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from secreview.api.policy import words
from secreview.errors import ReviewError
from secreview.integrations.django.media import is_let_out

TOLD = ("title", "description")  # words of a file that pages show


class InUse(ReviewError):
    """A file that is public cannot be exchanged; put a new one beside it."""


def before_save(sender: Any, instance: Any, **_: object) -> None:
    """Raise InUse when a file that visitors can fetch would be exchanged or renamed."""
    if not issubclass(sender, AbstractDocument | AbstractImage) or instance.pk is None:
        return
    old = sender._base_manager.filter(pk=instance.pk).first()
    if old is None or not is_changed(old, instance) or not is_let_out(old.file):
        return
    why = words("gate.in-use")
    raise InUse(why.en, why.zh)


def is_changed(old: Any, new: Any) -> bool:
    """Return whether what visitors get of a file would be another."""
    if old.file.name != new.file.name or not getattr(new.file, "_committed", True):
        return True
    return any(getattr(old, name, "") != getattr(new, name, "") for name in TOLD)


def original(name: str) -> Any:
    """Return the file of the image that a rendition was made from, None for other files."""
    for model in renditions():
        found = model._base_manager.filter(file=name).select_related("image").first()
        if found is not None:
            return found.image.file
    return None


def renditions() -> list[Any]:
    """Return the models of renditions on this site."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, AbstractRendition)]
