"""A question and a caller's filter to the reports it is asked of, with what was understood of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rag.boosts import is_within
from rag.catalog import Catalog
from rag.companies import Companies, called, companies_of
from rag.domain import Filter, Report, Understood
from rag.emptied import days, why_emptied
from rag.lexicon import Lexicon
from rag.publishers import Publishers
from rag.question import understand
from rag.say import say
from rag.statements import Statements
from rag.titles import missing_titles


@dataclass(frozen=True, slots=True)
class Scope:
    """The reports that filter and question let through, by id, and the companies of those the filter does.

    `limited`: whether reports were left out; `emptied` says which limit left none, None where some are left.
    """

    understood: Understood
    reports: dict[str, Report]
    companies: Companies
    limited: bool
    notices: tuple[str, ...]
    emptied: str | None


@dataclass(frozen=True, slots=True)
class Scopes:
    """Understands questions and limits the catalog to what they ask of."""

    catalog: Catalog
    publishers: Publishers
    lexicon: Lexicon
    statements: Statements

    def of(self, question: str, filter: Filter, today: date) -> Scope:
        """Raises UsageError for a question that cannot be asked."""
        reports = {report.id: report for report in self.catalog.reports(filter)}
        known = sorted({report.publisher for report in reports.values() if report.publisher})
        companies = companies_of(reports.values())
        understood = understand(question, self.publishers, today, known, companies, self.lexicon, self.statements)
        said = understood.limits
        if not said.is_empty:
            kept = {report.id for report in self.catalog.reports(said)}
            reports = {report_id: report for report_id, report in reports.items() if report_id in kept}
        understood = replace(understood, untitled=missing_titles(question, reports.values(), companies))
        undated = self.catalog.undated(filter) or self.catalog.undated(said)
        return Scope(
            understood=understood,
            reports=reports,
            companies=companies,
            limited=not (filter.is_empty and said.is_empty),
            notices=(*_undated(undated), *_too_old(understood, reports.values()), *_uncovered(understood)),
            emptied=None if reports else why_emptied(self.catalog, understood.language, filter, said),
        )


def _undated(count: int) -> Iterable[str]:
    if count:
        yield f"{count} report{'s' if count > 1 else ''} without a date left out by the limits on dates"


def _too_old(understood: Understood, reports: Iterable[Report]) -> Iterable[str]:
    """That no report was published on the days the question may mean."""
    window = understood.window
    published = [report.published for report in reports if report.published]
    if window and published and not any(is_within(report, window) for report in reports):
        language = understood.language
        yield say("window_empty", language, days=days(window, language), newest=max(published))


def _uncovered(understood: Understood) -> Iterable[str]:
    """That one of several companies asked about has no report; where it is the only one, the refusal says so."""
    if understood.uncovered and understood.companies:
        language = understood.language
        yield say("uncovered", language, names=", ".join(called(names, language) for names in understood.uncovered))
