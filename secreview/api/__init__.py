"""The verbs: read a document, check it, load rules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from secreview import __version__, formats
from secreview.config import KEY_VARIABLE, Allowance, Config, Profile
from secreview.engine.findings import Scrubber, Telling
from secreview.engine.scan import scan
from secreview.engine.verdict import verdict
from secreview.errors import Crashed, Encrypted, ReadError, TooLarge, UnknownFormat, UsageError
from secreview.formats.protocol import DEFAULT_LIMITS, Limits, Source
from secreview.model import Covered, Document, Gap, Report, Status, Why
from secreview.plugins import rule_folders
from secreview.rulebook.builtin import folder as builtin_folder
from secreview.rulebook.cache import cached
from secreview.rulebook.load import read_files
from secreview.rulebook.rule import Rulebook

WHY_OF = {
    Encrypted: Why.ENCRYPTED,
    UnknownFormat: Why.UNKNOWN_FORMAT,
    TooLarge: Why.LIMIT,
    Crashed: Why.CRASHED,
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to check: all of it is optional.

    ``rulebook`` defaults to the built-in rules, ``day`` to today (it selects the edition of each
    provision), ``key`` to the fingerprint key of this user, ``reveal`` to masking every value.
    ``passwords`` are tried on encrypted files and are shown nowhere.
    """

    rulebook: Rulebook | None = None
    day: date | None = None
    key: bytes = b""
    reveal: bool = False
    limits: Limits = DEFAULT_LIMITS
    allow: tuple[Allowance, ...] = ()
    decided: frozenset[str] = field(default_factory=frozenset)
    passwords: tuple[str, ...] = field(default=(), repr=False)


DEFAULT = Options()


def check(
    path: str | os.PathLike[str] | None = None,
    *,
    data: bytes | None = None,
    text: str | None = None,
    name: str = "",
    options: Options = DEFAULT,
) -> Report:
    """Return the report on a document given as a path, as bytes with a name, or as text.

    A document that cannot be read gives a report with a gap, whose verdict is never clear. Raises
    UsageError when no document or more than one is given or the path does not exist, RuleError
    when the rules have faults.

    >>> report = check(text="身份证号：11010519491231002X", name="notice.txt")
    >>> report.verdict.value, report.findings[0].masked
    ('block', '1101**************')
    """
    source = source_of(path, data=data, text=text, name=name)
    rulebook = options.rulebook or rulebook_of()
    shown = os.fspath(path) if path is not None else source.name
    try:
        document = formats.read(source, with_passwords(options.limits, options.passwords))
    except ReadError as error:
        document = unread(source, error)
    return judge(document, rulebook, shown=shown, options=options)


def read(
    path: str | os.PathLike[str] | None = None,
    *,
    data: bytes | None = None,
    text: str | None = None,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    passwords: Iterable[str] = (),
) -> Document:
    """Return a document as read: its parts and gaps; raise ReadError when nothing can be read.

    ``passwords`` are tried on what is encrypted.
    """
    source = source_of(path, data=data, text=text, name=name)
    return formats.read(source, with_passwords(limits, tuple(passwords)))


def with_passwords(limits: Limits, passwords: tuple[str, ...]) -> Limits:
    """Return limits with the passwords that readers may try."""
    return replace(limits, passwords=passwords) if passwords else limits


def judge(document: Document, rulebook: Rulebook, *, shown: str, options: Options) -> Report:
    """Return the report on a document as read."""
    key = options.key or fingerprint_key(None)
    telling = Telling(rulebook, options.day or date.today(), key, options.reveal)
    try:
        found, gathered = scan(document, telling)
    except ReadError as error:  # a streamed part that breaks off
        document = Document(
            document.name, document.sha256, document.size, document.media_type, (),
            (gap_of(document.name, error),),
            (Covered(document.name, "file", Status.UNREAD, document.size),),
        )  # fmt: skip
        found, gathered = scan(document, telling)
    gaps = (*document.gaps, *late_gaps(document), *gathered.gaps)
    coverage = document.coverage
    if gathered.hits:  # names of files inside may hold what was found
        scrub = Scrubber(hit.text for hit in gathered.hits)
        gaps = tuple(replace(gap, part=scrub(gap.part)) for gap in gaps)
        coverage = tuple(row._replace(locator=scrub(row.locator)) for row in coverage)
    allowed = tuple(gap for gap in gaps if is_allowed(gap, options.allow))
    left = tuple(gap for gap in gaps if gap not in allowed)
    fresh = tuple(finding for finding in found if finding.fingerprint not in options.decided)
    return Report(
        path=shown,
        name=document.name,
        sha256=document.sha256,
        size=document.size,
        media_type=document.media_type,
        verdict=verdict(fresh, left),
        findings=fresh,
        gaps=left,
        parts=tuple(gathered.summaries),
        coverage=coverage,
        allowed=allowed,
        decided=len(found) - len(fresh),
        rulebook_digest=rulebook.digest,
        rules=len(rulebook.rules),
        version=__version__,
    )


def late_gaps(document: Document) -> tuple[Gap, ...]:
    """Return gaps that a streamed document found only while its parts were read."""
    return tuple(getattr(document.parts, "gaps", ()))


def source_of(
    path: str | os.PathLike[str] | None, *, data: bytes | None, text: str | None, name: str
) -> Source:
    """Return the one source that is given; raise UsageError for none or several."""
    if sum(given is not None for given in (path, data, text)) != 1:
        raise UsageError("give exactly one of path, data, text")
    if path is not None:
        file = Path(path)
        if not file.is_file():
            raise UsageError(f"{file}: no such file")
        return Source(name or file.name, path=file)
    if text is not None:
        return Source(name or "text.txt", data=text.encode("utf-8", "surrogatepass"))
    return Source(name or "document", data=data or b"")


def unread(source: Source, error: ReadError) -> Document:
    """Return a document without parts that says why it could not be read."""
    try:
        digest, size = source.sha256(), source.size()
    except OSError:
        digest, size = "", 0
    gap = gap_of(source.name, error)
    parts = formats.named(source.name, ())
    row = Covered(source.name, "file", Status.UNREAD, size, reason=str(gap.why))
    return Document(source.name, digest, size, "application/octet-stream", parts, (gap,), (row,))


def gap_of(name: str, error: ReadError) -> Gap:
    """Return the gap that stands for a document that could not be read."""
    why = next((w for kind, w in WHY_OF.items() if isinstance(error, kind)), Why.DAMAGED)
    return Gap(name, why, str(error))


def is_allowed(gap: Gap, allow: Iterable[Allowance]) -> bool:
    """Return whether the configuration allows a gap by name, with a reason."""
    return any(fnmatchcase(gap.part, a.part) and gap.why == a.why for a in allow)


def load_rulebook(folders: Sequence[str | os.PathLike[str]] = (), *, profile: str = "") -> Rulebook:
    """Return the built-in rules, those of installed packs, and those of further folders.

    A later folder replaces rules of the same category/id; ``profile`` names one that ships with
    them (``news``, ``public-list``, …). Raises RuleError with every fault of every file, UsageError
    for an unknown profile.
    """
    paths = tuple(Path(folder) for folder in folders)
    rulebook = rulebook_of(paths, "examples")
    if not profile:
        return rulebook
    return with_profile(rulebook, Config().chosen(profile, shipped_profiles(paths)))


def configured(
    config: Config, profile: str = "", *, folders: Sequence[Path] = (), kind: str = "rules"
) -> Options:
    """Return the options that a configuration gives, under one of its profiles or a shipped one.

    ``folders`` hold further rules. Raises UsageError for an unknown profile, RuleError for faults
    in rules.
    """
    rules = (*config.rules, *folders)
    name = profile or config.profile
    is_own = name in config.profiles or name == Profile().name
    chosen = config.chosen(name, {} if is_own else shipped_profiles(rules))
    off = ((item.rule, item.reason) for item in config.off)
    return Options(
        rulebook=with_profile(rulebook_of(rules, kind), chosen, off),
        key=fingerprint_key(config.key_file),
        limits=replace(DEFAULT_LIMITS, **dict[str, Any](config.limits)),
        allow=(*config.allow, *chosen.allow),
    )


def with_profile(
    rulebook: Rulebook, profile: Profile, off: Iterable[tuple[str, str]] = ()
) -> Rulebook:
    """Return a rulebook as a profile, and further rules switched off with reasons, change it."""
    gone = (*off, *((item.rule, item.reason) for item in profile.off))
    if not (gone or profile.severity or profile.ground):
        return rulebook
    from secreview.rulebook.adjust import adjusted  # lazy: most runs change nothing

    return adjusted(rulebook, gone, profile.severity, profile.ground)


def shipped_profiles(folders: Sequence[Path] = ()) -> Mapping[str, Profile]:
    """Return the profiles of the built-in rules, of installed packs and of further folders."""
    from secreview.rulebook.profiles import shipped  # lazy: needs pydantic

    return shipped((builtin_folder(), *rule_folders(), *folders))


@lru_cache(maxsize=4)
def rulebook_of(folders: tuple[Path, ...] = (), kind: str = "rules") -> Rulebook:
    """Return the rulebook of folders, loaded once in a process; ``examples`` has those too."""
    files = read_files((builtin_folder(), *rule_folders(), *folders))
    return cached(files, __version__, kind=kind)


LATER = {
    "records": ("act", "certify", "revise", "sign", "submit"),
    "passing": ("gate", "publish"),
    "desk": ("Desk", "desk_of"),
    "bundle": ("Papers",),
}
HOME_OF = {name: home for home, names in LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a verb of records, whose modules are loaded only when they are used."""
    if name in HOME_OF:
        return getattr(import_module(f"secreview.api.{HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


KEY_BYTES = 32


@lru_cache(maxsize=8)
def fingerprint_key(path: Path | None) -> bytes:
    """Return the key of fingerprints: from the environment, a key file, or this user's own.

    The user's own key is made on first use in the configuration folder, readable by nobody else;
    where that folder cannot be written the key lasts for this process only.
    """
    if os.environ.get(KEY_VARIABLE):
        return os.environ[KEY_VARIABLE].encode()
    if path is not None:
        try:
            return path.read_bytes().strip()
        except OSError as error:
            raise UsageError(f"{path}: the key file cannot be read: {error.strerror}") from error
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    file = (Path(base) if base else Path.home() / ".config") / "secreview" / "key"
    try:
        if not file.exists():
            make_key(file)
        return file.read_bytes().strip()
    except OSError:
        return os.urandom(KEY_BYTES).hex().encode()


def make_key(file: Path) -> None:
    """Write a new random key that only its owner can read; another process's key stands."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f"key.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(os.urandom(KEY_BYTES).hex().encode())
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
