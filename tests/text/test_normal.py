"""Folding: what a disguise says, and where it stands in the original."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview.text import normal
from secreview.text.folds import fold_characters
from secreview.text.normal import fold
from secreview.text.repair import repair

HANZI = "本局依法公开环境监测数据不含任何个人信息机密资料会议纪要年月日"
ODD = "\u200b\u00ad\u2060\ufeff０１２３５Ｘ　 \n\r\t絕機祕☆⭐①二三〇四五六七八九-–1234567890XOlI|ﬁ𝟏𝟐🌟，。：（）a@_艾特点"
texts = st.text(st.sampled_from(HANZI + ODD), max_size=120) | st.text(max_size=60)


@pytest.mark.parametrize(
    "ordinary",
    [
        "依据《政府信息公开条例》第十四条，对拟公开的信息进行审查。",
        "共收到申请25件，其中网络申请10件（占40%），信函申请15件。",
        "联系电话：0855-8221064，邮编：556000。2021-04-06 至 2021-05-06",
        "GB 3838-2002\t2019-410102-77-03-012345\t12.5",
        "English text with ordinary words, and numbers such as 1,234.50 or 2024.",
    ],
)
def test_ordinary_text_comes_back_as_the_same_object(ordinary):
    folded = fold(ordinary)
    assert folded.text is ordinary
    assert folded.span(2, 5) == (2, 5)


@pytest.mark.parametrize(
    "apart",
    [
        "姓名\t13812\t345678",
        "1380 245 3310 5531",
        "13812345678\n13912345678",
        "2023年共13812\n345678\n998877",
        "身份证\n\n1101051949\n\n1231002X",
        "4500 623081903300",
        "12 138 0013 8000 元",
        "1381234\n— 2 —\n17",
        "共有1870\n9451 326",
        "6226 0249-④③⑦⑧-7701",
    ],
)
def test_numbers_that_are_not_one_number_stay_apart(apart):
    assert [c for c in fold(apart).text if c.isdigit()] == [c for c in apart if c.isdigit()]
    assert fold(apart).text == apart


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("機 密 ☆ 1 0 年", "机密★10年"),
        ("绝\u200b密\u2060★长\u00ad期", "绝密★长期"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("440606 19570215 3366", "440606195702153366"),
        ("公民身份号码 130403\n198512255362，住", "公民身份号码 130403198512255362，住"),
        ("131-47416272", "13147416272"),
        ("1 3 8 1 2 3 4 5 6 7 8", "13812345678"),
        ("一三八一二三四五六七八", "13812345678"),
        ("13①②③④5678⑨", "13123456789"),
        ("𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "13812345678"),
        ("13O12345678", "13012345678"),
        ("6212 2662 3410 9412 113", "6212266234109412113"),
        ("机\n密\n文\n件", "机密文件"),
        ("S E C R E T", "SECRET"),
        ("conﬁdential", "confidential"),
        ("\u2f08\u2f26", "人子"),
        ("卡号 623081903300\n— 1 —\n4572128 元", "卡号 6230819033004572128 元"),
        ("号码①⑤⑨ ④⑧⑤⑧ ③⑤⑤⓪，", "号码15948583550，"),
        ("号是1.5.9-1.7.6.3-0.4.2.8。", "号是15917630428。"),
        ("电话：139 8O 27\n4 651", "电话：13980274651"),
        ("340421-20010607-\n519X", "34042120010607519X"),
        ("6228 4803-9811 2560-477", "6228480398112560477"),
        ("关注永 . 利 . 皇 . 宫微信", "关注永利皇宫微信"),
        ("T O P   S E C R E T", "TOP SECRET"),
        ("110105194912\n31002X\n1527\n1840963 符合", "11010519491231002X\n15271840963 符合"),
        ("微信号 m o o _ l i n 7 3", "微信号 moo_lin73"),
        ("邮箱 wu.lan @ 163 . com", "邮箱 wu.lan@163.com"),
        ("投wulan77艾特qq点com。", "投wulan77@qq.com。"),
        ("li.wei(at)vip.sina(dot)com", "li.wei@vip.sina.com"),
        ("li.wei[at]sina.com", "li.wei@sina.com"),
        ("秘 ＿密 ✩ 三 年", "秘密★三年"),
        ("加微信s.a.n.g_l.s.f_7联系", "加微信sang_lsf_7联系"),
        ("打到卡上：６２２６ ０２４９-④③⑦⑧-７７００", "打到卡上：6226024943787700"),
        ("预留电话 1870\n9451 326", "预留电话 18709451326"),
        ("欧羙㐅㐅码", "欧美XX码"),
        ("加微信l a n _ f u h e 8 6，晚上", "加微信lan_fuhe86，晚上"),
        ("请打133·1259·3258，", "请打13312593258，"),
    ],
)
def test_a_disguise_folds_to_what_it_says(disguised, plain):
    assert fold(disguised).text == plain


@pytest.mark.parametrize(
    "prose", ["Tom @ home. Come", "a list[at] of", "用艾特 Tom 提醒，重点comma", "x - y - z"]
)
def test_signs_that_make_no_address_stay(prose):
    assert fold(prose).text == prose


@pytest.mark.parametrize(
    "prose",
    [
        "版本1.2.3.4.5.6.7",
        "见微信公众号v.s.u.r.e.com.cn",
        "微信版本8.0.4",
        "U.S.A.F.X.Y.Z",
        "见附表A B C，共a b",
    ],
)
def test_dots_that_part_no_account_stay(prose):
    assert fold(prose).text == prose


def test_the_cells_of_a_numbered_row_stay_apart():
    row = "12 鲁子轩 鲁大勇 智力二级 白水乡田坝村4组"
    assert fold(row).text == row
    assert fold("3. 本件属机 密级文件").text == "3. 本件属机密级文件"
    assert fold("12 月 15 日上 午九点").text == "12 月 15 日上午九点"


def test_a_list_mark_before_a_number_is_not_part_of_it():
    assert fold("①13812345678").text == "①13812345678"


@pytest.mark.parametrize(
    "prose",
    [
        "电话13800001234一直不接",
        "共一13800001234",
        "证件11010519491231002X一本",
        "号码13800001一次",
    ],
)
def test_a_word_that_begins_like_a_numeral_is_no_digit_of_the_number_beside_it(prose):
    assert fold(prose).text == prose


@pytest.mark.parametrize("disguised", ["1380000123四", "138〇〇〇〇一二三四", "一三八00001234"])
def test_a_numeral_that_completes_a_number_is_a_digit_of_it(disguised):
    assert fold(disguised).text == "13800001234"


def test_short_lines_that_are_joined_are_remembered():
    folded = fold("姓名：张三\n电话：13812345678")
    assert folded.text == "姓名：张三电话：13812345678"
    assert folded.break_in(3, 7) == 5
    assert folded.break_in(0, 5) is None


@given(texts)
@settings(max_examples=400)
def test_every_folded_character_points_at_its_original(text):
    folded = fold(text)
    last = 0
    for offset, character in enumerate(folded.text):
        start, end = folded.span(offset, offset + 1)
        assert 0 <= last <= start < end <= len(text)
        source = fold_characters(text[start:end])
        assert character in repair(source, 0).text or says(source, character)
        last = start
    assert folded.span(0, len(folded.text))[1] <= len(text)


def says(source: str, character: str) -> bool:
    """A digit may come from a digit-like character that only a run turns into a digit."""
    from secreview.text.folds import CHINESE_DIGITS, LETTER_DIGITS

    return character in (CHINESE_DIGITS.get(source), LETTER_DIGITS.get(source))


@given(texts)
@settings(max_examples=200)
def test_nothing_visible_is_lost(text):
    """Only blanks, line ends, separators inside numbers and invisible characters may go."""
    folded = fold(text)
    kept = {i for o in range(len(folded.text)) for i in range(*folded.span(o, o + 1))}
    gone = "".join(c for i, c in enumerate(text) if i not in kept)
    assert not any(c.isalnum() for c in gone)


@given(st.lists(st.sampled_from(["机密", "内部资料", "公开信息", "关于"]), min_size=1, max_size=6))
def test_spaced_out_words_fold_to_the_words(words):
    text = "".join(words)
    assert fold("　".join(text)).text == text


@given(texts)
@settings(max_examples=400)
def test_short_and_long_texts_are_folded_alike(text):
    short = fold(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normal, "SMALL", 0)
        long = fold(text)
    assert (short.text, list(short.breaks)) == (long.text, list(long.breaks))
    spans = [(short.span(i, i + 1), long.span(i, i + 1)) for i in range(len(short.text))]
    assert all(a == b for a, b in spans)
