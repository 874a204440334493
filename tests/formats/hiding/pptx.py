"""Hiding places of presentations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from secreview.model import PartKind, Why
from tests.formats.hiding import LEAK, Row, found, gap, no_room
from tests.formats.hiding.office import (
    DRAWING,
    HEAD,
    R,
    chart,
    package,
    part,
    rels,
    shared,
    smart_art,
)

SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    f'{R} {DRAWING} xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
BODY, HIDDEN, DATA = PartKind.BODY, PartKind.HIDDEN_TEXT, PartKind.DATA
NOTES, LINK, ALT, FOOTER = PartKind.NOTES, PartKind.LINK, PartKind.ALT_TEXT, PartKind.FOOTER


def words(text: str = LEAK) -> str:
    """Return the text of a shape."""
    return f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody>"


def shape(
    text: str = LEAK, named: str = 'name="文本框 1"', holder: str = "", place: str = ""
) -> str:
    """Return a shape: its text, name and description, placeholder, and where it lies."""
    x, y = (place or "1000 1000").split()
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" {named}/><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{x}" y="{y}"/><a:ext cx="900" cy="900"/></a:xfrm></p:spPr>{words(text)}</p:sp>'
    )


def slide(inner: str = "", after: str = "", attributes: str = "", name: str = "sld") -> str:
    """Return a slide, layout, master or page of notes."""
    return (
        f"{HEAD}<p:{name} {SPACES} {attributes}><p:cSld><p:spTree>{shape('标题')}{inner}</p:spTree></p:cSld>"
        f"{after}</p:{name}>"
    )


def pptx(
    content: str = "",
    members: Mapping[str, str | bytes] | None = None,
    comment: str = "",
    *,
    deck: str = "",
    points: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Return a presentation of one slide, which points to further members."""
    text = (
        f'<p:presentation {SPACES}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
        f'<p:sldSz cx="12192000" cy="6858000"/>{deck}</p:presentation>'
    )
    return package(
        "ppt/presentation.xml", text, "presentationml.presentation", [("slide", "slides/slide1.xml")],
        {"ppt/slides/slide1.xml": content or slide(),
         "ppt/slides/_rels/slide1.xml.rels": rels(*points), **(members or {})},
        comment,
    )  # fmt: skip


def on(inner: str = "", after: str = "", attributes: str = "") -> Callable[[], bytes]:
    """Return what builds a presentation with a slide."""
    return lambda: pptx(slide(inner, after, attributes))


def beside(name: str, body: str | bytes, kind: str = "") -> Callable[[], bytes]:
    """Return what builds a presentation with a member that the slide points to."""
    points = ((kind, f"../{name}"),) if kind else ()
    return lambda: pptx(members={f"ppt/{name}": body}, points=points)


def decked(inner: str) -> Callable[[], bytes]:
    """Return what builds a presentation with more in its main part."""
    return lambda: pptx(deck=inner)


def frame(inner: str) -> str:
    """Return a frame with a table or diagram."""
    return f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="表格 1"/></p:nvGraphicFramePr><a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></p:graphicFrame>'


def group(inner: str, named: str = "", place: str = "0") -> str:
    """Return a group of shapes."""
    return (
        f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="8" name="组合 1" {named}/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
        f'<a:off x="{place}" y="0"/><a:ext cx="9000" cy="9000"/></a:xfrm></p:grpSpPr>{inner}</p:grpSp>'
    )


def cells() -> str:
    """Return a table."""
    return f"<a:tbl><a:tr><a:tc>{words('甲').replace('p:txBody', 'a:txBody')}</a:tc><a:tc>{words().replace('p:txBody', 'a:txBody')}</a:tc></a:tr></a:tbl>"


def comments(text: str = LEAK) -> str:
    """Return comments of the old kind."""
    return f'{HEAD}<p:cmLst {SPACES}><p:cm authorId="0"><p:text>{text}</p:text></p:cm></p:cmLst>'


def modern() -> str:
    """Return comments of the newer kind."""
    return (
        f'{HEAD}<p188:cmLst xmlns:p188="urn:p188" {DRAWING}><p188:cm><p188:txBody><a:p><a:r><a:t>{LEAK}</a:t></a:r>'
        "</a:p></p188:txBody></p188:cm></p188:cmLst>"
    )


WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
PALE = shape().replace("<a:r>", f"<a:r><a:rPr>{WHITE}</a:rPr>")
CAPTIONS = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{LEAK}\n"

ROWS: tuple[Row, ...] = (
    found("幻灯片", "slide", on(shape()), BODY, "第1张幻灯片"),
    found("表格", "table", on(frame(cells())), BODY, "第1张幻灯片 第1行第2列"),
    found("备注", "notes", beside("notesSlides/notesSlide1.xml", slide(shape(), name="notes"), "notesSlide"), NOTES, "第1张幻灯片"),
    found("备注母版", "notes master", beside("notesMasters/notesMaster1.xml", slide(shape(), name="notesMaster")), DATA, "notesMaster1.xml”"),
    found("讲义母版", "handout master", beside("handoutMasters/handoutMaster1.xml", slide(shape(), name="handoutMaster")), DATA, "handoutMaster1.xml”"),
    found("页脚占位符", "footer placeholder", on(shape(holder='<p:ph type="ftr"/>')), FOOTER, "第1张幻灯片"),
    found("页眉占位符", "header placeholder", on(shape(holder='<p:ph type="hdr"/>')), FOOTER, "第1张幻灯片"),
    found("日期占位符", "date placeholder", on(shape(holder='<p:ph type="dt"/>')), FOOTER, "第1张幻灯片"),
    found("编号占位符", "number placeholder", on(shape(holder='<p:ph type="sldNum"/>')), FOOTER, "第1张幻灯片"),
    found("隐藏的幻灯片", "hidden slide", on(shape(), attributes='show="0"'), HIDDEN, "第1张幻灯片"),
    found("放映顺序之外的幻灯片", "slide that no list shows", beside("slides/slide9.xml", slide(shape())), BODY, "第2张幻灯片"),
    found("幻灯片外的形状", "shape beside the slide", on(shape(place="99000000 0")), HIDDEN, "第1张幻灯片"),
    found("幻灯片外的组合", "group beside the slide", on(group(shape(), place="99000000")), HIDDEN, "第1张幻灯片"),
    found("被其他形状盖住的形状", "shape behind another one", on(shape() + shape("甲")), BODY, "第1张幻灯片"),
    found("与背景同色的文字", "text of the colour of the background", on(PALE), BODY, "第1张幻灯片"),
    found("选择窗格中隐藏的形状", "shape hidden in the selection pane", on(shape(named='name="a" hidden="1"')), HIDDEN, "第1张幻灯片"),
    found("选择窗格中隐藏的组合", "group hidden in the selection pane", on(group(shape(), 'hidden="1"')), HIDDEN, "第1张幻灯片"),
    found("选择窗格中的名称", "name in the selection pane", on(shape("甲", f'name="{LEAK}"')), ALT, "第1张幻灯片"),
    found("版式上的文字", "text on a layout", beside("slideLayouts/slideLayout1.xml", slide(shape(), name="sldLayout")), DATA, "slideLayout1.xml”"),
    found("母版上的文字", "text on a master", beside("slideMasters/slideMaster1.xml", slide(shape(), name="sldMaster")), DATA, "slideMaster1.xml”"),
    found("版式占位符中的提示文字", "prompt in a placeholder of a layout", beside("slideLayouts/slideLayout1.xml", slide(shape(holder='<p:ph type="body"/>'), name="sldLayout")), DATA, "slideLayout1.xml”"),
    found("母版的页脚占位符", "footer placeholder of a master", beside("slideMasters/slideMaster1.xml", slide(shape(holder='<p:ph type="ftr"/>'), name="sldMaster")), DATA, "slideMaster1.xml”"),
    found("版式名", "name of a layout", beside("slideLayouts/slideLayout1.xml", slide(name="sldLayout").replace("<p:cSld>", f'<p:cSld name="{LEAK}">')), DATA, "slideLayout1.xml”"),
    found("批注", "comment", beside("comments/comment1.xml", comments(), "comments"), PartKind.COMMENT, "第1张幻灯片"),
    found("新式批注", "newer comment", beside("comments/modernComment_100.xml", modern(), "comments"), PartKind.COMMENT, "第1张幻灯片"),
    found("没有引用的批注", "comment that no slide points to", beside("comments/comment9.xml", comments()), PartKind.COMMENT, "comment9.xml”"),
    found("批注作者", "authors of comments", beside("commentAuthors.xml", f'{HEAD}<p:cmAuthorLst {SPACES}><p:cmAuthor id="0" name="{LEAK}"/></p:cmAuthorLst>'), PartKind.PROPERTY, "“author”"),
    found("批注作者的缩写和账号", "initials and accounts of authors", beside("authors.xml", part("authorLst", f'<x:author name="甲" userId="{LEAK}"/>')), PartKind.PROPERTY, "“author”"),
    found("节名", "names of sections", decked(f'<p:extLst><p:ext><p14:sectionLst><p14:section name="{LEAK}"/></p14:sectionLst></p:ext></p:extLst>'), DATA, "presentation.xml”"),
    found("标记", "tags", beside("tags/tag1.xml", part("tagLst", f'<x:tag name="K" val="{LEAK}"/>')), DATA, "tag1.xml”"),
    found("自定义放映", "custom shows", decked(f'<p:custShowLst><p:custShow name="{LEAK}" id="0"/></p:custShowLst>'), DATA, "presentation.xml”"),
    found("动画中的文字", "text in animations", on(after=f'<p:timing><p:tnLst><p:to><p:strVal val="{LEAK}"/></p:to></p:tnLst></p:timing>'), DATA, "第1张幻灯片"),
    found("字幕", "captions", beside("media/captions1.vtt", CAPTIONS), BODY, "captions1.vtt”内"),
    gap("声音和影片", "sound and film", beside("media/media2.m4a", b"\0\0\0\x18ftypM4A " + bytes(range(128, 250))), "ppt/media/media2.m4a", "nothing listens to sound or film", Why.UNSUPPORTED, Why.DAMAGED),
    found("SmartArt", "SmartArt", beside("diagrams/data1.xml", smart_art()), DATA, "data1.xml”"),
    found("图表缓存", "chart caches", beside("charts/chart1.xml", chart()), DATA, "chart1.xml”"),
    found("替代文字：说明", "alternative text: description", on(shape("甲", f'name="a" descr="{LEAK}"')), ALT, "第1张幻灯片"),
    found("替代文字：标题", "alternative text: title", on(shape("甲", f'name="a" title="{LEAK}"')), ALT, "第1张幻灯片"),
    found("超链接提示", "tooltip of a link", on(shape("甲").replace("<p:nvPr>", f'<p:nvPr><a:hlinkClick tooltip="{LEAK}"/>')), DATA, "第1张幻灯片"),
    found("动作链接", "action links to files", lambda: pptx(points=(("hyperlink", f"file:///C:/{LEAK}.pptx"),)), LINK, "slide1.xml.rels”"),
    found("备选内容的回退", "alternate content: a fallback that says something else", on(f'<mc:AlternateContent><mc:Choice Requires="p14">{shape("甲")}</mc:Choice><mc:Fallback>{shape()}</mc:Fallback></mc:AlternateContent>'), BODY, "第1张幻灯片"),
    found("公式", "mathematics", on(shape("甲").replace("</a:p>", f'<m:t xmlns:m="urn:m">{LEAK}</m:t></a:p>')), BODY, "第1张幻灯片"),
    no_room("幻灯片库标识", "ids of a slide library", "numbers; its address is a link, which is read"),
    found("演示属性", "presentation properties", beside("presProps.xml", f'{HEAD}<p:presentationPr {SPACES}><p:htmlPubPr title="{LEAK}"/></p:presentationPr>'), DATA, "presProps.xml”"),
    found("视图属性", "view properties", beside("viewProps.xml", f'{HEAD}<p:viewPr {SPACES} lastView="{LEAK}"/>'), DATA, "viewProps.xml”"),
    found("修订信息", "revision info", beside("revisionInfo.xml", part("revInfo", f'<x:c v="{LEAK}"/>')), DATA, "revisionInfo.xml”"),
    found("更改记录（姓名）", "changes infos (names)", beside("changesInfos/changesInfo1.xml", part("chgInfo", f'<x:docChg name="{LEAK}"/>')), DATA, "changesInfo1.xml”"),
    found("幻灯片中的 XML 注释", "XML comments in a slide", on(f"<!-- {LEAK} -->"), DATA, "第1张幻灯片"),
    *shared(pptx, "ppt"),
)  # fmt: skip

__all__ = ["ROWS"]
