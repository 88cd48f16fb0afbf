"""A question to names in it that nothing of what was found has: `千味央厨`, `Zylotek`. Who asks about them wants no other's figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.context import context_line
from rag.domain import Passage, Understood
from rag.evidence import can_compare
from rag.grid import search_text
from rag.sparse import WordTokeniser
from rag.text import fold
from rag.wanted import core

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_LEAST_HAN = 3  # 现制 and 鸿海 are no dictionary words either
_LEAST_LATIN = 4
_PARTS = frozenset(  # of a document
    ["page", "figure", "table", "chart", "exhibit", "item", "note", "section", "part", "appendix", "chapter", "slide"]
)
_TITLE_CASE = 0.5  # the share of words with a capital from which on capitals tell nothing


def unknown_names(understood: Understood, passages: Sequence[Passage], tokenise: WordTokeniser) -> tuple[str, ...]:
    """Names of the question that no passage and no line that names its report has, as they are written.

    A name is a Chinese word of no dictionary, or a Latin word with a capital within a sentence. Only for passages in the
    question's language: a name may be written differently in another.
    """
    question = core(understood.topic)
    names = [*tokenise.coined(question, _LEAST_HAN), *_capitalised(question)]
    if not names or not passages or not can_compare(understood, passages):
        return ()
    known = {word for term in understood.terms for word in tokenise(term.text)}
    said = fold("\n".join(f"{context_line(p.report)}\n{search_text(p.chunk)}" for p in passages))
    return tuple(dict.fromkeys(name for name in names if fold(name) not in said and known.isdisjoint(tokenise(name))))


def _capitalised(question: str) -> list[str]:
    """Words that begin with a capital within a sentence: not abbreviations, not of a question that is written so throughout."""
    words = list(_WORD.finditer(question))
    large = [word[0] for word in words if word[0][0].isupper() and not word[0].isupper()]
    if len(large) > _TITLE_CASE * len(words):
        return []
    first = {match[1] for match in re.finditer(r"(?:^|[.?!:]\s*)([A-Za-z'’-]+)", question)}
    return [w for w in large if w not in first and len(w) >= _LEAST_LATIN and w.lower().rstrip("s") not in _PARTS]
