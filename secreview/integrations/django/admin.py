"""The administration of Django: held objects are told in the form, and what went out unreviewed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from secreview.integrations.django import words
from secreview.integrations.django.gate import Held, answered, explained, question
from secreview.integrations.django.guard import watching
from secreview.integrations.django.models import Cleared, Opening


class HeldAdmin:
    """A mixin for a ModelAdmin: what the gate holds is an error of the form, and nothing is lost.

    Put it first: ``class NoticeAdmin(HeldAdmin, admin.ModelAdmin)``.
    """

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form of the model, which asks the gate once all else is right."""
        base = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]  # a mixin

        def after_clean(form: Any) -> None:
            base._post_clean(form)
            if not form.errors:
                for line in objections(form.instance):
                    form.add_error(None, line)

        return type(base.__name__, (base,), {"_post_clean": after_clean})


def objections(instance: Any) -> list[str]:
    """Return what people are told when an object may not be saved as it is; nothing if it may."""
    guard = watching(type(instance))
    if guard is None or not guard.is_live(instance):
        return []
    try:
        answered(instance, guard, question(instance, guard))
    except Held as error:
        return words.plain(explained(error.asked))
    return []


class ReadOnly(admin.ModelAdmin):
    """Rows that people look at and nobody writes."""

    def has_add_permission(self, request: Any) -> bool:
        """Return that nobody adds rows."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Return that nobody deletes rows."""
        return False


@admin.register(Opening)
class OpeningAdmin(ReadOnly):
    """What went out unreviewed; ticked when it was reviewed."""

    list_display = ("at", "column", "name", "why", "reviewed")
    list_filter = ("reviewed", "column")
    readonly_fields = ("name", "column", "digests", "why", "at")


@admin.register(Cleared)
class ClearedAdmin(ReadOnly):
    """What the gate let through."""

    list_display = ("model", "key", "column", "standing", "record", "at")

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Return that nobody changes rows."""
        return False
