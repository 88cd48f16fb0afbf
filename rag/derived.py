"""A claim's numbers that no page states, and whether two figures give them: a difference, sum, ratio or growth.

The two must stand in the claim itself and on the page, or together in one row of the page that the claim names, or of which
it states one figure and names the period of the other: among all figures of a page some two give almost any number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, permutations

from rag.labels import named_parts
from rag.numbers import Number, is_year
from rag.places import Place, places_of
from rag.quantities import BAR, agree, is_date, label_of
from rag.segments import Segment, heading_of, segments_of
from rag.sparse import bigrams
from rag.wanted import years_of
from rag.wording import share_said, words_of
from rag.years import years_bound

COMPARES = re.compile(
    r"增|减|升|降|涨|跌|高|低|多|少|差|超|缺口|缩|回落|扩大|收窄|下滑|\b(?:exceed|above|below|fewer|outpac|short|great|larg|small|bigg|eas|expand|soar|plung|sank|shed|lost|doubl|trebl|tripl|halv|minus|ros|ris|grew|grow|increas|gain|climb|up|fell|fall|declin|decreas|drop|slip|slid|down"
    r"|high|low|more|less|differ|gap|ahead|jump|surg|shr[aiu]nk|swing|improv|narrow|widen|chang)\w*",
    re.IGNORECASE,
)
ADDS = re.compile(
    r"合计|共计|总计|总共|合共|共(?=\d|约)|之和|合起来|加起来|加总|相加|加在一起|累计|两者共|合占|\b(?:total|together|combined|sum|altogether|aggregate|in all|overall|plus)\b",
    re.IGNORECASE,
)
DIVIDES = re.compile(
    r"占|比重|比例|份额|倍|之比|\b(?:share|ratio|times|per ?cent of|proportion|accounts? for|accounted|made up|part of|represent(?:s|ed)?|compris(?:es|ed?|ing)|equal to|equivalent to|of (?:which|its|the|total))\b|%\s?of\b",
    re.IGNORECASE,
)
TIMES = re.compile(r"\s?(?:倍|x\b|times\b)", re.IGNORECASE)
UP = re.compile(
    r"增|升|涨|高|多|超|扩大|\b(?:exceed|above|outpac|great|larg|bigg|expand|soar|doubl|trebl|tripl|ros|ris|grew|grow|increas|gain|climb|up|high|more|jump|surg)\w*",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"减|降|跌|低|少|缩|回落|收窄|下滑|\b(?:eas|below|fewer|plung|sank|shed|lost|halv|small|fell|fall|declin|decreas|drop|slip|slid|down|low|less|shr[aiu]nk|narrow)\w*",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:由|从|自|\bfrom\b)[^，,]{0,12}$", re.IGNORECASE)
_EARLIER = re.compile(
    r"上年|去年|同期|上期|年初|较|比|\b(?:earlier|prior|previous|last year|than|against)\b", re.IGNORECASE
)
_YEAR_BEFORE = re.compile(r"同比|\b(?:year[- ]o(?:n|ver)[- ]year|yoy|a year|twelve months)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"，|,\s")
_BESIDE = 16  # characters around a figure in which words tell of it
_HUNDRED = Decimal(100)
_TOTAL = re.compile(r"\s*(?:(?:grand )?total\b|合计|总计|总额|总和)", re.IGNORECASE)
_DIGITS = 2  # significant figures from which a growth or a ratio of a row is no chance
_TOLD = 6  # figures of a sentence, above which the same holds
_TELLS = 0.3  # share of a claim's words that such a sentence has
_CELLS = 12  # of a row, above which some two give almost any number
_KNOWN = 0.55  # the same where rare words of labels count more
_NAMED = 0.6  # share of a row's label that a claim must have for its cells to be meant


def derived(
    sentence: str, missing: Sequence[Number], claimed: Sequence[Number], text: str
) -> dict[Number, tuple[Place, ...]]:
    """Those of the missing numbers that follow from two figures of the claim that the page states, or of a row it means.

    With the rows that give them: none where the claim itself has the two.
    """
    if not missing:
        return {}
    page = segments_of(text)
    found_there = [(n, _on_page(n, page)) for n in claimed if not is_year(n) and not is_date(sentence, n)]
    own = [n for n, there in found_there if there is not None]
    stated = [there for _, there in found_there if there is not None]
    found: dict[Number, tuple[Place, ...]] = {}
    for number in missing:
        if _follows(sentence, number, own, own) or _follows(sentence, number, stated, own):
            found[number] = ()
        elif rows := tuple(_rows(sentence, number, own, text)):
            found[number] = rows
    return found


def given_by(
    sentence: str, numbers: Sequence[Number], claimed: Sequence[Number], text: str
) -> dict[Number, tuple[Place, ...]]:
    """The rows of which two figures give each of the numbers, whether or not the page states it as well."""
    return {n: tuple(_rows(sentence, n, [other for other in claimed if other != n], text)) for n in numbers}


def _rows(sentence: str, result: Number, own: Sequence[Number], text: str) -> Iterator[Place]:
    """The rows of which two figures give the result."""
    terms, words = frozenset(bigrams(sentence)), words_of(sentence)
    for row in places_of(text):
        cells = [number for number in row.numbers if not is_year(number)]
        if not row.is_row and _is_told(sentence, result, row, cells, own, text):
            yield row
        if not row.is_row or len(cells) > _CELLS:
            continue
        cells = _of_periods(sentence, row) or cells
        cells = _of_columns(sentence, row, cells)
        is_named = row.named_by(terms) >= _NAMED or named_parts(row, words, text)[1] >= _KNOWN
        named = is_named and result.figures >= _DIGITS
        shares = [pair for pair in _of_total(sentence, row, text) if pair[0] in cells] if named else []
        pairs = [*_beside(sentence, row, own), *shares]
        when = _when(row)
        if (named and _follows(sentence, result, cells, own, when)) or any(
            _follows(sentence, result, pair, own, when) for pair in pairs
        ):
            yield row


def _when(row: Place) -> dict[int, int]:
    """The years of the figures of a row by where they start; of two without any the first is the later: statements are so."""
    headed = _headed(row)
    when = {number.start: max(years) for years, number in headed if years}
    return when if when or len(headed) != 2 else {headed[0][1].start: 1, headed[1][1].start: 0}


def _is_told(
    sentence: str, result: Number, place: Place, figures: Sequence[Number], own: Sequence[Number], text: str
) -> bool:
    """Whether a sentence of the page that tells of the claim has two figures that give the result.

    The claim states one of them, or speaks of a sum, or the page has the two of different years: else one could not tell
    which way it went.
    """
    told = text[place.start : place.end]
    here = {n: replace(n, start=n.start - place.start, end=n.end - place.start) for n in figures}
    figures = [n for n in figures if not is_date(told, here[n])]
    if not 2 <= len(figures) <= _TOLD or result.figures < _DIGITS:
        return False
    if share_said(sentence, words_of(sentence), told, place.terms) < _TELLS:
        return False
    stated = [n for n in figures if any(agree(number, n) for number in own)]
    bound = years_bound(told, list(here.values()))
    when = {n.start: max(bound[here[n].start]) for n in figures if bound.get(here[n].start)}
    return any(
        _follows(sentence, result, (a, b), own, when)
        for a, b in combinations(figures, 2)
        if a in stated or b in stated or ADDS.search(sentence) or len({when.get(a.start), when.get(b.start), None}) == 3
    )


def _of_periods(sentence: str, row: Place) -> list[Number]:
    """The figures of a row in the years that the claim names; without two of them none."""
    said = years_of(sentence)
    if _tells_earlier(sentence):
        said |= {year - 1 for year in said}
    found = [n for years, n in _headed(row) if years & said]
    return found if len(found) >= 2 else []


def _of_columns(sentence: str, row: Place, cells: list[Number]) -> list[Number]:
    """Of the figures of a row under headings in words those whose heading the sentence names, or that are the total."""
    headed = {s.numbers[-1].start: heading_of(s) for s in row.segments if s.is_cell and s.numbers}
    words = {at: words_of(heading) for at, heading in headed.items()}
    common = frozenset.intersection(*words.values()) if words else frozenset()
    if not words or not all(told - common for told in words.values()):
        return cells
    said = words_of(sentence)
    return [n for n in cells if n.start in words and (words[n.start] - common <= said or _TOTAL.match(headed[n.start]))]


def _headed(row: Place) -> list[tuple[frozenset[int], Number]]:
    """The figures of a row, each with the years of its heading."""
    return [(years_of(heading_of(s)), s.numbers[-1]) for s in row.segments if s.is_cell and s.numbers]


def _tells_earlier(sentence: str) -> bool:
    """Whether a figure may be compared with that of the year before: grew 7% in 2031."""
    if len(years_of(sentence)) == 1 and COMPARES.search(sentence):
        return True
    return _EARLIER.search(sentence) is not None or _YEAR_BEFORE.search(sentence) is not None


def _beside(sentence: str, row: Place, own: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    """A figure of the row that the claim states, with one of a period that the claim names, or of the year before."""
    cells = _headed(row)
    said = years_of(sentence)
    earlier = _tells_earlier(sentence)
    for years, cell in cells:
        if not any(number.figures >= _DIGITS and agree(number, cell) for number in own):
            continue
        for others, other in cells:
            before = earlier and (len(cells) == 2 or (bool(years) and others == {max(years) - 1}))
            if other is not cell and (before or (others - years) & said):
                yield other, cell


def _of_total(sentence: str, row: Place, text: str) -> Iterator[tuple[Number, Number]]:
    """The figures of a row, each with the total of its column in the same table, where the sentence tells a share."""
    if not DIVIDES.search(sentence):
        return
    said = years_of(sentence)
    line = text[row.start : row.end].split(BAR)
    for total in places_of(text):
        if total is row or not total.is_row or text[total.start : total.end].split(BAR)[0] != line[0]:
            continue
        if not _TOTAL.match(label_of(text[total.start : total.end])):
            continue
        under = {heading_of(s): s.numbers[-1] for s in total.segments if s.is_cell and s.numbers}
        for cell in row.segments:
            heading = heading_of(cell)
            if cell.is_cell and cell.numbers and heading in under and (not said or years_of(heading) & said):
                yield cell.numbers[-1], under[heading]


def _on_page(number: Number, page: Sequence[Segment]) -> Number | None:
    """The figure of the page that a number rounds, which has more digits."""
    stating = (other for segment in page for other in segment.numbers if agree(number, other))
    return max(stating, key=lambda other: len(other.text), default=None)


def _follows(
    sentence: str,
    result: Number,
    figures: Sequence[Number],
    said: Sequence[Number],
    when: Mapping[int, int] | None = None,
) -> bool:
    """`when` has the years of figures, by where they start."""
    up = _way(sentence, result)
    for left, right in permutations(figures, 2):
        if up is not None and _goes_up(sentence, left, right, said, when or {}) not in (up, None):
            continue
        if any(is_near(result, value) for value in _results(sentence, result, left, right)):
            return True
    return False


def is_near(result: Number, value: Decimal) -> bool:
    """Whether a claim's number tells a value that was reckoned, to the digits that it is written with."""
    wanted = abs(result.value)
    if result.meant in ("over", "under"):
        return 0 <= (value - wanted) * (1 if result.meant == "over" else -1) <= wanted / 5
    half = Decimal(5).scaleb(-result.places - 1)
    return abs(value - wanted) <= (max(half, result.leeway) if result.meant == "about" else half)


def _way(sentence: str, result: Number) -> bool | None:
    """Whether the words at a result say that something went up; None where they do not tell."""
    beside = sentence[max(0, result.start - _BESIDE) : result.end + _BESIDE]
    up, down = UP.search(beside) is not None, DOWN.search(beside) is not None
    return None if up == down else up


def _goes_up(
    sentence: str, left: Number, right: Number, said: Sequence[Number], when: Mapping[int, int]
) -> bool | None:
    """Whether the later of two figures is the greater one; None where they are equal, or nothing tells which is later.

    The later one is the second of from and to, else the first (1.47, up from 1.26), or the only one that is said; where
    none is said, that of the later year.
    """
    places = {n.start: worth for worth in (left, right) for n in said if agree(n, worth)}
    if abs(worth_of(left, left)) == abs(worth_of(right, right)):
        return None
    if not places:
        years = when.get(left.start), when.get(right.start)
        if years[0] is None or years[1] is None or years[0] == years[1]:
            return None
        early, later = (left, right) if years[0] < years[1] else (right, left)
        return abs(worth_of(later, later)) > abs(worth_of(early, early))
    first, *more = sorted(places)
    before = _CLAUSE_END.split(sentence[max(0, first - _BESIDE) : first])[-1]
    is_old = _FROM.search(before) is not None or (not more and _EARLIER.search(before) is not None)
    named = places[first]
    other = right if named is left else left
    early, later = (named, other) if is_old else (other, named)
    return abs(worth_of(later, later)) > abs(worth_of(early, early))


def _results(sentence: str, result: Number, left: Number, right: Number) -> Iterator[Decimal]:
    """What two figures give, in the unit of the result, as far as the sentence speaks of it."""
    compares, divides = COMPARES.search(sentence), DIVIDES.search(sentence)
    is_times = TIMES.match(sentence, result.end) is not None
    one, other = worth_of(left, result), worth_of(right, result)
    alike = left.rate == right.rate
    if result.rate == "%" and alike and left.rate is None and other:
        if compares:
            yield abs(one - other) / abs(other) * _HUNDRED
        if divides:
            yield abs(one) / abs(other) * _HUNDRED
    elif result.rate in ("pp", "bp") and compares and alike and left.rate in ("%", None):
        yield abs(left.value - right.value) * (_HUNDRED if result.rate == "bp" else 1)
    elif result.rate is None and is_times and alike and other:
        yield abs(one) / abs(other)
    elif result.rate is None and alike and left.rate is None:
        unit = result.scale or Decimal(1)
        if compares:
            yield abs(one - other) / unit
        if ADDS.search(sentence):
            yield (one + other) / unit


def worth_of(number: Number, result: Number) -> Decimal:
    """Value times magnitude, in the unit of its table; where none is known that of the result, unless it is written in full."""
    unit = number.scale or (number.units[0] if number.units else None)
    if unit is None:
        unit = result.scale if result.scale is not None and abs(number.value) < result.scale else Decimal(1)
    return number.value * unit
