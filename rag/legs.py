"""A question in words to ranked hits of the index: the legs of retrieval and what each of them weighs.

`dense` and `across` (chunks by meaning, in the question's language and in others), `bm25` (chunks by words), `page` (whole
pages by character bigrams), `statement` (pages that hold a statement the answer is read from).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.asked import Asked
from rag.context import context_line
from rag.domain import Hit, Language, Report, Understood, Vector
from rag.evidence import coverage
from rag.fuse import FusedPage, RankedLeg
from rag.lexicon import Lexicon
from rag.passages import PageTexts
from rag.periods import answers_to, find_periods
from rag.ports import Embedder, SparseEncoder, Store
from rag.scope import Scope
from rag.sparse import WordTokeniser, query_weights
from rag.statements import Statements

DEPTH = 100  # hits a leg gives
_LOOK = 8  # pages of each lexical leg that are read to see how much of the question words can reach
_FULL_REACH = 0.5  # coverage from which the lexical legs have their full weight; below it falls with the square
_ACROSS_BESIDE = (
    0.5  # of its weight where an LLM has put the question in the other language, so that `dense` reads it too
)
_STATEMENT = 2.0  # the weight of the leg `statement`
_STATEMENT_SHARP = 4  # the power of a page's share of its report's best: near misses are notes about one line
_STATEMENT_LEAST = 0.8  # of the best page of all reports: below it a report has no such statement


@dataclass(frozen=True, slots=True)
class Weights:
    """What each leg may add to a page's score; `across` instead of `dense` where the question is in another language."""

    page: float
    bm25: float
    dense: float
    across: float


# Bigrams match Chinese wording almost exactly; English wording varies, so meaning weighs more.
_WEIGHTS: dict[Language, Weights] = {
    "zh": Weights(page=1.0, bm25=0.3, dense=0.25, across=1.0),
    "en": Weights(page=0.5, bm25=0.5, dense=1.0, across=0.5),
}


@dataclass(frozen=True, slots=True)
class Lexical:
    """The legs by words over reports of one language; `sure` says how much of their weight they have, in [0, 1]."""

    legs: tuple[RankedLeg, ...]
    sure: float


@dataclass(frozen=True, slots=True)
class Legs:
    """Queries to the index; hits of reports that the catalog no longer has are left out."""

    embedder: Embedder
    words: SparseEncoder
    page_terms: SparseEncoder
    store: Store
    lexicon: Lexicon
    statements: Statements
    tokenise: WordTokeniser

    def lexical(self, asked: Asked, language: Language, scope: Scope, texts: PageTexts) -> Lexical:
        """`bm25` and `page`; what says nothing of the question should not decide the ranking."""
        within = _within(language, scope)
        content = self.tokenise.content(asked.text)
        chunks = self.store.query("bm25", self.words.encode_query(asked.text, asked.more), limit=DEPTH, reports=within)
        pages = self.store.query("page", self.page_terms.encode_query(content, asked.more), limit=DEPTH, reports=within)
        chunks, pages = _known(chunks, scope), _known(pages, scope)
        found = [*pages[:_LOOK], *chunks[:_LOOK]]
        share = self._reach(asked, found, scope.reports, texts) if asked.whole else asked.share
        sure = min(1.0, share / _FULL_REACH) ** 2
        weights = _WEIGHTS[language]
        legs = (
            RankedLeg("bm25", chunks, weights.bm25 * sure, True),
            RankedLeg("page", pages, weights.page * sure, False),
        )
        return Lexical(legs, sure)

    def dense(self, understood: Understood, asked: Mapping[Language, Asked], scope: Scope) -> list[RankedLeg]:
        """By meaning: `dense` in reports of the question's language, `across` in others.

        A mixed catalog's best passage in the question's own language tells how near `across` may come at all: that what
        is nearest in the other language is no answer shows beside it.
        """
        legs: list[RankedLeg] = []
        for language, put in asked.items():
            within = _within(language, scope)
            weights = _WEIGHTS[language]
            if put.whole:
                hits = self._near(self.embedder.embed_query(put.whole), within, scope)
                legs.append(RankedLeg("dense", hits, weights.dense, True))
            if language != understood.language:
                vector = self.embedder.embed_across(understood.topic)
                own = _within(understood.language, scope)
                best = self._near(vector, own, scope, limit=1) if understood.language in asked else []
                weight = weights.across * (_ACROSS_BESIDE if put.whole else 1.0)
                nearest = best[0].score if best else None
                legs.append(RankedLeg("across", self._near(vector, within, scope), weight, True, nearest))
        return legs

    def statement(self, scope: Scope, pages: Sequence[FusedPage]) -> list[RankedLeg]:
        """Pages of filings that hold a statement the answer is read from; `pages` are the ranking so far.

        A page's share is by its own report's best: which report it is to be, company and period say.
        """
        filings = _filings(scope, pages)
        if not filings:
            return []
        hits: list[Hit] = []
        for statement in scope.understood.statements:
            lines = [(line, 1.0) for line in self.statements.holds[statement]]
            found = self.store.query("page", self.page_terms.encode_query("", lines), limit=DEPTH, reports=filings)
            best: dict[str, float] = {}
            for hit in found:
                best.setdefault(hit.report_id, max(hit.score, _STATEMENT_LEAST * found[0].score))
            hits += [replace(hit, score=(hit.score / best[hit.report_id]) ** _STATEMENT_SHARP) for hit in found]
        return [RankedLeg("statement", hits, _STATEMENT, False)]

    def _near(self, vector: Vector, within: list[str] | None, scope: Scope, limit: int = DEPTH) -> list[Hit]:
        return _known(self.store.query("dense", vector, limit=limit, reports=within), scope)

    def _reach(self, asked: Asked, hits: Sequence[Hit], reports: Mapping[str, Report], texts: PageTexts) -> float:
        """How much of the question its best lexical pages hold."""
        found = texts.of(sorted({(hit.report_id, hit.page) for hit in hits}))
        pages = ["\n".join([context_line(reports[key[0]]), *(c.text for c in of)]) for key, of in found.items() if of]
        weights = query_weights(self.tokenise, asked.text, asked.more)
        whole = asked.whole or ""
        return coverage(whole, pages, self.tokenise, self.lexicon.find(whole), weights)


def languages_of(reports: Iterable[Report]) -> list[Language]:
    """The languages of some reports, in a fixed order."""
    held = {report.language for report in reports}
    return [language for language in _WEIGHTS if language in held]


def _known(hits: Iterable[Hit], scope: Scope) -> list[Hit]:
    return [hit for hit in hits if hit.report_id in scope.reports]


def _within(language: Language, scope: Scope) -> list[str] | None:
    """The reports of one language that are asked; None where these are all there are."""
    own = sorted(r.id for r in scope.reports.values() if r.language == language)
    return None if not scope.limited and len(own) == len(scope.reports) else own


def _filings(scope: Scope, pages: Sequence[FusedPage]) -> list[str]:
    """Where statements are looked for, if the question asks for one: in filings for a period that it names.

    They are those of the companies that it names; where it names none, of the company of the best page so far.
    """
    if not scope.understood.statements:
        return []
    canonical = scope.companies.canonical
    best = (scope.reports[page.key[0]].company for page in pages[:1])
    asked = set(scope.understood.companies) or {canonical(company) for company in best if company}
    periods = find_periods(", ".join(scope.understood.periods))
    return sorted(
        r.id
        for r in scope.reports.values()
        if r.form and r.company and canonical(r.company) in asked
        if not periods or not r.fiscal_period or answers_to(r.fiscal_period, periods)
    )
