"""A question to passages: three legs over the index, fused to a ranking of pages, each page with its best chunks.

Legs: `dense` (chunks by meaning), `bm25` (chunks by words), `page` (whole pages by character bigrams). The page is the
unit of ranking, because evidence on neighbouring chunks adds up; the chunk is what a reader and a writer get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.catalog import Catalog
from rag.domain import NO_LIMITS, Chunk, Filter, Hit, Passage, Report, Understood
from rag.errors import UsageError
from rag.evidence import coverage
from rag.fuse import FusedPage, RankedLeg, fuse
from rag.ports import Embedder, SparseEncoder, Store
from rag.publishers import Publishers
from rag.question import understand
from rag.sparse import Tokenise, bigrams, rank_in_memory

DEPTH = 100  # hits a leg gives
MOST_PASSAGES = 100
_WEIGHTS = {"page": 1.0, "dense": 0.4, "bm25": 0.3}
_OTHER_LANGUAGE = 0.25  # what a lexical hit counts in a report of another language than the question's
_LOOK = 8  # pages of each lexical leg that are read to see how much of the question words can reach
_FULL_REACH = 0.6  # coverage from which the lexical legs have their full weight; below it falls with the square
_MENTIONED = 0.6  # added to every page of a publisher that the question names
_NEXT_CHUNK = 0.85  # the second chunk of a page scores this much of the first, and so on


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was understood and found. `candidates` counts the reports the filter let through."""

    understood: Understood
    passages: tuple[Passage, ...]
    candidates: int
    notices: tuple[str, ...]


class Retriever:
    """The first half of the read way; its parts are given to it."""

    def __init__(
        self,
        *,
        embedder: Embedder,
        words: SparseEncoder,
        page_terms: SparseEncoder,
        store: Store,
        catalog: Catalog,
        publishers: Publishers,
        tokenise: Tokenise,
    ) -> None:
        self._embedder = embedder
        self._words = words
        self._page_terms = page_terms
        self._store = store
        self._catalog = catalog
        self._publishers = publishers
        self._tokenise = tokenise

    def retrieve(self, question: str, filter: Filter = NO_LIMITS, limit: int = 10) -> Retrieval:
        """At most `limit` passages, best first. Raises UsageError for bad input, StoreError when the index fails."""
        if not 1 <= limit <= MOST_PASSAGES:
            raise UsageError(f"top-k must be between 1 and {MOST_PASSAGES}, not {limit}")
        reports = {report.id: report for report in self._catalog.reports(filter)}
        known = sorted({report.publisher for report in reports.values() if report.publisher})
        understood = understand(question, self._publishers, known)
        notices = _notices(self._catalog.undated(filter))
        if not reports:
            return Retrieval(understood, (), 0, notices)
        pages = fuse(self._legs(understood, filter, reports), _boosts(understood, reports))
        passages = self._passages(understood.question, pages[: 2 * limit], reports)
        return Retrieval(understood, tuple(passages[:limit]), len(reports), notices)

    def _legs(self, understood: Understood, filter: Filter, reports: Mapping[str, Report]) -> list[RankedLeg]:
        within = None if filter.is_empty else sorted(reports)
        question = understood.question
        lexical = {r.id: _OTHER_LANGUAGE for r in reports.values() if r.language != understood.language}
        found: dict[str, list[Hit]] = {
            "dense": self._store.query("dense", self._embedder.embed_query(question), limit=DEPTH, reports=within),
            "bm25": self._store.query("bm25", self._words.encode_query(question), limit=DEPTH, reports=within),
            "page": self._store.query("page", self._page_terms.encode_query(question), limit=DEPTH, reports=within),
        }
        found = {name: [hit for hit in hits if hit.report_id in reports] for name, hits in found.items()}
        reach = self._reach(question, [*found["page"][:_LOOK], *found["bm25"][:_LOOK]])
        return [
            RankedLeg(
                name=name,
                hits=hits,
                weight=_WEIGHTS[name] * (1.0 if name == "dense" else min(1.0, reach / _FULL_REACH) ** 2),
                of_chunks=name != "page",
                damping={} if name == "dense" else lexical,
            )
            for name, hits in found.items()
        ]

    def _reach(self, question: str, hits: Sequence[Hit]) -> float:
        """How much of the question its best lexical pages hold: what says nothing of it should not decide the ranking."""
        keys = list(dict.fromkeys((hit.report_id, hit.page) for hit in hits))
        texts = ["\n".join(c.text for c in chunks) for chunks in self._catalog.chunks_of_pages(keys).values()]
        return coverage(question, texts, self._tokenise)

    def _passages(self, question: str, pages: Sequence[FusedPage], reports: Mapping[str, Report]) -> list[Passage]:
        """Every page's chunks: those the legs found first, then the rest by words; scores fall from chunk to chunk."""
        of_page = self._catalog.chunks_of_pages([page.key for page in pages])
        facts = self._catalog.page_facts([page.key for page in pages])
        passages: list[Passage] = []
        for page in pages:
            label, read_by = facts.get(page.key, (None, "text"))
            for position, chunk in enumerate(_ordered(question, page, of_page.get(page.key, ()))):
                score = page.score * _NEXT_CHUNK**position
                report = reports[page.key[0]]
                passages.append(Passage(chunk, report, label, round(score, 6), page.legs, read_by))
        return sorted(passages, key=lambda p: (-p.score, p.chunk.id))


def _ordered(question: str, page: FusedPage, chunks: Sequence[Chunk]) -> list[Chunk]:
    place = {chunk_id: position for position, chunk_id in enumerate(page.chunks)}
    scores = rank_in_memory(question, [chunk.text for chunk in chunks], bigrams)
    by_words = dict(zip((chunk.id for chunk in chunks), scores, strict=True))
    return sorted(chunks, key=lambda c: (place.get(c.id, len(place)), -by_words[c.id], c.position))


def _boosts(understood: Understood, reports: Mapping[str, Report]) -> dict[str, float]:
    return {r.id: _MENTIONED for r in reports.values() if r.publisher in understood.mentioned}


def _notices(undated: int) -> tuple[str, ...]:
    if not undated:
        return ()
    return (f"{undated} report{'s' if undated > 1 else ''} without a date left out by --since/--until",)
