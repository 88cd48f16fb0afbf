"""Candidates to those that may answer for whom and when a question asks: what a page says of another company or another year
is no answer, however like the words are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.candidates import Candidate
from rag.companies import names_any, names_of
from rag.domain import Passage, Understood
from rag.periods import Period, find_periods
from rag.refuse import is_of_company
from rag.text import fold
from rag.wanted import kinds
from rag.years import years_in

_NAMED = r"(?:\w+\s){0,3}(?:fy\s?)?(?:19|20)\d\d"
_SINCE = re.compile(rf"\d\s?年?[末底初]?(?:以来|以后|之后|至今|[后起])|\b(?:since|after)\s{_NAMED}")
_UNTIL = re.compile(
    rf"\d\s?年?[末底初]?(?:以前|之前|前(?![一二三四1-4半]))|\b(?:before|until|up to|prior to)\s{_NAMED}"
)
_EVER = 9999


def fitting(asked: Understood, passages: Sequence[Passage], candidates: Sequence[Candidate]) -> frozenset[int]:
    """Their places."""
    names = (*(names_of(company) for company in asked.companies), *asked.uncovered)
    wanted = kinds(asked.topic)
    periods = () if "view" in wanted else find_periods(", ".join(asked.periods))
    question = fold(asked.question)
    return frozenset(
        place
        for place, candidate in enumerate(candidates)
        if _is_of(names, passages[candidate.passage], candidate)
        and _is_then(periods, question, passages[candidate.passage], candidate, of_figures="figure" in wanted)
    )


def _is_of(names: tuple[tuple[str, ...], ...], passage: Passage, candidate: Candidate) -> bool:
    """Whether a line is on one of the companies asked for, by its report, or by its own words or headings where that is on
    another one; by its passage where it is on none."""
    if not names or is_of_company(passage):
        return True
    near = passage.chunk.text if passage.report.company is None else ""
    return names_any("\n".join((candidate.text, candidate.headings, near)), names)


def _is_then(
    asked: Sequence[Period], question: str, passage: Passage, candidate: Candidate, *, of_figures: bool
) -> bool:
    """Whether a line tells of a period asked for or between those, or of none; what a filing tells is of its own period, and
    all of it may answer for that, as fiscal years are not those of the calendar. A figure of a quarter or half must be told
    as one."""
    years = {period.year for period in asked if period.year}
    filed = next(iter(find_periods(passage.report.fiscal_period or "")), None)
    if not years or filed in asked:
        return True
    first = 0 if _UNTIL.search(question) else min(years)
    last = _EVER if _SINCE.search(question) else max(years)
    told = years_in(candidate.text)
    if not told and filed is not None and filed.year:
        told = frozenset({filed.year})
    if told and (min(told) > last or max(told) < first):
        return False
    parts = {period for period in asked if period.part}
    own = {period for period in find_periods(candidate.text) if period.part}
    own = own or ({filed} if filed is not None and filed.part else set())
    if not parts or not own:
        return not (parts and of_figures)
    return any(one.part == other.part and one.year in (None, other.year) for one in own for other in parts)
