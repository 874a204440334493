"""What becomes public of a page or snippet, taken out by the type of each field and block.

Raw JSON is not searched: Wagtail keeps a StreamField as escaped JSON inside JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.blocks import (
    ChooserBlock,
    ListBlock,
    RawHTMLBlock,
    RichTextBlock,
    StaticBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.models import AbstractDocument
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.rich_text import RichText, extract_references_from_rich_text, get_text_for_indexing

from secreview.integrations.django.collected import Collected
from secreview.integrations.django.guard import public_fields, spelled, watching

VOLATILE = frozenset(
    "alias_of content_type depth draft_title expire_at expired first_published_at go_live_at"
    " has_unpublished_changes id index_entries last_published_at latest_revision"
    " latest_revision_created_at live live_revision locale locked locked_at locked_by numchild"
    " owner path translation_key url_path page_ptr".split()
)  # of pages and drafts: what changes without anybody writing, or is never shown
OURS = frozenset({"wagtailcore", "wagtailsearch", "wagtailadmin"})  # relations that are no content
IMAGE_FIELDS = ("title", "description")
SOURCE = "slug"


def collect(made: Collected, instance: Any) -> None:
    """Add every field, child and related file of a page or snippet."""
    for field in instance._meta.concrete_fields:
        if field.name not in VOLATILE and not is_parent(field):
            add_field(made, instance, field, field.name, str(field.verbose_name))
    for relation in get_all_child_relations(type(instance)):
        if relation.related_model._meta.app_label not in OURS:
            add_children(made, instance, relation)
    for field in get_all_child_m2m_relations(type(instance)):
        for number, related in enumerate(getattr(instance, field.name).all(), 1):
            add_related(made, related, f"{field.name} {number}", str(field.verbose_name))


def is_parent(field: Any) -> bool:
    """Return whether a field is only the link to the table of a parent class, or a key."""
    remote = field.remote_field
    return bool(field.primary_key or (remote and getattr(remote, "parent_link", False)))


def add_field(made: Collected, instance: Any, field: Any, place: str, label: str) -> None:
    """Add one field by its type."""
    value = getattr(instance, field.attname)
    if isinstance(field, StreamField):
        add_stream(made, value, place, label)
    elif isinstance(field, RichTextField):
        add_rich(made, value or "", place, label)
    elif isinstance(field, models.FileField):
        made.stored(place, value, label=label)
    elif isinstance(field, models.ForeignKey):
        add_related(made, getattr(instance, field.name), place, label)
    elif isinstance(field, models.JSONField):
        made.text(place, spelled(value) if value else "", label)
    elif field.name == SOURCE and getattr(instance, "alias_of", None) is not None:
        made.text(place, instance.alias_of.slug, label)  # an alias is what it mirrors
    else:
        made.text(place, value, label)


def add_children(made: Collected, instance: Any, relation: Any) -> None:
    """Add the children that are edited and published with their parent, in their order."""
    name = relation.get_accessor_name()
    own = {relation.field.name, "sort_order"}
    for number, child in enumerate(getattr(instance, name).all(), 1):
        for field in child._meta.concrete_fields:
            if field.name not in own and not is_parent(field):
                place = f"{name} {number} {field.name}"
                add_field(made, child, field, place, str(field.verbose_name))


def add_related(made: Collected, related: Any, place: str, label: str) -> None:
    """Add what a choice of another object makes public.

    Files with their bytes; of a page, or of what has a guard of its own, only which one; of a
    person the name; of any other object its words and files.
    """
    if related is None:
        return
    if isinstance(related, AbstractImage):
        told = [str(getattr(related, name, "") or "") for name in IMAGE_FIELDS]
        made.stored(place, related.file, title="\n".join(told).strip(), label=label)
    elif isinstance(related, AbstractDocument):
        made.stored(place, related.file, title=related.title, label=label)
    elif isinstance(related, Page) or watching(type(related)) is not None:
        made.text(place, f"{related._meta.label_lower} {related.pk}", label)
    elif isinstance(related, AbstractBaseUser):
        made.text(place, str(related), label)
    else:
        add_words(made, related, place, label)


def add_words(made: Collected, related: Any, place: str, label: str) -> None:
    """Add the words and files of an object that others show; its own choices only by number."""
    made.text(place, f"{related._meta.label_lower} {related.pk}", label)
    for field in public_fields(related, ()):
        inner = f"{place} {field.name}"
        if isinstance(field, StreamField | RichTextField | models.FileField):
            add_field(made, related, field, inner, label)
        elif isinstance(field, models.CharField | models.TextField):
            made.text(inner, getattr(related, field.attname), label)


def add_stream(made: Collected, value: Any, place: str, label: str) -> None:
    """Add a StreamField, block by block."""
    if value is None:
        return
    if getattr(value, "raw_text", None):  # content that was no stream when it was read
        made.text(place, value.raw_text, label)
    add_block(made, value.stream_block, value, place, label)


def add_rich(made: Collected, source: str, place: str, label: str) -> None:
    """Add rich text with the files it refers to."""
    made.html(place, source, label)
    for number, (model, key, *_) in enumerate(extract_references_from_rich_text(source), 1):
        kind: Any = model
        if isinstance(kind, type) and issubclass(kind, AbstractImage | AbstractDocument):
            found = kind._base_manager.filter(pk=key).first()  # type: ignore[attr-defined]
            add_related(made, found, f"{place} file {number}", label)


def add_block(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add the value of a block by the type of the block; of one not known here, all it stores."""
    if value is None or isinstance(block, StaticBlock):
        return
    for kind, add in BLOCKS:
        if isinstance(block, kind):
            add(made, block, value, place, label)
            return
    made.text(place, value if isinstance(value, str) else prepared(block, value), label)


def prepared(block: Any, value: Any) -> str:
    """Return what a block stores, in one spelling."""
    kept = block.get_prep_value(value)
    return kept if isinstance(kept, str) else spelled(kept)


def of_image(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add an image with the words that stand in its place."""
    made.text(f"{place} alt", getattr(value, "contextual_alt_text", ""), label)
    add_related(made, value, place, label)


def of_stream(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add the blocks of a stream."""
    for number, child in enumerate(value, 1):
        name = f"{label} {number}（{child.block.label}）"
        add_block(made, child.block, child.value, f"{place} {number} {child.block_type}", name)


def of_struct(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add the fields of a structure."""
    for name, child in block.child_blocks.items():
        add_block(made, child, value.get(name), f"{place} {name}", f"{label} {child.label}")


def of_list(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add the members of a list."""
    for number, member in enumerate(value, 1):
        add_block(made, block.child_block, member, f"{place} {number}", f"{label} {number}")


def of_rich(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add rich text."""
    add_rich(made, value.source if isinstance(value, RichText) else str(value), place, label)


def of_raw(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add HTML as it is."""
    made.html(place, str(value), label)


def of_choice(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add what was chosen."""
    add_related(made, value, place, label)


def of_embed(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add the address of what is embedded; nothing is fetched."""
    made.text(place, value.url, label)


def of_table(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add a table of texts."""
    rows = [["" if c is None else str(c) for c in row] for row in value.get("data") or []]
    made.table(place, rows, caption=str(value.get("table_caption") or ""), label=label)
    rest = {k: v for k, v in value.items() if k not in ("data", "table_caption") and v}
    made.text(f"{place} settings", spelled(rest) if rest else "", label)


def of_typed_table(made: Collected, block: Any, value: Any, place: str, label: str) -> None:
    """Add a table of blocks: as a table of words, and what a cell holds beyond words."""
    rows = [[str(column["heading"]) for column in value.columns]]
    rows += [[cell_words(cell) for cell in row] for row in value.rows]
    made.table(place, rows, caption=str(value.caption or ""), label=label)
    for number, row in enumerate(value.rows, 1):
        for nth, cell in enumerate(row, 1):
            if not isinstance(cell.value, str):
                add_block(made, cell.block, cell.value, f"{place} {number} {nth}", label)


def cell_words(cell: Any) -> str:
    """Return the words of a cell."""
    if isinstance(cell.value, RichText):
        return str(get_text_for_indexing(cell.value.source))
    return cell.value if isinstance(cell.value, str) else prepared(cell.block, cell.value)


Adding = Callable[[Collected, Any, Any, str, str], None]
BLOCKS: tuple[tuple[type, Adding], ...] = (
    (ImageBlock, of_image),  # before StructBlock, which it is too
    (TypedTableBlock, of_typed_table),
    (TableBlock, of_table),
    (EmbedBlock, of_embed),
    (StreamBlock, of_stream),
    (StructBlock, of_struct),
    (ListBlock, of_list),
    (RichTextBlock, of_rich),
    (RawHTMLBlock, of_raw),
    (ChooserBlock, of_choice),
)


def block_types() -> Iterator[type]:
    """Yield the types of blocks that are known here."""
    yield from (kind for kind, _ in BLOCKS)
