"""``publish_scheduled`` of Wagtail: a page that is held is told, and the others go live.

Wagtail's own command ends at the first page that cannot be published. Exit code 1 when a page was
held; it stays scheduled and goes live with the first run after it was cleared.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log, registry
from wagtail.management.commands.publish_scheduled import Command as Original
from wagtail.models import DraftStateMixin, Page, Revision

from secreview.integrations.django import words
from secreview.integrations.django.gate import Held, explained
from secreview.integrations.wagtail.log import HELD

LOG = logging.getLogger("secreview.gate")


class Command(Original):
    """Unpublishes what has expired and publishes what is due, each by itself."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is due; end with 1 when something was held or failed."""
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        for instance in list(expired()):
            instance.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        due = Revision.objects.filter(approved_go_live_at__lt=timezone.now())
        went = [self.published(revision) for revision in due.order_by("approved_go_live_at")]
        if not all(went):
            sys.exit(1)

    def published(self, revision: Any) -> bool:
        """Return whether a revision went live; tell why when it did not."""
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except Held as held:
            self.stderr.write("\n  ".join(words.plain(explained(held.asked))))
            noted(revision)
        except Exception as error:  # one page must not stop the others
            LOG.error("scheduled revision %s failed: %s", revision.pk, type(error).__name__)
            self.stderr.write(f"revision {revision.pk}: {type(error).__name__}")
        else:
            return True
        return False


def expired() -> Iterator[Any]:
    """Yield what is live and past its day, as Wagtail's own command does."""
    drafts = (m for m in apps.get_models() if issubclass(m, DraftStateMixin))
    for model in (Page, *(m for m in drafts if not issubclass(m, Page))):
        yield from model.objects.filter(live=True, expire_at__lt=timezone.now())


def noted(revision: Any) -> None:
    """Write into the history of an object that it was held, once for each revision."""
    instance = revision.content_object
    entries = registry.get_logs_for_instance(instance)
    if not entries.filter(action=HELD, revision=revision).exists():
        log(instance=instance, action=HELD, revision=revision)
