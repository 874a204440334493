"""Certificates: what they say, that a stranger can verify them, and that no byte can change."""

import base64
import json
from datetime import timedelta

import pytest
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from secreview.errors import NotCleared, UsageError
from secreview.review.certificate import PAYLOAD_TYPE, Subject, issue, verified
from secreview.review.commands import BreakGlass, Certify, Publish, Reopen, Withdraw
from secreview.review.envelope import opened, seal
from secreview.review.event import Head
from secreview.review.gate import in_force, let_through
from secreview.review.keys import new_key, private_key, public_key
from secreview.review.record import Decision, Phase, Role
from tests.review.build import HEAD, LEADER, LEGAL, SECRECY, WRITER, Case, file, report

PRIVATE, PUBLIC = new_key()
SIGNER, KEY = private_key(PRIVATE), public_key(PUBLIC)
HEAD_OF_LOG = Head(7, "ab" * 32)


def cleared(case=None):
    case = case or Case()
    case.approve()
    return certified(case)


def certified(case):
    made = issue(case.record, HEAD_OF_LOG, SIGNER, case.now)
    names = tuple(s.sha256 for s in made.subjects)
    case.do(LEADER, Certify(made.envelope.decode(), names, made.until))
    return case, made


def second_verifier(envelope: bytes, pem: bytes) -> dict:
    """Return the statement of an envelope as another implementation verifies it."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = SSlibKey.from_crypto(load_pem_public_key(pem))
    read = Envelope.from_dict(json.loads(envelope))
    read.verify([key], 1)
    return json.loads(read.payload)


def test_a_certificate_names_bytes_approvals_rules_and_the_end_of_the_log():
    case, made = cleared()
    said = made.predicate
    assert made.subjects == tuple(Subject(f.name, f.sha256) for f in case.record.version.files)
    assert [a["actor"] for a in said["approvals"]] == ["qiao", "shao", "yin", "gu"]
    assert (made.decision, made.audience, made.is_emergency) == (Decision.PUBLISH, "public", False)
    assert made.checkpoint == HEAD_OF_LOG
    assert said["rulebooks"] == ["sha256:0"]
    assert said["policy"].startswith("sha256:")
    assert len(made.envelope) < 3000


def test_another_implementation_verifies_the_certificate_with_the_public_key_alone():
    _, made = cleared()
    statement = second_verifier(made.envelope, PUBLIC)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"][0]["digest"]["sha256"] == made.subjects[0].sha256
    stranger = new_key()[1]
    with pytest.raises(VerificationError):
        second_verifier(made.envelope, stranger)
    with pytest.raises(NotCleared, match="signature"):
        verified(made.envelope, [public_key(stranger)])


def test_an_envelope_of_another_implementation_is_verified_here():
    from securesystemslib.signer import CryptoSigner

    signer = CryptoSigner.generate_ed25519()
    sealed = Envelope(b"payload", PAYLOAD_TYPE, {})
    sealed.sign(signer)
    raw = bytes.fromhex(signer.public_key.keyval["public"])
    ours = type(KEY)(signer.public_key.keyid, raw)
    envelope = json.dumps(sealed.to_dict(), sort_keys=True, separators=(",", ":")).encode()
    assert opened(envelope, PAYLOAD_TYPE, [ours]) == b"payload"


def test_every_single_byte_of_a_certificate_counts():
    _, made = cleared()
    for index in range(len(made.envelope)):
        for change in (1, 0x20, 0x80):
            data = bytearray(made.envelope)
            data[index] ^= change
            with pytest.raises(NotCleared):
                verified(bytes(data), [KEY])


@pytest.mark.parametrize("cut", [0, 1, 10, 200, -1, -2])
def test_a_certificate_that_is_cut_or_is_none_is_refused(cut):
    _, made = cleared()
    for data in (made.envelope[:cut], made.envelope[cut:] if cut > 0 else b"[]", b"{}", b"null",
                 b"[" * 100_000, b'{"payload":"","signatures":[{"keyid":1.5,"sig":""}]}'):  # fmt: skip
        with pytest.raises(NotCleared):
            verified(data, [KEY])


def test_a_signature_over_another_type_or_statement_is_no_certificate():
    _, made = cleared()
    payload = opened(made.envelope, PAYLOAD_TYPE, [KEY])
    for kind, body in (("text/plain", payload), (PAYLOAD_TYPE, b"{}"), (PAYLOAD_TYPE, b"[]")):
        with pytest.raises(NotCleared):
            verified(seal(kind, body, SIGNER), [KEY])


def test_the_gate_lets_through_the_certified_bytes_only_for_whom_and_as_long_as_they_may():
    case, made = cleared()
    (subject,) = made.subjects
    let_through(made, [subject], audience="public", now=case.now)
    for files, audience, days, said in (
        ([Subject("page.txt", "0" * 64)], "public", 0, "not the bytes"),
        ([subject, Subject("b.txt", "1" * 64)], "public", 0, "not the bytes"),
        ([], "public", 0, "no file"),
        ([subject], "internal", 0, "not for"),
        ([subject], "public", 366, "valid until"),
        ([subject], "public", -1, "later than this clock"),
    ):
        with pytest.raises(NotCleared, match=said):
            let_through(made, files, audience=audience, now=case.now + timedelta(days=days))


def test_nothing_is_certified_before_it_is_decided():
    case = Case()
    case.sign(HEAD, "section")
    with pytest.raises(NotCleared):
        issue(case.record, HEAD_OF_LOG, SIGNER, case.now)


@pytest.mark.parametrize("decision", [Decision.WITHHOLD, Decision.ON_REQUEST])
def test_what_is_withheld_gets_no_certificate(decision):
    case = Case()
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    case.sign(LEADER, "leader", decision, ground="G6")
    with pytest.raises(NotCleared):
        issue(case.record, HEAD_OF_LOG, SIGNER, case.now)


def test_an_internal_document_does_not_pass_the_gate_to_the_public():
    case = Case()
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    case.sign(LEADER, "leader", Decision.INTERNAL)
    case, made = certified(case)
    let_through(made, made.subjects, audience="internal", now=case.now)
    with pytest.raises(NotCleared):
        let_through(made, made.subjects, audience="public", now=case.now)


def test_a_partial_release_certifies_the_copy_and_not_the_original():
    whole, copy = file("原件"), file("副本", Role.COPY, file("原件").sha256)
    case = Case(files=(whole, copy))
    case.sign(HEAD, "section", Decision.PARTIAL)
    case.sign(SECRECY, "secrecy", Decision.PARTIAL)
    case.sign(LEGAL, "legal", Decision.PARTIAL)
    case.sign(LEADER, "leader", Decision.PARTIAL)
    case, made = certified(case)
    assert [s.sha256 for s in made.subjects] == [copy.sha256]
    with pytest.raises(NotCleared):
        let_through(made, [Subject("page.txt", whole.sha256)], audience="public", now=case.now)


@pytest.mark.parametrize(
    "end",
    [
        lambda case: case.revise(files=(file("二月"),)),
        lambda case: case.do(LEADER, Reopen("依照条例第十八条重新评估")),
        lambda case: case.do(SECRECY, Withdraw("发现附件有误，立即下线")),
    ],
)
def test_new_bytes_a_new_review_and_a_withdrawal_end_the_certificate(end):
    case, made = cleared()
    assert in_force(case.record, made.subjects[0]).envelope == made.envelope.decode()
    end(case)
    with pytest.raises(NotCleared):
        in_force(case.record, made.subjects[0])
    with pytest.raises(NotCleared):
        case.do(WRITER, Publish("https://example.org/a", made.subjects[0].sha256))


def test_an_emergency_certificate_is_short_says_so_and_ends_with_the_review():
    case = Case(report(file("通告")), files=[file("通告")])
    case.do(SECRECY, BreakGlass("水源污染，须立即告知公众"))
    case.do(LEADER, BreakGlass("同意，先发布后补审"))
    case, made = certified(case)
    assert (made.is_emergency, made.predicate["emergency_by"]) == (True, ["shao", "gu"])
    with pytest.raises(NotCleared):
        let_through(made, made.subjects, audience="public", now=case.now + timedelta(days=4))
    assert case.record.phase is Phase.REVIEW
    case.approve()
    with pytest.raises(NotCleared):
        in_force(case.record, made.subjects[0])
    case, made = certified(case)
    assert not made.is_emergency
    in_force(case.record, made.subjects[0])


@pytest.mark.parametrize("pem", [b"", b"no key", base64.b64encode(b"0" * 32)])
def test_what_is_no_key_is_a_usage_error(pem):
    for read in (public_key, private_key):
        with pytest.raises(UsageError):
            read(pem)


def test_a_private_key_does_not_show_its_bytes():
    assert repr(SIGNER) == f"PrivateKey(id={KEY.id!r})"
    assert public_key(PRIVATE) == KEY
