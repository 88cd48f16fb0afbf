"""A question to passages: four legs over the index, fused to a ranking of pages, each page with its best chunks.

Legs: `dense` and `across` (chunks by meaning, in the question's language and in others), `bm25` (chunks by words), `page`
(whole pages by character bigrams). The page is the unit of ranking, because evidence on neighbouring chunks adds up; the
chunk is what a reader and a writer get.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.boosts import Naming, report_boosts
from rag.catalog import Catalog
from rag.companies import Companies, companies_of
from rag.context import context_line
from rag.domain import NO_LIMITS, Filter, Hit, Language, Passage, Report, Term, Understood, Vector
from rag.errors import UsageError
from rag.evidence import coverage
from rag.fuse import FusedPage, RankedLeg, fuse
from rag.lexicon import Lexicon
from rag.passages import LEADING, rank_chunks
from rag.periods import answers_to, find_periods
from rag.ports import Embedder, SparseEncoder, Store
from rag.publishers import Publishers
from rag.question import understand
from rag.sparse import WordTokeniser, query_weights
from rag.statements import Statements
from rag.stopwords import STOP
from rag.translate import Translator

DEPTH = 100  # hits a leg gives
MOST_PASSAGES = 100
_SPARE = 10  # pages beyond the limit, for such as have no chunk
_LOOK = 8  # pages of each lexical leg that are read to see how much of the question words can reach
_FULL_REACH = 0.5  # coverage from which the lexical legs have their full weight; below it falls with the square
_TITLE_ACROSS = 0.3  # what a title in another language may add
_STATEMENT = 2.0  # the weight of the leg `statement`
_STATEMENT_SHARP = 4  # the power of a page's share of its report's best: near misses are notes about one line
_STATEMENT_LEAST = 0.8  # of the best page of all reports: below it a report has no such statement
_SYNONYM = 0.3  # what a word of another name of a term counts
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
        statements: Statements,
        translator: Translator,
        tokenise: WordTokeniser,
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

    def retrieve(self, question: str, filter: Filter = NO_LIMITS, limit: int = 10) -> Retrieval:
        """At most `limit` passages, best first. Raises UsageError for bad input, StoreError when the index fails."""
        check_limit(limit)
        reports = {report.id: report for report in self._catalog.reports(filter)}
        known = sorted({report.publisher for report in reports.values() if report.publisher})
        companies = companies_of(reports.values())
        understood = understand(question, self._publishers, known, companies, self._lexicon, self._statements)
        notices = _notices(self._catalog.undated(filter))
        if not reports:
            return Retrieval(understood, (), 0, notices)
        asked = {language: self._asked(understood, companies, language) for language in _languages(reports.values())}
        legs = self._dense_legs(understood, filter, reports)
        naming: dict[Language, Naming] = {}
        for language, put in asked.items():
            found = self._lexical(put, language, filter, reports)
            own = language == understood.language
            share = self._reach(understood, put, found, reports) if own else put.share
            sure = min(1.0, share / _FULL_REACH) ** 2
            legs += _lexical_legs(found, _WEIGHTS[language], sure)
            naming[language] = Naming(put.naming, sure * (_WEIGHTS[language].report if own else _TITLE_ACROSS))
        boosts = report_boosts(understood, list(reports.values()), companies, naming)
        legs += self._statement_legs(understood, _filings(understood, companies, reports, fuse(legs, boosts)))
        told = {language: companies.without_names(put.words) for language, put in asked.items()}
        pages = fuse(legs, boosts)[: max(limit + _SPARE, LEADING)]
        return Retrieval(understood, self._passages(told, pages, reports, limit), len(reports), notices)

    def _asked(self, understood: Understood, companies: Companies, language: Language) -> _Asked:
        question = companies.without_codes(understood.question)
        names = tuple((name, 1.0) for name in (*understood.mentioned, *understood.companies))
        if language != understood.language:
            told = self._translator.translate(companies.without_names(question), language)
            naming = " ".join(text for text, weight in (*names, *told.texts) if weight == 1)
            return _Asked("", (*names, *told.texts), told.share, naming)
        others = tuple((name, _SYNONYM) for term in understood.terms for name in term.named_in(language))
        if language == "zh":
            return _Asked(question, (*names, *others), 1.0, question)
        return _Asked("", (*names, *_weighed(self._lexicon.parts(question)), *others), 1.0, question)

    def _lexical(
        self, asked: _Asked, language: Language, filter: Filter, reports: Mapping[str, Report]
    ) -> dict[str, list[Hit]]:
        within = _within(language, filter, reports)
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
        return {name: [hit for hit in found if hit.report_id in reports] for name, found in hits.items()}

    def _dense_legs(self, understood: Understood, filter: Filter, reports: Mapping[str, Report]) -> list[RankedLeg]:
        """By meaning: `dense` in reports of the question's language, `across` in others.

        A mixed catalog's best passage in the question's own language tells how near `across` may come at all: that what
        is nearest in the other language is no answer shows beside it.
        """
        question = understood.question
        legs: list[RankedLeg] = []
        languages = _languages(reports.values())
        if understood.language in languages:
            vector = self._embedder.embed_query(question)
            hits = self._near(vector, _within(understood.language, filter, reports), reports)
            legs.append(RankedLeg("dense", hits, _WEIGHTS[understood.language].dense, True))
        for language in languages:
            if language == understood.language:
                continue
            vector = self._embedder.embed_across(question)
            own = _within(understood.language, filter, reports)
            best = self._near(vector, own, reports, limit=1) if understood.language in languages else []
            hits = self._near(vector, _within(language, filter, reports), reports)
            legs.append(RankedLeg("across", hits, _WEIGHTS[language].across, True, best[0].score if best else None))
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
        self, understood: Understood, asked: _Asked, found: Mapping[str, Sequence[Hit]], reports: Mapping[str, Report]
    ) -> float:
        """How much of the question its best lexical pages hold: what says nothing of it should not decide the ranking."""
        hits = [*found["page"][:_LOOK], *found["bm25"][:_LOOK]]
        keys = list(dict.fromkeys((hit.report_id, hit.page) for hit in hits))
        pages = self._catalog.texts_of_pages(keys)
        texts = ["\n".join([context_line(reports[key[0]]), *(c.text for c in pages[key])]) for key in sorted(pages)]
        weights = query_weights(self._tokenise, asked.text, asked.more)
        return coverage(understood.question, texts, self._tokenise, understood.terms, weights)

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


def _within(language: Language, filter: Filter, reports: Mapping[str, Report]) -> list[str] | None:
    """The reports of one language that the filter lets through; None where these are all there are."""
    own = sorted(r.id for r in reports.values() if r.language == language)
    return None if filter.is_empty and len(own) == len(reports) else own


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
    periods = find_periods(understood.question)
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


def _notices(undated: int) -> tuple[str, ...]:
    if not undated:
        return ()
    return (f"{undated} report{'s' if undated > 1 else ''} without a date left out by the limits on dates",)
