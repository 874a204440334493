"""Office packages written member by member, and what can be put into any of them."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from secreview.model import PartKind, Why
from tests.formats.build_ole import compound, squeezed
from tests.formats.hiding import LEAK, Row, found, gap, no_room, packed, picture

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
R = f'xmlns:r="{OFFICE}/relationships"'

Members = Mapping[str, str | bytes]
Make = Callable[..., bytes]


def rels(*relations: tuple[str, str]) -> str:
    """Return a relationships part of (type, target); targets with a colon or ``\\\\`` are external."""
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/relationships/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target or "\\" in target else "/>")
        for n, (kind, target) in enumerate(relations, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def package(
    main: str,
    body: str,
    media_type: str,
    relations: Iterable[tuple[str, str]] = (),
    members: Members | None = None,
    comment: str = "",
) -> bytes:
    """Return an office package with a main part and further members."""
    folder, _, name = main.partition("/")
    types = (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        f'Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{media_type}.main+xml"/></Types>'
    )
    return packed(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": rels(("officeDocument", main)),
            main: HEAD + body,
            f"{folder}/_rels/{name}.rels": rels(*relations),
            **(members or {}),
        },
        comment=comment,
    )


def part(name: str, inner: str = "", attributes: str = "") -> str:
    """Return a small XML part in a namespace of its own."""
    return f'{HEAD}<x:{name} xmlns:x="urn:x" {DRAWING} {R} {attributes}>{inner}</x:{name}>'


def core(name: str, space: str = "http://purl.org/dc/elements/1.1/") -> Members:
    """Return the core properties with one of them."""
    return {
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        f' xmlns:p="{space}"><p:{name}>{LEAK}</p:{name}></cp:coreProperties>'
    }


def app(inner: str) -> Members:
    """Return the extended properties."""
    vt = f'xmlns:vt="{OFFICE}/docPropsVTypes"'
    text = f'{HEAD}<Properties xmlns="{OFFICE}/extended-properties" {vt}>{inner}</Properties>'
    return {"docProps/app.xml": text}


def custom(name: str) -> Members:
    """Return a property of one's own."""
    return {
        "docProps/custom.xml": f'{HEAD}<Properties xmlns="{OFFICE}/custom-properties" '
        f'xmlns:vt="{OFFICE}/docPropsVTypes"><property pid="2" name="{name}"><vt:lpwstr>{LEAK}'
        "</vt:lpwstr></property></Properties>"
    }


def chart() -> str:
    """Return a chart whose cache holds a text."""
    return (
        f'{HEAD}<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f"<c:strCache><c:pt idx='0'><c:v>{LEAK}</c:v></c:pt></c:strCache></c:chartSpace>"
    )


def smart_art() -> str:
    """Return the data of a diagram."""
    return (
        f'{HEAD}<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        f"{DRAWING}><dgm:pt><dgm:t><a:p><a:r><a:t>{LEAK}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "</dgm:dataModel>"
    )


def native(name: str, data: bytes) -> bytes:
    """Return a compound file that packages another one with its path."""
    path = f"C:\\{name}".encode("gbk") + b"\0"
    label = name.encode("gbk") + b"\0"
    body = b"\2\0" + label + path + b"\0\0\3\0" + struct.pack("<I", len(path)) + path
    body += struct.pack("<I", len(data)) + data
    return compound({"\1Ole10Native": struct.pack("<I", len(body)) + body})


def macros(source: str) -> bytes:
    """Return a macro project with one module."""
    module = b"\1\x16\1" + b"\0" * 40 + squeezed(source.encode("gbk"))
    return compound({"VBA/ThisDocument": module, "PROJECT": b""})


def inked() -> str:
    """Return a drawing by pen with a note on it."""
    return (
        f'{HEAD}<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"><inkml:annotation '
        f'type="note">{LEAK}</inkml:annotation></inkml:ink>'
    )


def certificate() -> str:
    """Return a signature whose certificate names its owner."""
    name = LEAK.encode()
    data = base64.b64encode(b"\x30" + bytes([len(name) + 2]) + b"\x0c" + bytes([len(name)]) + name)
    return (
        f'{HEAD}<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><KeyInfo><X509Data>'
        f"<X509Certificate>{data.decode()}</X509Certificate></X509Data></KeyInfo></Signature>"
    )


def comment_of_member(data: bytes) -> bytes:
    """Return a zip whose first member carries a comment in the directory."""
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as out:
        for nth, info in enumerate(source.infolist()):
            info.comment = LEAK.encode() if not nth else b""
            out.writestr(info, source.read(info))
    return target.getvalue()


def extra_field(data: bytes) -> bytes:
    """Return a zip whose first member carries an unknown extra field."""
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as out:
        for nth, info in enumerate(source.infolist()):
            text = LEAK.encode()
            info.extra = struct.pack("<HH", 0x6375, len(text)) + text if not nth else b""
            out.writestr(info, source.read(info))
    return target.getvalue()


def emf() -> bytes:
    """Return a metafile with one text record."""
    wide = LEAK.encode("utf-16-le")
    header = struct.pack("<II", 1, 108) + b"\0" * 32 + b" EMF" + b"\0" * 64
    body = struct.pack("<II", len(LEAK), 76) + b"\0" * 24 + wide + b"\0" * (-len(wide) % 4)
    record = struct.pack("<II", 84, 8 + 36 + len(body)) + b"\0" * 36 + body
    return header + record + struct.pack("<II", 14, 20) + b"\0" * 12


def svg() -> str:
    """Return a drawing with a description."""
    return f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{LEAK}</desc></svg>'


def nested_word() -> bytes:
    """Return a Word document."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{LEAK}</w:t></w:r></w:p></w:body></w:document>'
    return package("word/document.xml", body, "wordprocessingml.document")


def shared(make: Make, folder: str) -> list[Row]:
    """Return the places that any office package has; ``make`` takes members and a comment."""

    def holding(name: str, body: str | bytes) -> Callable[[], bytes]:
        return lambda: make(members={name: body})

    relation = f"{folder}/_rels/more.xml.rels"
    return [
        found("文档属性（标题、作者、关键词等）", "core properties: title, creator, description, keywords",
              lambda: make(members=core("creator")), PartKind.PROPERTY, "文档属性“creator”"),
        found("最后修改者", "core properties: last modified by",
              lambda: make(members=core("lastModifiedBy", f"{PACKAGE}/metadata/core-properties")),
              PartKind.PROPERTY, "文档属性“lastModifiedBy”"),
        found("单位、主管、模板、超链接基础", "extended properties: company, manager, template, hyperlink base",
              lambda: make(members=app(f"<Manager>{LEAK}</Manager>")), PartKind.PROPERTY, "“Manager”"),
        found("各部分标题", "extended properties: titles of parts",
              lambda: make(members=app(f"<TitlesOfParts><vt:vector><vt:lpstr>{LEAK}</vt:lpstr></vt:vector></TitlesOfParts>")),
              PartKind.PROPERTY, "“TitlesOfParts”"),
        found("属性中的超链接表", "extended properties: table of links (HLinks)",
              lambda: make(members=app(f"<HLinks><vt:vector><vt:lpwstr>{LEAK}</vt:lpwstr></vt:vector></HLinks>")),
              PartKind.PROPERTY, "“HLinks”"),
        found("自定义属性（含密级标签、WPS 标识）", "custom properties, sensitivity labels, WPS build",
              lambda: make(members=custom("MSIP_Label_Name")), PartKind.PROPERTY, "“MSIP_Label_Name”"),
        gap("缩略图", "thumbnail of the first page", holding("docProps/thumbnail.jpeg", picture()),
            "docProps/thumbnail.jpeg", "a picture, maybe of an older text", Why.PICTURE),
        found("嵌入的 OLE 包（带原路径）", "embedded OLE package with its original path",
              holding(f"{folder}/embeddings/oleObject1.bin", native("名单.txt", LEAK.encode())),
              PartKind.BODY, "“名单.txt”内"),
        found("嵌入的 Office 文件", "embedded office document",
              holding(f"{folder}/embeddings/Microsoft_Word.docx", nested_word()), PartKind.BODY, ".docx”内 第1段"),
        gap("图片上的文字", "text in a picture", holding(f"{folder}/media/image1.jpeg", picture()),
            f"{folder}/media/image1.jpeg", "pixels: read by recognition where the extra is installed, which may miss text"),
        gap("裁剪掉的图片部分", "the cropped-away part of a picture (the file keeps all of it)",
            holding(f"{folder}/media/image2.jpeg", picture()), f"{folder}/media/image2.jpeg",
            "the whole picture is read, by recognition only"),
        found("图片的 EXIF", "EXIF of a picture", holding(f"{folder}/media/image1.jpeg", picture(description=LEAK)),
              PartKind.PROPERTY, "image1.jpeg”内 文档属性“ImageDescription”"),
        found("图元文件（EMF/WMF）中的文字", "text records of EMF and WMF", holding(f"{folder}/media/image1.emf", emf()),
              PartKind.BODY, "image1.emf”内"),
        found("SVG 中的文字和说明", "text and description in SVG", holding(f"{folder}/media/image1.svg", svg()),
              PartKind.DATA, "image1.svg”"),
        found("墨迹", "ink", holding(f"{folder}/ink/ink1.xml", inked()), PartKind.DATA, "ink1.xml”"),
        gap("音频、视频", "sound and film", holding(f"{folder}/media/media1.mp4", b"\0\0\0\x18ftypmp42" + bytes(range(128, 250))),
            f"{folder}/media/media1.mp4", "nothing listens to sound or film", Why.UNSUPPORTED, Why.DAMAGED),
        found("ActiveX 控件属性", "properties of ActiveX controls",
              holding(f"{folder}/activeX/activeX1.xml", part("ocx", f'<x:p x:name="Caption" x:value="{LEAK}"/>')),
              PartKind.DATA, "activeX1.xml”"),
        gap("ActiveX 二进制数据", "binary data of ActiveX controls",
            holding(f"{folder}/activeX/activeX1.bin", b"\x02\0\0\0" + bytes(range(128, 250))),
            f"{folder}/activeX/activeX1.bin", "private data of a control", Why.UNSUPPORTED, Why.UNKNOWN_FORMAT),
        found("宏（vbaProject.bin）", "macros, compressed as they are stored",
              holding(f"{folder}/vbaProject.bin", macros(f"Attribute VB_Name = 1\r\n' {LEAK}\r\n")),
              PartKind.SCRIPT, "vbaProject.bin”内"),
        found("宏的附属数据", "data of the macros (vbaData.xml)",
              holding(f"{folder}/vbaData.xml", part("vbaSuppData", f'<x:mcd x:macroName="{LEAK}"/>')), PartKind.DATA, "vbaData.xml”"),
        found("自定义功能区", "custom ribbon", holding("customUI/customUI14.xml", part("customUI", f'<x:button label="{LEAK}"/>')),
              PartKind.DATA, "customUI14.xml”"),
        found("网页扩展", "web extensions",
              holding(f"{folder}/webextensions/webextension1.xml", part("webextension", f'<x:property name="k" value="{LEAK}"/>')),
              PartKind.DATA, "webextension1.xml”"),
        found("数字签名的说明", "digital signature: its comment",
              holding("_xmlsignatures/sig1.xml", part("Signature", f"<x:SignatureComments>{LEAK}</x:SignatureComments>")),
              PartKind.DATA, "sig1.xml”"),
        found("数字证书中的签名人", "digital signature: the signer in its certificate",
              holding("_xmlsignatures/sig2.xml", certificate()), PartKind.DATA, "sig2.xml”"),
        found("没有关系引用的部件", "parts that no relationship leads to",
              holding(f"{folder}/stray7.xml", part("p", LEAK)), PartKind.DATA, "stray7.xml”"),
        found("已删除而仍保留的媒体", "deleted media that are still in the file",
              holding(f"{folder}/media/old9.txt", LEAK), PartKind.BODY, "old9.txt”内"),
        found("指向外部文件、共享目录的关系", "relationship targets: shares, files, templates",
              holding(relation, rels(("attachedTemplate", f"file:///\\\\srv\\{LEAK}\\a.dotm"))), PartKind.LINK, "more.xml.rels”"),
        found("压缩包注释", "comment of the zip", lambda: make(comment=LEAK), PartKind.PROPERTY, "文档属性"),
        found("压缩包成员的注释", "comments of zip members", lambda: comment_of_member(make()), PartKind.PROPERTY, "内"),
        found("压缩包成员的扩展字段", "extra fields of zip members", lambda: extra_field(make()), PartKind.PROPERTY, "内"),
        no_room("压缩包成员的日期", "dates of zip members", "two numbers of 16 bits"),
        found("压缩包成员的名称", "names of zip members", holding(f"{folder}/media/{LEAK}.txt", "正文"), PartKind.NAME, "内"),
        gap("压缩包之外的字节", "bytes before or after the zip", lambda: make() + LEAK.encode() * 9, "zip",
            "the bytes belong to no member", Why.UNSUPPORTED),
        found("自定义 XML 部件", "custom XML parts", holding("customXml/item1.xml", part("a", f"<x:b>{LEAK}</x:b>")),
              PartKind.DATA, "item1.xml”"),
        found("自定义 XML 部件的属性", "properties of custom XML parts",
              holding("customXml/itemProps1.xml", part("datastoreItem", f'<x:schemaRef x:uri="http://a/{LEAK}"/>')),
              PartKind.DATA, "itemProps1.xml”"),
        found("打印机设置", "printer settings", holding(f"{folder}/printerSettings/printerSettings1.bin", LEAK.encode("utf-16-le")),
              PartKind.DATA, "printerSettings1.bin”"),
        found("XML 注释", "XML comments", holding(f"{folder}/more1.xml", f"{HEAD}<a><!-- {LEAK} --></a>"), PartKind.DATA, "more1.xml”"),
        found("XML 处理指令", "XML processing instructions", holding(f"{folder}/more1.xml", f"{HEAD}<?note {LEAK}?><a/>"),
              PartKind.DATA, "more1.xml”"),
        found("主题", "theme names", holding(f"{folder}/theme/theme1.xml", part("theme", attributes=f'name="{LEAK}"')),
              PartKind.DATA, "theme1.xml”"),
        found("文件名", "file name", make, PartKind.NAME, "文件名", name=LEAK),
    ]  # fmt: skip


__all__ = ["chart", "package", "part", "partial", "rels", "shared", "smart_art"]
