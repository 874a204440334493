"""How a value is shown without saying it."""

from __future__ import annotations

STAR = "*"
LONGEST = 40  # characters of a masked value that are shown


def mask(value: str) -> str:
    """Return a masked form: at most a quarter from the left (four at most), never all of it.

    Line ends and blanks are shown as one blank. A value whose hidden end is nothing but
    stars already (``0*``) would be said in full, so none of it is shown.

    >>> mask("11010519491231002X"), mask("乔小平"), mask("Wz45649@cms"), mask("机")
    ('1101**************', '乔**', 'Wz*********', '*')
    """
    flat = " ".join(value.split())
    shown = min(4, max(1 if len(flat) > 1 else 0, len(flat) // 4))
    if not flat[shown:].strip(STAR):
        shown = 0
    masked = flat[:shown] + STAR * (len(flat) - shown)
    return masked if len(masked) <= LONGEST else masked[: LONGEST - 1] + "…"
