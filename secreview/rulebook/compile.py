"""Turn one rule file's tables into a Rule: folded words, planned pattern, marked examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secreview.errors import Fault, PluginError
from secreview.model import Bilingual
from secreview.plugins import finder
from secreview.rulebook.alphabet import parse, width
from secreview.rulebook.frequency import together
from secreview.rulebook.linear import objection
from secreview.rulebook.memory import Memory
from secreview.rulebook.plan import is_rare, is_telling, plan_of
from secreview.rulebook.rule import (
    Category,
    Edition,
    Escalation,
    Example,
    Find,
    Ground,
    Keep,
    Near,
    Plan,
    Rule,
    Unless,
    Zone,
)
from secreview.text.folds import fold_characters
from secreview.text.numbers import VALIDATORS
from secreview.text.wording import Wording

if TYPE_CHECKING:
    from secreview.rulebook.load import Files

LONGEST_SENTENCE = 200  # characters on each side that a look into the sentence may reach
PIECE = re.compile(r"\(\?&([a-z0-9-]+)\)")
MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Names:
    """The names a rule may use."""

    categories: Mapping[str, Category]
    grounds: frozenset[str]
    laws: frozenset[str]


def known_names(
    categories: Iterable[Category],
    grounds: Iterable[Ground],
    laws: Mapping[str, tuple[Edition, ...]],
) -> Names:
    """Return the names of categories, grounds and provisions."""
    return Names(
        {category.id: category for category in categories},
        frozenset(ground.code for ground in grounds),
        frozenset(laws),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists and pieces of patterns of all packs, and what is known of patterns.

    A later pack's list of the same name is added to the first; its pieces replace them.
    """

    lists: Mapping[str, tuple[str, ...]]
    pieces: Mapping[str, str]
    wording: Mapping[str, Wording]
    memory: Memory

    @classmethod
    def of(cls, files: Files, faults: list[Fault], memory: Memory) -> Words:
        """Return the lists and pieces; ``#`` starts a comment, blank lines are skipped."""
        from secreview.rulebook.load import PATTERNS, WORDING, faulty_wording, wording_of
        from secreview.rulebook.toml_lines import parse_model

        lists: dict[str, list[str]] = {}
        for path, data in files.contents.items():
            if path.suffix != ".txt" or path.parent.name == WORDING:
                continue
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                hint = "save it as UTF-8"
                faults.append(Fault(str(path), 1, "", "is not UTF-8", hint))
                continue
            rows = (line.split("#", 1)[0].strip() for line in text.splitlines())
            lists.setdefault(path.stem, []).extend(row for row in rows if row)
        pieces: dict[str, str] = {}
        for path in files.named(PATTERNS):
            table = parse_model("PatternsFile", path, files.contents[path], faults)
            pieces.update(table.patterns if table else {})
        faults.extend(faulty_wording(files))
        return cls(
            {name: tuple(dict.fromkeys(words)) for name, words in lists.items()},
            pieces,
            wording_of(files),
            memory,
        )


class Builder:
    """Builds one rule and collects its faults."""

    def __init__(self, path: Path, words: Words, faults: list[Fault]) -> None:
        """Keep where the rule stands and where its faults go."""
        self.path = path
        self.words = words
        self.wording = words.wording.get(path.parent.name)
        self.faults = faults

    def fault(self, key: str, what: str, hint: str = "") -> None:
        """Add a fault at the line of a key."""
        from secreview.rulebook.toml_lines import line_of

        text = self.path.read_text("utf-8-sig")
        line = line_of(text, key.split("."))
        self.faults.append(Fault(str(self.path), line, key, what, hint))

    def known(self, key: str, name: str, names: Iterable[str]) -> None:
        """Add a fault unless a name is one of the known ones."""
        names = list(names)
        if name in names:
            return
        close = get_close_matches(name, names, 1)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted(names)[:12])}"
        self.fault(key, f"no such name: {name}", hint)

    def word_list(
        self, key: str, words: Iterable[str] | None, lists: Iterable[str]
    ) -> tuple[str, ...]:
        """Return words and the words of named lists, folded, without repeats."""
        found = list(words or ())
        for name in lists:
            stem = name.removesuffix(".txt")
            self.known(f"{key}_from", stem, self.words.lists)
            found.extend(self.words.lists.get(stem, ()))
        return tuple(dict.fromkeys(fold_characters(word) for word in found))

    def pattern(self, key: str, regex: str | None, *, ignore_case: bool = False) -> str:
        """Return a folded pattern after checking that it is bounded and linear."""
        if not regex:
            return ""
        folded = ascii_digits(fold_characters(self.with_pieces(key, regex)))
        problem = self.words.memory.answer(objection, folded, ignore_case=ignore_case)
        if problem:
            self.fault(key, f"the pattern {problem}")
            return ""
        return folded

    def with_pieces(self, key: str, regex: str) -> str:
        """Return a pattern with each ``(?&name)`` replaced by that piece of ``patterns.toml``."""

        def piece(match: re.Match[str]) -> str:
            self.known(key, match[1], self.words.pieces)
            return f"(?:{self.words.pieces.get(match[1], '')})"

        return PIECE.sub(piece, regex)

    def near(self, key: str, table: Any) -> Near:
        """Return context words."""
        if table is None:
            return Near()
        words = self.word_list(f"{key}.words", table.words, table.words_from)
        regex = self.pattern(f"{key}.regex", table.regex)
        if not words and not regex:
            self.fault(key, "has no words")
        is_sentence = table.within == "sentence"
        within = LONGEST_SENTENCE if is_sentence else table.within
        return Near(words, within, table.side, regex, is_sentence)

    def find(self, table: Any, near: Near, context: Sequence[str]) -> Find:
        """Return the find step with its plan, which may go by the words that are asked for."""
        has_near = bool(near.words) and not near.regex
        regex = self.pattern("find.regex", table.regex, ignore_case=table.ignore_case)
        words = self.word_list("find.words", table.words, table.words_from)
        if table.wording and self.wording:
            words = self.wording.cues
        plan, longest = Plan(), max(map(len, words), default=0)
        if regex:
            around = (near.words, near.within) if has_near else None
            row = self.words.memory.answer(
                plan_of, regex, table.bounds, ignore_case=table.ignore_case, near=around
            )
            plan = Plan(*map(tuples, row))
            plan = plan._replace(
                narrow=has_near and is_telling(near.words, plan), rare=is_rare(context, plan)
            )
            longest = self.words.memory.answer(longest_match, regex)
        if table.names and not has_near:
            self.fault("find.names", "needs keep.near", "say next to which words names are meant")
        if table.finder:
            try:
                finder(table.finder)
            except PluginError as error:
                self.fault("find.finder", str(error), "install the package that has it")
        return Find(
            words=words,
            regex=regex,
            bounds=table.bounds,
            ignore_case=table.ignore_case,
            names=table.names,
            text=table.text is not None,
            finder=table.finder or "",
            wording=table.wording,
            clause=bool(table.clause),
            sentence=table.clause == "sentence",
            plan=Plan("near") if table.names else plan,
            width=4 if table.names else longest,
        )

    def keep(self, table: Any) -> Keep:
        """Return the keep step."""
        for name in table.validate_:
            self.known("keep.validate", name, VALIDATORS)
        near, *also = sorted(
            [self.near("keep.near", group) for group in table.near] or [Near()], key=commonness
        )
        zone = frozenset(table.zone) | ({Zone.ALONE} if table.alone else frozenset())
        return Keep(
            parts=frozenset(table.parts),
            zone=zone,
            near=near,
            also=tuple(also),
            headers=tuple(map(fold_characters, table.headers)),
            validate=tuple(table.validate_),
            count=table.count,
            whole_word=table.whole_word,
            context=self.word_list("keep.context", table.context, table.context_from),
            together=tuple(table.together),
            like=table.like,
        )

    def unless(self, table: Any) -> Unless:
        """Return the unless step."""
        for name in table.validate_:
            self.known("unless.validate", name, VALIDATORS)
        return Unless(
            parts=frozenset(table.parts),
            inside=frozenset(table.inside),
            near=self.near("unless.near", table.near),
            headers=tuple(map(fold_characters, table.headers)),
            words=self.word_list("unless.words", table.words, table.words_from),
            regex=self.pattern("unless.regex", table.regex),
            validate=tuple(table.validate_),
            found=tuple(table.found),
            context=self.word_list("unless.context", table.context, table.context_from),
        )

    def escalation(self, table: Any) -> Escalation:
        """Return one escalation step."""
        if not (table.count or table.near or table.together):
            self.fault("escalate", "has no condition", "give count, near or together")
        return Escalation(
            to=table.to,
            count=table.count,
            near=self.near("escalate.near", table.near),
            together=tuple(table.together),
            scope=table.scope,
            note=both(table.note) if table.note else Bilingual("", ""),
        )

    def examples(self, rows: Iterable[Any], *, is_hit: bool) -> tuple[Example, ...]:
        """Return examples with their marks taken out and remembered."""
        made = []
        for row in rows:
            example = unmarked(row)
            if is_hit and not example.spans:
                self.fault("examples.hit", "marks nothing", "put [[ ]] around what must be found")
            if not is_hit and example.spans:
                self.fault("examples.miss", "marks a find", "a miss has no [[ ]]")
            made.append(example)
        return tuple(made)


def ascii_digits(pattern: str) -> str:
    r"""Return a pattern in which ``\d`` means 0–9 alone, as it does in folded text.

    >>> ascii_digits(r"\d{3}[\dX]")
    '[0-9]{3}[0-9X]'
    """
    in_class = False
    made = []
    for item in re.findall(r"\\.|.", pattern, re.DOTALL):
        if item == r"\d":
            item = "0-9" if in_class else "[0-9]"
        in_class = item == "[" or (in_class and item != "]")
        made.append(item)
    return "".join(made)


def unmarked(row: Any) -> Example:
    """Return an example without its ``[[ ]]`` and the spans they stood for."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(row.text):
        text += row.text[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    text += row.text[at:]
    return Example(text, tuple(spans), row.part, row.page, tuple(row.headers))


def build_rule(table: Any, path: Path, *, words: Words, names: Names, faults: list[Fault]) -> Rule:
    """Return the rule of a file, adding every fault that the grammar alone does not see."""
    builder = Builder(path, words, faults)
    builder.known("category", table.category, names.categories)
    for name in table.basis:
        builder.known("basis", name, names.laws)
    if table.ground:
        builder.known("ground", table.ground, names.grounds)
    if path.stem != table.id:
        builder.fault("id", f"is {table.id} in a file named {path.name}", "make them the same")
    if path.parent.name != table.category:
        builder.fault("category", f"is {table.category} in folder {path.parent.name}")
    category = names.categories.get(table.category)
    why = both(table.why) if table.why else (category.why if category else Bilingual("", ""))
    keep = builder.keep(table.keep)
    if (table.find.wording or table.keep.like or table.doubt) and not builder.wording:
        key = "find.wording" if table.find.wording else "doubt" if table.doubt else "keep.like"
        hint = f"wording/{table.category}.txt in the folder of rules"
        builder.fault(key, "its category has no table of wording", hint)
    return Rule(
        id=table.id,
        category=table.category,
        title=both(table.title),
        severity=table.severity,
        confidence=table.confidence,
        basis=tuple(table.basis),
        ground=table.ground or (category.ground if category else ""),
        why=why,
        suggest=both(table.suggest),
        find=builder.find(table.find, keep.near, keep.context),
        keep=keep,
        unless=builder.unless(table.unless),
        escalate=tuple(builder.escalation(step) for step in table.escalate),
        hits=builder.examples(table.examples.hit, is_hit=True),
        misses=builder.examples(table.examples.miss, is_hit=False),
        family=table.family or table.id,
        since=table.since.isoformat() if table.since else "",
        until=table.until.isoformat() if table.until else "",
        source=str(path),
        doubt=table.doubt,
    )


def longest_match(regex: str) -> int:
    """Return how many characters a pattern matches at most."""
    return width(parse(regex))[1]


def tuples(value: Any) -> Any:
    """Return lists as tuples, as a plan has them."""
    return tuple(map(tuples, value)) if isinstance(value, (list, tuple)) else value


def commonness(near: Near) -> float:
    """Return how often any word of a group is likely to stand; the rarest group comes first."""
    return together(near.words) if near.words and not near.regex else inf


def both(table: Any) -> Bilingual:
    """Return a table of zh and en as a pair."""
    return Bilingual(table.zh, table.en)
