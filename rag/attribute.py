"""A sentence and the retrieved passages to the passages it may rest on, chosen in code whoever wrote the sentence.

A passage is worth the sum of the weights of the sentence's terms that it holds; a term weighs more the fewer passages
hold it, and each of the sentence's numbers that a passage states counts as much as two terms held by few, so that a
figure finds its own page. The bare numbers of a chart (its axes) state nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from rag.domain import Chunk, Passage
from rag.numbers import find_numbers
from rag.quantities import missing_numbers
from rag.sparse import bigrams
from rag.text import has_words

_NUMBER_WEIGHT = 4.0


class Attributor:
    """Holds the terms and numbers of some passages, to rank them for one sentence after the other."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = tuple(passages)
        self._terms = [frozenset(bigrams(p.chunk.text)) for p in self._passages]
        self._numbers = [find_numbers(_stating(p.chunk)) for p in self._passages]
        self._spread = Counter(term for terms in self._terms for term in terms)

    def rank(self, sentence: str, limit: int = 3) -> list[Passage]:
        """The passages the sentence most likely rests on, best first; empty when it shares no term with any."""
        terms = set(bigrams(sentence))
        numbers = find_numbers(sentence)
        worth = {
            index: self._worth(index, terms, sentence, len(numbers))
            for index, held in enumerate(self._terms)
            if held & terms
        }
        order = sorted(worth, key=lambda i: (-worth[i], -self._passages[i].score, self._passages[i].chunk.id))
        return [self._passages[i] for i in order[:limit]]

    def _worth(self, index: int, terms: set[str], sentence: str, numbers: int) -> float:
        total = len(self._passages)
        shared = sum(math.log(1 + total / self._spread[term]) for term in self._terms[index] & terms)
        if not numbers:
            return shared
        return shared + _NUMBER_WEIGHT * (numbers - len(missing_numbers(sentence, self._numbers[index])))


def _stating(chunk: Chunk) -> str:
    """The text of a chunk, of a chart only the parts with words."""
    if chunk.kind != "figure":
        return chunk.text
    return "\n".join(part for part in re.split(r"[\n\t]", chunk.text) if has_words(part))
