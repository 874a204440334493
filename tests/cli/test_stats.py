"""``secreview stats`` as a person runs it: files in many formats, exit codes, refusals."""

import csv
import io
import json
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import Workbook

from secreview.cli import INTERNAL, main
from secreview.review.forms.form import form_named
from secreview.store import open_log
from secreview.store.retention import Erasure, erase
from tests.review.build import FORM, Case, file
from tests.review.source_forms import S002_TEXT, rows_for, s002, s003
from tests.review.test_known import SITE, published

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def run(capsys):
    def command(*arguments):
        code = main(["stats", *map(str, arguments), "--lang", "zh"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def store(tmp_path):
    """Return the path of a store with one published record."""
    case = Case(files=(replace(file("月报"), name="月报.txt"),))
    published(SITE, case=case)
    place = tmp_path / "records.db"
    with open_log(str(place)) as log:
        log.append(case.events, known=0)
    return place


def as_csv(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def as_gbk_csv(path, rows):
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    path.write_bytes(target.getvalue().encode("gbk"))


def as_xlsx(path, rows):
    book = Workbook()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            is_number = text.lstrip("-").replace(".", "").isdigit()
            book.active.cell(number, column, float(text) if is_number else text or None)
    book.save(path)


def as_docx(path, rows):
    document = Document()
    document.add_paragraph(S002_TEXT)
    wide = max(map(len, rows))
    table = document.add_table(len(rows), wide)
    for line, row in zip(table.rows, rows, strict=True):
        cells = line.cells
        for cell, text in zip(cells, [*row, *[""] * (wide - len(row))], strict=True):
            cell.text = text
    document.save(path)


def as_text(path, rows):
    path.write_text("\n".join(" | ".join(row) + " |" for row in rows), "utf-8")


WRITERS = {
    "f.csv": as_csv, "gbk.csv": as_gbk_csv, "f.xlsx": as_xlsx, "f.txt": as_text,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
def test_a_balanced_form_exits_0_whatever_file_it_is_in(run, tmp_path, name):
    WRITERS[name](tmp_path / name, rows_for(form_named("2019"), s003()))
    code, out, err = run("check", tmp_path / name)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"政府信息公开工作年度报告统计表（2019年格式）　核对 {name}"
    assert out.splitlines()[-1] == "结论 数字相符"


def test_a_form_in_a_word_file_is_compared_with_the_text_around_it(run, tmp_path):
    as_docx(tmp_path / "f.docx", rows_for(form_named("2018"), s002()))
    code, out, _ = run("check", tmp_path / "f.docx", "--format", "json")
    table = json.loads(out)
    assert [d["check"] for d in table["discrepancies"]] == ["K8", "K11", "T1", "T2", "T3"]
    assert [d["strength"] for d in table["discrepancies"]].count("hard") == 1
    assert (code, table["form"], table["blank"]) == (1, "2018", ["G"])


@pytest.mark.parametrize("suffix", ["json", "toml"])
def test_a_form_as_json_or_toml_is_checked(run, tmp_path, suffix):
    cells = s003()
    lines = {}
    for name, value in cells.items():
        line, _, column = name.partition(".")
        lines.setdefault(line, {})[column] = float(value) if "." in value else int(value)
    if suffix == "json":
        text = json.dumps({"form": "2019", "values": lines})
    else:
        text = 'form = "2019"\n' + "".join(
            f"[values.{line}]\n" + "".join(f"{c} = {v}\n" for c, v in row.items())
            for line, row in lines.items()
        )
    path = tmp_path / f"f.{suffix}"
    path.write_text(text, "utf-8")
    assert run("check", path)[0] == 0
    path.write_text(text.replace("18028.5825", "-1.5"), "utf-8")
    assert run("check", path)[0] == 1


def test_a_number_in_the_name_of_a_file_is_not_told_again(run, tmp_path):
    path = tmp_path / "年报13912345678.csv"
    as_csv(path, rows_for(form_named("2019"), s003()))
    for arguments in ((), ("--format", "json")):
        code, out, err = run("check", path, *arguments)
        assert (code, "13912345678" in out + err) == (0, False)


def test_doubts_alone_exit_1_unless_only_sums_are_asked_for(run, tmp_path):
    as_csv(tmp_path / "f.csv", rows_for(form_named("2018"), {**s002(), "H3": "1", "G": "0"}))
    code, out, _ = run("check", tmp_path / "f.csv")
    assert (code, "结论 不平 0　存疑 1" in out) == (1, True)
    assert run("check", tmp_path / "f.csv", "--fail-on", "hard")[0] == 0


def test_a_form_with_an_empty_cell_exits_3_and_names_it(run, tmp_path):
    as_csv(tmp_path / "f.csv", rows_for(form_named("2019"), {**s003(), "charges.before": ""}))
    code, out, _ = run("check", tmp_path / "f.csv")
    assert code == 3
    assert "未填 1 项：行政事业性收费·上一年项目数量" in out
    assert out.splitlines()[-1] == "结论 没有填全，不能视为通过"


def test_last_years_form_is_compared(run, tmp_path):
    as_csv(tmp_path / "now.csv", rows_for(form_named("2019"), s003()))
    as_csv(tmp_path / "last.csv", rows_for(form_named("2019"), s003()))
    code, out, _ = run("check", tmp_path / "now.csv", "--last", tmp_path / "last.csv")
    assert (code, out.count("×不平 B4")) == (1, 3)


@pytest.mark.parametrize(("name", "text", "told"), [
    ("f.txt", "今年没有统计表。", "no table"),
    ("f.json", "[1]", "no table"),
    ("f.json", "{", "JSON"),
    ("f.json", '{"values": {}}', "form"),
    ("f.json", '{"form": "2019", "values": {"zz": 1}}', "no cell zz"),
    ("f.toml", "form = 2019", "form"),
    ("f.json", '{"form": "1999", "values": {}}', "1999"),
])  # fmt: skip
def test_a_file_without_a_form_is_a_usage_error(run, tmp_path, name, text, told):
    (tmp_path / name).write_text(text, "utf-8")
    code, out, err = run("check", tmp_path / name)
    assert (code, out) == (2, "")
    assert told in err


def test_a_file_that_is_not_there_or_cannot_be_read_is_no_pass(run, tmp_path):
    assert run("check", tmp_path / "none.xlsx")[0] == 2
    assert run("check", tmp_path / "none.json")[0] == 2
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04broken")
    assert run("check", tmp_path / "broken.docx")[0] in (2, 3)


def test_a_word_in_a_json_cell_is_told_and_not_counted(run, tmp_path):
    (tmp_path / "f.json").write_text('{"form": "2018", "values": {"A1": true, "F": "无"}}', "utf-8")
    code, out, _ = run("check", tmp_path / "f.json", "--format", "json")
    assert (code, set(json.loads(out)["bad"])) == (3, {"A1", "F"})


def test_a_form_is_filled_from_the_records_filled_up_by_hand_and_checked(run, store, tmp_path):
    target = tmp_path / "2018.csv"
    assert run("fill", "--form", "2018", "--store", store, *MARCH,
               "--kept-since", "2026-01-01", "-o", target)[0] == 0  # fmt: skip
    text = target.read_text("utf-8-sig")
    assert '(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条)",条,1' in text or (
        "(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条),条,1" in text
    )
    assert run("check", target)[0] == 3
    target.write_text(text.replace("人工填报", "0"), "utf-8")
    assert run("check", target)[0] == 0


def test_the_year_is_not_filled_before_the_records_began(run, store, tmp_path):
    code, out, _ = run("fill", "--form", "2018", "--store", store, *MARCH, "--format", "json")
    table = json.loads(out)
    assert (code, table["records"]) == (0, {"since": "2026-03-02", "whole": False})
    assert (table["values"]["A1"], table["hints"]["A1"]) == (None, 1)
    assert set(table["source"].values()) == {"by-hand"}
    (tmp_path / "2018.json").write_text(out, "utf-8")
    assert run("check", tmp_path / "2018.json")[0] == 3


def test_records_erased_by_retention_leave_the_numbers_to_people(run, store):
    with open_log(str(store)) as log:
        (submitted,) = Case().events
        log.append([replace(submitted, record="r2", at="2026-03-03T01:00:00Z")], known=0)
        erase(log, Erasure("r2", "保管期满", "shao", "2026-11-02T01:00:00Z"))
    arguments = ("fill", "--form", "2018", "--store", store, *MARCH, "--kept-since", "2026-01-01")
    code, out, _ = run(*arguments, "--format", "json")
    table = json.loads(out)
    assert (code, table["values"]["A1"], table["hints"]["A1"]) == (0, None, 1)
    assert "有 1 份记录已按保管期限清除，数字不全。" in run(*arguments)[1]


@pytest.mark.parametrize("name", ["审查表.docx", "审查表.html"])
def test_the_review_form_of_a_record_is_written(run, store, tmp_path, name):
    code, out, err = run("sheet", "r1", "--store", store, "-o", tmp_path / name)
    assert (code, out) == (0, "")
    data = (tmp_path / name).read_bytes()
    if name.endswith("docx"):
        assert "已写入" in err
        text = "\n".join(
            c.text for t in Document(io.BytesIO(data)).tables for r in t.rows for c in r.cells
        )
    else:
        text = data.decode()
    assert FORM.title in text
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".tmp"] == []


def test_a_record_is_also_found_by_its_file_and_people_by_their_names(
    run, store, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "月报.txt").write_text("月报", "utf-8")
    (tmp_path / "people.toml").write_text(
        '[[person]]\nid = "lin"\nname = "林一"\nunit = "水环境科"\nroles = ["drafter"]\n', "utf-8"
    )
    (tmp_path / "secreview.toml").write_text('[records]\npeople = "people.toml"\n', "utf-8")
    assert run("sheet", "月报.txt", "--store", store, "-o", "表.html")[0] == 0
    assert "林一" in (tmp_path / "表.html").read_text("utf-8")
    (tmp_path / "月报.txt").write_text("月报!", "utf-8")
    code, _, err = run("sheet", "月报.txt", "--store", store, "-o", "表.html")
    assert (code, "no file that a record holds" in err) == (2, True)


def test_the_catalogue_and_the_self_inspection_come_from_the_same_records(run, store, tmp_path):
    code, out, _ = run("catalogue", "--store", store, *MARCH, "--format", "json")
    assert (code, [e["title"] for e in json.loads(out)["entries"]]) == (0, [FORM.title])
    assert json.loads(run("catalogue", "--store", store, "--year", 2025, "--format", "json")[1])[
        "entries"
    ] == []  # fmt: skip
    code, out, _ = run("inspect", "--store", store, *MARCH, "--unit", "临河市生态环境局")
    assert code == 0
    assert "报送审查  1 件" in out
    assert "自查单位：临河市生态环境局" in out
    table = json.loads(run("inspect", "--store", store, *MARCH, "--format", "json")[1])
    assert (table["reviewed"], table["published"], table["decided"]) == (1, 1, {"publish": 1})


@pytest.mark.parametrize(("arguments", "told"), [
    (("sheet", "zz", "-o", "x.docx"), "zz"),
    (("sheet", "r1"), "-o"),
    (("fill", "--form", "1999"), "1999"),
    (("fill", "--from", "2026-04-01", "--to", "2026-03-01"), "before"),
    (("fill", "--year", "0"), "0"),
])  # fmt: skip
def test_what_cannot_be_made_is_refused_in_a_sentence(
    run, store, tmp_path, monkeypatch, arguments, told
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments, "--store", store)
    assert (code, out) == (2, "")
    assert told in err
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in tmp_path.iterdir()} == {
        "records.db"
    }


def test_reading_records_that_do_not_exist_makes_none(run, tmp_path):
    place = tmp_path / "none.db"
    code, _, err = run("inspect", "--store", place, *MARCH)
    assert (code, place.exists()) == (INTERNAL, False)
    assert "none.db" in err


def test_a_log_that_was_tampered_with_gives_no_statistics(run, store):
    import sqlite3

    with sqlite3.connect(store) as connection:
        for (name,) in connection.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall():
            connection.execute(f'drop trigger "{name}"')
        changed = connection.execute(
            "update secreview_body set data = cast(replace(cast(data as text), ?, ?) as blob)",
            (FORM.title, FORM.title[::-1]),
        )
        assert changed.rowcount
    code, out, err = run("catalogue", "--store", store, *MARCH)
    assert (code, out) == (INTERNAL, "")
    assert err
