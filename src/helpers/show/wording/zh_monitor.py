"""What a monitoring page says in Chinese: headings, labels, reasons, the two lines to send on."""

KIND, TITLE = "动态监测", "{title}{period}动态监测"
SPAN, MONTH, LAST_PERIOD = "{year} 年 1—{month} 月", "{month} 月", "上期"
JANUARY = "{year} 年 1 月"
SECTION = {
    "areas": "各地的进度",
    "moves": "本期变了什么", "pace": "余下的时间要多快", "due": "今后两个季度到期的", "missing": "还没有报的",
    "track": "以往的预计准不准", "method": "怎样预计，怎样读",
}  # fmt: skip
COLUMNS = {
    "areas": ("指标", "地区", "本期已知", "预计年末（80% 区间）", "达标概率", "进度"),
    "moves": ("指标", "本期已知", "上期已知", "预计年末（80% 区间）", "上期预计", "达标概率", "上期概率", "进度"),
    "pace": ("指标", "年末序时值", "预计年末", "到序时值的概率", "前几个月每月", "余下每月须", "快慢"),
    "due": ("期限", "事项", "现状", "责任单位"),
    "missing": ("指标", "已报到", "数据提供单位", "需要的数据"),
    "running": ("指标", "当年已知与预计"),
    "track": ("指标", "哪一期预计", "预计（80% 区间）", "实际", "区间是否包住", "由来"),
}  # fmt: skip
REASON = {
    "": "", "not_reported": "当年没有报送", "starts_late": "年初的月份没有报送，累计不起来", "no_former_part": "没有往年同期数，按已过时间折算",
    "no_start": "上年末的数不明，只看已报数", "negative_amounts": "有负数，不作预计", "former_years_zero": "往年为零，没有可比的份额",
    "binary": "是否型，不作预计",
    "other_form": "目标不是本指标期末的值，不作月度季度判断",
}  # fmt: skip
FIGURE_TITLE, NO_WAY = "预计年末：{n} 项中 {reached} 项到序时值", "没有可比的序时值"
FIGURE_NOTE = "条：已知；点：预计年末；细线：80% 区间。都折成到年末序时值这段路的比例，虚线（100%）就是序时值。"
BY_PACE, MET_ALREADY, NOTHING_LEFT = "折算 ", "已到序时值", "—"
NOT_REPORTED, REPORTED_TO = "当年未报", "{month} 月"
TARGET_DUE, ANNUAL_DUE = "目标：{target}", "每年一次：{title}"
INSIDE = {True: "是", False: "否"}
ORIGIN = {"kept": "当时留存", "again": "现在按当时数据重算"}
NOTHING = {
    "areas": "没有分地区报送当年数。",
    "moves": "当年还没有任何指标报送月、季数据。", "pace": "没有可算的。", "due": "今后两个季度没有到期的目标和任务。",
    "missing": "应报的都已报到本期。", "track": "往年没有同期数，还没有可以对照的预计。",
}  # fmt: skip
TRACKED = "{n} 次以往的预计中，{inside} 次的实际值落在 80% 区间内。"
LINE_STANDING = "{title}{period}：{total} 项指标中 {reported} 项报了当年数；按进度看，{good} 项达到或快于序时，{behind} 项落后。"
LINE_WATCH = "要关注：{watch}；未报到本期：{missing}。"
NONE, WATCHED, UNFORESEEN, MORE = "无", "{name}（预计年末 {expected}，达标概率{chance}）", "{name}（预计年末 {expected}）", "{names}等 {n} 项"
NOT_ANNUAL = "不满一年的数不是年度结论：年度评估只用全年数，本页不改变任何年度判断。"
METHOD = (
    "预计年末：已知部分，加上按往年同期份额、今年至今的快慢和年度预测推得的余下部分；权重和区间宽度由两千余条真实的月度、季度序列学得（docs/method.md）。",
    "达标概率：目标年就是今年的，取自今年的预计；目标年在以后的，取今年各种可能结果之下年度预测的平均。",
    "进度：增量完成率与按月计的序时进度相比；年度值（当年发生额）用预计的全年数相比。没有往年同期数的，只按已过时间折算，不给概率。",
)  # fmt: skip
SUBTITLE, MESSAGE, MOVES_CSV = "数据至 {period}", "可转发的两句话", "变动表（CSV）"
OPEN = "打开 {path}"
UNFINISHED = "已知数据最晚公布于 {newest}，早于 {year} 年年末：{year} 年全年的情况还看不到，这里的判断不是全年结论。"
NOTHING_KNOWN = "还没有任何已公布的数据：{year} 年的情况还看不到。"
PARTS_KNOWN = "{n} 项指标报了当年的部分数，见各卡“动态监测”，只作提示，不计入判断。"
RUNNING = "当年未完：{known}；预计年末：{expected}；达标概率：{chance}。只作提示，不计入年度判断。"
