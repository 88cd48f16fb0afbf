"""What others would do with the same pages: a question to ranked pages by stock methods, to set our figures beside.

Each is a `Ranker`. Pages are their evidence text, chunks what is indexed of them; both are read from the catalog, so that
every ranker sees the text that we see. Chunk rankers give the page of each chunk, and may name a page several times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Protocol

import numpy as np
import rjieba

from rag.domain import Hit
from rag.evidence import evidence_text
from rag.grid import search_text
from rag.legs import DEPTH
from rag.service import Service
from rag.sparse import Tokenise, bigrams

PageKey = tuple[str, int]
_RRF_K = 60  # Cormack et al. 2009, "Reciprocal Rank Fusion outperforms Condorcet"


class Ranker(Protocol):
    """A question to (report id, page), best first, at most `DEPTH`."""

    def rank(self, question: str) -> list[PageKey]: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """A page or a chunk: the page it lies on, and its text."""

    key: PageKey
    text: str


def builders(service: Service, say: Callable[[str], None]) -> dict[str, Callable[[], Ranker]]:
    """Every baseline over the ready reports of the catalog by name, to be built; `say` names what is left out.

    Pages and chunks are read once, when the first one is built.
    """
    pages = cache(lambda: list(page_units(service)))
    chunks = cache(lambda: list(chunk_units(service)))

    def stock() -> Ranker:
        from eval.stock import StockRanker  # llama-index takes seconds to load

        return StockRanker(pages(), service.own_embedder)

    if not service.catalog.counts()[2]:
        say("the reports have no text: the baselines are left out")
        return {}
    found: dict[str, Callable[[], Ranker]] = {
        "page BM25, bigrams": lambda: OkapiRanker(pages(), bigrams),
        "rank-bm25, whitespace": lambda: OkapiRanker(chunks(), whitespace),
        "rank-bm25, jieba": lambda: OkapiRanker(chunks(), jieba_words),
        "bm25s": lambda: Bm25sRanker(chunks()),
        "dense": lambda: DenseRanker(service),
        "RRF of dense and BM25": lambda: RrfRanker(service),
        "llama-index": stock,
    }
    if find_spec("bm25s") is None:
        say("bm25s is not installed: its baseline is left out (pip install 'report-rag[dev]')")
        del found["bm25s"]
    return found


def page_units(service: Service) -> Iterator[Unit]:
    """Pages with text, running headers, notices and axes left out."""
    for report in service.catalog.reports():
        for page in service.catalog.pages(report.id):
            text = evidence_text(page)
            if text.strip():
                yield Unit((report.id, page.number), text)


def chunk_units(service: Service) -> Iterator[Unit]:
    for report in service.catalog.reports():
        for chunk in service.catalog.chunks(report.id):
            yield Unit((report.id, chunk.page), search_text(chunk))


# --- words -----------------------------------------------------------------------------------------------------------


def whitespace(text: str) -> list[str]:
    """Words between blanks, in lower case: all that rank-bm25's own example does."""
    return text.lower().split()


def jieba_words(text: str) -> list[str]:
    """Words by jieba, in lower case, blanks left out."""
    return [word for word in rjieba.cut(text.lower()) if word.strip()]


class OkapiRanker:
    """rank-bm25's BM25Okapi with its defaults. Units that share no word with the question are not given."""

    def __init__(self, units: Sequence[Unit], tokenise: Tokenise) -> None:
        from rank_bm25 import BM25Okapi

        self._keys = [unit.key for unit in units]
        self._tokenise = tokenise
        self._index = BM25Okapi([tokenise(unit.text) or [""] for unit in units])

    def rank(self, question: str) -> list[PageKey]:
        return _best(self._keys, self._index.get_scores(self._tokenise(question)))


class Bm25sRanker:
    """bm25s as it comes: its own tokeniser, which takes a run of Chinese for one word, and Lucene's BM25."""

    def __init__(self, chunks: Sequence[Unit]) -> None:
        import bm25s

        self._keys = [unit.key for unit in chunks]
        self._index = bm25s.BM25()
        self._index.index(_bm25s_words([unit.text for unit in chunks]), show_progress=False)

    def rank(self, question: str) -> list[PageKey]:
        words = _bm25s_words([question])[0]
        return _best(self._keys, self._index.get_scores(words)) if words else []


def _bm25s_words(texts: list[str]) -> list[list[str]]:
    import bm25s

    words: list[list[str]] = bm25s.tokenize(texts, return_ids=False, show_progress=False)
    return words


def _best(keys: Sequence[PageKey], scores: Sequence[float]) -> list[PageKey]:
    """Keys by score, ties in the order of the units; a score of 0 is no hit."""
    values = np.asarray(scores)
    order = np.argsort(-values, kind="stable")
    return [keys[int(place)] for place in order[:DEPTH] if values[place] != 0]


# --- meaning ---------------------------------------------------------------------------------------------------------


class DenseRanker:
    """The index's chunks by the vector of the question, nothing else."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def rank(self, question: str) -> list[PageKey]:
        return [(hit.report_id, hit.page) for hit in self.hits(question)]

    def hits(self, question: str) -> list[Hit]:
        return self._service.store.query("dense", self._service.embedder.embed_query(question), limit=DEPTH)


class RrfRanker:
    """Reciprocal rank fusion (k 60) of the index's chunks by meaning and by words: a stock hybrid."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._dense = DenseRanker(service)

    def rank(self, question: str) -> list[PageKey]:
        words = self._service.store.query("bm25", self._service.words.encode_query(question), limit=DEPTH)
        legs = [self._dense.hits(question), words]
        pages = {hit.id: (hit.report_id, hit.page) for leg in legs for hit in leg}
        return [pages[id] for id in fuse_ranks([[hit.id for hit in leg] for leg in legs])[:DEPTH]]


def fuse_ranks(legs: Sequence[Sequence[str]]) -> list[str]:
    """Ids by the sum of 1 / (60 + rank) over the legs, ranks from 1, ties by id."""
    scores: Mapping[str, float] = {
        id: sum(1 / (_RRF_K + leg.index(id) + 1) for leg in legs if id in leg) for leg in legs for id in leg
    }
    return sorted(scores, key=lambda id: (-scores[id], id))
