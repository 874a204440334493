"""The application: makes pages, snippets and files known to the gate."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class SecreviewWagtailConfig(AppConfig):
    """The gate of Wagtail."""

    name = "secreview.integrations.wagtail"
    label = "secreview_wagtail"
    verbose_name = _("Confidentiality review of pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the gate; the checks register themselves."""
        from secreview.integrations.django import guard as guards
        from secreview.integrations.django import media
        from secreview.integrations.wagtail import checks, files, guard

        add(guards.FINDERS, guard.find)
        add(media.ORIGINALS, files.original)
        pre_save.connect(files.before_save, dispatch_uid="secreview.files")
        checks.register_all()


def add(registry: list[Any], entry: Any) -> None:
    """Add an entry once."""
    if entry not in registry:
        registry.append(entry)
