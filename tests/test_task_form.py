"""The sheet 任务 of the form: out to the offices and back, what is wrong told at its cell, what two
offices say differently named."""

import hashlib
import shutil
from pathlib import Path

import openpyxl
import pytest

from helpers.intake import addition, form_layout, observations, plan as plans, task_form, workbook
from helpers.intake.finding import Refused, Unknown
from helpers.measure.commitment import state_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
FIRST = task_form.HEADER_ROW + 1


class Office:
    """The form of one office of the district plan, copied where it may be changed."""

    def __init__(self, root: Path, office: str = "", name: str = "form.xlsx"):
        self.root, self.path = root, root / name
        self.path.write_bytes(workbook.template(self.plan, 2025, office=office))
        self.book = openpyxl.load_workbook(self.path)
        self.sheet = self.book[task_form.TASKS]
        self.rows = {
            self.sheet[f"A{row}"].value: row for row in range(FIRST, self.sheet.max_row + 1)
        }

    @property
    def plan(self) -> plans.Plan:
        return plans.load("tongzhou-145", self.root)

    def source(self, title: str, published: str = "2025-12-20") -> None:
        sheet, row = self.book[form_layout.REGISTER], form_layout.HEADER_ROW + 1
        while sheet[f"B{row}"].value:
            row += 1
        sheet[f"B{row}"], sheet[f"D{row}"] = title, published

    def say(self, promise: str, **cells: object) -> str:
        """Fill a promise's row; the place of its state."""
        row = self.rows[promise]
        for column, value in cells.items():
            self.sheet[f"{task_form.FIELDS[column]}{row}"] = value
        return f"任务!{task_form.FIELDS['state']}{row}"

    def prepare(self) -> addition.Addition:
        self.book.save(self.path)
        return addition.prepare(self.path, self.plan)

    def refused(self) -> list[str]:
        with pytest.raises(Refused) as refused:
            self.prepare()
        return [str(f) for f in refused.value.findings if not f.warning]


@pytest.fixture
def root(tmp_path) -> Path:
    for folder in ("params/tongzhou-145", "data/raw/tongzhou-145"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_form_has_one_row_a_promise_with_what_the_plan_says_and_what_is_known(root):
    form = Office(root)
    promised = plans.commitments(form.plan)
    assert list(form.rows) == [promise.id for promise in promised]
    row = form.rows["firm_database"]
    texts = {letter: form.sheet[f"{letter}{row}"].value for letter in "BCDEFOS"}
    assert texts["C"] == "“建立知识产权梯队项目培育基础数据库”（第301行）"
    assert texts["D"] == "区市场监督管理局（按职能建议）"
    assert texts["E"] == "规划期末（原文未写明）"
    assert texts["S"] == "2022 推进中（en_nantong_20230509）"
    assert texts["O"] == "区市场监督管理局"  # who reports is filled in, and can be changed
    empty = set(task_form.TYPED) - {task_form.FILLED}
    assert all(form.sheet[f"{letter}{row}"].value is None for letter in empty)
    assert workbook.template(form.plan, 2025) == workbook.template(form.plan, 2025)


def test_an_office_is_asked_about_its_own_promises_only(root):
    assert list(Office(root, "南通家纺城").rows) == ["box5_copyright_park"]
    with pytest.raises(Unknown, match="没有责任单位 '区市场监督局'；最接近的是 区市场监督管理局"):
        Office(root, "区市场监督局")


def test_twenty_states_go_out_and_back_and_move_the_ledger(root):
    form = Office(root)
    form.source("通州区知识产权工作总结2025")
    milestones = [
        p.id
        for p in plans.commitments(form.plan)
        if p.type == "milestone" and not p.unclear and not p.readings
    ][:20]
    assert len(milestones) == 20
    for name in milestones:
        form.say(
            name,
            state="已完成",
            date="2025-06-30",
            strength="报告或记录",
            source="通州区知识产权工作总结2025",
            locator="第3页",
            note="下一步：完善",
        )
    change = form.prepare()
    assert (len(change.promised.states), len(change.sources), change.changes) == (20, 1, ())
    assert "任务状态 20 条" in change.counted
    assert str(change).count("已完成") == 20
    before = observations.evidence(form.plan)
    addition.add(change)
    after = observations.evidence(form.plan)
    assert after[: len(before)] == before
    found = {p.id: state_of(p, after, form.plan.period, 2025) for p in plans.commitments(form.plan)}
    assert {found[name].schedule for name in milestones} == {"done"}
    assert {found[name].strength for name in milestones} == {"report"}
    again = form.prepare()
    assert (again.promised.states, again.tables, again.unchanged) == (
        (),
        {},
        20,
    )  # nothing is said twice


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"state": "已完成", "date": "2025"}, "source", "没有填来源"),
        ({"state": "完成了", "date": "2025", "source": "总结"}, "state", "不在可选的词里"),
        ({"state": "已完成", "source": "总结"}, "date", "不是四位年份"),
        (
            {"state": "已完成", "date": "2050-01-02", "source": "总结"},
            "date",
            "晚于可报送的最后一年",
        ),
        ({"state": "已完成", "date": "2025-12-31", "source": "总结"}, "date", "晚于发布日期"),
        ({"state": "已完成", "date": "2025", "source": "另一份"}, "source", "不在可选的词里"),
        ({"date": "2025", "source": "总结"}, "state", "不在可选的词里"),
    ],
)
def test_a_slip_is_refused_at_its_cell(root, cells, column, sentence):
    form = Office(root)
    form.source("总结")
    form.say("firm_database", **cells)
    place = f"任务!{task_form.FIELDS[column]}{form.rows['firm_database']}"
    found = [told for told in form.refused() if f":{place}: " in told or f":{place}:" in told]
    assert found, form.refused()
    assert sentence in found[0]


def test_a_promise_the_ledger_does_not_know_is_refused_at_its_cell(root):
    form = Office(root)
    form.source("总结")
    form.say("firm_database", state="推进中", date="2025", source="总结")
    form.sheet[f"A{form.rows['firm_database']}"] = "firm_databse"
    assert [told for told in form.refused() if "最接近的是 firm_database" in told]


def test_what_two_offices_say_differently_of_the_same_time_is_named_and_both_stay(root):
    one = Office(root, name="one.xlsx")
    one.source("甲局总结")
    one.say("criminal_referral", state="推进中", date="2025-06", source="甲局总结")
    addition.add(one.prepare())
    other = Office(root, "南通市公安局通州分局", name="other.xlsx")
    other.source("乙局总结")
    place = other.say("criminal_referral", state="已完成", date="2025-06", source="乙局总结")
    change = other.prepare()
    (warning,) = [str(w) for w in change.warnings if "不一致" in str(w)]
    assert warning.startswith(f"other.xlsx:{place}: ")
    assert "criminal_referral 2025-06 推进中" in warning
    addition.add(change)
    states = [
        row.state
        for row in observations.evidence(other.plan)
        if row.commitment_id == "criminal_referral"
    ]
    assert states == ["in_progress", "done"]


def test_an_offices_own_word_is_kept_as_such(root):
    form = Office(root)
    form.source("甲局总结")
    form.say("mutual_fund", state="已完成", date="2025", strength="单位自述", source="甲局总结")
    addition.add(form.prepare())
    promise = next(p for p in plans.commitments(form.plan) if p.id == "mutual_fund")
    said = state_of(promise, observations.evidence(form.plan), form.plan.period, 2025)
    assert (said.official, said.schedule) == ("done", "due_no_information")


# ── documents, offices, money ─────────────────────────────────────────────────────────────────────


def minutes(root: Path, name: str = "揭牌纪要.pdf", content: bytes = b"%PDF-1.4 minutes") -> str:
    """A document beside the form; its digest."""
    (root / name).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_a_document_beside_the_form_is_kept_under_its_digest(root):
    form = Office(root)
    form.source("总结")
    digest = minutes(root)
    form.say(
        "firm_database",
        state="推进中",
        date="2025-06",
        strength="报告或记录",
        source="总结",
        document="揭牌纪要.pdf",
    )
    change = form.prepare()
    assert "任务状态 1 条，佐证文件 1 个" in change.counted
    assert f"区市场监督管理局，文件 {digest[:8]}" in str(change)
    addition.add(change)
    row = observations.receive(form.plan).evidence[-1]  # the door compares file and digest
    assert (row.file, row.sha256, row.office) == (f"{digest}.pdf", digest, "区市场监督管理局")
    assert (form.plan.raw / "documents" / row.file).read_bytes() == b"%PDF-1.4 minutes"
    assert form.prepare().tables == {}  # nothing is said twice
    minutes(root, content=b"%PDF-1.4 another")
    assert len(form.prepare().promised.states) == 1  # another document is another sign
    (form.plan.raw / "documents" / row.file).write_bytes(b"%PDF-1.4 forged")
    with pytest.raises(Refused, match="不是登记的那一份"):
        observations.receive(form.plan)


@pytest.mark.parametrize(
    ("written", "content", "sentence"),
    [
        ("没有.pdf", None, "填报表旁边没有这个文件"),
        ("../纪要.pdf", b"x", "不在填报表所在的文件夹里"),
        ("宏.exe", b"x", "不是可以留存的文件"),
        ("空.pdf", b"", "文件是空的"),
    ],
)
def test_a_document_that_cannot_be_kept_is_refused_at_its_cell(root, written, content, sentence):
    if content is not None:
        (root / written).resolve().write_bytes(content)
    form = Office(root)
    form.source("总结")
    form.say("firm_database", state="推进中", date="2025", source="总结", document=written)
    (told,) = form.refused()
    place = f"任务!{task_form.FIELDS['document']}{form.rows['firm_database']}"
    assert told.startswith(f"form.xlsx:{place}: {written}")
    assert sentence in told


def test_an_office_the_ledger_does_not_know_is_refused_at_its_cell(root):
    form = Office(root)
    form.source("总结")
    form.say("firm_database", state="推进中", date="2025", source="总结", office="区市场监督局")
    (told,) = form.refused()
    place = f"任务!{task_form.FIELDS['office']}{form.rows['firm_database']}"
    assert told.startswith(f"form.xlsx:{place}: 区市场监督局 — 没有这个责任单位；最接近的是 ")


def test_money_goes_to_its_own_table_with_or_without_a_state(root):
    form = Office(root)
    form.source("决算")
    form.say("mutual_fund", date="2025-06-30", source="决算")
    row = form.rows["mutual_fund"]
    form.sheet[f"{task_form.MONEY['planned']}{row}"] = 500
    form.sheet[f"{task_form.MONEY['in_place']}{row}"] = "320.5"
    change = form.prepare()
    assert (change.promised.states, len(change.promised.funds)) == ((), 2)
    assert "mutual_fund 2025-06-30 到位资金 320.5 万元" in str(change)
    before = len(observations.funds(form.plan))
    addition.add(change)
    money = observations.funds(form.plan)[before:]
    assert [(f.stage, f.wan) for f in money] == [("planned", 500.0), ("in_place", 320.5)]
    assert form.prepare().tables == {}
    form.sheet[f"{task_form.MONEY['in_place']}{row}"] = 300
    (warning,) = [str(w) for w in form.prepare().warnings]
    assert f"任务!{task_form.MONEY['in_place']}{row}: 300.0 — 与已有的不一致" in warning
    form.sheet[f"{task_form.MONEY['in_place']}{row}"] = "三百"
    (told,) = form.refused()
    assert f"任务!{task_form.MONEY['in_place']}{row}: 三百 — 不是数字" in told


def test_a_form_handed_out_before_it_asked_for_documents_is_still_read(root):
    form = Office(root)
    form.source("总结")
    form.say("firm_database", state="推进中", date="2025", source="总结", note="下一步")
    for letter in ("R", "Q", "P", "O", task_form.FIELDS["document"]):
        form.sheet.delete_cols(openpyxl.utils.column_index_from_string(letter))
    (row,) = form.prepare().promised.states
    assert (row.note, row.office, row.file) == ("下一步", "", "")


def test_a_table_without_the_new_columns_is_widened_and_its_lines_stay(root):
    table = root / "data/raw/tongzhou-145/commitments.csv"
    head = "plan,commitment_id,year,state,source,note"
    lines = [head, 'tongzhou-145,mutual_fund,2022,in_progress,news_20220617,"一,', '二"']
    table.write_bytes("\r\n".join([*lines, ""]).encode())
    form = Office(root)
    form.source("总结")
    form.say("firm_database", state="推进中", date="2025", source="总结")
    addition.add(form.prepare())
    made = table.read_bytes().decode().split("\r\n")
    assert made[0] == f"{head},office"
    assert made[1:3] == [lines[1], lines[2] + ","]
    assert made[3].startswith("tongzhou-145,firm_database,2025,in_progress,form_1")
