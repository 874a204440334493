"""A plugin for MkDocs: the site is built aside and takes its place only when it may be published.

In ``mkdocs.yml``::

    plugins:
      - secreview:
          fail_on: review      # or block
          on_error: closed     # or open-with-record

Raising an error when the site has been built is too late: the offending page lies in the output
folder by then. So the output folder is exchanged for another one until the check is done.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config as PluginOptions
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger

from secreview.api import configured
from secreview.bulk.files import files_of
from secreview.bulk.local import check_files
from secreview.bulk.site import address
from secreview.config import find_config, load_config
from secreview.model import Report, Severity, Verdict
from secreview.outputs import Options as Look
from secreview.outputs import render

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

LOG = get_plugin_logger("secreview")
PROFILE = "site"


class SecreviewOptions(PluginOptions):  # type: ignore[no-untyped-call] # untyped in MkDocs
    """What ``mkdocs.yml`` may say about the plugin."""

    fail_on = config_options.Choice(("block", "review"), default="review")
    on_error = config_options.Choice(("closed", "open-with-record"), default="closed")
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
            reports = self.reports(config)
        except Exception as error:
            if self.config.on_error == "closed":
                raise PluginError(
                    f"secreview could not check the site ({type(error).__name__}); "
                    "it was not published. Run: secreview doctor"
                ) from error
            LOG.error("secreview could not check the site (%s); published all the same: on_error "
                      "is open-with-record", type(error).__name__)  # fmt: skip
            return
        look = Look(lang=self.config.lang)
        if self.config.report:
            Path(self.config.report).write_text(render("html", reports, look), "utf-8")
        held = [report for report in reports if is_held(report, self.config.fail_on)]
        if held:
            LOG.error("%s", render("text", held, look))
            raise PluginError(
                f"secreview: {len(held)} of {len(reports)} files of the site may not be published; "
                "the output folder was left as it was"
            )

    def reports(self, config: MkDocsConfig) -> list[Report]:
        """Return the report on each file of the built site, named by its address."""
        found = find_config(Path(config.config_file_path or ".").parent, None)
        own = load_config(found)
        options = configured(own, self.config.profile)
        folder = Path(config.site_dir)
        files = files_of([str(folder)], exclude=own.exclude)
        base = config.site_url or ""
        return [
            replace(report, path=address(base, file, folder))
            for file, report in zip(files, check_files(files, options), strict=True)
        ]

    def clean(self) -> None:
        """Remove what was built aside."""
        if self.aside is not None:
            shutil.rmtree(self.aside, ignore_errors=True)
            self.aside = None


def is_held(report: Report, fail_on: str) -> bool:
    """Return whether a report stops the site: a finding that counts, or something not read."""
    if report.verdict is Verdict.INCOMPLETE or report.gaps:
        return True
    counts = {Severity.BLOCK} if fail_on == "block" else {Severity.BLOCK, Severity.REVIEW}
    return any(finding.severity in counts for finding in report.findings)


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
