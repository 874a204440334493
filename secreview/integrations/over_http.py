"""Asking ``secreview serve``: any answer but the one hoped for means that nobody can tell.

Needs httpx, which comes with the extras ``django``, ``wagtail`` and ``serve``.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from secreview.api.policy import Answer, Standing, judged, nonsense, words
from secreview.engine.verdict import verdict
from secreview.errors import ReviewError, UsageError
from secreview.integrations.reviewer import SITE, Item, Opinion
from secreview.model import Report, Severity
from secreview.outputs.shape import from_dict
from secreview.review.commands import Actor

if TYPE_CHECKING:
    import httpx

PROBLEM = "application/problem+json"
TYPE = "urn:secreview:problem:"
HELD = frozenset({"not-reviewed", "stale", "not-approved", "undetermined"})  # said by the gate
MOST = 64 << 20  # bytes of an answer that are read
RECORD = re.compile(r"[0-9]{8}-[0-9a-f]{8}")
REVIEW = re.compile(r"[0-9a-f]{32}")
TOO_LARGE = 413


class Nonsense(Exception):
    """An answer that is none; the message says what it was instead, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the service: status, headers in lower case, the parsed JSON or None."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def problem(self) -> str:
        """Return the name of the problem that the service tells of, or nothing."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        name = self.body.get("type") if isinstance(self.body, dict) else None
        if kind != PROBLEM or not isinstance(name, str) or not name.startswith(TYPE):
            return ""
        return name.removeprefix(TYPE)


@dataclass(frozen=True, slots=True)
class OverHttp:
    """A reviewer at an address; ``seconds`` is what one question may take in all."""

    url: str
    token: str = field(default="", repr=False)
    seconds: float = 10.0

    def verdict(self, item: Item, profile: str) -> Answer:
        """Return what the service's machine says of exactly these bytes."""
        until = time.monotonic() + self.seconds
        try:
            with self.client() as client:
                reply = self.begun(client, item, profile, until)
                if reply.problem == "too-large":
                    return Answer(Standing.HELD, words("policy.too-large"))
                return judged(reports_in(reply, item))
        except Nonsense as error:
            return nonsense(str(error))

    def begun(self, client: httpx.Client, item: Item, profile: str, until: float) -> Reply:
        """Return the answer to a review once it is done; it is asked for again until then."""
        files = [("file", (piece.name, piece.data)) for piece in item.pieces]
        wait = {"Prefer": f"wait={max(1, int(self.seconds))}"}
        data = {"profile": profile} if profile else None
        reply = sent(client, "POST", "/v1/reviews", files=files, data=data, headers=wait)
        while reply.status == 202 and time.monotonic() < until:
            name = reply.body.get("id") if isinstance(reply.body, dict) else None
            if not isinstance(name, str) or not REVIEW.fullmatch(name):
                raise Nonsense("202 without a review")
            time.sleep(0.05)
            reply = sent(client, "GET", f"/v1/reviews/{name}", headers=wait)
        return reply

    def clearance(self, item: Item, *, at: datetime | None = None) -> Answer:
        """Return whether the gate lets exactly these bytes out.

        The gate knows no past: for what went out earlier a certificate that has run out still
        stands, one that was withdrawn does not.
        """
        asking = {"files": list(dict.fromkeys(item.digests)), "audience": "public"}
        with self.client() as client:
            try:
                reply = sent(client, "POST", "/v1/gate", json=asking)
            except Nonsense as error:
                return nonsense(str(error))
        if reply.status == 204:
            return opened(reply)
        if reply.problem not in HELD:
            return nonsense(f"status {reply.status} from the gate")
        if at is not None and reply.problem == "stale":
            return Answer(Standing.CLEARED, words("policy.stood"))
        return Answer(Standing.HELD, words(f"serve.problem.{reply.problem}"))

    def hand_in(self, item: Item, form: Mapping[str, str], by: Actor, *, record: str = "") -> str:
        """Return the id of a new record of an item; raise ReviewError or Nonsense."""
        files = [("file", (piece.name, piece.data)) for piece in item.pieces]
        lines = {**form, "by": by.id}
        with self.client() as client:
            reply = sent(client, "POST", "/v1/records", files=files, data=lines)
        return str(record_in(reply, 201)["id"])

    def opine(self, record: str, item: Item, opinion: Opinion) -> None:
        """Give an opinion on the version that holds exactly these bytes."""
        with self.client() as client:
            place = f"/v1/records/{record}"
            kept = record_in(sent(client, "GET", place), 200)
            try:
                version = kept["versions"][-1]
                if {file["sha256"] for file in version["files"]} != set(item.digests):
                    raise ReviewError(*reversed(words("policy.changed")))
                digest = version["digest"]
                if is_given(kept["standing"], opinion):
                    return
                open_ = unsettled(kept, opinion.by.id) if opinion.reasoned else ()
            except (KeyError, IndexError, TypeError) as error:
                raise Nonsense("a record without versions") from error
            by = opinion.by.id
            for step, name in open_:
                asking = {"by": by, "reason": opinion.remark, NAMES[step]: name}
                record_in(sent(client, "POST", f"{place}/{step}", json=asking), 200)
            said = {
                "by": by,
                "stage": opinion.stage,
                "decision": opinion.decision.value,
                "digest": digest,
                "remark": opinion.remark,
            }
            record_in(sent(client, "POST", f"{place}/opinions", json=said), 200)

    def note(self, record: str, item: Item, url: str) -> None:
        """Note that an item was published at an address; ``site`` is a person of the service."""
        asking = {"by": SITE.id, "sha256": item.digests[0], "url": url}
        with self.client() as client:
            reply = sent(client, "POST", f"/v1/records/{record}/publications", json=asking)
        record_in(reply, 200)

    def known(self, record: str) -> frozenset[str]:
        """Return the fingerprints of the findings in the present version of a record."""
        with self.client() as client:
            kept = record_in(sent(client, "GET", f"/v1/records/{record}"), 200)
        try:
            reports = kept["versions"][-1]["reports"]
            return frozenset(f["fingerprint"] for report in reports for f in report["findings"])
        except (KeyError, IndexError, TypeError) as error:
            raise Nonsense("a record without versions") from error

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Give a client that follows no redirect and no proxy of the environment."""
        try:
            import httpx
        except ImportError as error:
            raise UsageError('asking over HTTP needs: pip install "secreview[django]"') from error
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        with httpx.Client(
            base_url=self.url,
            headers=headers,
            timeout=self.seconds,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            yield client


NAMES = {"waivers": "finding", "inspections": "unread"}


def sent(client: httpx.Client, method: str, path: str, **more: Any) -> Reply:
    """Return the answer to a request; raise Nonsense for a longer one than is read."""
    data = bytearray()
    with client.stream(method, path, **more) as response:
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > MOST:
                raise Nonsense("an endless answer")
        headers = {key.lower(): value for key, value in response.headers.items()}
    try:
        body = json.loads(bytes(data)) if data else None
    except (ValueError, RecursionError):
        body = None
    return Reply(response.status_code, headers, body)


def reports_in(reply: Reply, item: Item) -> Sequence[Report]:
    """Return the reports of an answer; raise Nonsense unless they are on exactly these bytes."""
    if reply.status != 200:
        raise Nonsense(f"status {reply.status} for a review")
    try:
        reports = from_dict(reply.body)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Nonsense("no report") from error
    if tuple(report.sha256 for report in reports) != item.digests:
        raise Nonsense("a report on other bytes")
    if any(is_contradictory(report) for report in reports):
        raise Nonsense("a verdict that its findings contradict")
    return reports


def is_contradictory(report: Report) -> bool:
    """Return whether a verdict is not the one that findings and gaps lead to."""
    return report.verdict is not verdict(report.findings, report.gaps)


def opened(reply: Reply) -> Answer:
    """Return that the gate lets through, if it says by which record and until when."""
    record, until = reply.headers.get("secreview-record", ""), reply.headers.get("secreview-until")
    try:
        end = datetime.fromisoformat(until or "")
    except ValueError:
        return nonsense("204 without a certificate")
    if not RECORD.fullmatch(record) or end.tzinfo is None or end < datetime.now(UTC):
        return nonsense("204 without a certificate in force")
    why = words("policy.certified", record=record)
    return Answer(Standing.CLEARED, why, (), record, until or "")


def record_in(reply: Reply, status: int) -> Mapping[str, Any]:
    """Return the record in an answer; raise ReviewError for a refusal, Nonsense for all else."""
    if reply.status == status and isinstance(reply.body, dict):
        name = reply.body.get("id")
        if isinstance(name, str) and RECORD.fullmatch(name):
            return reply.body
    raise refusal_of(reply)


def refusal_of(reply: Reply) -> Exception:
    """Return what an answer that is no record means."""
    if not reply.problem or reply.status >= 500:
        return Nonsense(f"status {reply.status} for a record")
    detail, zh = (str(reply.body.get(key) or "") for key in ("detail", "detail_zh"))
    return ReviewError(detail or reply.problem, zh)


def unsettled(record: Mapping[str, Any], by: str) -> list[tuple[str, str]]:
    """Return what a person still has to settle: findings to waive, unread parts to look at."""
    reports = record["versions"][-1]["reports"]
    given = {waiver["finding"] for waiver in record["waived"] if waiver["actor"] == by}
    seen = {item["unread"] for item in record["inspected"]}
    findings = [f for r in reports for f in r["findings"] if f["severity"] != Severity.NOTE.value]
    gaps = [gap for report in reports for gap in report["unread"]]
    return [
        *(("waivers", f["id"]) for f in findings if f["id"] not in given),
        *(("inspections", gap["id"]) for gap in gaps if gap["id"] not in seen),
    ]


def is_given(standing: Sequence[Mapping[str, Any]], opinion: Opinion) -> bool:
    """Return whether an opinion stands already, by the same person."""
    given = (opinion.stage, opinion.by.id, opinion.decision.value)
    return any((said["stage"], said["actor"], said["decision"]) == given for said in standing)
