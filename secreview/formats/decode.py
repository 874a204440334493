"""Bytes to text: which encoding a Chinese text is in, and how sure that is."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

# The characters that make up about half of any Chinese prose, official vocabulary included.
SIMPLIFIED = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可"
    "下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面"
    "最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高"
    "已亲其进此话常与活正感见明问力理尔点文几定本公特做外孩相西果走将月十实向声车全信重三机"
    "工物气每并别真打太新比才便夫再书部水像眼等体却加电主界门利海受听表德少克代员许先口由"
    "死安写性马光白或住难望教命花结乐色更拉东神记处让母父应直字场平报友关放至张认接告入笑内"
    "英军候民岁往何度山觉路带万男边风解叫任金快原吃妈变通师立象数四失满战远格士音轻目条呢"
    "政府市县区镇省委局厅办室号关于通知公示公告意见方案规定管理条例实施单位部门审查批准印发"
    "身份证姓名电话联系住址地址户籍性别出生密码账户银行卡收款项目资金预算采购合同招标投标企业"
    "内部资料注意保存秘密机密征求意见稿讨论送审不得公开限制范围请示报告会议纪要领导组织人事任免"
    "处罚决定书当事调查案件执法监督检查安全生产环境保护卫生健康社会救助补贴名单统计数据信息网络"
    "，。、：；？！（）《》“”‘’—…【】〔〕·　"
)
TRADITIONAL = (
    "的一是了我不人在他有這個上們來到時大地為子中你說生國年著就那和要她出也得裡後自以會家可"
    "下而過天去能對小多然於心學麼之都好看起發當沒成只如事把還用第樣道想作種開美總從無情己面"
    "最女但現前些所同日手又行意動方期它頭經長兒回位分愛老因很給名法間斯知世什兩次使身者被高"
    "已親其進此話常與活正感見明問力理爾點文幾定本公特做外孩相西果走將月十實向聲車全信重三機"
    "工物氣每並別真打太新比才便夫再書部水像眼等體卻加電主界門利海受聽表德少克代員許先口由"
    "難望教命花結樂色更拉東神記處讓母父應直字場平報友關放至張認接告入笑內臺灣參考資料測試"
    "政府市縣區鎮省委局廳辦室號關於通知公示公告意見方案規定管理條例實施單位部門審查批准印發"
    "身份證姓名電話聯繫絡住址戶籍性別出生密碼帳戶銀行卡收款項目資金預算採購合約招標投標企業"
    "內部注意保存秘密機密徵求意見稿討論送審不得公開限制範圍請示報告會議紀要領導組織人事任免"
    "處罰決定書當事調查案件執法監督檢查安全生產環境保護衛生健康社會救助補貼名單統計數據信息網路"
)
FREQUENT = frozenset(SIMPLIFIED + TRADITIONAL)

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
NARROW = ("gb18030", "big5", "big5hkscs")
CODECS = ("utf-8", *NARROW, *WIDE)
SURE = 0.15  # scores nearer to each other than this leave a doubt
SCORED = 1 << 16  # characters that are enough to judge a text by
CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x08\x1a\x1b")


class Decoded(NamedTuple):
    """A text, its encoding, how sure that is (0 to 1), and other readings worth looking at."""

    text: str
    encoding: str
    certainty: float = 1.0
    alternatives: tuple[tuple[str, str], ...] = ()
    undecodable: int = 0


class Candidate(NamedTuple):
    """One reading of the bytes with its score and the number of bytes it cannot read."""

    score: float
    encoding: str
    text: str
    undecodable: int


def decode(data: bytes) -> Decoded:
    """Return the text of bytes in an unknown encoding; a byte order mark stays in the text.

    >>> decode("关于公示".encode("gb18030"))[:2]
    ('关于公示', 'gb18030')
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return certain(data, encoding)
    if b"\0" in data:
        wide = best(reading(data, encoding) for encoding in WIDE)
        if wide.score > 0.5:
            return Decoded(wide.text, wide.encoding, wide.score, (), wide.undecodable)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return guess(data)
    return doubted(data, text)


def certain(data: bytes, encoding: str) -> Decoded:
    """Return the text in a known encoding, with replacement characters where it fails."""
    text, undecodable = lenient(data, encoding)
    return Decoded(text, encoding, 1.0, (), undecodable)


def doubted(data: bytes, text: str) -> Decoded:
    """Return valid UTF-8, with the GB18030 reading beside it when the text makes no sense."""
    if len(data) == len(text) or len(data) > 64 or score(text) > 0.2:
        return Decoded(text, "utf-8")
    other = reading(data, "gb18030")
    if other.undecodable or other.score <= 0.2:
        return Decoded(text, "utf-8")
    return Decoded(text, "utf-8", 0.5, ((other.encoding, other.text),))


def guess(data: bytes) -> Decoded:
    """Return the reading with the most frequent characters, and near seconds as alternatives."""
    found = [reading(data, encoding) for encoding in ("utf-8", "gb18030", "big5")]
    if found[2].undecodable:
        found[2] = max(found[2], reading(data, "big5hkscs"), key=rank)
    if len(data) % 2 == 0:
        found += [c for c in (reading(data, e) for e in WIDE[2:]) if not c.undecodable]
    found.sort(key=rank, reverse=True)
    first, *others = found
    near = tuple(
        (c.encoding, c.text)
        for c in others
        if first.score - c.score < SURE and c.text != first.text and not mostly_bad(c)
    )
    margin = first.score - others[0].score
    certainty = max(0.0, min(1.0, 0.5 + margin))
    return Decoded(first.text, first.encoding, certainty, near, first.undecodable)


def reading(data: bytes, encoding: str) -> Candidate:
    """Return how the bytes read in one encoding."""
    text, undecodable = lenient(data, encoding)
    penalty = 10.0 * undecodable / max(1, min(len(data), 200))
    return Candidate(score(text) - min(2.0, penalty), encoding, text, undecodable)


def best(candidates: Iterable[Candidate]) -> Candidate:
    """Return the candidate with the highest score, the first of equals."""
    return max(candidates, key=rank)


def rank(candidate: Candidate) -> float:
    """Return the score of a candidate."""
    return candidate.score


def mostly_bad(candidate: Candidate) -> bool:
    """Return whether more than one character in fifty could not be read."""
    return candidate.undecodable * 50 > len(candidate.text)


def lenient(data: bytes, encoding: str) -> tuple[str, int]:
    """Return the text with replacement characters, and how many there are."""
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return text, text.count("\ufffd")


def score(text: str) -> float:
    """Return how much a text looks like Chinese: the share of frequent among other characters.

    >>> score("通知") > score("籵眭")
    True
    """
    sample = text[:SCORED]
    if len(text) > SCORED and sample.isascii():
        sample = "".join(c for c in text if not c.isascii())[:SCORED]
    controls = sum(sample.count(c) for c in CONTROLS)
    counts = {} if sample.isascii() else Counter(sample)
    strange = {c: n for c, n in counts.items() if c > "\x7f" and c != "\ufeff"}
    if not strange:
        return 1.0 - 4.0 * controls / max(1, len(sample))
    points = sum(weight(character) * count for character, count in strange.items())
    return points / sum(strange.values()) - 4.0 * controls / len(sample)


def weight(character: str) -> float:
    """Return what one character outside ASCII says for (or against) a reading."""
    if character in FREQUENT:
        return 1.0
    if "\u4e00" <= character <= "\u9fff":
        return 0.1
    if "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff5e":
        return 0.6
    if "\ue000" <= character <= "\uf8ff" or character == "\ufffd" or character < "\xa0":
        return -0.5
    return 0.0


def codec(label: str) -> str:
    """Return the codec for a declared charset, the superset of what people call gb2312 or gbk.

    >>> codec("GB2312"), codec("no-such-charset")
    ('gb18030', '')
    """
    try:
        name = codecs.lookup(label.strip().lower()).name
    except (LookupError, ValueError):
        return ""
    wider = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "cp950": "big5hkscs"}
    wider |= {"big5": "big5hkscs", "ascii": "utf-8", "iso8859-1": "cp1252", "utf-8-sig": "utf-8"}
    name = wider.get(name, name)
    return name if text_codec(name) else ""


def text_codec(name: str) -> bool:
    """Return whether a codec turns bytes into text (not one of Python's bytes-to-bytes ones)."""
    try:
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        return False
    return not name.startswith(("utf-7", "idna", "punycode", "unicode", "raw", "undefined"))


def is_text(sample: bytes) -> bool:
    """Return whether the first bytes of a file read as text in some encoding."""
    if not sample:
        return True
    found = decode(sample)
    text = found.text
    if found.undecodable > 2 + len(text) // 10:
        return False
    controls = sum(text.count(c) for c in CONTROLS)
    return controls * 20 <= len(text)
