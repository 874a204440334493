"""What becomes of an item: held whatever its document causes, by policy where nobody can tell."""

import json
import logging
import sys
import threading
import time

import pytest

from secreview import check
from secreview.api.policy import (
    Answer,
    OpeningsFile,
    Standing,
    asked,
    judged,
    nonsense,
    openings_of,
    settled,
    words,
)
from secreview.config import Config, Needs, OnError, load_config
from secreview.errors import StoreError, UsageError
from tests.build import resident_id

ID = resident_id("522601", "19880307", "012")
CLEAR = check(text="今年共办结25件。", name="a.txt")
LEAK = check(text=f"身份证号：{ID}", name="a.txt")
DOUBT = check(text="会议纪要", name="a.txt")
UNREAD = check(data=b"PK\x03\x04 broken", name="a.docx")
LATE = nonsense("an HTML page")


def let(answer, policy, folder, **more):
    journal = OpeningsFile(folder / "openings.jsonl")
    return settled(answer, policy, name="page 7", column="news", openings=journal, **more)


@pytest.mark.parametrize("policy", OnError)
@pytest.mark.parametrize("report", [LEAK, UNREAD], ids=["a finding", "something unread"])
def test_what_a_document_causes_is_held_under_either_policy(tmp_path, policy, report):
    answer = let(judged([CLEAR, report]), policy, tmp_path)
    assert answer.standing is Standing.HELD
    assert not answer.goes_out
    assert not (tmp_path / "openings.jsonl").exists()


@pytest.mark.parametrize("policy", OnError)
def test_what_is_clear_goes_out_under_either_policy(tmp_path, policy):
    assert let(judged([CLEAR, CLEAR]), policy, tmp_path).standing is Standing.CLEARED


def test_nothing_at_all_is_not_clear():
    assert not judged([]).goes_out


def test_a_finding_for_review_holds_unless_only_blocks_do():
    assert DOUBT.findings
    assert not judged([DOUBT]).goes_out
    assert judged([DOUBT], fail_on="block").goes_out
    assert not judged([LEAK], fail_on="block").goes_out
    assert not judged([UNREAD], fail_on="block").goes_out


def test_where_nobody_can_tell_the_default_holds(tmp_path):
    assert let(LATE, OnError.CLOSED, tmp_path) == LATE
    assert not LATE.goes_out


def test_an_open_column_lets_out_once_it_is_noted_and_told(tmp_path, caplog):
    with caplog.at_level(logging.ERROR):
        answer = let(LATE, OnError.OPEN, tmp_path, digests=["ab12"])
    assert answer.standing is Standing.OPENED
    assert answer.goes_out
    (noted,) = OpeningsFile(tmp_path / "openings.jsonl").all()
    assert (noted.column, noted.name, noted.digests) == ("news", "page 7", ("ab12",))
    assert "makes no sense" in noted.why
    assert "page 7" in caplog.text


def test_what_cannot_be_noted_is_held(tmp_path):
    (tmp_path / "openings.jsonl").mkdir()
    answer = let(LATE, OnError.OPEN, tmp_path)
    assert answer.standing is Standing.HELD
    assert "could not be noted" in answer.why.en


def test_long_numbers_in_a_name_are_masked_in_the_note_and_the_log(tmp_path, caplog):
    journal = OpeningsFile(tmp_path / "o.jsonl")
    settled(LATE, OnError.OPEN, name=f"名单{ID}.docx", openings=journal)
    assert ID[:17] not in (tmp_path / "o.jsonl").read_text("utf-8") + caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
def test_notes_are_their_owners_alone(tmp_path):
    let(LATE, OnError.OPEN, tmp_path)
    assert (tmp_path / "openings.jsonl").stat().st_mode & 0o077 == 0


def test_notes_of_many_at_once_are_all_kept_whole(tmp_path):
    threads = [threading.Thread(target=let, args=(LATE, OnError.OPEN, tmp_path)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(OpeningsFile(tmp_path / "openings.jsonl").all())) == 20


def test_a_line_that_is_no_note_is_said_to_be_none(tmp_path):
    (tmp_path / "o.jsonl").write_text(json.dumps(["x"]) + "\n", "utf-8")
    with pytest.raises(StoreError, match="line 1"):
        list(OpeningsFile(tmp_path / "o.jsonl").all())


def test_a_question_that_fails_cannot_be_told_and_its_message_is_not_repeated():
    def failing():
        raise ValueError(f"cannot parse {ID}")

    answer = asked(failing, 5)
    assert answer.standing is Standing.UNKNOWN
    assert "ValueError" in answer.why.en
    assert ID not in answer.why.en + answer.why.zh


def test_a_question_that_ends_its_thread_cannot_be_told():
    assert asked(sys.exit, 5).standing is Standing.UNKNOWN


def test_a_question_that_takes_too_long_cannot_be_told_and_is_not_waited_for():
    done = threading.Event()
    started = time.monotonic()
    answer = asked(lambda: done.wait(30) and judged([CLEAR]), 0.1)
    assert time.monotonic() - started < 5
    done.set()
    assert answer.standing is Standing.UNKNOWN


def test_an_answer_in_time_is_given_as_it_is():
    cleared = Answer(Standing.CLEARED, words("policy.cleared"))
    assert asked(lambda: cleared, 5) is cleared


def test_a_column_takes_what_it_leaves_out_from_the_whole_site(tmp_path):
    file = tmp_path / "secreview.toml"
    file.write_text(
        'profile = "public-list"\non_error = "open-with-record"\nopenings = "let-out.jsonl"\n'
        '[[columns]]\nname = "公示"\npaths = ["/gongshi/*"]\non_error = "closed"\n'
        '[[columns]]\npaths = ["/news/*"]\nprofile = "news"\nneeds = "verdict"\n',
        "utf-8",
    )
    config = load_config(file)
    lists, news, rest = map(config.column_of, ("/gongshi/3/", "/news/1/", "/about/"))
    assert (lists.profile, lists.on_error, lists.needs, lists.name) == (
        "public-list", OnError.CLOSED, Needs.CERTIFICATE, "公示",
    )  # fmt: skip
    assert (news.profile, news.on_error, news.needs) == ("news", OnError.OPEN, Needs.VERDICT)
    assert (rest.profile, rest.on_error) == ("public-list", OnError.OPEN)
    assert openings_of(config).path == tmp_path / "let-out.jsonl"


def test_without_a_word_everything_is_closed_and_needs_people():
    column = Config().column_of("/anything/")
    assert (column.on_error, column.needs) == (OnError.CLOSED, Needs.CERTIFICATE)


def test_an_unknown_policy_is_refused(tmp_path):
    file = tmp_path / "secreview.toml"
    file.write_text('on_error = "open"\n', "utf-8")
    with pytest.raises(UsageError, match="on_error"):
        load_config(file)
