"""A question to passages: legs over the index, fused to a ranking of pages, each page with its best chunks.

The page is the unit of ranking, because evidence on neighbouring chunks adds up; the chunk is what a reader and a writer
get.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

from rag.asked import Wording
from rag.boosts import Naming, report_boosts
from rag.breadth import sides_of, spread
from rag.catalog import Catalog
from rag.domain import NO_LIMITS, Filter, Language, Passage, Report, Understood
from rag.errors import UsageError
from rag.fuse import FusedPage, fuse
from rag.legs import Legs, languages_of
from rag.passages import LEADING, PageTexts, rank_chunks
from rag.ports import Reranker
from rag.rerank import rerank
from rag.rewrite import Rewriter, Rewritten
from rag.scope import Scope, Scopes

MOST_PASSAGES = 100
_COMPARED = 100  # passages looked at for a question that compares reports
_SPARE = 10  # pages beyond the limit, for such as have no chunk
# What a title may add: bigrams find a Chinese report's page by its wording, an English one is found by its name.
_TITLE: dict[Language, float] = {"zh": 0.0, "en": 1.0}
_TITLE_ACROSS = 0.3  # of a report in another language


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
        scopes: Scopes,
        wording: Wording,
        legs: Legs,
        catalog: Catalog,
        today: Callable[[], date],
        rewriter: Rewriter | None = None,
        reranker: Reranker | None = None,
        rerank_first: int = 0,
    ) -> None:
        self._scopes = scopes
        self._wording = wording
        self._legs = legs
        self._catalog = catalog
        self._today = today
        self._rewriter = rewriter
        self._reranker = reranker
        self._rerank_first = rerank_first if reranker else 0

    def scope(self, question: str, filter: Filter = NO_LIMITS) -> Scope:
        """What a question is understood as, and the reports it is asked of; UsageError for bad input."""
        return self._scopes.of(question, filter, self._today())

    def retrieve(self, question: str, filter: Filter = NO_LIMITS, limit: int = 10) -> Retrieval:
        """At most `limit` passages, best first. Raises UsageError for bad input, StoreError when the index fails."""
        check_limit(limit)
        scope = self.scope(question, filter)
        understood, reports = scope.understood, scope.reports
        if scope.emptied:
            return Retrieval(understood, (), scope.notices, scope.emptied)
        rewritten = self._rewriter.rewrite(understood) if self._rewriter else Rewritten()
        understood = replace(understood, rewritten=tuple(rewritten.texts.values()))
        asked = {
            language: self._wording.put(understood, scope.companies, language, rewritten.texts.get(language))
            for language in languages_of(reports.values())
        }
        texts = PageTexts(self._catalog)
        with ThreadPoolExecutor(1) as beside:  # the models compute while the index is asked by words
            dense = beside.submit(self._legs.dense, understood, asked, scope)
            lexical = {lang: self._legs.lexical(put, lang, scope, texts) for lang, put in asked.items()}
            legs = [*dense.result(), *(leg for by_words in lexical.values() for leg in by_words.legs)]
        naming = {
            lang: Naming(put.naming, lexical[lang].sure * _title(lang, understood)) for lang, put in asked.items()
        }
        boosts = report_boosts(understood, list(reports.values()), scope.companies, naming)
        legs += self._legs.statement(scope, fuse(legs, boosts))
        depth = max(limit, self._rerank_first, _COMPARED if understood.compares else 0)  # passages that are looked at
        told = {language: scope.companies.without_names(put.words) for language, put in asked.items()}
        passages = self._passages(told, fuse(legs, boosts)[: max(depth + _SPARE, LEADING)], reports, texts, depth)
        if self._reranker:
            passages = rerank(understood.topic, passages, self._reranker, self._rerank_first)
        if understood.compares:
            passages = spread(passages, sides_of(understood, reports.values(), scope.companies))
        return Retrieval(understood, tuple(passages[:limit]), (*scope.notices, *rewritten.notices))

    def _passages(
        self,
        told: Mapping[Language, str],
        pages: Sequence[FusedPage],
        reports: Mapping[str, Report],
        texts: PageTexts,
        depth: int,
    ) -> list[Passage]:
        """The first `depth` passages.

        `told` is the question in the words of each language, without companies: that a passage names one tells little.
        """
        read = texts.of([page.key for page in pages])
        ranked = rank_chunks(pages, read, lambda report_id: told[reports[report_id].language])[:depth]
        chunks = self._catalog.chunks_by_id([one.id for one in ranked])
        facts = self._catalog.page_facts(list({one.page.key: None for one in ranked}))
        passages: list[Passage] = []
        for one in ranked:
            if one.id in chunks:  # else the report was deleted since
                label, read_by = facts.get(one.page.key, (None, "text"))
                report = reports[one.page.key[0]]
                passages.append(Passage(chunks[one.id], report, label, one.score, one.page.legs, read_by))
        return passages


def _title(language: Language, understood: Understood) -> float:
    return _TITLE[language] if language == understood.language else _TITLE_ACROSS
