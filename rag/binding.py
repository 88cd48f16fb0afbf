"""A claim whose numbers all stand on the page, and whether they stand there for what the claim says: the year, the thing
counted, the column of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rag.in_order import in_order
from rag.numbers import Number, is_year
from rag.places import Place, places_of
from rag.quantities import BAR, agree, is_date, is_value
from rag.segments import Segment, heading_of
from rag.sparse import bigrams
from rag.text import fold
from rag.years import RELATIVE, Bound, bound_in, years_bound

_TOTAL = re.compile(r"合\s?计|总\s?计|\btotals?\b", re.IGNORECASE)
_PARTED = re.compile(r"[\n。；;]")
_NAMED = 0.6  # share of a row's label from which a claim names it
_HALF = 0.5  # the same where its headings are counted
_LESS = 0.4  # by which it names another row less
_MORE = 3  # words of its label that it names more
_REACH = 40  # characters on either side of a figure that tell what it is of
SAID_OF_ALL = frozenset(
    bigrams("同比增长 同比多增 同比少增 分别为 亿元 万元 增长 下降 million billion percent respectively")
)
"""Words that stand beside figures of anything."""

_Beside = tuple[frozenset[str], frozenset[str]]


def crossed(sentence: str, claimed: Sequence[Number], text: str) -> Segment | None:
    """The segment of a sentence that has two figures of the claim, each beside the words that the claim has beside the other.

    `12 patents and 85 trademarks` for 85 patents and 12 trademarks. Words that stand beside both tell nothing, nor does
    the order of figures that are each of the same year in both. In a row a figure has its heading beside it.
    """
    figures = [number for number in claimed if not is_year(number)]
    mine = {number.start: _beside(sentence, number, figures) for number in figures}
    ordered = in_order(sentence, figures)
    mine |= {start: (words, frozenset()) for start, words in ordered.items()}
    years = years_bound(sentence, figures)
    for place in places_of(text):
        told = place.numbers if not place.is_row else ()
        of = {} if place.is_row else bound_in(text, place)
        headed = _headed(place) if place.is_row else ()
        for one, other in pairwise(figures):
            if one.rate != other.rate or abs(one.value) == abs(other.value):
                continue
            there = [(a, b) for a in told if agree(one, a) for b in told if a is not b and agree(other, b)]
            is_ordered = one.start in ordered and other.start in ordered
            if not is_ordered and any(_is_same(years, one, of, a) and _is_same(years, other, of, b) for a, b in there):
                continue
            if there and all(_is_crossed(mine[one.start], mine[other.start], a, b, place, text) for a, b in there):
                return next(s for s in place.segments if any(agree(one, n) for n in s.numbers))
            in_row = [(a, b) for a, m in headed if agree(one, m) for b, n in headed if a != b and agree(other, n)]
            if in_row and all(_is_crossed_in_row(mine[one.start], mine[other.start], a, b) for a, b in in_row):
                return place.segments[0]
    return _crossed_rows(figures, ordered, text)


def _crossed_rows(figures: Sequence[Number], ordered: Mapping[int, frozenset[str]], text: str) -> Segment | None:
    """The row of a figure told in order, where all that state it are labelled as another of the things and none as its own."""
    rows = [place for place in places_of(text) if place.is_row]
    for number in (n for n in figures if n.start in ordered):
        others = frozenset().union(*(words for start, words in ordered.items() if start != number.start))
        stating = [row for row in rows if row.states([number])]
        if stating and all(row.label & others and not row.label & ordered[number.start] for row in stating):
            return stating[0].segments[0]
    return None


def _is_same(years: Bound, mine: Number, there: Bound, other: Number) -> bool:
    """Whether two figures are of one and the same year."""
    year = years.get(mine.start, frozenset())
    return len(year) == 1 and year == there.get(other.start)


def _headed(row: Place) -> list[tuple[frozenset[str], Number]]:
    """The words above each figure of a row, with the figure."""
    return [(frozenset(bigrams(heading_of(s))), s.numbers[-1]) for s in row.segments if s.is_cell and s.numbers]


def _has_values(row: Place, text: str) -> bool:
    """Whether it has figures: a heading, or a legend that names the CSI300, has none."""
    line = text[row.start : row.end]
    return any(is_value(cell) for cell in line.split(BAR if BAR in line else "\t"))


def _is_crossed_in_row(one: _Beside, other: _Beside, a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether the words on the same side of both figures are each the other's heading."""
    here, there = a - b, b - a
    sides = list(zip(one, other, strict=True))
    return any(not x & here and not y & there and x & there and y & here for x, y in sides) and not any(
        x & here and y & there for x, y in sides
    )


def unnamed(sentence: str, claimed: Sequence[Number], text: str) -> Segment | None:
    """The segment of a sentence that has the figures of the claim of one thing each, none of which the claim names.

    `Shares are 30%, 20% and 15%` for those of three products. Only figures of one unit, which says of none what it is of.
    """
    figures = [n for n in claimed if not is_year(n) and not is_date(sentence, n)]
    alike = len({(n.rate, n.scale, n.currency) for n in figures}) == 1 and (figures[0].scale or figures[0].rate)
    places = [place for place in places_of(text) if place.states(figures)] if alike and len(figures) > 1 else []
    said = frozenset(bigrams(sentence))
    if not places or any(place.is_row for place in places):
        return None
    for place in places:
        there = [next(n for n in place.numbers if agree(figure, n)) for figure in figures]
        before = [_beside(text, number, place.numbers)[0] for number in there]
        own = [words - frozenset().union(*before[:i], *before[i + 1 :]) for i, words in enumerate(before)]
        if not all(any(not w[0].isdigit() for w in words) and not words & said for words in own):
            return None
    return next(s for s in places[0].segments if any(agree(figures[0], n) for n in s.numbers))


def of_one_row(sentence: str, claimed: Sequence[Number], page: Sequence[Segment], text: str) -> Segment | None:
    """The cell of the total below a figure that stands only in rows which the claim does not name: it is of a part."""
    said = frozenset(bigrams(sentence))
    labels = {place.sentence: place for place in places_of(text) if place.is_row}
    figures = [number for number in claimed if not is_year(number) and not is_date(sentence, number)]
    for number in figures if len(figures) == 1 else ():  # several are a list of the rows
        stating = [s for s in page if any(agree(number, other) for other in _values(s))]
        totals = [_total_below(s, page) for s in stating if s.is_cell and labels[s.sentence].named_by(said) < _HALF]
        if totals and len(totals) == len(stating) and all(t is not None and t.numbers for t in totals):
            total = next(t for t in totals if t is not None)
            if not any(agree(one, other) for one in claimed for other in _values(total)):
                return total
    return None


def _total_below(cell: Segment, page: Sequence[Segment]) -> Segment | None:
    """The cell under the same heading in the row of totals of the same table; None where the cell's own row is of totals."""
    if _TOTAL.search(cell.text):
        return None
    for segment in page:
        if segment.sentence <= cell.sentence:
            continue
        if not segment.is_cell:
            return None
        if _TOTAL.search(segment.text) and heading_of(segment) == heading_of(cell):
            return segment
    return None


def _is_crossed(one: _Beside, other: _Beside, a: Number, b: Number, place: Place, text: str) -> bool:
    here, there = _apart(_beside(text, a, place.numbers), _beside(text, b, place.numbers))
    one, other = _apart(one, other)
    straight = _shared(one, here) + _shared(other, there)
    return straight == 0 and _shared(one, there) > 0 and _shared(other, here) > 0


def _apart(one: _Beside, other: _Beside) -> tuple[_Beside, _Beside]:
    """The words beside each of two figures without those beside both."""
    return (one[0] - other[0], one[1] - other[1]), (other[0] - one[0], other[1] - one[1])


def _shared(one: _Beside, other: _Beside) -> int:
    return sum(len(mine & theirs) for mine, theirs in zip(one, other, strict=True))


def _beside(text: str, number: Number, numbers: Sequence[Number]) -> _Beside:
    """The words between a figure and the ones before and behind it, of those within reach."""
    before = max((n.end for n in numbers if n.end <= number.start), default=0)
    behind = min((n.start for n in numbers if n.start >= number.end), default=len(text))
    left = text[max(before, number.start - _REACH) : number.start]
    right = text[number.end : min(behind, number.end + _REACH)]
    left, right = _PARTED.split(left)[-1], _PARTED.split(right)[0]
    return frozenset(bigrams(left)) - SAID_OF_ALL, frozenset(bigrams(right)) - SAID_OF_ALL


def other_column(sentence: str, claimed: Sequence[Number], page: Sequence[Segment]) -> Segment | None:
    """The cell beside the one that has a figure, whose heading is what the claim names, where that of its own cell is not."""
    said = frozenset(bigrams(fold(sentence)))
    with_digits = RELATIVE.search(sentence) is None  # else the year of a figure need not be said
    for number in claimed:
        if is_year(number) or is_date(sentence, number):
            continue
        stating = [s for s in page if any(agree(number, other) for other in _values(s))]
        if not stating or not all(s.is_cell for s in stating):
            continue
        named = [_named_instead(s, page, said, claimed, with_digits) for s in stating]
        if all(cell is not None for cell in named):
            return named[0]
    return None


def _named_instead(
    cell: Segment, page: Sequence[Segment], said: frozenset[str], claimed: Sequence[Number], with_digits: bool
) -> Segment | None:
    """The cell of the same row whose own heading words the claim has, all of them, while it has not all of this cell's."""
    row = [s for s in page if s.sentence == cell.sentence and s.is_cell]
    if len(row) < 2:
        return None
    words = {s.text: frozenset(t for t in bigrams(heading_of(s)) if with_digits or not t[0].isdigit()) for s in row}
    common = frozenset.intersection(*words.values())
    own = words[cell.text] - common
    if own <= said:
        return None
    free = [s for s in row if not any(agree(number, other) for number in claimed for other in _values(s))]
    rivals = [s for s in free if (other := words[s.text] - common) and other <= said and not other <= own]
    return rivals[0] if rivals else None


def _values(segment: Segment) -> tuple[Number, ...]:
    """The numbers of a clause; of a cell its figure without those of its heading."""
    return segment.numbers[-1:] if segment.is_cell else segment.numbers


def other_row(sentence: str, claimed: Sequence[Number], text: str) -> Segment | None:
    """A row that the claim names where its figure stands only in rows that it names much less."""
    said = frozenset(bigrams(sentence))
    rows = [place for place in places_of(text) if place.is_row and place.numbers and _has_values(place, text)]
    figures = [n for n in claimed if not is_year(n) and not is_date(sentence, n)]
    free = [row for row in rows if len(row.label) > 1 and not any(row.states([n]) for n in figures)]
    if len(figures) > 1:  # of the rows one by one
        free = [row for row in free if not _TOTAL.search(text[row.start : row.end])]
    rival = max(free, key=lambda row: (row.named_by(said), len(row.label & said)), default=None)
    if rival is None or rival.named_by(said) < _NAMED:
        return None

    def is_less(place: Place) -> bool:
        more = len(rival.label & said) - len(place.label & said)
        return place.is_row and (place.named_by(said) < rival.named_by(said) - _LESS or more >= _MORE)

    for number in figures:
        stating = [place for place in places_of(text) if place.states([number])]
        if stating and all(map(is_less, stating)):
            return rival.segments[0]
    return None
