"""A parser that hangs, dies or lies costs one document its verdict, and nobody else anything."""

import asyncio
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from secreview.api import configured
from secreview.config import Config
from secreview.errors import Crashed
from secreview.model import Verdict, Why
from secreview.server.work import Job
from secreview.server.workers import Pool, Worker
from tests.server import work
from tests.server.conftest import quick, running
from tests.server.test_reviews import CLEAN, WAIT, post


def sleepers():
    """Return the processes that a hanging parser has started."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told = file.read_bytes()
            if b"613.25" in told and work.run().encode() in told:
                found.append(file.parent.name)
        except OSError:
            continue
    return found


def job(data, name="notice.txt"):
    return Job(name, data, "", date(2026, 3, 2))


@pytest.fixture(scope="module")
def pool():
    lost = []
    options = replace(configured(Config()), key=b"key")
    made = Pool(1, lambda profile: options, seconds=1.0, work=work.review, lost=lost.append)
    made.told = lost
    made.done_now(job(CLEAN.encode()))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (work.HANG, Why.LIMIT),
        (work.DIE, Why.CRASHED),
        (work.RAISE, Why.CRASHED),
        (work.WEIRD, Why.CRASHED),
    ],
)
def test_what_cannot_be_checked_is_a_gap_and_the_next_document_is_checked(pool, data, why):
    before = len(pool.told)
    report = pool.done_now(job(data))
    assert report.verdict is Verdict.INCOMPLETE
    assert [gap.why for gap in report.gaps] == [why]
    assert len(pool.told) == before + 1
    assert pool.done_now(job(CLEAN.encode())).verdict is Verdict.CLEAR


def test_what_a_killed_worker_had_started_ends_with_it(pool):
    pool.done_now(job(work.HANG))
    until = time.monotonic() + 5
    while sleepers() and time.monotonic() < until:
        time.sleep(0.05)
    assert not sleepers()


def test_a_worker_that_ended_while_idle_costs_nobody_anything(pool):
    (worker,) = pool.all
    worker.process.kill()
    worker.process.join()
    assert pool.done_now(job(CLEAN.encode())).verdict is Verdict.CLEAR
    assert pool.told[-1] == "idle"


@pytest.mark.skipif(sys.platform == "win32", reason="alarms of POSIX")
def test_a_stuck_worker_that_nobody_kills_ends_by_itself(pool):
    worker = Worker(work.review, memory=1 << 31, seconds=0.1)
    with pytest.raises(Crashed):
        worker.check(job(work.HANG), pool.options_of(""), 30)
    worker.end()


def test_a_name_is_checked_even_where_the_document_cannot_be(pool):
    report = pool.done_now(job(work.DIE, "身份证11010519491231002X.txt"))
    assert report.verdict is Verdict.BLOCK
    assert report.gaps


async def all_at_once(base_url, texts):
    """Return the answers to reviews that are asked for on as many connections at a time."""
    limits = httpx.Limits(max_connections=len(texts))
    async with httpx.AsyncClient(base_url=base_url, timeout=60, limits=limits) as client:
        asked = [
            client.post("/v1/reviews", files={"file": ("a.txt", text)}, headers=WAIT)
            for text in texts
        ]
        return await asyncio.gather(*asked)


def test_two_hundred_reviews_at_once_are_answered_while_one_is_stuck():
    texts = [f"{CLEAN}第{number}期。" for number in range(200)]
    with running(Config(serve=quick(workers=2, seconds=15))) as client:
        post(client, ("warm.txt", CLEAN))
        post(client, ("warm2.txt", CLEAN))
        stuck = {}

        def hang():
            stuck["answer"] = post(client, ("stuck.txt", work.HANG))
            stuck["at"] = time.monotonic()

        thread = threading.Thread(target=hang)
        thread.start()
        while "secreview_reviews_running 1.0" not in client.get("/metrics").text:
            time.sleep(0.05)
        answers = asyncio.run(all_at_once(client.base_url, texts))
        done = time.monotonic()
        thread.join(30)
        counts = client.get("/metrics").text
    assert len({answer.headers["content-location"] for answer in answers}) == 200
    assert all(answer.json()["summary"]["verdict"] == "clear" for answer in answers)
    assert done < stuck["at"]
    assert stuck["answer"].status_code == 200
    assert stuck["answer"].json()["summary"]["verdict"] == "incomplete"
    assert 'secreview_workers_lost_total{why="late"} 1.0' in counts


def test_too_much_at_once_is_refused_and_may_be_asked_again():
    with running(Config(serve=quick(waiting=2, seconds=1))) as client:
        post(client, ("warm.txt", CLEAN))
        codes = [post(client, (f"{n}.txt", work.HANG), headers={}).status_code for n in range(5)]
        assert codes == [202, 202, 429, 429, 429]
        assert client.get("/metrics").text.count("secreview_reviews_running 2.0") == 1
        last = post(client, ("4.txt", CLEAN), headers=WAIT)
        assert last.status_code in (200, 429)
