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
_LEAST_COMPANY = 4  # 千味央厨; names from abroad in Chinese (安姆科) are mostly shorter, and a page has them in Latin
_LEAST_LATIN = 4
_PARTS = frozenset(  # of a document
    ["page", "figure", "table", "chart", "exhibit", "item", "note", "section", "part", "appendix", "chapter", "slide"]
)
_TITLE_CASE = 0.5  # the share of words with a capital from which on capitals tell nothing


def unknown_names(understood: Understood, passages: Sequence[Passage], tokenise: WordTokeniser) -> tuple[str, ...]:
    """Names of the question that no passage and no line that names its report has, as they are written.

    A name is a Chinese word of no dictionary, or a Latin word with a capital within a sentence. It may be written in another
    way in passages of another language: then only a Chinese word that stands where a company's name does and is as long.
    """
    question = core(understood.topic)
    if not passages:
        return ()
    if can_compare(understood, passages):
        names = [*tokenise.coined(question, _LEAST_HAN), *_capitalised(question)]
    else:
        names = [name for name in tokenise.coined(question, _LEAST_COMPANY) if _is_asked_about(name, fold(question))]
    if not names:
        return ()
    known = {word for term in understood.terms for word in tokenise(term.text)}
    said = fold("\n".join(f"{context_line(p.report)}\n{search_text(p.chunk)}" for p in passages))
    return tuple(dict.fromkeys(name for name in names if fold(name) not in said and known.isdisjoint(tokenise(name))))


def _is_asked_about(name: str, question: str) -> bool:
    """Whether a name stands in front, or is spoken of as a company."""
    return re.search(rf"(?:^|关于|[，,。：:])\s*{re.escape(name)}(?=[的在公司（(：:，,\d]|$)", question) is not None


def _capitalised(question: str) -> list[str]:
    """Words that begin with a capital within a sentence: not abbreviations, not of a question that is written so throughout."""
    words = list(_WORD.finditer(question))
    large = [word[0] for word in words if word[0][0].isupper() and not word[0].isupper()]
    if len(large) > _TITLE_CASE * len(words):
        return []
    first = {match[1] for match in re.finditer(r"(?:^|[.?!:]\s*)([A-Za-z'’-]+)", question)}
    return [w for w in large if w not in first and len(w) >= _LEAST_LATIN and w.lower().rstrip("s") not in _PARTS]
