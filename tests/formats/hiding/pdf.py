"""Hiding places of PDF files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from secreview.model import PartKind, Why
from tests.formats.build_pdf import form, kept, note, pdf, revised, saved, shown
from tests.formats.hiding import ID, LEAK, Row, found, gap, left, no_room, picture

SECRET = f"Number {ID}"
HIDDEN, NOTE, FORM, DATA = (
    PartKind.HIDDEN_TEXT, PartKind.ANNOTATION, PartKind.FORM, PartKind.DATA,
)  # fmt: skip
BODY, PROPERTY, FIELD, LINK = PartKind.BODY, PartKind.PROPERTY, PartKind.FIELD, PartKind.LINK
ALT, SCRIPT, DELETED = PartKind.ALT_TEXT, PartKind.SCRIPT, PartKind.DELETED
BOX = "0 0 0 rg 60 690 300 24 re f\n"
PLACE = "第1页 隐藏文字1"

Edit = Callable[[Any, Any], Any]


def at(content: str = "", edit: Edit | None = None) -> Callable[[], bytes]:
    """Return what builds a file with a page of some content and a change to it."""
    return lambda: pdf(shown("ordinary text", y=500) + content, edit=edit)


def noted(**entries: Any) -> Callable[[], bytes]:
    """Return what builds a file with a note."""
    return at(edit=lambda d, p: note(d, p, **({"Subtype": Name.Text} | entries)))


def rooted(name: str, make: Callable[[Any, Any], Any]) -> Callable[[], bytes]:
    """Return what builds a file whose catalogue has an entry."""

    def edit(document: Any, page: Any) -> None:
        document.Root[f"/{name}"] = make(document, page)

    return at(edit=edit)


def fielded(**entries: Any) -> Callable[[], bytes]:
    """Return what builds a file with a form field."""

    def edit(document: Any, page: Any) -> None:
        made = note(document, page, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), **entries)
        document.Root.AcroForm = Dictionary(Fields=Array([made]))

    return at(edit=edit)


def signed(**entries: Any) -> Callable[[], bytes]:
    """Return what builds a signed file."""

    def edit(document: Any, page: Any) -> None:
        value = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), **entries)
        made = note(
            document,
            page,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String("s"),
            V=document.make_indirect(value),
        )
        document.Root.AcroForm = Dictionary(Fields=Array([made]))

    return at(edit=edit)


def acting(action: dict[str, Any]) -> Callable[[], bytes]:
    """Return what builds a file with a link."""
    return at(edit=lambda d, p: note(d, p, Subtype=Name.Link, A=Dictionary(action)))


def tagged(**entries: Any) -> Callable[[], bytes]:
    """Return what builds a file with a structure tree."""

    def edit(document: Any, page: Any) -> None:
        top = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tag = Dictionary(Type=Name.StructElem, S=Name.Figure, Pg=page, P=top, **entries)
        top.K = document.make_indirect(tag)
        document.Root.StructTreeRoot = top

    return at(edit=edit)


def xobject(
    document: Any, size: tuple[int, int] = (40, 40), data: bytes = b"", **entries: Any
) -> Any:
    """Return a grey picture, or one of the JPEG bytes given."""
    made = document.make_stream(data or bytes(range(40)) * 40)
    made.Type, made.Subtype, made.ColorSpace, made.BitsPerComponent = (
        Name.XObject,
        Name.Image,
        Name.DeviceGray,
        8,
    )
    made.Width, made.Height = size
    if data:
        made.Filter = Name.DCTDecode
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def pictured(content: str, data: bytes = b"", **entries: Any) -> Callable[[], bytes]:
    """Return what builds a file with a picture among the resources of its page."""

    def edit(document: Any, page: Any) -> None:
        size = (48, 48) if data else (40, 40)
        made = {
            key: value(document) if callable(value) else value for key, value in entries.items()
        }
        page.Resources.XObject = Dictionary(Im1=xobject(document, size, data, **made))

    return at(content, edit)


def layered(document: Any, page: Any, state: str = "D") -> None:
    """Switch off the layer of a page."""
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    page.Resources.Properties = Dictionary(L1=group)
    off = Dictionary(OFF=Array([group]), Order=Array([group]))
    document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=off)


def viewed(document: Any, page: Any) -> None:
    """Switch off the layer of a page for the screen only."""
    usage = Dictionary(View=Dictionary(ViewState=Name.OFF), Print=Dictionary(PrintState=Name.ON))
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer"), Usage=usage))
    page.Resources.Properties = Dictionary(L1=group)
    auto = Dictionary(Event=Name.View, OCGs=Array([group]), Category=Array([Name.View]))
    document.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(Order=Array([group]), AS=Array([auto]))
    )


def redact(document: Any, page: Any) -> None:
    """Mark an area for redaction without applying it."""
    note(
        document,
        page,
        Subtype=Name.Redact,
        QuadPoints=Array([60, 715, 360, 715, 60, 690, 360, 690]),
    )


def attached(document: Any, page: Any) -> None:
    """Attach a file by name."""
    document.attachments["a.txt"] = LEAK.encode()


def spec(document: Any, **entries: Any) -> Any:
    """Return the specification of an embedded file."""
    stream = document.make_stream(LEAK.encode(), Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=String("b.txt"), EF=Dictionary(F=stream), **entries)


def packet(document: Any, **more: Any) -> Any:
    """Return a metadata packet."""
    text = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{LEAK}</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    made = document.make_stream(text.encode(), **more)
    made.Type, made.Subtype = Name.Metadata, Name.XML
    return made


def named(kind: str) -> Callable[[], bytes]:
    """Return what builds a file with a name in one of its name trees."""
    return rooted(
        "Names",
        lambda d, p: Dictionary(
            {f"/{kind}": Dictionary(Names=Array([String(SECRET), Array([p, Name.Fit])]))}
        ),
    )


def outlined(document: Any, page: Any) -> None:
    """Give a file an outline."""
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(LEAK, 0))


def whole(edit: Edit) -> Callable[[], bytes]:
    """Return what builds a file that keeps every object, used or not."""

    def build() -> bytes:
        with pikepdf.open(io.BytesIO(pdf(shown("text")))) as document:
            edit(document, document.pages[0].obj)
            return kept(document)

    return build


def removed(document: Any, page: Any) -> None:
    """Leave a page behind that nothing lists any more."""
    gone = document.make_indirect(Dictionary(page))
    gone.Contents = document.make_stream(shown(SECRET).encode())


def commented() -> bytes:
    """Return a file with a comment between its objects."""
    data = whole(lambda d, p: None)()
    place = data.index(b"2 0 obj")
    return data[:place] + f"% {LEAK}\n".encode() + data[place:]


def unlisted() -> bytes:
    """Return a file with an object that no table lists."""
    data = whole(lambda d, p: None)()
    place = data.index(b"xref\n")
    stray = f"77 0 obj\n<< /Note ({SECRET}) >>\nendobj\n".encode()
    start = b"startxref\n%d"
    return data[:place] + stray + data[place:].replace(start % place, start % (place + len(stray)))


def streamed() -> bytes:
    """Return a file whose objects are packed into a stream."""
    with pikepdf.open(io.BytesIO(noted(Contents=String(LEAK))())) as document:
        return saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def locked() -> bytes:
    """Return a file with a password."""
    with pikepdf.open(io.BytesIO(at()())) as document:
        return saved(document, encryption=pikepdf.Encryption(owner="a", user="b"))


def older() -> bytes:
    """Return a file that keeps its earlier state."""
    return revised(
        pdf(shown(SECRET)),
        lambda d, p: p.update({"/Contents": d.make_stream(shown("new").encode())}),
    )


def lying(document: Any, page: Any) -> None:
    """Say that the letters of a font mean other ones."""
    page.Resources.Font.F1.ToUnicode = document.make_stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfrange <30> <39> <0041> endbfrange endcmap end end"
    )


def inline() -> str:
    """Return the operators of a picture in the content of a page."""
    return "q 100 0 0 100 72 300 cm BI /W 8 /H 8 /CS /G /BPC 8 /F /AHx ID " + "00ff" * 32 + "> EI Q"


def resourced(document: Any, page: Any) -> None:
    """Give a page a form that it does not draw."""
    page.Resources.XObject = Dictionary(Unused=form(document, page, shown(SECRET)))


def drawn(document: Any, page: Any) -> None:
    """Give a page a form that it draws."""
    page.Resources.XObject = Dictionary(Fm1=form(document, page, shown(SECRET)))


def faint(document: Any, page: Any) -> None:
    """Give a page a graphics state that paints nothing."""
    page.Resources.ExtGState = Dictionary(G1=Dictionary(ca=0))


def threaded(document: Any, page: Any) -> Any:
    """Return article threads."""
    return Array([document.make_indirect(Dictionary(I=Dictionary(Title=String(LEAK))))])


def xfa(document: Any, page: Any) -> Any:
    """Return a form with an XFA packet."""
    return Dictionary(
        Fields=Array([]), XFA=document.make_stream(f"<xdp><d><n>{LEAK}</n></d></xdp>".encode())
    )


def media(kind: str) -> Callable[[], bytes]:
    """Return what builds a file with sound, film or models."""
    return noted(Subtype=Name(f"/{kind}"))


def identified() -> bytes:
    """Return a file whose identifier is a text."""
    data = at()()
    import re

    return re.sub(
        rb"/ID ?\[.*?\]",
        b"/ID [ (%s) (%s) ]" % (SECRET.encode(), SECRET.encode()),
        data,
        flags=re.S,
    )


DRAW = "q 60 0 0 60 72 300 cm /Im1 Do Q"
PIECE = Dictionary(App=Dictionary(Private=Dictionary(Note=String(SECRET))))
DER = b"\x30\x30\x0c" + bytes([len(LEAK.encode())]) + LEAK.encode()

ROWS: tuple[Row, ...] = (
    found("页面文字", "text of a page", at(shown(SECRET)), BODY, "第1页"),
    found("表单对象中的文字", "text in forms that a page draws", at("/Fm1 Do", drawn), BODY, "第1页"),
    found("被色块遮住", "covered by a filled path", at(shown(SECRET) + BOX), HIDDEN, PLACE),
    found("被图片遮住", "covered by a picture", pictured(f"{shown(SECRET)} q 300 0 0 24 60 690 cm /Im1 Do Q"), HIDDEN, PLACE),
    found("被注释遮住", "covered by a note", at(shown(SECRET), lambda d, p: note(d, p, Subtype=Name.Square, IC=Array([0, 0, 0]))), HIDDEN, PLACE),
    found("不可见模式（3 Tr）", "invisible mode (3 Tr)", at(shown(SECRET, state="3 Tr")), HIDDEN, PLACE),
    found("扫描件的文字识别层", "OCR layer of a scan", pictured(f"q 600 0 0 800 0 0 cm /Im1 Do Q {shown(SECRET, state='3 Tr')}"), BODY, "第1页"),
    found("与背景同色", "of the colour of the ground", at(f"1 g {shown(SECRET)}"), HIDDEN, PLACE),
    found("全透明", "not opaque", at(f"/G1 gs {shown(SECRET)}", faint), HIDDEN, PLACE),
    found("极小字", "tiny", at(f"BT /F1 1 Tf 1 0 0 1 72 700 Tm ({SECRET}) Tj ET"), HIDDEN, PLACE),
    found("页面之外", "off the page", at(shown(SECRET, x=700)), HIDDEN, PLACE),
    found("裁剪框之外", "outside the crop box", at(shown(SECRET, y=100), lambda d, p: p.update({"/CropBox": Array([0, 400, 600, 800])})), HIDDEN, PLACE),
    found("被裁剪路径剪掉", "clipped", at(f"q 0 0 50 50 re W n {shown(SECRET)} Q"), HIDDEN, PLACE),
    found("关闭的图层", "layer switched off", at(f"/OC /L1 BDC {shown(SECRET)} EMC", layered), HIDDEN, PLACE),
    found("屏幕上不显示、打印时显示的图层", "layer for printing only", at(f"/OC /L1 BDC {shown(SECRET)} EMC", viewed), HIDDEN, PLACE),
    found("图层名", "names of layers", at(edit=lambda d, p: (layered(d, p), p.Resources.Properties.L1.update({"/Name": String(LEAK)}))), FIELD, "layer”"),
    gap("替代图像", "alternate images", pictured(DRAW, Alternates=lambda d: Array([Dictionary(Image=xobject(d))])), "object", "pixels that no page draws", Why.PICTURE),
    found("注释：内容", "note: contents", noted(Contents=String(LEAK)), NOTE, "第1页"),
    found("注释：富文本", "note: rich text", noted(RC=String(f"<body><p>{LEAK}</p></body>")), NOTE, "第1页"),
    found("注释：弹出窗口", "note: popup", noted(Subtype=Name.Popup, Contents=String(LEAK)), NOTE, "第1页"),
    found("注释：作者", "note: author", noted(T=String(LEAK)), NOTE, "第1页"),
    found("注释：主题", "note: subject", noted(Subj=String(LEAK)), NOTE, "第1页"),
    found("注释：外观", "note: appearance", at(edit=lambda d, p: note(d, p, Subtype=Name.Stamp, AP=Dictionary(N=form(d, p, shown(SECRET))))), NOTE, "第1页"),
    found("注释：鼠标悬停和按下的外观", "note: appearance when touched or pressed", at(edit=lambda d, p: note(d, p, Subtype=Name.Stamp, AP=Dictionary(R=form(d, p, shown(SECRET))))), NOTE, "第1页"),
    found("隐藏的注释", "hidden note", noted(Contents=String(LEAK), F=2), NOTE, "第1页"),
    found("没有页面引用的注释", "note that no page lists", whole(lambda d, p: d.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, Contents=String(LEAK)))), NOTE, "注释"),
    found("未应用的密文标记", "redaction marks that were not applied", at(shown(SECRET), redact), NOTE, "第1页"),
    found("表单字段的值", "form field: value", fielded(V=String(LEAK)), FORM, "部件“a”"),
    found("表单字段的默认值", "form field: default", fielded(DV=String(LEAK)), FORM, "部件“a”"),
    found("表单字段的富文本值", "form field: rich value", fielded(RV=String(f"<body><p>{LEAK}</p></body>")), FORM, "部件“a”"),
    found("表单字段的选项", "form field: choices", fielded(Opt=Array([Array([String(LEAK), String("b")])])), FORM, "部件“a”"),
    found("表单字段的提示和映射名", "form field: hint and mapping name", fielded(TM=String(LEAK)), FORM, "部件“a”"),
    found("表单字段名", "form field: name", at(edit=lambda d, p: d.Root.update({"/AcroForm": Dictionary(Fields=Array([note(d, p, Subtype=Name.Widget, FT=Name.Tx, T=String(LEAK))]))})), FORM, "表单"),
    found("XFA", "XFA packets", rooted("AcroForm", xfa), FORM, "XFA”"),
    found("签名的姓名、理由、地点、联系方式", "signature: name, reason, location, contact", signed(Reason=String(LEAK)), FORM, "signature”"),
    found("证书中的姓名", "signature: names in certificates", signed(Contents=String(DER)), FORM, "signature”"),
    found("附件", "attachments", at(edit=attached), BODY, "a.txt”内"),
    found("注释中的附件", "attachments of notes", at(edit=lambda d, p: note(d, p, Subtype=Name.FileAttachment, FS=spec(d))), BODY, "b.txt”内"),
    found("关联文件", "associated files", rooted("AF", lambda d, p: Array([d.make_indirect(spec(d))])), BODY, "b.txt”内"),
    found("文件包的说明列", "portfolio: columns beside its files", rooted("AF", lambda d, p: Array([d.make_indirect(spec(d, CI=Dictionary(N=String(LEAK))))])), PartKind.ATTACHMENT, "b.txt”内"),
    found("附件说明", "descriptions of attachments", rooted("AF", lambda d, p: Array([d.make_indirect(spec(d, Desc=String(LEAK)))])), PartKind.ATTACHMENT, "b.txt”内"),
    found("附件中的 PDF", "PDF inside a PDF", at(edit=lambda d, p: d.attachments.update({"in.pdf": pikepdf.AttachedFileSpec(d, pdf(shown(SECRET)))}) or None), BODY, "in.pdf”内 第1页"),
    found("文档信息", "document information", at(edit=lambda d, p: d.docinfo.update({"/Keywords": String(LEAK)})), PROPERTY, "“Keywords”"),
    found("XMP（文档）", "XMP of the document", rooted("Metadata", lambda d, p: packet(d)), PROPERTY, "“title”"),
    found("XMP（页面、图像）", "XMP of pages and images", at(edit=lambda d, p: p.update({"/Metadata": packet(d)})), PROPERTY, "“title”"),
    found("程序私有数据（PieceInfo）", "private data of programs (PieceInfo)", at(edit=lambda d, p: p.update({"/PieceInfo": PIECE})), DATA, "PieceInfo”"),
    gap("程序私有的二进制数据", "binary private data of programs", at(edit=lambda d, p: p.update({"/PieceInfo": Dictionary(App=Dictionary(Private=d.make_stream(bytes(range(256)))))})), "program data", "private data of a program", Why.UNSUPPORTED),
    gap("页面缩略图", "thumbnails of pages", at(edit=lambda d, p: p.update({"/Thumb": xobject(d)})), "object", "a small picture, maybe of an older page", Why.PICTURE),
    found("大纲", "outline", at(edit=outlined), FIELD, "outline”"),
    found("命名目标", "named destinations", named("Dests"), FIELD, "destination”"),
    found("页码标签", "page labels", rooted("PageLabels", lambda d, p: Dictionary(Nums=Array([0, Dictionary(P=String(LEAK))]))), FIELD, "page label”"),
    found("文章线索", "article threads", rooted("Threads", threaded), FIELD, "thread”"),
    found("标签 ActualText", "tags: ActualText", tagged(ActualText=String(LEAK)), ALT, "第1页"),
    found("标签 Alt", "tags: Alt", tagged(Alt=String(LEAK)), ALT, "第1页"),
    found("标签 E 和 T", "tags: E and T", tagged(E=String(LEAK)), ALT, "第1页"),
    found("标记内容的 ActualText", "ActualText of marked content", at(f"/Span << /ActualText ({SECRET}) >> BDC {shown('a')} EMC"), ALT, "第1页"),
    found("脚本：打开动作", "scripts: open action", rooted("OpenAction", lambda d, p: Dictionary(S=Name.JavaScript, JS=String(f"var a='{LEAK}'"))), SCRIPT, "JavaScript”"),
    found("脚本：附加动作", "scripts: additional actions", at(edit=lambda d, p: p.update({"/AA": Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(f"var a='{LEAK}'")))})), SCRIPT, "JavaScript”"),
    found("脚本：名称树", "scripts: name tree", rooted("Names", lambda d, p: Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary(S=Name.JavaScript, JS=String(f"var a='{LEAK}'"))])))), SCRIPT, "JavaScript”"),
    found("链接", "links: URI", acting({"/S": Name.URI, "/URI": String(f"http://a/?id={ID}")}), LINK, "第1页"),
    found("启动程序", "links: Launch", acting({"/S": Name.Launch, "/F": Dictionary(F=String(f"c:/{ID}.exe"))}), LINK, "第1页"),
    found("远程跳转", "links: GoToR", acting({"/S": Name.GoToR, "/F": String(f"//srv/{ID}.pdf")}), LINK, "第1页"),
    found("提交表单", "links: SubmitForm", acting({"/S": Name.SubmitForm, "/F": Dictionary(FS=Name.URL, F=String(f"http://a/{ID}"))}), LINK, "第1页"),
    found("导入数据", "links: ImportData", acting({"/S": Name.ImportData, "/F": String(f"//srv/{ID}.fdf")}), LINK, "第1页"),
    gap("富媒体", "rich media", media("RichMedia"), "media", "nothing plays it", Why.UNSUPPORTED),
    gap("三维模型", "three-dimensional models", media("3D"), "media", "nothing draws it", Why.UNSUPPORTED),
    gap("影片", "films", media("Movie"), "media", "nothing plays it", Why.UNSUPPORTED),
    gap("声音", "sound", media("Sound"), "media", "nothing listens to it", Why.UNSUPPORTED),
    found("以前的修订版本", "earlier revisions", older, DELETED, "revision 1"),
    found("没有引用的对象", "objects that nothing refers to", whole(lambda d, p: d.make_indirect(Dictionary(Note=String(SECRET)))), DATA, "object"),
    found("没有引用的页面", "pages that nothing lists", whole(removed), DELETED, "object"),
    gap("没有引用的图片", "pictures that nothing refers to", whole(lambda d, p: xobject(d, (120, 120))), "object", "pixels that no page draws", Why.PICTURE),
    found("交叉引用表没有列出的对象", "objects that no table lists", unlisted, DATA, "object 77”"),
    found("对象流中的对象", "objects in object streams", streamed, NOTE, "第1页"),
    found("文件末尾之后的数据", "data after the end", lambda: at()() + LEAK.encode(), DATA, "内部数据"),
    found("文件开头之前的数据", "data before the start", lambda: LEAK.encode() + b"\n" + at()(), DATA, "内部数据"),
    found("对象之间的注释", "comments between objects", commented, DATA, "内部数据"),
    found("未使用的表单对象", "unused forms", at(edit=resourced), HIDDEN, "object"),
    gap("未使用的图片", "unused pictures", pictured(""), "object", "pixels that no page draws", Why.PICTURE),
    no_room("未使用的字体", "unused fonts", "outlines of letters"),
    gap("页面上的图片", "pictures on pages", pictured(DRAW), "page 1", "pixels: read by recognition where the extra is installed, which may miss text"),
    gap("蒙版遮住的图片部分（SMask）", "the part of a picture that its mask hides (SMask)", pictured(DRAW, SMask=lambda d: xobject(d)), "page 1", "what is seen of the picture is read by recognition; what the mask hides is not"),
    gap("裁剪掉的图片部分", "the part of a picture that a clip hides", pictured(f"q 72 300 30 60 re W n {DRAW} Q"), "page 1", "what is seen of the picture is read by recognition; what the clip hides is not"),
    gap("内联图像", "inline images", at(inline()), "page 1", "pixels: read by recognition only"),
    left("很小的图片", "pictures of less than 500 square points (13 by 13 mm at the most)", pictured("q 20 0 0 20 72 300 cm /Im1 Do Q"), "marks and icons; an identity number in small print takes more"),
    found("图片（DCT）中的 EXIF", "EXIF inside JPEG pictures", pictured(DRAW, picture(description=LEAK)), PROPERTY, "object"),
    found("ICC 配置文件中的号码和地址", "numbers and addresses in ICC profiles", pictured(DRAW, ColorSpace=lambda d: Array([Name.ICCBased, d.make_stream(b"\0" * 128 + SECRET.encode(), N=1)])), DATA, "object"),
    left("ICC 配置文件中的其他文字", "other words in ICC profiles", at(), "names of devices and their makers stand in every one"),
    gap("谎报的 ToUnicode", "a font that says other letters than it shows (ToUnicode)", at(shown(SECRET), lying), "font", "text and letters differ: a person has to look", Why.DISAGREE),
    no_room("子集字体透露的字母", "letters that a subset font has", "a set of letters without their order"),
    gap("加密", "encryption", locked, "a.pdf", "without the password; with it (--password-file) the file is read", Why.ENCRYPTED),
    no_room("线性化提示", "hints of linearised files", "offsets and lengths"),
    found("文件标识（ID）", "identifier of the file (ID)", identified, PROPERTY, "“ID”"),
    found("文件名", "file name", at(), PartKind.NAME, "文件名", name=LEAK),
)  # fmt: skip

__all__ = ["ROWS"]
