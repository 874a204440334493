"""Parse a TOML file into a grammar model; say on which line each fault is, and what was meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from secreview.errors import Fault
from secreview.rulebook import schema


def parse_model(name: str, path: Path, data: bytes, faults: list[Fault]) -> Any:
    """Return a file as the named model, or None after adding every fault it has."""
    model: type[BaseModel] = getattr(schema, name)
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 1
        faults.append(Fault(str(path), line, "", f"is not valid TOML: {error}"))
        return None
    try:
        return model.model_validate(table)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            key = ".".join(str(step) for step in item["loc"])
            hint = suggestion(model, item["loc"]) if item["type"] == "extra_forbidden" else ""
            what = "is not a key of this table" if hint or "extra" in item["type"] else item["msg"]
            faults.append(Fault(str(path), line_of(text, item["loc"]), key, what, hint))
        return None


def line_of(text: str, loc: Sequence[int | str]) -> int:
    """Return the 1-based line of the key a fault names, as near as it can be told."""
    lines = text.splitlines()
    at = 0
    for step in loc:
        if isinstance(step, int):
            at = nth_table(lines, at, step)
            continue
        pattern = re.compile(
            rf"^\s*(?:\[+\s*(?:[\w.-]+\.)?{re.escape(step)}\s*\]+|{re.escape(step)}\s*=)"
        )
        found = next((n for n in range(at, len(lines)) if pattern.match(lines[n])), None)
        at = at if found is None else found
    return at + 1


def nth_table(lines: list[str], at: int, number: int) -> int:
    """Return the line of the nth ``[[table]]`` of the kind that stands at or after a line."""
    if at >= len(lines) or not lines[at].lstrip().startswith("[["):
        return at
    head = lines[at].strip()
    rows = [n for n in range(at, len(lines)) if lines[n].strip() == head]
    return rows[number] if number < len(rows) else at


def suggestion(model: type[BaseModel], loc: Sequence[int | str]) -> str:
    """Return ``did you mean …`` for an unknown key, from the keys its table has."""
    keys = keys_at(model, [step for step in loc[:-1] if isinstance(step, str)])
    close = get_close_matches(str(loc[-1]), keys, 1)
    if close:
        return f"did you mean {close[0]}?"
    return f"allowed: {', '.join(sorted(keys))}" if keys else ""


def keys_at(model: type[BaseModel], steps: list[str]) -> list[str]:
    """Return the keys of the table that a path of names leads to."""
    current: type[BaseModel] | None = model
    for step in steps:
        field = current.model_fields.get(step) if current else None
        current = model_in(field.annotation) if field else None
    if current is None:
        return []
    return [field.alias or name for name, field in current.model_fields.items()]


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside an annotation such as ``list[Model] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = model_in(inner)
        if found:
            return found
    return None
