"""``secreview review`` as people start it, with and without anything set up."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from secreview.cli import CLEAR, FINDINGS, UNREAD, USAGE, main
from secreview.cli.review import shown_place
from tests.page.build import REASON, draft, lines, number

HERE = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A fresh home, with the people of the example in a folder of it."""
    shutil.copytree(HERE / "examples/desk", tmp_path / "desk")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.delenv("SECREVIEW_STORE", raising=False)
    return tmp_path


class Review:
    """A running review: its page, and what it said when it ended."""

    def __init__(self, client, proof):
        self.client, self.proof, self.said, self.code = client, proof, "", None

    def post(self, what, **data):
        data["proof"] = self.proof
        return self.client.post(f"/review/{what}", data=data)


@contextmanager
def reviewing(*words):
    """Start the command, enter by its link, and end it by Ctrl-C."""
    command = [sys.executable, "-m", "secreview", "review", *words, "--no-browser", "--lang", "zh"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as made:
        try:
            url = made.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), made.communicate()[1]
            with httpx.Client(base_url=url.partition("/review")[0], timeout=30) as client:
                page = client.get(url, follow_redirects=True)
                proof = re.search(r'name="proof" value="([^"]+)"', page.text)
                review = Review(client, proof and proof[1])
                review.page = page.text
                yield review
        finally:
            made.send_signal(signal.SIGINT)
            review.said = made.communicate(timeout=30)[1]
    review.code = made.returncode


def names_in(page):
    return re.findall(r'name="finding" value="([^"]+)"', page)


def test_one_person_alone_keeps_decisions_in_the_own_folder_and_goes_on_later(home):
    Path("a.txt").write_text(lines(2), "utf-8")
    with reviewing("a.txt") as review:
        assert "单人自查：没有第二人复核" in review.page
        first, second = names_in(review.page)
        review.post("dispose", finding=first, action="waive", reason=REASON)
    assert (review.code, "已处置 1/2" in review.said) == (FINDINGS, True)
    assert (home / "data/secreview/records.db").exists()
    assert str(home / "data/secreview/records.db") in review.said
    with reviewing("a.txt") as review:
        assert REASON in review.page
        review.post("dispose", finding=second, action="waive", reason=REASON)
        review.post("opinion", stage="self-check", decision="publish")
        certificate = review.client.get("/review/certificate")
    assert review.code == CLEAR
    Path("a.json").write_bytes(certificate.content)
    assert main(["gate", "a.txt"]) == CLEAR
    assert main(["gate", "a.txt", "--certificate", "a.json"]) == CLEAR
    assert number(0) not in review.said + certificate.text


def test_what_was_not_read_has_its_exit_code(home):
    Path("a.docx").write_bytes(draft(0, 0))
    with reviewing("a.docx") as review:
        assert "1 处内容没有检查" in review.page
    assert review.code == UNREAD


def test_where_people_are_set_up_the_record_and_its_flow_are_used(home, monkeypatch, capsys):
    monkeypatch.chdir(home / "desk")
    assert main(["review", "notice.txt", "--by", "shao", "--lang", "zh"]) == FINDINGS
    assert "先由起草人提交" in capsys.readouterr().err
    assert main(["submit", "notice.txt", "--by", "lin", "--attribute", "active"]) == CLEAR
    with reviewing("notice.txt", "--by", "shao") as review:
        assert "单人自查" not in review.page
        (name,) = names_in(review.page)
        assert (
            review.post("dispose", finding=name, action="waive", reason=REASON).status_code == 303
        )
        assert review.post("opinion", stage="secrecy", decision="publish").status_code == 303
    with reviewing("notice.txt", "--by", "gu", "--people", "people.toml") as review:
        assert f"邵二：可以保留：{REASON}" in review.page
    assert main(["review", "notice.txt", "--by", "nobody", "--lang", "en"]) == USAGE
    assert "not in the file of people" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["no-such.txt"], [], ["a.txt", "--port", "x"], ["a.txt", "--baseline", "a.txt"]]
)
def test_what_cannot_be_done_is_a_fault_of_usage(home, words, capsys):
    Path("a.txt").write_text("通知\n", "utf-8")
    assert main(["review", *words]) == USAGE
    assert capsys.readouterr().err


def test_a_port_that_is_taken_is_told(home, capsys):
    import socket

    Path("a.txt").write_text("通知\n", "utf-8")
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        taken = str(made.getsockname()[1])
        assert main(["review", "a.txt", "--no-browser", "--port", taken, "--lang", "en"]) == USAGE
    assert f"port {taken}" in capsys.readouterr().err


@pytest.mark.parametrize(("missing", "extra"), [("jinja2", "serve"), ("sqlalchemy", "store")])
def test_without_an_extra_the_message_names_it(home, missing, extra):
    Path("a.txt").write_text("通知\n", "utf-8")
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from secreview.cli import main\nsys.exit(main(['review', 'a.txt']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == USAGE
    assert f"secreview[{extra}]" in done.stderr


def test_the_password_of_a_database_is_not_shown():
    assert (
        shown_place("postgresql://me:secret@db.example/records")
        == "postgresql://db.example/records"
    )
    assert os.fspath(Path(shown_place("/a/b@c.db"))) == "/a/b@c.db"
