"""secreview.toml: found from below, read whole, wrong keys named with what to do."""

import pytest

from secreview.config import find_config, load_config
from secreview.errors import UsageError

GOOD = """
fail_on = "block"
lang = "zh"
profile = "news"
rules = ["rules"]
exclude = ["*.bak"]

[[off]]
rule = "internal/personnel"
reason = "published by the personnel office itself"

[[allow]]
part = "*.png"
why = "picture"
reason = "logos"

[limits]
total = 1000

[profiles.news]
reason = "news releases"
severity = { "integrity/placeholder" = "review" }
"""


def write(folder, text, name="secreview.toml"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_every_setting_is_read(tmp_path):
    config = load_config(write(tmp_path, GOOD))
    assert (config.fail_on, config.lang, config.profile) == ("block", "zh", "news")
    assert config.rules == (tmp_path / "rules",)
    assert config.off[0].rule == "internal/personnel"
    assert config.allow[0].part == "*.png"
    assert config.limits == {"total": 1000}
    assert config.chosen().severity == {"integrity/placeholder": "review"}
    assert config.chosen("default").off == ()


def test_the_nearest_file_up_to_the_checkout_counts(tmp_path, monkeypatch):
    monkeypatch.delenv("SECREVIEW_CONFIG", raising=False)
    below = tmp_path / "site/news"
    below.mkdir(parents=True)
    (tmp_path / "site/.git").mkdir()
    write(tmp_path, GOOD)
    assert find_config(below) is None  # the search ends at the checkout
    inside = write(tmp_path / "site", "[tool.secreview]\nlang = 'en'\n", "pyproject.toml")
    assert find_config(below) == inside
    assert load_config(inside).lang == "en"
    nearer = write(below, GOOD)
    assert find_config(below) == nearer


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fail_on = 'nevr'", "fail_on"),
        ("fial_on = 'block'", "fial_on"),
        ("[[off]]\nrule = 'a/b'", "reason"),
        ("[[allow]]\npart = 'x'\nwhy = 'picture'\nreason = ''", "reason"),
        ("[limits]\ntotal = -1", "total"),
        ("lang = ", "TOML"),
    ],
)
def test_a_fault_names_the_file_and_the_key(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_an_unknown_profile_lists_the_known_ones(tmp_path):
    config = load_config(write(tmp_path, GOOD))
    with pytest.raises(UsageError, match="Known profiles: default, news"):
        config.chosen("nwes")
