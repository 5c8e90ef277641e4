"""Raw tables are taken exactly as they are or refused with every finding, each at its physical
line."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from helpers.intake import contract, observations, promise_rows, table
from helpers.intake.finding import INVISIBLE, Refused

TABLE = "data/raw/toy/observations.csv"
AS_UTF8 = "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”"


def told(toy):
    """What is said about the toy plan's bad data, sentence by sentence."""
    with pytest.raises(Refused) as refused:
        observations.receive(toy.plan)
    return str(refused.value).split("\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


def read(tmp_path, content, required=("name", "value"), optional=("note",)):
    """The rows of a small table, and what is said about it."""
    path, findings = tmp_path / "small.csv", []
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows = list(table.rows(path, "small.csv", required, optional, findings))
    return rows, [str(found) for found in findings]


# Shape


def test_rows_come_with_their_physical_line(tmp_path):
    assert read(tmp_path, "name,value\na,1\nb,2\n") == (
        [(2, {"name": "a", "value": "1"}), (3, {"name": "b", "value": "2"})],
        [],
    )


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_absent(tmp_path):
    assert read(tmp_path, "note,value,name\n,1,a\n")[0] == [
        (2, {"note": "", "value": "1", "name": "a"})
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_break_inside_quotes_keeps_the_physical_lines_right(tmp_path, end):
    rows, said = read(
        tmp_path, end.join(["name,value,note", 'a,1,"two', 'lines"', "b,2,", "c"]) + end
    )
    assert [line for line, _ in rows] == [2, 4]
    assert rows[0][1]["note"] == f"two{end}lines"
    if end == "\r":
        assert (
            said.pop(0) == "small.csv:2:note: two<U+000D>lines — 含有看不见的字符（已标出码位） — "
            "请删去后重新键入"
        )
    assert said == [
        "small.csv:5: c — 这一行有 1 格，表头有 3 格 — 请检查逗号和引号；含逗号的文字要加双引号"
    ]


def test_the_mark_that_excel_puts_before_utf_8_is_not_part_of_the_first_column(tmp_path):
    assert read(tmp_path, "name,value\n甲,1\n".encode("utf-8-sig")) == (
        [(2, {"name": "甲", "value": "1"})],
        [],
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "name,value\n甲,1\n".encode("gbk"),
            f"small.csv:1: 不是 UTF-8，像是 GBK/GB18030（自第 2 行起） — {AS_UTF8}",
        ),
        ("name,value\na,1\n".encode("utf-16"), f"small.csv:1: UTF-16 编码 — {AS_UTF8}"),
        ("name,value\na,1\n".encode("utf-16-be"), f"small.csv:1: UTF-16 编码 — {AS_UTF8}"),
        ("name,value\na,1\n".encode("utf-32"), f"small.csv:1: UTF-16 编码 — {AS_UTF8}"),
        (
            b"PK\x03\x04rest of a workbook",
            "small.csv: 这不是 CSV，而是Excel 工作簿（xlsx） — 请另存为“CSV UTF-8（逗号分隔）”；"
            "xlsx 可用 make import 导入",
        ),
        ("", "small.csv: 文件是空的 — 首行应为 name,value"),
        ('"name,value\n', 'small.csv:1: "name,value — 引号没有成对 — 请补上或删去这一行的双引号'),
        (
            "name;value\na;1\n",
            "small.csv:1: name;value — 各列是用分号分隔的 — 请另存为逗号分隔的 CSV",
        ),
        (
            "name\tvalue\na\t1\n",
            "small.csv:1: name<U+0009>value — 各列是用制表符分隔的 — 请另存为逗号分隔的 CSV",
        ),
        (
            "2021—2024年报表,\nname,value\na,1\n",
            "small.csv:1: 2021—2024年报表, — 这一行不是表头 — 请删去表头上方的标题行；首行应为 "
            "name,value",
        ),
        ("name,value\n" + "x" * 200_000, "small.csv:2: 这一行超过 100000 字节 — 请检查换行和引号"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_refused_in_one_sentence_and_gives_no_rows(
    tmp_path, content, sentence
):
    assert read(tmp_path, content) == ([], [sentence])


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            "name,value\na,1\n甲,2\n".encode("gb18030"),
            [f"small.csv:1: 不是 UTF-8，像是 GBK/GB18030（自第 3 行起） — {AS_UTF8}"],
        ),
        (b"name,value\na,1\nb,\xff\xff\n", [f"small.csv:3: 不是 UTF-8 — {AS_UTF8}"]),
        (
            "name,value\n甲,1\n".encode() + "乙,2\n".encode("gbk"),
            [f"small.csv:3: 有损坏的字节，不是 UTF-8 — {AS_UTF8}"],
        ),
        (
            "name,value\n甲,1\n".encode()[:-4],
            ["small.csv:2: 文件在一个字的中间断了 — 请重新取得完整的文件"],
        ),
        (
            b"name,value\na,1\nb,2\x000\n",
            ["small.csv:3:value: 2<U+0000>0 — 含有看不见的字符（已标出码位） — 请删去后重新键入"],
        ),
        (
            'name,value\na,1\n"b,2\nc,3\n',
            ['small.csv:3: "b,2 — 引号没有成对 — 请补上或删去这一行的双引号'],
        ),
        (
            'name,value,note\na,1,"x\ny"\n"b,2,\nc,3,\n',
            ['small.csv:4: "b,2, — 引号没有成对 — 请补上或删去这一行的双引号'],
        ),
        (
            'name,value\na,"1"2\n',
            ['small.csv:2: a,"1"2 — 引号没有成对 — 请补上或删去这一行的双引号'],
        ),
        (
            'name,value\na,"1\nb,2"\n',
            [
                "small.csv:2:value: 1<U+000A>b,2 — 格内有换行，或引号没有成对 — 请写成一行，"
                "并检查这一行的双引号"
            ],
        ),
        (
            'name,value,note\na,1,"看\nb,2,见"\n',
            [
                "small.csv:2:note: 看<U+000A>b,2,见 — 引号里像是吞进了后面的行 — "
                "请补上或删去这一行的双引号"
            ],
        ),
        (
            "name,value\na,\ufffd1\n",
            ["small.csv:2:value: <U+FFFD>1 — 含有看不见的字符（已标出码位） — 请删去后重新键入"],
        ),
        (
            f"name,value\na,{'锟斤拷'}\n",
            ["small.csv:2:value: 锟斤拷 — 含有看不见的字符（已标出码位） — 请删去后重新键入"],
        ),
        (
            'name,value,note\na,1,"' + ("x" * 90_000 + "\n") * 2 + '"\n',
            ["small.csv:2: 一格的文字过长，或引号没有成对 — 请检查这一行的双引号"],
        ),
    ],
)
def test_damage_is_told_where_the_damaged_row_begins(tmp_path, content, sentences):
    assert read(tmp_path, content)[1] == sentences


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name,value\na,1\n\n,\nb,2\n\n", "small.csv:3: 空行（共 3 行），已略过 — 请删去"),
        (
            "name,value\na,1\nb,2",
            "small.csv:3: 最后一行没有换行，文件可能不完整 — 请核对最后一行，再在末尾补一个换行",
        ),
    ],
)
def test_what_says_nothing_is_passed_over_with_a_warning(tmp_path, content, sentence):
    rows, said = read(tmp_path, content)
    assert [row["value"] for _, row in rows] == ["1", "2"]
    assert said == [sentence]


def test_after_a_thousand_findings_the_file_is_the_finding(tmp_path):
    _rows, said = read(tmp_path, "name,value\n" + "a\n" * 5000)
    assert len(said) == 1001
    assert (
        said[-1]
        == "small.csv:1001: 问题或空行已有 1000 处，以后各行没有再查 — 请先改正这些，再检查一次"
    )


def test_a_missing_file_is_told_with_the_header_it_should_have(tmp_path):
    findings = []
    assert (
        list(table.rows(tmp_path / "none.csv", "none.csv", ("name", "value"), (), findings)) == []
    )
    assert [str(found) for found in findings] == [
        "none.csv: 没有这个文件 — 请建立，首行为 name,value"
    ]


@pytest.mark.parametrize(
    ("header", "sentences"),
    [
        ("name", ["small.csv:1:value: 缺少这一列 — 首行应为 name,value"]),
        (
            "name,valu",
            [
                "small.csv:1:valu: 没有这一列；最接近的是 value — 首行应为 name,value,note",
                "small.csv:1:value: 缺少这一列 — 首行应为 name,value",
            ],
        ),
        (
            "name,value ",
            [
                "small.csv:1:value : 没有这一列（首尾有空格） — 首行应为 name,value,note",
                "small.csv:1:value: 缺少这一列 — 首行应为 name,value",
            ],
        ),
        (
            "name,value,\u3000note",
            ["small.csv:1:<U+3000>note: 没有这一列（首尾有空格） — 首行应为 name,value,note"],
        ),
        (
            "name,value,no\u200bte",
            ["small.csv:1:no<U+200B>te: 没有这一列；最接近的是 note — 首行应为 name,value,note"],
        ),
        (
            "name,value,note,value,note",
            [
                "small.csv:1:note: 这一列出现两次 — 请删去一列",
                "small.csv:1:value: 这一列出现两次 — 请删去一列",
            ],
        ),
        ("name,value,", ["small.csv:1: 没有这一列 — 首行应为 name,value,note"]),
        (
            "报表标题",
            [
                "small.csv:1:报表标题: 没有这一列 — 首行应为 name,value,note",
                "small.csv:1:name: 缺少这一列 — 首行应为 name,value",
                "small.csv:1:value: 缺少这一列 — 首行应为 name,value",
            ],
        ),
    ],
)
def test_a_header_that_does_not_fit_is_told_in_full_and_no_row_is_guessed(
    tmp_path, header, sentences
):
    assert read(tmp_path, f"{header}\na,1\n") == ([], sentences)


def test_a_row_with_too_many_or_too_few_cells_is_told_and_never_shifted(tmp_path):
    rows, said = read(tmp_path, "name,value\na,1,180\nb\nc,3\n")
    assert rows == [(4, {"name": "c", "value": "3"})]
    remedy = "请检查逗号和引号；含逗号的文字要加双引号"
    assert said == [
        f"small.csv:2: a,1,180 — 这一行有 3 格，表头有 2 格 — {remedy}",
        f"small.csv:3: b — 这一行有 1 格，表头有 2 格 — {remedy}",
    ]


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_whatever_a_csv_writer_writes_is_read_unchanged_and_what_cannot_be_seen_is_told(
    folder, cells
):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("name", "value"), *cells])
    rows, said = read(folder, text.getvalue())
    assert [tuple(row.values()) for _, row in rows] == [pair for pair in cells if any(pair)]
    doubtful = [cell for pair in cells for cell in pair if INVISIBLE.search(cell) or "\n" in cell]
    assert bool(said) == bool(doubtful or ("", "") in cells)


@given(st.binary() | st.text('name,value\n\r"甲 1').map(str.encode))
def test_no_bytes_whatever_do_anything_but_be_read_or_be_refused(folder, content):
    rows, said = read(folder, b"name,value\n" + content)
    assert all(row.keys() == {"name", "value"} for _, row in rows)
    assert all(sentence.startswith("small.csv") for sentence in said)


# Cells of observations.csv


def test_the_toy_plan_is_received_without_a_word(toy):
    received = observations.receive(toy.plan)
    assert (
        len(received.observations),
        len(received.context),
        len(received.evidence),
        received.warnings,
    ) == (14, 1, 2, ())


def test_a_row_is_taken_as_it_stands(toy):
    row = observations.receive(toy.plan).observations[12]
    assert row == contract.Observation(
        "toy",
        "share",
        "town",
        2023,
        10.9,
        "%",
        "final",
        "report_2023",
        "2024-03-15",
        "=",
        "第3页",
        "",
        14,
    )


# Line 3 of the table: toy,patents,town,2021,118,件,final,report_2021
BAD_CELLS = [
    ("value", "", "没有填数 — 请填写；确实缺数就留空，并把 status 写成 missing"),
    ("value", "1,180", "1,180 — 数字里有逗号 — 请去掉千分位逗号，小数点用“.”"),
    ("value", "118,5", "118,5 — 数字里有逗号 — 请去掉千分位逗号，小数点用“.”"),
    ("value", "１１８", "１１８ — 含全角数字或符号 — 请改用半角"),
    ("value", "1１8", "1１8 — 含全角数字或符号 — 请改用半角"),  # \d would take it
    ("value", "−118", "−118 — 含全角数字或符号 — 请改用半角"),
    ("value", "118件", "118件 — 数字后面带有单位或其他文字 — 只写数字，单位写在 unit 列"),
    ("value", "1.2万", "1.2万 — 数字后面带有单位或其他文字 — 只写数字，单位写在 unit 列"),
    ("value", "11.8%", "11.8% — 数字后面带有单位或其他文字 — 只写数字，单位写在 unit 列"),
    ("value", "1_180", "1_180 — 数字后面带有单位或其他文字 — 只写数字，单位写在 unit 列"),
    ("value", "0118", "0118 — 数字前面有多余的 0 — 请删去"),
    ("value", " 118", " 118 — 数字前后有空格 — 请删去空格"),
    ("value", "-", "- — 用符号或文字表示缺数 — 请留空，并把 status 写成 missing"),
    ("value", "—", "— — 用符号或文字表示缺数 — 请留空，并把 status 写成 missing"),
    ("value", "NaN", "NaN — 用符号或文字表示缺数 — 请留空，并把 status 写成 missing"),
    ("value", "暂无", "暂无 — 用符号或文字表示缺数 — 请留空，并把 status 写成 missing"),
    ("value", "inf", "inf — 不是数字 — 只写半角数字，如 12.71"),
    ("value", "约一百", "约一百 — 不是数字 — 只写半角数字，如 12.71"),
    ("value", "+118", "+118 — 不是数字 — 只写半角数字，如 12.71"),
    (
        "value",
        "9" * 400,
        "9" * 59 + "… — 数字过大 — 请核对，或换用更大的单位",
    ),  # float() makes infinity of it
    ("value", "1e99", "1e99 — 数字过大 — 请核对，或换用更大的单位"),
    ("value", "-118", "-118 — 低于下限 0 — 请核对；确可为负的指标请在参数里写 lower"),
    ("year", "2021.0", "2021.0 — 不是四位年份 — 请写成 2023"),
    ("year", "2021-12-31", "2021-12-31 — 不是四位年份 — 请写成 2023"),
    ("year", "44561", "44561 — 不是四位年份 — 请写成 2023"),  # how Excel keeps 2021-12-31
    ("year", "2021年", "2021年 — 不是四位年份 — 请写成 2023"),
    ("year", "20２1", "20２1 — 不是四位年份 — 请写成 2023"),  # \d would take it
    ("year", "2027", "2027 — 晚于可报送的最后一年 2026 年 — 请核对年份"),
    ("unit", "万件", "万件 — 单位与参数里的“件”不同 — 请把数值乘以 10000，单位写成件"),
    ("unit", "家", "家 — 单位与参数里的“件”不同 — 请换算数值后改用该单位"),
    ("value", "118.5", "118.5 — 以“件”计数，应为整数 — 请核对单位与数值"),
    ("value", "#DIV/0!", "#DIV/0! — 这是 Excel 的出错值 — 请在 Excel 里改正公式，再填入数字"),
    ("value", "١١٨", "١١٨ — 含其他文字的数字 — 请改用 0 至 9"),
    (
        "value",
        "118.00000000000000001",
        "118.00000000000000001 — 位数过多，计算机存不下 — 请四舍五入到 15 位以内",
    ),
    ("unit", "", "单位与参数里的“件”不同 — 请换算数值后改用该单位"),
    (
        "status",
        "Final",
        "Final — 不在可选的词里；最接近的是 final — 可写：final、preliminary、derived、missing、"
        "target",
    ),
    ("status", "", "不在可选的词里 — 可写：final、preliminary、derived、missing、target"),
    ("status", "derived", "推算值没有写出算式 — 请在 note 写明怎样算出"),
    ("status", "missing", "118 — status 是 missing，却填了数 — 请留空，或改 status"),
    ("bound", "<", "< — 不在可选的词里 — 可写：=、>、>=、~"),
    (
        "source",
        "report_2024",
        "report_2024 — 没有这个来源；最接近的是 report_2023 — 请改正，或先在参数与来源表里登记",
    ),
    ("source", "", "没有填来源 — 请改正，或先在参数与来源表里登记"),
    ("plan", "toys", "toys — 没有这个规划；最接近的是 toy — 请改正，或先在参数与来源表里登记"),
    ("plan", "合计", "合计 — 没有这个规划 — 请改正，或先在参数与来源表里登记"),
    ("area", "NA", "NA — 没有这个区域 — 请改正，或先在参数与来源表里登记"),
    (
        "area",
        "city",
        "city — 没有这个区域 — 请改正，或先在参数与来源表里登记",
    ),  # only context may be of another area
    (
        "indicator_id",
        "patnets",
        "patnets — 没有这项指标；最接近的是 patents — 请改正，或先在参数与来源表里登记",
    ),
    (
        "indicator_id",
        "../patents",
        "../patents — 没有这项指标；最接近的是 patents — 请改正，或先在参数与来源表里登记",
    ),
    ("published", "2022/3/1", "2022/3/1 — 不是日期 — 请写成 2023-02-16、2023-02 或 2023"),
    ("published", "2022-02-30", "2022-02-30 — 不是日期 — 请写成 2023-02-16、2023-02 或 2023"),
    (
        "published",
        "２０２２",
        "２０２２ — 不是日期 — 请写成 2023-02-16、2023-02 或 2023",
    ),  # \d would take it
]
COLUMN_TOLD = {
    "derived": "note",
    "missing": "value",
}  # where another column is at fault than the one spoilt


@pytest.mark.parametrize(("column", "value", "sentence"), BAD_CELLS)
def test_a_bad_cell_gets_one_sentence_with_its_line_and_column(toy, column, value, sentence):
    toy.cell("observations.csv", 3, **{column: value})
    assert told(toy) == [f"{TABLE}:3:{COLUMN_TOLD.get(value, column)}: {sentence}"]


def test_all_findings_of_a_row_and_of_all_rows_come_at_once(toy):
    toy.cell("observations.csv", 3, year="21", value="—", unit="个")
    toy.cell("observations.csv", 9, source="", status="finall")
    assert [sentence.split(": ")[0] for sentence in told(toy)] == [
        f"{TABLE}:{place}" for place in ("3:year", "3:value", "3:unit", "9:status", "9:source")
    ]


def test_all_findings_of_all_tables_come_at_once(toy):
    toy.cell("sources.csv", 6, url="example.org")
    toy.cell("observations.csv", 3, value="—")
    toy.cell("context.csv", 2, value="")
    toy.cell("commitments.csv", 2, state="")
    assert [sentence.split(": ")[0] for sentence in told(toy)] == [
        f"data/raw/toy/{place}"
        for place in (
            "sources.csv:6:url",
            "observations.csv:3:value",
            "context.csv:2:value",
            "commitments.csv:2:state",
        )
    ]


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u2028", "\u2066", "\ufeff", "\u00ad", "\x1b", "\x85"]
)
def test_characters_that_cannot_be_seen_are_refused_and_shown_by_their_code(toy, hidden):
    toy.cell("observations.csv", 3, locator=f"第3{hidden}页", indicator_id=f"pat{hidden}ents")
    code = f"<U+{ord(hidden):04X}>"
    assert told(toy) == [
        f"{TABLE}:3:indicator_id: pat{code}ents — 含有看不见的字符（已标出码位） — "
        "请删去后重新键入",
        f"{TABLE}:3:locator: 第3{code}页 — 含有看不见的字符（已标出码位） — 请删去后重新键入",
        f"{TABLE}:3:indicator_id: pat{code}ents — 没有这项指标；最接近的是 patents — 请改正，"
        "或先在参数与来源表里登记",
    ]


def test_a_line_break_may_stand_in_a_note_but_not_half_a_windows_one(toy):
    toy.change("observations.csv", "没有公布", '"没有\n公布\r\n"')
    toy.change("observations.csv", "第3页", '"第3\r页"')
    assert told(toy) == [
        f"{TABLE}:16:locator: 第3<U+000D>页 — 含有看不见的字符（已标出码位） — 请删去后重新键入"
    ]  # 14, and two lines of a note


def test_scientific_notation_is_taken_with_a_warning(toy):
    toy.cell("observations.csv", 3, value="1.18E+02")
    received = observations.receive(toy.plan)
    assert received.observations[1].value == 118
    assert [str(warning) for warning in received.warnings] == [
        f"{TABLE}:3:value: 1.18E+02 — 科学记数法，可能已丢失精度 — 请核对原值并写全"
    ]


def test_zero_is_a_value(toy):
    toy.cell("observations.csv", 3, value="0")
    assert observations.receive(toy.plan).observations[1].value == 0


def test_a_missing_value_is_none_and_never_zero(toy):
    row = observations.receive(toy.plan).observations[11]
    assert (row.status, row.value, row.note) == ("missing", None, "没有公布")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("100.1", "高于上限 100 — 请核对单位与数值"),
        ("-0.1", "低于下限 0 — 请核对；确可为负的指标请在参数里写 lower"),
    ],
)
def test_a_share_beyond_its_limits_is_refused(toy, value, sentence):
    toy.cell("observations.csv", 14, value=value)
    assert told(toy) == [f"{TABLE}:14:value: {value} — {sentence}"]


def test_a_share_at_its_limit_is_taken(toy):
    toy.cell("observations.csv", 14, value="100")
    assert observations.receive(toy.plan).observations[12].value == 100


def test_a_count_may_be_negative_where_the_parameters_say_so(toy):
    toy.change("indicators/patents.yml", "decimals: 0", "decimals: 0\nlower: -200")
    toy.cell("observations.csv", 3, value="-118")
    assert observations.receive(toy.plan).observations[1].value == -118


def test_a_rate_without_limits_may_be_negative(toy):
    toy.change("indicators/share.yml", "lower: 0\nupper: 100\n", "")
    toy.cell("observations.csv", 14, value="-3.5")
    assert observations.receive(toy.plan).observations[12].value == -3.5


def test_yes_or_no_is_one_or_zero(toy):
    toy.change("indicators/patents.yml", "kind: stock", "kind: binary")
    toy.cell("observations.csv", 2, value="1")
    toy.cell("observations.csv", 3, value="0.5")
    toy.cell("observations.csv", 4, value="0")
    toy.cell("observations.csv", 5, value="0")
    assert told(toy) == [f"{TABLE}:3:value: 0.5 — 是否型指标只能是 0 或 1 — 请改正"]


def test_the_optional_columns_may_be_absent(toy):
    toy.write(
        "observations.csv",
        f"{','.join(contract.OBSERVATIONS)}\ntoy,patents,town,2021,118,件,final,report_2021\n",
    )
    (row,) = observations.receive(toy.plan).observations
    assert (row.bound, row.locator, row.note) == ("=", "", "")


def test_context_may_be_of_other_areas_and_later_years_and_has_no_limits(toy):
    toy.cell("context.csv", 2, year="2031", value="-140")
    (row,) = observations.receive(toy.plan).context
    assert (row.area, row.year, row.value) == ("city", 2031, -140)


# Sources and evidence

SOURCES = "data/raw/toy/sources.csv"


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("id", "Report 2024", "Report 2024 — 代码只能用小写字母、数字和下划线 — 请改名"),
        ("id", "report_2020", "report_2020 — 代码写了两次 — 请改名"),
        ("title", "", "缺标题 — 请写来源的题名"),
        (
            "url",
            "javascript:alert(1)",
            "javascript:alert(1) — 不是网址 — 请写 http:// 或 https:// 开头的地址，没有就留空",
        ),
        (
            "url",
            "https://example.org/a b",
            "https://example.org/a b — 不是网址 — 请写 http:// 或 https:// 开头的地址，没有就留空",
        ),
        ("published", "去年", "去年 — 不是日期 — 请写成 2023-02-16、2023-02 或 2023"),
        ("accessed", "2024/5", "2024/5 — 不是日期 — 请写成 2023-02-16、2023-02 或 2023"),
    ],
)
def test_a_bad_source_is_refused(toy, column, value, sentence):
    toy.cell("sources.csv", 6, **{column: value})
    assert told(toy) == [f"{SOURCES}:6:{column}: {sentence}"]
    with pytest.raises(Refused):
        observations.sources(toy.plan)


def test_sources_that_cannot_be_read_are_told_once_and_not_for_every_row_that_names_one(toy):
    toy.write("sources.csv", toy["sources.csv"].read_text("utf-8").encode("gbk"))
    toy.cell("observations.csv", 3, value="many")
    assert [sentence.split(" — ")[0] for sentence in told(toy)] == [
        f"{SOURCES}:1: 不是 UTF-8，像是 GBK/GB18030（自第 2 行起）",
        f"{TABLE}:3:value: many",
    ]


def test_a_table_of_sources_without_a_source_leaves_every_value_without_one(toy):
    toy.write("sources.csv", ",".join(contract.SOURCES) + "\n")
    assert len(told(toy)) == 14 + 1 + 2  # every row of observations, context and commitments


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("plan", "", "没有填规划 — 请改正，或先在参数与来源表里登记"),
        (
            "commitment_id",
            "staton",
            "staton — 没有这项任务；最接近的是 station — 请改正，或先在参数与来源表里登记",
        ),
        ("year", "2027", "2027 — 晚于可报送的最后一年 2026 年 — 请核对年份"),
        (
            "state",
            "",
            "不在可选的词里 — 可写：" + "、".join(promise_rows.STATES),
        ),  # and not “nearest: done”
        (
            "state",
            "donne",
            "donne — 不在可选的词里；最接近的是 done — 可写：" + "、".join(promise_rows.STATES),
        ),
        ("source", "book", "book — 没有这个来源 — 请改正，或先在参数与来源表里登记"),
    ],
)
def test_bad_evidence_is_refused(toy, column, value, sentence):
    toy.cell("commitments.csv", 2, **{column: value})
    assert told(toy) == [f"data/raw/toy/commitments.csv:2:{column}: {sentence}"]
    with pytest.raises(Refused):
        observations.evidence(toy.plan)


def test_evidence_is_taken_as_it_stands(toy):
    first, second = observations.evidence(toy.plan)
    assert first == promise_rows.Evidence("toy", "station", 2023, "done", "report_2023", line=2)
    assert (second.commitment_id, second.line) == ("week", 3)
