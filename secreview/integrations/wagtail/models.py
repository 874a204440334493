"""A task of Wagtail's workflows that is a stage of the review: who approves here signs there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask

from secreview.integrations.django.words import language
from secreview.integrations.reviewer import Opinion
from secreview.integrations.wagtail import handing
from secreview.outputs.messages import message
from secreview.review.record import Decision

APPROVE, REASONED, REJECT = "approve", "reasoned", "reject"
SHORTEST = 4  # characters of a reason, as flows ask for


class ReasonForm(TaskStateCommentForm):
    """A comment that has to be given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a reason of some length."""
        super().__init__(*args, **kwargs)
        label = message("gate.task.reason", language())
        widget = forms.Textarea({"rows": 3})
        self.fields["comment"] = forms.CharField(label=label, min_length=SHORTEST, widget=widget)


class SecreviewTask(AbstractGroupApprovalTask):
    """A stage of the review of a page; members of the chosen groups sign it.

    Several of them in a workflow follow one another; the last one decides and the page is
    published, if the record says so.
    """

    stage = models.CharField(
        max_length=64,
        verbose_name=_("stage"),
        help_text=_("Id of the stage in the flow of secreview, e.g. secrecy or leader"),
    )

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "stage"]  # noqa: RUF012

    class Meta:
        """How the task is called."""

        verbose_name = _("Confidentiality review")
        verbose_name_plural = _("Confidentiality reviews")

    @classmethod
    def get_description(cls) -> str:
        """Return what the task does."""
        return str(_("Members of the chosen groups sign a stage of the confidentiality review"))

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Hand in what is to be reviewed; new content begins again at the first stage."""
        instance = workflow_state.content_object
        is_new = handing.hand_in(instance, user or instance.get_latest_revision().user)
        first = first_task(workflow_state)
        if is_new and first is not None and first.pk != self.pk:
            return first.start(workflow_state, user=user)
        return super().start(workflow_state, user=user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Return what a user may do; whoever wrote part of it may only send it back."""
        allowed = super().get_actions(obj, user)
        if not allowed:
            return []
        lang = language()
        back = (REJECT, message("gate.task.reject", lang), True)
        if user.pk in handing.authors(obj):
            return [back]
        return [
            back,
            (APPROVE, message("gate.task.approve", lang), False),
            (REASONED, message("gate.task.reasoned", lang), True),
        ]

    def get_form_for_action(self, action: str) -> Any:
        """Return the form of an action."""
        return TaskStateCommentForm if action == APPROVE else ReasonForm

    @transaction.atomic
    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Sign the stage, then let the workflow go on; nothing goes on when the desk refuses."""
        instance = task_state.workflow_state.content_object
        comment = str(kwargs.get("comment", ""))
        is_reasoned = action_name == REASONED
        decision = Decision.RETURN if action_name == REJECT else Decision.PUBLISH
        by = handing.actor_of(user)
        handing.opine(
            instance, user, Opinion(self.stage, by, decision, comment, reasoned=is_reasoned)
        )
        known = APPROVE if is_reasoned else action_name
        return super().on_action(task_state, user, known, **kwargs)


def first_task(workflow_state: Any) -> Any:
    """Return the first review in the workflow of a state."""
    tasks = workflow_state.workflow.tasks.filter(active=True).order_by("workflow_tasks__sort_order")
    specific = (task.specific for task in tasks)
    return next((task for task in specific if isinstance(task, SecreviewTask)), None)
