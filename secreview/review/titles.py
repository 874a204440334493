"""What decisions, phases, attributes and roles of files are called, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from secreview.model import Bilingual
from secreview.review.record import Attribute, Decision, Phase, Role

DECISIONS: Mapping[Decision, Bilingual] = {
    Decision.PUBLISH: Bilingual("公开", "publication"),
    Decision.PARTIAL: Bilingual("部分公开", "partial publication"),
    Decision.ON_REQUEST: Bilingual("依申请公开", "disclosure on request"),
    Decision.INTERNAL: Bilingual("内部公开", "internal disclosure"),
    Decision.WITHHOLD: Bilingual("不予公开", "withholding"),
    Decision.RETURN: Bilingual("退回", "return"),
    Decision.CONSULT: Bilingual("征求意见", "consultation"),
    Decision.REFER: Bilingual("提请确定", "referral"),
    Decision.DEFER: Bilingual("暂缓", "deferral"),
    Decision.WITHDRAW: Bilingual("撤回", "withdrawal"),
}
PHASES: Mapping[Phase, Bilingual] = {
    Phase.RETURNED: Bilingual("已退回", "returned"),
    Phase.REVIEW: Bilingual("审查中", "under review"),
    Phase.HELD: Bilingual("等待答复", "waiting for an answer"),
    Phase.DECIDED: Bilingual("已审定", "decided"),
    Phase.PUBLISHED: Bilingual("已公开", "published"),
    Phase.WITHDRAWN: Bilingual("已撤回", "withdrawn"),
}
ATTRIBUTES: Mapping[Attribute, Bilingual] = {
    Attribute.ACTIVE: Bilingual("主动公开", "published actively"),
    Attribute.ON_REQUEST: Bilingual("依申请公开", "disclosed on request"),
    Attribute.WITHHELD: Bilingual("不予公开", "withheld"),
}
ROLES: Mapping[Role, Bilingual] = {
    Role.PAGE: Bilingual("正文", "page"),
    Role.ATTACHMENT: Bilingual("附件", "attachment"),
    Role.COPY: Bilingual("区分处理后的副本", "redacted copy"),
}
MISSING: Mapping[str, Bilingual] = {
    "title": Bilingual("信息名称", "the title"),
    "unit": Bilingual("拟公开信息单位", "the unit"),
    "attribute": Bilingual("公开属性", "the attribute of disclosure"),
    "reason": Bilingual("不主动公开的理由", "the reasons for not publishing actively"),
}


def joined(words: list[Bilingual]) -> Bilingual:
    """Return a list of words as people write it.

    >>> joined([Bilingual("甲", "a"), Bilingual("乙", "b")]).zh
    '甲、乙'
    """
    return Bilingual("、".join(w.zh for w in words), ", ".join(w.en for w in words))
