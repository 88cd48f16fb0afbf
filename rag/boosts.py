"""What a question says of the report it wants, to what each report's pages gain by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.companies import Companies
from rag.context import context_line
from rag.domain import Report, Understood
from rag.fuse import Boost
from rag.periods import answers_to, find_periods
from rag.sparse import bigrams, rank_in_memory

_MENTIONED = 0.6  # added to every page of a publisher that the question names
_COVERED = 0.3  # of a report on a company that it names
_PERIOD = 0.3  # of a filing for the period that it names, less for one that only touches it


def report_boosts(
    understood: Understood, reports: Sequence[Report], companies: Companies, title_weight: float
) -> list[Boost]:
    """By publisher, company and period; and up to `title_weight` by how well the line that names a report matches."""
    return [
        Boost("publisher", {r.id: _MENTIONED for r in reports if r.publisher in understood.mentioned}),
        Boost("company", _covering(understood, reports, companies)),
        Boost("period", _reporting(understood, reports)),
        Boost("report", _named(understood.question, reports, title_weight)),
    ]


def _covering(understood: Understood, reports: Iterable[Report], companies: Companies) -> dict[str, float]:
    named = set(understood.companies)
    return {r.id: _COVERED for r in reports if r.company and companies.canonical(r.company) in named}


def _reporting(understood: Understood, reports: Iterable[Report]) -> dict[str, float]:
    asked = find_periods(understood.question)
    fits = ((r.id, answers_to(r.fiscal_period, asked)) for r in reports)
    return {report_id: _PERIOD * fit for report_id, fit in fits if fit}


def _named(question: str, reports: Sequence[Report], weight: float) -> dict[str, float]:
    """What each report gets for how well its context line (publisher, title, date) matches the question's words."""
    if not weight:
        return {}
    ordered = sorted(reports, key=lambda report: report.id)
    scores = rank_in_memory(question, [context_line(report) for report in ordered], bigrams)
    low, high = min(scores), max(scores)
    if high <= low:
        return {}
    return {r.id: weight * (s - low) / (high - low) for r, s in zip(ordered, scores, strict=True)}
