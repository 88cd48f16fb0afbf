"""Ranked hits of several legs to one ranking of pages; pure, deterministic, independent of the order of its input.

Each leg's scores are scaled to [0, 1] between its lowest and highest hit (min-max; relative score fusion, as in Bruch et
al. 2023, "An Analysis of Fusion Functions for Hybrid Retrieval"), weighted, and added over the legs. A leg that did not
find a page adds nothing. Ties are broken by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.domain import Hit, LegScore

PageKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class FusedPage:
    """A page (report id, number), its fused score, what each leg gave, and its chunks that legs found, best first."""

    key: PageKey
    score: float
    legs: tuple[LegScore, ...]
    chunks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Boost:
    """What a whole report adds to its pages' scores, and why."""

    name: str
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RankedLeg:
    """One leg's hits and its weight; `best` is a score that counts 1 where no hit reaches it."""

    name: str
    hits: Sequence[Hit]
    weight: float
    of_chunks: bool
    best: float | None = None


def fuse(legs: Sequence[RankedLeg], boosts: Sequence[Boost] = ()) -> list[FusedPage]:
    """Pages by fused score. A boost adds to every page of a report that a leg found."""
    parts: dict[PageKey, list[LegScore]] = {}
    chunks: dict[PageKey, dict[str, float]] = {}
    for leg in sorted(legs, key=lambda one: one.name):
        seen: set[PageKey] = set()
        for hit, part in _scaled(leg.hits, leg.best):
            key = (hit.report_id, hit.page)
            share = leg.weight * part
            if leg.of_chunks:
                held = chunks.setdefault(key, {})
                held[hit.id] = held.get(hit.id, 0.0) + share
            if key not in seen:
                seen.add(key)
                parts.setdefault(key, []).append(LegScore(leg.name, len(seen), hit.score, share))
    of_report: dict[str, list[list[LegScore]]] = {}
    for (report, _), scores in parts.items():
        of_report.setdefault(report, []).append(scores)
    for boost in sorted(boosts, key=lambda one: one.name):
        order = sorted(boost.shares, key=lambda report: (-boost.shares[report], report))
        for rank, report in enumerate(order, 1):
            share = boost.shares[report]
            for scores in of_report.get(report, ()) if share else ():
                scores.append(LegScore(boost.name, rank, share, share))
    pages = [
        FusedPage(key, sum(s.share for s in scores), tuple(scores), _best_first(chunks.get(key, {})))
        for key, scores in parts.items()
    ]
    return sorted(pages, key=lambda page: (-page.score, page.key))


def _scaled(hits: Sequence[Hit], best: float | None) -> list[tuple[Hit, float]]:
    """Hits best first, each with its scaled score."""
    ordered = sorted(hits, key=lambda hit: (-hit.score, hit.id))
    return list(zip(ordered, scaled([hit.score for hit in ordered], best, flat=1.0), strict=True))


def scaled(values: Sequence[float], best: float | None = None, *, flat: float = 0.0) -> list[float]:
    """Values to [0, 1] between the lowest and the highest, or `best` if that is more; `flat` where all are equal."""
    if not values:
        return []
    lowest, highest = min(values), max(*values, best) if best is not None else max(values)
    return [(value - lowest) / (highest - lowest) if highest > lowest else flat for value in values]


def _best_first(scores: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id)))
