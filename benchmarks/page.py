"""Size and time of a page: `python benchmarks/page.py [N…]` assembles fictional editions of N
indicators (default: 20 200).

The indicators of the example plan are repeated under other ids, with their real records and
pictures; executing notebooks is not measured here. Wall and CPU seconds are of one assembly in a
process that has just started, imports included.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
LIMITS = {20: (1.5, 3.0), 200: (12.0, 20.0)}  # indicators → MB, seconds


def repeated(n: int) -> list[dict]:
    """The notebooks of an edition of `n` indicators, as JSON with their records: those of the
    example plan over and over."""
    from test_report import assembled

    made = assembled("example")
    indicators = [one for one in made if one.record["record"] == "indicator"]
    chosen = []
    for k in range(n):
        one = copy.deepcopy(indicators[k % len(indicators)])
        one.record["indicator_id"] += f"_{k}"
        chosen.append(one)
    first, promises, last = copy.deepcopy((made[0], made[-2], made[-1]))
    names = [one.record["indicator_id"] for one in chosen]
    last.record["facts"]["indicators"] = names
    for key in ("best", "worst"):
        last.record[key] = [
            next(name for name in names if name.startswith(old)) for old in last.record[key]
        ]
    for row in first.record["missing"] + first.record["revised"]:
        row["id"] = next(name for name in names if name.startswith(row["id"]))
    return [
        {"name": one.name, "sha256": one.sha256, "notebook": one.notebook, "record": one.record}
        for one in (first, *chosen, promises, last)
    ]


def assemble(path: Path) -> None:
    """In a fresh process: the edition in `path` as a page; prints bytes, wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    from helpers.publish import report

    made = [report.Executed(**one) for one in json.loads(path.read_text("utf-8"))]
    html = report.page(made, "0123456789ab")
    print(json.dumps([len(html.encode()), time.perf_counter() - wall, time.process_time() - cpu]))


def main() -> None:
    import tempfile

    for n in [int(text) for text in sys.argv[1:]] or sorted(LIMITS):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "edition.json"
            path.write_text(json.dumps(repeated(n)), encoding="utf-8")
            size, wall, cpu = json.loads(
                subprocess.run(
                    [sys.executable, __file__, "--assemble", path],
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            )
        allowed = (
            "at most {:.1f} MB, {:.0f} s".format(*LIMITS[n]) if n in LIMITS else "no limit set"
        )
        print(
            f"{n:>5} indicators: {size / 1e6:.2f} MB, {wall:.1f} s ({cpu:.1f} s of CPU); {allowed}"
        )


if __name__ == "__main__":
    assemble(Path(sys.argv[2])) if sys.argv[1:2] == ["--assemble"] else main()
