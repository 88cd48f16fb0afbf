"""A question and the passages found for it to how much of the question they cover: what a refusal rests on.

The words of the question are weighted by their rarity among the passages found; coverage is the share of that weight
that one page holds. A word that no passage holds weighs most: it is what the corpus is silent about. Across languages
words cannot be compared, and coverage is None.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.domain import Passage, Understood
from rag.sparse import Tokenise
from rag.text import is_han


def coverage(understood: Understood, passages: Sequence[Passage], tokenise: Tokenise) -> float | None:
    """In [0, 1]; None where most of the best passages are in another language than the question."""
    best = passages[:5]
    if sum(1 for p in best if p.report.language == understood.language) * 2 < len(best):
        return None
    terms = {term for term in tokenise(understood.question) if len(term) > 1 or is_han(term)}
    pages: dict[tuple[str, int], set[str]] = {}
    for passage in passages:
        held = pages.setdefault((passage.report.id, passage.chunk.page), set())
        held |= set(tokenise(passage.chunk.text)) | set(tokenise(passage.report.title))
        held |= set(tokenise(passage.report.publisher or ""))
    if not terms or not pages:
        return 0.0
    weight = {t: math.log(1 + len(pages) / (0.5 + sum(1 for held in pages.values() if t in held))) for t in terms}
    whole = sum(weight.values())
    return max(sum(weight[t] for t in terms & held) for held in pages.values()) / whole


def silent_terms(understood: Understood, passages: Sequence[Passage], tokenise: Tokenise) -> list[str]:
    """Words of the question that no passage holds, in the question's order."""
    held = {term for p in passages for term in (*tokenise(p.chunk.text), *tokenise(p.report.title))}
    return [term for term in dict.fromkeys(tokenise(understood.question)) if term not in held and len(term) > 1]
