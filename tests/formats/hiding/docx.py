"""Hiding places of Word documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from secreview.model import PartKind
from tests.formats.hiding import ID, LEAK, PICTURED, Row, found, gap, no_room
from tests.formats.hiding.office import (
    DRAWING,
    HEAD,
    R,
    chart,
    nested_word,
    package,
    part,
    picture,
    rels,
    shared,
    smart_art,
)

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f'xmlns:w="{SPACE}"'
SPACES = (
    f'{W} {R} {DRAWING} xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
WHO = 'w:id="9" w:author="甲" w:date="2026-01-05T09:00:00Z"'
LEAKER = f'w:id="9" w:author="{LEAK}" w:date="2026-01-05T09:00:00Z"'
BODY, HIDDEN, DATA = PartKind.BODY, PartKind.HIDDEN_TEXT, PartKind.DATA
DELETED, INSERTED, FIELD = PartKind.DELETED, PartKind.INSERTED, PartKind.FIELD
BOX, ALT, LINK, PROPERTY = PartKind.TEXTBOX, PartKind.ALT_TEXT, PartKind.LINK, PartKind.PROPERTY
KINDS = {"styles": "styles", "settings": "settings", "numbering": "numbering"}


def run(text: str = LEAK, look: str = "") -> str:
    """Return a run."""
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def para(inner: str, look: str = "") -> str:
    """Return a paragraph."""
    return f"<w:p><w:pPr>{look}</w:pPr>{inner}</w:p>"


def docx(
    body: str = "", members: Mapping[str, str | bytes] | None = None, comment: str = ""
) -> bytes:
    """Return a document with a harmless paragraph, more of the body, and members."""
    text = f"<w:document {SPACES}><w:body>{para(run('正文没有问题。'))}{body}</w:body></w:document>"
    related = [(k, f"{v}.xml") for k, v in KINDS.items() if f"word/{v}.xml" in (members or {})]
    return package(
        "word/document.xml", text, "wordprocessingml.document", related, members, comment
    )


def at(body: str) -> Callable[[], bytes]:
    """Return what builds a document with more of the body."""
    return lambda: docx(body)


def beside(name: str, body: str | bytes, text: str = "") -> Callable[[], bytes]:
    """Return what builds a document with a member in ``word/``."""
    return lambda: docx(text, {f"word/{name}": body})


def story(name: str, inner: str = "") -> str:
    """Return a header, footer, notes or comments part."""
    return f"{HEAD}<w:{name} {SPACES}>{inner or para(run())}</w:{name}>"


def note(kind: str, attributes: str = 'w:id="3"') -> str:
    """Return a part with one note."""
    return story(f"{kind}s", f"<w:{kind} {attributes}>{para(run())}</w:{kind}>")


def style(look: str, kind: str = "paragraph", extra: str = "") -> str:
    """Return styles, of which S hides text."""
    return (
        f'{HEAD}<w:styles {W}>{extra}<w:style w:type="{kind}" w:styleId="S"><w:name w:val="S"/>'
        f"<w:rPr>{look}</w:rPr></w:style></w:styles>"
    )


def drawn(inner: str) -> str:
    """Return a paragraph with a drawing."""
    return para(f"<w:r><w:drawing><wp:anchor>{inner}</wp:anchor></w:drawing></w:r>")


def shape(inner: str) -> str:
    """Return a paragraph with an old drawing."""
    return para(
        f'<w:r><w:pict><v:shape style="position:absolute;left:-9000pt">{inner}</v:shape></w:pict></w:r>'
    )


def box() -> str:
    """Return the content of a text box."""
    return f"<w:txbxContent>{para(run())}</w:txbxContent>"


def table(cell: str = "", row: str = "", properties: str = "", grid: str = "") -> str:
    """Return a table whose second cell holds the leak."""
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr>{grid}<w:tr><w:trPr>{row}</w:trPr><w:tc>{para(run('甲'))}</w:tc>"
        f"<w:tc><w:tcPr>{cell}</w:tcPr>{para(run())}</w:tc></w:tr></w:tbl>"
    )


def field(code: str, result: str = "结果") -> str:
    """Return a field with its code and its last result."""

    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    coded = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return para(f"{mark('begin')}{coded}{mark('separate')}{run(result)}{mark('end')}")


def control(properties: str) -> str:
    """Return a content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{para(run('选项'))}</w:sdtContent></w:sdt>"


def form(inner: str) -> str:
    """Return an old form field."""
    return para(
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{inner}</w:ffData></w:fldChar></w:r>'
    )


def settings(inner: str) -> Callable[[], bytes]:
    """Return what builds a document with settings."""
    return beside("settings.xml", f"{HEAD}<w:settings {SPACES}>{inner}</w:settings>")


def alternate(choice: str, fallback: str) -> str:
    """Return alternate content."""
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def flat() -> bytes:
    """Return a document in one XML file."""
    text = f"<w:document {SPACES}><w:body>{para(run(look='<w:vanish/>'))}</w:body></w:document>"
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return (
        f'{HEAD}<?mso-application progid="Word.Document"?><pkg:package xmlns:pkg="{space}"><pkg:part '
        f'pkg:name="/_rels/.rels"><pkg:xmlData>{rels(("officeDocument", "word/document.xml"))[len(HEAD) :]}'
        f'</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{text}</pkg:xmlData>'
        "</pkg:part></pkg:package>"
    ).encode()


def strict() -> bytes:
    """Return a document in the strict variant of the standard."""
    data = f"<w:document {SPACES}><w:body>{para(run(look='<w:vanish/>'))}</w:body></w:document>"
    swaps = (SPACE, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    return package("word/document.xml", data.replace(*swaps), "wordprocessingml.document")


def mht() -> bytes:
    """Return a web page in one file, as Word imports it."""
    return (
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nSubject: a\r\n\r\n"
        f"<html><body><p>{LEAK}</p></body></html>"
    ).encode()


def rtf() -> bytes:
    """Return a rich text file."""
    coded = "".join(f"\\u{ord(c)}?" for c in LEAK)
    return f"{{\\rtf1\\ansi {coded}}}".encode()


def workbook() -> bytes:
    """Return a workbook with one cell."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = f'<workbook xmlns="{main}" {R}><sheets><sheet name="数据" sheetId="1" r:id="rId1"/></sheets></workbook>'
    sheet = f'{HEAD}<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{LEAK}</t></is></c></row></sheetData></worksheet>'
    return package("xl/workbook.xml", book, "spreadsheetml.sheet",
                   [("worksheet", "worksheets/sheet1.xml")], {"xl/worksheets/sheet1.xml": sheet})  # fmt: skip


OLD_LOOK = f"<w:rPrChange {LEAKER}><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
PLACEHOLDER = "word/glossary/document.xml"
PARTS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

ROWS: tuple[Row, ...] = (
    found("正文", "body text", at(para(run())), BODY, "第2段"),
    found("拆成多段的文字", "text split over runs", at(para(run(LEAK[:9]) + run(LEAK[9:]))), BODY, "第2段"),
    found("修订删除", "tracked deletion", at(para(f"<w:del {WHO}><w:r><w:delText>{LEAK}</w:delText></w:r></w:del>")),
          DELETED, "修订删除1"),
    found("修订插入", "tracked insertion", at(para(f"<w:ins {WHO}>{run()}</w:ins>")), INSERTED, "修订插入1"),
    found("移动的来源", "moved from here", at(para(f"<w:moveFrom {WHO}>{run()}</w:moveFrom>")), DELETED, "修订删除1"),
    found("移动的去处", "moved to here", at(para(f"<w:moveTo {WHO}>{run()}</w:moveTo>")), INSERTED, "修订插入1"),
    found("删除的段落标记（修订人）", "deleted paragraph mark (its author)",
          at(para(run("甲"), f"<w:rPr><w:del {LEAKER}/></w:rPr>")), PROPERTY, "文档属性“author”"),
    found("删除的表格行", "deleted table row", at(table(row=f"<w:del {WHO}/>")), DELETED, "修订删除2 表1 第1行第2列"),
    found("删除的单元格", "deleted table cell", at(table(cell=f"<w:cellDel {WHO}/>")), DELETED, "表1 第1行第2列"),
    found("格式修订的修订人", "changes of formatting: their author", at(para(run("甲", OLD_LOOK))), PROPERTY, "文档属性“author”"),
    found("段落、节属性修订的修订人", "changes of paragraph and section properties: their author",
          at(para(run("甲"), f"<w:pPrChange {LEAKER}><w:pPr/></w:pPrChange>")), PROPERTY, "文档属性“author”"),
    no_room("修订的日期", "dates of changes", "a date"),
    found("隐藏文字", "hidden text (vanish)", at(para(run(look="<w:vanish/>"))), HIDDEN, "隐藏文字1 第2段"),
    found("仅网页版式隐藏", "hidden in web view (webHidden)", at(para(run(look="<w:webHidden/>"))), HIDDEN, "隐藏文字"),
    found("特殊隐藏的段落标记", "specVanish", at(para(run(look="<w:specVanish/>"))), BODY, "第2段"),
    found("段落样式隐藏", "hidden by a paragraph style",
          beside("styles.xml", style("<w:vanish/>"), para(run(), '<w:pStyle w:val="S"/>')), HIDDEN, "隐藏文字1 第2段"),
    found("字符样式隐藏", "hidden by a character style",
          beside("styles.xml", style("<w:vanish/>", "character"), para(run(look='<w:rStyle w:val="S"/>'))), HIDDEN, "隐藏文字1 第2段"),
    found("默认格式隐藏", "hidden by the document defaults",
          beside("styles.xml", style("", extra="<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>"),
                 para(run())), HIDDEN, "隐藏文字2 第1段"),
    found("白色文字", "white text", at(para(run(look='<w:color w:val="FFFFFF"/>'))), HIDDEN, "隐藏文字1 第2段"),
    found("接近白色的文字", "text of nearly the colour of the page", at(para(run(look='<w:color w:val="FDFDFD"/>'))), HIDDEN, "隐藏文字1 第2段"),
    found("与底纹同色", "text of the colour of its shading",
          at(para(run(look='<w:color w:val="1F1F1F"/><w:shd w:val="clear" w:fill="1F1F1F"/>'))), HIDDEN, "隐藏文字1 第2段"),
    found("一磅小字", "text of one point", at(para(run(look='<w:sz w:val="2"/>'))), HIDDEN, "隐藏文字1 第2段"),
    found("缩放到看不见", "text scaled to nothing (w:w)", at(para(run(look='<w:w w:val="1"/>'))), HIDDEN, "隐藏文字1 第2段"),
    found("位置升降到页外", "text raised off the page (position)", at(para(run(look='<w:position w:val="3168"/>'))), BODY, "第2段"),
    found("零高度图文框", "frame of no height", at(para(run(), '<w:framePr w:h="0" w:hRule="exact"/>')), BODY, "第2段"),
    found("形状后面的文字", "text behind a shape", at(para(run() + "<w:r><w:pict><v:rect/></w:pict></w:r>")), BODY, "第2段"),
    found("零高度表格行", "table row of no height", at(table(row='<w:trHeight w:val="0" w:hRule="exact"/>')), HIDDEN, "表1 第1行第2列"),
    found("隐藏的表格行", "hidden table row", at(table(row="<w:hidden/>")), HIDDEN, "表1 第1行第2列"),
    found("合并掉的单元格", "cells merged away", at(table(cell="<w:vMerge/>")), BODY, "表1 第1行第2列"),
    found("零宽度列", "columns of no width", at(table(grid='<w:tblGrid><w:gridCol w:w="0"/><w:gridCol w:w="0"/></w:tblGrid>')), BODY, "表1 第1行第2列"),
    found("负缩进到页外", "text outside the page by a negative indent", at(para(run(), '<w:ind w:left="-20000"/>')), BODY, "第2段"),
    found("页外的文本框", "text box anchored off the page", at(shape(f"<v:textbox>{box()}</v:textbox>")), BOX, "文本框1"),
    found("全部大写显示", "text shown in capitals", at(para(run(LEAK.lower(), "<w:caps/>"))), BODY, "第2段"),
    found("文本框（DrawingML）", "text box (DrawingML)",
          at(drawn(f"<a:graphic><a:graphicData><wps:wsp><wps:txbx>{box()}</wps:txbx></wps:wsp></a:graphicData></a:graphic>")), BOX, "文本框1"),
    found("文本框（VML）", "text box (VML)", at(shape(f"<v:textbox>{box()}</v:textbox>")), BOX, "文本框1"),
    found("备选内容：首选", "alternate content: the choice", at(para(f"<w:r>{alternate(run(), run('甲'))}</w:r>")), BODY, "第2段"),
    found("备选内容：回退", "alternate content: a fallback that says something else",
          at(para(f"<w:r>{alternate(run('甲'), run())}</w:r>")), DATA, "第2段"),
    found("备选内容：段落级回退", "alternate content around paragraphs: the fallback",
          at(alternate(para(run("甲")), para(run()))), DATA, "内部数据"),
    found("SmartArt", "SmartArt", beside("diagrams/data1.xml", smart_art()), DATA, "data1.xml”"),
    found("图表缓存", "chart caches", beside("charts/chart1.xml", chart()), DATA, "chart1.xml”"),
    found("图表的工作簿", "workbook of a chart", beside("embeddings/Microsoft_Excel_Sheet.xlsx", workbook()),
          PartKind.SHEET, ".xlsx”内 工作表“数据” A1"),
    found("艺术字", "WordArt", at(shape(f'<v:textpath string="{LEAK}"/>')), BOX, "第2段"),
    found("公式", "mathematics", at(para(f"<m:oMath><m:r><m:t>{LEAK}</m:t></m:r></m:oMath>")), BODY, "第2段"),
    found("页眉", "header", beside("header1.xml", story("hdr")), PartKind.HEADER, "页眉1"),
    found("没有节使用的页眉", "header that no section uses", beside("header9.xml", story("hdr")), PartKind.HEADER, "页眉1"),
    found("页脚", "footer", beside("footer1.xml", story("ftr")), PartKind.FOOTER, "页脚1"),
    found("脚注", "footnote", beside("footnotes.xml", note("footnote")), PartKind.FOOTNOTE, "脚注1"),
    found("脚注分隔线中的文字", "text in the separator of footnotes",
          beside("footnotes.xml", note("footnote", 'w:type="separator" w:id="0"')), PartKind.FOOTNOTE, "脚注"),
    found("尾注", "endnote", beside("endnotes.xml", note("endnote")), PartKind.ENDNOTE, "尾注1"),
    found("批注", "comment", beside("comments.xml", note("comment")), PartKind.COMMENT, "批注1"),
    found("批注作者", "author of a comment", beside("comments.xml", note("comment", f'w:id="1" w:author="{LEAK}"')),
          PartKind.COMMENT, "批注1"),
    found("批注作者的缩写", "initials of a comment's author",
          beside("comments.xml", story("comments", f'<w:comment w:id="1" w:author="甲" w:initials="{LEAK}">{para(run("甲"))}</w:comment>')),
          PROPERTY, "文档属性“author”"),
    found("批注的扩展", "extensions of comments", beside("commentsExtensible.xml", part("ext", f'<x:c x:note="{LEAK}"/>')), DATA, "commentsExtensible.xml”"),
    found("人员（邮箱、账号）", "people (addresses, accounts)", beside("people.xml", part("people", f'<x:p x:author="{LEAK}"/>')), DATA, "people.xml”"),
    found("构建基块", "building blocks", beside("glossary/document.xml", story("glossaryDocument")), DATA, "glossary/document.xml”"),
    found("构建基块自己的页眉", "headers of building blocks", beside("glossary/header1.xml", story("hdr")), DATA, "glossary/header1.xml”"),
    found("域代码", "field code", at(field(f' INCLUDETEXT "C:\\{LEAK}.doc" ')), FIELD, "第2段"),
    found("域结果", "field result", at(field(" TOC ", LEAK)), BODY, "第2段"),
    found("简单域", "simple field", at(para(f'<w:fldSimple w:instr=" LINK {LEAK} "/>')), FIELD, "第2段"),
    found("删除的域代码", "deleted field code",
          at(field("").replace("<w:instrText></w:instrText>", f"<w:delInstrText> DDE {LEAK} </w:delInstrText>")), FIELD, "第2段"),
    found("窗体域的默认值", "default of a form field", at(form(f'<w:textInput><w:default w:val="{LEAK}"/></w:textInput>')), DATA, "第2段"),
    found("窗体域的帮助和状态文字", "help and status texts of a form field", at(form(f'<w:helpText w:type="text" w:val="{LEAK}"/>')), DATA, "第2段"),
    found("窗体域的名称和宏", "name and macros of a form field", at(form(f'<w:entryMacro w:val="{LEAK}"/>')), DATA, "第2段"),
    found("超链接目标", "target of a link", beside("_rels/document2.xml.rels", rels(("hyperlink", f"http://a/?q={ID}"))), LINK, "document2.xml.rels”"),
    found("超链接提示", "tooltip of a link", at(para(f'<w:hyperlink w:tooltip="{LEAK}">{run("甲")}</w:hyperlink>')), LINK, "第2段"),
    found("超链接锚点", "anchor of a link", at(para(f'<w:hyperlink w:anchor="{LEAK}">{run("甲")}</w:hyperlink>')), LINK, "第2段"),
    found("书签名", "bookmark name", at(para(f'<w:bookmarkStart w:id="1" w:name="{LEAK}"/>{run("甲")}')), DATA, "第2段"),
    found("内容控件的标题", "title of a content control", at(control(f'<w:alias w:val="{LEAK}"/>')), DATA, "内部数据"),
    found("内容控件的标记", "tag of a content control", at(control(f'<w:tag w:val="{LEAK}"/>')), DATA, "内部数据"),
    found("内容控件的占位文字", "placeholder of a content control", at(control(f'<w:placeholder><w:docPart w:val="{LEAK}"/></w:placeholder>')), DATA, "内部数据"),
    found("下拉项的显示文字和值", "items of a list: text and value",
          at(control(f'<w:dropDownList><w:listItem w:displayText="甲" w:value="{LEAK}"/></w:dropDownList>')), DATA, "内部数据"),
    found("数据绑定", "data binding", at(control(f'<w:dataBinding w:xpath="/a[1]/{LEAK}" w:storeItemID="0"/>')), DATA, "内部数据"),
    found("重复节的标题", "title of a repeating section", at(control(f'<w15:repeatingSection><w15:sectionTitle w15:val="{LEAK}"/></w15:repeatingSection>')), DATA, "内部数据"),
    found("智能标记和自定义 XML", "smart tags and custom XML", at(para(f'<w:smartTag w:element="a"><w:smartTagPr><w:attr w:name="n" w:val="{LEAK}"/></w:smartTagPr>{run("甲")}</w:smartTag>')), DATA, "第2段"),
    found("拼音指南", "phonetic guide", at(para(f"<w:r><w:ruby><w:rt>{run()}</w:rt><w:rubyBase>{run('甲')}</w:rubyBase></w:ruby></w:r>")), DATA, "第2段"),
    found("文档变量", "document variables", settings(f'<w:docVars><w:docVar w:name="v" w:val="{LEAK}"/></w:docVars>'), DATA, "settings.xml”"),
    found("邮件合并数据源", "mail merge: query and source", settings(f'<w:mailMerge><w:query w:val="SELECT * FROM {LEAK}"/></w:mailMerge>'), DATA, "settings.xml”"),
    found("附加模板", "attached template", beside("_rels/settings.xml.rels", rels(("attachedTemplate", f"file:///C:/{LEAK}.dotm"))), LINK, "settings.xml.rels”"),
    found("设置中的形状和架构", "shapes and schemas in the settings", settings(f'<w:schemaLibrary><w:schema w:uri="{LEAK}"/></w:schemaLibrary>'), DATA, "settings.xml”"),
    no_room("编辑会话号（rsid）", "numbers of editing sessions (rsid)", "eight hexadecimal digits"),
    no_room("保护口令的摘要", "digests of protection passwords", "a digest and a salt"),
    found("网页设置", "web settings", beside("webSettings.xml", f'{HEAD}<w:webSettings {W}><w:div w:id="{LEAK}"/></w:webSettings>'), DATA, "webSettings.xml”"),
    found("字体表", "font table", beside("fontTable.xml", f'{HEAD}<w:fonts {W}><w:font w:name="{LEAK}"/></w:fonts>'), DATA, "fontTable.xml”"),
    no_room("嵌入的字体", "embedded fonts", "outlines of letters; a file that is no font is read under its own format"),
    found("样式名", "style names", beside("styles.xml", style("").replace('w:name w:val="S"', f'w:name w:val="{LEAK}"')), DATA, "styles.xml”"),
    found("带效果的样式", "stylesWithEffects", beside("stylesWithEffects.xml", style("").replace('w:name w:val="S"', f'w:name w:val="{LEAK}"')), DATA, "stylesWithEffects.xml”"),
    found("编号文字", "texts of list numbers", beside("numbering.xml", f'{HEAD}<w:numbering {W}><w:lvlText w:val="{LEAK}%1"/></w:numbering>'), DATA, "numbering.xml”"),
    found("导入的网页（altChunk）", "imported web page (altChunk)", beside("afchunk1.mht", mht()), BODY, "afchunk1.mht”内"),
    found("导入的 RTF（altChunk）", "imported rich text (altChunk)", beside("afchunk2.rtf", rtf()), BODY, "afchunk2.rtf”内"),
    found("导入的 Word（altChunk）", "imported document (altChunk)", beside("afchunk3.docx", nested_word()), BODY, "afchunk3.docx”内 第1段"),
    found("替代文字：说明", "alternative text: description", at(drawn(f'<wp:docPr id="1" name="图片 1" descr="{LEAK}"/>')), ALT, "第2段"),
    found("替代文字：标题", "alternative text: title", at(drawn(f'<wp:docPr id="1" name="图片 1" title="{LEAK}"/>')), ALT, "第2段"),
    found("对象名称", "name of an object", at(drawn(f'<wp:docPr id="1" name="{LEAK}"/>')), ALT, "第2段"),
    found("图片超链接的提示", "tooltip of a picture's link", at(drawn(f'<wp:docPr id="1" name="图片 1"><a:hlinkClick tooltip="{LEAK}"/></wp:docPr>')), LINK, "第2段"),
    found("表格的标题和说明", "caption and description of a table", at(table(properties=f'<w:tblDescription w:val="{LEAK}"/>').replace(run(), run("乙"))), ALT, "表1"),
    found("旧图形的替代文字", "alternative text of old shapes", at(para(f'<w:r><w:pict><v:shape alt="{LEAK}"/></w:pict></w:r>')), ALT, "第2段"),
    found("旧图形的标题", "title of old pictures", at(para(f'<w:r><w:pict><v:shape><v:imagedata title="{LEAK}"/></v:shape></w:pict></w:r>')), ALT, "第2段"),
    found("正文中的 XML 注释", "XML comments in the body", at(f"<!-- {LEAK} -->"), DATA, "内部数据"),
    found("正文中的处理指令", "XML processing instructions in the body", at(f"<?n {LEAK}?>"), DATA, "内部数据"),
    found("单文件 XML（Flat OPC）", "Flat OPC in one XML file", flat, HIDDEN, "隐藏文字1", name="a.xml"),
    found("strict 变体", "strict variant", strict, HIDDEN, "隐藏文字1 第1段"),
    gap("文档背景图片", "picture as the background of pages", lambda: docx("", {"word/media/bg.jpeg": picture()}), "word/media/bg.jpeg",
        "pixels: read by recognition only", *PICTURED),
    *shared(docx, "word"),
)  # fmt: skip

__all__ = ["ROWS"]
