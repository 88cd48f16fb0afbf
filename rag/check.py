"""Sentences and passages to checked sentences with citations: attribution, then verification against whole pages.

A page counts with what is evidence on it: no running headers, no notices, and each table row beside its headings; the names and
dates of its report count as said. The one place where a sentence gets a page. A sentence that no page supports is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.attribute import Attributor
from rag.catalog import Catalog
from rag.cite import strip_markers
from rag.context import context_line
from rag.domain import Citation, Finding, Page, Passage, Sentence
from rag.evidence import Evidence, evidence_of
from rag.ports import Verifier
from rag.text import span_of


@dataclass(frozen=True, slots=True)
class Checked:
    """The sentences that stand, and those that no page supported."""

    kept: tuple[Sentence, ...]
    dropped: tuple[str, ...]


class Checker:
    """Binds attribution and verification to the catalog's pages."""

    def __init__(self, catalog: Catalog, verifier: Verifier) -> None:
        self._catalog = catalog
        self._verifier = verifier

    def check(self, sentences: Iterable[str], passages: Sequence[Passage]) -> Checked:
        """Each sentence with the first of its likely pages that supports it, or that supports it in part."""
        checked = list(self.each(sentences, passages))
        kept = tuple(sentence for sentence in checked if sentence.citations)
        return Checked(kept, tuple(sentence.text for sentence in checked if not sentence.citations))

    def each(self, sentences: Iterable[str], passages: Sequence[Passage]) -> Iterator[Sentence]:
        """The sentences one by one; one that no page supports comes without a citation."""
        attributor = Attributor(passages)
        pages: dict[tuple[str, int], tuple[Page, Evidence]] = {}
        for sentence in filter(None, map(strip_markers, sentences)):  # markers in a text are not ours
            citation = self._best(sentence, attributor.rank(sentence), pages)
            yield Sentence(sentence, () if citation is None else (citation,))

    def _best(
        self, sentence: str, passages: Sequence[Passage], pages: dict[tuple[str, int], tuple[Page, Evidence]]
    ) -> Citation | None:
        """`pages` keeps those that were read, for the sentences to come."""
        partial: Citation | None = None
        for passage in passages:
            key = (passage.report.id, passage.chunk.page)
            if key not in pages:
                page = self._catalog.page(*key)
                pages[key] = (page, evidence_of(page))
            page, evidence = pages[key]
            finding = self._verifier.verify(sentence, evidence.text, context_line(passage.report))
            if finding.verdict.label == "supported":
                return _citation(passage, page, evidence, finding)
            if finding.verdict.label == "partial" and partial is None:
                partial = _citation(passage, page, evidence, finding)
        return partial


def _citation(passage: Passage, page: Page, evidence: Evidence, finding: Finding) -> Citation:
    start, end = evidence.on_page(finding.start, finding.end)
    span = span_of(page.number, page.text, page.blocks, start, end)
    report = passage.report
    return Citation(
        report_id=report.id,
        page=page.number,
        page_label=page.label,
        publisher=report.publisher,
        title=report.title,
        published=report.published,
        quote=page.text[start:end],
        boxes=span.boxes,
        verdict=finding.verdict,
        read_by=page.read_by,
    )
