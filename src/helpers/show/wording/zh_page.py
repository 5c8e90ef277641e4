"""The fixed words of the page in Chinese: headings, labels, the method chapter. Sentences made from numbers are in `zh`."""

SKIP, CONTENTS, LINK_TO = "跳到正文", "目录", "复制本项的链接"
SECTION = {  # titles of the chapters; their order is in publish/chapters
    "scenario": "情景假设",
    "conclusion": "结论", "table": "指标总表", "cards": "逐项评价", "areas": "分区域比较", "commitments": "重点任务", "check": "数据核对", "method": "方法与限制",
    "sources": "来源与复现", "annex": "附表1　指标评价一览",
    "opinions": "满意度与专家评议", "background": "评估背景与方案", "safeguards": "保障措施", "outlook": "展望", "evidence": "证据清单", "categories": "分类评价", "problems": "问题与成因", "recommendations": "对策建议", "signatures": "签署页",
}  # fmt: skip
QUOTED_PLAN = ""  # a page in the plan's own language needs no word on quotations

# Masthead and tools
THEME, THEMES = "外观", {"": "跟随系统", "light": "浅色", "dark": "深色"}
OPEN_ALL, CLOSE_ALL, PRINT = "全部展开", "全部收起", "打印"
FIND, SEARCH, ALL, SORT, PLAN_ORDER, RESET = "查找指标", "搜索", "全部", "排序", "规划顺序", "清除"
FILTER = {"category": "类别", "status": "进度判断", "alert": "预警", "area": "区域"}
SHOWN = "显示 {n} / {N} 项"
COPIED = "链接已复制"
PROTOCOL, PLAN_OF, ISSUED, DATA, CODE, INPUTS = "评估方案", "规划", "发文", "数据", "代码", "输入数据指纹"

# Lab
CHOICE = {"indicator": "指标", "model": "模型", "window": "所用年份"}

# Editions side by side
COMPARISON = {
    "title": "情景与期次对照", "flips": "改变了什么", "table": "逐项对照", "indicator": "指标", "changed": "改变", "left_out": "不计入", "base": "基准", "versus": "与第一列相比",
    "forecast": "目标年预测", "chance": "达标概率", "status": "进度判断", "outlook": "达标前景", "alert": "预警等级", "final": "总结评估", "baseline": "基期", "pace": "后续所需",
    "caption": "目标年预测中位数、达标概率、进度判断、预警等级；※ 为情景假设，不是观测",
}  # fmt: skip

# Conclusion
ALERTS = "预警等级（进度判断与达标概率合成）："
BEST, WORST = "走在前面的", "落在后面的"
OVERVIEW = "图 1　各项指标的增量完成率（横条）、数据年的序时进度（竖线）与目标（红线），按进度超出序时的多少排列"
MISSING, MISSING_TABLE = "缺什么数据，向谁要", "缺数一览"
MISSING_COLUMNS = ("指标", "缺年份", "数据提供单位", "需要的数据")
CHANGES, MATRIX = "与上年期次相比", "判断的变动：行为上年，列为本年，格内为项数"
NO_EARLIER = "没有可比的上年期次。"
MOVED, REVISED_SINCE, METHOD_SINCE = "判断变了的指标", "上年期次之后修订的数值", "方法与口径的变动"
NOTHING_MOVED, NOTHING_REVISED, SAME_METHOD = "没有指标的判断变动。", "没有修订。", "方法、模型、目标与口径均与上年期次相同。"
NEW_INDICATORS, LOST_INDICATORS = "上年期次没有的指标", "本年期次没有的指标"

# Table
TABLE_CAPTION = "完成进度：横条为增量完成率，竖线为数据年的序时进度。预测为目标年中位数与 80% 预测区间；达标概率取整到 5%。"
TABLE_COLUMNS = ("指标", "最新值", "目标", "完成进度", "走势", "目标年预测", "进度判断", "达标概率", "预警")
COURSES, COURSES_NOTE = "各项走势", "点击名称看逐项评价。红虚线为目标，蓝线为实际值，断开处缺数或换了口径；各图纵轴不同。"
DOWNLOAD, ANNEX_CSV, NO_TARGET, BASELINE, NO_BASELINE, ELAPSED, NONE = "下载", "附表1（CSV）", "未设", "基期", "无", "序时", "无"

# Cards
TRAPS, CHART_DATA = "留意", "图中数据（CSV）"
CARD = {
    "target": "目标", "baseline": "基期", "progress": "进度", "trend": "趋势", "outlook": "预测", "prospect": "达标前景", "parting": "别的规则",
    "pace": "后续所需", "definition": "口径", "supplier": "数据提供",
}  # fmt: skip
READINGS, TAKEN, OTHER_READING = "换一种读法", "本报告采用：", "另一读法："
SENSITIVITY, OTHER_MODELS, OTHER_RULES = "敏感性：别的模型、别的规则", "别的模型", "别的规则"
MODEL_COLUMNS, ADOPTED, FORECAST = ("模型", "中位数", "80% 预测区间", "达标概率"), "本报告采用", "预测"
RATINGS_CAPTION, RATING_COLUMNS = "同样的数据，按各国公布的规则", ("规则", "测度", "评级", "含义", "与本判断")
AGREES = {True: "一致", False: "不一致", None: "—"}
FORMER, BEFORE_PLAN, UNDATED, EARLIER = "原口径", "规划期前", "日期不明", "此前公布："
RELATED_NONE = "没有数值"
SOURCE_CODE, SAME_CODE, NOTEBOOK = "参数与代码", "其余代码同：", "执行笔记本："

# Commitments
EVIDENCE_ONLY = "只凭公开佐证判断：没有佐证写“无资料”，不等于没有做。"
COMMITMENT_COLUMNS, NO_DUE, TO_SUPPLY = ("任务", "原文", "责任单位", "期限", "状态", "佐证"), "规划期末（原文未写明）", "须提供："


# Data check
PLAN_TROUBLE, ARITHMETIC, ARITHMETIC_TABLE = "规划文本里的问题", "规划自己的账", "算术核对"
CHECK_COLUMNS, HOLDS = ("含义", "算式", "算得", "所记", "核对"), {True: "一致", False: "不一致"}
CROSSCHECKS, SURPRISES, SURPRISES_NOTE = "和别处的数对得上吗", "出乎意料的数", "照样采用，但请数据提供单位核对。"
AREAS_NOTE, WHOLE_AREA = "各区域单独评价，全域不是各区域的平均；没有分区域目标的数量指标只列数值，不作判断。", "全域"
SCENARIO, BASE = "情景", "基准：没有假设"
SCENARIO_NOTE = "本页不是评估结论：下列选择和数值是假设，不是观测；基准期次见同一规划的评估报告。"
SCENARIO_COLUMNS, CHOSEN = ("对象", "情景假设", "理由"), "选择"
REVISED, WARNINGS = "修订过的数值", "提醒"
REPORTING, REPORTING_NOTE = "报送情况", "规划期首年至评估年，各单位提供的指标应有多少个年度数据，实有多少个。"
REPORTING_COLUMNS = ("数据提供单位", "指标", "应有", "实有", "齐全的指标")
CONTEXT_COLUMNS = ("序列", "数值", "与目标口径的关系")

# Method
METHOD = (
    "增量完成率 =（最新值 − 基期值）÷（目标值 − 基期值）；序时进度 =（数据年 − 基期年）÷（目标年 − 基期年），用的是数据所在的年份，不是评估年。"
    "两者之比为 r。期内新增从零起算。进度判断只陈述已经发生的事实，不含预测。"
)
LADDER_COLUMNS = ("判断", "条件")
LADDER = {
    "no_data": "规划期内没有同口径观测",
    "not_assessable": "有观测，但没有可比的基期或目标，或数值只有界限而界内各值判断不一；原因逐项写明",
    "met_locked": "已达目标，且按定义不会再失去（期内新增、累计、是否）",
    "met_hold": "已达目标，但可能回落，须在目标年保持",
    "ahead": "r 不低于 {ahead}",
    "on_schedule": "r 在 {on_schedule} 与 {ahead} 之间",
    "behind": "r 在 {behind} 与 {on_schedule} 之间",
    "far_behind": "r 在 0 与 {behind} 之间",
    "reverse": "r 为负，或基期已达标而现在未达",
}
FINAL_METHOD = (
    "总结评估只在目标年的数据公布之后作出：增量完成率不低于 {overfulfilled} 为超额完成；达到目标为完成；增量完成率不低于 {nearly} 为基本完成；其余为未完成，"
    "低于基期为未完成且倒退。约束性指标只有完成与未完成。"
)
OVERALL_METHOD = (
    "总体结论：可评价的指标不足 {least_assessable}，不作总体结论；其中符合预期及以上的达 {well}、且没有约束性指标滞后，为总体符合预期；达 {mostly} 为基本符合预期；其余为滞后于预期。"
    "目标年只看已公布的终期数据：公布的不足 {least_assessable}，为终期数据不足；其中完成的达 {well}、且没有约束性指标未完成，为总体完成；达 {mostly} 为总体基本完成；其余为总体未完成。"
)
CHANCE, FORECAST_METHOD = "预测与达标概率", (
    "默认模型由一万余条公开的年度序列学成：对每个观测个数和每个预测年，用加权分位数回归给出中位数与各分位数，再按新近的实际结果校正，使说 80% 的区间真的包住八成。"
    "教科书公式在这样短的序列上说 80% 只包住三到七成，外推增速则是各种办法里误差最大的。观测越少，区间越宽。预测假定过去的变动方式延续，不考虑政策变化。"
)
CHANCE_METHOD = (
    "达标概率就是预测分布越过目标的那一份：中位数恰在目标上，概率是一半；达到与达不到的概率相加为一。所以区间、中位数与概率说的是同一件事。"
    "目标越高，概率不会越大；已经入账、不会再失去的，概率为一。观测少于三个时，最高只说“较可能”。这样说有多准，在真实序列切成的数万个五年“规划”上逐年数过，印在每项指标下。预计完成的项数是各项概率之和，同一规划的指标运气相连，已计入。用语按未取整的概率划分，印出的概率取整到 5%。换一种模型若相差逾 25 个百分点，标明“模型分歧”。"
)
ALERT_TABLE, ALERT_CAPTION = "预警等级", "预警等级：进度判断（行）与达标概率（列）；没有预测的取中间一列，斜纹标出；提前实现的不会再失去，一律为绿"
ALERT_ROWS = {"on_course": "已达标、快于或符合预期", "behind": "滞后于预期", "far_behind": "明显滞后", "reverse": "倒退"}
HINDSIGHT, HINDSIGHT_NOTE = "回头看：当年会怎么说", "同一系列规划的每个早先年份，只用次年年底前已公布的数据重做一遍；概率旁边是后来的结果。"
HINDSIGHT_TABLE = "回头看"
TERMS, GLOSSARY = "用语", {
    "目标完成率": "最新值 ÷ 目标值；只列出，不用于判断，因为基期越高它越好看。",
    "推算": "由公布的数值按写明的算式得出，备注列有算式。",
    "界限": "原文只说“超”“余”“不低于”的数值；界内各值的判断一致时才给判断。",
    "数据截止": "只采用截止日之前已经公布的数值；同一年多次公布的，取其中最新的一次。",
    "参考数据": "口径、区域或时段不同的公布数据，列出备查，从不用于判断。",
}

# Sources
ORIGINAL, SOURCES, REPRODUCE, CITE, LICENCE = "规划原文", "数据来源", "复现", "如何引用", "许可"
REPRODUCE_NOTE = "取得本仓库后执行两条命令，得到的笔记本、结果表和本页与此处逐字节相同（“与上年期次相比”一节取自已有的上年期次，没有则为一句话）："
KEPT, NOT_KEPT, MAY_NOT_BE_KEPT = "存", "未存", "依权利不存"
LICENCE_NOTE = "代码许可 MIT；数据版权归各来源；字体 SIL OFL 1.1，© Adobe。"

# Annex
ANNEX_NOTE = "各年数值为判断所用的数：期内新增为规划期初以来累计；带“推”的为推算，带“初”的为初值，“—”为没有数据。来源的编号见“数据来源”。"
ANNEX_COLUMNS = ("序号", "类别", "指标", "单位", "属性", "基期"), ("目标", "增量完成率", "序时进度", "年均增速", "判断", "概率", "预警", "责任单位", "来源", "备注")
ANNEX_MARK = {"derived": "推", "preliminary": "初"}
CHART_COLUMNS = ("年份", "数值", "界限", "状态", "口径", "来源", "序时值", "目标", "预测中位数", "80% 区间下", "80% 区间上", "95% 区间下", "95% 区间上")

# Index of editions
EDITIONS_TITLE, EDITIONS_KIND, EDITIONS_HEADING = "规划评估期次一览", "五年规划评估", "期次一览"
EDITIONS_TABLE, EDITIONS_PLAN = "规划（行）与评估年（列）", "规划"

# Print and brief
BRIEF, ALERTED, TO_ASK, NOTHING_TO_ASK = "一页简报", "须留意的指标", "须补报的数据", "各年数据齐全。"
SHORT = {"progress": "增量完成率 / 序时", "status": "判断", "alert": "预警"}  # headings of the card where there is little room

# Tables of the notebooks
TABLE = {
    "observed": ("年份", "数值", "用于判断", "状态", "公布", "来源", "备注"),
    "context": ("参考序列", "年份", "数值", "为何不用于评价", "来源"),
    "forecast": ("年份", "中位数", "80% 区间下", "80% 区间上", "95% 区间下", "95% 区间上"),
    "models": ("模型", "目标年中位数", "80% 预测区间", "达标概率", "备注"),
    "ratings": ("规则", "测度", "评级", "含义", "与本判断"),
    "inputs": ("输入", "SHA-256"),
    "coverage": ("指标", "单位"),
    "missing": ("数据提供单位", "依据", "指标", "缺年份", "需要的数据"),
    "revised": ("指标", "年份", "采用", "此前"),
    "checks": ("含义", "算式", "算得", "所记", "核对"),
    "crosschecks": ("含义", "年份", "算式", "算得", "所记", "相差", "核对"),
    "surprises": ("指标", "年份", "数值", "预期下限", "预期上限"),
    "areas": ("区域", "最新值", "目标", "增量完成率", "进度判断", "达标概率", "预警等级"),
    "tried": ("模型", "所用年份", "观测数", "目标年中位数", "80% 预测区间", "达标概率", "预警等级"),
    "scores": ("模型", "次数", "平均误差（年均变动的倍数）", "与维持最近值之比", "80% 区间包住", "95% 区间包住", "概率误差（Brier）"),
    "scenarios": ("文件", "对象", "情景假设", "理由"),
    "warnings": ("位置", "值", "问题", "办法"),
    "hindcasts": ("规划期", "指标", "第 1 年", "第 2 年", "第 3 年", "第 4 年", "后来"),
    "commitments": ("专栏或章节", "任务", "原文", "责任单位", "期限", "状态", "佐证"),
    "results": ("类别", "指标", "最新值", "目标", "增量完成率", "序时进度", "进度判断", "达标概率", "预警等级", "总结评估"),
}
LABEL = {
    "assumed": "对本项的假设", "areas": "分区域", "plan": "规划", "category": "类别", "unit": "单位", "kind": "性质", "baseline": "基期", "target": "目标", "clause": "原文", "definition": "口径", "caveat": "陷阱",
    "break": "口径中断", "supplier": "数据提供", "latest": "最新值", "attainment": "目标完成率", "progress": "增量完成率", "elapsed": "序时进度（按数据年）",
    "scheduled": "序时值", "cagr": "年均增速", "pace": "后续所需", "status": "进度判断", "forecast": "预测", "chance": "达标概率", "prospect": "达标前景",
    "record": "这样说有多准", "fate": "这样判断的后来怎样", "alert": "预警等级", "models": "模型对照", "ratings": "规则对照", "taken": "本报告采用", "other": "另一读法", "reading": "读法",
}  # fmt: skip
ONE_READING = "规划的表述只有一种读法。"
NO_HINDCASTS = "同一系列还没有可以回头看的规划。"


def other_model(name: str) -> str:
    """What to say where the default model was not used."""
    return f"本期次的预测用的不是默认模型，而是“{name}”：达标概率由它自己的预测区间得出。"


def year(y: int) -> str:
    return f"{y} 年"


def labelled(label: str, text: str) -> str:
    return f"{label}：{text}"


def table_of(title: str) -> str:
    return f"{title}（表）"


def figure(k: int, caption: str) -> str:
    return f"图 {k}　{caption}"


def ladder_caption(rule: str) -> str:
    return f"进度判断（{rule}，自上而下取第一个符合的）"


def reliability(caption: str) -> str:
    return f"{caption}：点越靠近虚线越可靠，点越大次数越多"


def missing_since(y: int) -> str:
    return f"以下指标在规划期至 {y} 年之间缺少年度数据。缺数写缺数：不插补，不沿用，不用别的口径代替。"


def earlier(edition: str) -> str:
    return f"与上年期次 {edition} 相比："


def other_schema(edition: str) -> str:
    return f"上年期次 {edition} 的记录格式不同，未作比较。"


def moved(name: str, before: str, now: str) -> str:
    return f"{name}：{before} → {now}"


def revised_since(name: str, y: int, before: str, now: str) -> str:
    return f"{name} {y} 年：上年期次 {before}，本期 {now}"


def broken(y: int, reason: str) -> str:
    return f"{y} 年起口径调整：{reason}"


def supplied_by(office: str, basis: str, needs: str) -> str:
    return f"{office}（{basis}）：{needs}"


def forecasts_for(y: int) -> str:
    return f"{y} 年的预测，按模型"


def kept(copies: int, sources: int) -> str:
    return f"{sources} 个来源，存有副本的 {copies} 个；标“存”的可以打开副本，标“未存”的没有副本，只能到原处核对。"


def data_and_sources(n: int) -> str:
    return f"数据与来源（{n} 条）"


def data_columns(unit: str) -> tuple[str, ...]:
    return "年份", f"数值（{unit}）", "状态", "公布", "来源", "备注"


def related(n: int) -> str:
    return f"参考数据（不用于评价，{n} 项）"


def context(group: str, n: int) -> str:
    return f"参考数据：{group}（{n} 项，不用于评价）"


def lines(listed: str) -> str:
    return f"原文第 {listed} 行"


def revised(name: str, y: int, value: str, published: str, earlier: str) -> str:
    return f"{name} {y} 年：采用 {value}（{published}）；此前公布 {earlier}"


def surprise(name: str, y: int, value: str, low: str, high: str) -> str:
    return f"{name} {y} 年 {value}：按此前各年，预期在 {low}—{high} 之间"


def chance_of(chance: str) -> str:
    return f"达标概率{chance}"


def latest_years(window: int | None) -> str:
    return f"最近 {window} 年" if window else "全部"


def at_least(share: str) -> str:
    return f"不低于 {share}"


def below(share: str) -> str:
    return f"低于 {share}"


def notebooks(n: int) -> str:
    return f"执行笔记本（{n} 个）"


def inputs(n: int) -> str:
    return f"输入文件（{n} 个）"


def citation(title: str, commit: str, digest: str) -> str:
    return f"{title}。代码 {commit}，输入数据指纹 {digest}。"


def edition(plan: str, y: int, known_by: str, scenario: str) -> str:
    """What an edition is called beside others: 「云上县示例规划 2024 年（截至 2025-03-31；情景假设：审慎）」."""
    parts = [f"截至 {known_by}"] * bool(known_by) + [f"情景假设：{scenario}"] * bool(scenario)
    return f"{plan} {y} 年" + (f"（{'；'.join(parts)}）" if parts else "")


def assessable(n: int, total: int) -> str:
    return f"{n} / {total} 项可评价"


def no_alerted(assessable: int, total: int) -> str:
    """What to say where nothing is alerted: of what could not be judged it is no all-clear."""
    if not assessable:
        return f"{total} 项指标都不能评价，有没有须预警的无从判断。"
    rest = f"；另有 {total - assessable} 项不能评价，无从判断" if assessable < total else ""
    return f"可评价的 {assessable} 项中没有黄色及以上预警的{rest}。"


def doubted(name: str, area: str, y: int | None, value: str, problem: str) -> str:
    """A doubt about an indicator's figures: 「满意度（北区）2022 年：序列缺这一年」."""
    place = f"（{area}）" if area else ""
    return f"{name}{place}{f' {y} 年' if y else ''}：{f'{value}，' if value else ''}{problem}"


def more(n: int) -> str:
    return f"另有 {n} 项，见正文。"


def asked(office: str, names: str) -> str:
    return f"{office}：{names}"
