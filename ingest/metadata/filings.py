"""A parsed report in; what the cover and the signatures of a filing with the US regulator tell out, or None."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from ingest.metadata.dates import FoundDate, find_dates
from ingest.metadata.evidence import FILE, HINT, LABEL, PLACE, TEXT, Found, Reading, confidence
from ingest.metadata.periods import fiscal_year, quarter
from ingest.metadata.places import cells_of
from ingest.metadata.securities import cover_symbol
from rag.domain import Language, Page, ParsedReport
from rag.text import fold

_FORM = re.compile(
    r"\b(?:form\s+(?P<form>10-KT?|10-QT?|8-K|20-F|40-F|6-K|11-K|[SF]-[1348])(?P<amended>/A)?|(?P<proxy>schedule\s+14A))(?![\w-])",
    re.IGNORECASE,
)
_HYPHENS = str.maketrans("‐‑‒–—−", "------")
_KINDS = {
    "10-K": "Annual Report",
    "10-KT": "Transition Report",
    "10-Q": "Quarterly Report",
    "10-QT": "Transition Report",
    "8-K": "Current Report",
    "20-F": "Annual Report",
    "40-F": "Annual Report",
    "6-K": "Report of Foreign Private Issuer",
    "11-K": "Annual Report",
    "DEF 14A": "Proxy Statement",
}
_REGULATOR = re.compile(r"securities\s+and\s+exchange\s+commission", re.IGNORECASE)
_PERIOD = re.compile(r"\b(?P<what>year|period|quarter)\s+ended:?\s+", re.IGNORECASE)
_CHARTER = re.compile(r"exact\s+name\s+of\s+(?:the\s+)?(?:registrant|company)", re.IGNORECASE)
_STATE = re.compile(r"state\s+(?:or\s+other|of\s+incorporation)|jurisdiction\s+of", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\bform\b|commission|fiscal|period|transition|mark one|pursuant|\breport|^or$|^[\W_\d]+$|^\(|\bended\b|"
    r"file (?:no|number)|table of contents|^\W*united states\W*$|\bdate of\b|indicate|washington",
    re.IGNORECASE,
)


def us_filing(parsed: ParsedReport, file_name: str, language: Found[Language], latest: date) -> Reading | None:
    """A form 10-K, 10-Q, 8-K, 20-F...: company, form, period and symbol of its cover, date of its signature page."""
    for page in parsed.pages[:8]:
        form = _form(page)
        if form is None or not _REGULATOR.search(page.text):
            continue
        company = _registrant(page, parsed)
        if company is not None:
            kind = "DEF 14A" if form["proxy"] else form["form"].upper()
            name = kind + (form["amended"] or "").upper()
            return _reading(parsed, page, kind, name, company, file_name, language, latest)
    return None


def _form(page: Page) -> re.Match[str] | None:
    """The form that a line of the cover names by itself, else the first in its text."""
    lines = (cell.text.translate(_HYPHENS).strip() for cell in cells_of(page))
    return next((match for line in lines if (match := _FORM.fullmatch(line))), None) or _FORM.search(
        page.text.translate(_HYPHENS)
    )


def _reading(
    parsed: ParsedReport,
    cover: Page,
    kind: str,
    form: str,
    company: Found[str],
    file_name: str,
    language: Found[Language],
    latest: date,
) -> Reading:
    reported = find_dates(cover.text, latest)
    ended = next((d for d in reported if _PERIOD.search(cover.text[max(0, d.start - 30) : d.start])), None)
    dated = ended or (reported[0] if reported else None)
    named = FILE if re.sub(r"\W", "", form).lower() in re.sub(r"\W", "", file_name).lower() else 0.0
    sure = confidence(LABEL, LABEL, named)
    if company.value.split()[0].strip(",.").casefold() in fold(re.sub(r"[_-]", " ", file_name)):
        company = Found(company.value, confidence(company.confidence, HINT), company.page)
    return Reading(
        title=Found(
            _title(_KINDS.get(kind, "Registration Statement"), form, ended, dated, cover),
            confidence(LABEL, PLACE, named),
            cover.number,
        ),
        language=language,
        type=Found("filing", sure, cover.number),
        publisher=company,
        published=_published(parsed, latest, dated, is_event=ended is None),
        company=company,
        ticker=cover_symbol(cover, parsed.pages),
        form=Found(form, sure, cover.number),
        fiscal_period=_fiscal_period(parsed, kind, ended, cover),
    )


def _title(kind: str, form: str, ended: FoundDate | None, dated: FoundDate | None, cover: Page) -> str:
    """Annual Report on Form 10-K for the fiscal year ended May 31, 2021; Current Report on Form 8-K dated July 1, 2022."""
    title = f"{kind} on Form {form}"
    if ended is not None:
        what = _PERIOD.search(cover.text[max(0, ended.start - 30) : ended.start])
        span = "fiscal year" if what and what["what"].lower() == "year" else "quarterly period"
        span = "transition period" if kind.startswith("Transition") else span
        return f"{title} for the {span} ended {_written(ended.day)}"
    return title if dated is None else f"{title} dated {_written(dated.day)}"


def _written(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _fiscal_period(parsed: ParsedReport, kind: str, ended: FoundDate | None, cover: Page) -> Found[str] | None:
    if ended is None:
        return None
    text = " ".join(" ".join(page.text.split()) for page in parsed.pages[:60])
    if kind.startswith("10-Q"):
        found = quarter(ended.day, text)
        return Found(found[0], found[1], cover.number) if found else None
    year, sure = fiscal_year(ended.day, text)
    return Found(f"FY{year}", sure, cover.number)


def _registrant(page: Page, parsed: ParsedReport) -> Found[str] | None:
    """The line over "exact name of registrant", else that over the state of incorporation."""
    cells = sorted(cells_of(page), key=lambda cell: (round(cell.y0), cell.x0))
    for anchor, weights in ((_CHARTER, (LABEL, PLACE)), (_STATE, (PLACE, TEXT))):
        under = next((cell for cell in cells if anchor.search(cell.text)), None)
        for cell in reversed(cells if under else []):
            if under is None or cell.y1 > under.y0 + 0.5 * under.height:
                continue
            line = " ".join(cell.text.split())
            if not _NO_NAME.search(line) and sum(c.isalpha() for c in line) >= 2:
                name = re.sub(r"\s+(?=[.,])", "", line).strip(" _-*")
                return Found(_usual_case(name, parsed.pages), confidence(*weights), page.number)
    return None


def _usual_case(name: str, pages: Sequence[Page]) -> str:
    """The spelling of a name in capitals that the first pages use most in running text, else that of its words."""
    if not name.isupper():
        return name
    text = " ".join(" ".join(page.text.split()) for page in pages[:25])

    def usual(part: str) -> str:
        written = Counter(re.findall(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.IGNORECASE))
        mixed = {
            spelling: count for spelling, count in written.items() if not (spelling.isupper() or spelling.islower())
        }
        plain = part.strip(",.").lower()
        usually = {"inc": part.capitalize(), "corp": part.capitalize(), "ltd": part.capitalize(), "plc": "plc"}
        return max(mixed, key=mixed.__getitem__) if mixed else usually.get(plain, part)

    whole = usual(name)
    return " ".join(map(usual, name.split())) if whole == name else whole


def _published(parsed: ParsedReport, latest: date, dated: FoundDate | None, *, is_event: bool) -> Found[date] | None:
    """The day it was signed; for a report of an event, without signatures, the day on its cover."""
    period = None if dated is None else dated.day
    for page in parsed.pages:
        start = re.search(r"\bsignatures?\b", page.text, re.IGNORECASE)
        if start is None or not re.search(r"pursuant\s+to\s+the\s+requirements", page.text, re.IGNORECASE):
            continue
        days = Counter(
            found.day
            for found in find_dates(page.text, latest)
            if found.start > start.start() and (period is None or period <= found.day <= period + timedelta(days=400))
        )
        if days:
            day, times = days.most_common(1)[0]
            return Found(day, confidence(LABEL, HINT if times > 1 else 0.0), page.number)
    return Found(period, LABEL, 0) if is_event and period else None
