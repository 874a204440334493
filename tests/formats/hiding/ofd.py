"""Hiding places of OFD documents (GB/T 33190)."""

from __future__ import annotations

from collections.abc import Callable

from secreview.model import PartKind, Why
from tests.formats.build_ofd import (
    HEAD,
    NS,
    annotated,
    bar,
    content,
    letters,
    members,
    packed,
    text,
)
from tests.formats.build_ofd import ofd as document
from tests.formats.hiding import LEAK, Row, found, gap, no_room, picture

BODY, HIDDEN, NOTE, DATA = PartKind.BODY, PartKind.HIDDEN_TEXT, PartKind.ANNOTATION, PartKind.DATA
PROPERTY, FIELD, LINK = PartKind.PROPERTY, PartKind.FIELD, PartKind.LINK
WHITE = '<ofd:FillColor Value="255 255 255"/>'
PAGE = text("正文", y=200)


def at(objects: str) -> Callable[[], bytes]:
    """Return what builds a document with further objects on its page."""
    return lambda: document(PAGE + objects)


def with_(extra: dict[str, str | bytes], **more: str) -> Callable[[], bytes]:
    """Return what builds a document with further members."""
    return lambda: packed(members(content(PAGE), **more) | extra)


def informed(name: str) -> Callable[[], bytes]:
    """Return what builds a document with an entry of its information."""
    return with_({}, info=f"<ofd:{name}>{LEAK}</ofd:{name}>")


def noted(annot: str, attributes: str = 'Type="Stamp"') -> Callable[[], bytes]:
    """Return what builds a document with an annotation."""
    return lambda: annotated(PAGE, f'<ofd:Annot ID="1" {attributes}>{annot}</ofd:Annot>')


def attached(visible: str) -> Callable[[], bytes]:
    """Return what builds a document with an attachment."""
    listed = (
        f'{HEAD}<ofd:Attachments {NS}><ofd:Attachment ID="1" Name="原始发票" Visible="{visible}"><ofd:FileLoc>'
        "original_invoice.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
    )
    return with_(
        {
            "Doc_0/Attachs/Attachments.xml": listed,
            "Doc_0/Attachs/original_invoice.xml": f"{HEAD}<eInvoice><Buyer>{LEAK}</Buyer></eInvoice>",
        },
        document="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>",
    )


def listed(kind: str, body: str) -> Callable[[], bytes]:
    """Return what builds a document that refers to a list of another kind."""
    return with_(
        {f"Doc_0/{kind}.xml": f"{HEAD}<ofd:{kind} {NS}>{body}</ofd:{kind}>"},
        document=f"<ofd:{kind}>{kind}.xml</ofd:{kind}>",
    )


def template(objects: str) -> Callable[[], bytes]:
    """Return what builds a document whose page lies over a template."""

    def build() -> bytes:
        common = '<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        found_ = members(content(PAGE, front='<ofd:Template TemplateID="50"/>'), common=common)
        return packed(found_ | {"Doc_0/Tpls/Tpl_0/Content.xml": content(objects)})

    return build


def pictured(data: bytes) -> Callable[[], bytes]:
    """Return what builds a document that shows a picture."""

    def build() -> bytes:
        image = '<ofd:ImageObject ID="7" ResourceID="60" Boundary="10 10 50 50"/>'
        res = (
            f'{HEAD}<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="60" Type="Image"><ofd:MediaFile>'
            "a.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
        )
        common = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        return packed(
            members(content(PAGE + image), common=common)
            | {"Doc_0/DocumentRes.xml": res, "Doc_0/Res/a.jpg": data}
        )

    return build


def composite() -> bytes:
    """Return a document that draws a composite unit."""
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="70" Width="100" Height="20"><ofd:Content>'
        f"{text(LEAK, 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    made = members(
        content(PAGE + '<ofd:CompositeObject ID="6" ResourceID="70" Boundary="20 30 180 20"/>')
    )
    made["Doc_0/PublicRes.xml"] = str(made["Doc_0/PublicRes.xml"]).replace("</ofd:Res>", unit)
    return packed(made)


def older() -> bytes:
    """Return a document that keeps an older version."""
    made = members(
        content(PAGE),
        body='<ofd:Versions><ofd:Version ID="1" Index="1" BaseLoc="Doc_0/V1.xml"/></ofd:Versions>',
    )
    made["Doc_0/V1.xml"] = (
        f'{HEAD}<ofd:DocVersion {NS} ID="1" Name="旧版"><ofd:FileList/><ofd:DocRoot>Document_old.xml</ofd:DocRoot></ofd:DocVersion>'
    )
    made["Doc_0/Document_old.xml"] = str(made["Doc_0/Document.xml"]).replace(
        "</ofd:Pages>", '<ofd:Page ID="7" BaseLoc="Pages/Old.xml"/></ofd:Pages>'
    )
    made["Doc_0/Pages/Old.xml"] = content(text(LEAK))
    return packed(made)


def second() -> bytes:
    """Return a container with two documents."""
    made = members(content(PAGE))
    for name, data in members(content(text(LEAK))).items():
        if name.startswith("Doc_0/"):
            made[name.replace("Doc_0", "Doc_1")] = data
    more = "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    made["OFD.xml"] = str(made["OFD.xml"]).replace("</ofd:OFD>", more)
    return packed(made)


def signed(company: str = "乙公司", value: str = "甲") -> Callable[[], bytes]:
    """Return what builds a signed document."""

    def der(tag: int, inner: bytes) -> bytes:
        return bytes([tag, 0x82]) + len(inner).to_bytes(2, "big") + inner

    lists = f'{HEAD}<ofd:Signatures {NS}><ofd:Signature ID="s1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>'
    one = (
        f'{HEAD}<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider ProviderName="某签章" Company="{company}"/></ofd:SignedInfo>'
        "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>"
    )
    return with_(
        {"Doc_0/Signs/Signatures.xml": lists, "Doc_0/Signs/Sign_0/Signature.xml": one,
         "Doc_0/Signs/Sign_0/SignedValue.dat": der(0x30, der(0x0C, value.encode()) + der(0x0C, "某单位".encode()))},
        body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>",
    )  # fmt: skip


def sealed() -> bytes:
    """Return a document of which a member is encrypted."""
    made = members(content(PAGE)) | {"Encryptions.xml": f"{HEAD}<ofd:Encryptions {NS}/>"}
    return packed(made | {"Encrypt/1.dat": b"\x8f\x12" * 99})


def lying() -> bytes:
    """Return a document that shows one glyph for two characters."""
    mapping = '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><ofd:Glyphs>5 5</ofd:Glyphs></ofd:CGTransform>'
    return document(text("12", inner=mapping))


def params() -> bytes:
    """Return a document whose layer draws in white."""
    made = members(content(text(LEAK), layer=' DrawParam="30"'))
    look = (
        f'<ofd:DrawParams><ofd:DrawParam ID="30">{WHITE}</ofd:DrawParam></ofd:DrawParams></ofd:Res>'
    )
    made["Doc_0/PublicRes.xml"] = str(made["Doc_0/PublicRes.xml"]).replace("</ofd:Res>", look)
    return packed(made)


OUTLINE = f'<ofd:Outlines><ofd:OutlineElem Title="{LEAK}"/></ofd:Outlines>'
ACTION = f'<ofd:Actions><ofd:Action Event="DO"><ofd:URI URI="http://a/{LEAK}"/></ofd:Action></ofd:Actions>'
CLIP = (
    "<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary='0 100 10 10'><ofd:AbbreviatedData>M 0 0 L 10 0 L 10 10 L 0 10 C"
    "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
)
PLACE = "隐藏文字1 第1页"

ROWS: tuple[Row, ...] = (
    found("页面文字", "text of a page", at(text(LEAK)), BODY, "第1页 第1行"),
    found("逐字拆开的文字", "text letter by letter", at(letters(LEAK)), BODY, "第1页 第1行"),
    found("作者、创建者", "information: author, creator", informed("Author"), PROPERTY, "“Author”"),
    found("关键词", "information: keywords", with_({}, info=f"<ofd:Keywords><ofd:Keyword>{LEAK}</ofd:Keyword></ofd:Keywords>"), PROPERTY, "“Keyword”"),
    found("摘要", "information: abstract", informed("Abstract"), PROPERTY, "“Abstract”"),
    found("自定义数据（发票字段）", "custom data (fields of an invoice)", with_({}, info=f'<ofd:CustomDatas><ofd:CustomData Name="购买方">{LEAK}</ofd:CustomData></ofd:CustomDatas>'), PROPERTY, "“购买方”"),
    found("同一容器中的其他文档", "further documents of the container", second, BODY, "“Doc_1”内 第1页"),
    found("历史版本", "older versions", older, HIDDEN, "旧版”"),
    found("模板页", "template pages", template(text(LEAK)), BODY, "第1页"),
    found("没有页面使用的模板", "template that no page uses", lambda: packed(members(content(PAGE), common='<ofd:TemplatePage ID="50" BaseLoc="T.xml"/>') | {"Doc_0/T.xml": content(text(LEAK))}), HIDDEN, "TemplatePage 50”"),
    found("背景层、前景层", "background and foreground layers", lambda: packed(members(content(PAGE + text(LEAK), layer=' Type="Background"'))), BODY, "第1页"),
    found("页块", "page blocks", at(f'<ofd:PageBlock ID="4"><ofd:PageBlock ID="5">{text(LEAK)}</ofd:PageBlock></ofd:PageBlock>'), BODY, "第1页"),
    found("隐藏的页块", "hidden page block", at(f'<ofd:PageBlock ID="5" Visible="false">{text(LEAK)}</ofd:PageBlock>'), HIDDEN, PLACE),
    found("不可见的文字（Visible=false）", "text that is not visible", at(text(LEAK, Visible="false")), HIDDEN, PLACE),
    found("全透明", "transparent (Alpha 0)", at(text(LEAK, Alpha="0")), HIDDEN, PLACE),
    found("与背景同色", "of the colour of the ground", at(text(LEAK, inner=WHITE)), HIDDEN, PLACE),
    found("绘制参数定义的白色", "white by draw parameters", params, HIDDEN, PLACE),
    found("被色块遮住", "under a bar", at(text(LEAK) + bar(15, 30, 150, 8)), HIDDEN, PLACE),
    found("被裁剪", "clipped", at(text(LEAK, inner=CLIP)), HIDDEN, PLACE),
    found("页面边界之外", "out of the page", at(text(LEAK, x=240)), HIDDEN, PLACE),
    found("对象边界之外", "out of its boundary", at(text(LEAK, Boundary="20 100 1 1").replace('X="0"', 'X="40"')), HIDDEN, PLACE),
    found("极小字", "tiny", at(text(LEAK, Size="0.2")), HIDDEN, PLACE),
    found("叠在一点的字", "all letters on one spot", at(text(LEAK, step=0.001)), HIDDEN, PLACE),
    gap("字形与文字不一致（CGTransform）", "glyphs that are not those of the text", lying, "font 3", "which letters the glyphs show, the file does not say", Why.DISAGREE),
    found("复合对象", "composite objects", composite, BODY, "第1页"),
    found("注释：备注", "annotation: remark", noted(f"<ofd:Remark>{LEAK}</ofd:Remark>"), NOTE, "第1页 部件“Stamp”"),
    found("注释：参数", "annotation: parameters", noted(f'<ofd:Parameters><ofd:Parameter Name="k">{LEAK}</ofd:Parameter></ofd:Parameters>'), NOTE, "第1页"),
    found("注释：创建者", "annotation: creator", noted("", f'Type="Link" Creator="{LEAK}"'), NOTE, "第1页"),
    found("水印的文字", "text of a watermark", noted(f'<ofd:Appearance Boundary="0 0 210 297">{text(LEAK, 20, 60)}</ofd:Appearance>', 'Type="Watermark"'), NOTE, "第1页 部件“Watermark”"),
    found("不可见的注释", "invisible annotation", noted(f"<ofd:Remark>{LEAK}</ofd:Remark>", 'Type="Stamp" Visible="false"'), HIDDEN, "第1页"),
    found("注释遮住的文字", "text under an annotation", lambda: annotated(PAGE + text(LEAK), f'<ofd:Annot Type="Path" ID="1"><ofd:Appearance Boundary="15 30 180 8">{bar(0, 0, 180, 8)}</ofd:Appearance></ofd:Annot>'), HIDDEN, PLACE),
    found("附件（含原始发票）", "attachments (original invoice)", attached("true"), BODY, "original_invoice.xml”内"),
    found("不可见的附件", "invisible attachments", attached("false"), BODY, "original_invoice.xml”内"),
    found("自定义标引", "custom tags", lambda: packed(members(content(PAGE), document="<ofd:CustomTags>T.xml</ofd:CustomTags>") | {"Doc_0/T.xml": f"{HEAD}<ofd:CustomTags {NS}><ofd:CustomTag NameSpace='http://t'><ofd:FileLoc>Tag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>", "Doc_0/Tag.xml": f'{HEAD}<t:a xmlns:t="http://t"><t:b>{LEAK}</t:b></t:a>'}), DATA, "Tag.xml”"),
    found("扩展", "extensions", listed("Extensions", f'<ofd:Extension AppName="x"><ofd:Property Name="n">{LEAK}</ofd:Property></ofd:Extension>'), DATA, "Extensions.xml”"),
    found("动作链接", "actions: links", with_({}, document=ACTION), LINK, "Document.xml”"),
    gap("声音、视频", "sound and film", with_({"Doc_0/Res/a.mp3": b"ID3\3\0\0\0" + bytes(range(128, 250))}), "Doc_0/Res/a.mp3", "nothing listens to sound or film", Why.UNSUPPORTED, Why.DAMAGED),
    found("大纲", "outline", with_({}, document=OUTLINE), FIELD, "Outlines”"),
    found("书签", "bookmarks", with_({}, document=f'<ofd:Bookmarks><ofd:Bookmark Name="{LEAK}"/></ofd:Bookmarks>'), FIELD, "Bookmarks”"),
    found("权限（含水印文字）", "permissions", with_({}, document=f'<ofd:Permissions><ofd:Print Printable="false" Note="{LEAK}"/></ofd:Permissions>'), PROPERTY, "“Permissions”"),
    found("签名服务商", "signature: provider", signed(company=LEAK), PROPERTY, "“signature 1”"),
    found("签名值中的姓名和印章名", "signature: names of signer and seal", signed(value=LEAK), PROPERTY, "SignedValue.dat”内"),
    found("字体名", "names of fonts", lambda: packed({k: str(v).replace("宋体", LEAK) for k, v in members(content(PAGE)).items()}), DATA, "PublicRes.xml”"),
    gap("图片上的文字", "text in pictures", pictured(picture()), "Doc_0/Res/a.jpg", "pixels: read by recognition only"),
    found("图片的 EXIF", "EXIF of pictures", pictured(picture(description=LEAK)), PROPERTY, "a.jpg”内"),
    found("没有被列出的页面", "pages that no document lists", with_({"Doc_0/Pages/Page_9/Content.xml": content(text(LEAK))}), HIDDEN, "Page_9/Content.xml”内"),
    found("没有被列出的文件", "files that nothing lists", with_({"Doc_0/notes.txt": LEAK}), BODY, "notes.txt”内"),
    gap("加密的成员", "encrypted members", sealed, "Encryptions.xml", "encrypted (GM/T 0099)", Why.ENCRYPTED),
    found("完整性文件", "integrity file (OFDEntries.xml)", with_({"OFDEntries.xml": f"{HEAD}<ofd:OFDEntries {NS}><ofd:Entry>{LEAK}</ofd:Entry></ofd:OFDEntries>"}), DATA, "OFDEntries.xml”"),
    found("XML 注释", "XML comments", at(f"<!-- {LEAK} -->"), DATA, "第1页"),
    found("对象的名称", "names of objects", at(text("甲", Name=LEAK)), DATA, "第1页"),
    found("转义字符", "escaped characters", at(text("".join(f"\\{ord(c):04x}" for c in LEAK))), DATA, "第1页"),
    found("压缩包注释", "comment of the zip", lambda: packed_with_comment(), PROPERTY, "文档属性"),
    found("归档变体（ofda）", "archive variant (ofda)", at(text(LEAK, Visible="false")), HIDDEN, PLACE, name="a.ofda"),
    no_room("文档标识（DocID）", "identifier of the document (DocID)", "32 hexadecimal digits; anything else there is told with the information"),
    gap("压缩包之外的字节", "bytes before or after the zip", lambda: document(PAGE) + LEAK.encode() * 9, "zip", "the bytes belong to no member", Why.UNSUPPORTED),
    found("文件名", "file name", at(""), PartKind.NAME, "文件名", name=LEAK),
)  # fmt: skip


def packed_with_comment() -> bytes:
    """Return a document with a comment of the zip."""
    from tests.formats.hiding import packed as commented

    return commented(members(content(PAGE)), comment=LEAK)


__all__ = ["ROWS"]
