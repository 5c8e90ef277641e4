"""Several offices' forms in one folder: put together, conflicts named, all or nothing."""

from __future__ import annotations

import shutil

import pytest
from test_task_form import ROOT, Office

from helpers.intake import addition, merged, observations
from helpers.intake.finding import Refused

pytestmark = pytest.mark.slow

MARKET, POLICE = "区市场监督管理局", "南通市公安局通州分局"


@pytest.fixture
def root(tmp_path):
    for folder in ("params/tongzhou-145", "data/raw/tongzhou-145"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "forms").mkdir()
    return tmp_path


def filled(root, name: str, only: str = "", state: str = "推进中", **cells: object) -> Office:
    """A form in the folder of forms that says one thing of one promise; not yet saved."""
    form = Office(root, only, f"forms/{name}")
    form.source("全区工作总结")
    form.place = form.say(
        "criminal_referral", state=state, date="2025-06", source="全区工作总结", **cells
    )
    form.book.save(form.path)
    return form


def test_forms_of_several_offices_are_added_together_and_conflicts_named(root):
    (root / "forms/移送.pdf").write_bytes(b"%PDF-1.4 referral")
    one = filled(root, "1-市监.xlsx", document="移送.pdf", office=MARKET)
    other = filled(root, "2-公安.xlsx", POLICE, state="已完成")
    (root / "forms/~$1-市监.xlsx").write_bytes(b"left open")
    before = {path: path.read_bytes() for path in one.plan.raw.iterdir() if path.is_file()}
    change = merged.prepare(root / "forms", one.plan)
    assert before == {path: path.read_bytes() for path in before}  # nothing is written yet
    assert [source.title for source in change.sources] == ["全区工作总结"]  # registered once
    assert [row.state for row in change.promised.states] == ["in_progress", "done"]
    (warning,) = [str(told) for told in change.warnings if "不一致" in str(told)]
    assert warning.startswith(f"2-公安.xlsx:{other.place}: ")
    assert "criminal_referral 2025-06 推进中（form_1，区市场监督管理局，文件" in warning
    assert "任务状态 2 条，佐证文件 1 个" in change.counted
    addition.add(change)
    rows = observations.receive(one.plan).evidence[-2:]
    assert [(row.office, bool(row.file)) for row in rows] == [
        (MARKET, True),
        (POLICE, False),
    ]
    assert merged.prepare(root / "forms", one.plan).tables == {}


def test_one_forms_slip_keeps_all_out_and_each_is_told_at_its_cell(root):
    filled(root, "1.xlsx")
    filled(root, "2.xlsx", POLICE, office="区公安局")
    wrong = filled(root, "3.xlsx", document="没有.pdf")
    with pytest.raises(Refused) as refused:
        merged.prepare(root / "forms", wrong.plan)
    told = [str(finding) for finding in refused.value.findings if not finding.warning]
    assert [finding.partition(":")[0] for finding in told] == ["2.xlsx", "3.xlsx"]


def test_a_folder_without_forms_is_told(root):
    with pytest.raises(Refused, match="没有填报表"):
        merged.prepare(root / "forms", Office(root).plan)
