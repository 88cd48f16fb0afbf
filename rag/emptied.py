"""Limits that leave no report to which of them did it, and what is there instead, as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.catalog import Catalog
from rag.domain import Filter, Language, Report, Window
from rag.kinds import kinds_of
from rag.say import say

_SHOWN = 8  # names of publishers, kinds, reports


@dataclass(frozen=True, slots=True)
class _Limit:
    """One limit: what it is called, what it asks for, and the field of a report it looks at."""

    name: str
    value: str
    only: Filter


def why_emptied(catalog: Catalog, language: Language, *filters: Filter) -> str | None:
    """The first limit of the filters, put one on top of the other, that leaves nothing; None where reports are left."""
    left = {report.id: report for report in catalog.reports()}
    if not left:
        return say("no_reports", language)
    for filter in filters:
        for limit in _limits(filter, language):
            kept = {report.id for report in catalog.reports(limit.only)}
            if not left.keys() & kept:
                there = _there(limit.only, list(left.values()), language)
                return say("emptied", language, limit=f"{limit.name} {limit.value}", among=len(left), there=there)
            left = {report_id: report for report_id, report in left.items() if report_id in kept}
    return None


def days(window: Window, language: Language) -> str:
    """`from 2025-02-01 to 2025-02-28`, `2025-02-01 以来`: the days of a window in words."""
    since, until = window.since, window.until
    if since and until:
        return f"{since} 至 {until}" if language == "zh" else f"from {since} to {until}"
    if since:
        return f"{since} 以来" if language == "zh" else f"since {since}"
    return f"{until} 及以前" if language == "zh" else f"until {until}"


def _limits(filter: Filter, language: Language) -> Iterator[_Limit]:
    """The limits of a filter one by one, in the order they are told."""
    zh = language == "zh"
    if filter.reports:
        yield _Limit("报告" if zh else "report", ", ".join(filter.reports), Filter(reports=filter.reports))
    if filter.publishers:
        yield _Limit("机构" if zh else "publisher", ", ".join(filter.publishers), Filter(publishers=filter.publishers))
    if filter.without:
        name = "不含机构" if zh else "without publisher"
        yield _Limit(name, ", ".join(filter.without), Filter(without=filter.without))
    if filter.languages:
        yield _Limit("语言" if zh else "language", ", ".join(filter.languages), Filter(languages=filter.languages))
    if filter.kinds:
        yield _Limit("报告类型" if zh else "kind of report", ", ".join(filter.kinds), Filter(kinds=filter.kinds))
    if filter.since or filter.until:
        window = Window(filter.since, filter.until)
        yield _Limit(
            "发布日期" if zh else "published", days(window, language), Filter(since=filter.since, until=filter.until)
        )


def _there(only: Filter, reports: Sequence[Report], language: Language) -> str:
    """What the reports that were left have in the field of a limit."""
    zh = language == "zh"
    if only.publishers or only.without:
        what, values = "发布机构" if zh else "publishers", [r.publisher for r in reports if r.publisher]
    elif only.languages:
        what, values = "语言" if zh else "languages", [r.language for r in reports]
    elif only.kinds:
        what, values = "类型" if zh else "kinds", [kind for r in reports for kind in kinds_of(r)]
    elif only.reports:
        what, values = "编号" if zh else "ids", [f"{r.id} {r.title}" for r in reports]
    else:
        dates = sorted(r.published.isoformat() for r in reports if r.published)
        what = "发布日期" if zh else "days of publication"
        values = [dates[0] + (" 至 " if zh else " to ") + dates[-1]] if dates else []
    if not values:
        return say("unknown", language, what=what)
    return say("they_are", language, what=what, values=_listed(values, language))


def _listed(values: Sequence[str], language: Language) -> str:
    """The values, the most frequent first, then by name."""
    names = sorted(set(values), key=lambda name: (-values.count(name), name))
    more = len(names) - _SHOWN
    rest = (f" 等{len(names)}个" if language == "zh" else f" and {more} more") if more > 0 else ""
    return ("、" if language == "zh" else ", ").join(names[:_SHOWN]) + rest
