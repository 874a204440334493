"""Messages about baselines, versions, the log and what is due."""

from __future__ import annotations

from collections.abc import Mapping

AUDIT: Mapping[str, tuple[str, str]] = {
    "help.command.diff": ("比较两个版本的发现", "compare the findings of two versions"),
    "help.command.audit": ("核验、追溯、导出、备份审查记录，列出到期事项", "verify, trace, export, back up records; list what is due"),
    "help.old": ("旧版本：文件或者文件夹", "the old version, a file or folder"),
    "help.new": ("新版本：文件或者文件夹", "the new version, a file or folder"),
    "help.until-decided": ("处置的有效期限（年-月-日）", "last day on which the decisions hold (YYYY-MM-DD)"),
    "help.confirm": ("确认周围文字有改动的处置（阻断除外）", "confirm decisions whose surroundings were edited (never blocking ones)"),
    # baseline
    "baseline.edited": ("延续，待确认 #{id} {rule} {place} 【{masked}】：周围文字有改动。阻断的须重新写明理由（create --reason），其余用 --confirm 确认",
                        "carried, to be confirmed #{id} {rule} {place} 【{masked}】: its surroundings were edited. A blocking one needs a new reason (create --reason); confirm others with --confirm"),
    "baseline.rule": ("失效 #{id} {rule} {place} 【{masked}】：规则已修改，须重新处置", "expired #{id} {rule} {place} 【{masked}】: the rule was changed; decide again"),
    "baseline.basis": ("失效 #{id} {rule} {place} 【{masked}】：依据或者级别已变化，须重新处置", "expired #{id} {rule} {place} 【{masked}】: basis or severity changed; decide again"),
    "baseline.audience": ("失效 #{id} {rule} {place} 【{masked}】：公开对象不同，须重新处置", "expired #{id} {rule} {place} 【{masked}】: it was decided for another audience; decide again"),
    "baseline.time": ("失效 #{id} {rule} {place} 【{masked}】：已过有效期，须重新处置", "expired #{id} {rule} {place} 【{masked}】: its time is over; decide again"),
    "baseline.confirmed": ("已确认 #{id} {rule} {place} 【{masked}】", "confirmed #{id} {rule} {place} 【{masked}】"),
    "baseline.gone": ("已不存在 {rule} 【{masked}】，移除该条处置", "gone {rule} 【{masked}】: its decision is removed"),
    "baseline.expired": ("基线中有 {n} 条处置已失效，对应的发现重新列出；用 baseline prune 查看原因", "{n} decisions of the baseline no longer stand; their findings are listed again. See why with: baseline prune"),
    # diff
    "diff.new": ("新增 #{id} {severity} {title} {place} 【{masked}】", "new #{id} {severity} {title} {place} 【{masked}】"),
    "diff.edited": ("改动 #{id} {severity} {title} {place} 【{masked}】", "edited #{id} {severity} {title} {place} 【{masked}】"),
    "diff.gone": ("消失 {rule} 【{masked}】", "gone {rule} 【{masked}】"),
    "diff.unread": ("?未查全 {part}：{why}", "? UNREAD {part}: {why}"),
    "diff.counts": ("新增 {new}，周围有改动 {edited}，未变 {same}，消失 {gone}", "{new} new, {edited} edited nearby, {same} unchanged, {gone} gone"),
}  # fmt: skip
