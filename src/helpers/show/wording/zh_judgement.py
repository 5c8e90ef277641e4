"""The words around what the evaluator says in their own words, in Chinese."""

from ...measure.categories import Category

TITLE = {
    "parties": "评估说明", "categories": "分类评价", "achievements": "主要成效", "problems": "问题与成因", "recommendations": "对策建议", "not_recommended": "不提建议的事项及理由",
    "judged": "定性目标的评定", "changes": "目标调整建议", "lessons": "经验与教训", "fates": "以往建议的落实", "unanswered": "尚无建议的事项", "signatures": "签署",
}  # fmt: skip
PARTIES = {"client": "委托方", "evaluator": "评估方", "basis": "依据", "independence": "独立性", "period": "评估期", "dated": "报告日期"}
WRITTEN, GENERATED = "评估者语", "数据自动生成"
WRITTEN_NOTE = "左侧有竖线、注明“评估者语”的文字由评估者撰写，其余文字由程序按数据生成。"
DRAFT = "草稿"
BECAUSE, CAUSES, ANSWERS = "依据：", "成因：", "所答问题："
CAUSE_KIND = {"indicator": "指标", "task": "任务", "mechanism": "机制"}
FATE = {"adopted": "已采纳", "under_way": "推进中", "done": "已完成", "declined": "未采纳"}
JUDGED = {"met": "达到", "on_track": "进展符合要求", "off_track": "进展未达要求", "not_met": "没有达到"}
WHY = {"red": "红色预警", "orange": "橙色预警", "late": "逾期", "due_no_information": "到期无资料", "no_data": "目标年无数据"}
PROBLEM_COLUMNS = ("问题", "成因", "依据")
RECOMMENDATION_COLUMNS = ("建议", "责任单位", "完成期限", "怎样算做到")
FATE_COLUMNS = ("以往的建议", "责任单位", "结果", "说明")
CHANGE_COLUMNS = ("指标", "原目标", "建议改为", "理由")
CATEGORY_COLUMNS = ("类别", "指标", "预计达标", "评价")
SIGN_HERE, SIGN_DATE = "（签字）", "日期：　　　　年　　月　　日"
NONE = "本期没有评估者的意见。"


def expected(met: float | None, foreseen: int) -> str:
    """How many of a category's indicators may be expected to be met."""
    return f"{foreseen} 项中 {met:.1f} 项" if met is not None else "不作预计"


def unanswered(n: int) -> str:
    """That items call for a recommendation and have none."""
    return f"有 {n} 项橙色、红色、逾期或到期无资料的事项还没有建议，也没有说明不提建议的理由："


def category(row: Category) -> str:
    """A category's figures in one line of a draft."""
    return f"{row.indicators} 项指标，可评价 {row.judged} 项，预计达标：{expected(row.expected, row.foreseen)}"
