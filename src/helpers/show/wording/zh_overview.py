"""What an overview of many plans says in Chinese: headings, columns, labels, the sentences on a whole province."""

KIND, UNTITLED, TITLE, PEERS_TITLE = "一览", "各地", "{title}{year}年一览", "{title}与同类地区{year}年一览"
SECTION = {
    "conclusion": "结论", "silent": "谁还没有报", "front": "前列", "indicators": "逐项位次与分布", "moved": "谁变了", "members": "各地一览",
    "map": "地图", "composite": "综合指数", "ledger": "重点任务", "method": "怎样读",
}  # fmt: skip
COLUMNS = {
    "silent": ("指标", "应有", "当年数", "只有预计", "没有"), "front": ("指标", "原文", "前三分之一：在、不在、不能定", "前三名：在、不在、不能定"),
    "best": ("位次（可能）", "地方", "数值", "依据", "前三分之一", "前三名"), "moved": ("地方", "判断变好", "判断变差", "变了的指标"),
    "members": ("地方", "符合预期及以上", "红橙预警", "当年没有数", "比上年", "任务", "指数"),
    "composite": ("位次（九成抽取）", "地方", "指数", "数据", "领先下一位"), "ledger": ("地方", "合计"),
    "spread": ("最低", "一成", "四分之一", "中位", "四分之三", "九成", "最高"),
}  # fmt: skip
BASIS = {
    "exact": "当年数", "bound": "当年数只有界限", "vintage": "当年数修订过", "forecast": "当年没有数，按预测区间", "stale": "当年没有数", "missing": "没有数",
    "differs": "口径不同，不排",
}  # fmt: skip
RULE, VERDICT = {"third": "前三分之一", "three": "前三名"}, {"in": "在", "out": "不在", "open": "不能定"}
VERDICT_SIGN = {"in": "✓", "out": "×", "open": "？"}
OF_MEMBERS, SHOWN_FIRST, DECLARED_RULE, NOT_DECLARED = "{k} / {n}", "前 {k} 位，共 {n} 个地方；全部在 overview.csv。", "约定：{rule}", "没有约定前列的算法，两种都列出。"
AT_THE_LINE, NOBODY_MOVED, NOBODY_SILENT, ALL_REPORTED = "线上的：{names}", "没有判断变动。", "都报了当年数。", "报了全部"
HOLDS_NOTHING, NO_EARLIER, NO_EDITION = "—", "没有上年的期次可比。", "没有这一年的期次：{names}。"
PROGRESS_AXIS, FIGURE, MAP_FIGURE, FIGURE_TITLE = "增量完成率", "图 1　各指标增量完成率的分布", "图 2　各地符合预期及以上的指标占可评价的比重", "增量完成率在各地的分布"
MAP_STEPS, MAP_NONE, UNMAPPED = ("不足四成", "四成至六成", "六成至八成", "八成及以上"), "不能评价", "地图上没有：{names}。"
CSV, PARQUET, EDITIONS = "全部位次（CSV）", "Parquet", "所用期次（CSV）"
REACHED, SCHEDULE, EACH = "目标 100%", "序时进度", "一点一地"
COMPOSITE_REFUSED = "只有 {data} 的数据，不足 60%，不作指数。"
COMPOSITE_NONE = "没有约定权重，不作指数。"
COMPOSITE_LEFT_OUT = "数据不足权重六成而不列的：{names}。"
LACKS, SILENT_MEMBERS = "{name}（{n} 项）", "没有报齐的地方，缺得多的在前：{names}。"
UP, DOWN, AND_MORE, MORE_IN_CSV, WITH = "升", "降", "{names}等 {n} 个", "其余见 overview.csv。", "{indicator}（{before}→{now}）"
METHOD = (
    "位次按当年的数值排，越低越好的倒过来排；数值相同的同位。括号里是可能的位次：只有界限的数取界内各值，修订过的取历次公布的数，当年没有数的取往年预测的 80% 区间。还没有报的不排位，但可能排在任何人前面，所以计入最差的位次。",
    "“前列”在规划里没有写明怎样算，这里列出两种算法：前三分之一（地方数除以三，取整）和前三名。可能的位次全在线内才算“在”，全在线外才算“不在”，其余写“不能定”。",
    "单位、性质或方向与多数地方不同的数不排位。各地基数和目标不同，位次不是进度判断，进度判断见各地自己的报告。",
    "综合指数只在约定了权重时才作：各项按最低到最高折成 0 到 100，加权平均。权重另抽一万次（狄利克雷分布，均值为约定的权重），看次序在多大份额的抽取中不变。数据不足六成不作。",
)  # fmt: skip


def conclusion(members: int, indicators: int, known: int, cells: int, good: int, assessable: int) -> str:
    """How many figures of the year there are, and how many are on course."""
    first = f"{members} 个地方、{indicators} 项指标，当年应有 {cells} 个数，有 {known} 个"
    return f"{first}；可评价 {assessable} 项次，其中符合预期及以上 {good} 项次。"


def moved(up: int, down: int, compared: int) -> str:
    """How many verdicts became better and worse, of how many that were judged in both years."""
    return f"与上年都能判断的 {compared} 项次中，变好 {up} 项次，变差 {down} 项次。"


def held(order: float, draws: int, sure: int, pairs: int) -> str:
    """How much of an order of the index hangs on the weights."""
    return f"抽取 {draws:,} 组权重：整个次序在 {order:.1%} 的抽取中不变；{pairs} 对相邻的地方中，{sure} 对在九成以上的抽取中不变。"


def place(rank: int, best: int, worst: int) -> str:
    """A place and those it may be."""
    return f"{rank}" if best == worst == rank else f"{rank}（{best}—{worst}）"


def distribution(names: list[str]) -> str:
    """What the picture of the distributions shows, for who does not see it."""
    return f"小图：{len(names)} 项指标的增量完成率在各地的分布，竖线为目标和序时进度——{'、'.join(names)}。各数值见下表。"


def mapped(counts: dict[str, int]) -> str:
    """What the map shows, for who does not see it."""
    return "地图：符合预期及以上的指标占可评价的比重——" + "，".join(f"{step} {k} 个" for step, k in counts.items()) + "。"
