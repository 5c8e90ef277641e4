"""What people asked say and experts judge, as a record: shares with n and interval, whether they
changed, mean scores and agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict

import pandas

from ..intake import observations, opinions
from ..intake.opinions import Opinions, Question
from ..intake.plan import Plan
from ..measure import opinions as measured
from . import result, wording
from .notebook_table import Table


def of_run(plan: Plan, year: int, known_by: str) -> dict | None:
    """The record of an edition; None where nobody was asked, and under a scenario."""
    found = None if plan.scenario else opinions.of(plan)
    if found is None:
        return None
    told = found.until(year, known_by, observations.sources(plan))
    surveys = [_survey(question, told) for question in told.asked.questions]
    panels = list(_panels(told))
    return result.tidy({"surveys": [one for one in surveys if one["waves"]], "experts": panels})


def _survey(question: Question, told: Opinions) -> dict:
    """One question: every wave, and each held against the one before."""
    waves: list[dict] = []
    before: measured.Share | None = None
    for year in sorted({row.year for row in told.counts if row.question == question.id}):
        mine = [row for row in told.counts if (row.question, row.year) == (question.id, year)]
        given = {row.answer: row.count for row in mine}
        n = sum(given.get(a.id, 0) for a in question.answers if a.counted)
        if not n:
            continue
        happy = sum(given.get(a.id, 0) for a in question.answers if a.counted and a.satisfied)
        now = measured.share(happy, n, question.design_effect)
        moved = measured.change(before, now, question.design_effect) if before else None
        waves.append(
            {
                "year": year,
                **asdict(now),
                "unanswered": sum(given.values()) - n,
                "change": {**asdict(moved), "significant": moved.significant} if moved else None,
                "answers": [[a.text, given.get(a.id, 0)] for a in question.answers],
                "sources": sorted({row.source for row in mine}),
            }
        )
        before = now
    asked = {name: getattr(question, name) for name in ("id", "text", "respondents", "method")}
    return {**asked, "design_effect": question.design_effect, "waves": waves}


def _panels(told: Opinions) -> Iterator[dict]:
    """The experts of each year: the mean of each item, how far they lie apart, whether they
    agree."""
    years = defaultdict(list)
    for row in told.scores:
        years[row.year].append(row)
    for year, rows in sorted(years.items()):
        frame = pandas.DataFrame([asdict(row) for row in rows])
        wide = frame.pivot(index="expert", columns="item", values="score")
        agreed = measured.agreement(wide)
        items = [
            {
                "id": item.id,
                "text": item.text,
                "n": int(wide[item.id].count()),
                "mean": float(wide[item.id].mean()),
                "low": float(wide[item.id].min()),
                "high": float(wide[item.id].max()),
            }
            for item in told.asked.items
            if item.id in wide
        ]
        scale = [told.asked.least, told.asked.most]
        sources = sorted({row.source for row in rows})
        panel = {"year": year, "experts": len(wide), "scale": scale, "items": items}
        yield {**panel, "agreement": asdict(agreed) if agreed else None, "sources": sources}


def surveys(told: dict | None) -> Table:
    """满意度: each question and wave with n, share, interval and change."""
    words = wording.opinions
    rows = [
        (one["text"], *words.wave(wave))
        for one in (told or {}).get("surveys", ())
        for wave in one["waves"]
    ]
    return Table(rows, columns=list(words.SURVEY_COLUMNS))


def experts(told: dict | None) -> Table:
    """专家评议: the mean of each item and its range; the agreement stands in the last column."""
    words = wording.opinions
    rows = [
        (panel["year"], *words.scored(item), words.agreed(panel))
        for panel in (told or {}).get("experts", ())
        for item in panel["items"]
    ]
    return Table(rows, columns=list(words.EXPERT_COLUMNS))
