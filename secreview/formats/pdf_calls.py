"""The functions of pdfium that are called for every letter and object, bound without wrapping.

Handles are addresses (integers). What a function writes goes to an address of an array made here.
The interpreter lock is kept during a call: each is over sooner than the lock would change hands.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as raw

ADDRESS = ctypes.c_void_p
NUMBER = ctypes.c_int
FOUR_FLOATS = ctypes.c_float * 4
SIX_FLOATS = ctypes.c_float * 6  # FS_MATRIX
FOUR_NUMBERS = ctypes.c_uint * 4
STEP = 4  # bytes of a float and of a number
DOUBLE = 8  # bytes


def bound(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a function of pdfium that takes and gives plain numbers."""
    address = ctypes.cast(function, ADDRESS).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


object_at = bound(raw.FPDFPage_GetObject, ADDRESS, ADDRESS, NUMBER)
object_in = bound(raw.FPDFFormObj_GetObject, ADDRESS, ADDRESS, ctypes.c_ulong)
objects_in = bound(raw.FPDFFormObj_CountObjects, NUMBER, ADDRESS)
kind_of = bound(raw.FPDFPageObj_GetType, NUMBER, ADDRESS)
has_transparency = bound(raw.FPDFPageObj_HasTransparency, NUMBER, ADDRESS)
bounds_of = bound(raw.FPDFPageObj_GetBounds, NUMBER, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)
matrix_into = bound(raw.FPDFPageObj_GetMatrix, NUMBER, ADDRESS, ADDRESS)
color_into = {
    is_stroked: bound(function, NUMBER, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)
    for is_stroked, function in (
        (False, raw.FPDFPageObj_GetFillColor), (True, raw.FPDFPageObj_GetStrokeColor)
    )
}  # fmt: skip
stroke_width_into = bound(raw.FPDFPageObj_GetStrokeWidth, NUMBER, ADDRESS, ADDRESS)
draw_mode_into = bound(raw.FPDFPath_GetDrawMode, NUMBER, ADDRESS, ADDRESS, ADDRESS)
count_marks = bound(raw.FPDFPageObj_CountMarks, NUMBER, ADDRESS)
mark_at = bound(raw.FPDFPageObj_GetMark, ADDRESS, ADDRESS, ctypes.c_ulong)
remove_mark = bound(raw.FPDFPageObj_RemoveMark, NUMBER, ADDRESS, ADDRESS)
mark_name_into = bound(
    raw.FPDFPageObjMark_GetName, NUMBER, ADDRESS, ADDRESS, ctypes.c_ulong, ADDRESS
)
mark_type = bound(raw.FPDFPageObjMark_GetParamValueType, NUMBER, ADDRESS, ctypes.c_char_p)
mark_text_into = bound(
    raw.FPDFPageObjMark_GetParamStringValue, NUMBER,
    ADDRESS, ctypes.c_char_p, ADDRESS, ctypes.c_ulong, ADDRESS,
)  # fmt: skip
clip_of = bound(raw.FPDFPageObj_GetClipPath, ADDRESS, ADDRESS)
clip_paths = bound(raw.FPDFClipPath_CountPaths, NUMBER, ADDRESS)
clip_segments = bound(raw.FPDFClipPath_CountPathSegments, NUMBER, ADDRESS, NUMBER)
clip_segment = bound(raw.FPDFClipPath_GetPathSegment, ADDRESS, ADDRESS, NUMBER, NUMBER)
path_segments = bound(raw.FPDFPath_CountSegments, NUMBER, ADDRESS)
path_segment = bound(raw.FPDFPath_GetPathSegment, ADDRESS, ADDRESS, NUMBER)
segment_point = bound(raw.FPDFPathSegment_GetPoint, NUMBER, ADDRESS, ADDRESS, ADDRESS)
segment_type = bound(raw.FPDFPathSegment_GetType, NUMBER, ADDRESS)
segment_closes = bound(raw.FPDFPathSegment_GetClose, NUMBER, ADDRESS)
image_size_into = bound(raw.FPDFImageObj_GetImagePixelSize, NUMBER, ADDRESS, ADDRESS, ADDRESS)
image_data_into = bound(
    raw.FPDFImageObj_GetImageDataRaw, ctypes.c_ulong, ADDRESS, ADDRESS, ctypes.c_ulong
)
render_mode = bound(raw.FPDFTextObj_GetTextRenderMode, NUMBER, ADDRESS)
set_render_mode = bound(raw.FPDFTextObj_SetTextRenderMode, NUMBER, ADDRESS, NUMBER)
font_of = bound(raw.FPDFTextObj_GetFont, ADDRESS, ADDRESS)
font_size_into = bound(raw.FPDFTextObj_GetFontSize, NUMBER, ADDRESS, ADDRESS)
font_name_into = bound(
    raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, ADDRESS, ADDRESS, ctypes.c_size_t
)
font_data_into = bound(raw.FPDFFont_GetFontData, NUMBER, ADDRESS, ADDRESS, ctypes.c_size_t, ADDRESS)
unicode_at = bound(raw.FPDFText_GetUnicode, ctypes.c_uint, ADDRESS, NUMBER)
has_no_meaning = bound(raw.FPDFText_HasUnicodeMapError, NUMBER, ADDRESS, NUMBER)
owner_of = bound(raw.FPDFText_GetTextObject, ADDRESS, ADDRESS, NUMBER)
box_into = bound(
    raw.FPDFText_GetCharBox, NUMBER, ADDRESS, NUMBER, ADDRESS, ADDRESS, ADDRESS, ADDRESS
)
