"""The words of the first screen in Chinese: what is missing, what can be said, what changed."""

ASKED_COLUMNS = ("单位", "缺数的指标", "到期无资料的任务", "缺数的是")
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
    return f"另有 {n} 个单位"


def due_by(day: str) -> str:
    return f"（{day} 前）"
