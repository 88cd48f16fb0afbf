"""A question to passages: three legs over the index, fused to a ranking of pages, each page with its best chunks.

Legs: `dense` (chunks by meaning), `bm25` (chunks by words), `page` (whole pages by character bigrams). The page is the
unit of ranking, because evidence on neighbouring chunks adds up; the chunk is what a reader and a writer get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.boosts import report_boosts
from rag.catalog import Catalog
from rag.companies import companies_of
from rag.context import context_line
from rag.domain import NO_LIMITS, Chunk, Filter, Hit, Language, Passage, Report, Understood
from rag.errors import UsageError
from rag.evidence import coverage
from rag.fuse import FusedPage, RankedLeg, fuse
from rag.grid import search_text
from rag.lexicon import Lexicon
from rag.ports import Embedder, SparseEncoder, Store
from rag.publishers import Publishers
from rag.question import understand
from rag.sparse import Tokenise, bigrams, rank_in_memory

DEPTH = 100  # hits a leg gives
MOST_PASSAGES = 100
_LOOK = 8  # pages of each lexical leg that are read to see how much of the question words can reach
_FULL_REACH = 0.6  # coverage from which the lexical legs have their full weight; below it falls with the square
_OTHER_LANGUAGE = 0.25  # what a lexical hit counts in a report of another language, where no term has a name in that
_SYNONYM, _TRANSLATION = 0.3, 1.0  # what a word of another name counts, in the question's language and in the other
# What e5 takes off for another language: on the samples, the best passage in the question's own language beats the right
# one in the other by .00 to .06, and a wrong one by .07 to .17.
_LANGUAGE_BIAS = 0.07
_NEXT_CHUNK = 0.85  # the second chunk of a page scores this much of the first, and so on


@dataclass(frozen=True, slots=True)
class Weights:
    """What each leg may add to a page's score."""

    page: float
    bm25: float
    dense: float
    report: float


# Bigrams match Chinese wording almost exactly; English wording varies, so meaning and the report's name weigh more.
_WEIGHTS: dict[Language, Weights] = {
    "zh": Weights(page=1.0, bm25=0.3, dense=0.25, report=0.0),
    "en": Weights(page=0.5, bm25=0.5, dense=1.0, report=1.0),
}


@dataclass(frozen=True, slots=True)
class _Lexical:
    """Hits of the lexical legs by name, the share of the question that their best pages hold, and the share of it that
    has a name in the other language.
    """

    hits: Mapping[str, list[Hit]]
    share: float
    translated: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was understood and found. `candidates` counts the reports the filter let through."""

    understood: Understood
    passages: tuple[Passage, ...]
    candidates: int
    notices: tuple[str, ...]


def check_limit(limit: int) -> None:
    """UsageError when a caller asks for no passage or too many."""
    if not 1 <= limit <= MOST_PASSAGES:
        raise UsageError(f"top-k must be between 1 and {MOST_PASSAGES}, not {limit}")


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
        lexicon: Lexicon,
        tokenise: Tokenise,
    ) -> None:
        self._embedder = embedder
        self._words = words
        self._page_terms = page_terms
        self._store = store
        self._catalog = catalog
        self._publishers = publishers
        self._lexicon = lexicon
        self._tokenise = tokenise

    def retrieve(self, question: str, filter: Filter = NO_LIMITS, limit: int = 10) -> Retrieval:
        """At most `limit` passages, best first. Raises UsageError for bad input, StoreError when the index fails."""
        check_limit(limit)
        reports = {report.id: report for report in self._catalog.reports(filter)}
        known = sorted({report.publisher for report in reports.values() if report.publisher})
        companies = companies_of(reports.values())
        understood = understand(question, self._publishers, known, companies, self._lexicon)
        notices = _notices(self._catalog.undated(filter))
        if not reports:
            return Retrieval(understood, (), 0, notices)
        reach = self._lexical(understood, filter, reports)
        certain = min(1.0, reach.share / _FULL_REACH) ** 2
        weights = _WEIGHTS[understood.language]
        legs = [
            *_lexical_legs(reach, understood.language, reports, weights, certain),
            RankedLeg("dense", self._dense(understood, filter, reports), weights.dense, True, {}),
        ]
        boosts = report_boosts(understood, list(reports.values()), companies, weights.report * certain)
        passages = self._passages(understood.question, fuse(legs, boosts)[: 2 * limit], reports)
        return Retrieval(understood, tuple(passages[:limit]), len(reports), notices)

    def _lexical(self, understood: Understood, filter: Filter, reports: Mapping[str, Report]) -> _Lexical:
        within = None if filter.is_empty else sorted(reports)
        question, more = understood.question, _other_names(understood)
        hits = {
            "bm25": self._store.query("bm25", self._words.encode_query(question, more), limit=DEPTH, reports=within),
            "page": self._store.query(
                "page", self._page_terms.encode_query(question, more), limit=DEPTH, reports=within
            ),
        }
        shown = {name: [hit for hit in found if hit.report_id in reports] for name, found in hits.items()}
        share = self._reach(understood, [*shown["page"][:_LOOK], *shown["bm25"][:_LOOK]], reports)
        return _Lexical(shown, share, self._translated(understood))

    def _translated(self, understood: Understood) -> float:
        """The share of the question's words that have a name in the other language."""
        other: Language = "zh" if understood.language == "en" else "en"
        words = set(self._tokenise(understood.question))
        meant = {word for t in understood.terms if t.named_in(other) for word in self._tokenise(t.text)}
        return len(words & meant) / len(words) if words else 0.0

    def _dense(self, understood: Understood, filter: Filter, reports: Mapping[str, Report]) -> list[Hit]:
        """Each language asked apart, so that neither crowds out the other, then merged with the model's bias set right."""
        vector = self._embedder.embed_query(understood.question)
        of_language = {lang: sorted(r.id for r in reports.values() if r.language == lang) for lang in _WEIGHTS}
        alone = filter.is_empty and not all(of_language.values())
        merged: list[Hit] = []
        for language, ids in of_language.items():
            if not ids:
                continue
            bias = 0.0 if language == understood.language else _LANGUAGE_BIAS
            hits = self._store.query("dense", vector, limit=DEPTH, reports=None if alone else ids)
            merged += [replace(hit, score=hit.score + bias) for hit in hits if hit.report_id in reports]
        return sorted(merged, key=lambda hit: (-hit.score, hit.id))[:DEPTH]

    def _reach(self, understood: Understood, hits: Sequence[Hit], reports: Mapping[str, Report]) -> float:
        """How much of the question its best lexical pages hold: what says nothing of it should not decide the ranking."""
        keys = list(dict.fromkeys((hit.report_id, hit.page) for hit in hits))
        pages = self._catalog.chunks_of_pages(keys)
        texts = [
            "\n".join([context_line(reports[key[0]]), *(search_text(c) for c in pages[key])]) for key in sorted(pages)
        ]
        return coverage(understood.question, texts, self._tokenise, understood.terms)

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
    scores = rank_in_memory(question, [search_text(chunk) for chunk in chunks], bigrams)
    by_words = dict(zip((chunk.id for chunk in chunks), scores, strict=True))
    return sorted(chunks, key=lambda c: (place.get(c.id, len(place)), -by_words[c.id], c.position))


def _other_names(understood: Understood) -> list[tuple[str, float]]:
    """What is searched for beside the question's words, and how much a word of it counts."""
    named = [(name, 1.0) for name in (*understood.mentioned, *understood.companies)]
    for term in understood.terms:
        for language in _WEIGHTS:
            weight = _SYNONYM if language == understood.language else _TRANSLATION
            named += [(name, weight) for name in term.named_in(language)]
    return named


def _lexical_legs(
    found: _Lexical,
    language: Language,
    reports: Mapping[str, Report],
    weights: Weights,
    certain: float,
) -> list[RankedLeg]:
    other = _OTHER_LANGUAGE + (1 - _OTHER_LANGUAGE) * found.translated
    damping = {r.id: other for r in reports.values() if r.language != language}
    return [
        RankedLeg("bm25", found.hits["bm25"], weights.bm25 * certain, True, damping),
        RankedLeg("page", found.hits["page"], weights.page * certain, False, damping),
    ]


def _notices(undated: int) -> tuple[str, ...]:
    if not undated:
        return ()
    return (f"{undated} report{'s' if undated > 1 else ''} without a date left out by the limits on dates",)
