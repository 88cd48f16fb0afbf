"""A parsed report and its file name in; title, publisher, date and language out.

Three kinds are told apart: filings (a form of the US regulator, a periodic report of a Chinese company), news releases
of a company, and research reports. Each fact of a research report is its best-scored evidence: size and place for the
title, place and frequency for the publisher, labels and place for the date. What isn't evident stays None.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePath

from ingest.metadata.filings import periodic_report, us_filing
from ingest.metadata.houses import house_of, owner_of
from ingest.metadata.news import news_date, news_issuer
from ingest.metadata.publication import report_date
from ingest.metadata.titles import title_of
from rag.domain import Metadata, ParsedReport
from rag.publishers import Publishers
from rag.text import language_of


def extract_metadata(
    parsed: ParsedReport, file_name: str, publishers: Publishers, today: date | None = None
) -> Metadata:
    """What is known of the report. `today` limits its date: none may lie beyond tomorrow."""
    latest = (today or date.today()) + timedelta(days=1)
    text = "\n".join(page.text for page in parsed.pages)
    language = language_of(text if text.strip() else PurePath(file_name).stem)
    filing = us_filing(parsed, latest) or periodic_report(parsed, latest)
    if filing is not None:
        return replace(filing, language=language)
    title = title_of(parsed, file_name, publishers)
    house = house_of(parsed, file_name, publishers)
    if house is None and (issuer := news_issuer(parsed, title)):
        return Metadata(title, issuer, news_date(parsed, latest), language)
    published = report_date(parsed, file_name, latest, is_research=house is not None)
    return Metadata(title, house or owner_of(parsed), published, language)
