"""What the settings of a site say about secreview, and whom it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from secreview.config import Config, find_config, load_config
from secreview.integrations.in_process import InProcess
from secreview.integrations.over_http import OverHttp
from secreview.integrations.reviewer import Reviewer

NAME = "SECREVIEW"
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The table ``SECREVIEW`` of a site's settings.

    ``config`` is the path of secreview.toml, by default the nearest one; with ``url`` a service is
    asked over HTTP instead of this process. ``seconds`` is how long an answer may take. ``roles``
    gives the roles of the flow that members of a group hold, by the name of the group; ``unit`` is
    written into records. ``serving`` says whether a live page that the gate has not let through is
    kept from visitors.
    """

    config: str = ""
    url: str = ""
    token: str = field(default="", repr=False)
    token_file: str = ""
    seconds: float = SECONDS
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    serving: bool = True


@lru_cache(maxsize=1)
def conf() -> Settings:
    """Return the settings; raise ImproperlyConfigured for a key or value that is none."""
    table: Mapping[str, Any] = getattr(settings, NAME, {})
    known = {name.upper(): name for name in Settings.__dataclass_fields__}
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise ImproperlyConfigured(f"{NAME}: unknown {unknown}; there are {sorted(known)}")
    given = {known[key]: value for key, value in table.items()}
    for name in ("config", "token_file"):
        given[name] = str(given.get(name) or "")
    given["roles"] = {group: tuple(roles) for group, roles in given.get("roles", {}).items()}
    made = Settings(**given)
    if made.seconds <= 0:
        raise ImproperlyConfigured(f"{NAME}: SECONDS has to be more than 0")
    return made


@lru_cache(maxsize=1)
def config() -> Config:
    """Return the configuration of secreview: columns, what they need, policies on failure."""
    named = Path(conf().config) if conf().config else None
    return load_config(find_config(Path(), named))


@lru_cache(maxsize=1)
def reviewer() -> Reviewer:
    """Return whom this site asks."""
    if not conf().url:
        return InProcess(config())
    token = conf().token
    if conf().token_file:
        token = Path(conf().token_file).read_text("utf-8").strip()
    return OverHttp(conf().url, token, conf().seconds)


def forget(*, setting: str = NAME, **_: object) -> None:
    """Read the settings anew when they have changed, as they do in tests."""
    if setting == NAME:
        for known in (conf, config, reviewer):
            known.cache_clear()
