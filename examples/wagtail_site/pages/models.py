"""The pages of a small government website, a snippet, and a plain model of Django."""

from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, PublishingPanel
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import DraftStateMixin, Orderable, Page, RevisionMixin
from wagtail.snippets.models import register_snippet

from secreview.integrations.django import Guard


class HomePage(Page):
    """The first page."""

    max_count = 1


class ColumnPage(Page):
    """A column 栏目 of the site."""

    parent_page_types = ("pages.HomePage",)


@register_snippet
class Contact(DraftStateMixin, RevisionMixin, models.Model):
    """Whom to ask: shown below pages."""

    name = models.CharField("联系单位", max_length=100)
    phone = models.CharField("电话", max_length=100)
    panels = (FieldPanel("name"), FieldPanel("phone"), PublishingPanel())

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A topic, chosen by pages."""

    name = models.CharField("主题", max_length=100)

    def __str__(self) -> str:
        return self.name


class QuestionBlock(blocks.StructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(label="问")
    answer = blocks.RichTextBlock(label="答")


class NoticePage(Page):
    """A notice, a public list or a piece of news."""

    date = models.DateField("日期")
    office = models.CharField("发布单位", max_length=100, blank=True)
    intro = RichTextField("摘要", blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="题图",
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="联系方式"
    )
    topics = ParentalManyToManyField(Topic, blank=True, verbose_name="主题")
    body = StreamField(
        [
            ("heading", blocks.CharBlock(label="小标题")),
            ("paragraph", blocks.RichTextBlock(label="段落")),
            ("table", TableBlock(label="表格")),
            ("list", TypedTableBlock(
                [("text", blocks.CharBlock()), ("rich", blocks.RichTextBlock())], label="名单"
            )),
            ("html", blocks.RawHTMLBlock(label="HTML")),
            ("picture", ImageBlock(label="图片")),
            ("plain_picture", ImageChooserBlock(label="图片（无说明）")),
            ("document", DocumentChooserBlock(label="附件")),
            ("questions", blocks.ListBlock(QuestionBlock(), label="问答")),
            ("page", blocks.PageChooserBlock(label="相关页面")),
            ("video", EmbedBlock(label="视频")),
        ],
        verbose_name="正文",
        blank=True,
    )  # fmt: skip
    parent_page_types = ("pages.ColumnPage",)
    content_panels = (
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("office"),
        FieldPanel("intro"),
        FieldPanel("picture"),
        FieldPanel("contact"),
        FieldPanel("topics"),
        FieldPanel("body"),
        InlinePanel("attachments", label="附件"),
    )


class Attachment(Orderable):
    """An attachment of a notice."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey("wagtaildocs.Document", models.CASCADE, related_name="+")
    caption = models.CharField("说明", max_length=200, blank=True)
    panels = (FieldPanel("document"), FieldPanel("caption"))


class Bulletin(models.Model):
    """A plain model of Django with the same guard: a line on the board of announcements."""

    class Status(models.TextChoices):
        """Where a bulletin stands."""

        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "公开"

    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    file = models.FileField("附件", upload_to="bulletins", blank=True)
    status = models.CharField("状态", max_length=16, choices=Status, default=Status.DRAFT)
    note = models.TextField("内部备注", blank=True)

    SECREVIEW = Guard(
        field="status",
        values=("published",),
        fields=("title", "text"),
        files=("file",),
        url="/tongzhi/bulletin-{pk}/",
    )

    def __str__(self) -> str:
        return self.title
