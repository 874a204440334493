"""Values planted in documents come out nowhere: no table, log, export, certificate, form, temp file.

The whole way is walked with commands. Every file that is left, was renamed or was removed on the
way, everything on both streams and in the log is searched, packed files inside out.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import sys
import zipfile
from pathlib import Path

import pytest

from secreview.cli import main
from tests.build import resident_id, word
from tests.postgres import empty_schema, server

ID = resident_id("522601", "19880307", "012")
PHONE = "13912345678"
CARD = "6222021234567890128"
NAME = "欧阳青萝"
SENTENCE = "青石桥外第七间阁楼的暗格"  # no rule knows it
HIDDEN = "罗浮山南麓旧井边的铁匣"
CANARIES = (ID, PHONE, CARD, SENTENCE, HIDDEN)
SPOKEN = {SENTENCE, HIDDEN}  # words around a finding, which a report to the reviewer shows
PEOPLE = """
[[person]]
id = "lin"
name = "林一"
unit = "水环境科"
roles = ["drafter"]
[[person]]
id = "shao"
name = "邵二"
unit = "办公室"
roles = ["secrecy-office"]
[[person]]
id = "gu"
name = "顾三"
unit = "局领导"
roles = ["leader"]
"""


def spellings(value: str):
    """Yield the bytes that a value may turn up as."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gbk"):
        data = value.encode(encoding)
        yield data
        for shift in range(3):  # base64 wherever it begins in a longer text
            packed = base64.b64encode(b"\0" * shift + data)
            whole = packed[4 if shift else 0 : len(packed) // 4 * 4 - 4]
            yield whole
            yield whole.replace(b"+", b"-").replace(b"/", b"_")
        yield data.hex().encode()
    yield json.dumps(value)[1:-1].encode()
    yield "".join(f"%{byte:02X}" for byte in value.encode()).encode()
    yield "".join(f"&#{ord(letter)};" for letter in value).encode()


NEEDLES = [(value, data) for value in CANARIES for data in set(spellings(value))]


def leaks(data: bytes, depth: int = 3):
    """Yield the values that bytes give away, also inside what is packed into them."""
    yield from {value for value, needle in NEEDLES if needle in data}
    if depth and data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from leaks(archive.read(name), depth - 1)
    if depth and b'"payload":"' in data:
        for piece in data.split(b'"payload":"')[1:]:
            yield from leaks(base64.b64decode(piece.split(b'"')[0]), depth - 1)


class Watch:
    """Remembers the bytes of every file that is renamed or removed while it looks."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[tuple[str, bytes]] = []
        sys.addaudithook(self.hook)

    def hook(self, name, arguments):
        if not self.is_on or name not in ("os.remove", "os.rename", "shutil.rmtree"):
            return
        self.is_on = False
        path = (
            Path(os.fsdecode(arguments[0]))
            if isinstance(arguments[0], (str, bytes, Path))
            else None
        )
        for file in [path, *path.rglob("*")] if path and path.is_dir() else [path]:
            if file is not None and file.is_file():
                self.seen.append((str(file), file.read_bytes()))
        self.is_on = True


WATCH = Watch()


def test_the_search_finds_values_in_every_spelling():
    for value in CANARIES:
        for data in spellings(value):
            assert value in set(leaks(b"\x00x" + data + b"y"))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", value)
        assert value in set(leaks(packed.getvalue()))
        assert value in set(leaks(b'{"payload":"' + base64.b64encode(value.encode()) + b'"}'))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    if request.param == "sqlite":
        yield str(tmp_path / "kept" / "records.db")
        return
    with server() as url, empty_schema(url) as place:
        yield place


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Folders for documents (not searched) and for all that the commands write (searched)."""
    documents, kept, temp, home = (tmp_path / n for n in ("documents", "kept", "temp", "home"))
    for folder in (documents, kept, temp, home):
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr("tempfile.tempdir", None)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(kept)
    (kept / "people.toml").write_text(PEOPLE, "utf-8")
    return documents, kept


def draft(folder: Path) -> Path:
    """A document with every canary, some of them where they are not seen, one in its name."""
    body = f"经查，联系人{NAME}，手机：{PHONE}，身份证号：{ID}，银行卡号：{CARD}。{SENTENCE}里另有清单。"
    file = folder / f"情况通报{PHONE}.docx"
    file.write_bytes(
        word(body, comment=f"{HIDDEN}，电话{PHONE}", keywords=f"身份证号{ID}", hidden=SENTENCE)
    )
    return file


def second(folder: Path) -> Path:
    """A notice that is published although a number is in it."""
    file = folder / "通知.txt"
    file.write_text(f"发现水体异常，请联系{NAME}，手机：{PHONE}。{SENTENCE}不在此列。", "utf-8")
    return file


def is_report(name: str) -> bool:
    """Whether a file is a report of ``check`` or ``diff``, which shows the words around a finding."""
    return Path(name).name.lstrip(".").startswith(("report.", "diff."))


def walk(store, documents, kept):
    """Yield the command lines of a whole life of a record, refusals among them."""
    file = str(draft(documents))
    people = ("--people", "people.toml", "--flow", "office", "--store", store)
    common = ("--store", store)
    typed = f"与本人{PHONE}核实，证件{ID}无误"
    yield "check", file, "--format", "json", "-o", "report.json"
    yield "check", file, "--format", "html", "-o", "report.html"
    yield "check", file, "--format", "sarif", "-o", "report.sarif"
    yield "baseline", "create", file, "-o", "base.jsonl", "--reason", "核实"
    yield "diff", file, file, "--format", "json", "-o", "diff.json"
    yield "submit", file, "--by", "lin", *people  # comes back: the form is incomplete
    (record,) = ids(store)
    form = ("--attribute", "active", "--title", f"关于{PHONE}的通报", "--reason", typed)
    yield "submit", file, "--by", "lin", "--record", record, *form, *people
    yield "submit", file, "--by", "lin", "--attribute", "active", *people  # is there already
    yield (
        "sign",
        file,
        "--by",
        "gu",
        "--stage",
        "leader",
        "--decision",
        "publish",
        "--remark",
        typed,
        *people,
    )  # not yet
    yield (
        "sign",
        file,
        "--by",
        "shao",
        "--decision",
        "withhold",
        "--ground",
        "G4",
        "--remark",
        typed,
        *people,
    )
    yield (
        "sign",
        file,
        "--by",
        "gu",
        "--decision",
        "withhold",
        "--ground",
        "G4",
        "--remark",
        typed,
        *people,
    )
    yield "gate", file, *common
    notice = str(second(documents))
    waive = ("--waive", f"personal/mobile={typed}")
    active = ("--attribute", "active", "--channel", "政府网站")
    yield "submit", notice, "--by", "lin", *active, *people
    yield "sign", notice, "--by", "shao", "--decision", "publish", *waive, *people
    yield "sign", notice, "--by", "gu", "--decision", "publish", *waive, *people
    yield "gate", notice, "-o", "notice.json", *common
    yield "gate", notice, "--published", "https://example.gov.cn/1", "--by", "lin", *people
    yield "audit", "verify", *common
    yield "audit", "trace", file, *common
    yield "audit", "trace", file, "--format", "json", *common
    yield "audit", "export", "-o", "log.jsonl", *common
    yield "audit", "export", "--format", "csv", "-o", "log.csv", *common
    yield "audit", "export", "--format", "zip", "-o", "log.zip", *common
    yield "audit", "checkpoint", "-o", "point.json", *common
    yield "audit", "backup", "copy.db", *common
    yield "audit", "due", "--until", "2099-01-01", "--format", "json", "-o", "due.json", *common
    for form in ("text", "json", "docx", "html"):
        yield "stats", "inspect", "--format", form, "-o", f"inspect.{form}", *common
    for form in ("docx", "html"):
        yield "stats", "sheet", record, "--format", form, "-o", f"sheet.{form}", *common
    yield "stats", "catalogue", "--format", "csv", "-o", "catalogue.csv", *common
    yield "flow", "status", *common
    remark = ("--by", "gu", "--reason", typed, "--people", "people.toml", *common)
    yield "audit", "clock", *remark
    yield "audit", "erase", record, *remark, "--yes"
    yield "audit", "export", "-o", "later.jsonl", *common


def ids(store):
    """The ids of the records in a store."""
    from secreview.store import read_log

    with read_log(store) as log:
        return list(log.records())


def tables(store):
    """Yield every row of every table as text, when the store is no file."""
    if "://" not in store:
        return
    from sqlalchemy import text

    from secreview.store import open_log

    with open_log(store) as log, log.engine.connect() as connection:
        for table in ("step", "log", "entry", "body", "erased", "file"):
            for row in connection.execute(text(f"SELECT * FROM secreview_{table}")):
                yield (
                    f"table {table}",
                    b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row),
                )


def test_nothing_planted_comes_out(store, folders, capfd, caplog, tmp_path):
    documents, kept = folders
    caplog.set_level(logging.DEBUG)
    codes = {}
    WATCH.seen.clear()
    WATCH.is_on = True
    try:
        for line in walk(store, documents, kept):
            codes.setdefault(line[0], []).append(main([*line, "--lang", "zh"]))
    finally:
        WATCH.is_on = False
    said = capfd.readouterr()
    found = [
        *WATCH.seen,
        ("stdout", said.out.encode()),
        ("stderr", said.err.encode()),
        ("log", caplog.text.encode()),
    ]
    found += tables(store)
    found += [
        (str(path), path.read_bytes())
        for folder in tmp_path.iterdir()
        if folder != documents
        for path in folder.rglob("*")
        if path.is_file()
    ]
    out = {
        name: values - (SPOKEN if is_report(name) else set())
        for name, data in found
        if (values := set(leaks(data)))
    }
    out = {name: values for name, values in out.items() if values}
    assert out == {}, said.err
    assert {code for group in codes.values() for code in group} <= {0, 1}, (codes, said.err)
    assert codes["gate"] == [1, 0, 0]
    assert len(WATCH.seen) > 5
    assert sum(len(data) for _, data in found) > 100_000
