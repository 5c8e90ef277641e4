"""What whoever waits sees: one bar in a terminal, plain lines elsewhere, a failure always."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from .engine import Outcome

if TYPE_CHECKING:
    from tqdm import tqdm

SLOWEST = 3
BAR = "{desc} {bar} {n_fmt}/{total_fmt} [{elapsed}<{remaining}{postfix}]"


class Progress:
    """Tells of jobs, one after another; `expect` says how many more there are. tqdm is loaded for a
    terminal only."""

    def __init__(self, label: str):
        self.label, self.total = label, 0
        self.bar: tqdm | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def expect(self, count: int) -> None:
        """`count` more jobs are known of."""
        self.total += count
        if not sys.stderr.isatty():
            return
        if self.bar is None:
            from tqdm import tqdm

            self.bar = tqdm(
                total=0,
                desc=self.label,
                file=sys.stderr,
                leave=False,
                mininterval=0,
                bar_format=BAR,
            )
        self.bar.total = self.total
        self.bar.refresh()

    def tell(self, outcome: Outcome, of: str = "") -> None:
        """A job is done, one `of` something where several are done at a time."""
        name = f"{of} {outcome.name}".strip()
        line = (
            f"  {name}  {outcome.seconds:.1f} s"
            if not outcome.error
            else f"  {name}  FAILED  {outcome.error}"
        )
        if outcome.error or self.bar is None:
            self.say(line)
        if self.bar is None:
            return
        self.bar.set_postfix_str(name, refresh=False)
        self.bar.update()

    def say(self, line: str, file: TextIO | None = None) -> None:
        """A line of its own, above the bar where there is one."""
        if self.bar is None:
            print(line, file=file or sys.stderr, flush=True)
        else:
            self.bar.write(line, file=file or sys.stderr)


def slowest(outcomes: Sequence[Outcome]) -> str:
    """「slowest: 2_share 0.9 s, …」 of the three that took longest."""
    longest = sorted(outcomes, key=lambda outcome: -outcome.seconds)[:SLOWEST]
    return "slowest: " + ", ".join(f"{outcome.name} {outcome.seconds:.1f} s" for outcome in longest)
