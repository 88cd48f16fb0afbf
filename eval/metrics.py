"""Ranked passages and right pages to figures: Success@k, Recall@k, nDCG@10 and MRR@10, through ir-measures.

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
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from eval.bootstrap import Estimate, estimate

Level = Literal["report", "page", "chunk"]
Grouping = Literal["all", "lang", "type"]
LEVELS: tuple[Level, ...] = ("report", "page", "chunk")
MEASURES = {
    "Success@1": Success @ 1,
    "Success@3": Success @ 3,
    "Success@5": Success @ 5,
    "Success@10": Success @ 10,
    "Success@20": Success @ 20,
    "nDCG@10": nDCG @ 10,
    "MRR@10": RR @ 10,
}
RECALLS = {"Recall@5": R @ 5, "Recall@10": R @ 10, "Recall@20": R @ 20}  # over questions with several right pages
ALL = "all"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the right keys of a question stand at one level, from 1, ascending, and how many right keys there are."""

    found: tuple[int, ...]
    right: int

    @property
    def first(self) -> int | None:
        """The rank of the best; None where none was found, or none is labelled."""
        return self.found[0] if self.found else None

    @property
    def reciprocal(self) -> float:
        return 1 / self.found[0] if self.found else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """An answerable question and where what is right stands at each level."""

    id: str
    lang: str
    type: str | None
    places: Mapping[Level, Places]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the `questions` questions of one level and one group. No values where there are none.

    Recall is over those questions alone that have several right pages: there are `several`.
    """

    level: Level
    by: Grouping
    group: str
    questions: int
    several: int
    values: Mapping[str, Estimate]


def places(report_id: str, pages: Sequence[int], found: Sequence[tuple[str, int]]) -> dict[Level, Places]:
    """`found` are (report id, page) of passages or pages, best first."""
    held: dict[Level, Places] = {}
    for level in LEVELS:
        right = {report_id} if level == "report" else {_page_key(report_id, page) for page in pages}
        ranking = _ranking(level, found)
        held[level] = Places(tuple(place for place, key in enumerate(ranking, 1) if key in right), len(right))
    return held


def figures(judged: Sequence[Judged], levels: Sequence[Level] = LEVELS) -> tuple[Figures, ...]:
    """Every level over all questions, each language and each type. Without page labels a question counts for reports only."""
    found: list[Figures] = []
    for level in levels:
        labelled = [one for one in judged if one.places[level].right]
        values = question_values(labelled, level)
        for by, group in _groups(judged):
            found.append(_figures(level, by, group, labelled, values))
    return tuple(found)


def question_values(judged: Sequence[Judged], level: Level) -> dict[str, dict[str, float]]:
    """Measure to question id to value. A question without a label at this level has none."""
    qrels: list[Qrel] = []
    run: list[ScoredDoc] = []
    for one in judged:
        at = one.places[level]
        # names by place, scores without ties, so that the order is ours
        missing = [f"missing {number}" for number in range(at.right - len(at.found))]
        qrels += [Qrel(one.id, key, 1) for key in (*map(str, at.found), *missing)]
        run += [ScoredDoc(one.id, str(place), -float(place)) for place in range(1, max(at.found, default=0) + 1)]
    every = {**MEASURES, **RECALLS}
    names = {measure: name for name, measure in every.items()}
    several = {one.id for one in judged if one.places[level].right > 1}
    ids = [one.id for one in judged if one.places[level].right]
    values = {name: {id: 0.0 for id in ids if name in MEASURES or id in several} for name in every}
    if qrels:
        for metric in ir_measures.iter_calc(list(every.values()), qrels, run):
            name = names[metric.measure]
            if metric.query_id in values[name]:
                values[name][metric.query_id] = float(metric.value)
    return values


def _figures(
    level: Level, by: Grouping, group: str, labelled: Sequence[Judged], values: Mapping[str, Mapping[str, float]]
) -> Figures:
    chosen = [one for one in labelled if by == "all" or group == (one.lang if by == "lang" else one.type)]
    several = sum(one.places[level].right > 1 for one in chosen)
    means: dict[str, Estimate] = {}
    for name, of_question in values.items():
        own = [of_question[one.id] for one in chosen if one.id in of_question]
        if own:
            means[name] = estimate(own)
    return Figures(level, by, group, len(chosen), several, means)


def _groups(judged: Sequence[Judged]) -> list[tuple[Grouping, str]]:
    groups: list[tuple[Grouping, str]] = [("all", ALL)]
    groups += [("lang", lang) for lang in sorted({one.lang for one in judged})]
    groups += [("type", type) for type in sorted({one.type for one in judged if one.type is not None})]
    return groups


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
