"""A plugin for MkDocs: the site is built aside and takes its place only when it may be published.

In ``mkdocs.yml``::

    plugins:
      - secreview:
          fail_on: review      # or block

When the check itself fails, the policy of the columns in ``secreview.toml`` decides.

Raising an error when the site has been built is too late: the offending page lies in the output
folder by then. So the output folder is exchanged for another one until the check is done.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote

from mkdocs.config import config_options
from mkdocs.config.base import Config as PluginOptions
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger

from secreview.api import check, configured
from secreview.api.policy import Answer, Standing, judged, openings_of, settled, unknown
from secreview.bulk.files import files_of
from secreview.bulk.site import address, digest
from secreview.config import Column, Config, OnError, find_config, load_config
from secreview.model import Bilingual
from secreview.outputs import Options as Look
from secreview.outputs import render

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

LOG = get_plugin_logger("secreview")
PROFILE = "site"


class Page(NamedTuple):
    """A file of the site: its path for visitors, its digest, its column, what was said of it."""

    name: str
    sha256: str
    column: Column
    answer: Answer

    @property
    def is_held(self) -> bool:
        """Return whether it holds the site, under the policy of its column."""
        is_untold = self.answer.standing is Standing.UNKNOWN
        return not self.answer.goes_out and not (is_untold and self.column.on_error is OnError.OPEN)


class SecreviewOptions(PluginOptions):  # type: ignore[no-untyped-call] # untyped in MkDocs
    """What ``mkdocs.yml`` may say about the plugin."""

    fail_on = config_options.Choice(("block", "review"), default="review")
    profile = config_options.Type(str, default=PROFILE)
    lang = config_options.Choice(("zh", "en"), default="zh")
    report = config_options.Optional(config_options.Type(str))


class SecreviewPlugin(BasePlugin[SecreviewOptions]):  # type: ignore[no-untyped-call] # the same
    """Builds aside, checks, and lets the site through or leaves the old one in place."""

    def __init__(self) -> None:
        """Begin without a build."""
        self.target: Path | None = None
        self.aside: Path | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether the site is built for others to see; ``serve`` is for its author."""
        self.is_public = command != "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Exchange the output folder for one beside it."""
        if getattr(self, "is_public", True):
            self.target = Path(config.site_dir).resolve()
            self.target.parent.mkdir(parents=True, exist_ok=True)
            made = tempfile.mkdtemp(prefix=f".{self.target.name}-", dir=self.target.parent)
            self.aside = Path(made)
            config.site_dir = made
        return config

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing behind when the build itself fails."""
        self.clean()

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Check the site and let it take its place; raise PluginError when it may not."""
        if self.aside is None or self.target is None:
            return
        try:
            self.judge(config)
            publish(self.aside, self.target)
        finally:
            config.site_dir = str(self.target)
            self.clean()

    def judge(self, config: MkDocsConfig) -> None:
        """Raise PluginError when the site must not be published; write the report if asked to."""
        try:
            answers = self.answers(config)
        except Exception as error:  # not even the policy is known
            raise PluginError(
                f"secreview could not check the site ({type(error).__name__}); "
                "it was not published. Run: secreview doctor"
            ) from error
        reports = [report for answer in answers for report in answer.reports]
        look = Look(lang=self.config.lang)
        if self.config.report:
            Path(self.config.report).write_text(render("html", reports, look), "utf-8")
        held = [answer for answer in answers if not answer.goes_out]
        if held:
            told = [report for answer in held for report in answer.reports]
            whys = {answer.why for answer in held if not answer.reports}
            LOG.error("%s", "\n".join([*map(self.word, whys), render("text", told, look)]))
            raise PluginError(
                f"secreview: {len(held)} of {len(answers)} files of the site may not be "
                "published; the output folder was left as it was. "
                "Where the check itself failed, run: secreview doctor"
            )

    def word(self, both: Bilingual) -> str:
        """Return a message in the language of the site's owner."""
        return both.zh if self.config.lang == "zh" else both.en

    def answers(self, config: MkDocsConfig) -> list[Answer]:
        """Return how it stands with each file of the built site.

        What goes out unreviewed is noted once it is known that nothing holds the others.
        """
        own = load_config(find_config(Path(config.config_file_path or ".").parent, None))
        pages = list(self.pages(config, own))
        if any(page.is_held for page in pages):
            return [page.answer for page in pages]
        openings = openings_of(own)
        return [
            settled(
                page.answer,
                page.column.on_error,
                name=page.name,
                digests=(page.sha256,),
                column=page.column.name,
                openings=openings,
            )
            for page in pages
        ]

    def pages(self, config: MkDocsConfig, own: Config) -> Iterator[Page]:
        """Yield each file of the built site with what was said of it, named by its address."""
        folder, base = Path(config.site_dir), config.site_url or ""
        checked = self.checker(own)
        for file in files_of([str(folder)], exclude=own.exclude):
            name = unquote(address("", file, folder))
            answer = checked(file, address(base, file, folder))
            yield Page(name, digest(file), own.column_of(name), answer)

    def checker(self, own: Config) -> Callable[[Path, str], Answer]:
        """Return what tells how it stands with a file: that nobody can tell where it fails."""
        try:
            options = configured(own, self.config.profile)
        except Exception as error:
            lost = unknown(error)
            return lambda file, name: lost

        def checked(file: Path, name: str) -> Answer:
            try:
                report = replace(check(file, options=options), path=name)
            except Exception as error:
                return unknown(error)
            return judged([report], fail_on=self.config.fail_on)

        return checked

    def clean(self) -> None:
        """Remove what was built aside."""
        if self.aside is not None:
            shutil.rmtree(self.aside, ignore_errors=True)
            self.aside = None


def publish(built: Path, target: Path) -> None:
    """Put a built site in the place of the old one; the old one stays until the new one stands."""
    old = built.with_name(f"{built.name}-old")
    if target.exists():
        target.replace(old)
    try:
        built.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    target.chmod(0o755)  # a folder made aside is its owner's alone
    shutil.rmtree(old, ignore_errors=True)
