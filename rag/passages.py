"""Fused pages to ranked chunks: each page's chunks in order, and what the words of its best chunk add to the page.

A page leg sees that all words of a question stand on a page; whether they stand together in one passage is seen here,
among the chunks of the pages that lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.catalog import Catalog
from rag.domain import ChunkText, LegScore
from rag.fuse import FusedPage, PageKey, scaled
from rag.sparse import rank_in_memory

LEADING = 20  # pages whose chunks are compared
_TOGETHER = 0.2  # what the best of these chunks adds to its page, others by their share of its score
_NEXT_CHUNK = 0.85  # the second chunk of a page scores this much of the first, and so on

Texts = Mapping[PageKey, Sequence[ChunkText]]


@dataclass(frozen=True, slots=True)
class RankedChunk:
    """A chunk, the page it is of, and its score."""

    id: str
    page: FusedPage
    score: float


class PageTexts:
    """What is searched of the chunks of pages; each page is read once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._read: dict[PageKey, Sequence[ChunkText]] = {}

    def of(self, keys: Sequence[PageKey]) -> Texts:
        """The texts of each page by position; none for one without chunks or whose report was deleted."""
        unread = [key for key in keys if key not in self._read]
        found = self._catalog.texts_of_pages(unread) if unread else {}
        self._read |= {key: found.get(key, ()) for key in unread}
        return {key: self._read[key] for key in keys}


def rank_chunks(pages: Sequence[FusedPage], texts: Texts, words_for: Callable[[str], str]) -> list[RankedChunk]:
    """All chunks of the pages, best first. `words_for` gives the question in the words of a report's language, by its id."""
    scores = _by_words(pages[:LEADING], texts, words_for) | _by_words(pages[LEADING:], texts, words_for)
    ranked = [
        RankedChunk(chunk.id, page, round(page.score * _NEXT_CHUNK**position, 6))
        for page in _raised(pages, texts, scores)
        for position, chunk in enumerate(_ordered(page, texts.get(page.key, ()), scores))
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.id))


def _by_words(pages: Sequence[FusedPage], texts: Texts, words_for: Callable[[str], str]) -> dict[str, float]:
    """Each chunk's BM25 by character bigrams among those asked with the same words, between the lowest 0 and the best 1."""
    asked: dict[str, list[ChunkText]] = {}
    for page in pages:
        asked.setdefault(words_for(page.key[0]), []).extend(texts.get(page.key, ()))
    scores: dict[str, float] = {}
    for words, chunks in asked.items():
        found = scaled(rank_in_memory(words, [chunk.text for chunk in chunks]))
        scores |= dict(zip((chunk.id for chunk in chunks), found, strict=True))
    return scores


def _raised(pages: Sequence[FusedPage], texts: Texts, scores: Mapping[str, float]) -> list[FusedPage]:
    """The leading pages with what the words of their best chunk add; the others as they are."""
    leading = [page for page in pages[:LEADING] if texts.get(page.key)]
    best = scaled([max(scores[chunk.id] for chunk in texts[page.key]) for page in leading])
    order = sorted(range(len(leading)), key=lambda i: (-best[i], leading[i].key))
    legs = {leading[i].key: LegScore("passage", rank, best[i], _TOGETHER * best[i]) for rank, i in enumerate(order, 1)}
    return [_with(page, legs[page.key]) if page.key in legs else page for page in pages]


def _with(page: FusedPage, leg: LegScore) -> FusedPage:
    return replace(page, score=page.score + leg.share, legs=(*page.legs, leg))


def _ordered(page: FusedPage, chunks: Sequence[ChunkText], scores: Mapping[str, float]) -> list[ChunkText]:
    """The chunks that legs found first, in their order, then the others by words."""
    place = {chunk_id: position for position, chunk_id in enumerate(page.chunks)}
    return sorted(chunks, key=lambda c: (place.get(c.id, len(place)), -scores[c.id], c.position))
