"""Certificates of clearance: an in-toto statement that names the exact bytes and who approved them.

Sources: in-toto Attestation Framework, Statement v1; DSSE.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from secreview.errors import NotCleared
from secreview.model import VERDICT_ORDER, Verdict
from secreview.review.canonical import canonical, digest
from secreview.review.envelope import opened, seal
from secreview.review.event import Head, Json
from secreview.review.flow import table_of
from secreview.review.keys import PrivateKey, PublicKey
from secreview.review.may import findings_of
from secreview.review.record import AUDIENCE, Decision, File, Machine, Record
from secreview.review.refusals import refused
from secreview.review.step import is_emergency, released, stamp

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:secreview:clearance:1"


class Subject(NamedTuple):
    """One file that is let out."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a verified certificate says; ``predicate`` holds all of it, ``envelope`` its bytes."""

    record: str
    subjects: tuple[Subject, ...]
    decision: Decision
    audience: str
    issued: str
    until: str
    is_emergency: bool
    checkpoint: Head
    predicate: Mapping[str, Any]
    envelope: bytes


def issue(record: Record, head: Head, signer: PrivateKey, now: datetime) -> Certificate:
    """Return a signed certificate on what a record lets out; raise NotCleared when it is nothing.

    ``head`` is the end of the log that holds the decision: the certificate is a checkpoint too.
    """
    files = released(record)
    if not files:
        raise refused(NotCleared, "not-cleared")
    statement: dict[str, Json] = {
        "_type": STATEMENT,
        "subject": [{"name": f.name, "digest": {"sha256": f.sha256}} for f in files],
        "predicateType": PREDICATE,
        "predicate": predicate(record, files, head, now),
    }
    envelope = seal(PAYLOAD_TYPE, canonical(statement), signer)
    return verified(envelope, [signer.public])


def predicate(
    record: Record, files: Collection[File], head: Head, now: datetime
) -> dict[str, Json]:
    """Return what a certificate states: how it was decided, by whom, under which rules."""
    hurried = is_emergency(record)
    decision = record.decision.decision if record.decision and not hurried else Decision.PUBLISH
    days = record.flow.emergency_days if hurried else record.flow.valid_days
    reports = [report for file in files if (report := record.version.report_on(file))]
    findings = findings_of(record, decision)
    counts = Counter(finding.severity.value for finding in findings)
    waived = [f for f in findings if any(w.finding == f.id for w in record.waived)]
    return {
        "record": record.id,
        "version": record.version.digest,
        "decision": decision.value,
        "audience": AUDIENCE[decision],
        "emergency": hurried,
        "emergency_by": [*record.emergency.by] if hurried and record.emergency else [],
        "verdict": worst(reports).value,
        "findings": {**{k: counts[k] for k in ("block", "review", "note")}, "waived": len(waived)},
        "inspected": len(record.inspected),
        "rulebooks": sorted({report.rulebook for report in reports}),
        "tool": sorted({report.version for report in reports}),
        "flow": record.flow.id,
        "policy": f"sha256:{digest(table_of(record.flow))}",
        "approvals": approvals(record),
        "checkpoint": {"count": head.count, "digest": head.digest},
        "issued": stamp(now),
        "until": stamp(now + timedelta(days=days)),
    }


def approvals(record: Record) -> list[Json]:
    """Return the opinions that stand, as a certificate names them."""
    return [
        {
            "stage": opinion.stage,
            "role": opinion.role,
            "actor": opinion.actor,
            "behalf": opinion.behalf,
            "auth": opinion.auth,
            "decision": opinion.decision.value,
            "at": opinion.at,
        }
        for opinion in record.standing
    ]


def worst(reports: Collection[Machine]) -> Verdict:
    """Return the worst of what the machine advised."""
    verdicts = [report.verdict for report in reports]
    return max(verdicts, key=VERDICT_ORDER.__getitem__, default=Verdict.INCOMPLETE)


def verified(envelope: bytes, keys: Collection[PublicKey]) -> Certificate:
    """Return what a certificate says once its signature holds; raise NotCleared otherwise.

    Nothing but the certificate and the public key is needed.
    """
    payload = opened(envelope, PAYLOAD_TYPE, keys)
    try:
        statement: Any = json.loads(payload)
        if statement["_type"] != STATEMENT or statement["predicateType"] != PREDICATE:
            raise ValueError(statement["predicateType"])
        said = statement["predicate"]
        return Certificate(
            record=said["record"],
            subjects=tuple(Subject(s["name"], s["digest"]["sha256"]) for s in statement["subject"]),
            decision=Decision(said["decision"]),
            audience=said["audience"],
            issued=said["issued"],
            until=said["until"],
            is_emergency=said["emergency"],
            checkpoint=Head(said["checkpoint"]["count"], said["checkpoint"]["digest"]),
            predicate=said,
            envelope=envelope.strip(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise refused(NotCleared, "bad-certificate") from error
