"""One person's seat: what there is to decide on, what is said, and what is taken back."""

import pytest

from secreview.api.records import follow, loaded, revise, submit
from secreview.api.seat import Seat, Standing, lone_actor
from secreview.errors import NotAllowed, Stale
from secreview.review import commands as ask
from secreview.review.record import Phase
from tests.page.build import REASON, alone_at, desk_in, draft, lines, number, seat_at, written

OPEN, UPHELD, WAITS, WAIVED = Standing


@pytest.fixture(scope="module", autouse=True)
def own_keys(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def alone(tmp_path):
    with desk_in(tmp_path) as made:
        yield made


@pytest.fixture
def office(tmp_path):
    with desk_in(tmp_path, "office") as made:
        yield made


def test_what_was_not_read_comes_first_and_what_has_one_value_together(alone, tmp_path):
    seat = alone_at(alone, written(tmp_path, draft(8, 3), "a.docx"))
    assert [item.asks for item in seat.items] == [True] * 9 + [False]
    assert seat.items[0].gap is not None
    values = [item.value for item in seat.items[1:9]]
    assert values == sorted(values, key=values.index)
    assert values[:3] == [values[0]] * 3
    assert seat.alike(seat.items[2].id) == tuple(item.id for item in seat.items[1:4])


def test_saying_something_else_takes_back_what_was_said(alone, tmp_path):
    seat = alone_at(alone, written(tmp_path, lines(1)))
    (name,) = seat.by_id
    for action, standing in (("uphold", UPHELD), ("waive", WAIVED), ("uphold", UPHELD)):
        assert seat.dispose([name], action, REASON) == (name,)
        assert seat.standings() == (standing,)
        assert seat.dispose([name], action, REASON) == ()
    assert seat.take_back(name) == (name,)
    assert seat.standings() == (OPEN,)
    assert loaded(seat.record, alone) == seat.record
    assert seat.take_back(name) == ()


def test_the_last_thing_said_is_taken_back_as_a_whole(alone, tmp_path):
    seat = alone_at(alone, written(tmp_path, draft(6, 3), "a.docx"))
    same = seat.alike(seat.items[1].id)
    assert seat.dispose(same, "waive", REASON) == same
    seat.dispose([seat.items[5].id], "uphold")
    assert seat.take_back() == (seat.items[5].id,)
    seat.take_back(same[1])
    assert set(seat.take_back()) == {same[0], same[2]}
    assert set(seat.standings()) == {OPEN}


def test_a_block_waits_for_the_other_role_and_is_open_for_who_holds_it(office, tmp_path):
    file = written(tmp_path, lines(1))
    record = submit(file, by="lin", attribute="active", desk=office)
    shao, gu = seat_at(office, record, "shao", file), seat_at(office, record, "gu", file)
    names = [*shao.by_id]
    shao.dispose(names, "waive", REASON)
    assert shao.standings() == (WAITS,)
    assert gu.dispose(names, "waive", REASON) == (*names,)  # having read what was written meanwhile
    assert gu.standings() == (WAIVED,)
    shao.refresh()
    assert shao.standings() == (WAIVED,)


def test_who_wrote_it_says_nothing_about_it(office, tmp_path):
    file = written(tmp_path, lines(1))
    record = submit(file, by="lin", attribute="active", desk=office)
    seat = seat_at(office, record, "lin", file)
    with pytest.raises(NotAllowed):
        seat.dispose([*seat.by_id], "uphold")
    assert seat.standings() == (OPEN,)


def test_several_things_are_kept_together_or_not_at_all(alone, tmp_path):
    seat = alone_at(alone, written(tmp_path, lines(2)))
    first = seat.items[0].id
    before = seat.record.events
    commands = [ask.Waive(first, REASON), ask.Waive("no-such", REASON)]
    with pytest.raises(Exception, match="no-such"):
        follow(seat.record, commands, by=seat.actor, desk=alone)
    assert loaded(seat.record, alone).events == before


def test_another_version_makes_the_seat_stale(office, tmp_path):
    file = written(tmp_path, lines(1))
    record = submit(file, by="lin", attribute="active", desk=office)
    seat = seat_at(office, record, "shao", file)
    revise(record, written(tmp_path, lines(2)), by="lin", desk=office)
    seat.refresh()
    assert seat.is_outdated
    with pytest.raises(Stale):
        seat.dispose([*seat.by_id], "uphold")
    with pytest.raises(Stale):
        seat.opine(stage="secrecy", decision="publish")


def test_an_edited_file_follows_its_record_and_another_of_the_name_does_not(alone, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    file = written(one, lines(3), "通知.txt")
    first = alone_at(alone, file)
    first.dispose([first.items[0].id], "waive", REASON)
    first.dispose([first.items[1].id], "uphold", "须删去")
    other = alone_at(alone, written(two, f"另一份{number(9)}", "通知.txt"))
    assert other.record.id != first.record.id
    file.write_text("补充一行。\n" + lines(3) + f"证件号{number(9)}\n", "utf-8")
    later = alone_at(alone, file)
    assert later.record.id == first.record.id
    assert sorted(later.standings()) == [OPEN, OPEN, UPHELD, WAIVED]
    assert [item.is_new for item in later.items].count(True) == 1
    assert alone_at(alone, file).record.events == later.record.events


def test_a_decided_record_is_shown_as_it_is(alone, tmp_path):
    file = written(tmp_path, "没有问题的通知。\n")
    seat = alone_at(alone, file)
    seat.opine(stage="self-check", decision="publish")
    again = alone_at(alone, file)
    assert (again.record.id, again.record.phase) == (seat.record.id, Phase.DECIDED)
    assert again.certificate() == seat.certificate() is not None


def test_what_a_baseline_knows_is_no_news(alone, tmp_path):
    seat = alone_at(alone, written(tmp_path, lines(2)))
    known = frozenset({seat.items[0].finding.fingerprint})
    again = Seat(alone, lone_actor("she"), seat.record, seat.papers, known)
    assert [item.is_new for item in again.items] == [False, True]


def test_a_record_made_with_another_key_is_matched_by_place(alone, tmp_path):
    from dataclasses import replace

    file = written(tmp_path, draft(6, 3), "a.docx")
    seat = alone_at(alone, file)
    other = replace(alone, options=replace(alone.options, key=b"another key"))
    items = alone_at(other, file).items
    assert [item.id for item in items] == [item.id for item in seat.items]
    assert all(item.finding or item.gap for item in items)


def test_files_that_are_not_at_hand_are_named_and_their_findings_listed(office, tmp_path):
    from secreview.api.bundle import Papers

    page, annex = written(tmp_path, "通知。\n"), written(tmp_path, lines(1))
    record = submit(Papers(page, [annex]), by="lin", attribute="active", desk=office)
    seat = seat_at(office, record, "shao", page)
    assert [file.name for file in seat.absent()] == [annex.name]
    (item,) = seat.items
    assert (item.finding, item.paper) == (None, -1)
    assert seat_at(office, record, "shao", page, annex).absent() == ()
