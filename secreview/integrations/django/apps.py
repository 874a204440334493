"""The application: connects the gate to the signals of every model."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.signals import setting_changed
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.translation import gettext_lazy as _


class SecreviewConfig(AppConfig):
    """The guard of published models."""

    name = "secreview.integrations.django"
    label = "secreview"
    verbose_name = _("Confidentiality review")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the gate; the checks register themselves."""
        from secreview.integrations.django import checks, conf, gate

        pre_save.connect(gate.before_save, dispatch_uid="secreview.gate")
        post_save.connect(gate.after_save, dispatch_uid="secreview.gate")
        post_delete.connect(gate.after_delete, dispatch_uid="secreview.gate")
        setting_changed.connect(conf.forget, dispatch_uid="secreview.conf")
        checks.register_all()
