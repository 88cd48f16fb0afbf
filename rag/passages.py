"""Fused pages to passages: each page's chunks in order, and what the words of its best chunk add to the page.

A page leg sees that all words of a question stand on a page; whether they stand together in one passage is seen here,
among the chunks of the pages that lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.domain import Chunk, LegScore, Passage, ReadBy, Report
from rag.fuse import FusedPage, PageKey, scaled
from rag.grid import search_text
from rag.sparse import bigrams, rank_in_memory

LEADING = 20  # pages whose chunks are compared
_TOGETHER = 0.2  # what the best of these chunks adds to its page, others by their share of its score
_NEXT_CHUNK = 0.85  # the second chunk of a page scores this much of the first, and so on


def to_passages(
    pages: Sequence[FusedPage],
    chunks: Mapping[PageKey, Sequence[Chunk]],
    facts: Mapping[PageKey, tuple[str | None, ReadBy]],
    reports: Mapping[str, Report],
    words_for: Callable[[Report], str],
) -> list[Passage]:
    """All chunks of the pages, best first.

    `facts` are each page's printed number and way of reading; `words_for` gives the question in a report's language.
    """
    scores = _by_words(pages[:LEADING], chunks, reports, words_for)
    scores |= _by_words(pages[LEADING:], chunks, reports, words_for)
    found: list[Passage] = []
    for page in _raised(pages, chunks, scores):
        label, read_by = facts.get(page.key, (None, "text"))
        for position, chunk in enumerate(_ordered(page, chunks.get(page.key, ()), scores)):
            score = round(page.score * _NEXT_CHUNK**position, 6)
            found.append(Passage(chunk, reports[page.key[0]], label, score, page.legs, read_by))
    return sorted(found, key=lambda p: (-p.score, p.chunk.id))


def _by_words(
    pages: Sequence[FusedPage],
    chunks: Mapping[PageKey, Sequence[Chunk]],
    reports: Mapping[str, Report],
    words_for: Callable[[Report], str],
) -> dict[str, float]:
    """Each chunk's BM25 by character bigrams among those asked with the same words, between the lowest 0 and the best 1."""
    asked: dict[str, list[Chunk]] = {}
    for page in pages:
        asked.setdefault(words_for(reports[page.key[0]]), []).extend(chunks.get(page.key, ()))
    scores: dict[str, float] = {}
    for words, of_language in asked.items():
        found = scaled(rank_in_memory(words, [search_text(chunk) for chunk in of_language], bigrams))
        scores |= dict(zip((chunk.id for chunk in of_language), found, strict=True))
    return scores


def _raised(
    pages: Sequence[FusedPage], chunks: Mapping[PageKey, Sequence[Chunk]], scores: Mapping[str, float]
) -> list[FusedPage]:
    """The leading pages with what the words of their best chunk add; the others as they are."""
    leading = [page for page in pages[:LEADING] if chunks.get(page.key)]
    best = scaled([max(scores[chunk.id] for chunk in chunks[page.key]) for page in leading])
    order = sorted(range(len(leading)), key=lambda i: (-best[i], leading[i].key))
    legs = {leading[i].key: LegScore("passage", rank, best[i], _TOGETHER * best[i]) for rank, i in enumerate(order, 1)}
    return [_with(page, legs[page.key]) if page.key in legs else page for page in pages]


def _with(page: FusedPage, leg: LegScore) -> FusedPage:
    return replace(page, score=page.score + leg.share, legs=(*page.legs, leg))


def _ordered(page: FusedPage, chunks: Sequence[Chunk], scores: Mapping[str, float]) -> list[Chunk]:
    """The chunks that legs found first, in their order, then the others by words."""
    place = {chunk_id: position for position, chunk_id in enumerate(page.chunks)}
    return sorted(chunks, key=lambda c: (place.get(c.id, len(place)), -scores[c.id], c.position))
