"""Addresses of the site in tests: with the programming interface that writes."""

from django.urls import path
from wagtail.api.v3.urls import api

from bureau.urls import urlpatterns as site

urlpatterns = [path("api/v3/", api.urls), *site]
