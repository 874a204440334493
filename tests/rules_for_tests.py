"""A small pack of rules, written to a folder, for tests of loading and scanning."""

from pathlib import Path

CATEGORIES = """
[[category]]
id = "personal"
title = { zh = "个人信息", en = "Personal data" }
ground = "G4"
why = { zh = "可能含有个人信息。", en = "May hold personal data." }
[[category]]
id = "work-secret"
title = { zh = "工作秘密", en = "Work secrets" }
why = { zh = "可能属于内部信息。", en = "May be internal." }
[[ground]]
code = "G4"
title = { zh = "保护第三方合法权益", en = "Rights of third parties" }
article = "条例15"
force = "must"
"""

LAWS = """
[[provision]]
id = "privacy.consent"
law = { zh = "个人信息保护法", en = "Personal Information Protection Law" }
[[provision.editions]]
edition = "2020-01-01"
article = { zh = "第一条", en = "Article 1" }
start = 2020-01-01
end = 2021-11-01
quote = "草案的第一条"
[[provision.editions]]
edition = "2021-08-20"
article = { zh = "第二十五条", en = "Article 25" }
start = 2021-11-01
quote = "个人信息处理者不得公开"
"""

HEAD = """
id = "{id}"
category = "{category}"
title = {{ zh = "{id} 规则", en = "{id} rule" }}
severity = "{severity}"
basis = ["privacy.consent"]
suggest = {{ zh = "请删除。", en = "Delete it." }}
"""
EXAMPLES = """
[examples]
hit = ["[[某词]]"]
miss = ["甲", "乙"]
"""

RULES = {
    "personal/resident-id": (
        "block",
        "[find]\nregex = '[1-8]\\d{5}(?:18|19|20)\\d{9}[\\dX]'\nbounds = 'alnum'\n"
        "[keep]\nvalidate = 'resident-id'\n",
    ),
    "personal/mobile": (
        "review",
        "[find]\nregex = '1[3-9]\\d{9}'\nbounds = 'digits'\n[keep]\nvalidate = 'mobile'\n"
        "[unless]\nnear = ['热线']\n"
        "[[escalate]]\nto = 'block'\ncount = 3\n"
        "[[escalate]]\nto = 'block'\ntogether = ['personal/name']\n",
    ),
    "personal/name": (
        "review",
        "[find]\nregex = '(?:信访人|姓名)[:：]?(?P<hit>[\\u4e00-\\u9fff]{2,4})'\n"
        "[keep]\nvalidate = 'name'\n",
    ),
    "personal/account": (
        "review",
        "[find]\nregex = '\\d{9,20}'\nbounds = 'alnum'\n[keep]\nnear = ['账号', '工资卡']\n"
        "[unless]\nfound = ['personal/mobile']\n",
    ),
    "personal/code": (
        "note",
        "[find]\nregex = '[A-Z]{2}\\d{2,4}'\nbounds = 'alnum'\n[keep]\nheaders = ['编号']\n",
    ),
    "work-secret/internal": (
        "block",
        "[find]\nwords = ['内部资料', '内部', '注意保存', 'Internal Use']\n"
        "[unless]\nwords = ['内部控制', '内部网站']\ninside = ['book-title', 'quotes']\n",
    ),
    "work-secret/mark": (
        "block",
        "[find]\nwords = ['机密', '秘密']\n[keep]\nzone = ['alone', 'header']\n",
    ),
    "work-secret/deleted": ("review", "[find]\ntext = 'any'\n[keep]\nparts = ['deleted']\n"),
}


def write_pack(folder: Path, rules: dict[str, tuple[str, str]] | None = None) -> Path:
    """Write the pack into a folder and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "categories.toml").write_text(CATEGORIES, "utf-8")
    (folder / "laws.toml").write_text(LAWS, "utf-8")
    for name, (severity, body) in (RULES if rules is None else rules).items():
        category, rule_id = name.split("/")
        path = folder / category / f"{rule_id}.toml"
        path.parent.mkdir(exist_ok=True)
        head = HEAD.format(id=rule_id, category=category, severity=severity)
        path.write_text(head + body + EXAMPLES, "utf-8")
    return folder
