"""A parsed report in; the metadata of a filing out, or None: a US form, a periodic report of a Chinese company."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

from ingest.metadata.dates import YEAR, find_dates
from ingest.metadata.places import body_size, spots_of
from ingest.metadata.wording import COMPANY
from rag.domain import Metadata, Page, ParsedReport

_FORM = re.compile(r"\bform\s+(10-K|10-Q|8-K|20-F|40-F|6-K)(/A)?", re.IGNORECASE)
_REGULATOR = re.compile(r"securities\s+and\s+exchange\s+commission", re.IGNORECASE)
_PERIOD = re.compile(r"\b(?:year|period|quarter)\s+ended:?\s+", re.IGNORECASE)
_CHARTER = re.compile(r"exact\s+name\s+of\s+(?:the\s+)?(?:registrant|company)", re.IGNORECASE)
_STATE = re.compile(r"state\s+(?:or\s+other|of\s+incorporation)|jurisdiction\s+of", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\bform\b|commission|fiscal|period|transition|mark one|pursuant|\breport|^or$|^[\W_\d]+$|^\(|\bended\b|"
    r"file (?:no|number)|table of contents|^\W*united states\W*$|\bdate of\b|indicate|washington",
    re.IGNORECASE,
)
_PERIODIC = re.compile(
    rf"(?P<company>{COMPANY})?\s*(?:\d{{6}}\s*)?{YEAR}\s*年?\s*"
    r"(?P<kind>(?:第[一二三四]季度|半年度?|年度|中期)(?:报告|報告)(?:全文|正文|摘要)?)\s*(?:[（(][^（()）]{1,12}[)）])?$"
)
_BOARD = re.compile(r"董\s*事\s*会\s*$|(?:批准报[出送]|披露|公告)日期?[：:]?\s*$")


def us_filing(parsed: ParsedReport, latest: date) -> Metadata | None:
    """A form 10-K, 10-Q, 8-K, 20-F...: company, form and period of its cover page, date of its signature page."""
    for page in parsed.pages[:8]:
        form = _FORM.search(page.text)
        if form is None or not _REGULATOR.search(page.text):
            continue
        company = _registrant(page, parsed)
        if company is None:
            continue
        name = form[1].upper() + (form[2] or "").upper()
        reported = find_dates(page.text, latest)
        ended = [d.day for d in reported if _PERIOD.search(page.text[max(0, d.start - 30) : d.start])]
        period = ended[0] if ended else reported[0].day if reported else None
        signed = _signature_date(parsed, latest, period)
        annual = name.startswith(("10-K", "20-F", "40-F"))
        when = "" if period is None else f" {_fiscal_year(period)}" if annual else f" {period}"
        return Metadata(f"{company} {name}{when}", company, signed or (None if ended else period), "en")
    return None


def _fiscal_year(ended: date) -> int:
    """A year of 52 or 53 weeks may end in the first days of January and belongs to the year before."""
    return (ended - timedelta(days=10)).year


def _registrant(page: Page, parsed: ParsedReport) -> str | None:
    lines = [" ".join(page.text[p.start : p.end].split()) for block in page.blocks for p in block.pieces]
    for anchor in (_CHARTER, _STATE):
        at = next((i for i, line in enumerate(lines) if anchor.search(line)), None)
        for line in reversed(lines[:at] if at else ()):
            if not _NO_NAME.search(line) and sum(c.isalpha() for c in line) >= 2:
                return _usual_case(line.replace(" .", ".").replace(" ,", ",").strip(" _-*"), parsed)
    return None


def _usual_case(name: str, parsed: ParsedReport) -> str:
    """The spelling of a name in capitals that the first pages use most in running text, else that of its words."""
    if not name.isupper():
        return name
    text = " ".join(" ".join(page.text.split()) for page in parsed.pages[:25])

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


def _signature_date(parsed: ParsedReport, latest: date, period: date | None) -> date | None:
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
            return days.most_common(1)[0][0]
    return None


def periodic_report(parsed: ParsedReport, latest: date) -> Metadata | None:
    """An annual, half-year or quarterly report of a Chinese company: its own publisher."""
    if not parsed.pages or "证券研究报告" in parsed.pages[0].text:
        return None
    spots = [spot for spot in spots_of(parsed.pages[0]) if spot.top > 0.06 or spot.size >= 14]
    names = [re.sub(r"\s", "", spot.text) for spot in spots]
    company = next((name for name in names if re.fullmatch(COMPANY, name)), None)
    for spot in sorted(spots, key=lambda spot: -spot.size):
        match = _PERIODIC.search(re.sub(r"\s", "", spot.text))
        owner = match and (match["company"] or company)
        if match and owner and spot.size >= 1.15 * body_size(parsed.pages[0]):
            return Metadata(f"{owner}{match[2]}年{match['kind']}", owner, _board_date(parsed, latest), "zh")
    return None


def _board_date(parsed: ParsedReport, latest: date) -> date | None:
    for page in (*parsed.pages[:3], *reversed(parsed.pages)):
        for found in find_dates(page.text, latest):
            if _BOARD.search(page.text[: found.start]):
                return found.day
    return None
