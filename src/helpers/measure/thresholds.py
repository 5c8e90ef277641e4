"""Every threshold a verdict turns on: the place to change a rule of judgement.

The page's chapter on method and the protocol read them from here. How often each status came true
(`status` in learned.csv) was counted with these: after a change run `benchmarks/learn.py`.
"""

from __future__ import annotations

from fractions import Fraction

# docs/method.md, Progress: the status from its ratio r = p/τ, r at least, from the top
STATUS = {"ahead": "1.05", "on_schedule": "0.95", "behind": "0.60", "far_behind": "0"}
LADDER = ("reverse", *reversed(STATUS), "met")  # from the bottom
STEPS = tuple(map(Fraction, reversed(STATUS.values())))  # exact, from far_behind up
RUNGS = tuple((float(least), status) for status, least in STATUS.items())

# the final word: p at least, in the target year
OVERFULFILLED, NEARLY = 1.10, 0.95

# the conclusion on a plan: shares of its indicators
LEAST_ASSESSABLE, WELL, MOSTLY = 0.60, 0.80, 0.60
LEAST_FORESEEN = 3  # indicators with a P, for a sentence on how many will be met

SLACK = 1e-9  # 0.84/0.8 is 1.05 on paper and a hair less in binary
