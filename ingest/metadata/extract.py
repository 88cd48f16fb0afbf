"""A parsed report and its file name in; its metadata out, each field with its confidence and where it was read.

Four kinds are told apart: filings with the US regulator, periodic reports and notices of a company, news releases of a
company, and research reports with everything else. Each fact of a research report is its best-scored evidence. What
isn't evident stays None.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import PurePath

from ingest.metadata.analysts import analysts_of
from ingest.metadata.evidence import HINT, LABEL, PLACE, Found, Reading, confidence, metadata_of
from ingest.metadata.filings import us_filing
from ingest.metadata.houses import house_of, owner_of
from ingest.metadata.kind import is_on_company, kind_of
from ingest.metadata.news import news_release
from ingest.metadata.periodic import announcement, periodic_report, statements
from ingest.metadata.publication import report_date
from ingest.metadata.rating import rating_of, target_of
from ingest.metadata.subject import subject_of
from ingest.metadata.titles import title_of
from rag.domain import Language, Metadata, ParsedReport
from rag.publishers import Publishers
from rag.text import language_of

_TELLING = 60  # pages tell the language


def extract_metadata(
    parsed: ParsedReport, file_name: str, publishers: Publishers, today: date | None = None
) -> Metadata:
    """What is known of the report. `today` limits its date: none may lie beyond tomorrow."""
    latest = (today or date.today()) + timedelta(days=1)
    language = _language(parsed, file_name)
    own = (
        us_filing(parsed, file_name, language, latest)
        or periodic_report(parsed, language, latest)
        or announcement(parsed, language, latest)
    )
    if own is not None:
        return metadata_of(own)
    title = title_of(parsed, file_name, publishers)
    house = house_of(parsed, file_name, publishers)
    news = news_release(parsed, title, language, latest)
    if news is not None and (house is None or _is_by(house.value, news, publishers)):
        return metadata_of(news)
    if house is None and (owner := owner_of(parsed)):
        return metadata_of(_of_owner(parsed, file_name, title, owner, language, latest))
    return metadata_of(_research(parsed, file_name, publishers, title, house, language, latest))


def _language(parsed: ParsedReport, file_name: str) -> Found[Language]:
    text = "\n".join(page.text for page in parsed.pages[:_TELLING])
    if text.strip():
        return Found(language_of(text), confidence(LABEL, PLACE, PLACE), 0)
    return Found(language_of(PurePath(file_name).stem), HINT + HINT, None, "file name")


def _is_by(house: str, news: Reading, publishers: Publishers) -> bool:
    """Whether the news is that of the house itself: the results of a bank."""
    issuer = news.publisher.value if news.publisher else ""
    return any(mention.canonical == house for mention in publishers.find(issuer))


def _of_owner(
    parsed: ParsedReport,
    file_name: str,
    title: Found[str],
    owner: Found[str],
    language: Found[Language],
    latest: date,
) -> Reading:
    """Statements, terms and the like of a company that is named at the head of their first page."""
    published = report_date(parsed, file_name, latest, is_research=False)
    form = statements(parsed, title.value, owner.value)
    if form is None:
        return Reading(title, language, Found("other", HINT, 0), owner, published)
    return Reading(
        title, language, Found("filing", PLACE, 0), owner, published, company=owner, form=form[0], fiscal_period=form[1]
    )


def _research(
    parsed: ParsedReport,
    file_name: str,
    publishers: Publishers,
    title: Found[str],
    house: Found[str] | None,
    language: Found[Language],
    latest: date,
) -> Reading:
    on_company = is_on_company(parsed, file_name)
    subject = subject_of(parsed, file_name, title.value, publishers, on_company=on_company)
    has_subject = subject.company is not None or subject.ticker is not None
    return Reading(
        title=title,
        language=language,
        type=kind_of(parsed, file_name, title.value, has_subject=has_subject, has_house=house is not None),
        publisher=house,
        published=report_date(parsed, file_name, latest, is_research=house is not None),
        analysts=analysts_of(parsed),
        company=subject.company,
        ticker=subject.ticker,
        rating=rating_of(parsed) if house or has_subject else None,
        target_price=target_of(parsed) if house or has_subject else None,
    )
