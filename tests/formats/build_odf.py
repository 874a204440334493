"""OpenDocument files for tests: XML of the body in, a package or a flat file out."""

from __future__ import annotations

from collections.abc import Mapping

from tests.formats.build_ofd import packed

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = {
    "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
    "form": "form", "meta": "meta", "config": "config", "script": "script",
    "presentation": "presentation", "manifest": "manifest", "fo": "xsl-fo-compatible",
    "svg": "svg-compatible", "number": "datastyle",
}  # fmt: skip
NS = " ".join(f'xmlns:{prefix}="{OASIS}:{name}:1.0"' for prefix, name in NAMES.items())
NS += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
NS += ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
TYPES = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation",
         "drawing": "graphics", "chart": "chart"}  # fmt: skip


def style(name: str, family: str, properties: str, parent: str = "") -> str:
    """Return a style."""
    inherited = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" style:family="{family}"{inherited}>{properties}</style:style>'


STYLES = "".join(
    [
        style("hide", "text", '<style:text-properties text:display="none"/>'),
        style("white", "text", '<style:text-properties fo:color="#ffffff"/>'),
        style("tiny", "text", '<style:text-properties fo:font-size="1pt"/>'),
        style("heir", "text", "", "white"),
        style("clear", "text", '<style:text-properties loext:opacity="0%"/>'),
        style(
            "automatic",
            "text",
            '<style:text-properties style:use-window-font-color="true" loext:opacity="0%"/>',
        ),
        style("dark", "paragraph", '<style:paragraph-properties fo:background-color="#000080"/>'),
        style("pale", "paragraph", '<style:text-properties fo:color="#fefefe"/>'),
        style("away", "table", '<style:table-properties table:display="false"/>'),
        style("seen", "table", '<style:table-properties table:display="true"/>'),
        style("ink", "table-cell", '<style:text-properties fo:color="#ffffff"/>'),
        style(
            "blue",
            "table-cell",
            '<style:table-cell-properties fo:background-color="#000080"/>',
            "ink",
        ),
        style(
            "off",
            "drawing-page",
            '<style:drawing-page-properties presentation:visibility="hidden"/>',
        ),
        style(
            "full",
            "graphic",
            '<style:graphic-properties draw:fill="solid" draw:fill-color="#000080"/>',
        ),
    ]
)


def content(body: str, kind: str = "text", styles: str = STYLES) -> str:
    """Return the content of a document."""
    return (
        f"{HEAD}<office:document-content {NS}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )


def masters(inside: str = "") -> str:
    """Return the styles of a document with a page of 28 by 21 cm; ``inside`` goes on its master."""
    return (
        f"{HEAD}<office:document-styles {NS}><office:styles/><office:automatic-styles><style:page-layout "
        'style:name="pm"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/>'
        "</style:page-layout></office:automatic-styles><office:master-styles><style:master-page "
        f'style:name="Default" style:page-layout-name="pm">{inside}</style:master-page>'
        "</office:master-styles></office:document-styles>"
    )


def meta(inside: str = "") -> str:
    """Return the properties of a document."""
    return (
        f"{HEAD}<office:document-meta {NS}><office:meta><meta:generator>Office/1</meta:generator>"
        f"<meta:creation-date>2026-01-05T09:00:00</meta:creation-date>{inside}</office:meta>"
        "</office:document-meta>"
    )


def manifest(*names: str, sealed: tuple[str, ...] = ()) -> str:
    """Return the manifest; ``sealed`` members are said to be encrypted."""
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml">'
        + ("<manifest:encryption-data/>" if name in sealed else "")
        + "</manifest:file-entry>"
        for name in (*names, *sealed)
    )
    doctype = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
    return f"{HEAD}{doctype}<manifest:manifest {NS}>{entries}</manifest:manifest>"


def members(body: str, kind: str = "text", **more: str) -> dict[str, str | bytes]:
    """Return the members of a package; ``more`` is XML: master, meta."""
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{TYPES[kind]}",
        "content.xml": content(body, kind),
        "styles.xml": masters(more.get("master", "")),
        "meta.xml": meta(more.get("meta", "")),
        "META-INF/manifest.xml": manifest("content.xml", "styles.xml", "meta.xml"),
    }


def odf(
    body: str, kind: str = "text", extra: Mapping[str, str | bytes] | None = None, **more: str
) -> bytes:
    """Return a package with a body."""
    return packed(members(body, kind, **more) | dict(extra or {}))


def flat(body: str, kind: str = "text", inside: str = "") -> bytes:
    """Return a document that is one XML file."""
    return (
        f'{HEAD}<office:document {NS} office:mimetype="application/vnd.oasis.opendocument.{TYPES[kind]}">'
        f"{inside}<office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:{kind}>"
        f"{body}</office:{kind}></office:body></office:document>"
    ).encode()


def p(text: str, style_name: str = "") -> str:
    """Return a paragraph."""
    named = f' text:style-name="{style_name}"' if style_name else ""
    return f"<text:p{named}>{text}</text:p>"


def cell(text: str, **attributes: str) -> str:
    """Return a cell; attributes of the table namespace, with ``_`` for ``-``."""
    given = "".join(
        f' table:{key.replace("_", "-")}="{value}"' for key, value in attributes.items()
    )
    return f"<table:table-cell{given}>{p(text) if text else ''}</table:table-cell>"


def row(*cells: str, **attributes: str) -> str:
    """Return a row of cells given as XML or as text."""
    given = "".join(
        f' table:{key.replace("_", "-")}="{value}"' for key, value in attributes.items()
    )
    return f"<table:table-row{given}>{''.join(c if c.startswith('<') else cell(c) for c in cells)}</table:table-row>"


def table(*rows: str, name: str = "名单", style_name: str = "seen", before: str = "") -> str:
    """Return a table or sheet of rows."""
    return f'<table:table table:name="{name}" table:style-name="{style_name}">{before}{"".join(rows)}</table:table>'


def slide(inside: str, style_name: str = "") -> str:
    """Return a slide."""
    return f'<draw:page draw:name="p" draw:master-page-name="Default" draw:style-name="{style_name}">{inside}</draw:page>'


def box(text: str, *, x: str = "1cm", style_name: str = "", inside: str = "") -> str:
    """Return a frame with a text box."""
    return (
        f'<draw:frame draw:style-name="{style_name}" svg:x="{x}" svg:y="1cm" svg:width="9cm" svg:height="2cm">'
        f"<draw:text-box>{p(text)}</draw:text-box>{inside}</draw:frame>"
    )
