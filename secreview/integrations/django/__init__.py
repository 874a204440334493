"""A guard for models of Django: what is published was reviewed, whoever saves it.

In the settings::

    INSTALLED_APPS = ["secreview.integrations.django", …]
    MIDDLEWARE = […, "secreview.integrations.django.middleware.HeldMiddleware"]
    SECREVIEW = {"CONFIG": BASE_DIR / "secreview.toml"}

On a model::

    from secreview.integrations.django import Guard

    class Notice(models.Model):
        SECREVIEW = Guard(field="status", values=("published",), url="/notices/{pk}/")
"""

from __future__ import annotations

from secreview.integrations.django.guard import Guard

__all__ = ["Guard"]
