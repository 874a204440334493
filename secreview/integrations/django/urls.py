"""The address of uploaded files."""

from __future__ import annotations

from django.urls import path

from secreview.integrations.django import media

urlpatterns = [path("<path:name>", media.serve, name="secreview_media")]
