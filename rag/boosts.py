"""What a question says of the report it wants, to what each report's pages gain by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.companies import Companies
from rag.context import context_line
from rag.domain import Language, Report, Understood, Window
from rag.fuse import Boost
from rag.kinds import is_any
from rag.periods import answers_to, find_periods
from rag.sparse import rank_in_memory
from rag.text import fold

_MENTIONED = 0.6  # added to every page of a publisher that the question names
_COVERED = 0.3  # of a report on a company that it names
_NUMBER = re.compile(r"[\w.,%-]*\d[\w.,%-]*", re.ASCII)
_IN_WINDOW = 0.6  # of a report published on the days that it asks for reports of,
_IN_LOOSE_WINDOW = 0.3  # or that it may mean
_OF_KIND = 0.15  # of a report of a kind that it names: a question about figures names the form they stand in
_PERIOD = 0.3  # of a filing for the period that it names, less for one that only touches it


@dataclass(frozen=True, slots=True)
class Naming:
    """The words by which reports of one language may be named in their context line, and what a full match adds."""

    words: str
    weight: float


def report_boosts(
    understood: Understood, reports: Sequence[Report], companies: Companies, naming: Mapping[Language, Naming]
) -> list[Boost]:
    """By publisher, company, period, days of publication and kind; and by how well the line that names a report matches the question's words."""
    return [
        Boost("publisher", {r.id: _MENTIONED for r in reports if _speaks(r) and r.publisher in understood.mentioned}),
        Boost("company", _covering(understood, reports, companies)),
        Boost("period", _reporting(understood, reports)),
        Boost("window", _in_window(understood.window, reports)),
        Boost("kind", {r.id: _OF_KIND for r in reports if is_any(r, understood.kinds)}),
        Boost("report", {i: gain for lang, how in naming.items() for i, gain in _named(how, reports, lang).items()}),
    ]


def is_within(report: Report, window: Window) -> bool:
    """Whether a report was published on days of a window."""
    day = report.published
    return day is not None and (window.since or day) <= day <= (window.until or day)


def _in_window(window: Window | None, reports: Iterable[Report]) -> dict[str, float]:
    if window is None:
        return {}
    gain = _IN_WINDOW if window.firm else _IN_LOOSE_WINDOW
    return {r.id: gain for r in reports if is_within(r, window)}


def _speaks(report: Report) -> bool:
    """Whether a publisher writes about another company: of its own filings the company is named, which counts once."""
    return not report.publisher or not report.company or fold(report.publisher) != fold(report.company)


def _covering(understood: Understood, reports: Iterable[Report], companies: Companies) -> dict[str, float]:
    named = set(understood.companies)
    return {r.id: _COVERED for r in reports if r.company and companies.canonical(r.company) in named}


def _reporting(understood: Understood, reports: Iterable[Report]) -> dict[str, float]:
    asked = find_periods(", ".join(understood.periods))
    fits = ((r.id, answers_to(r.fiscal_period, asked)) for r in reports)
    return {report_id: _PERIOD * fit for report_id, fit in fits if fit}


def _named(how: Naming, reports: Iterable[Report], language: Language) -> dict[str, float]:
    """What each report of a language gets for how well its context line (publisher, title, date) matches.

    Numbers name none: years are understood as periods, and FY2023 alone would make a report of that year the one named.
    """
    ordered = sorted((r for r in reports if r.language == language), key=lambda report: report.id)
    if not how.weight or not ordered:
        return {}
    scores = rank_in_memory(_NUMBER.sub(" ", how.words), [context_line(report) for report in ordered])
    low, high = min(scores), max(scores)
    if high <= low:
        return {}
    return {r.id: how.weight * (s - low) / (high - low) for r, s in zip(ordered, scores, strict=True)}
