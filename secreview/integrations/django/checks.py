"""System checks: a guard that is set up wrongly says so before the site starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks

from secreview.errors import SecreviewError
from secreview.integrations.django import conf
from secreview.integrations.django.guard import ATTRIBUTE, Guard

MIDDLEWARE = "secreview.integrations.django.middleware.HeldMiddleware"


def register_all() -> None:
    """Register the checks."""
    for check in (settings_are_read, middleware_is_there, guards_name_fields):
        checks.register(check, "secreview")


def settings_are_read(**_: object) -> list[checks.CheckMessage]:
    """Return an error when the settings or the configuration cannot be used."""
    try:
        conf.conf()
        conf.config()
    except Exception as error:  # told with its words: they are about the settings alone
        is_ours = isinstance(error, (SecreviewError, settings_error()))
        what = str(error) if is_ours else type(error).__name__
        return [checks.Error(f"secreview cannot be set up: {what}", id="secreview.E001")]
    return []


def settings_error() -> type[Exception]:
    """Return the exception of settings that are wrong."""
    from django.core.exceptions import ImproperlyConfigured

    made: type[Exception] = ImproperlyConfigured
    return made


def middleware_is_there(**_: object) -> list[checks.CheckMessage]:
    """Return a warning when nothing would tell people why something was held."""
    if MIDDLEWARE in settings.MIDDLEWARE:
        return []
    hint = f'Add "{MIDDLEWARE}" to MIDDLEWARE, behind the one of messages.'
    words = "What the gate holds is shown as a server error: the middleware is missing."
    return [checks.Warning(words, hint, id="secreview.W001")]


def guards_name_fields(**_: object) -> list[checks.CheckMessage]:
    """Return an error for each guard that names a field which its model does not have."""
    return [
        checks.Error(f"{model._meta.label}.{ATTRIBUTE} names no field: {name}", id="secreview.E002")
        for model, guard in declared()
        for name in (guard.field, *guard.fields, *guard.files)
        if name not in {field.name for field in model._meta.concrete_fields}
    ]


def declared() -> Iterator[tuple[Any, Guard]]:
    """Yield the models that carry a guard of their own."""
    for model in apps.get_models():
        guard = getattr(model, ATTRIBUTE, None)
        if isinstance(guard, Guard):
            yield model, guard
