"""``python -m benchmarks.formats_page``: the page on what is read per format, made from the code."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from secreview.formats import READERS
from secreview.model import PartKind, Why
from secreview.outputs.messages import message

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/formats.md"
FOLDER = ROOT / "secreview/formats"
HEAD = """# What is read, format by format

Made from the code by `python -m benchmarks.formats_page`; a test keeps it true. Each reader turns a file
into parts, every part of a kind that says where its text stands. What a reader does not read is a gap with
its reason, and a report with a gap is never clear. Files inside files (attachments, members, embedded
objects) are read by their own readers.
"""
SHARED = {  # modules that several readers call for what is left of a package
    "docx": ("docx", "ooxml_rest"), "xlsx": ("xlsx", "ooxml_rest"), "pptx": ("pptx", "ooxml_rest"),
    "flat_office": ("flat_office", "docx", "xlsx", "pptx", "ooxml_rest"),
    "tabular": ("tabular", "plain"),
    "ole": ("ole", "doc", "xls", "ppt", "msg"),
}  # fmt: skip


def page() -> str:
    """Return the page."""
    blocks = [HEAD]
    for module in dict.fromkeys(READERS.values()):
        name = module.rpartition(".")[2]
        types = ", ".join(f"`{media}`" for media, reader in READERS.items() if reader == module)
        kinds, whys = told(name)
        parts = ", ".join(
            f"{message(f'kind.{k}', 'en')} ({message(f'kind.{k}', 'zh')})" for k in kinds
        )
        gaps = ", ".join(f"{message(f'why.{why}', 'en')}" for why in whys)
        blocks.append(
            f"## {name}\n\n{title(FOLDER / f'{name}.py')}\n\n- media types: {types}\n"
            f"- parts: {parts}\n- gaps: {gaps or 'none of its own'}\n"
        )
    return "\n".join(blocks)


def title(path: Path) -> str:
    """Return the first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]


def told(name: str) -> tuple[list[PartKind], list[Why]]:
    """Return the kinds of parts and the reasons of gaps that a reader's modules name."""
    found = {node.attr for path in modules(name) for node in attributes(path)}
    kinds = [kind for kind in PartKind if kind.name in found and kind is not PartKind.NAME]
    return kinds, [why for why in Why if why.name in found]


def modules(name: str) -> Iterator[Path]:
    """Yield the modules that make up a reader."""
    for stem in SHARED.get(name, (name,)):
        yield FOLDER / f"{stem}.py"
        yield from sorted(FOLDER.glob(f"{stem}_*.py"))


def attributes(path: Path) -> Iterator[ast.Attribute]:
    """Yield the uses of members of PartKind and Why in a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("PartKind", "Why")
        ):
            yield node


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
