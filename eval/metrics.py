"""Ranked passages and right pages to figures: Success@k, nDCG@10 and MRR@10, by level and language, through ir-measures.

Levels, each a way to read one list of passages:
    report  the first passage of each report, in order; right is the labelled report
    page    the first passage of each page, in order; right are the labelled pages
    chunk   every passage holds its place; a labelled page counts once, at its first passage
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

Level = Literal["report", "page", "chunk"]
LEVELS: tuple[Level, ...] = ("report", "page", "chunk")
MEASURES = {
    "Success@1": Success @ 1,
    "Success@3": Success @ 3,
    "Success@5": Success @ 5,
    "Success@10": Success @ 10,
    "nDCG@10": nDCG @ 10,
    "MRR@10": RR @ 10,
}
ALL = "all"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answerable question: its right report and pages, and (report id, page) of each passage found, best first."""

    id: str
    lang: str
    report_id: str
    pages: tuple[int, ...]
    found: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over `questions` questions of one level and one language (or `all`). No values where there are none."""

    level: Level
    group: str
    questions: int
    values: Mapping[str, float]


def figures(judged: Sequence[Judged]) -> tuple[Figures, ...]:
    """Every level over all questions and over each language. Questions without page labels count for reports only."""
    groups = [ALL, *sorted({one.lang for one in judged})]
    return tuple(_figures(level, group, judged) for level in LEVELS for group in groups)


def _figures(level: Level, group: str, judged: Sequence[Judged]) -> Figures:
    chosen = [one for one in judged if group in (ALL, one.lang) and (level == "report" or one.pages)]
    if not chosen:
        return Figures(level, group, 0, {})
    qrels = [Qrel(one.id, key, 1) for one in chosen for key in _right(level, one)]
    run = [  # scores without ties, so that the order is ours
        ScoredDoc(one.id, key, -float(place)) for one in chosen for place, key in enumerate(_ranking(level, one.found))
    ]
    found = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, run)
    return Figures(level, group, len(chosen), {name: float(found[measure]) for name, measure in MEASURES.items()})


def first_rank(level: Level, one: Judged) -> int | None:
    """Where the first right report or page stands, from 1; None when it was not found."""
    right = set(_right(level, one))
    return next((place for place, key in enumerate(_ranking(level, one.found), 1) if key in right), None)


def _right(level: Level, one: Judged) -> list[str]:
    if level == "report":
        return [one.report_id]
    return [_page_key(one.report_id, page) for page in dict.fromkeys(one.pages)]


def _ranking(level: Level, found: Sequence[tuple[str, int]]) -> list[str]:
    if level == "report":
        return list(dict.fromkeys(report_id for report_id, _ in found))
    keys = [_page_key(report_id, page) for report_id, page in found]
    if level == "page":
        return list(dict.fromkeys(keys))
    seen: set[str] = set()
    ranking: list[str] = []
    for place, key in enumerate(keys):
        ranking.append(f"again {place}" if key in seen else key)  # holds a place, is never right
        seen.add(key)
    return ranking


def _page_key(report_id: str, page: int) -> str:
    return f"{report_id}:{page}"
