"""Addresses of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.views import serve as static
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
    path(settings.MEDIA_URL.lstrip("/"), include("secreview.integrations.django.urls")),
    path("static/<path:path>", static, {"insecure": True}),  # an example; else a web server does it
    path("", include(wagtail_urls)),
]
