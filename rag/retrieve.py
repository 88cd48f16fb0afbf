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
from rag.companies import Companies
from rag.context import context_line
from rag.domain import NO_LIMITS, Filter, Hit, Language, Passage, Report, Term, Understood, Vector
from rag.errors import UsageError
from rag.evidence import coverage
from rag.fuse import FusedPage, RankedLeg, fuse
from rag.lexicon import Lexicon
from rag.passages import LEADING, rank_chunks
from rag.periods import answers_to, find_periods
from rag.ports import Embedder, Reranker, SparseEncoder, Store
from rag.publishers import Publishers
from rag.rerank import rerank
from rag.rewrite import Rewriter, Rewritten
from rag.scope import Scope, scope_of
from rag.sparse import WordTokeniser, query_weights
from rag.statements import Statements
from rag.stopwords import STOP
from rag.translate import Translation, Translator

DEPTH = 100  # hits a leg gives
MOST_PASSAGES = 100
_COMPARED = 60  # passages looked at for a question that compares reports
_SPARE = 10  # pages beyond the limit, for such as have no chunk
_LOOK = 8  # pages of each lexical leg that are read to see how much of the question words can reach
_FULL_REACH = 0.5  # coverage from which the lexical legs have their full weight; below it falls with the square
_TITLE_ACROSS = 0.3  # what a title in another language may add
_STATEMENT = 2.0  # the weight of the leg `statement`
_STATEMENT_SHARP = 4  # the power of a page's share of its report's best: near misses are notes about one line
_STATEMENT_LEAST = 0.8  # of the best page of all reports: below it a report has no such statement
_SYNONYM = 0.3  # what a word of another name of a term counts
_REWRITTEN = 0.5  # what a word counts that an LLM put in the question's own language
_BESIDE = 0.5  # the share of its weight that `across` has beside `dense`, where an LLM has translated the question
_QUOTED = 2.0  # what a word of a phrase in quotation marks counts; in Chinese the phrase is put twice
_PLAIN = 0.35  # what an English word counts that is no name, no term and no number


@dataclass(frozen=True, slots=True)
class Weights:
    """What each leg may add to a page's score; `across` instead of `dense` where the question is in another language."""

    page: float
    bm25: float
    dense: float
    across: float
    report: float


# Bigrams match Chinese wording almost exactly; English wording varies, so meaning and the report's name weigh more.
_WEIGHTS: dict[Language, Weights] = {
    "zh": Weights(page=1.0, bm25=0.3, dense=0.25, across=1.0, report=0.0),
    "en": Weights(page=0.5, bm25=0.5, dense=1.0, across=0.5, report=1.0),
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
        statements: Statements,
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
        self._statements = statements
        self._translator = translator
        self._tokenise = tokenise
        self._today = today
        self._rewriter = rewriter
        self._reranker = reranker
        self._rerank_first = rerank_first

    def retrieve(self, question: str, filter: Filter = NO_LIMITS, limit: int = 10) -> Retrieval:
        """At most `limit` passages, best first. Raises UsageError for bad input, StoreError when the index fails."""
        check_limit(limit)
        scope = scope_of(
            question, filter, self._catalog, self._publishers, self._lexicon, self._statements, self._today()
        )
        if scope.emptied:
            return Retrieval(scope.understood, (), scope.notices, scope.emptied)
        wording = self._rewriter.rewrite(scope.understood) if self._rewriter else Rewritten()
        understood = replace(scope.understood, rewritten=tuple(wording.texts.values()))
        reports, companies = scope.reports, scope.companies
        asked = {one: self._asked(understood, companies, one, wording.texts) for one in _languages(reports.values())}
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
        boosts = report_boosts(understood, list(reports.values()), companies, naming)
        legs += self._statement_legs(understood, _filings(understood, companies, reports, fuse(legs, boosts)))
        told = {language: companies.without_names(put.words) for language, put in asked.items()}
        depth = max(limit, self._rerank_first if self._reranker else 0, _COMPARED if understood.compares else 0)
        pages = fuse(legs, boosts)[: max(depth + _SPARE, LEADING)]
        passages = self._ordered(scope, self._passages(told, pages, reports, depth))
        return Retrieval(understood, tuple(passages[:limit]), (*scope.notices, *wording.notices))

    def _ordered(self, scope: Scope, passages: Sequence[Passage]) -> Sequence[Passage]:
        """By the reranker where there is one, then spread where the question compares."""
        if self._reranker:
            passages = rerank(scope.understood.topic, passages, self._reranker, self._rerank_first)
        if scope.understood.compares:
            passages = spread(passages, sides_of(scope.understood, scope.reports.values(), scope.companies))
        return passages

    def _asked(
        self, understood: Understood, companies: Companies, language: Language, wording: Mapping[Language, str]
    ) -> _Asked:
        """`wording` is the question as an LLM puts it in each language, if one was asked."""
        question = companies.without_codes(understood.topic)
        names = tuple((name, 1.0) for name in (*understood.mentioned, *understood.companies))
        if language != understood.language:
            if language in wording:
                told = self._translated(companies.without_codes(wording[language]), language)
            else:
                told = self._translator.translate(companies.without_names(question), language)
            naming = " ".join(text for text, weight in (*names, *told.texts) if weight == 1)
            return _Asked("", (*names, *told.texts), told.share, naming)
        others = tuple((name, _SYNONYM) for term in understood.terms for name in term.named_in(language))
        others += ((wording[language], _REWRITTEN),) if language in wording else ()
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
        """By meaning: `dense` in reports of the question's language, `across` in others; both where `wording` has theirs.

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
            vector = self._embedder.embed_across(question)
            own = _within(understood.language, scope)
            best = self._near(vector, own, reports, limit=1) if understood.language in languages else []
            hits = self._near(vector, _within(language, scope), reports)
            weight = _WEIGHTS[language].across * (_BESIDE if language in wording else 1.0)
            legs.append(RankedLeg("across", hits, weight, True, best[0].score if best else None))
            if language in wording:
                vector = self._embedder.embed_query(wording[language])
                hits = self._near(vector, _within(language, scope), reports)
                legs.append(RankedLeg("dense", hits, _WEIGHTS[language].dense, True))
        return legs

    def _statement_legs(self, understood: Understood, filings: list[str]) -> list[RankedLeg]:
        """Pages of these filings that hold a statement the answer is read from.

        A page's share is by its own report's best: which report it is to be, company and period say.
        """
        if not filings:
            return []
        hits: list[Hit] = []
        for statement in understood.statements:
            lines = [(line, 1.0) for line in self._statements.holds[statement]]
            found = self._store.query("page", self._page_terms.encode_query("", lines), limit=DEPTH, reports=filings)
            best: dict[str, float] = {}
            for hit in found:
                best.setdefault(hit.report_id, max(hit.score, _STATEMENT_LEAST * found[0].score))
            hits += [replace(hit, score=(hit.score / best[hit.report_id]) ** _STATEMENT_SHARP) for hit in found]
        return [RankedLeg("statement", hits, _STATEMENT, False)]

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
        pages = self._catalog.texts_of_pages(keys)
        texts = ["\n".join([context_line(reports[key[0]]), *(c.text for c in pages[key])]) for key in sorted(pages)]
        weights = query_weights(self._tokenise, asked.text, asked.more)
        return coverage(text, texts, self._tokenise, self._lexicon.find(text), weights)

    def _passages(
        self, told: Mapping[Language, str], pages: Sequence[FusedPage], reports: Mapping[str, Report], limit: int
    ) -> tuple[Passage, ...]:
        """`told` is the question in the words of each language, without companies: that a passage names one tells little."""
        texts = self._catalog.texts_of_pages([page.key for page in pages])
        ranked = rank_chunks(pages, texts, lambda report_id: told[reports[report_id].language])[:limit]
        chunks = self._catalog.chunks_by_id([one.id for one in ranked])
        facts = self._catalog.page_facts(list({one.page.key: None for one in ranked}))
        return tuple(
            Passage(chunks[one.id], reports[one.page.key[0]], label, one.score, one.page.legs, read_by)
            for one in ranked
            if one.id in chunks
            for label, read_by in [facts.get(one.page.key, (None, "text"))]
        )


def _languages(reports: Iterable[Report]) -> list[Language]:
    held = {report.language for report in reports}
    return [language for language in _WEIGHTS if language in held]


def _within(language: Language, scope: Scope) -> list[str] | None:
    """The reports of one language that are asked; None where these are all there are."""
    own = sorted(r.id for r in scope.reports.values() if r.language == language)
    return None if not scope.limited and len(own) == len(scope.reports) else own


def _filings(
    understood: Understood, companies: Companies, reports: Mapping[str, Report], pages: Sequence[FusedPage]
) -> list[str]:
    """Where statements are looked for, if the question asks for one: in filings for a period that it names.

    They are those of the companies that it names; where it names none, of the company of the best page so far.
    """
    if not understood.statements:
        return []
    best = (reports[page.key[0]].company for page in pages[:1])
    asked = set(understood.companies) or {companies.canonical(company) for company in best if company}
    periods = find_periods(", ".join(understood.periods))
    return sorted(
        r.id
        for r in reports.values()
        if r.form and r.company and companies.canonical(r.company) in asked
        if not periods or not r.fiscal_period or answers_to(r.fiscal_period, periods)
    )


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
