"""Confidentiality review of documents in Chinese before publication (政府信息发布保密审查).

``import secreview`` loads nothing heavy: each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from secreview.api import Options as Options
    from secreview.api import check as check
    from secreview.api import load_rulebook as load_rulebook
    from secreview.api import read as read
    from secreview.api.passing import gate as gate
    from secreview.api.records import sign as sign
    from secreview.api.records import submit as submit
    from secreview.errors import NotCleared as NotCleared
    from secreview.errors import PluginError as PluginError
    from secreview.errors import ReadError as ReadError
    from secreview.errors import ReviewError as ReviewError
    from secreview.errors import RuleError as RuleError
    from secreview.errors import SecreviewError as SecreviewError
    from secreview.errors import UsageError as UsageError
    from secreview.model import Document as Document
    from secreview.model import Finding as Finding
    from secreview.model import Gap as Gap
    from secreview.model import Part as Part
    from secreview.model import PartKind as PartKind
    from secreview.model import Place as Place
    from secreview.model import Report as Report
    from secreview.model import Severity as Severity
    from secreview.model import Verdict as Verdict

HOMES = {
    "api": ("Options", "check", "load_rulebook", "read"),
    "api.passing": ("gate",),
    "api.records": ("sign", "submit"),
    "errors": (
        "NotCleared", "PluginError", "ReadError", "ReviewError", "RuleError", "SecreviewError",
        "UsageError",
    ),
    "model": (
        "Document", "Finding", "Gap", "Part", "PartKind", "Place", "Report", "Severity", "Verdict",
    ),
}  # fmt: skip
HOME_OF = {name: home for home, names in HOMES.items() for name in names}

__all__ = [*sorted(HOME_OF), "__version__"]


def __getattr__(name: str) -> Any:
    """Return a public name from the module it lives in."""
    if name in HOME_OF:
        return getattr(import_module(f"secreview.{HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
