"""Names of people, and words that only begin like one."""

import pytest

from secreview.text.people import is_person_name, names_in


@pytest.mark.parametrize(
    "word",
    [
        "管理人",
        "高度重视",
        "方案",
        "公司",
        "金额",
        "",
        "张",
        "abc",
        "王某的",
        "母亲",
        "暴雨天",
        "解散",
        "管制",
        "游览",
        "查实",
    ],
)
def test_words_are_not_names(word):
    assert not is_person_name(word)


@pytest.mark.parametrize("name", ["乔小平", "张三", "欧阳明月", "赖志玲", "司马光", "暴晓峰"])
def test_names_are_names(name):
    assert is_person_name(name)


def test_a_name_before_punctuation_is_found_by_its_form():
    assert names_in("，乔小平，") == [(1, 4)]


def test_a_name_in_running_text_ends_where_the_next_word_begins():
    text = "现将乔小平来访反映问题转送你单位"
    assert [text[a:b] for a, b in names_in(text)] == ["乔小平"]
