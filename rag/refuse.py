"""What was found for a question, in; why it gets no answer, out: no report passes, none is of whom or when it names, the
pages hold too little of its words, not all figures of a metric, or no line on whom and when it asks. The nearest passages go
along as leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.companies import called, names_any, names_of
from rag.context import context_line
from rag.domain import Filter, Language, Passage, Refusal, Understood
from rag.evidence import covered, silent_terms
from rag.grid import search_text
from rag.periods import find_periods
from rag.retrieve import Retrieval
from rag.say import say
from rag.sparse import WordTokeniser
from rag.unknown import unknown_names
from rag.wanted import core, years_of

LEADS = 3
# The share of the question's weight that one page must hold. English wording varies more.
_ENOUGH: dict[Language, float] = {"zh": 0.5, "en": 0.4}
_SURE = 0.2  # where a passage is of the company and the period that the question names


def refusal_of(
    found: Retrieval, filter: Filter, tokenise: WordTokeniser, retrieve: Callable[[Filter], Retrieval]
) -> Refusal | None:
    """None where there are reports of whom and when it names. `retrieve` asks the same with another filter, for the nearest
    passages."""
    language = found.understood.language
    if found.emptied is not None:
        undated = replace(filter, since=None, until=None)
        near = retrieve(undated).passages if undated != filter else ()
        return Refusal(found.emptied + _nearest(near, language), near[:LEADS])
    understood, passages = found.understood, found.passages
    if understood.mentioned and not any(is_of(p, understood) for p in passages):
        names = ", ".join(understood.mentioned)
        return Refusal(say("no_publisher", language, names=names), passages[:LEADS])
    if understood.untitled:
        titles = ", ".join(understood.untitled)
        return Refusal(say("no_title", language, titles=titles) + _nearest(passages, language), passages[:LEADS])
    if understood.uncovered and not understood.companies and not any(names_uncovered(p, understood) for p in passages):
        names = ", ".join(called(names, language) for names in understood.uncovered)
        return Refusal(say("no_company", language, names=names) + _nearest(passages, language), passages[:LEADS])
    unknown = () if understood.companies or understood.mentioned else unknown_names(understood, passages, tokenise)
    if unknown:
        names = ", ".join(unknown)
        return Refusal(say("no_name", language, names=names) + _nearest(passages, language), passages[:LEADS])
    if _lacks_period(found):
        of_company = [p for p in passages if is_of_company(p)]
        names, periods = ", ".join(understood.companies), ", ".join(understood.periods)
        reason = say("no_period", language, names=names, periods=periods) + _nearest(of_company, language)
        return Refusal(reason, tuple(of_company[:LEADS]))
    periods = _silent_periods(understood, passages)
    if periods:
        return Refusal(say("no_such_time", language, periods=periods) + _nearest(passages, language), passages[:LEADS])
    return None


def too_little(found: Retrieval, tokenise: WordTokeniser) -> Refusal | None:
    """Why the pages hold too little of the question's words; None where they hold enough."""
    understood, passages = found.understood, found.passages
    language = understood.language
    share = covered(understood, passages, tokenise)
    enough = _SURE if any(_boosts(p, "company", "period") for p in passages) else _ENOUGH[language]
    if share is not None and share < enough:
        terms = silent_terms(understood, passages, tokenise)
        silent = say("silent", language, terms=", ".join(terms)) if terms else ""
        return Refusal(say("not_covered", language, silent=silent) + _nearest(passages, language), passages[:LEADS])
    return None


def without_figures(metric: str, lines: Sequence[str], found: Retrieval) -> Refusal:
    """That no report has all the lines of the statements from which the metric that is asked for is computed."""
    language = found.understood.language
    reason = say("no_figures", language, metric=metric, lines=", ".join(lines))
    return Refusal(reason + _nearest(found.passages, language), found.passages[:LEADS])


def nothing_told(found: Retrieval, *, dropped: int) -> Refusal:
    """That the pages have no line to quote, or `dropped` ones that could not be verified."""
    asked, language = found.understood, found.understood.language
    if dropped:
        return Refusal(say("unsupported", language), found.passages[:LEADS])
    whom = (*asked.companies, *(called(names, language) for names in asked.uncovered), *asked.periods)
    if not whom:
        return Refusal(say("not_covered", language, silent=""), found.passages[:LEADS])
    reason = say("not_told", language, whom=", ".join(whom))
    return Refusal(reason + _nearest(found.passages, language), found.passages[:LEADS])


def is_of(passage: Passage, understood: Understood) -> bool:
    """Whether a passage is of a publisher that the question names, or of a company, which may file under an older name."""
    return passage.report.publisher in understood.mentioned or (
        bool(understood.companies)
        and passage.report.publisher == passage.report.company
        and _boosts(passage, "company")
    )


def is_of_company(passage: Passage) -> bool:
    """Whether a passage's report is on a company that the question names."""
    return _boosts(passage, "company")


def names_uncovered(passage: Passage, understood: Understood) -> bool:
    """Whether a passage, or the line that names its report, names a company that the question asks of and none covers."""
    return names_any(_told(passage), understood.uncovered)


def on_companies(understood: Understood, passages: Sequence[Passage]) -> list[Passage]:
    """The passages whose report is on a company that the question names, or whose page names one; all where it names none.

    What a report on another company says of its own is no answer, however like the words are.
    """
    names = (*(names_of(company) for company in understood.companies), *understood.uncovered)
    if not names:
        return list(passages)
    pages = {_page(p) for p in passages if is_of_company(p) or names_any(_told(p), names)}
    return [p for p in passages if is_of_company(p) or _page(p) in pages]


def _page(passage: Passage) -> tuple[str, int]:
    return passage.report.id, passage.chunk.page


def _told(passage: Passage) -> str:
    return f"{context_line(passage.report)}\n{search_text(passage.chunk)}"


def _lacks_period(found: Retrieval) -> bool:
    """Whether the question names a company and a period, and all that was found of the company reports other periods."""
    asked = found.understood
    of_company = [p for p in found.passages if is_of_company(p)]
    return bool(
        asked.companies
        and asked.periods
        and of_company
        and all(p.report.fiscal_period and not _boosts(p, "period") for p in of_company)
    )


def _silent_periods(understood: Understood, passages: Sequence[Passage]) -> str:
    """The years that a question names, or quarters and halves, where no page that was found, nor the line naming its
    report, has any of them. The filing of a year may tell of its quarters in other words.
    """
    question = core(understood.topic)
    years, parts = years_of(question), {period for period in find_periods(question) if period.part and period.year}
    texts = [_told(passage) for passage in passages]
    if not texts:
        return ""
    filed = " ".join(passage.report.fiscal_period or "" for passage in passages)
    parts = set() if any(str(part.year) in filed for part in parts) else parts
    if parts and not any(parts.intersection(find_periods(text)) for text in texts):
        return ", ".join(map(str, sorted(parts, key=str)))
    if years and not any(str(year) in text for text in texts for year in years):
        return "" if any(years & years_of(text) for text in texts) else ", ".join(map(str, sorted(years)))
    return ""


def _boosts(passage: Passage, *names: str) -> bool:
    """Whether the passage's report fits the question in all of these ways."""
    return set(names) <= {leg.leg for leg in passage.legs if leg.share > 0}


def _nearest(passages: Sequence[Passage], language: Language) -> str:
    if not passages:
        return ""
    report = passages[0].report
    published = report.published.isoformat() if report.published else None
    about = ", ".join(part for part in (report.publisher, report.title, published) if part)
    return say("nearest", language, report=about)
