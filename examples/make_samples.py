"""Build the sample drafts beside this file: invented people and numbers, a leak in each place.

Run from the root of the repository: ``python examples/make_samples.py``.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.build import resident_id, word, workbook  # noqa: E402

IDS = [
    resident_id("522601", birth, sequence)
    for birth, sequence in (
        ("19850312", "101"), ("19901105", "226"), ("19780621", "043"), ("19930430", "318"),
        ("19860909", "152"), ("19710217", "275"), ("19990101", "064"), ("19820808", "339"),
    )
]  # fmt: skip

DRAFT = """关于2026年困难群众临时救助对象的公示
各村（社区）：
经本人申请、入户调查和民主评议，拟将下列人员列为临时救助对象，现予公示，公示期5个工作日。
如有异议，请在公示期内向镇民政办反映，电话0855-0000000。
清江镇人民政府
2026年1月5日"""
TABLE = f"""序号	姓名	身份证号	救助金额（元）
1	乔小平	{IDS[0]}	1200
2	方德明	{IDS[1]}	900"""


def draft() -> bytes:
    """Return the sample Word draft."""
    return word(
        DRAFT,
        table=TABLE,
        header="内部资料 注意保存",
        footer="经办人手机13900001234",
        footnote="举报人：林志远",
        endnote=f"附：户主身份证{IDS[2]}",
        comment="后台密码：Qj2026@mz，用完请改",
        inserted=f"补充对象身份证号{IDS[3]}",
        deleted="拟给予批评教育，此段不得对外公开",
        hidden=f"工资卡号6212260000000000000，身份证{IDS[4]}",
        textbox="本稿系内部征求意见稿",
        keywords="密级：秘密",
    )


def register() -> bytes:
    """Return the sample workbook."""
    return workbook(
        [
            ["姓名", "村组", "身份证号", "联系电话"],
            ["乔小平", "清江村三组", IDS[0], 13900001234],
            ["方德明", "清江村五组", IDS[1], 13700005678],
            ["唐秀英", "河口村一组", IDS[5], 13600004321],
        ],
        hidden=[["姓名", "银行卡号"], ["乔小平", "6212266234109412113"]],
        very_hidden=[["信访人", "家庭住址"], ["信访人：林志远", "住址：清江村三组16号"]],
        comment="初始口令：Mz@2026qj",
        header="内部资料 请勿外传",
        keywords=f"核对人身份证{IDS[6]}",
        hidden_row="4",
        hidden_column="D",
    )


TEXT = f"""工作情况通报（讨论稿）

一、上月共办理临时救助申请36件，办结率100%。
二、信访人乔小平反映的补助发放问题已核实，身份证号{IDS[7]}，手机13900001234。
三、以上内容不得对外公开。
四、咨询电话0855-0000000，服务监督热线12345。
"""


def main() -> None:
    """Write the samples."""
    (HERE / "draft.docx").write_bytes(draft())
    (HERE / "list.xlsx").write_bytes(register())
    (HERE / "draft.txt").write_text(TEXT, "utf-8")


if __name__ == "__main__":
    main()
