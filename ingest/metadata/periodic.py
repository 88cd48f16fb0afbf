"""A parsed report in; what the first pages of a company's own periodic report or announcement tell out, or None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.metadata.dates import YEAR, find_dates
from ingest.metadata.evidence import HINT, LABEL, PLACE, TEXT, Found, Reading, confidence
from ingest.metadata.periods import chinese_period, taiwanese_period
from ingest.metadata.places import Spot, body_size, spots_of
from ingest.metadata.tickers import find_codes, hong_kong
from ingest.metadata.wording import COMPANY
from rag.domain import Language, ParsedReport, ReportType

_PERIODIC = re.compile(
    rf"(?P<company>{COMPANY})?\s*(?:\d{{4,6}}\s*)?{YEAR}\s*年?\s*"
    r"(?P<kind>(?:第?[一二三四]季度|半年度?|年度|中期|年|年中)(?:财务)?(?:报告|報告|報)(?:全文|正文|摘要)?)\s*(?:[（(][^（()）]{1,12}[)）])?$"
)
_ENGLISH = re.compile(
    rf"^(?P<company>[A-Z][\w&.,'’ -]{{2,60}}?)?\s*(?:{YEAR}(?:\s?[/-]\s?\d{{2,4}})?\s+)?"
    r"(?P<kind>Annual|Interim|Half[- ]Year(?:ly)?|(?:First|Second|Third|Fourth)?[- ]?Quarter(?:ly)?)\s+(?:Financial\s+)?Report"
    rf"(?:\s+(?:and|&)\s+(?:Financial\s+)?(?:Accounts|Statements))?(?:\s+(?:for\s+)?{YEAR}(?:\s?[/-]\s?\d{{2,4}})?)?$",
    re.IGNORECASE,
)
_LATIN_COMPANY = re.compile(
    r"^[A-Z][\w&.,'’() -]{1,60}\b(?:Limited|Ltd\.?|plc|PLC|Inc\.?|Corporation|Corp\.?|Company|Group|Holdings|AG|SE|S\.?A\.?|N\.?V\.?)$"
)
_SHORT_NAME = re.compile(
    r"(?:公司|证券|股票|股份|A\s?股)\s?(?:简称|簡稱)\s*[:：]\s*(?P<name>[*A-Za-z\u4e00-\u9fff·-]{2,12}?)(?=\s|$|公司|证券|股票|编号|公告|[;；,，])"
)
_CODE = re.compile(
    r"(?:公司|证券|股票|A\s?股)\s?代码\s*[:：]\s*(?P<code>\d{6})|(?:股份代[号號]|Stock [Cc]ode)s?\s*[:：]\s*(?P<hk>\d{1,5})"
)
_BOARD = re.compile(r"董\s*事\s*[会會]\s*$|(?:批准报[出送]|披露|公告)日期?[：:]?\s*$")
_NOTICE = re.compile(r"(?:公告|通知|提示|通告|说明书摘要)$")
_NOTICE_NUMBER = re.compile(
    r"公告编号|编号[:：]\s?临?\s?\d{4}\s?[-—]|take no responsibility for the contents of this announcement",
    re.IGNORECASE,
)
_STATEMENTS = re.compile(r"資產負債表|(?:綜合)?損益表|現金流量表|權益變動表|財務(?:報告|報表)")
_RESEARCH = re.compile(r"证券研究报告|分析师|研究员|投资评级")


def periodic_report(parsed: ParsedReport, language: Found[Language], latest: date) -> Reading | None:
    """An annual, half-year or quarterly report of a company: its own publisher."""
    if not parsed.pages or _RESEARCH.search(parsed.pages[0].text):
        return None
    for page in parsed.pages[:2]:
        spots = [spot for spot in spots_of(page) if spot.top > 0.06 or spot.size >= 14]
        large = [spot for spot in sorted(spots, key=lambda s: -s.size) if spot.size >= 1.15 * body_size(page)]
        for spot in large:
            if found := _titled(spot, spots):
                return _reading(parsed, *found, page.number, language, latest)
    return None


def _titled(spot: Spot, spots: Sequence[Spot]) -> tuple[str, str, str, str | None] | None:
    """Owner, title, form and period, where a line is the title of a periodic report."""
    text = re.sub(r"\s", "", spot.text)
    if match := _PERIODIC.search(text):
        names = (re.sub(r"\s", "", other.text) for other in spots)
        owner = match["company"] or next((name for name in names if re.fullmatch(COMPANY, name)), None)
        title = f"{match[2]}年{match['kind']}"
        return (owner, f"{owner}{title}", _form(match["kind"]), chinese_period(title)) if owner else None
    if match := _ENGLISH.match(" ".join(spot.text.split())):
        year = match[2] or match[4]
        lines = (" ".join(other.text.split()) for other in spots)
        owner = match["company"] or next((line for line in lines if _LATIN_COMPANY.match(line)), None)
        if owner is None or year is None:
            return None
        kind = match["kind"].capitalize()
        part = {"An": "FY", "In": "H1 ", "Ha": "H1 "}.get(kind[:2])
        return owner.strip(), f"{owner.strip()} {kind} Report {year}", _form(kind), f"{part}{year}" if part else None
    return None


def _form(kind: str) -> str:
    if re.search(r"[季]|quarter", kind, re.IGNORECASE):
        return "quarterly report"
    return "interim report" if re.search(r"半|中期|interim|half", kind, re.IGNORECASE) else "annual report"


def _reading(
    parsed: ParsedReport,
    owner: str,
    title: str,
    form: str,
    period: str | None,
    page: int,
    language: Found[Language],
    latest: date,
) -> Reading:
    sure = confidence(LABEL, PLACE)
    again = sum(title in re.sub(r"\s", "", p.text[:200]) for p in parsed.pages[1:6])
    title_sure = confidence(LABEL, PLACE, TEXT if again >= 2 else 0.0)
    company, ticker = _named(parsed)
    return Reading(
        title=Found(title, title_sure, page),
        language=language,
        type=Found("filing", title_sure, page),
        publisher=Found(owner, sure, page),
        published=_board_date(parsed, latest),
        company=company or Found(owner, sure, page),
        ticker=ticker,
        form=Found(form, title_sure, page),
        fiscal_period=Found(period, title_sure, page) if period else None,
    )


def _named(parsed: ParsedReport) -> tuple[Found[str] | None, Found[str] | None]:
    """Short name and stock code as the first pages label them."""
    company: Found[str] | None = None
    ticker: Found[str] | None = None
    for page in parsed.pages[:3]:
        if company is None and (name := _SHORT_NAME.search(page.text)):
            company = Found(name["name"], confidence(LABEL, PLACE if page.number == 0 else HINT), page.number)
        if ticker is None and (code := _CODE.search(page.text)):
            known = find_codes(code["code"]) if code["code"] else ()
            value = hong_kong(code["hk"]) if code["hk"] else known[0].ticker if known else code["code"]
            ticker = Found(value, confidence(LABEL, PLACE if page.number == 0 else HINT), page.number)
    return company, ticker


def _board_date(parsed: ParsedReport, latest: date) -> Found[date] | None:
    """The date under "the board" or beside "approved": on the first pages, or the last that has one."""
    for page in (*parsed.pages[:3], *reversed(parsed.pages)):
        for found in find_dates(page.text, latest):
            if _BOARD.search(page.text[: found.start]):
                return Found(found.day, LABEL, page.number)
    return None


def announcement(parsed: ParsedReport, language: Found[Language], latest: date) -> Reading | None:
    """A company's notice of one event: its head has a number of the exchange, its title ends on 公告."""
    if not parsed.pages or not _NOTICE_NUMBER.search(parsed.pages[0].text):
        return None
    company, ticker = _named(parsed)
    spots = spots_of(parsed.pages[0])
    large = [spot for spot in spots if spot.top < 0.6 and spot.size >= 1.15 * body_size(parsed.pages[0])]
    owner = next((re.sub(r"\s", "", s.text) for s in spots if re.fullmatch(COMPANY, re.sub(r"\s", "", s.text))), None)
    owner = owner or next((s.text for s in spots if _LATIN_COMPANY.match(s.text)), None)
    title = next((re.sub(r"\s", "", s.text) for s in large if _NOTICE.search(s.text.strip())), None)
    if title is None and (upper := [s for s in large if s.text != owner and s.text.isupper()]):
        title = upper[0].text
    if title is None or (company is None and owner is None):
        return None
    named = company or Found(owner or "", PLACE, 0)
    kind: ReportType = "event notice"
    return Reading(
        title=Found(title, confidence(LABEL, TEXT), 0),
        language=language,
        type=Found(kind, confidence(LABEL, TEXT), 0),
        publisher=Found(owner, confidence(PLACE, TEXT), 0) if owner else named,
        published=_board_date(parsed, latest),
        company=named,
        ticker=ticker,
    )


def statements(parsed: ParsedReport, title: str, owner: str | None) -> tuple[Found[str], Found[str] | None] | None:
    """Form and period of financial statements that stand alone, as Taiwanese companies file them."""
    if owner is None or not _STATEMENTS.search(re.sub(r"\s", "", title)):
        return None
    period = taiwanese_period(parsed.pages[0].text[:600])
    return Found("financial statements", PLACE, 0), Found(period, PLACE, 0) if period else None
