"""The words of the first screen in Chinese: what is missing, what can be said, what changed."""

ASKED_COLUMNS = ("单位", "缺数的指标", "到期无资料的任务", "缺数的是")
GLANCE = ("怎样", "缺什么", "谁要办")  # what ten seconds must answer
OTHERS = "等"
NOTHING_MISSING, NOBODY = "各年数据齐全，没有到期无资料的任务。", "没有须补的数据，没有橙色、红色预警。"
NOT_DUE = "规划第一年的数据还没有到期。"
SUPPLY, EXPLAIN, REPORT = "补报数据", "说明预警原因", "说明到期任务"
BY_DUTY = "规划没有写明的，单位按职能建议"
ALL_THE_SAME, THE_REST = "现在能说的", "图、口径与其余"


def nothing_changed(edition: str) -> str:
    return f"与上年期次 {edition} 相比，判断、数值、方法与口径都没有变动。"


def year_before(edition: str) -> str:
    return f"上年期次 {edition} 的 results.json 的 SHA-256："


def missing_in_full(n: int) -> str:
    return f"逐项缺哪些年份、需要什么数据（{n} 项）"


def and_more(n: int) -> str:
    return f"等 {n} 项"


def contradicted(n: int) -> str:
    return f"规划文本有 {n} 处自相不一致"


def troubled(n: int) -> str:
    return f"规划文本和数据有 {n} 条须知的问题"


def other_offices(n: int) -> str:
    return f"另有 {n} 个责任方"


def due_by(day: str) -> str:
    return f"（{day} 前）"


def stands(total: int, judged: int, good: int, published: int | None) -> str:
    """How many can be judged and how many of those are well; in the target year also how many
    final figures there are."""
    final = f"目标年的终期数据公布了 {published} 项；" if published is not None else ""
    if not judged:
        return f"{total} 项指标，{final}一项也不能评价。"
    well = f"其中 {good} 项符合预期或更好，{judged - good} 项落后" if judged > good else "都符合预期或更好"
    return f"{total} 项指标，{final}可评价 {judged} 项，{well}。"


def needs(text: str) -> str:
    """What an office is asked for, as the parameters say it."""
    return text


def proposed(evaluator: str, draft: bool) -> str:
    """Whose recommendation it is: nobody else's."""
    return f"{evaluator}的建议" + ("，草稿，未经有关单位核实" if draft else "")


def few_drawn(n: int) -> str:
    return f"进度图（{n} 项可评价）"


def not_begun(start: int, total: int, foreseen: int) -> str:
    """What can be said of a plan before its first year."""
    return f"规划从 {start} 年起实施；{total} 项指标，{foreseen} 项已能估算达标概率。"


def lacking(n: int, none: int) -> str:
    """How many indicators lack a year, and how many have no figure at all."""
    return f"{n} 项指标缺年度数据" + (f"（{none} 项一个数也没有）" if none else "")


def silent(n: int) -> str:
    return f"{n} 项任务到期无资料"


def office(name: str, n: int) -> str:
    return f"{name}（{n} 项）"


def and_offices(n: int) -> str:
    return f"等 {n} 个责任方"
