"""Load folders of rules into one Rulebook, reporting every fault of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from secreview.errors import Fault, RuleError
from secreview.rulebook.memory import Memory
from secreview.rulebook.rule import Category, Edition, Ground, Rule, Rulebook
from secreview.text.wording import Wording

CATEGORIES = "categories.toml"
PROFILES = "profiles"  # a folder of what website columns change
LAWS = "laws.toml"
PATTERNS = "patterns.toml"  # pieces of patterns by name
WORDS = "words"
WORDING = "wording"  # learned weights, a table to a category


@dataclass(frozen=True, slots=True)
class Files:
    """The files of the packs as read: path → bytes, in order of precedence, lowest first."""

    folders: tuple[Path, ...]
    contents: Mapping[Path, bytes]

    def digest(self, salt: str = "") -> str:
        """Return the SHA-256 of all names and contents, independent of where the folders are."""
        sha = hashlib.sha256(salt.encode())
        for number, folder in enumerate(self.folders):
            for path, data in self.contents.items():
                if path.is_relative_to(folder):
                    name = path.relative_to(folder).as_posix()
                    sha.update(f"{number}\0{name}\0{len(data)}\0".encode())
                    sha.update(data)
        return sha.hexdigest()

    def named(self, name: str) -> Iterable[Path]:
        """Return the paths of a file that several packs may have, in order of precedence."""
        return (folder / name for folder in self.folders if folder / name in self.contents)

    def tables(self) -> Iterable[tuple[Path, bytes]]:
        """Return the tables of wording, in order of precedence."""
        return (
            (path, data)
            for path, data in self.contents.items()
            if path.parent.name == WORDING and path.suffix == ".txt"
        )


def read_files(folders: Sequence[Path]) -> Files:
    """Return the rule files of folders; raise RuleError when a folder is missing or unreadable."""
    contents: dict[Path, bytes] = {}
    faults: list[Fault] = []
    for folder in folders:
        if not folder.is_dir():
            hint = "name a folder that holds rule files"
            faults.append(Fault(str(folder), 0, "", "no such folder of rules", hint))
            continue
        texts = (folder / kind for kind in (WORDS, WORDING))
        lists = (path for text in texts for path in text.glob("*.txt"))
        for path in sorted((*folder.rglob("*.toml"), *lists)):
            try:
                contents[path] = path.read_bytes()
            except OSError as error:
                faults.append(Fault(str(path), 0, "", f"cannot be read: {error.strerror}"))
    if faults:
        raise RuleError(faults)
    return Files(tuple(folders), contents)


def load(files: Files, memory: Memory | None = None) -> Rulebook:
    """Return the rulebook of some files; raise RuleError with every fault.

    ``memory`` is what is known of patterns already, and learns of new ones.
    """
    from secreview.rulebook.compile import Words, build_rule, known_names
    from secreview.rulebook.toml_lines import parse_model

    faults: list[Fault] = []
    categories, grounds = load_categories(files, faults)
    laws = load_laws(files, faults)
    words = Words.of(files, faults, memory or Memory())
    if faults:  # each rule that uses what is missing would be one more
        raise RuleError(faults)
    names = known_names(categories, grounds, laws)
    rules: dict[str, Rule] = {}
    origin: dict[str, Path] = {}
    for path in rule_paths(files):
        table = parse_model("RuleFile", path, files.contents[path], faults)
        if table is None:
            continue
        rule = build_rule(table, path, words=words, names=names, faults=faults)
        pack = next(f for f in reversed(files.folders) if path.is_relative_to(f))
        if rule.name in origin and origin[rule.name] == pack:
            faults.append(Fault(str(path), 1, "id", f"{rule.name} is defined twice in one pack"))
        rules[rule.name] = rule
        origin[rule.name] = pack
    faults.extend(unknown_references(rules))
    if not rules and not faults:
        faults.append(Fault(str(files.folders[-1]), 0, "", "holds no rules"))
    if faults:
        raise RuleError(faults)
    order = {category.id: number for number, category in enumerate(categories)}
    ordered = sorted(rules.values(), key=lambda rule: (order[rule.category], rule.id))
    rulebook = Rulebook(tuple(ordered), categories, grounds, laws, files.digest())
    return with_wording(rulebook, files)


def with_wording(rulebook: Rulebook, files: Files) -> Rulebook:
    """Return a rulebook whose rules have the tables of wording they ask for."""
    tables = wording_of(files)
    rules = (
        replace(rule, wording=tables[rule.category]) if rule.asks_wording else rule
        for rule in rulebook.rules
    )
    return replace(rulebook, rules=tuple(rules))


def wording_of(files: Files) -> dict[str, Wording]:
    """Return the tables of wording by category; a later pack's takes the place of an earlier."""
    return {path.stem: wording_in(data) for path, data in files.tables()}


def wording_in(data: bytes) -> Wording:
    """Return the table of wording of a file."""
    return Wording(data.decode("utf-8", "replace"))


def faulty_wording(files: Files) -> Iterable[Fault]:
    """Yield the first faulty line of each table of wording."""
    for path, data in files.tables():
        line = wording_in(data).faulty_line()
        if line:
            hint = "learn the table anew instead of editing it"
            yield Fault(str(path), line, "", "is no line of a table of wording", hint)


def rule_paths(files: Files) -> list[Path]:
    """Return the rule files: every TOML file in a folder of a category."""
    return [
        path
        for path in files.contents
        if path.suffix == ".toml"
        and path.name not in (CATEGORIES, LAWS, PATTERNS)
        and path.parent.name != PROFILES
    ]


def unknown_references(rules: Mapping[str, Rule]) -> list[Fault]:
    """Return a fault for each rule name in ``found`` or ``together`` that does not exist."""
    from difflib import get_close_matches

    faults = []
    for rule in rules.values():
        for key, names in (
            ("unless.found", rule.unless.found),
            ("keep.together", rule.keep.together),
            *(("escalate.together", step.together) for step in rule.escalate),
        ):
            for name in names:
                if name not in rules and not name.endswith("/*"):
                    close = get_close_matches(name, rules, 1)
                    hint = f"did you mean {close[0]}?" if close else ""
                    faults.append(Fault(rule.source, 1, key, f"no rule {name}", hint))
    return faults


def load_categories(
    files: Files, faults: list[Fault]
) -> tuple[tuple[Category, ...], tuple[Ground, ...]]:
    """Return the categories and grounds of all packs; a later pack adds or replaces."""
    from secreview.rulebook.compile import both
    from secreview.rulebook.toml_lines import parse_model

    categories: dict[str, Category] = {}
    grounds: dict[str, Ground] = {}
    for path in files.named(CATEGORIES):
        table = parse_model("CategoriesFile", path, files.contents[path], faults)
        if table is None:
            continue
        for row in table.category:
            why = both(row.why)
            categories[row.id] = Category(row.id, both(row.title), row.ground, row.form_row, why)
        for row in table.ground:
            grounds[row.code] = Ground(row.code, both(row.title), row.article, row.force)
    return tuple(categories.values()), tuple(grounds.values())


def load_laws(files: Files, faults: list[Fault]) -> dict[str, tuple[Edition, ...]]:
    """Return the dated provisions of all packs by name; a later pack adds or replaces."""
    from secreview.rulebook.compile import both
    from secreview.rulebook.toml_lines import parse_model

    laws: dict[str, tuple[Edition, ...]] = {}
    for path in files.named(LAWS):
        table = parse_model("LawsFile", path, files.contents[path], faults)
        for row in table.provision if table else ():
            laws[row.id] = tuple(
                Edition(
                    edition=e.edition,
                    article=both(e.article),
                    law=both(e.law or row.law),
                    start=e.start.isoformat(),
                    end=e.end.isoformat() if e.end else "",
                    quote=e.quote,
                    file=e.file,
                )
                for e in row.editions
            )
    return laws
