"""Some pages of a PDF as ingest reads them, and the report as they name it, without reading the rest.

The first pages (they name the report) and the neighbours of the wanted ones (what repeats there is a running header) are
read with them. A running header that stands on every other page only, or a name that is deeper inside, is not known so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.discover import hash_file
from ingest.document import Passwords, bookmarks_of, date_of, open_document, title_of
from ingest.furniture import mark_furniture
from ingest.limits import ParseLimits
from ingest.page import Reading, read_page
from ingest.read import report_of
from rag.domain import Page, ParsedReport, Report
from rag.publishers import Publishers

_FIRST = 3
_AROUND = 2


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A report and those pages of it that were wanted and are there, by number."""

    report: Report
    pages: Mapping[int, Page]


def read_excerpt(
    path: Path, wanted: Collection[int], limits: ParseLimits, publishers: Publishers, passwords: tuple[str, ...] = ()
) -> Excerpt:
    """Read in this process. IngestError when the file is no readable PDF."""
    near = {number for one in wanted for number in range(one - _AROUND, one + _AROUND + 1)} | set(range(_FIRST))
    reading = Reading(limits.layout, limits.ocr, limits.ocr_dpi)
    with open_document(path, limits, Passwords(known=passwords)) as document:
        numbers = sorted(near & set(range(document.page_count)))
        pages = mark_furniture([read_page(document[number], number, reading) for number in numbers])
        parsed = ParsedReport(document.page_count, pages, title_of(document), date_of(document), bookmarks_of(document))
    report = report_of(hash_file(path), parsed, path.name, publishers)
    return Excerpt(report, {page.number: page for page in pages if page.number in wanted})
