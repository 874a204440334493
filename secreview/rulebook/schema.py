"""The grammar of a rule file as pydantic models; every unknown key is refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from secreview.model import PartKind, Severity
from secreview.rulebook.rule import Bounds, Inside, Scope, Side, Zone

Words = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
RuleFolder = Annotated[str, Field(pattern=r"^[a-z0-9-]+/\*$")]
RuleName = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]


def as_list(value: Any) -> Any:
    """Return a lone value as a list of one."""
    return [value] if isinstance(value, (str, dict)) else value


def as_groups(value: Any) -> Any:
    """Return a bare list of words, or one table, as a list of one group of context words."""
    is_groups = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return value if is_groups else [value]


class Strict(BaseModel):
    """A table that allows no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Both(Strict):
    """The same words in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class NearTable(Strict):
    """Context words within so many characters of the hit; column and row titles count."""

    words: list[str] = []
    words_from: Annotated[list[str], BeforeValidator(as_list)] = []
    regex: str = ""
    within: Annotated[int, Field(ge=1, le=200)] | Literal["sentence"] = 20
    side: Side = Side.BOTH

    @model_validator(mode="before")
    @classmethod
    def from_list(cls, value: Any) -> Any:
        """Accept a bare list of words."""
        return {"words": value} if isinstance(value, list) else value


class FindTable(Strict):
    """Candidates: exactly one of words / words_from, regex, names, text, finder, wording."""

    words: Words | None = None
    words_from: Annotated[list[str], BeforeValidator(as_list)] = []
    regex: str | None = Field(default=None, min_length=1)
    bounds: Bounds = Bounds.NONE
    ignore_case: bool = False
    names: bool = False
    text: str | None = Field(default=None, pattern="^any$")
    finder: str | None = None
    wording: bool = False
    clause: bool | Literal["sentence"] = False

    @model_validator(mode="after")
    def exactly_one(self) -> FindTable:
        """Refuse zero or several ways of finding."""
        ways = [
            bool(self.words or self.words_from),
            self.regex is not None,
            self.names,
            self.text is not None,
            self.finder is not None,
            self.wording,
        ]
        if sum(ways) != 1:
            raise ValueError("give exactly one of words, regex, names, text, finder, wording")
        return self


class KeepTable(Strict):
    """Keep only candidates for which all of these hold."""

    parts: list[PartKind] = []
    zone: Annotated[list[Zone], BeforeValidator(as_list)] = []
    alone: bool = False
    near: Annotated[list[NearTable], BeforeValidator(as_groups)] = []
    headers: list[str] = []
    validate_: Annotated[list[str], BeforeValidator(as_list), Field(alias="validate")] = []
    count: int = Field(default=1, ge=1)
    whole_word: bool = False
    context: list[str] = []
    context_from: list[str] = []
    together: list[RuleName] = []
    like: float = Field(default=0, ge=0, lt=1)


class UnlessTable(Strict):
    """Drop candidates for which any of these holds."""

    parts: list[PartKind] = []
    inside: Annotated[list[Inside], BeforeValidator(as_list)] = []
    near: NearTable | None = None
    headers: list[str] = []
    words: list[str] = []
    words_from: Annotated[list[str], BeforeValidator(as_list)] = []
    regex: str | None = None
    validate_: Annotated[list[str], BeforeValidator(as_list), Field(alias="validate")] = []
    found: list[RuleName | RuleFolder] = []
    context: list[str] = []
    context_from: list[str] = []


class EscalateTable(Strict):
    """Raise the severity when all given conditions hold."""

    to: Severity
    count: int = Field(default=0, ge=0)
    near: NearTable | None = None
    together: list[RuleName] = []
    scope: Scope = Scope.LINE
    note: Both | None = None


class ExampleTable(Strict):
    """An example that stands in a part of its own kind."""

    text: str
    part: PartKind = PartKind.BODY
    page: int | None = None
    headers: list[str] = []


def as_example(value: Any) -> Any:
    """Return a bare string as an example in the body."""
    return {"text": value} if isinstance(value, str) else value


ExampleItem = Annotated[ExampleTable, BeforeValidator(as_example)]


class ExamplesTable(Strict):
    """Texts that must and must not be found; ``[[…]]`` marks what is found."""

    hit: list[ExampleItem] = Field(min_length=1)
    miss: list[ExampleItem] = Field(min_length=2)


class RuleFile(Strict):
    """One rule file."""

    id: Name
    category: Name
    title: Both
    severity: Severity
    confidence: float = Field(default=0.8, gt=0, le=1)
    doubt: float = Field(default=0, ge=0, lt=1)
    basis: list[str] = Field(min_length=1)
    ground: str = ""
    why: Both | None = None
    suggest: Both
    family: str = ""
    since: date | None = None
    until: date | None = None
    find: FindTable
    keep: KeepTable = KeepTable()
    unless: UnlessTable = UnlessTable()
    escalate: Annotated[list[EscalateTable], BeforeValidator(as_list)] = []
    examples: ExamplesTable


class CategoryTable(Strict):
    """One category of ``categories.toml``."""

    id: Name
    title: Both
    ground: str = ""
    form_row: str = ""
    why: Both


class GroundTable(Strict):
    """One statutory ground of ``categories.toml``."""

    code: str
    title: Both
    article: str
    force: str = Field(pattern="^(must|may|route)$")


class CategoriesFile(Strict):
    """The whole of ``categories.toml``."""

    category: list[CategoryTable]
    ground: list[GroundTable] = []


class EditionTable(Strict):
    """One edition of a provision; ``quote`` must stand in that article of the statute text."""

    edition: str
    article: Both
    law: Both | None = None
    start: date
    end: date | None = None
    quote: str = Field(min_length=4)
    file: str = ""


class ProvisionTable(Strict):
    """One provision of ``laws.toml`` with its editions, oldest first."""

    id: str = Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    law: Both
    editions: list[EditionTable] = Field(min_length=1)


class PatternsFile(Strict):
    """``patterns.toml``: pieces of patterns by name, for ``(?&name)`` in rules."""

    patterns: dict[Name, str]


class LawsFile(Strict):
    """The whole of ``laws.toml``."""

    provision: list[ProvisionTable]
