"""The words around what the evaluator says in their own words, in Chinese."""

from ...measure.categories import Category

TITLE = {
    "parties": "评估说明", "categories": "分类评价", "achievements": "主要成效", "problems": "主要问题", "recommendations": "本期建议", "not_recommended": "不提建议的事项及理由",
    "judged": "定性目标的评定", "changes": "目标调整建议", "lessons": "经验与教训", "fates": "以往建议的落实", "unanswered": "尚无建议的事项", "signatures": "签署",
}  # fmt: skip
PARTIES = {"client": "委托方", "evaluator": "评估方", "basis": "依据", "independence": "独立性", "period": "评估期", "dated": "报告日期"}
COVER = ("client", "evaluator", "dated")  # of them on the cover
WRITTEN, BY = "评估者语", "评"
WRITTEN_NOTE = "左侧有竖线、注明“评”字的文字（Word 文档中为楷体）由评估者撰写，其余文字由程序按数据生成。"
DRAFT = "草稿"
BECAUSE = "依据："
CAUSE_KIND = {"indicator": "指标", "task": "任务", "mechanism": "机制"}
FATE = {"adopted": "已采纳", "under_way": "推进中", "done": "已完成", "declined": "未采纳"}
JUDGED = {"met": "达到", "on_track": "进展符合要求", "off_track": "进展未达要求", "not_met": "没有达到"}
WHY = {"red": "红色预警", "orange": "橙色预警", "late": "逾期", "due_no_information": "到期无资料", "no_data": "目标年无数据"}
PROBLEM_COLUMNS = ("问题", "成因", "依据")
RECOMMENDATION_COLUMNS = ("建议", "责任单位", "完成期限", "怎样算做到")
FATE_COLUMNS = ("以往的建议", "责任单位", "结果", "说明")
CHANGE_COLUMNS = ("指标", "原目标", "建议改为", "理由")
CATEGORY_COLUMNS = ("类别", "指标", "可评价", "符合预期及以上", "预计达标", "评价")
REMARK, ALL_REFERENCES = "说明", "依据的全部记录"
TO_ACT = "谁该先做什么"
SIGNATURE_COLUMNS = ("签署人", "签字", "日期")


def expected(met: float | None, foreseen: int) -> str:
    """How many of a category's indicators may be expected to be met."""
    return f"{foreseen} 项中 {met:.1f} 项" if met is not None else "不作预计"


def unanswered(n: int) -> str:
    """That items call for a recommendation and have none."""
    return f"有 {n} 项橙色、红色、逾期或到期无资料的事项还没有建议，也没有说明不提建议的理由："


def category(row: Category) -> str:
    """A category's figures in one line of a draft."""
    return f"{row.indicators} 项指标，可评价 {row.judged} 项，预计达标：{expected(row.expected, row.foreseen)}"


def more(n: int) -> str:
    """How many records a passage rests on, after the first few of them."""
    return f"等 {n} 条记录"


def numbered(k: int) -> str:
    """The number of a problem."""
    return f"问题 {k}　"


def answers(numbers: list[int]) -> str:
    """Which problems a recommendation answers."""
    return "所答问题：" + "、".join(map(str, numbers))


def counted(said: dict) -> str:
    """What the evaluator's chapters hold, in one sentence."""
    return f"评估者列出问题 {len(said['problems'])} 个，提出建议 {len(said['recommendations'])} 条；每条都注明所依据的记录。"


def causes(kind: str) -> str:
    """The heading of the causes of a problem."""
    return f"成因（在于{CAUSE_KIND[kind]}）"


def fated(fates: list[dict]) -> str:
    """How many earlier recommendations came to what."""
    told = [each["fate"] for each in fates]
    return f"以往的建议 {len(told)} 条：" + "，".join(f"{word} {told.count(code)} 条" for code, word in FATE.items() if code in told) + "。"


def to_act(text: str, owner: str, due: str) -> str:
    """A recommendation in one line: who must do what by when."""
    return f"{owner}，{due} 前：{text}"


def period(start: int, end: int, until: int) -> str:
    """What is assessed: the plan's period as far as the assessed year."""
    return f"{start}—{end} 年，评至 {until} 年"


def more_recommended(n: int) -> str:
    """That there are more recommendations than were named."""
    return f"另有建议 {n} 条"
