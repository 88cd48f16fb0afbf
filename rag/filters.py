"""What a user typed to limit a question (names, dates, ids) to a Filter of canonical values, or a UsageError that helps."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

from rag.catalog import Catalog
from rag.domain import Filter, Language
from rag.errors import UsageError
from rag.publishers import Publishers

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def make_filter(
    catalog: Catalog,
    publishers: Publishers,
    *,
    publisher: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    language: Sequence[str] = (),
    report: Sequence[str] = (),
) -> Filter:
    """Publishers by any alias, dates as YYYY[-MM[-DD]], reports by id, unique start of one, or path."""
    known = catalog.publishers() if publisher else []
    first = parse_date("since", since, end=False)
    last = parse_date("until", until, end=True)
    if first and last and first > last:
        raise UsageError(f"since {first} is after until {last}: nothing can lie between")
    return Filter(
        publishers=tuple(dict.fromkeys(publishers.canonical(name, known) for name in publisher)),
        since=first,
        until=last,
        languages=tuple(dict.fromkeys(_language(name) for name in language)),
        reports=tuple(dict.fromkeys(catalog.resolve(ref).id for ref in report)),
    )


def parse_date(name: str, text: str | None, *, end: bool) -> date | None:
    """The first day of the year, month or day that `text` names, or the last one with `end`. None for None."""
    if text is None:
        return None
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{name} must be a date like 2025-02-16, 2025-02 or 2025, not {text!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        whole_month = month or (12 if end else 1)
        last_day = calendar.monthrange(year or 0, whole_month)[1]
        return date(year or 0, whole_month, day or (last_day if end else 1))
    except (ValueError, IndexError) as exc:
        raise UsageError(f"{name} {text!r} is no day of the calendar") from exc


def _language(name: str) -> Language:
    folded = name.strip().lower()
    if folded == "zh":
        return "zh"
    if folded == "en":
        return "en"
    raise UsageError(f"language must be zh or en, not {name!r}", candidates=("zh", "en"))
