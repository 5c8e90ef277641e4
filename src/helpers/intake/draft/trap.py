"""What makes a plan hard to evaluate: the kinds of trap, why each hurts, and what to write instead.

`{name}`, `{start}`, `{end}`, `{base}` stand for the indicator and the years of the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Advice(NamedTuple):
    """A kind of trap: its name, why it hurts at evaluation, a wording that can be evaluated."""

    label: str
    why: str
    wording: str


ADVICE: Mapping[str, Advice] = {
    "baseline": Advice(
        "缺基期",
        "没有同口径的基期值，走了多远、该走多快都算不出来，只能看最后够不够数。",
        "{name}：由{base}年的____（注明来源）提高到{end}年的____，两个数同一口径。",
    ),
    "definition": Advice(
        "口径不明",
        "统计什么、不统计什么没有写明，报数的人可以事后选择有利的口径。",
        "在指标解释中写明：{name}指____，统计范围____，统计时点____，由____统计。",
    ),
    "denominator": Advice(
        "分母不明",
        "分母用常住还是户籍人口、年末还是年平均，结果可以相差一两成，目标所需的件数也就不定。",
        "{name}＝年末____÷年末常住人口（统计公报数），{base}年与{end}年用同一分母。",
    ),
    "kind": Advice(
        "新增、累计还是年度不明",
        "同一个数按存量、五年合计或每年读，结论可以相反。",
        "写明一种：“{start}—{end}年五年合计新增____”“{end}年末总量____”或“每年____”。",
    ),
    "since": Advice(
        "累计起点不明",
        "累计从何年算起没有写明，规划期以前的数算不算，决定目标是难还是已经完成。",
        "{name}：{start}年1月1日至{end}年12月31日累计____（不含{base}年以前）。",
    ),
    "table_prose": Advice(
        "表与正文不一致",
        "表和正文说法不同，评估时两种读法都有依据，必有一方不服。",
        "表与正文用同一句话：{name}，同一个“新增/累计/不低于”，同一个单位。",
    ),
    "unit": Advice(
        "单位不一致或不全",
        "计数对象或单位前后不同，报来的数可能不是同一样东西。",
        "{name}只用一个单位；比率写全分子和分母，如“件/万人”“家/万家企业”。",
    ),
    "owner": Advice(
        "没有责任单位",
        "没有写明由谁负责、由谁报数，到期无人可问，缺数也无人负责。",
        "每项指标和任务后注明“牵头单位：____；数据报送单位：____”。",
    ),
    "source": Advice(
        "没有数据来源",
        "没有写明由谁按什么方法统计或调查、公布到哪一级，到期可能根本没有这个数。",
        "{name}：以____（单位）每年____月公布的____为准；没有同级数据的改用____。",
    ),
    "rank": Advice(
        "“前列”“领先”没有标准",
        "第几名算、跟谁比、用哪些指标、由谁排名都没有写，永远可以说完成，也可以说没有。",
        "{end}年____（指标）在____（比较范围）中居前____位，以____公布的排名为准。",
    ),
    "title": Advice(
        "称号没有认定者",
        "没有认定主体和标准，不会有证明它的文件。",
        "{end}年底前列入____（部门）公布的____名单，或写成可计数的几项条件。",
    ),
    "batch": Advice(
        "“一批”“若干”没有数",
        "没有数量，一个也算一批，无法判断完成没有。",
        "{end}年底前____（名称）不少于____个，名单由____公布。",
    ),
    "undefined": Advice(
        "计数对象没有定义",
        "数量有了，什么算一个却没有定义，谁都可以算进来。",
        "{name}：指列入____（名单或证书）者，以____年____月的名单计数。",
    ),
    "frequency": Advice(
        "没有写明多久一次",
        "没有频次，开一次会也可以说是定期。",
        "每年（每季度）至少____次，以会议纪要或活动通报为准。",
    ),
    "effort": Advice(
        "只写努力，不写结果",
        "争取、争创不是结果：没有争到也不能说没有完成。",
        "写明结果和期限：“{end}年底前获批（或通过验收）____”；只能保证申报的写“____年底前申报”。",
    ),
    "state": Advice(
        "状态没有标准",
        "“较为健全”“明显提升”没有可以核对的标准。",
        "列出算数的几项：制度____项、覆盖____家、____由{base}年的____到{end}年的____。",
    ),
    "raise": Advice(
        "要提高，没有起点和终点",
        "说要提高（降低），却没有从多少到多少，任何变化都可以算完成。",
        "{name}：由{base}年的____%提高到{end}年的____%。",
    ),
    "coverage": Advice(
        "全覆盖没有名单",
        "没有覆盖对象的名单和总数，算不出覆盖率。",
        "{name}：应覆盖____个（名单见附件），{end}年底前覆盖____个。",
    ),
    "two_names": Advice(
        "一事多名或前后数目不同",
        "名称或数目前后不同，不知道是一件还是几件，建成一个算不算都完成。",
        "全文只用一个名称；确是几件的，分别写明各自是什么、何时建成。",
    ),
    "sum": Advice(
        "数加不起来",
        "分项与合计、总量与比率对不上，说明其中有数的口径不同。",
        "核对后写明各数的口径；合计写明是否剔除重复。",
    ),
    "already_met": Advice(
        "目标不高于已有的数",
        "已有的数已达到或超过目标，按存量读已经完成，按增量读又没有写明。",
        "写明是新增还是总量；是总量的，目标应高于{base}年的实际数。",
    ),
    "behind_trend": Advice(
        "目标低于趋势",
        "照已有的走势几乎一定达到，完成与否说明不了工作。",
        "{name}：参照目标与达标概率表，取概率在50%—80%之间的值。",
    ),
    "out_of_reach": Advice(
        "目标远离趋势",
        "照已有的走势几乎不可能达到，没有写明靠什么措施。",
        "{name}：写明新增的措施和每年的进度，或取概率不低于20%的值。",
    ),
    "no_target": Advice(
        "有基期没有目标",
        "上一期的指标没有目标，也没有说明为何不再用，前后不能衔接。",
        "沿用的写出{end}年目标；不再用的在附表注明停用原因和替代指标。",
    ),
    "lapses": Advice(
        "所据方案先于规划到期",
        "依据的方案在规划期内到期，以后做不做、按什么做没有着落。",
        "写明到期后的衔接：“方案到期后按____继续实施至{end}年”。",
    ),
    "issued": Advice(
        "印发时规划期已过去一段",
        "印发前已经有了结果的年份也算进规划，目标是预测还是追认分不清。",
        "以印发前一年的实际数作基期，并注明印发时已经完成的目标。",
    ),
    "two_ratios": Advice(
        "一个数说两个量",
        "两个量共用一个数，不知道各是多少。",
        "分别写出：____达____%，____达____%。",
    ),
    "due": Advice(
        "没有期限",
        "要交出什么写了，何时交没有写，规划期内任何一天都不算逾期。",
        "{name}：____年____月底前____（印发、建成、上线）。",
    ),
    "lesson": Advice(
        "上一期的教训",
        "上一期评估因此作不出判断，新规划如果照旧写，还会如此。",
        "按上一期评估的说明逐条写清。",
    ),
}


@dataclass(frozen=True)
class Trap:
    """One trap: its kind, the lines it stands on (none: the text as a whole), the sentence, what
    it is about, what exactly is wrong."""

    about: str
    lines: tuple[int, ...]
    sentence: str
    subject: str
    problem: str
    place: str = ""  # where it stands, of a text without lines

    @property
    def label(self) -> str:
        return ADVICE[self.about].label

    @property
    def why(self) -> str:
        return ADVICE[self.about].why

    def wording(self, start: int | None, end: int | None) -> str:
        """What to write instead, for a plan of these years."""
        years = {
            "start": start or "____",
            "end": end or "____",
            "base": start - 1 if start else "____",
        }
        return ADVICE[self.about].wording.format(name=self.subject or "该项", **years)

    @property
    def where(self) -> str:
        """第 133、150 行, or the place named, or 全文."""
        lines = "、".join(map(str, self.lines))
        return f"第 {lines} 行" if lines else self.place or "全文"
