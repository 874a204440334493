"""Hiding places of web pages."""

from __future__ import annotations

import base64
from collections.abc import Callable

from secreview.model import PartKind
from tests.formats.hiding import ID, LEAK, Row, found, gap, left, picture

BODY, HIDDEN, MARKUP = PartKind.BODY, PartKind.HIDDEN_TEXT, PartKind.MARKUP
PROPERTY, SCRIPT, ALT, LINK = PartKind.PROPERTY, PartKind.SCRIPT, PartKind.ALT_TEXT, PartKind.LINK


def page(body: str, head: str = "", after: str = "", before: str = "<!DOCTYPE html>") -> bytes:
    """Return a web page."""
    return (
        f'{before}<html lang="zh"><head><meta charset="utf-8"><title>公示</title>{head}</head><body><p>正文没有问题。</p>'
        f"{body}</body></html>{after}"
    ).encode()


def at(body: str = "", head: str = "", after: str = "") -> Callable[[], bytes]:
    """Return what builds a page."""
    return lambda: page(body, head, after)


def styled(style: str) -> Callable[[], bytes]:
    """Return what builds a page with a paragraph of a style."""
    return at(f'<p style="{style}">{LEAK}</p>')


def uri(data: bytes, media: str = "text/plain") -> str:
    """Return a data URI."""
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


def mht() -> bytes:
    """Return a page as browsers save it in one file, its headers kept."""
    return (
        f"MIME-Version: 1.0\r\nX-Note: {ID}\r\nFrom: <Saved by a browser>\r\nSubject: a\r\n"
        'Content-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html; charset=utf-8\r\n'
        f"Content-Location: http://a/?id={ID}\r\n\r\n<html><body><!-- {LEAK} --></body></html>\r\n--B--\r\n"
    ).encode()


MAP = f'{{"version":3,"sourcesContent":["// {LEAK}"]}}'.encode()
WORD = f"<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>{LEAK}</o:Author></o:DocumentProperties></xml><![endif]-->"

ROWS: tuple[Row, ...] = (
    found("正文", "body text", at(f"<p>{LEAK}</p>"), BODY, "第2段"),
    found("拆在多个元素里的文字", "text split over elements", at(f"<p>{LEAK[:9]}<b>{LEAK[9:]}</b></p>"), BODY, "第2段"),
    found("注释", "comments", at(f"<!-- {LEAK} -->"), MARKUP, "comment”"),
    found("条件注释", "conditional comments", at(f"<!--[if IE]><p>{LEAK}</p><![endif]-->"), MARKUP, "comment”"),
    found("向下展示的条件注释", "downlevel-revealed conditional comments", at(f"<![if !mso]><p>{LEAK}</p><![endif]>"), BODY, "段"),
    found("hidden 属性", "hidden attribute", at(f"<p hidden>{LEAK}</p>"), HIDDEN, "隐藏文字1"),
    found("display:none", "display:none", styled("display:none"), HIDDEN, "隐藏文字1"),
    found("visibility", "visibility:hidden", styled("visibility:hidden"), HIDDEN, "隐藏文字1"),
    found("透明度为零", "opacity:0", styled("opacity:0"), HIDDEN, "隐藏文字1"),
    found("裁剪", "clip", styled("position:absolute;clip:rect(0,0,0,0)"), HIDDEN, "隐藏文字1"),
    found("新式裁剪", "clip-path", styled("clip-path:inset(100%)"), HIDDEN, "隐藏文字1"),
    found("移到屏幕外", "off the screen", styled("position:absolute;left:-9999px"), HIDDEN, "隐藏文字1"),
    found("字号为零", "font-size 0", styled("font-size:0"), HIDDEN, "隐藏文字1"),
    found("同色文字", "letters of the colour of the ground", styled("color:#fff;background:#fff"), HIDDEN, "隐藏文字1"),
    found("透明文字", "transparent letters", styled("color:transparent"), HIDDEN, "隐藏文字1"),
    found("缩放为零", "scaled to nothing", styled("transform:scale(0)"), HIDDEN, "隐藏文字1"),
    found("零高度溢出隐藏", "no height, overflow hidden", styled("height:0;overflow:hidden"), HIDDEN, "隐藏文字1"),
    found("样式表中隐藏", "hidden by a style sheet in the page", at(f'<p class="x">{LEAK}</p>', "<style>.x{display:none}</style>"), BODY, "第2段"),
    found("外部样式表中隐藏", "hidden by an external style sheet", at(f'<p class="x">{LEAK}</p>', '<link rel="stylesheet" href="a.css">'), BODY, "第2段"),
    found("template", "template", at(f"<template><p>{LEAK}</p></template>"), SCRIPT, "template”"),
    found("noscript", "noscript", at(f"<noscript>{LEAK}</noscript>"), SCRIPT, "noscript”"),
    found("脚本", "script", at(f"<script>var a = '{LEAK}'</script>"), SCRIPT, "script”"),
    found("脚本中的转义", "escapes in scripts", at("<script>var a = '" + "".join(f"\\u{ord(c):04x}" for c in LEAK) + "'</script>"), SCRIPT, "script”"),
    found("样式 content", "style content", at(head=f"<style>p::after{{content:'{LEAK}'}}</style>"), SCRIPT, "style”"),
    found("JSON-LD", "JSON-LD", at(head=f'<script type="application/ld+json">{{"name":"{LEAK}"}}</script>'), PROPERTY, "script”"),
    found("data-* 属性", "data-* attributes", at(f'<p data-note="{LEAK}">甲</p>'), MARKUP, "p data-note”"),
    found("meta", "meta", at(head=f'<meta name="author" content="{LEAK}">'), PROPERTY, "“author”"),
    found("标题", "title", lambda: page("").replace("公示".encode(), LEAK.encode()), PROPERTY, "title”"),
    found("第二个标题", "a second title", at(f"<title>{LEAK}</title>"), PROPERTY, "title”"),
    found("替代文字", "alt", at(f'<img alt="{LEAK}" src="a.png">'), ALT, "img”"),
    found("title 属性", "title attribute", at(f'<p title="{LEAK}">甲</p>'), MARKUP, "p title”"),
    found("aria-*", "aria-*", at(f'<p aria-description="{LEAK}">甲</p>'), MARKUP, "p aria-description”"),
    found("aria-label", "aria-label", at(f'<p aria-label="{LEAK}">甲</p>'), ALT, "p”"),
    found("placeholder", "placeholder", at(f'<input placeholder="{LEAK}">'), MARKUP, "input placeholder”"),
    found("隐藏的输入框", "hidden input", at(f'<input type="hidden" value="{LEAK}">'), MARKUP, "input value”"),
    found("文本区", "textarea", at(f"<textarea>{LEAK}</textarea>"), BODY, "第2段"),
    found("下拉选项", "options", at(f"<select><option>甲<option>{LEAK}</select>"), BODY, "段"),
    found("选项的值", "values of options", at(f'<select><option value="{LEAK}">甲</select>'), MARKUP, "option value”"),
    found("内联框架 srcdoc", "srcdoc", at(f"<iframe srcdoc='<p>{LEAK}</p>'></iframe>"), MARKUP, "iframe srcdoc”"),
    found("data: URI", "data: URIs", at(f'<a href="{uri(LEAK.encode())}">甲</a>'), BODY, "内 第1行"),
    found("未编码的 data: URI", "data: URIs in plain text", at(f'<a href="data:text/plain,{LEAK}">甲</a>'), LINK, "a”"),
    gap("base64 图片", "pictures in base64", at(f'<img src="{uri(picture(), "image/jpeg")}">'), "embedded 1.jpeg", "pixels: read by recognition only"),
    found("base64 图片的 EXIF", "EXIF of pictures in base64", at(f'<img src="{uri(picture(description=LEAK), "image/jpeg")}">'), PROPERTY, "embedded 1.jpeg”内"),
    found("样式中的 data: URI", "data: URIs in styles", at(f'<p style="background:url({uri(LEAK.encode())})">甲</p>'), BODY, "内 第1行"),
    found("样式表中的 data: URI", "data: URIs in style sheets", at(head=f"<style>p{{background:url({uri(LEAK.encode())})}}</style>"), BODY, "内 第1行"),
    found("源代码映射", "source maps", at(f'<script>//# sourceMappingURL={uri(MAP, "application/json")}</script>'), BODY, "内 第1行"),
    found("内嵌 SVG 的说明", "description in SVG", at(f"<svg><desc>{LEAK}</desc></svg>"), BODY, "段"),
    found("内嵌 SVG 的元数据", "metadata in SVG", at(f"<svg><metadata><a>{LEAK}</a></metadata></svg>"), BODY, "段"),
    found("link", "link rel", at(head=f'<link rel="alternate" href="http://a/?id={ID}" title="{LEAK}">'), LINK, "link”"),
    found("暗链", "dark links", at(f'<a href="http://a/?id={ID}" style="font-size:1px">.</a>'), LINK, "a”"),
    found("编码的链接", "encoded links", at('<a href="http://a/?n=' + "".join(f"%{b:02X}" for b in LEAK.encode()) + '">甲</a>'), LINK, "a”"),
    found("事件属性", "event attributes", at(f'<p onmouseover="f(\'{LEAK}\')">甲</p>'), MARKUP, "p onmouseover”"),
    found("微数据", "microdata", at(f'<span itemprop="name" content="{LEAK}"></span>'), MARKUP, "span content”"),
    found("其他属性", "other attributes", at(f'<p id="{LEAK}">甲</p>'), MARKUP, "p id”"),
    found("表格摘要", "summary of a table", at(f'<table summary="{LEAK}"><tr><td>甲</table>'), ALT, "table”"),
    found("表格单元格", "cell of a table", at(f"<table><tr><td>甲<td>{LEAK}</table>"), BODY, "表1 第1行第2列"),
    found("隐藏的表格", "hidden table", at(f'<table style="display:none"><tr><td>{LEAK}</table>'), HIDDEN, "隐藏文字1"),
    found("折叠的详情", "collapsed details", at(f"<details><summary>甲</summary>{LEAK}</details>"), BODY, "段"),
    found("关闭的对话框", "closed dialog", at(f"<dialog>{LEAK}</dialog>"), BODY, "段"),
    found("CDATA", "CDATA", at(f"<![CDATA[ {LEAK} ]]>"), MARKUP, "网页代码"),
    found("</html> 之后的内容", "content after </html>", at(after=f"<p>{LEAK}</p>"), BODY, "段"),
    found("</html> 之后的注释", "comments after </html>", at(after=f"<!-- {LEAK} -->"), MARKUP, "comment”"),
    found("<html> 之前的注释", "comments before <html>", lambda: page("", before=f"<!-- {LEAK} --><!DOCTYPE html>"), MARKUP, "comment”"),
    found("文档类型声明", "document type", lambda: page("", before=f'<!DOCTYPE html SYSTEM "{LEAK}">'), MARKUP, "doctype”"),
    found("处理指令", "processing instructions", at(f"<?php echo '{LEAK}' ?>"), MARKUP, "comment”"),
    found("Word 导出：mso-hide", "Word export: mso-hide", styled("mso-hide:all"), HIDDEN, "隐藏文字1"),
    found("Word 导出：文档属性", "Word export: document properties", at(head=WORD), MARKUP, "comment”"),
    found("Word 导出：o: 元素", "Word export: o: elements", at(f"<o:p>{LEAK}</o:p>"), BODY, "段"),
    found("object 和 embed 的参数", "parameters of objects", at(f'<object data="a"><param name="n" value="{LEAK}"></object>'), MARKUP, "param value”"),
    found("数字实体", "numeric entities", at("<p>" + "".join(f"&#{ord(c)};" for c in LEAK) + "</p>"), BODY, "第2段"),
    found("单文件网页（mht）的注释", "comments in a page saved in one file (mht)", mht, MARKUP, "comment”", name="a.mht"),
    found("单文件网页保留的 HTTP 头", "headers kept in a page saved in one file", mht, PROPERTY, "文档属性", name="a.mht"),
    found("文件名", "file name", at(), PartKind.NAME, "文件名", name=LEAK),
    left("由脚本拼出的文字", "text that scripts put together", at(f"<script>document.write('{LEAK[:8]}' + '{LEAK[8:]}')</script>"), "scripts are not run"),
)  # fmt: skip

__all__ = ["ROWS"]
