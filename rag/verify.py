"""One sentence and the text of the page it cites to a verdict, with the window of the page that supports it best.

Hard gate: every number of the sentence stands on the page as a quantity (rag/quantities.py), or follows from numbers that
do: by a reckoning that the sentence shows (rag/formula.py), from two figures of the sentence or of one row or sentence of the
page (rag/derived.py), or from two rows that it names (rag/two_rows.py). Then what the page says otherwise (rag/faults.py): figures of another subject, row, column or year,
another name, the opposite are unsupported; a hedge that was dropped and a superlative that was added are partial. Then the
share of the sentence's character bigrams (Chinese) or words (English) that the best window of one to three page sentences
holds; few words are enough where one sentence or row has all figures (rag/places.py), and fewer where no other place says more
of them (rag/wording.py). Where sentence and page are of
different languages, words cannot be compared: numbers and names are, and the verdict is partial at best, unless one
sentence of the page holds them all (`P/E: 2024E 15.2` in a Chinese report).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rag.derived import derived, given_by
from rag.domain import Finding, Verdict, VerdictLabel
from rag.faults import GRAVE, find_faults
from rag.formula import is_constant, shown_reckonings
from rag.labels import named_in_its_block
from rag.numbers import Number, find_numbers, is_year
from rag.places import Place, holding, places_of
from rag.quantities import BAR, claimed, figures_of, is_date, missing_numbers
from rag.say import say
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import ends_sentence, language_of
from rag.tickers import is_ticker, numeric_tickers
from rag.two_rows import given_by_two_rows
from rag.wanted import years_of
from rag.wording import share_said, share_told, words_of

_ALL_OF_A_ROW = 0.85  # share of the words of a sentence without figures that a row of figures needs
_SUPPORTED = 0.6
_PARTIAL = 0.35
_WINDOW = 3
_FEW = 0.3  # share of words that a place needs that has all the figures
_FEWEST = 0.15  # the same where it has several
_NAMED = 0.5  # share of a row's label that the sentence must have
_NEAREST = 0.25  # share of words that it needs where no other place has more
_RUN = 0.4  # the same of several sentences
_CODE = re.compile(r"(?<![A-Za-z0-9.,])(?:\d+[A-Z][A-Za-z]*|[A-Z][A-Za-z]*\d+[A-Za-z]*)(?![A-Za-z0-9])")
_LABEL = 0.5  # what a row's whole label counts there


class RuleVerifier:
    """Implements `Verifier` without a model."""

    def verify(self, sentence: str, page_text: str, about: str = "") -> Finding:
        """`about` names the report (title, company, date): its years, names and ticker count as stated."""
        terms = frozenset(bigrams(sentence))
        language = language_of(sentence)
        best, share = _best_window(terms, _windows(page_text))
        start, end = best.start, best.end

        def found(label: VerdictLabel, text: str, **values: object) -> Finding:
            return Finding(Verdict(label, say(text, language, **values)), start, end)

        figures = _figures(sentence, about)
        given = given_by_two_rows(sentence, figures, page_text, about)
        missing, rows = _not_stated(sentence, page_text, about, given)
        if missing:
            return found("unsupported", "not_stated", numbers=", ".join(number.text for number in missing))
        if not terms:
            return found("unsupported", "no_words")
        if language != language_of(page_text) and not (share == 1 and best.sentences == 1):
            checkable = bool(find_numbers(sentence)) or share > 0
            return found("partial", "across") if checkable else found("unsupported", "across_unchecked")
        if language == language_of(page_text):
            place = _place_of(sentence, terms, page_text, rows, about) if share < _SUPPORTED else None
            both = _two_rows_of(sentence, about, given) if place is None else ()
            place = place or (both[0] if both else None)
            if place is not None:
                start, end, share = place.start, place.end, _SUPPORTED
            reckoned = given if both else _reckoned_from(place, sentence, about, page_text)
            faults = find_faults(sentence, page_text, about, reckoned)
            grave = next((fault for fault in faults if fault.kind in GRAVE), None)
            if grave is not None:
                return Finding(Verdict("unsupported", grave.reason(language)), grave.segment.start, grave.segment.end)
            if faults and share >= _PARTIAL:
                first = next((fault for fault in faults if fault.kind == "unnamed"), faults[0])
                return Finding(Verdict("partial", first.reason(language)), start, end)
            if place is not None:
                return found("supported", "in_one_place")
        if share >= (_ALL_OF_A_ROW if _is_row_of_figures(page_text[start:end]) and not figures else _SUPPORTED):
            return found("supported", "most_words", share=f"{share:.0%}")
        if share >= _PARTIAL:
            codes = numeric_tickers(about) | numeric_tickers(sentence)
            if any(not is_ticker(number, codes) for number in figures):
                return found("partial", "not_bound")
            return found("partial", "some_words", share=f"{share:.0%}")
        return found("unsupported", "few_words", share=f"{share:.0%}")


def closeness(sentence: str, page_text: str, about: str = "") -> float:
    """The share of a sentence's words that some one to three sentences of the page say, in other forms and names too; 1 where
    it has none. Figures, grammar and the names in `about` are no words."""
    words = words_of(sentence, about)
    if not words:
        return 1.0
    windows = _windows(page_text)
    return max((share_told(sentence, words, page_text[w.start : w.end], w.terms) for w in windows), default=0.0)


def _is_row_of_figures(text: str) -> bool:
    """Whether a text is rows of a table with figures: what states no figure is seldom said by one, whatever its labels."""
    return BAR in text and any(not is_year(number) for number in find_numbers(text)) and not ends_sentence(text.strip())


def _not_stated(
    sentence: str, page_text: str, about: str, given: Collection[Number] = ()
) -> tuple[list[Number], tuple[Place, ...]]:
    """The numbers of a sentence that neither stand on the page nor follow from those that do, and the rows they follow from.

    A row counts where it gives all that follows from rows.
    """
    shown = shown_reckonings(sentence)
    reckoned = {one.result.start for one in shown} | {n.start for one in shown for n in one.operands if is_constant(n)}
    missing = [n for n in missing_numbers(sentence, figures_of(page_text)) if n.start not in reckoned]
    missing = [n for n in missing if n.start not in _in_names(sentence, about)]
    years = {number.value for number in find_numbers(about)}
    missing = [n for n in missing if n.value not in years or not is_year(n)]
    missing = [n for n in missing if not is_ticker(n, numeric_tickers(about)) and n not in given]
    follow = derived(sentence, missing, claimed(sentence), page_text)
    givers = [set(rows) for rows in follow.values() if rows]
    rows = set.intersection(*givers) if givers else set()
    return [number for number in missing if number not in follow], tuple(sorted(rows, key=lambda row: row.start))


def _place_of(
    sentence: str, terms: frozenset[str], page_text: str, giving: Sequence[Place], about: str
) -> Place | None:
    """The place that states all figures of the sentence and shares enough words with it: few where it has several.

    A row that gives what is reckoned (`giving`) states that, too. Or, of rows that state one figure each, the first: every
    one with a label that the sentence has.
    """
    stated = missing_numbers(sentence, figures_of(page_text))
    figures = [number for number in _figures(sentence, about) if number not in stated]

    def worth(place: Place) -> float:
        return max(place.named_by(terms) * _LABEL, len(terms & place.terms) / len(terms))

    if giving:
        places = [row for row in giving if row.states(figures)]
    else:
        stating = [*holding(figures, page_text)]
        places = stating
        if all(worth(place) < _FEW for place in stating):
            places += _stating_or_giving(sentence, figures, page_text)
    best = max(places, key=worth, default=None)
    if best is not None and worth(best) >= (_FEW if len(figures) == 1 and not giving else _FEWEST):
        return best
    rows = [next((p for p in holding([n], page_text) if p.named_by(terms) >= _NAMED), None) for n in figures]
    if rows and all(rows):
        return rows[0]
    stating = [place for place in places if place.is_row]
    block = named_in_its_block(stating, words_of(sentence, about), page_text)
    return block or _nearest(sentence, places, page_text, about) or _nearest_run(sentence, figures, page_text, about)


def _nearest(sentence: str, places: Sequence[Place], page_text: str, about: str) -> Place | None:
    """Of places that have all figures the one of which no other place of the page says more of the sentence's words."""
    words = words_of(sentence, about)
    years = frozenset(map(str, years_of(sentence))) if words else frozenset()

    def said(place: Place) -> float:  # every row of a table has the same years
        told = words if place.is_row else words | years
        return share_said(sentence, told, page_text[place.start : place.end], place.terms)

    best = max(places, key=said, default=None)
    if best is None or said(best) < _NEAREST or any(said(other) > said(best) for other in places_of(page_text)):
        return None
    return best


def _nearest_run(sentence: str, figures: Sequence[Number], page_text: str, about: str) -> Place | None:
    """Of two or three sentences that have a figure each those of which no others say more of the sentence's words.

    Two figures of one sentence may be crossed; that is for its own words to tell.
    """
    several = (place.states([a, b]) for place in places_of(page_text) for a, b in combinations(figures, 2))
    if len(figures) < 2 or any(several):
        return None
    words = words_of(sentence, about) | frozenset(map(str, years_of(sentence)))
    runs = [run for run in _windows(page_text) if BAR not in page_text[run.start : run.end]]
    shares = [(share_said(sentence, words, page_text[run.start : run.end], run.terms), run) for run in runs]
    most = max((share for share, _ in shares), default=0.0)
    there = figures_of(page_text)
    for share, run in shares:
        if share < most or share < _RUN:
            continue
        numbers = tuple(n for n in there if run.start <= n.start < run.end)
        place = Place(run.start, run.end, -1, False, run.terms, frozenset(), numbers, ())
        if place.states(figures):
            return place
    return None


def _two_rows_of(sentence: str, about: str, given: Mapping[Number, tuple[Place, Place]]) -> tuple[Place, ...]:
    """The rows that give figures of the sentence together, where they state or give all of them; else none."""
    for rows in given.values():
        if all(n in given or any(row.states([n]) for row in rows) for n in _figures(sentence, about)):
            return rows
    return ()


def _reckoned_from(place: Place | None, sentence: str, about: str, page_text: str) -> list[Number]:
    """The figures of a sentence that a row gives and does not state: where else they stand is chance."""
    if place is None or not place.is_row:
        return []
    rest = [number for number in _figures(sentence, about) if not place.states([number])]
    return [n for n, rows in given_by(sentence, rest, claimed(sentence), page_text).items() if place in rows]


def _stating_or_giving(sentence: str, figures: Sequence[Number], page_text: str) -> list[Place]:
    """The rows that state figures or give them, which stand elsewhere, too: a growth in its own row."""
    given = given_by(sentence, figures, claimed(sentence), page_text)
    rows = {row for rows in given.values() for row in rows}
    fitting = [row for row in rows if all(row.states([n]) or row in given[n] for n in figures)]
    return sorted((row for row in fitting if row.is_row), key=lambda row: row.start)


def _in_names(sentence: str, about: str) -> set[int]:
    """The places of a sentence that are in a name with a figure (3M), one of those that the report is known by."""
    names = _CODE.findall(about)
    return {at for name in names for found in re.finditer(re.escape(name), sentence) for at in range(*found.span())}


def _figures(sentence: str, about: str = "") -> list[Number]:
    """The numbers of a sentence but years, dates, and those in a name of the report (3M)."""
    coded = _in_names(sentence, about)
    return [n for n in claimed(sentence) if not is_year(n) and not is_date(sentence, n) and n.start not in coded]


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
