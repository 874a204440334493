"""Whether a value after a password label is a real secret or a placeholder."""

from __future__ import annotations

import re

SHORTEST = 4
PLACEHOLDER = (
    r"(?i)[x*＊#.…_\-•●?]+|your.*|.*(?:here|example|placeholder|password|passwd|changeme|redacted|"
    r"none|null|undefined|dummy|secret)|<.*>?|\$?\{.*\}?|%.*%|\[.*\]?|\(.*|true|false|string|str|"
    r"token|验证码|null"
)


def is_strong_password(value: str) -> bool:
    """Return whether a value looks like a secret that somebody really uses.

    >>> is_strong_password("Wz45649@cms"), is_strong_password("${DB_PASSWORD}")
    (True, False)
    """
    value = value.strip("\"'`“”‘’,;，；。")
    if len(value) < SHORTEST or re.fullmatch(PLACEHOLDER, value):
        return False
    if not value.isascii():
        return False
    kinds = sum(
        bool(re.search(kind, value)) for kind in (r"[0-9]", r"[a-z]", r"[A-Z]", r"[^0-9A-Za-z]")
    )
    return kinds >= 2 or (value.isdigit() and len(value) >= SHORTEST) or len(value) >= 12
