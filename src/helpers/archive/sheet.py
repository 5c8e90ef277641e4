"""What stands on the one printed page that goes into the file with a bag (证据清单)?

Everything on it is taken from a bag that was verified, and from the register; what nobody has
written down is left open, to be filled in by hand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from . import layout, shelf, verify

FILING = {  # field of bag-info.txt → what an archive calls it
    "Fonds": "全宗号",
    "File-Number": "档号",
    "Retention-Period": "保管期限",
    "Security-Classification": "密级",
}


class CannotList(Exception):
    """No list can be made of this bag. Its text is one sentence."""


def facts(bag: Path, register: Path) -> dict[str, object]:
    """What the page says of the bag at `bag`, registered in `register`. Raises `CannotList`."""
    try:
        import segno
    except ImportError:
        raise CannotList("二维码要用 segno，没有安装；请先 make setup") from None
    report = verify.verify(bag, "", register)
    if report.exit:
        raise CannotList(f"证据包没有通过校验，没有开清单：{report.problems[0][1]}")
    entry = shelf.found(register, report.evidence_id)
    info = report.info
    return {
        "title": info.get("External-Description", info.get("Plan", "")),
        "edition": report.heading(),
        "scenario": "scenario" in verify.edition(info),
        "since": report.since,
        "id": [report.evidence_id[k : k + 16] for k in range(0, 64, 16)],
        "qr": segno.make(report.evidence_id, error="m", micro=False).svg_inline(scale=2, border=2),
        "files": [
            {"what": "证据包", "name": bag.name, "sha256": f"见证据编号；{report.files} 个文件"},
            {"what": "评估报告", **page(bag, info)},
            *({"what": "交出件", **one} for one in shelf.handed_out(register, report.evidence_id)),
        ],
        "registered": _registered(report, entry.line),
        "filing": {name: info.get(field, "") for field, name in FILING.items()},
    }


def _registered(report: verify.Report, line: verify.Line) -> dict[str, str]:
    """What the register and the bag say of its making, by what the page calls it."""
    return {
        "登记": f"{line['date']}，登记簿第 {line.at} 行",
        "上一编号": line["previous_evidence_id"] or "（无）",
        "代码": report.info.get("Code-SWHID", "") or line["commit"],
        "签名": line["signer"] or "没有数字签名",
        "可信时间": next((says for _, says in report.notes if "时间戳" in says), "没有时间戳"),
        "责任者": report.info.get("Source-Organization", ""),
    }


def handed_out(
    bag: Path,
    register: Path,
    processed: Path,
    papers: Callable[[Path], Mapping[str, bytes]],
    date: str,
) -> tuple[dict[str, object], bool]:
    """(`facts`, whether the edition of the bag lies under `processed`): where it does, what
    `papers` finds to have been made of its folder is registered first."""
    report, made = verify.verify(bag), False
    facts(bag, register)  # nothing is registered of a bag that is not sound
    folder = processed / report.info["Plan"] / report.info["Edition"]
    own = folder / "assessment.html"
    if own.is_file():
        made = hashlib.sha256(own.read_bytes()).hexdigest() == page(bag, report.info)["sha256"]
    if made:
        shelf.hand_out(register, report.evidence_id, papers(folder), date)
    return facts(bag, register), made


def page(bag: Path, info: dict[str, str]) -> dict[str, str]:
    """Name and digest of the assessment in the bag."""
    opened = verify.open_bag(bag)
    try:
        listed = verify.manifest(opened, verify.MANIFEST)
    finally:
        opened.close()
    folder = layout.folder(info.get("Plan", ""), info.get("Edition", ""))
    name = re.compile(rf"data/(?:{re.escape(folder)}|report/)assessment\.html")
    found = [(path, digest) for path, digest in listed.items() if name.fullmatch(path)]
    if len(found) != 1:
        raise CannotList("证据包里没有评估报告")
    return {"name": found[0][0].removeprefix("data/"), "sha256": found[0][1]}
