"""The keys of secreview.toml as pydantic models; an unknown key is an error, never ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from secreview.config import (
    Allowance,
    Column,
    Config,
    Needs,
    Off,
    OnError,
    Profile,
    Records,
    Serve,
    Webhook,
)
from secreview.errors import UsageError
from secreview.model import Bilingual

Reason = Annotated[str, Field(min_length=2)]


class Strict(BaseModel):
    """A table that allows no unknown keys."""

    model_config = ConfigDict(extra="forbid")


class OffTable(Strict):
    """A rule to switch off, with the reason."""

    rule: str
    reason: Reason


class AllowTable(Strict):
    """A gap that is allowed to stay unread, with the reason."""

    part: str = "*"
    why: str
    reason: Reason


class Both(Strict):
    """The same words in Chinese and English."""

    zh: Reason
    en: Reason


class ProfileTable(Strict):
    """What a profile changes, and why."""

    reason: Reason | Both
    off: list[OffTable] = []
    severity: dict[str, Literal["block", "review", "note"]] = {}
    ground: dict[str, str] = {}
    allow: list[AllowTable] = []

    def profile(self, name: str) -> Profile:
        """Return the profile of this table."""
        words = self.reason
        both = (words, words) if isinstance(words, str) else (words.zh, words.en)
        off = tuple(Off(o.rule, o.reason) for o in self.off)
        allow = tuple(Allowance(a.part, a.why, a.reason) for a in self.allow)
        return Profile(name, Bilingual(*both), off, dict(self.severity), dict(self.ground), allow)


class ColumnTable(Strict):
    """A column of a website: its paths, its profile, and what its items need to go out.

    What is left out is as for the whole site.
    """

    paths: Annotated[list[str], Field(min_length=1)]
    profile: str = ""
    name: str = ""
    needs: Needs | None = None
    on_error: OnError | None = None


class LimitsTable(Strict):
    """Limits of readers, in bytes, counts or seconds."""

    input: int | None = Field(default=None, gt=0)
    member: int | None = Field(default=None, gt=0)
    total: int | None = Field(default=None, gt=0)
    ratio: int | None = Field(default=None, gt=0)
    members: int | None = Field(default=None, gt=0)
    depth: int | None = Field(default=None, ge=0)
    pages: int | None = Field(default=None, gt=0)
    pixels: int | None = Field(default=None, gt=0)
    pictures: int | None = Field(default=None, ge=0)
    memory: int | None = Field(default=None, gt=0)
    cpu_seconds: int | None = Field(default=None, gt=0)
    wall_seconds: int | None = Field(default=None, gt=0)


class RecordsTable(Strict):
    """Where records are kept, by which flow, and who the people are."""

    store: str = ""
    flow: str = "bureau"
    people: str | None = None
    calendar: str | None = None
    signing_key: str | None = None
    public_key: str | None = None
    withheld_months: int = Field(default=12, gt=0)
    published_months: int = Field(default=24, gt=0)

    def records(self, folder: Path) -> Records:
        """Return the settings with paths relative to the folder of their file."""

        def path(name: str | None) -> Path | None:
            return folder / name if name else None

        is_url = "://" in self.store or not self.store
        is_file = self.flow.endswith(".toml")
        return Records(
            store=self.store if is_url else str(folder / self.store),
            flow=str(folder / self.flow) if is_file else self.flow,
            people=path(self.people),
            calendar=path(self.calendar),
            signing_key=path(self.signing_key),
            public_key=path(self.public_key),
            withheld_months=self.withheld_months,
            published_months=self.published_months,
        )


class WebhookTable(Strict):
    """An address to be told, the file that holds the shared secret, and which events."""

    url: str = Field(pattern="^https?://")
    secret: str
    events: list[Literal["review.done", "record.changed", "record.decided"]] = []


class ServeTable(Strict):
    """How the HTTP service listens and how far it goes."""

    host: str = "127.0.0.1"
    port: int = Field(default=8300, ge=0, le=65535)
    tokens: str | None = None
    workers: int = Field(default=0, ge=0)
    seconds: float = Field(default=60, gt=0)
    body: int = Field(default=64 << 20, gt=0)
    body_seconds: float = Field(default=60, gt=0)
    parts: int = Field(default=100, gt=0)
    part: int = Field(default=64 << 20, gt=0)
    waiting: int = Field(default=256, gt=0)
    held: int = Field(default=256 << 20, gt=0)
    reports: int = Field(default=1000, gt=0)
    pages: int = Field(default=32, gt=0)
    webhooks: list[WebhookTable] = []

    def serve(self, folder: Path) -> Serve:
        """Return the settings with paths relative to the folder of their file."""
        own = self.model_dump(exclude={"tokens", "webhooks"})
        return Serve(
            tokens=folder / self.tokens if self.tokens else None,
            webhooks=tuple(
                Webhook(w.url, folder / w.secret, tuple(w.events)) for w in self.webhooks
            ),
            **own,
        )


class ConfigFile(Strict):
    """The whole of secreview.toml."""

    rules: list[str] = []
    profile: str = "default"
    fail_on: Literal["block", "review"] = "review"
    lang: Literal["", "zh", "en"] = ""
    off: list[OffTable] = []
    allow: list[AllowTable] = []
    include: list[str] = []
    exclude: list[str] = []
    key_file: str | None = None
    limits: LimitsTable = LimitsTable()
    profiles: dict[str, ProfileTable] = {}
    columns: list[ColumnTable] = []
    needs: Needs = Needs.CERTIFICATE
    on_error: OnError = OnError.CLOSED
    openings: str | None = None
    records: RecordsTable = RecordsTable()
    serve: ServeTable = ServeTable()


Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], table: Any, path: Path) -> Model:
    """Return a table as a model; raise UsageError naming the file and every faulty key."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults = "\n".join(
            f"{path}: {'.'.join(map(str, item['loc']))}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        )
        raise UsageError(faults) from error


def settings(table: Any, path: Path) -> Config:
    """Return a parsed table as a Config with paths relative to its file."""
    file = validated(ConfigFile, table, path)
    folder = path.resolve().parent
    return Config(
        path=path,
        rules=tuple(folder / name for name in file.rules),
        profile=file.profile,
        fail_on=file.fail_on,
        lang=file.lang,
        off=tuple(Off(o.rule, o.reason) for o in file.off),
        allow=tuple(Allowance(a.part, a.why, a.reason) for a in file.allow),
        include=tuple(file.include),
        exclude=tuple(file.exclude),
        key_file=folder / file.key_file if file.key_file else None,
        limits={k: v for k, v in file.limits.model_dump().items() if v is not None},
        profiles={name: profile.profile(name) for name, profile in file.profiles.items()},
        columns=tuple(column_of(table, file) for table in file.columns),
        needs=file.needs,
        on_error=file.on_error,
        openings=folder / file.openings if file.openings else None,
        records=file.records.records(folder),
        serve=file.serve.serve(folder),
    )


def column_of(table: ColumnTable, file: ConfigFile) -> Column:
    """Return a column, with the general settings where it has none of its own."""
    return Column(
        tuple(table.paths),
        table.profile,
        table.name,
        table.needs or file.needs,
        table.on_error or file.on_error,
    )
