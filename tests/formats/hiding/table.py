"""The hiding places of all formats, by file extension."""

from __future__ import annotations

from collections.abc import Mapping

from tests.formats.hiding import Row, docx, html, ofd, pdf, pptx, xlsx

TABLE: Mapping[str, tuple[Row, ...]] = {
    "docx": docx.ROWS,
    "xlsx": xlsx.ROWS,
    "pptx": pptx.ROWS,
    "pdf": pdf.ROWS,
    "ofd": ofd.ROWS,
    "html": html.ROWS,
}
