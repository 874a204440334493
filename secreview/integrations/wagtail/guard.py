"""How pages and snippets with drafts are guarded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import models
from wagtail.models import DraftStateMixin, Page, Site

from secreview.integrations.django.collected import Collected, Take, whole
from secreview.integrations.django.guard import Watching, reference
from secreview.integrations.wagtail.content import VOLATILE, collect

QUIET = VOLATILE - {"live"}
ROOT_DEPTH = 1


class DraftGuard:
    """Snippets that have drafts: public while ``live``."""

    def is_live(self, instance: Any) -> bool:
        """Return whether a snippet as it is now is public."""
        return bool(instance.live)

    def touches(self, fields: Collection[str]) -> bool:
        """Return whether saving these fields alone could change what is public."""
        return not set(fields) <= QUIET

    def collected(self, instance: Any, take: Take = whole) -> Collected:
        """Return what becomes public of a snippet."""
        made = Collected(reference(instance), take)
        collect(made, instance)
        return made

    def path(self, instance: Any) -> str:
        """Return a path by which the column of a snippet is found."""
        return f"/{instance._meta.label_lower}/{instance.pk or ''}"

    def title(self, instance: Any) -> str:
        """Return how people call a snippet."""
        return str(instance)

    def model(self, instance: Any) -> Any:
        """Return the model under which a snippet is known."""
        return instance._meta.concrete_model

    def live(self, model: Any) -> Iterator[Any]:
        """Yield the snippets that are public."""
        yield from model._base_manager.filter(live=True).iterator()


class PageGuard(DraftGuard):
    """Pages: public while ``live``, but for the root of the tree, which nobody sees."""

    def is_live(self, instance: Any) -> bool:
        """Return whether a page as it is now is public."""
        return bool(instance.live) and instance.depth != ROOT_DEPTH

    def collected(self, instance: Any, take: Take = whole) -> Collected:
        """Return what becomes public of a page, of all its tables."""
        return super().collected(specific(instance), take)

    def path(self, instance: Any) -> str:
        """Return the path of a page on its site."""
        url_path = instance.url_path or ""
        roots = [root.root_path for root in Site.get_site_root_paths()]
        inside = [root for root in roots if url_path.startswith(root)]
        return "/" + url_path[len(max(inside, key=len)) :] if inside else url_path

    def model(self, instance: Any) -> Any:
        """Return the model under which every page is known."""
        return Page

    def live(self, model: Any) -> Iterator[Any]:
        """Yield the pages that are public."""
        yield from Page.objects.filter(live=True, depth__gt=ROOT_DEPTH).specific().iterator()


def specific(page: Any) -> Any:
    """Return a page with all its fields; those of the given object, saved or not, come first."""
    kind = page.specific_class
    if page.pk is None or kind is None or isinstance(page, kind):
        return page
    full = kind._base_manager.get(pk=page.pk)
    for field in page._meta.concrete_fields:
        setattr(full, field.attname, getattr(page, field.attname))
    return full


PAGES, DRAFTS = PageGuard(), DraftGuard()


def find(model: type) -> Watching | None:
    """Return how a model is guarded."""
    if issubclass(model, Page):
        return PAGES
    if issubclass(model, DraftStateMixin) and issubclass(model, models.Model):
        return DRAFTS
    return None
