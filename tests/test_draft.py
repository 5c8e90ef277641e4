"""Drafts of plans: what is read from a text, which traps are found and which texts have none.

The places and figures of the small texts are made up.
"""

from __future__ import annotations

import csv
from pathlib import Path

import docx
import pytest
from conftest import some

from helpers import drafts
from helpers.intake import draft, plan as plans
from helpers.intake.draft import figures, rows, text
from helpers.intake.finding import Refused, Unknown
from helpers.publish import marked

ROOT = Path(__file__).resolve().parents[1]
DISTRICT = ROOT / "data" / "raw" / "tongzhou-145" / "documents" / "plan.txt"
LISTED = ROOT / "tests" / "plans" / "traps_tongzhou.csv"

HEAD = "某县“十五五”发展规划\n一、发展目标\n"
GOOD = """某县“十五五”知识产权发展规划
一、发展基础
2025年末，每万人常住人口发明专利拥有量达10件。
二、发展目标
到2030年末，每万人常住人口发明专利拥有量由10件提高到15件，以县统计局每年3月公布的数为准。
2026—2030年期间新增专利代理师累计30人（县市场监管局牵头，以取得执业证为准）。
三、重点任务
2027年底前印发专利转化办法，由县市场监管局负责。
每年举办2次银企对接会，由县金融办负责。
"""


def found(body: str) -> list[draft.Trap]:
    return list(draft.of_text(text.of_text("某县", HEAD + body)))


def kinds(body: str) -> set[str]:
    """The kinds found, but for the owner: no small text names one."""
    return {trap.about for trap in found(body)} - {"owner"}


# The district's plan, beside the list made by hand before the checks were written -----------------


@pytest.fixture(scope="module")
def district() -> tuple[draft.Trap, ...]:
    return draft.of_text(draft.read(DISTRICT))


def test_nine_of_ten_traps_listed_by_hand_are_found(district):
    """Named as that kind and on that line; 44 of the 45 listed when this was written."""
    with open(LISTED, encoding="utf-8", newline="") as file:
        listed = some(list(csv.DictReader(file)))
    seen = [
        row
        for row in listed
        if any(
            trap.about == row["about"] and (int(row["line"]) in trap.lines or row["line"] == "0")
            for trap in district
        )
    ]
    assert len(listed) >= 20
    assert len(seen) >= 0.9 * len(listed), [row["no"] for row in listed if row not in seen]


def test_every_trap_of_the_district_quotes_its_line(district):
    lines = DISTRICT.read_text("utf-8").split("\n")
    prose = [trap for trap in some(district) if trap.lines and "|" not in trap.sentence]
    for trap in some(prose):
        if trap.about != "no_target":  # that one lists the cells of several lines
            assert any(trap.sentence in lines[number - 1] for number in trap.lines), trap


def test_four_names_of_one_platform_are_one_trap(district):
    [platforms] = [trap for trap in district if trap.subject == "运营平台"]
    assert platforms.lines == (135, 288, 334, 342)


def test_the_example_has_three_traps_and_they_are_true():
    """One definition that its own file calls unclear, one level without baseline, seven suppliers
    the plan does not name."""
    traps = draft.of_plan(plans.load("example"))
    assert [trap.about for trap in traps] == ["owner", "definition", "baseline"]
    assert traps[0].problem.startswith("7 项指标")


def test_a_plan_says_its_targets_so_that_they_can_be_evaluated():
    assert draft.of_text(text.of_text("某县", GOOD)) == ()


# Figures ------------------------------------------------------------------------------------------


def test_a_figure_has_the_name_the_bound_and_the_words_before_it():
    one, two = figures.in_sentence("新增海外授权量30件，满意度超85%。", 1, "target")
    assert (one.name, one.number, one.unit, one.words) == ("海外授权量", 30, "件", ("新增",))
    assert (two.name, two.bound, two.shown) == ("满意度", ">", "85%")


def test_a_number_before_its_name_is_read():
    [one] = figures.in_sentence("2家产业知识产权保护联盟。", 1, "target")
    assert (one.name, one.shown) == ("产业知识产权保护联盟", "2家")


def test_a_rise_is_two_figures_of_one_name():
    before, after = figures.in_sentence("专利拥有量从1990件增加到4493件。", 1, "base")
    assert (before.name, before.when, before.number) == ("专利拥有量", "earlier", 1990)
    assert (after.name, after.when, after.number) == ("专利拥有量", "base", 4493)


@pytest.mark.parametrize("body", ["到2035年建成。", "第14次会议通过。", "2023年2月16日印发。"])
def test_a_year_a_date_and_an_ordinal_are_no_figures(body):
    assert figures.in_sentence(body, 1, "target") == []


@pytest.mark.parametrize(
    "table",
    [
        "| 指标 | 单位 | 2025年 | 2030年目标 |\n| 有效商标 | 件 | 100 | 200 |",
        "指标\t单位\t2025年\t2030年目标\n有效商标\t件\t100\t200",
        "| 指标 | 2025年 | 2030年目标 |\n| 有效商标（件） | 100 | 200 |",
    ],
)
def test_a_table_of_rows_gives_base_and_target(table):
    read = rows.of_tables(text.of_text("t", HEAD + table))
    assert [(f.name, f.when, f.shown) for f in read] == [
        ("有效商标", "base", "100件"),
        ("有效商标", "target", "200件"),
    ]


def test_a_cell_with_a_sign_or_without_a_unit_is_read():
    head = "| 指标 | 2025年 | 2030年目标 |\n"
    table = head + "| 专业人员比重 | 16.1 | >25 |\n| 现场人员 | - | 6人（含）以下 |"
    read = rows.of_tables(text.of_text("t", HEAD + table))
    assert [(f.when, f.bound, f.shown) for f in read] == [
        ("base", "=", "16.1"),
        ("target", ">", "25"),
        ("target", "<=", "6人"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "产值居前15家企业比重提高。",
        "标准133项，其中，2011至2015年颁布国家标准15项、行业标准32项。",
        "龙头、骨干企业人员比重达25%。",
    ],
)
def test_what_only_looks_like_a_trap_is_none(body):
    """A rank's number is no count, parts of another total do not add up to this one, and two kinds
    of firms have one share."""
    assert not kinds(body) & {"sum", "two_ratios", "already_met"}


def test_what_a_task_describes_is_no_target():
    body = "三、主要任务\n该区涉及10个县，草原面积15994公顷。\n新建服务站10个。"
    read = text.of_text("t", HEAD + body)
    assert [figure.name for figure in figures.of_prose(read)] == ["新建服务站"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("打造15分钟养老圈，开通24小时服务。", []),  # what describes
        ("沿江45公里岸线贯通开放。", []),
        ("对每个项目给予最高200万元奖励。", []),  # a grant's condition
        ("12种污染物排放总量比2025年削减5%以上。", ["rate"]),  # 污染物, not 12种
        ("新建3个展馆、5个公园。", ["done", "done"]),
        ("覆盖率达到90%，产值年均增长6%。", ["level", "rate"]),
        ("产值达到90亿元，比2025年增长6%。", ["level"]),  # the rate of the figure before
    ],
)
def test_a_figure_is_what_is_or_is_to_be_not_what_describes(body, says):
    found = figures.in_sentence(body, 1, "target")
    assert [figure.act for figure in found] == says


def test_what_stands_before_the_plan_is_past_in_whatever_part():
    body = "“十四五”期间建成展馆30家。\n2024年满意度达到85%。\n满意度较2024年提高到90%。"
    read = text.of_text("t", HEAD + body)
    parts = [read.part_of(line, line.text) for line in read.lines[2:]]
    assert parts == ["past", "past", "goals"]


@pytest.mark.parametrize(
    ("first", "years"),
    [
        ("国民经济和社会发展第十个五年计划纲要", (2001, 2005)),
        ("民用航空发展规划（2016—2020年）", (2016, 2020)),
        ("回顾“十二五”和“十三五”。“十三五”时期的规划。", (2016, 2020)),
        ("扩大内需战略规划纲要（2022—2035年）", (2022, 2035)),
        ("衔接《城市总体规划（2016—2035年）》\n“十四五”规划", (2021, 2025)),
        ("（十五）推进城镇化\n（二十五）推进改革", (None, None)),
    ],
)
def test_the_years_of_a_plan_are_its_titles_else_those_it_names_most(first, years):
    read = text.of_text("t", first)
    assert (read.start, read.end) == years


def test_a_numbered_heading_opens_its_part_and_a_table_of_contents_none():
    goals = "2.3 主要目标\n乙。\n2.3.1功能更强。丙。\n三、任务\n丁。"
    read = text.of_text("t", "2.3 主要目标......8\n1.1 成就\n甲。\n" + goals)
    told = [(line.part, line.sentences) for line in read.lines if line.sentences]
    assert told == [
        ("past", ["甲。"]),
        ("goals", ["乙。"]),
        ("goals", ["丙。"]),
        ("tasks", ["丁。"]),
    ]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("（一）发展基础和环境", "past"),
        ("第一章　发展环境", "past"),
        ("（一）做实做强基础能力建设", "tasks"),
        ("（四）优化发展环境", "tasks"),
        ("第二节　夯实发展基础", "tasks"),
        ("**三、工作目标**", "goals"),  # as Markdown prints it
    ],
)
def test_a_heading_is_of_the_past_by_its_noun_of_a_task_by_its_verb(heading, part):
    read = text.of_text("t", f"某县“十五五”规划\n一、总体要求\n二、主要任务\n{heading}\n乙。")
    assert read.lines[-1].part == part


def test_what_looks_beyond_the_plan_is_no_goal_of_it():
    assert not kinds("展望2035年，主要指标居全市前列。")
    assert kinds("到2030年，主要指标居全市前列。") == {"rank"}


def test_wide_digits_are_digits():
    [target] = [t for t in found("覆盖率达到９０．５％。") if t.about == "baseline"]
    assert target.sentence == "覆盖率达到90.5%。"


@pytest.mark.parametrize("owner", ["（责任部门：县科技局）", "（县科技局、县财政局）"])
def test_an_office_in_brackets_behind_a_task_is_its_owner(owner):
    tasks = "满意度达85%。\n二、任务\n" + f"办会2次。{owner}\n" * 3
    assert "owner" not in {trap.about for trap in found(tasks)}
    assert "owner" in {trap.about for trap in found(tasks.replace(owner, ""))}


def test_a_page_without_chapters_is_read_as_aims():
    lines = ("力争知识产权综合实力进入全省前列。", "培育一批高价值专利组合。")
    for title in ((), ("# 某县规划（草案）",), ("某县规划",)):
        page = text.of_rows("页", [(line,) for line in (*title, *lines)])
        assert {line.part for line in page.lines[len(title) :]} <= {"goals", "tasks"}
    headed = text.of_rows("页", [("一、指导思想",), *((line,) for line in lines)])
    assert {line.part for line in headed.lines} == {"creed"}


def test_the_numbers_of_a_list_are_no_names():
    said = "一、二、三产业比重分别为13%、51%和36%，分别提高 3 个和 4 个百分点。"
    assert [f.shown for f in figures.in_sentence(said, 1, "target") if f.name[0].isdigit()] == []


def test_a_closer_name_is_no_second_name():
    body = "建设核心示范园5家。\n建设规模面积二百亩以上的核心示范园5家。"
    assert "two_names" not in kinds(body)


def test_a_figure_of_speech_is_told_where_it_is_a_goal():
    assert kinds("打造产业创新高地。") == {"title"}
    assert not kinds("二、任务\n打造产业创新高地。")


def test_names_of_a_class_are_not_one_thing_under_many_names():
    one = "建设运营服务平台。建设专利运营平台。建设运营交易平台。"
    assert "two_names" not in kinds(one + "建设运营平台。")  # its bare name is used
    assert "two_names" in kinds(
        one.replace("运营服务平台", "知识产权运营服务平台") + "建设高价值运营平台。"
    )


def test_targets_beside_a_table_are_told_where_they_are_the_exception():
    table = "| 指标 | 2030年目标 |\n| 示范街区 | 3个 |\n| 机构 | 5个 |\n| 满意度 | 85% |\n"
    lone = "参保率达到90%。", "绿化率达到40%。", "入学率达到99%。", "就业率达到80%。"
    assert "table_prose" in kinds(table + "".join(lone[:3]))
    assert "table_prose" not in kinds(table + "".join(lone))


def test_letters_that_print_spaced_out_are_closed_up():
    body = "到2 0 3 0年 ，覆盖率达到9 0 % ，" * 11
    assert "到2030年，覆盖率达到90%，" in text.of_text("t", body).lines[0].text


@pytest.mark.parametrize(
    "body",
    [
        "提升全覆盖、全过程的治理能力。",
        "建立健全覆盖城乡的网络。",
        "在若干重点领域率先突破。",
        "提高电话普及率。2030年电话普及率由1%提高到2%。",
        "到2030年新增示范企业30家。",
        "“十五五”期间，累计新建管网3500公里。",
        "增加值年均增长不低于5%。",
        "产值由2025年的9亿元提高到2030年的12亿元。",
        "产值达到300亿元，年均增长20%。",  # what it was can be computed
        "失业率控制在5%以内。",  # a bound to keep
        "灾害损失占国内生产总值比例低于1%。",
        "到2030年，服务能力再上台阶。\n培育创新平台10个以上。",  # the section has its year
        "二、任务\n新增绿地40公顷。",  # a task's things are of the plan's years
        "新增从业人员培训率由60%提高到90%。",  # 新增 is the people's
        "建成不少于1000例病例的数据集。",
        "入井人数超过30人、井深超过800米的矿山应当整改。",
        "由制度全覆盖到法定人群全覆盖。",
        "形成从设计到终端的全覆盖产业链。",
        "推进展览馆、体育馆等一批设施建设。",  # they are named
        "完善预案定期评估机制。",
        "探索多个主体联合申报国家项目。",
        "服务业比重由40%提高到45%。提高服务业的比重和水平。",
        "通过降低高耗能产业比重，实现节能。",
        "提高计算机普及率，2030年达到4%以上，2025年为2%。",
        "每万人口全科医师数（按常住人口）由1人提高到2人。",
        "2026—2030年累计新增托位500个。",
    ],
)
def test_what_can_be_evaluated_or_promises_nothing_is_no_trap(body):
    assert not kinds(body)


def test_a_heading_that_its_paragraph_follows_on_the_line_opens_its_part():
    read = text.of_text("t", "某县“十五五”发展规划\n（三）发展目标。到2030年，服务能力明显增强。")
    assert [trap.about for trap in draft.of_text(read)] == ["state"]


def test_a_table_of_one_cell_a_line_is_read_as_its_columns_are_headed():
    body = "2025年完成情况\n有效商标\n100件\n发展目标\n有效商标\n200件"
    read = rows.of_tables(text.of_text("t", HEAD + body))
    assert [(f.when, f.number) for f in read] == [("base", 100), ("target", 200)]


# One trap, one text: with it and without --------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "trap", "without"),
    [
        ("rank", "主要指标保持全市前列。", "2030年主要指标居全市前3位。"),
        ("title", "成为创新发展标杆区。", "2030年列入国家示范名单。"),
        ("batch", "培育一批高价值专利。", "培育高价值专利20件。"),
        ("frequency", "定期召开联席会议。", "每季度召开联席会议。"),
        ("effort", "积极争创国家级示范区。", "2030年底前获批国家级示范区。"),
        ("state", "到2030年，机制较为健全。", "到2030年，机制较为健全：印发制度5项。"),
        ("raise", "提高发明专利拥有率。", "发明专利拥有率由10%提高到15%。"),
        ("coverage", "实现服务站全覆盖。", "12个镇全部设站，实现服务站12个镇全覆盖。"),
        ("kind", "新增示范企业30家。", "“十五五”期间新增示范企业30家。"),
        ("kind", "培训骨干500人次。", "每年培训骨干500人次。"),
        ("since", "质押融资累计金额达20亿元。", "2026—2030年质押融资累计金额达20亿元。"),
        ("denominator", "万人专利拥有量达18件。", "万人专利拥有量（按常住人口）达18件。"),
        ("unit", "万企商标企业数达1400家。", "万企商标企业数达1400家/万家企业。"),
        ("source", "群众满意度达85%。", "群众满意度达85%，以省局公布的数为准。"),
        ("undefined", "期间新增高层次人才20人。", "期间新增专利代理师20人。"),
        ("sum", "代理机构14家，其中专利3家，商标10家。", "代理机构13家，其中专利3家，商标10家。"),
        (
            "sum",
            "机构14家，其中专利13家，商标4家。",
            "机构14家，其中专利3家，商标4家。",
        ),  # some of them
        ("lapses", "落实《专项方案（2024—2027年）》。", "落实《专项方案（2024—2030年）》。"),
        ("two_ratios", "申请量、授权量占比达67%。", "申请量、授权量占比分别达67%和60%。"),
    ],
)
def test_a_trap_is_found_and_its_better_wording_is_none(about, trap, without):
    assert about in kinds(trap)
    assert about not in kinds(without)


def test_a_table_that_loses_a_word_of_prose_is_told():
    table = "| 指标 | 2030年目标 |\n| 示范街区 | 3个 |\n| 机构 | 5个 |\n| 满意度 | 85% |\n"
    traps = found("新增示范街区和行业3个，满意度超85%。\n" + table)
    problems = {trap.subject: trap.problem for trap in traps if trap.about == "table_prose"}
    assert problems == {
        "示范街区": "正文有“新增”，表没有；正文还有“和行业”，表没有",
        "满意度": "正文有“超”，表没有",
    }


def test_a_target_below_what_there_is_is_told():
    before = "某县“十五五”发展规划\n一、发展基础\n全县代理机构达13家。\n二、发展目标\n"
    traps = draft.of_text(text.of_text("t", before + "代理机构5家。"))
    assert [t.problem for t in traps if t.about == "already_met"] == [
        "已有“代理机构”13家，不少于目标5家"
    ]


def test_the_people_between_a_total_and_its_rate_are_told_where_they_fall():
    """1990 / 18.17 = 109.52; 4493 / 44.3 = 101.42: −7.4 %."""
    body = "专利拥有量从1990件增加到4493件，万人专利拥有量从18.17件增加到44.3件。"
    read = text.of_text("t", "某县“十五五”发展规划\n一、发展基础\n" + body)
    [trap] = [trap for trap in draft.of_text(read) if trap.about == "sum"]
    assert "109.52" in trap.problem
    assert "-7.4%" in trap.problem


def test_what_was_reached_and_what_is_believed_in_promise_nothing():
    body = "一、发展基础\n位居全市前列，培育一批企业。\n二、指导思想\n定期召开会议。"
    assert draft.of_text(text.of_text("t", "某县“十五五”发展规划\n" + body)) == ()


# What it is read from, what it is written to ------------------------------------------------------


def test_a_word_document_is_read_in_its_order_and_keeps_its_form(tmp_path):
    made = docx.Document()
    made.add_paragraph("某县“十五五”发展规划")
    made.add_paragraph("一、发展目标")
    paragraph = made.add_paragraph("每年办会2次。")
    paragraph.add_run("培育一批").bold = True
    paragraph.add_run("高价值专利。")
    table = made.add_table(2, 2)
    for cell, said in zip(
        (*table.rows[0].cells, *table.rows[1].cells),
        ("指标", "2030年目标", "有效商标（件）", "200"),
        strict=True,
    ):
        cell.text = said
    path = tmp_path / "draft.docx"
    made.save(path)
    read = draft.read(path)
    assert (read.start, read.end) == (2026, 2030)
    assert [line.text for line in read.lines][-1] == "有效商标（件）|200"
    mark = marked.Mark(3, "培育一批高价值专利。", "没有数")
    (tmp_path / "marked.docx").write_bytes(marked.document(path, [], [mark], "检查"))
    again = docx.Document(tmp_path / "marked.docx")
    runs = again.paragraphs[2].runs
    assert [
        (run.text, bool(run.font.highlight_color), bool(run.bold)) for run in runs if run.text
    ] == [
        ("每年办会2次。", False, False),
        ("培育一批", True, True),
        ("高价值专利。", True, False),
    ]
    assert [comment.text for comment in again.comments] == ["没有数"]


def test_a_sentence_inside_a_run_is_cut_out_of_it(tmp_path):
    mark = marked.Mark(1, "乙。", "说明")
    (tmp_path / "m.docx").write_bytes(marked.document(None, ["甲。乙。丙。"], [mark], "检查"))
    [paragraph] = docx.Document(tmp_path / "m.docx").paragraphs
    assert [(run.text, bool(run.font.highlight_color)) for run in paragraph.runs if run.text] == [
        ("甲。", False),
        ("乙。", True),
        ("丙。", False),
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF", "不是可读的文稿"),
        ("a.txt", b"\xff\xfe\x00", "不是 UTF-8 编码"),
        ("a.docx", b"no zip", "打不开这个 Word 文档"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=says):
        draft.read(tmp_path / name)


def test_a_text_is_written_as_page_and_marked_document(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSESSMENT_ROOT", str(tmp_path))
    path = tmp_path / "draft.txt"
    path.write_text(HEAD + "培育一批<b>专利</b>。", "utf-8")
    linted = drafts.of(str(path))
    page, word = drafts.write(linted)
    shown = page.read_text("utf-8")
    assert "培育一批&lt;b&gt;专利&lt;/b&gt;。" in shown
    assert "2030年底前____（名称）不少于____个" in shown
    assert [c.text.split("】")[0] for c in docx.Document(word).comments] == ["【“一批”“若干”没有数"]


def test_of_vague_words_the_first_three_are_told_and_the_others_by_their_lines(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("ASSESSMENT_ROOT", str(tmp_path))
    path = tmp_path / "draft.txt"
    path.write_text(HEAD + "\n".join(f"培育一批第{k}类企业。" for k in "甲乙丙丁戊"), "utf-8")
    linted = drafts.of(str(path))
    assert [trap.lines for trap in linted.first] == [(3,), (4,), (5,)]
    assert linted.further == ["【“一批”“若干”没有数】另有 2 处：第 6、7 行"]
    page, word = drafts.write(linted)
    assert "另有 2 处：第 6、7 行" in page.read_text("utf-8")
    assert len(list(docx.Document(word).comments)) == 5


def test_a_text_that_is_not_there_is_told_in_one_sentence():
    with pytest.raises(Unknown, match=r"没有文件 nowhere\.docx"):
        drafts.of("nowhere.docx")
