"""Messages of adapters to content systems: key → (Chinese, English)."""

from __future__ import annotations

from collections.abc import Mapping

ADAPTERS: Mapping[str, tuple[str, str]] = {
    "policy.cleared": ("全部内容已检查，没有规则命中", "everything was read and no rule matched"),
    "policy.held": ("{of} 个文件中有 {n} 个存在疑似问题或者没有查全", "{n} of {of} files have findings or were not fully read"),
    "policy.late": ("审查在 {seconds} 秒内没有完成，不能判断", "the review was not done within {seconds} s: cannot be told"),
    "policy.failed": ("审查没有完成（{what}），不能判断", "the review failed ({what}): cannot be told"),
    "policy.nonsense": ("审查服务的答复无法理解（{what}），不能判断", "the service gave an answer that makes no sense ({what}): cannot be told"),
    "policy.opened": ("审查没有完成；按本栏目规定先行发布，已经记录，必须补审", "the review was not done; by the policy of this column it goes out, which was noted, and is reviewed afterwards"),
    "policy.not-noted": ("审查没有完成，先行发布又无法记录（{what}），不予发布", "the review was not done, and going out unreviewed could not be noted ({what}): held"),
}  # fmt: skip
