"""A PDF file in, all that the catalog takes of it out: the report with its facts, its pages, its chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.chunk import chunk_pages
from ingest.metadata import extract_metadata
from ingest.parse import PdfParser
from rag.catalog.facts import Layers, put_on, with_facts
from rag.domain import Chunk, Fact, Page, ParsedReport, Report
from rag.errors import IngestError
from rag.publishers import Publishers

NOTHING_TO_CITE = (
    "nothing in it can be cited: all of its text is running headers and footers, notices or hidden; "
    "look at it with report-rag inspect"
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file gave. `layers` are all facts of the report, those that others cover included."""

    report: Report
    layers: Layers
    parsed: ParsedReport
    chunks: list[Chunk]


@dataclass(frozen=True, slots=True)
class Reader:
    """The parts that reading needs."""

    parser: PdfParser
    publishers: Publishers
    chunk_size: int

    def read(
        self,
        path: Path,
        sha256: str,
        name: str,
        *,
        said: Sequence[Fact],
        passwords: Sequence[str],
        page_seen: Callable[[int, int], None],
    ) -> Read:
        """Parse, find the metadata, put on them what was said of the report, chunk. IngestError says why it cannot.

        A report of which nothing can be cited is taken, with a warning that says so.

        `name` is what the file was called where it came from.
        """
        parsed = self.parser.parse(path, page_seen, passwords=passwords)
        if not any(page.text for page in parsed.pages):
            raise IngestError("no text on any page" + (f": {parsed.warnings[0]}" if parsed.warnings else ""))
        read = report_of(sha256, parsed, name, self.publishers)
        layers = put_on(read, read.facts, said)
        chunks = self.chunk(read.id, parsed.pages)
        if not chunks:  # first, as lists of warnings are cut
            parsed = replace(parsed, warnings=(NOTHING_TO_CITE, *parsed.warnings))
        return Read(with_facts(read, layers), layers, parsed, chunks)

    def chunk(self, report_id: str, pages: Sequence[Page]) -> list[Chunk]:
        """The chunks of pages that were read."""
        return chunk_pages(report_id, pages, self.chunk_size)


def report_of(sha256: str, parsed: ParsedReport, name: str, publishers: Publishers) -> Report:
    """What the pages and the file's name say of the report, before anything is put on it."""
    metadata = extract_metadata(parsed, name, publishers)
    return Report(
        id=sha256[:16],
        sha256=sha256,
        title=metadata.title,
        publisher=metadata.publisher,
        published=metadata.published,
        language=metadata.language,
        page_count=parsed.page_count,
        sources=(),
        added=datetime.now(UTC),
        type=metadata.type,
        analysts=metadata.analysts,
        company=metadata.company,
        ticker=metadata.ticker,
        rating=metadata.rating,
        target_price=metadata.target_price,
        form=metadata.form,
        fiscal_period=metadata.fiscal_period,
        facts=metadata.facts,
    )
