"""Passages to those that are not of the parent company's own statements.

Filings set them beside the group's, with the same labels and other figures, under a line of their own (母公司利润表) that no
row repeats. Who asks for a company's sales asks for the group's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rag.domain import ChunkText, Passage, Understood
from rag.fuse import PageKey

_LONGEST_TITLE = 160  # characters of a text above a table that names it, with the headings above that
_STATEMENT = r"(?:资产负债表|利润表|损益表|现金流量表|(?:所有者|股东)权益变动表)"
_TITLE = re.compile(
    rf"(?P<parent>母公司{_STATEMENT}|\bparent[- ]company(?:[- ]only)? (?:balance|statement))"
    rf"|合并{_STATEMENT}|\bconsolidated (?:balance sheet|statement)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"母公司(?!股东|所有者|净利|的?净利)|\bparent\b", re.IGNORECASE)

TextsOfPages = Callable[[Sequence[PageKey]], Mapping[PageKey, Sequence[ChunkText]]]


def of_the_group(texts_of_pages: TextsOfPages, asked: Understood, passages: Sequence[Passage]) -> list[Passage]:
    """All passages where the question asks for the parent, or where nothing else was found."""
    tables = [passage for passage in passages if passage.chunk.grid is not None]
    if not tables or _ASKED.search(asked.question):
        return list(passages)
    pages = {(p.report.id, p.chunk.page - back) for p in tables for back in (0, 1)}
    texts = texts_of_pages(sorted(pages))
    return [p for p in passages if p.chunk.grid is None or not _is_the_parents(p, texts)] or list(passages)


def _is_the_parents(passage: Passage, texts: Mapping[PageKey, Sequence[ChunkText]]) -> bool:
    """Whether the last title of a statement before a table, on its page or the one before, is of the parent's."""
    page = passage.chunk.page
    before = [text for back in (1, 0) for text in texts.get((passage.report.id, page - back), ())]
    for text in sorted(before, key=lambda one: -one.position):
        if text.position < passage.chunk.position and len(text.text) <= _LONGEST_TITLE:
            titles = list(_TITLE.finditer(text.text))
            if titles:
                return titles[-1]["parent"] is not None
    return False
