"""Which objects are guarded, when they are public, and what of them becomes public."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from secreview.integrations.django.collected import Collected, Take, whole

ATTRIBUTE = "SECREVIEW"


class Watching(Protocol):
    """How objects of one kind are guarded."""

    def is_live(self, instance: Any) -> bool:
        """Return whether an object as it is now is public."""

    def touches(self, fields: Collection[str]) -> bool:
        """Return whether saving these fields alone could change what is public."""

    def collected(self, instance: Any, take: Take) -> Collected:
        """Return what becomes public of an object."""

    def path(self, instance: Any) -> str:
        """Return the path of an object on the site, by which its column is found."""

    def title(self, instance: Any) -> str:
        """Return how people call an object."""

    def model(self, instance: Any) -> Any:
        """Return the model under which an object is known."""

    def live(self, model: Any) -> Iterator[Any]:
        """Yield the stored objects of a model that are public."""


@dataclass(frozen=True, slots=True)
class Guard:
    """How a plain model is guarded: public while ``field`` has one of ``values``.

    ``fields`` and ``files`` name what becomes public; without ``fields`` every field of words does,
    and every field of files. ``url`` is the path on the site, ``{pk}`` in it the object's number.
    """

    field: str
    values: tuple[Any, ...] = (True,)
    fields: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    url: str = ""

    def is_live(self, instance: Any) -> bool:
        """Return whether an object as it is now is public."""
        return getattr(instance, self.field) in self.values

    def touches(self, fields: Collection[str]) -> bool:
        """Return whether saving these fields alone could change what is public."""
        return not self.fields or bool({self.field, *self.fields, *self.files} & set(fields))

    def collected(self, instance: Any, take: Take = whole) -> Collected:
        """Return what becomes public of an object."""
        made = Collected(reference(instance), take)
        for field in public_fields(instance, (*self.fields, *self.files)):
            add_field(made, instance, field)
        return made

    def path(self, instance: Any) -> str:
        """Return the path of an object on the site."""
        own = getattr(instance, "get_absolute_url", None)
        if self.url:
            return self.url.format(pk=instance.pk)
        return str(own()) if own and instance.pk else f"/{instance._meta.label_lower}/"

    def title(self, instance: Any) -> str:
        """Return how people call an object."""
        return str(instance)

    def model(self, instance: Any) -> Any:
        """Return the model under which an object is known."""
        return type(instance)._meta.concrete_model

    def live(self, model: Any) -> Iterator[Any]:
        """Yield the stored objects of a model that are public."""
        yield from model._base_manager.filter(**{f"{self.field}__in": self.values}).iterator()


Finder = Callable[[type], Watching | None]
FINDERS: list[Finder] = []  # of applications whose models cannot carry the attribute


def watching(model: type) -> Watching | None:
    """Return how a model is guarded, None when it is not."""
    own: Watching | None = getattr(model, ATTRIBUTE, None)
    if own is not None:
        return own
    return next((found for find in FINDERS if (found := find(model)) is not None), None)


def reference(instance: Any) -> str:
    """Return how logs call an object: its model and number, none of its words."""
    return f"{instance._meta.label_lower} {instance.pk or 'new'}"


def public_fields(instance: Any, names: Collection[str]) -> Iterator[Any]:
    """Yield the fields that become public: those named, or all that people write."""
    for field in instance._meta.concrete_fields:
        is_wanted = field.name in names if names else field.editable and not field.auto_created
        if is_wanted:
            yield field


def add_field(made: Collected, instance: Any, field: Any) -> None:
    """Add one field of a plain model by its type."""
    from django.db import models

    label = str(field.verbose_name)
    value = getattr(instance, field.attname)
    if isinstance(field, models.FileField):
        made.stored(field.name, value, label=label)
    elif isinstance(field, models.ForeignKey):
        related = getattr(instance, field.name)
        made.text(field.name, "" if related is None else f"{related} ({related.pk})", label)
    elif isinstance(field, models.JSONField):
        made.text(field.name, spelled(value), label)
    else:
        made.text(field.name, value, label)


def spelled(value: Any) -> str:
    """Return a value of JSON in one spelling."""
    import json

    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
