"""What the routes work with: rules, workers, reviews, the desk, clients, counts."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from fastapi import Request

from secreview.api import Options, configured, fingerprint_key, rulebook_of
from secreview.api.desk import Desk, desk_of
from secreview.config import STORE_VARIABLE, Config
from secreview.engine.verdict import worst
from secreview.model import Report
from secreview.outputs.shape import as_dict
from secreview.review.record import Phase, Record
from secreview.server.limits import Room
from secreview.server.metrics import Metrics
from secreview.server.page.doors import Doors
from secreview.server.problems import Problem
from secreview.server.reviews import Answer, Reviews, review_id, terms_of
from secreview.server.tokens import Client, clients_in
from secreview.server.upload import BundleModel, Upload, upload
from secreview.server.webhooks import Teller, message_of, targets_of
from secreview.server.work import Job, Work, review
from secreview.server.workers import Pool

Result = TypeVar("Result")
PROFILES = 32  # with which rules are kept ready


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration, further folders of rules, and the language of places in reports."""

    config: Config = field(default_factory=Config)
    folders: tuple[Path, ...] = ()
    lang: str = "zh"
    work: Work = review


class Service:
    """One running service; everything in it begins with ``running`` and ends with it."""

    def __init__(self, settings: Settings) -> None:
        """Load rules and clients; raise UsageError or RuleError for what is wrong with them."""
        self.settings, self.config = settings, settings.config
        self.limits = settings.config.serve
        self.key = fingerprint_key(self.config.key_file)
        self.options_of = lru_cache(PROFILES)(self.loaded)
        self.options_of("")
        tokens = self.limits.tokens
        self.clients: tuple[Client, ...] | None = clients_in(tokens) if tokens else None
        self.targets = targets_of(self.limits.webhooks)
        self.metrics = Metrics()
        self.room = Room(self.limits)
        self.reviews = Reviews(self.limits.reports)
        self.doors = Doors(most=self.limits.pages, changed=self.tell)
        self.has_store = bool(self.config.records.store or os.environ.get(STORE_VARIABLE))
        if self.has_store:  # what is wrong with it is said before anything listens
            with desk_of(self.config, self.options_of("")):
                pass
        self.desk: Desk | None = None
        self.pool: Pool
        self.teller: Teller

    def loaded(self, profile: str) -> Options:
        """Return the options of a profile, with its rules loaded and the key of this service."""
        options = configured(self.config, profile, folders=self.settings.folders)
        return replace(options, rulebook=options.rulebook or rulebook_of(), key=self.key)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start workers and open the store, where one is configured; end both afterwards."""
        limits, metrics = self.limits, self.metrics
        with ExitStack() as stack:
            if self.has_store:
                self.desk = stack.enter_context(desk_of(self.config, self.options_of("")))
            self.threads = stack.enter_context(ThreadPoolExecutor(4, "secreview-desk"))
            self.teller = Teller(self.targets, counted=lambda r: metrics.told.labels(r).inc())
            self.pool = Pool(
                limits.workers,
                self.options_of,
                seconds=limits.seconds,
                work=self.settings.work,
                lost=lambda why: metrics.lost.labels(why).inc(),
            )
            stack.callback(self.pool.close)
            try:
                yield
            finally:
                await self.teller.close()

    async def at_desk(self, ask: Callable[[Desk], Result]) -> Result:
        """Return what a function answers at the desk; raise Problem when there is no store."""
        desk = self.desk
        if desk is None:
            raise Problem(503, "no-store")
        return await asyncio.get_running_loop().run_in_executor(self.threads, ask, desk)

    def today(self) -> date:
        """Return the day whose law applies."""
        return date.today()

    def tell(self, record: Record) -> None:
        """Tell those who want to know that a record changed."""
        is_decided = record.phase in (Phase.DECIDED, Phase.PUBLISHED)
        data = {
            "id": record.id,
            "phase": record.phase.value,
            "decision": record.decision.decision.value if record.decision else "",
            "version": record.version.digest,
            "events": record.events,
            "files": [file.sha256 for file in record.version.files],
        }
        event = "record.decided" if is_decided else "record.changed"
        self.teller.tell(message_of(event, data, self.key))

    async def profile(self, name: str) -> Options:
        """Return the options of a profile; raise UsageError for an unknown one."""
        return await asyncio.to_thread(self.options_of, name)

    def upload(
        self, request: Request, model: type[BundleModel]
    ) -> AbstractAsyncContextManager[Upload]:
        """Give what a request hands in, within the limits of this service and of its readers."""
        return upload(request, self.room, self.limits, model, self.options_of("").limits)

    async def named(self, given: Upload) -> tuple[str, list[Job]]:
        """Return the id of the review of a bundle, and what there is to do."""
        profile, day = given.words.get("profile", ""), self.today()
        options = await self.profile(profile)
        assert options.rulebook is not None
        name = review_id(given, terms_of(options.rulebook, day), self.key)
        return name, [Job(file.name, file.data, profile, day) for file in given.files]

    def begin(self, name: str, jobs: list[Job]) -> None:
        """Start a review that neither runs nor has an answer; raise Problem without room for it."""
        if self.reviews.is_known(name):
            return
        room = self.taken(jobs)
        self.reviews.begin(name, self.with_room(room, self.answered(name, jobs)))

    def taken(self, jobs: list[Job]) -> tuple[int, int]:
        """Return the room that documents take from now on; raise Problem when there is none."""
        room = sum(len(job.data) for job in jobs), len(jobs)
        self.room.take(*room)
        self.metrics.running.inc()
        return room

    async def with_room(self, room: tuple[int, int], work: Awaitable[Result]) -> Result:
        """Return what some work gives, and give its room back."""
        try:
            return await work
        finally:
            self.room.give(*room)
            self.metrics.running.dec()

    async def answered(self, name: str, jobs: list[Job]) -> Answer:
        """Return the answer of a review once all its documents were checked, and tell of it."""
        reports = await self.checked(jobs)
        made = as_dict(reports, lang=self.settings.lang)
        answer = Answer(
            json.dumps(made, ensure_ascii=False).encode("utf-8", "replace"),
            worst(report.verdict for report in reports),
            tuple(report.sha256 for report in reports),
        )
        data = {
            "id": name,
            "verdict": answer.verdict.value,
            "documents": [{"sha256": r.sha256, "verdict": r.verdict.value} for r in reports],
        }
        self.teller.tell(message_of("review.done", data, self.key))
        return answer

    async def checked(self, jobs: list[Job]) -> tuple[Report, ...]:
        """Return the reports on documents, checked side by side."""
        return tuple(await asyncio.gather(*map(self.one, jobs)))

    async def one(self, job: Job) -> Report:
        """Return the report on one document, counted."""
        started = time.perf_counter()
        report = await self.pool.check(job)
        self.metrics.seconds.observe(time.perf_counter() - started)
        self.metrics.verdicts.labels(report.verdict.value).inc()
        return report


def key_digest(words: str) -> str:
    """Return what is kept of an idempotency key, nothing of none."""
    if not words:
        return ""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
