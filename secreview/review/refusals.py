"""Why a step is refused, in both languages: what, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from secreview.errors import ReviewError
from secreview.model import Bilingual

Refused = TypeVar("Refused", bound=ReviewError)

REFUSALS: Mapping[str, tuple[str, str]] = {
    "begun": (
        "记录 {record} 已经存在，请修改后重新提交。",
        "record {record} exists already; hand in a new version of it instead.",
    ),
    "handed-in": (
        "“{name}”已经在记录 {record} 中，不能另起一份；请对该记录提交新版本。",
        "{name!r} is in record {record} already; hand in a new version of that record.",
    ),
    "clock": (
        "本机时间 {now} 早于最近一条记录的时间 {last}，没有写入；请校准时间后重试。",
        "the clock says {now}, before the last entry at {last}; nothing was written. Set it right.",
    ),
    "no-files": ("没有提交任何文件。", "no file was handed in."),
    "unreported": (
        "“{file}”还没有机器检查结果，请先检查。",
        "{file!r} has no report of the machine; check it first.",
    ),
    "no-original": (
        "副本没有对应的原件，请指明它由哪个文件处理而来。",
        "the redacted copy belongs to no file of this record; name its original.",
    ),
    "no-stage": (
        "流程“{flow}”没有环节“{stage}”；有：{known}。",
        "the flow {flow!r} has no stage {stage!r}; it has: {known}.",
    ),
    "not-open": (
        "环节“{stage}”还不能签署，先完成：{waiting}。",
        "the stage {stage!r} cannot be signed yet; first: {waiting}.",
    ),
    "signed-already": (
        "环节“{stage}”已由 {who} 签署，不能重复签署；需要改变意见的，请退回该环节。",
        "the stage {stage!r} was signed by {who} already; to change it, return the record to it.",
    ),
    "phase": (
        "记录目前的状态是“{phase}”，不能做这一步。",
        "the record is {phase}; this cannot be done now.",
    ),
    "held": (
        "记录正在等待答复（{decision}），收到答复后再继续。",
        "the record waits for an answer ({decision}); note the answer first.",
    ),
    "stale": (
        "文件在您查看之后有改动，原来的意见不适用于新的内容；请重新查看。",
        "the document changed since it was seen; look at the present version.",
    ),
    "role": (
        "{who} 没有“{role}”的职责，不能签署“{stage}”。",
        "{who} does not hold the role {role!r} and cannot sign {stage!r}.",
    ),
    "key": (
        "{who} 的意见须用本人密钥签名；请用 --key 指明密钥文件。",
        "{who} signs with a key of their own; name its file with --key.",
    ),
    "forged": (
        "记录中 {who} 的第 {number} 条（{entry}）没有本人签名，不予放行；请立即核查。",
        "entry {number} ({entry}) in the name of {who} is not signed by them; look into it at once.",
    ),
    "any-role": (
        "{who} 在本流程中没有审查职责。",
        "{who} holds no role in this flow.",
    ),
    "unit": (
        "“{stage}”由提交单位“{unit}”的人签署，{who} 属于其他单位。",
        "{stage!r} is signed by somebody of the unit {unit!r}; {who} is of another.",
    ),
    "own-draft": (
        "{who} 是本文件的起草人或者提交人，不能审查自己的文件。",
        "{who} wrote or handed in this document and cannot review it.",
    ),
    "apart": (
        "{who} 已经签署“{other}”，“{stage}”须由另一人签署。",
        "{who} has signed {other!r}; {stage!r} is for another person.",
    ),
    "delegate-depth": (
        "受委托的签署权不能再委托。",
        "a power that was handed on cannot be handed on again.",
    ),
    "delegate-self": ("不能委托给自己。", "nobody hands on a power to themselves."),
    "reason": (
        "请写明理由（至少 {length} 个字）。",
        "give a reason of at least {length} characters.",
    ),
    "ground": (
        "不予公开须注明法定事由（如 G1 至 G8）。",
        "withholding takes the code of a statutory ground (G1 to G8).",
    ),
    "no-opinion": (
        "“{decision}”不是一种审查意见。",
        "{decision!r} is no opinion of a stage.",
    ),
    "return-to": (
        "只能退回起草人或者“{stage}”之前的环节；没有“{to}”。",
        "a return goes to the drafter or to a stage before {stage!r}; {to!r} is neither.",
    ),
    "no-copy": (
        "部分公开须先提交区分处理后的副本。",
        "a partial release takes a redacted copy; hand it in first.",
    ),
    "unread": (
        "有 {count} 处内容没有检查（{ids}），没有查全的文件不能公开；由人逐项查看并说明，或者处理后重新提交。",
        "{count} pieces were not read ({ids}); have a person inspect each, or hand in a readable file.",
    ),
    "blocked": (
        "有 {count} 处阻断项（{ids}）未经 {roles} 分别说明理由解除，不能公开。",
        "{count} blocking findings ({ids}) are not waived, with a reason, by each of: {roles}.",
    ),
    "upheld": (
        "有 {count} 处（{ids}）经人认定属实、须处理，不能公开；请修改文件后重新提交，或者由认定人撤回。",
        "{count} findings ({ids}) were held to be right; change the file, or have them taken back.",
    ),
    "undecided": (
        "有 {count} 处待核项（{ids}）尚未研判，请逐项说明理由或者修改文件。",
        "{count} findings for review ({ids}) are open; waive each with a reason or change the file.",
    ),
    "unsupported": (
        "“{stages}”的意见不同意{decision}；请退回该环节重新审查，或者作出更严的决定。",
        "the opinion of {stages} does not allow {decision}; return it there or decide more strictly.",
    ),
    "no-finding": (
        "当前版本没有编号为“{finding}”的发现。",
        "the present version has no finding {finding!r}.",
    ),
    "no-unread": (
        "当前版本没有编号为“{unread}”的未检查内容。",
        "the present version has no unread piece {unread!r}.",
    ),
    "not-seen": (
        "“{unread}”（{why}）打不开或者读不出，人也无法查看；请处理后重新提交。",
        "{unread!r} ({why}) cannot be looked at by a person either; hand in a readable file.",
    ),
    "waived-already": (
        "{who} 已经对“{finding}”说明过理由。",
        "{who} has waived {finding!r} already.",
    ),
    "upheld-already": (
        "{who} 已经认定“{finding}”属实、须处理；改变意见的，请先撤回。",
        "{who} holds {finding!r} to be right; take that back first.",
    ),
    "said-already": (
        "{who} 已经对“{finding}”作出处置；改变意见的，请先撤回。",
        "{who} has disposed of {finding!r} already; take that back first.",
    ),
    "nothing-said": (
        "{who} 没有对“{finding}”作过处置，无可撤回。",
        "{who} has said nothing about {finding!r} that could be taken back.",
    ),
    "no-emergency": (
        "本流程没有规定应急发布，或者 {who} 不在应急人员之列。",
        "this flow allows no emergency release, or {who} is not among the people for it.",
    ),
    "emergency-twice": (
        "应急发布须由另一人同意。",
        "an emergency release takes a second, other person.",
    ),
    "not-cleared": (
        "本记录没有可以签发证书的决定。",
        "nothing in this record allows a certificate.",
    ),
    "wrong-subjects": (
        "证书所列文件与决定放行的文件不一致。",
        "the certificate names other files than those that were decided on.",
    ),
    "not-certified": (
        "实际发布的文件（{sha256}）不在有效证书之内；请立即下线核查。",
        "the bytes published ({sha256}) are in no valid certificate; take them down and look.",
    ),
    "not-late": ("环节“{stage}”没有超期。", "the stage {stage!r} is not late."),
    "told-already": ("环节“{stage}”已经催办。", "the stage {stage!r} was escalated already."),
    # the gate
    "bad-signature": (
        "证书的签名不能用所给公钥验证，不予放行。",
        "the signature of the certificate does not verify with this public key.",
    ),
    "bad-certificate": (
        "证书内容不完整或者不是本工具签发的证书，不予放行。",
        "this is no certificate of a review: it does not hold together.",
    ),
    "other-bytes": (
        "“{name}”（{sha256}）不在证书之内：文件与审定的不一致，不予放行。",
        "{name!r} ({sha256}) is not in the certificate: not the bytes that were approved.",
    ),
    "expired": (
        "证书有效期至 {until}，已经过期，请重新审查。",
        "the certificate was valid until {until}; review the document again.",
    ),
    "not-yet": (
        "证书签发于 {at}，晚于本机时间；请校准时间。",
        "the certificate was issued at {at}, later than this clock says; set the clock right.",
    ),
    "audience": (
        "证书只准用于“{given}”，不是“{asked}”。",
        "the certificate is for {given!r}, not for {asked!r}.",
    ),
    "unknown-bytes": (
        "“{name}”（{sha256}）没有审查记录：没有提交过，或者提交后有改动。不予放行。",
        "{name!r} ({sha256}) has no record: never handed in, or changed since. Not cleared.",
    ),
    "not-handed-in": (
        "“{name}”（{sha256}）没有审查记录：没有提交过，或者提交后有改动。先由起草人提交：secreview submit。",
        "{name!r} ({sha256}) has no record: never handed in, or changed since. Its drafter hands it in with: secreview submit.",
    ),
    "not-decided": (
        "“{name}”的记录 {record} 目前是“{phase}”，没有有效的放行证书。",
        "record {record} of {name!r} is {phase} and has no valid certificate.",
    ),
}


def refused(kind: type[Refused], key: str, **values: object) -> Refused:
    """Return the refusal of a step, to be raised, with its words in both languages."""
    zh, en = REFUSALS[key]
    return kind(en.format(**spoken(values, "en")), zh.format(**spoken(values, "zh")))


def spoken(values: Mapping[str, object], lang: str) -> dict[str, object]:
    """Return values with those in both languages in one."""
    return {k: v.in_(lang) if isinstance(v, Bilingual) else v for k, v in values.items()}
