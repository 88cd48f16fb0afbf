"""One sentence and the text of the page it cites to a verdict, with the window of the page that supports it best.

Hard gate: every number of the sentence, with percent and magnitude, stands on the page, or follows from numbers that do by
a reckoning that the sentence shows. Then what the page says otherwise
(rag/faults.py): figures of another subject, row, column or year, another name, the opposite are unsupported; a hedge that
was dropped and a superlative that was added are partial. Then the share of the sentence's character bigrams (Chinese) or
words (English) that the best window of one to three page sentences holds. Where sentence and page are of different
languages, words cannot be compared: numbers and names are, and the verdict is partial at best, unless one sentence of the
page holds them all (`P/E: 2024E 15.2` in a Chinese report).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rag.domain import Finding, Verdict
from rag.faults import GRAVE, find_faults
from rag.formula import shown_results
from rag.numbers import find_numbers
from rag.quantities import figures_of, missing_numbers
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import language_of

_SUPPORTED = 0.6
_PARTIAL = 0.35
_WINDOW = 3


class RuleVerifier:
    """Implements `Verifier` without a model."""

    def verify(self, sentence: str, page_text: str) -> Finding:
        terms = frozenset(bigrams(sentence))
        best, share = _best_window(terms, _windows(page_text))
        start, end = best.start, best.end
        reckoned = {number.start for number in shown_results(sentence)}
        missing = [n for n in missing_numbers(sentence, figures_of(page_text)) if n.start not in reckoned]
        if missing:
            listed = ", ".join(number.text for number in missing)
            return Finding(Verdict("unsupported", f"not on the page: {listed}"), start, end)
        if not terms:
            return Finding(Verdict("unsupported", "the sentence has no words to check"), start, end)
        if language_of(sentence) == language_of(page_text):
            faults = find_faults(sentence, page_text)
            grave = next((fault for fault in faults if fault.kind in GRAVE), None)
            if grave is not None:
                return Finding(Verdict("unsupported", grave.what), grave.segment.start, grave.segment.end)
            if faults and share >= _PARTIAL:
                return Finding(Verdict("partial", faults[0].what), start, end)
        if language_of(sentence) != language_of(page_text) and not (share == 1 and best.sentences == 1):
            return _across_languages(sentence, start, end, share)
        if share >= _SUPPORTED:
            return Finding(
                Verdict("supported", f"{share:.0%} of its terms in one passage, all numbers found"), start, end
            )
        if share >= _PARTIAL:
            return Finding(Verdict("partial", f"only {share:.0%} of its terms in one passage"), start, end)
        return Finding(Verdict("unsupported", f"only {share:.0%} of its terms in any passage"), start, end)


def _across_languages(sentence: str, start: int, end: int, share: float) -> Finding:
    if find_numbers(sentence) or share > 0:
        return Finding(Verdict("partial", "another language than the page: numbers and names checked"), start, end)
    return Finding(
        Verdict("unsupported", "another language than the page, and nothing in it that can be checked"), start, end
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """A run of sentences of the page: its range, how many they are, and their terms."""

    start: int
    end: int
    sentences: int
    terms: frozenset[str]


@lru_cache(maxsize=256)
def _windows(page_text: str) -> tuple[_Window, ...]:
    """Every run of one to three sentences."""
    ranges = split_sentences(page_text)
    terms = [frozenset(bigrams(page_text[a:b])) for a, b in ranges]
    windows: list[_Window] = []
    for first in range(len(ranges)):
        held: frozenset[str] = frozenset()
        for last in range(first, min(first + _WINDOW, len(ranges))):
            held |= terms[last]
            windows.append(_Window(ranges[first][0], ranges[last][1], last - first + 1, held))
    return tuple(windows)


def _best_window(terms: frozenset[str], windows: tuple[_Window, ...]) -> tuple[_Window, float]:
    """Of the windows that hold the most of the terms the one of fewest sentences, then the shortest; the share it holds."""
    if not terms or not windows:
        return _Window(0, 0, 0, frozenset()), 0.0
    best = min(windows, key=lambda w: (-len(terms & w.terms), w.sentences, w.end - w.start, w.start))
    return best, len(terms & best.terms) / len(terms)
