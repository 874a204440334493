"""The board of announcements in the administration of Django."""

from django.contrib import admin

from pages.models import Bulletin
from secreview.integrations.django.admin import HeldAdmin


@admin.register(Bulletin)
class BulletinAdmin(HeldAdmin, admin.ModelAdmin):
    """Bulletins; what the gate holds is told in the form."""

    list_display = ("title", "status")
