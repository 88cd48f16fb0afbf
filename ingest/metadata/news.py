"""A parsed report in; what a company's news release tells out, or None."""

from __future__ import annotations

import re
from datetime import date

from ingest.metadata.dates import find_dates
from ingest.metadata.evidence import HINT, LABEL, PLACE, TEXT, Found, Reading, confidence
from ingest.metadata.periods import released
from ingest.metadata.securities import listed_symbol
from ingest.metadata.wording import PRICED
from rag.domain import Language, ParsedReport

_NAME = r"[A-Z0-9][\w.'’-]*(?: (?:&|and|of|[A-Z0-9][\w.'’&-]*)){0,6}(?:, (?:Inc|Ltd|LLC)\.?)?"
_NEWS = re.compile(
    rf"(?P<name>{_NAME}) ?"
    r"\((?:[^()]{0,30}\b)?(?i:NYSE|NASDAQ|ASX|AMEX|LSE|TSX|HKEX|SEHK)\b[^)]{0,40}\)"
    r"[^.]{0,60}?\b(?i:today|announce[sd]|report(?:s|ed))\b"
)
_NEWS_TITLE = re.compile(
    r"^(?P<name>[A-Z][\w&.,'’ -]{1,50}?) (?i:reports?|announces?|delivers|posts)\b.*\b(?i:results|earnings|quarter|fiscal)\b"
)
_CHINESE_NEWS = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,15})[（(][^（()）]{0,30}(?:股份代[号號]|股票代[码碼]|股份編號|NYSE|NASDAQ|HKEX)[^（()）]{0,24}[)）]"
    r"[^。]{0,24}(?:今日|今天|欣然|宣布|宣佈|公布|公佈|发布|發佈)"
)
_RELEASE = re.compile(
    r"for immediate release|\(?business wire\)?|pr ?newswire|globe ?newswire|press release|news release|新闻稿|新聞稿|即時發佈|即时发布",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    r"price target|target price|equity research|\banalyst certification|证券研究报告|目标价", re.IGNORECASE
)
_RESULTS = re.compile(r"\b(?:results|earnings|net sales|revenues?|net income|earnings per share)\b", re.IGNORECASE)
_RESULTS_OF = re.compile(
    r"\b(?:results|earnings|reports|announces).{0,60}\b(?:quarter|fiscal|full[- ]year|annual|Q[1-4]|half)\b|\b(?:quarter|fiscal|full[- ]year|annual|Q[1-4]|half)\b.{0,60}\b(?:results|earnings)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?i:today\s+)?(?i:announce[sd]|report(?:s|ed))\s+(?:its\s+)?(?:financial\s+)?(?:results|earnings)\s+for\s+(?:the\s+)?"
    r"(?P<what>(?:[\w-]+\s?){1,7}?(?:19|20)\d\d)\b"
)


def news_release(parsed: ParsedReport, title: Found[str], language: Found[Language], latest: date) -> Reading | None:
    """Issuer, date and symbol of a release; one of results is an earnings release, with the period it names."""
    if not parsed.pages:
        return None
    text = " ".join(parsed.pages[0].text.split())
    issuer = _issuer(text, title.value)
    marked = PLACE if _RELEASE.search(text) else 0.0
    if issuer is None or (not marked and _RESEARCH.search(text)):
        return None
    of_results = bool(
        _RESULTS_OF.search(title.value) or (_RESULTS_OF.search(text[:1500]) and len(_RESULTS.findall(text)) >= 3)
    )
    if of_results and title.origin != "page" and (headline := _headline(text, issuer.value)):
        title = headline
    period = (released(title.value) or released(text[:1500])) if of_results else None
    sure = confidence(issuer.confidence, marked)
    return Reading(
        title=title,
        language=language,
        type=Found("news release", sure, 0),
        publisher=issuer,
        published=_dated(parsed, latest),
        company=issuer,
        ticker=listed_symbol(parsed.pages[:2]),
        form=Found("earnings release", confidence(sure, HINT), 0) if of_results else None,
        fiscal_period=Found(*period, 0) if period else None,
    )


def _issuer(text: str, title: str) -> Found[str] | None:
    """The company whose news the first page or the title tells."""
    named = _NEWS.search(text) or (_CHINESE_NEWS.search(text) if _RELEASE.search(text) else None)
    titled = _NEWS_TITLE.match(title)
    if named:
        agrees = titled is not None and named["name"].startswith(titled["name"].strip())
        return Found(named["name"], confidence(LABEL, TEXT if agrees else 0.0, HINT), 0)
    return Found(titled["name"].strip(), LABEL, 0) if titled else None


def _headline(text: str, issuer: str) -> Found[str] | None:
    """A headline in the words of the first sentence, for a release whose own is a picture."""
    match = _SENTENCE.search(text)
    if match is None:
        return None
    what = re.sub(
        r"(?<=[- ])(?!and\b|of\b|the\b|for\b)[a-z]", lambda letter: letter[0].upper(), " " + match["what"]
    ).strip()
    return Found(f"{issuer} Reports {what} Results", TEXT, 0)


def _dated(parsed: ParsedReport, latest: date) -> Found[date] | None:
    """The first date of the first page that doesn't end a period: the top line, or the dateline."""
    text = parsed.pages[0].text
    for found in find_dates(text, latest):
        before, after = text[max(0, found.start - 40) : found.start], text[found.end : found.end + 4]
        if not PRICED.search(before):
            dateline = bool(re.search(r"\($", before) and re.match(r"\)\s?[–—-]", after))
            top = not before.strip() or dateline
            return Found(found.day, confidence(LABEL if top else TEXT, HINT), 0)
    return None
