"""Loading rules: every fault at once, each with its place and what to write instead."""

from datetime import date
from pathlib import Path

import pytest

from secreview.errors import RuleError, UsageError
from secreview.model import Severity
from secreview.rulebook.adjust import adjusted
from secreview.rulebook.cache import from_plain, to_plain
from secreview.rulebook.lint import advice
from secreview.rulebook.load import load, read_files
from tests.rules_for_tests import RULES, write_pack


def faults(*folders: Path) -> list[str]:
    with pytest.raises(RuleError) as caught:
        load(read_files(folders))
    return [str(fault).replace("\\", "/") for fault in caught.value.faults]


def test_a_good_pack_loads_in_the_order_of_its_categories(tmp_path):
    rulebook = load(read_files([write_pack(tmp_path)]))
    assert [rule.category for rule in rulebook.rules] == sorted(
        (rule.category for rule in rulebook.rules), key=["personal", "work-secret"].index
    )
    assert len(rulebook.rules) == len(RULES)


def test_the_digest_does_not_depend_on_where_the_folder_is(tmp_path):
    one = load(read_files([write_pack(tmp_path / "a")]))
    two = load(read_files([write_pack(tmp_path / "b")]))
    assert one.digest == two.digest
    (tmp_path / "b" / "words").mkdir()
    (tmp_path / "b" / "words" / "more.txt").write_text("词", "utf-8")
    assert load(read_files([tmp_path / "b"])).digest != one.digest


def test_every_fault_of_every_file_is_reported_at_once(tmp_path):
    pack = write_pack(tmp_path)
    mobile = pack / "personal" / "mobile.toml"
    mobile.write_text(mobile.read_text("utf-8").replace("severity =", "severty ="), "utf-8")
    name = pack / "personal" / "name.toml"
    name.write_text(name.read_text("utf-8").replace("privacy.consent", "privacy.consnt"), "utf-8")
    (pack / "personal" / "account.toml").write_text("id = [", "utf-8")
    lines = faults(pack)
    assert any("account.toml:1: is not valid TOML" in line for line in lines)
    assert any(
        "mobile.toml:5: severty" in line and "did you mean severity?" in line for line in lines
    )
    assert any("name.toml:6: basis" in line and "privacy.consent?" in line for line in lines)


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("words = ['机密'", "regex = '机密'\nwords = ['机密'", "find", "exactly one"),
        ("['alone', 'header']", "['alon']", "keep.zone", "alone"),
        ('id = "mark"', 'id = "other"', "id", "file named mark.toml"),
        ('hit = ["[[某词]]"]', 'hit = ["某词"]', "examples.hit", "marks nothing"),
        ('miss = ["甲", "乙"]', 'miss = ["甲"]', "examples.miss", "at least 2"),
        ("basis = ", "basiss = ", "basiss", "did you mean basis?"),
        ("[keep]", "[keep]\nvalidate = 'resident-di'", "keep.validate", "resident-id?"),
        ("[keep]", "[unless]\nfound = ['personal/mobil']\n[keep]", "unless.found", "personal/mobile?"),
        ("[keep]", "[unless]\nwords_from = 'nolist'\n[keep]", "unless.words_from", "nolist"),
        ("words = ['机密', '秘密']", "regex = '(?:机{1,9}){1,9}密'", "find.regex", "many ways"),
    ],
)  # fmt: skip
def test_a_fault_names_its_key_and_what_to_do(tmp_path, old, new, key, says):
    pack = write_pack(tmp_path)
    path = pack / "work-secret" / "mark.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    lines = faults(pack)
    assert any("mark.toml:" in line and key in line and says in line for line in lines), lines


def test_wording_needs_a_table_of_its_category_whose_lines_mean_something(tmp_path):
    pack = write_pack(tmp_path)
    mark = pack / "work-secret" / "mark.toml"
    text = mark.read_text("utf-8")
    mark.write_text(text.replace("[find]", "doubt = 0.1\n[find]", 1), "utf-8")
    (line,) = faults(pack)
    assert "mark.toml:" in line
    assert "wording/work-secret.txt" in line
    (pack / "wording").mkdir()
    table = pack / "wording" / "work-secret.txt"
    table.write_text("bias\t-1\nsaid\t内部\tmuch\n", "utf-8")
    (line,) = faults(pack)
    assert "work-secret.txt:2" in line
    table.write_text("bias\t-1\nsaid\t内部\t3\n", "utf-8")
    made = load(read_files([pack]))
    assert made.by_name["work-secret/mark"].wording.said == {"内部": 3.0}
    plain = made.by_name["personal/mobile"]
    assert plain.wording is None


def test_a_missing_folder_is_a_fault(tmp_path):
    assert "no such folder of rules" in faults(tmp_path / "none")[0]


def test_a_later_pack_replaces_a_rule_and_extends_a_word_list(tmp_path):
    base = write_pack(tmp_path / "base")
    extra = tmp_path / "extra"
    (extra / "personal").mkdir(parents=True)
    text = (base / "personal" / "mobile.toml").read_text("utf-8")
    (extra / "personal" / "mobile.toml").write_text(text.replace('"review"', '"note"', 1), "utf-8")
    rulebook = load(read_files([base, extra]))
    assert rulebook.by_name["personal/mobile"].severity is Severity.NOTE
    assert len(rulebook.rules) == len(RULES)


def test_a_rule_is_switched_off_only_by_its_right_name(tmp_path):
    rulebook = load(read_files([write_pack(tmp_path)]))
    fewer = adjusted(rulebook, [("personal/mobile", "published by law")], {"personal/name": "note"})
    assert "personal/mobile" not in fewer.by_name
    assert fewer.by_name["personal/name"].severity is Severity.NOTE
    assert fewer.digest != rulebook.digest
    with pytest.raises(UsageError, match="personal/mobile"):
        adjusted(rulebook, [("personal/mobil", "typing error")], {})


def test_the_cache_gives_back_the_same_rulebook(tmp_path):
    rulebook = load(read_files([write_pack(tmp_path)]))
    again = from_plain(to_plain(rulebook))
    assert again.rules == rulebook.rules
    assert again.laws == rulebook.laws
    assert again.categories == rulebook.categories


def test_a_provision_is_the_edition_in_force(tmp_path):
    rulebook = load(read_files([write_pack(tmp_path)]))
    assert rulebook.provision("privacy.consent", date(2021, 10, 31)).edition == "2020-01-01"
    assert rulebook.provision("privacy.consent", date(2021, 11, 1)).edition == "2021-08-20"
    assert rulebook.provision("privacy.consent", date(2019, 1, 1)) is None


def test_lint_tells_authors_what_is_weak(tmp_path):
    rules = {
        "personal/digits": ("note", "[find]\nregex = '[0-9]{3}'\n"),
        "personal/short": ("note", "[find]\nwords = ['机', '秘密']\n"),
        "personal/colon": ("note", "[find]\nregex = '密码:[a-z]{4}'\n"),
    }
    lines = [str(fault) for fault in advice(load(read_files([write_pack(tmp_path, rules)])))]
    for says in ("every position is tried", "single character", "inside many others", "not '：'"):
        assert any(says in line for line in lines), says
