"""The pages of a report to its quality record: how it was read, and what a reader of its digests should know of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import NO_EVIDENCE, Page, ReadBy, Way

_GARBLED_PAGE = 0.25  # of a page's characters: above it the text is not worth reading


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts over the pages of one report. Shares are in [0, 1]; `garbled` is of characters, `ocr` of pages with text read by OCR."""

    pages: int
    read_by: tuple[tuple[ReadBy, int], ...]
    ways: tuple[tuple[Way, int], ...]
    ocr: float
    garbled: float
    garbled_pages: tuple[int, ...]
    failed_pages: tuple[int, ...]
    hidden: int
    tables: int
    figures: int
    left_out: int
    """Blocks of running headers, footers and notices, which are no evidence."""
    warnings: tuple[str, ...] = ()


def quality_of(pages: Sequence[Page], warnings: Sequence[str] = ()) -> Quality:
    """The record of a report's pages; `warnings` are the parser's."""
    characters = sum(len(page.text) for page in pages)
    by = Counter(page.read_by for page in pages)
    ways = Counter(page.way for page in pages if page.read_by in ("text", "mixed", "layer"))
    return Quality(
        pages=len(pages),
        read_by=tuple(sorted(by.items())),
        ways=tuple(sorted(ways.items())),
        ocr=round((by["ocr"] + by["mixed"] + by["layer"]) / len(pages), 4) if pages else 0.0,
        garbled=round(sum(page.garbled * len(page.text) for page in pages) / characters, 4) if characters else 0.0,
        garbled_pages=tuple(page.number for page in pages if page.garbled > _GARBLED_PAGE),
        failed_pages=tuple(page.number for page in pages if page.read_by == "failed"),
        hidden=sum(page.hidden for page in pages),
        tables=sum(len(page.tables) for page in pages),
        figures=sum(len(page.figures) for page in pages),
        left_out=sum(1 for page in pages for block in page.blocks if block.kind in NO_EVIDENCE),
        warnings=tuple(warnings),
    )
