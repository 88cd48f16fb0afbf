"""A question and the passages found for it to how much of the question they cover: what a refusal rests on.

The words of the question are weighted by their rarity among the passages found; coverage is the share of that weight
that one page holds. A word that no passage holds weighs most: it is what the corpus is silent about. Across languages
words cannot be compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.context import context_line
from rag.domain import Passage, Understood
from rag.sparse import Tokenise
from rag.text import fold, is_han

_PARTIAL = 0.5
_INFLECTED = 0.8
_ASKING = frozenset({"many", "much", "long", "far"})  # how many, how far: they ask, and stand on no page


def coverage(question: str, pages: Sequence[str], tokenise: Tokenise) -> float:
    """The best page's share of the question's weight, in [0, 1]; 0 where there is no word or no page."""
    terms = {t for t in tokenise(question) if (len(t) > 1 or is_han(t)) and t not in _ASKING}
    if not terms or not pages:
        return 0.0
    held = [_Held(frozenset(tokenise(text)), fold(text)) for text in pages]
    share = {term: [_share(term, page) for page in held] for term in terms}
    weight = {term: math.log(1 + len(held) / (0.5 + sum(1 for s in share[term] if s == 1))) for term in terms}
    return max(sum(weight[term] * share[term][i] for term in terms) for i in range(len(held))) / sum(weight.values())


def covered(understood: Understood, passages: Sequence[Passage], tokenise: Tokenise) -> float | None:
    """Coverage over the passages' pages with their reports' titles; None where words cannot be compared."""
    best = passages[:5]
    if sum(1 for p in best if p.report.language == understood.language) * 2 < len(best):
        return None
    pages: dict[tuple[str, int], str] = {}
    for passage in passages:
        key = (passage.report.id, passage.chunk.page)
        pages[key] = pages.get(key, context_line(passage.report)) + "\n" + passage.chunk.text
    return coverage(understood.question, list(pages.values()), tokenise)


@dataclass(frozen=True, slots=True)
class _Held:
    terms: frozenset[str]
    text: str


def _share(term: str, page: _Held) -> float:
    """1 where the page has the word. Else, for a Chinese word, half the share of its characters (底部 beside 底); for a
    Latin one most of it where the page has another form of the same stem (deliver beside delivered).
    """
    if term in page.terms or (is_han(term[0]) and term in page.text):
        return 1.0
    if is_han(term[0]):
        return _PARTIAL * sum(1 for char in term if char in page.text) / len(term)
    stem = term[: max(4, len(term) - 3)]
    return _INFLECTED if len(stem) >= 4 and term.isalpha() and any(w.startswith(stem) for w in page.terms) else 0.0


def silent_terms(understood: Understood, passages: Sequence[Passage], tokenise: Tokenise) -> list[str]:
    """Words of the question that no passage holds, in the question's order."""
    held = {term for p in passages for term in (*tokenise(p.chunk.text), *tokenise(p.report.title))}
    return [term for term in dict.fromkeys(tokenise(understood.question)) if term not in held and len(term) > 1]
