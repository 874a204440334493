"""Hiding places of Excel workbooks."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Mapping

from secreview.model import PartKind, Why
from tests.formats.hiding import ID, LEAK, Row, found, gap, no_room, packed
from tests.formats.hiding.office import (
    DRAWING,
    HEAD,
    R,
    chart,
    package,
    rels,
    shared,
    smart_art,
)

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f'xmlns="{SPACE}"'
SPACES = (
    f'{S} {R} xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" '
    'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"'
)
SHEET, HIDDEN, CELLS = PartKind.SHEET, PartKind.HIDDEN_SHEET, PartKind.HIDDEN_CELLS
FIELD, DATA, LINK, BOX = PartKind.FIELD, PartKind.DATA, PartKind.LINK, PartKind.TEXTBOX
TITLES = '<row r="1"><c r="A1" t="inlineStr"><is><t>指标</t></is></c></row>'


def cell(text: str = LEAK, reference: str = "B2", attributes: str = "") -> str:
    """Return a cell with its own text."""
    return f'<c r="{reference}" t="inlineStr" {attributes}><is><t>{text}</t></is></c>'


def row(cells: str = "", attributes: str = "", number: int = 2) -> str:
    """Return a row."""
    return f'<row r="{number}" {attributes}>{cells or cell()}</row>'


def sheet(rows: str = "", before: str = "", after: str = "") -> str:
    """Return a worksheet."""
    return f"{HEAD}<worksheet {SPACES}>{before}<sheetData>{TITLES}{rows}</sheetData>{after}</worksheet>"


def xlsx(
    content: str = "",
    members: Mapping[str, str | bytes] | None = None,
    comment: str = "",
    *,
    book: str = "",
    state: str = "",
    second: str = "",
    name: str = "数据",
    beside: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Return a workbook with a sheet, further XML of the workbook, and members."""
    hidden = f'<sheet name="附页" sheetId="2" state="{state}" r:id="rId2"/>' if second else ""
    text = (
        f'<workbook {SPACES}><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/>{hidden}</sheets>'
        f"{book}</workbook>"
    )
    relations = [("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml")]
    relations = [*relations[: 2 if second else 1], *beside]
    return package(
        "xl/workbook.xml", text, "spreadsheetml.sheet", relations,
        {"xl/worksheets/sheet1.xml": content or sheet(),
         **({"xl/worksheets/sheet2.xml": second} if second else {}), **(members or {})},
        comment,
    )  # fmt: skip


def on(rows: str = "", before: str = "", after: str = "") -> Callable[[], bytes]:
    """Return what builds a workbook with a sheet."""
    return lambda: xlsx(sheet(rows, before, after))


def beside(name: str, body: str | bytes, kind: str = "", text: str = "") -> Callable[[], bytes]:
    """Return what builds a workbook with a member in ``xl/`` that its sheet points to."""
    members: dict[str, str | bytes] = {f"xl/{name}": body}
    if kind:
        members["xl/worksheets/_rels/sheet1.xml.rels"] = rels((kind, f"../{name}"))
    return lambda: xlsx(text or sheet(), members)


def looks(font: str = "", form: str = "General") -> str:
    """Return styles of which the second has a font and a number format."""
    return (
        f'{HEAD}<styleSheet {S}><numFmts><numFmt numFmtId="170" formatCode="{form}"/></numFmts><fonts><font/>'
        f"<font>{font}</font></fonts><fills><fill><patternFill patternType='none'/></fill></fills><cellXfs>"
        '<xf numFmtId="0" fontId="0" fillId="0"/><xf numFmtId="170" fontId="1" fillId="0"/></cellXfs></styleSheet>'
    )


def styled(styles: str) -> Callable[[], bytes]:
    """Return what builds a workbook with a cell of the second style."""
    return lambda: xlsx(
        sheet(row(cell(attributes='s="1"'))),
        {"xl/styles.xml": styles},
        beside=(("styles", "styles.xml"),),
    )


def strings(item: str, rows: str = "") -> Callable[[], bytes]:
    """Return what builds a workbook with a shared string."""
    table = f"{HEAD}<sst {S}><si><t>甲</t></si><si>{item}</si></sst>"
    return lambda: xlsx(
        sheet(rows),
        {"xl/sharedStrings.xml": table},
        beside=(("sharedStrings", "sharedStrings.xml"),),
    )


def booked(inner: str) -> Callable[[], bytes]:
    """Return what builds a workbook with more in its main part."""
    return lambda: xlsx(book=inner)


def comments(inner: str = "甲", author: str = "甲") -> str:
    """Return comments of the old kind."""
    return (
        f'{HEAD}<comments {S}><authors><author>{author}</author></authors><commentList><comment ref="B2" '
        f'authorId="0"><text><t>{inner}</t></text></comment></commentList></comments>'
    )


def drawing(inner: str) -> str:
    """Return a drawing part."""
    space = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    return f"{HEAD}<xdr:wsDr {space} {DRAWING}><xdr:twoCellAnchor>{inner}</xdr:twoCellAnchor></xdr:wsDr>"


def shape(properties: str = 'name="矩形 1"', text: str = "") -> str:
    """Return a shape."""
    return (
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" {properties}/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>{text}</a:t>'
        "</a:r></a:p></xdr:txBody></xdr:sp>"
    )


def drawn(inner: str) -> Callable[[], bytes]:
    """Return what builds a workbook with a drawing on its sheet."""
    return beside("drawings/drawing1.xml", drawing(inner), "drawing")


def mashup() -> str:
    """Return queries as Excel keeps them: base64 of a header and a zip."""
    inner = packed({"Formulas/Section1.m": f'let Source = "{LEAK}" in Source'})
    data = struct.pack("<II", 0, len(inner)) + inner + struct.pack("<I", 0)
    space = 'xmlns="http://schemas.microsoft.com/DataMashup"'
    return f"{HEAD}<DataMashup {space}>{base64.b64encode(data).decode()}</DataMashup>"


def binary() -> bytes:
    """Return a workbook in binary records."""
    types = f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return packed({"[Content_Types].xml": types, "xl/workbook.bin": LEAK.encode("utf-16-le")})


def xml(name: str, inner: str = "", attributes: str = "") -> str:
    """Return a part in the namespace of workbooks."""
    return f"{HEAD}<{name} {SPACES} {attributes}>{inner}</{name}>"


VML = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><div>{LEAK}</div></v:textbox></v:shape></xml>'
VALIDATION = '<dataValidations><dataValidation sqref="B2" {}/></dataValidations>'
NEWER = (
    '<extLst><ext><x14:dataValidations><x14:dataValidation><x14:formula1><xm:f>"{}"</xm:f></x14:formula1>'
    "<xm:sqref>B2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)
RULED = '<conditionalFormatting sqref="B2"><cfRule type="expression" {}><formula>{}</formula></cfRule></conditionalFormatting>'

ROWS: tuple[Row, ...] = (
    found("单元格", "cell", on(row()), SHEET, "工作表“数据” B2"),
    found("隐藏的工作表", "hidden sheet", lambda: xlsx(second=sheet(row()), state="hidden"), HIDDEN, "工作表“附页” B2"),
    found("深度隐藏的工作表", "very hidden sheet", lambda: xlsx(second=sheet(row()), state="veryHidden"), HIDDEN, "工作表“附页” B2"),
    found("工作表名", "name of a sheet", lambda: xlsx(name=LEAK), FIELD, "工作表“"),
    found("隐藏行", "hidden row", on(row(attributes='hidden="1"')), CELLS, "B2"),
    found("零高度行", "row of no height", on(row(attributes='ht="0"')), CELLS, "B2"),
    found("折叠的分级行", "collapsed outline", on(row(attributes='outlineLevel="1" hidden="1"')), CELLS, "B2"),
    found("被筛选掉的行", "row filtered away", on(row(attributes='hidden="1"'), after='<autoFilter ref="A1:B2"/>'), CELLS, "B2"),
    found("筛选条件", "criteria of a filter", on(after=f'<autoFilter ref="A1:B2"><filterColumn colId="0"><filters><filter val="{LEAK}"/></filters></filterColumn></autoFilter>'), FIELD, "A1:B2"),
    found("隐藏列", "hidden column", on(row(), '<cols><col min="2" max="2" hidden="1"/></cols>'), CELLS, "B2"),
    found("零宽度列", "column of no width", on(row(), '<cols><col min="2" max="2" width="0"/></cols>'), CELLS, "B2"),
    found("数字格式 ;;;", "number format ;;;", styled(looks(form=";;;")), CELLS, "B2"),
    found("白色字", "white letters", styled(looks('<color rgb="FFFFFFFF"/>')), CELLS, "B2"),
    found("条件格式隐藏", "hidden by a conditional format", on(row(), after=RULED.format('dxfId="0"', "TRUE")), SHEET, "B2"),
    found("条件格式的公式", "formula of a conditional format", on(after=RULED.format("", f'$A$1="{LEAK}"')), FIELD, "B2"),
    found("条件格式的文字", "text of a conditional format", on(after=RULED.format(f'text="{LEAK}"', "1")), FIELD, "B2"),
    found("远处的单元格", "cell far away", on(row(cell(reference="XFD1048576"), number=1048576)), SHEET, "XFD1048576"),
    found("合并掉的单元格", "cell merged away", on(row(), after='<mergeCells><mergeCell ref="A2:C2"/></mergeCells>'), SHEET, "B2"),
    found("共享字符串", "shared string", strings(f"<t>{LEAK}</t>", row('<c r="B2" t="s"><v>1</v></c>')), SHEET, "B2"),
    found("不再使用的共享字符串", "shared string that no cell uses", strings(f"<t>{LEAK}</t>"), DATA, "sharedStrings.xml”"),
    found("共享字符串的格式分段", "shared string in runs", strings(f"<r><t>{LEAK[:9]}</t></r><r><t>{LEAK[9:]}</t></r>", row('<c r="B2" t="s"><v>1</v></c>')), SHEET, "B2"),
    found("注音", "phonetic hints", strings(f'<t>乙</t><rPh sb="0" eb="1"><t>{LEAK}</t></rPh>', row('<c r="B2" t="s"><v>1</v></c>')), DATA, "sharedStrings.xml”"),
    found("单元格内的注音", "phonetic hints in a cell", on(row(f'<c r="B2" t="inlineStr"><is><t>乙</t><rPh sb="0" eb="1"><t>{LEAK}</t></rPh></is></c>')), FIELD, "B2"),
    found("公式", "formula", on(row(f'<c r="B2"><f>IF(1,"{LEAK}","")</f><v>1</v></c>')), FIELD, "B2"),
    found("公式的缓存结果", "cached result of a formula", on(row(f'<c r="B2" t="str"><f>A1</f><v>{LEAK}</v></c>')), SHEET, "B2"),
    found("存成数字的号码", "number stored as a number", on(row(f'<c r="B2" t="str"><v>{ID}</v></c>')), SHEET, "B2"),
    found("定义名称", "defined name", booked(f'<definedNames><definedName name="a">"{LEAK}"</definedName></definedNames>'), FIELD, "部件“a”"),
    found("隐藏的定义名称", "hidden defined name", booked(f'<definedNames><definedName name="a" hidden="1">"{LEAK}"</definedName></definedNames>'), FIELD, "部件“a”"),
    found("定义名称的备注", "comment of a defined name", booked(f'<definedNames><definedName name="a" comment="{LEAK}">1</definedName></definedNames>'), FIELD, "部件“a”"),
    found("打印标题", "print titles", booked(f"<definedNames><definedName name=\"_xlnm.Print_Titles\">'{LEAK}'!$1:$1</definedName></definedNames>"), FIELD, "Print_Titles”"),
    found("外部链接的缓存", "cache of an external link", beside("externalLinks/externalLink1.xml", xml("externalLink", f"<cell><v>{LEAK}</v></cell>")), DATA, "externalLink1.xml”"),
    found("外部链接的路径", "path of an external link", beside("externalLinks/_rels/externalLink1.xml.rels", rels(("externalLinkPath", f"file:///C:/{LEAK}.xlsx"))), LINK, "externalLink1.xml.rels”"),
    found("查询表", "query table", beside("queryTables/queryTable1.xml", xml("queryTable", attributes=f'name="{LEAK}"')), DATA, "queryTable1.xml”"),
    found("数据连接（连接串、SQL、口令）", "connections: string, SQL, password", beside("connections.xml", xml("connections", f'<connection id="1"><dbPr connection="Pwd={LEAK}" command="SELECT 1"/></connection>')), DATA, "connections.xml”"),
    found("Power Query", "Power Query (data mashup)", lambda: xlsx(members={"customXml/item1.xml": mashup()}), PartKind.BODY, "item1.xml!mashup.zip”内"),
    gap("数据模型", "data model", beside("model/item.data", bytes(range(256)) * 2), "xl/model/item.data", "a compressed database of its own", Why.UNSUPPORTED, Why.UNKNOWN_FORMAT),
    found("数据透视表的字段", "fields of a pivot cache", beside("pivotCache/pivotCacheDefinition1.xml", xml("pivotCacheDefinition", f'<cacheField name="{LEAK}"/>')), DATA, "pivotCacheDefinition1.xml”"),
    found("数据透视表的源数据", "records of a pivot cache", beside("pivotCache/pivotCacheRecords1.xml", xml("pivotCacheRecords", f'<r><s v="{LEAK}"/></r>')), DATA, "pivotCacheRecords1.xml”"),
    found("切片器和日程表", "slicers and timelines", beside("slicers/slicer1.xml", xml("slicers", f'<slicer name="a" caption="{LEAK}"/>')), DATA, "slicer1.xml”"),
    found("批注", "comment", beside("comments1.xml", comments(LEAK), "comments"), PartKind.COMMENT, "工作表“数据” B2"),
    found("批注作者", "author of a comment", beside("comments1.xml", comments(author=LEAK), "comments"), PartKind.COMMENT, "批注"),
    found("会话式批注", "threaded comment", beside("threadedComments/threadedComment1.xml", xml("ThreadedComments", f'<threadedComment ref="B2"><text>{LEAK}</text></threadedComment>'), "threadedComment"), PartKind.COMMENT, "B2"),
    found("批注人员名单", "persons", beside("persons/person.xml", xml("personList", f'<person displayName="{LEAK}"/>')), DATA, "person.xml”"),
    found("VML 图形的文字", "text of VML drawings", beside("drawings/vmlDrawing1.vml", VML), DATA, "vmlDrawing1.vml”"),
    found("数据有效性：序列", "data validation: list", on(after=f'<dataValidations><dataValidation sqref="B2"><formula1>"{LEAK}"</formula1></dataValidation></dataValidations>'), FIELD, "B2"),
    found("数据有效性：输入提示", "data validation: prompt", on(after=VALIDATION.format(f'prompt="{LEAK}"')), FIELD, "B2"),
    found("数据有效性：出错警告", "data validation: error message", on(after=VALIDATION.format(f'error="{LEAK}"')), FIELD, "B2"),
    found("数据有效性：新式", "data validation: newer form", on(after=NEWER.format(LEAK)), FIELD, "工作表“数据”"),
    found("页眉", "header", on(after=f"<headerFooter><oddHeader>&amp;C{LEAK}</oddHeader></headerFooter>"), PartKind.HEADER, "工作表“数据” 页眉"),
    found("页脚", "footer", on(after=f"<headerFooter><firstFooter>&amp;C{LEAK}</firstFooter></headerFooter>"), PartKind.FOOTER, "工作表“数据” 页脚"),
    found("文本框和形状", "text boxes and shapes", drawn(shape(text=LEAK)), BOX, "工作表“数据” 文本框1"),
    found("形状的说明", "description of a shape", drawn(shape(f'name="a" descr="{LEAK}"')), BOX, "工作表“数据”"),
    found("形状的名称", "name of a shape", drawn(shape(f'name="{LEAK}"')), BOX, "工作表“数据”"),
    found("形状的宏和链接文本", "macro and linked text of a shape", drawn(shape().replace("<xdr:sp>", f'<xdr:sp macro="{LEAK}">')), BOX, "工作表“数据”"),
    found("SmartArt", "SmartArt", beside("diagrams/data1.xml", smart_art()), DATA, "data1.xml”"),
    found("图表缓存", "chart caches", beside("charts/chart1.xml", chart()), DATA, "chart1.xml”"),
    found("自定义视图", "custom views", booked(f'<customWorkbookViews><customWorkbookView name="{LEAK}"/></customWorkbookViews>'), FIELD, "部件“"),
    found("方案", "scenarios", on(after=f'<scenarios><scenario name="a" comment="{LEAK}"><inputCells r="B2" val="1"/></scenario></scenarios>'), FIELD, "工作表“数据”"),
    found("方案中的值", "values of scenarios", on(after=f'<scenarios><scenario name="a"><inputCells r="B2" val="{LEAK}"/></scenario></scenarios>'), FIELD, "B2"),
    found("修订日志", "revision log", beside("revisions/revisionLog1.xml", xml("revisions", f"<rcc><nc><is><t>{LEAK}</t></is></nc></rcc>")), DATA, "revisionLog1.xml”"),
    found("共享用户", "users of a shared workbook", beside("revisions/userNames.xml", xml("users", f'<userInfo name="{LEAK}"/>')), DATA, "userNames.xml”"),
    found("文件共享者", "who reserved the file", booked(f'<fileSharing userName="{LEAK}"/>'), FIELD, "部件“fileSharing”"),
    found("超链接目标", "target of a link", beside("worksheets/_rels/sheet1.xml.rels", rels(("hyperlink", f"http://a/?q={ID}"))), LINK, "sheet1.xml.rels”"),
    found("超链接位置", "location of a link", on(after=f'<hyperlinks><hyperlink ref="B2" location="{LEAK}"/></hyperlinks>'), FIELD, "B2"),
    found("超链接提示", "tooltip of a link", on(after=f'<hyperlinks><hyperlink ref="B2" tooltip="{LEAK}"/></hyperlinks>'), FIELD, "B2"),
    found("表格名和列名", "names of tables and their columns", beside("tables/table1.xml", xml("table", f'<tableColumn id="1" name="{LEAK}"/>')), DATA, "table1.xml”"),
    found("可编辑区域的名称", "names of protected ranges", on(after=f'<protectedRanges><protectedRange sqref="B2" name="{LEAK}"/></protectedRanges>'), FIELD, "B2"),
    found("控件和对象的名称", "names of controls and objects", on(after=f'<oleObjects><oleObject progId="{LEAK}"/></oleObjects>'), FIELD, "工作表“数据”"),
    found("保存路径", "path the workbook was saved to (absPath)", booked(f'<x15ac:absPath url="C:\\{LEAK}\\"/>'), FIELD, "absPath”"),
    no_room("计算链", "calculation chain", "references of cells"),
    found("单元格样式和数字格式中的文字", "texts in number formats", lambda: xlsx(sheet(), {"xl/styles.xml": looks(form=f"&quot;{LEAK}&quot;@")}), DATA, "styles.xml”"),
    found("XML 映射", "XML maps", beside("xmlMaps.xml", xml("MapInfo", f'<Map Name="{LEAK}"/>')), DATA, "xmlMaps.xml”"),
    found("富数据值", "rich values", beside("richData/rdrichvalue.xml", xml("rvData", f"<rv><v>{LEAK}</v></rv>")), DATA, "rdrichvalue.xml”"),
    found("工作表中的 XML 注释", "XML comments in a sheet", on(after=f"<!-- {LEAK} -->"), FIELD, "工作表“数据”"),
    found("图表工作表的页眉", "header of a chart sheet", lambda: xlsx(members={"xl/chartsheets/sheet9.xml": xml("chartsheet", f"<headerFooter><oddHeader>{LEAK}</oddHeader></headerFooter>")}), DATA, "sheet9.xml”"),
    no_room("工作表、工作簿保护口令的摘要", "digests of protection passwords", "a digest and a salt"),
    gap("二进制工作簿（xlsb）", "binary workbook (xlsb)", binary, "a.xlsb", "records that no permitted library reads", Why.DAMAGED, Why.UNSUPPORTED, name="a.xlsb"),
    *shared(xlsx, "xl"),
)  # fmt: skip

__all__ = ["ROWS"]
