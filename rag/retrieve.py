"""A question to passages: four legs over the index, fused to a ranking of pages, each page with its best chunks.

Legs: `dense` and `across` (chunks by meaning, in the question's language and in others), `bm25` (chunks by words), `page`
(whole pages by character bigrams). The page is the unit of ranking, because evidence on neighbouring chunks adds up; the
chunk is what a reader and a writer get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.boosts import Naming, report_boosts
from rag.breadth import sides_of, spread
from rag.catalog import Catalog
from rag.context import context_line
from rag.domain import NO_LIMITS, Chunk, Filter, Hit, Language, Passage, Report, Term, Understood, Vector
from rag.errors import UsageError
from rag.evidence import coverage
from rag.fuse import FusedPage, RankedLeg, fuse
from rag.grid import search_text
from rag.lexicon import Lexicon
from rag.ports import Embedder, Reranker, SparseEncoder, Store
from rag.publishers import Publishers
from rag.rerank import rerank
from rag.rewrite import Rewriter, Rewritten
from rag.scope import Scope, scope_of
from rag.sparse import WordTokeniser, bigrams, query_weights, rank_in_memory
from rag.stopwords import STOP
from rag.translate import Translation, Translator

DEPTH = 100  # hits a leg gives
MOST_PASSAGES = 100
_COMPARED = 60  # pages looked at for a question that compares reports
_SPARE = 10  # pages beyond the limit, for such as have no chunk
_LOOK = 8  # pages of each lexical leg that are read to see how much of the question words can reach
_FULL_REACH = 0.5  # coverage from which the lexical legs have their full weight; below it falls with the square
_ACROSS = 1.0  # the weight of the leg `across`
_ACROSS_BESIDE = 0.5  # where an LLM has put the question in the other language, so that `dense` reads it too
_TITLE_ACROSS = 0.3  # what a title in another language may add
_SYNONYM = 0.3  # what a word of another name of a term counts
_REWRITTEN = 0.5  # what a word counts that an LLM put in the question's own language
_QUOTED = 2.0  # what a word of a phrase in quotation marks counts; in Chinese the phrase is put twice
_PLAIN = 0.35  # what an English word counts that is no name, no term and no number
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
class _Asked:
    """The question as it is put to reports of one language.

    Its words, further ones by weight, its share that all these tell, and the words by which a report may be named.
    """

    text: str
    more: tuple[tuple[str, float], ...]
    share: float
    naming: str

    @property
    def words(self) -> str:
        """All of it, for rankings that know no weights."""
        return " ".join((self.text, *(text for text, _ in self.more)))


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was understood and found. `emptied` says which limit left no report; None where some are left."""

    understood: Understood
    passages: tuple[Passage, ...]
    notices: tuple[str, ...]
    emptied: str | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The notices, and why there is nothing."""
        return (*self.notices, self.emptied) if self.emptied else self.notices


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
        translator: Translator,
        tokenise: WordTokeniser,
        today: Callable[[], date],
        rewriter: Rewriter | None = None,
        reranker: Reranker | None = None,
        rerank_first: int = 0,
    ) -> None:
        self._embedder = embedder
        self._words = words
        self._page_terms = page_terms
        self._store = store
        self._catalog = catalog
        self._publishers = publishers
        self._lexicon = lexicon
        self._translator = translator
        self._tokenise = tokenise
        self._today = today
        self._rewriter = rewriter
        self._reranker = reranker
        self._rerank_first = rerank_first

    def retrieve(self, question: str, filter: Filter = NO_LIMITS, limit: int = 10) -> Retrieval:
        """At most `limit` passages, best first. Raises UsageError for bad input, StoreError when the index fails."""
        check_limit(limit)
        scope = scope_of(question, filter, self._catalog, self._publishers, self._lexicon, self._today())
        understood, reports = scope.understood, scope.reports
        if scope.emptied:
            return Retrieval(understood, (), scope.notices, scope.emptied)
        wording = self._rewriter.rewrite(understood) if self._rewriter else Rewritten()
        understood = replace(understood, rewritten=tuple(wording.texts.values()))
        words = scope.companies.without_codes(understood.topic)
        asked = {
            one: self._asked(understood, words, one, wording.texts.get(one)) for one in _languages(reports.values())
        }
        legs = self._dense_legs(scope, wording.texts)
        naming: dict[Language, Naming] = {}
        for language, put in asked.items():
            found = self._lexical(put, language, scope)
            own = language == understood.language
            text = understood.topic if own else wording.texts.get(language)
            share = self._reach(text, put, found, reports) if text else put.share
            sure = min(1.0, share / _FULL_REACH) ** 2
            legs += _lexical_legs(found, _WEIGHTS[language], sure)
            naming[language] = Naming(put.naming, sure * (_WEIGHTS[language].report if own else _TITLE_ACROSS))
        boosts = report_boosts(understood, list(reports.values()), scope.companies, naming)
        depth = max(limit, self._rerank_first if self._reranker else 0, _COMPARED if understood.compares else 0)
        passages = self._passages(asked, fuse(legs, boosts)[: depth + _SPARE], reports)
        if self._reranker:
            passages = rerank(understood.topic, passages, self._reranker, self._rerank_first)
        if understood.compares:
            passages = spread(passages, sides_of(understood, reports.values(), scope.companies))
        return Retrieval(understood, tuple(passages[:limit]), (*scope.notices, *wording.notices))

    def _asked(self, understood: Understood, question: str, language: Language, rewritten: str | None) -> _Asked:
        """`rewritten` is the question's wording in `language` by an LLM, if there is one."""
        names = tuple((name, 1.0) for name in (*understood.mentioned, *understood.companies))
        if language != understood.language:
            told = (
                self._translated(rewritten, language) if rewritten else self._translator.translate(question, language)
            )
            naming = " ".join(text for text, weight in (*names, *told.texts) if weight == 1)
            return _Asked("", (*names, *told.texts), told.share, naming)
        others = tuple((name, _SYNONYM) for term in understood.terms for name in term.named_in(language))
        others += ((rewritten, _REWRITTEN),) if rewritten else ()
        if language == "zh":
            return _Asked(" ".join((question, *understood.quoted)), (*names, *others), 1.0, question)
        phrases = tuple((phrase, _QUOTED) for phrase in understood.quoted)
        return _Asked("", (*names, *phrases, *_weighed(self._lexicon.parts(question)), *others), 1.0, question)

    def _translated(self, text: str, language: Language) -> Translation:
        """A question in the other language as the dictionary's words would stand."""
        return Translation(((text, 1.0),) if language == "zh" else tuple(_weighed(self._lexicon.parts(text))), 1.0)

    def _lexical(self, asked: _Asked, language: Language, scope: Scope) -> dict[str, list[Hit]]:
        within = _within(language, scope)
        hits = {
            "bm25": self._store.query(
                "bm25", self._words.encode_query(asked.text, asked.more), limit=DEPTH, reports=within
            ),
            "page": self._store.query(
                "page",
                self._page_terms.encode_query(self._tokenise.content(asked.text), asked.more),
                limit=DEPTH,
                reports=within,
            ),
        }
        return {name: [hit for hit in found if hit.report_id in scope.reports] for name, found in hits.items()}

    def _dense_legs(self, scope: Scope, wording: Mapping[Language, str]) -> list[RankedLeg]:
        """By meaning: `dense` in reports of the question's language, `across` in others.

        A mixed catalog's best passage in the question's own language tells how near `across` may come at all: that what
        is nearest in the other language is no answer shows beside it.
        """
        understood, reports = scope.understood, scope.reports
        question = understood.topic
        legs: list[RankedLeg] = []
        languages = _languages(reports.values())
        if understood.language in languages:
            vector = self._embedder.embed_query(question)
            hits = self._near(vector, _within(understood.language, scope), reports)
            legs.append(RankedLeg("dense", hits, _WEIGHTS[understood.language].dense, True))
        for language in languages:
            if language == understood.language:
                continue
            if language in wording:
                vector = self._embedder.embed_query(wording[language])
                hits = self._near(vector, _within(language, scope), reports)
                legs.append(RankedLeg("dense", hits, _WEIGHTS[language].dense, True))
            vector = self._embedder.embed_across(question)
            own = _within(understood.language, scope)
            best = self._near(vector, own, reports, limit=1) if understood.language in languages else []
            hits = self._near(vector, _within(language, scope), reports)
            weight = _ACROSS_BESIDE if language in wording else _ACROSS
            legs.append(RankedLeg("across", hits, weight, True, best[0].score if best else None))
        return legs

    def _near(
        self, vector: Vector, within: list[str] | None, reports: Mapping[str, Report], limit: int = DEPTH
    ) -> list[Hit]:
        hits = self._store.query("dense", vector, limit=limit, reports=within)
        return [hit for hit in hits if hit.report_id in reports]

    def _reach(
        self, text: str, asked: _Asked, found: Mapping[str, Sequence[Hit]], reports: Mapping[str, Report]
    ) -> float:
        """How much of a question its best lexical pages hold: what says nothing of it should not decide the ranking."""
        hits = [*found["page"][:_LOOK], *found["bm25"][:_LOOK]]
        keys = list(dict.fromkeys((hit.report_id, hit.page) for hit in hits))
        pages = self._catalog.chunks_of_pages(keys)
        texts = [
            "\n".join([context_line(reports[key[0]]), *(search_text(c) for c in pages[key])]) for key in sorted(pages)
        ]
        weights = query_weights(self._tokenise, asked.text, asked.more)
        return coverage(text, texts, self._tokenise, self._lexicon.find(text), weights)

    def _passages(
        self, asked: Mapping[Language, _Asked], pages: Sequence[FusedPage], reports: Mapping[str, Report]
    ) -> list[Passage]:
        """Every page's chunks: those the legs found first, then the rest by words; scores fall from chunk to chunk."""
        of_page = self._catalog.chunks_of_pages([page.key for page in pages])
        facts = self._catalog.page_facts([page.key for page in pages])
        passages: list[Passage] = []
        for page in pages:
            label, read_by = facts.get(page.key, (None, "text"))
            report = reports[page.key[0]]
            words = asked[report.language].words
            for position, chunk in enumerate(_ordered(words, page, of_page.get(page.key, ()))):
                score = page.score * _NEXT_CHUNK**position
                passages.append(Passage(chunk, report, label, round(score, 6), page.legs, read_by))
        return sorted(passages, key=lambda p: (-p.score, p.chunk.id))


def _ordered(question: str, page: FusedPage, chunks: Sequence[Chunk]) -> list[Chunk]:
    place = {chunk_id: position for position, chunk_id in enumerate(page.chunks)}
    scores = rank_in_memory(question, [search_text(chunk) for chunk in chunks], bigrams)
    by_words = dict(zip((chunk.id for chunk in chunks), scores, strict=True))
    return sorted(chunks, key=lambda c: (place.get(c.id, len(place)), -by_words[c.id], c.position))


def _languages(reports: Iterable[Report]) -> list[Language]:
    held = {report.language for report in reports}
    return [language for language in _WEIGHTS if language in held]


def _within(language: Language, scope: Scope) -> list[str] | None:
    """The reports of one language that are asked; None where these are all there are."""
    own = sorted(r.id for r in scope.reports.values() if r.language == language)
    return None if not scope.limited and len(own) == len(scope.reports) else own


def _weighed(parts: Iterable[Term | str]) -> Iterator[tuple[str, float]]:
    """The parts of an English question, which says much in plain words of how to answer: terms and numbers tell the page."""
    for part in parts:
        if isinstance(part, Term):
            yield part.text, 1.0
        elif part not in STOP:
            yield part, 1.0 if any(map(str.isdigit, part)) else _PLAIN


def _lexical_legs(found: Mapping[str, Sequence[Hit]], weights: Weights, factor: float) -> list[RankedLeg]:
    return [
        RankedLeg("bm25", found["bm25"], weights.bm25 * factor, True),
        RankedLeg("page", found["page"], weights.page * factor, False),
    ]
