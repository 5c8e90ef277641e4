"""Parameter files are read strictly: what is written is what is meant, or the file is refused with
its lines."""

import time
from dataclasses import dataclass, field
from typing import Literal

import pytest
import yaml
from hypothesis import given, strategies as st

from helpers.intake import fields
from helpers.intake.finding import Refused


@dataclass(frozen=True)
class Office:
    name: str
    staff: int = 0


@dataclass(frozen=True)
class Form:
    """One field of every type a parameter file may have."""

    name: str
    year: int = 2021
    share: float | None = None
    final: bool = False
    bound: Literal["=", ">", ">=", "~"] = "="
    issued: str = field(default="", metadata={fields.ISO_DATE: True})
    note: str | None = None
    offices: tuple[Office, ...] = ()
    figures: tuple[float, ...] = field(default_factory=tuple)
    root: str = field(default="", metadata={"computed": True})


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """Reads a text (or bytes) as a `Form`."""
    path = tmp_path_factory.mktemp("fields") / "form.yml"

    def read(content):
        path.write_bytes(
            content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        )
        return fields.read(path, Form, "form.yml")

    return read


@pytest.fixture
def told(form):
    """What is said about a bad text, sentence by sentence."""

    def read(content):
        with pytest.raises(Refused) as refused:
            form(content)
        return str(refused.value).split("\n")

    return read


def test_every_type_of_field_is_read_as_it_is_typed(form):
    text = """
        name: 玩具
        year: 2024
        share: -8.60
        final: true
        bound: ">"
        issued: 2023-02-16
        note: null
        offices:
          - {name: 统计局, staff: 12}
          - {name: 2023-02-16}
        figures: [1, 2.5]
    """
    offices = (Office("统计局", 12), Office("2023-02-16"))
    assert form(text) == Form(
        "玩具", 2024, -8.6, True, ">", "2023-02-16", None, offices, (1.0, 2.5)
    )


def test_a_field_that_is_absent_takes_its_default(form):
    assert form("name: 玩具") == Form("玩具")


def test_a_byte_order_mark_and_windows_line_ends_are_harmless(form):
    assert form("\ufeffname: 玩具\r\nyear: 2022\r\n".encode()) == Form("玩具", 2022)


@pytest.mark.parametrize("word", ["~", "=", '"~"', "'>='"])
def test_bounds_may_be_written_without_quotes(form, word):
    assert form(f"name: x\nbound: {word}").bound == word.strip("\"'")


def test_all_findings_of_a_file_come_at_once_each_with_its_line(told):
    assert told(
        "name: 玩具\nyear: soon\nfinl: true\nname: 又一个\noffices:\n  - staff: many\n  - "
        "{name: 甲}\n"
    ) == [
        "form.yml:2:year: soon — 应为整数 — 请写成 2025 这样的整数",
        "form.yml:3:finl: 没有这个字段；最接近的是 final — 字段一览见 params/README.md",
        "form.yml:4:name: 字段写了两次 — 请只留一个",
        "form.yml:6:offices.staff: many — 应为整数 — 请写成 2025 这样的整数",
        "form.yml:6:offices.name: 缺少这个字段 — 请补上，见 params/README.md",
    ]


def test_a_missing_field_is_told_at_the_line_where_it_should_stand(told):
    assert told("year: 2021") == ["form.yml:1:name: 缺少这个字段 — 请补上，见 params/README.md"]


def test_a_computed_field_cannot_be_set_from_a_file(told):
    assert told("name: x\nroot: /etc") == [
        "form.yml:2:root: 没有这个字段 — 字段一览见 params/README.md"
    ]


def test_a_key_that_is_no_word_is_an_unknown_field(told):
    assert told("name: x\n? [a, b]\n: 1") == [
        "form.yml:2: 没有这个字段 — 字段一览见 params/README.md"
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        # The country of Norway and its relatives: YAML 1.1 reads these as something else than what
        # is typed.
        ("name: no", "name: no — 应为文字"),
        ("name: 2010", "name: 2010 — 应为文字"),
        ("name: 1.0", "name: 1.0 — 应为文字"),
        ("name: null", "name: null — 应为文字"),
        ("name: [a]", "name: 应为文字"),
        ("year: 010", "year: 010 — 应为整数"),  # 8
        ("year: 0x7E5", "year: 0x7E5 — 应为整数"),  # 2021
        ("year: 2_021", "year: 2_021 — 应为整数"),  # 2021
        ("year: 33:41", "year: 33:41 — 应为整数"),  # 33 * 60 + 41 = 2021
        ("year: 2021.0", "year: 2021.0 — 应为整数"),
        ("year: '2021'", "year: 2021 — 应为整数"),
        ("year: true", "year: true — 应为整数"),
        ("year: ２０２１", "year: ２０２１ — 应为整数"),
        ("year: " + "9" * 5000, "year: " + "9" * 59 + "… — 应为整数"),
        ("year: {a: 1}", "year: 应为整数"),
        ("share: .inf", "share: .inf — 应为数字"),
        ("share: .nan", "share: .nan — 应为数字"),
        ("share: 08.6", "share: 08.6 — 应为数字"),
        ("share: 8_6.5", "share: 8_6.5 — 应为数字"),
        ("share: 1:30.5", "share: 1:30.5 — 应为数字"),  # 90.5
        ("share: 1e3", "share: 1e3 — 应为数字"),
        ("share: 8.6%", "share: 8.6% — 应为数字"),
        ("share: 1,234", "share: 1,234 — 应为数字"),
        ("share: '8.6'", "share: 8.6 — 应为数字"),
        ("share: true", "share: true — 应为数字"),
        ("share: 1000000000000000", "share: 1000000000000000 — 应为数字"),
        ("final: yes", "final: yes — 应为 true 或 false"),
        ("final: 1", "final: 1 — 应为 true 或 false"),
        ("bound: about", "bound: about — 不在可选的词里"),
        ("bound: [about]", "bound: 不在可选的词里"),
        ("issued: 2023年2月", "issued: 2023年2月 — 不是日期"),
        ("issued: '2023-02-30'", "issued: 2023-02-30 — 不是日期"),
        ("issued: 2023-02-30", "issued: 2023-02-30 — 应为文字"),
        ("issued: 2023-02-16 10:00:00", "issued: 2023-02-16 10:00:00 — 不是日期"),
        ("offices: 统计局", "offices: 统计局 — 应为列表"),
        ("offices: [统计局]", "offices: 统计局 — 应为若干“字段: 值”"),
        ("figures: [1, two]", "figures: two — 应为数字"),
    ],
)
def test_a_value_of_another_type_is_refused_as_it_was_typed(told, line, sentence):
    (only,) = told(line if line.startswith("name") else f"name: x\n{line}")
    assert only.startswith(f"form.yml:{1 if line.startswith('name') else 2}:{sentence}")
    assert only.rsplit(" — ", 1)[1]  # and what to do about it


def test_a_slip_in_a_word_is_told_with_the_nearest_word(tmp_path):
    @dataclass(frozen=True)
    class Indicator:
        kind: Literal["stock", "flow", "cumulative"]

    path = tmp_path / "one.yml"
    path.write_text("kind: cumulativ")
    with pytest.raises(
        Refused,
        match=r"one\.yml:1:kind: cumulativ — 不在可选的词里；最接近的是 cumulative — 可写：stock、"
        "flow、cumulative",
    ):
        fields.read(path, Indicator, "one.yml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "form.yml: 文件是空的"),
        ("# only a remark\n", "form.yml: 文件是空的"),
        ("- name: x\n", "form.yml:1: 应为若干“字段: 值”"),
        ("just words\n", "form.yml:1: just words — 应为若干“字段: 值”"),
        ("name: x\n---\nname: y\n", "form.yml:2: 一个文件里有两份文档（---）"),
        ("name: &a x\nnote: *a\n", "form.yml:1: a — 使用了锚点或别名（& *）"),
        ("name: x\nnote: *a\n", "form.yml:2: a — 使用了锚点或别名（& *）"),
        (
            "name: !!python/object/apply:os.system ['true']\n",
            "form.yml:1: tag:yaml.org,2002:python/object/apply:os.system — 使用了类型标签（!）",
        ),
        ("name: !!str 5\n", "form.yml:1: tag:yaml.org,2002:str — 使用了类型标签（!）"),
        (
            "name: x\nyear 2021\nshare: 1\n",
            "form.yml:3: could not find expected ':' — 不是合法的 YAML",
        ),
        (
            "name: x\n\tyear: 2021\n",
            "form.yml:2: found ",
        ),  # a tab; how it is put depends on the parser
        ("name: \x07\n", "form.yml:1: name: <U+0007> — 含有看不见的字符（已标出码位）"),
        (
            "name: x\nnote: 玩\u200b具\n",
            "form.yml:2: note: 玩<U+200B>具 — 含有看不见的字符（已标出码位）",
        ),
        (
            "name: x # \u202egnp.exe\n",
            "form.yml:1: name: x # <U+202E>gnp.exe — 含有看不见的字符（已标出码位）",
        ),
        ("name: 玩具\n".encode("gbk"), "form.yml:1: 不是 UTF-8 编码"),
        ("name: x\nnote: 玩具\n".encode("gbk"), "form.yml:2: 不是 UTF-8 编码"),
        ("name: 玩具\n".encode("utf-16"), "form.yml:1: 不是 UTF-8 编码"),
        ("name: " + "x" * fields.BYTES, f"form.yml: 文件有 {fields.BYTES + 6} 字节"),
    ],
)
def test_a_file_that_is_no_plain_form_is_refused_in_one_sentence(told, text, sentence):
    (only,) = told(text)
    assert only.startswith(sentence)
    assert only.rsplit(" — ", 1)[1]


@pytest.mark.parametrize("level", ["[", "- ", "{a: ", "? "])
def test_three_thousand_levels_are_refused_at_once_and_exhaust_nothing(told, level):
    started = time.process_time()
    assert told("name: x\nnote: " * (level in "[{a: ") + level * 3000) == [
        f"form.yml:{1 + (level in '[{a: ')}: 嵌套超过 12 层 — 请对照 params/README.md 的字段"
    ]
    assert time.process_time() - started < 1


@given(
    st.builds(
        Form,
        name=st.text("玩具 :#-'\"\\ax1\n", min_size=1),
        year=st.integers(-(10**6), 10**6),
        share=st.none() | st.integers(-(10**9), 10**9).map(lambda n: n / 1000),
        final=st.booleans(),
        bound=st.sampled_from(["=", ">", ">=", "~"]),
        note=st.none() | st.text("文字 -:#"),
        offices=st.lists(st.builds(Office, st.text("甲乙 no1")), max_size=3).map(tuple),
    )
)
def test_what_a_yaml_writer_quotes_is_read_back_unchanged(form, written):
    text = {
        "name": written.name,
        "year": written.year,
        "final": written.final,
        "bound": written.bound,
        "note": written.note,
    }
    text |= {
        "share": written.share,
        "offices": [{"name": office.name} for office in written.offices],
    }
    offices = tuple(Office(office.name) for office in written.offices)
    expected = Form(
        written.name,
        written.year,
        written.share,
        written.final,
        written.bound,
        note=written.note,
        offices=offices,
    )
    assert form(yaml.safe_dump(text, allow_unicode=True)) == expected


@given(st.text() | st.text("name: year\n-[]{}&*!|>'\"%@`?,#~0x1_"))
def test_no_text_whatever_does_anything_but_be_read_or_be_refused(form, text):
    findings = None
    try:
        assert isinstance(form(text), Form)
    except Refused as refused:
        findings = refused.findings
    assert findings is None or all(found.problem and found.remedy for found in findings)


@pytest.mark.parametrize("date", ["2023", "2023-02", "2023-02-16", "2024-02-29"])
def test_dates_of_any_precision_are_dates(date):
    assert fields.is_date(date)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "23",
        "2023-2",
        "2023-13",
        "2023-00",
        "2023-02-29",
        "2023-02-31",
        "2023-W01-1",
        "20230216",
        "2023/02/16",
        "2023-02-16 ",
        "２０２３",
        "0000",
    ],
)
def test_what_the_calendar_does_not_know_is_no_date(date):
    assert not fields.is_date(date)
