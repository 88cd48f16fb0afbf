"""A claim whose numbers all stand on the page, and whether they stand there for what the claim says: the year, the thing
counted, the column of a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rag.numbers import Number, is_year
from rag.places import Place, places_of
from rag.quantities import BAR, agree, is_date, is_value
from rag.segments import Segment, heading_of, segments_of
from rag.sparse import bigrams
from rag.text import fold

_YEAR = re.compile(
    r"(?<!\d)(?<!\d[.,])((?:19|20)\d\d)(?!\d|[.,]\d|\s?(?:亿|万|million|billion|%))|(?<![\d.,])(\d\d)(?=[AEF]\b|年)|\bFY\s?'?(\d\d)\b"
)
_JOINED = re.compile(r"[\s年度AEF]*(?P<mark>[-–—~～至到、/,，和与及]|and|to|through)\s*(?:in |年)?\s*", re.IGNORECASE)
_RANGE = frozenset("-–—~～至到") | {"to", "through"}
_AFTER = re.compile(  # what may stand between a figure and its year behind it
    r"(?:\s?[^\W\d_]+){0,3}?\s?\(?(?:in|during|for|at|as of|by|on|between|until|through)\s(?:the\s)?(?:(?:end|year|close|beginning|fiscal|calendar|first|second|third|fourth|quarter|half|full|months?|ended|ending|of|to|year-end|mid|late|early|[A-Z][a-z]+\s?\d{0,2},?)[\s-]){0,7}$"
)
_IN = re.compile(r"\b(?:in|during)\s(?:fiscal\s)?(?:year\s)?$", re.IGNORECASE)  # before the year of a whole sentence
_RELATIVE = re.compile(
    r"\b(?:earlier|before|prior|previous|preceding|last year|a year ago|year-ago)\b|上年|去年|同期|上期|年初|前一年|此前|前期|期初",
    re.I,
)
_COMPARED = re.compile(
    r"(?:\b(?:from|than|versus|vs\.?|against|compared (?:to|with))|较|由|从|比|原|对比)\s?(?:[^\W\d_]+\s){0,3}[$€£¥(\s]*$",
    re.I,
)
_BASE = re.compile(  # before a year that a figure is only compared with: grew 5% in 2031 compared with 2030
    r"(?:较|比|相比于?|相较于?|对比|\b(?:than|versus|vs\.?|compared (?:to|with)|against|over|from)(?: in)?(?: the)?(?: fiscal)?(?: year)?)\s*$",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"增|减|升|降|涨|跌|多|少|高|低|扩大|收窄|下滑|回落|变动|\b(?:ros|ris|grew|grow|increas|climb|up|fell|fall|declin|decreas|drop|slip|down|high|low|more|less|chang)\w*",
    re.IGNORECASE,
)
_RESPECTIVELY = re.compile(r"分别|依次|respectively", re.IGNORECASE)
_TOTAL = re.compile(r"合\s?计|总\s?计|\btotals?\b", re.IGNORECASE)
_MARK = re.compile(r"[;；。，]|[.](?=\s|$)|,(?!\d{3}(?!\d))")
_PARTED = re.compile(r"[\n。；;]")
_NAMED = 0.6  # share of a row's label from which a claim names it
_HALF = 0.5  # the same where its headings are counted
_LESS = 0.4  # by which it names another row less
_MORE = 3  # words of its label that it names more
_FEWEST = 4  # words by which an event is known
_SAME = 0.6  # share of them that tells of the same event
_LESS_ALIKE = 0.15  # by which another clause may tell less of it
_NEXT = 30  # characters between figures, and between them and years, that are told one by one
_BEHIND = 80  # characters within which a year behind a figure is told of it
_REACH = 40  # characters on either side of a figure that tell what it is of
SAID_OF_ALL = frozenset(
    bigrams("同比增长 同比多增 同比少增 分别为 亿元 万元 增长 下降 million billion percent respectively")
)
"""Words that stand beside figures of anything."""

_Bound = dict[int, frozenset[int]]
_Beside = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Years:
    """Years told together: `text[start:end]` is `2023-2025`."""

    start: int
    end: int
    years: tuple[int, ...]


def years_bound(text: str, numbers: Sequence[Number]) -> dict[int, frozenset[int]]:
    """The years that each figure of a sentence is of, by where the figure starts; those that tell none are left out."""
    groups = _year_groups(text)
    figures = [
        n
        for n in numbers
        if not is_year(n) and not is_date(text, n) and not any(g.start <= n.start < g.end for g in groups)
    ]
    bound = _before_their_years(text, figures, groups)
    for place, number in enumerate(figures):
        if number.start in bound:
            continue
        follows = figures[place + 1].start if place + 1 < len(figures) else len(text)
        end = figures[place - 1].end if place else 0
        behind = next(
            (
                g
                for g in groups
                if number.end <= g.start < min(follows, number.end + _BEHIND)
                and _AFTER.match(text[number.end : g.start])
            ),
            None,
        )
        before = [g for g in groups if g.end <= number.start and not _is_base(text, g, number)]
        between = [g for g in before if end <= g.start]
        if behind is None and len(groups) == len(figures) == 1 and _IN.search(text[number.end : groups[0].start]):
            behind = groups[0]
        if behind is not None:
            bound[number.start] = frozenset(behind.years)
        elif _RELATIVE.search(text[end : number.start] + _MARK.split(text[number.end : follows])[0]):
            continue
        elif between and not _COMPARED.search(text[between[-1].end : number.start]):
            bound[number.start] = _of_group(text, between[-1], number, figures)
        elif before and not _COMPARED.search(text[max(0, number.start - 30) : number.start]):
            bound[number.start] = _of_group(text, before[-1], number, figures)
    return bound


def _before_their_years(text: str, figures: Sequence[Number], groups: Sequence[_Years]) -> dict[int, frozenset[int]]:
    """Figures told in the order of the years behind them: `21.6% and 24.6% for 2022 and 2021, respectively`."""
    bound: dict[int, frozenset[int]] = {}
    for group in groups:
        told = [figure for figure in figures if figure.end <= group.start][-len(group.years) :]
        ends = [*(figure.start for figure in told[1:]), group.start]
        apart = (text[figure.end : end] for figure, end in zip(told, ends, strict=True))
        if (
            len(told) == len(group.years) > 1
            and _RESPECTIVELY.search(text[group.end : group.end + _NEXT])
            and all(len(between) <= _NEXT for between in apart)
        ):
            bound |= {figure.start: frozenset({year}) for figure, year in zip(told, group.years, strict=True)}
    return bound


def _is_base(text: str, group: _Years, number: Number) -> bool:
    """Whether a figure tells how something moved since the years before it."""
    moved = _MOVES.search(text[group.end : number.start]) is not None
    return moved and _BASE.search(text[max(0, group.start - 30) : group.start]) is not None


def _of_group(text: str, group: _Years, number: Number, figures: Sequence[Number]) -> frozenset[int]:
    """The year of a figure among several told together: by its place where there are as many figures (分别)."""
    after = [figure for figure in figures if figure.start >= group.end]
    if len(group.years) > 1 and len(after) >= len(group.years) and _RESPECTIVELY.search(text):
        place = after.index(number)
        if place < len(group.years):
            return frozenset({group.years[place]})
    return frozenset(group.years)


@lru_cache(maxsize=1024)
def _year_groups(text: str) -> tuple[_Years, ...]:
    found: list[_Years] = []
    for match in _YEAR.finditer(text):
        year = int(match[1]) if match[1] else 2000 + int(match[2] or match[3])
        last = found[-1] if found else None
        joined = _JOINED.fullmatch(text[last.end : match.start()]) if last is not None else None
        if last is not None and joined is not None:
            is_range = joined["mark"].lower() in _RANGE and last.years[-1] < year < last.years[-1] + 20
            years = range(last.years[-1] + 1, year + 1) if is_range else (year,)
            found[-1] = _Years(last.start, match.end(), (*last.years, *years))
        else:
            found.append(_Years(match.start(), match.end(), (year,)))
    return tuple(found)


def other_year(sentence: str, claimed: Sequence[Number], text: str) -> tuple[Segment, int, int] | None:
    """The segment that states a figure for another year than the claim does, with both years; None where one may agree."""
    mine = years_bound(sentence, claimed)
    page, places = segments_of(text), places_of(text)
    for number in claimed:
        if number.start not in mine:
            continue
        stating = [(s, other) for s in page for other in s.numbers if agree(number, other)]
        told = [_years_there(segment, other, places, text) for segment, other in stating]
        if told and all(years and not years & mine[number.start] for years in told):
            return stating[0][0], max(told[0]), max(mine[number.start])
    return _other_year_of_an_event(sentence, claimed, page, text)


def _other_year_of_an_event(
    sentence: str, claimed: Sequence[Number], page: Sequence[Segment], text: str
) -> tuple[Segment, int, int] | None:
    """As `other_year` for a sentence without figures: what it tells of stands on the page, in other years each time."""
    mine = frozenset(year for group in _year_groups(sentence) for year in group.years)
    words = frozenset(term for term in bigrams(sentence) if not term[0].isdigit())
    if not mine or len(words) < _FEWEST or any(not is_year(n) and not is_date(sentence, n) for n in claimed):
        return None
    shares = [(len(words & segment.terms) / len(words), segment) for segment in page if not segment.is_cell]
    best = max((share for share, _ in shares), default=0.0)
    if best < _SAME:
        return None
    told = [(segment, _years_of_event(segment, text)) for share, segment in shares if share >= best - _LESS_ALIKE]
    if all(years and not years & mine for _, years in told):
        return told[0][0], max(told[0][1]), max(mine)
    return None


def _years_of_event(segment: Segment, text: str) -> frozenset[int]:
    groups = _year_groups(text[segment.start : segment.end])
    return frozenset(year for group in groups for year in group.years)


def _years_there(segment: Segment, number: Number, places: Sequence[Place], text: str) -> frozenset[int]:
    """The years of a figure of the page: those of its cell, or of its place in its sentence."""
    if segment.is_cell:
        return segment.years
    place = next(place for place in places if place.sentence == segment.sentence)
    return _bound_there(text[place.start : place.end], place).get(number.start, frozenset())


def _bound_there(told: str, place: Place) -> dict[int, frozenset[int]]:
    moved = [replace(n, start=n.start - place.start, end=n.end - place.start) for n in place.numbers]
    return {start + place.start: years for start, years in years_bound(told, moved).items()}


def crossed(sentence: str, claimed: Sequence[Number], text: str) -> Segment | None:
    """The segment of a sentence that has two figures of the claim, each beside the words that the claim has beside the other.

    `12 patents and 85 trademarks` for 85 patents and 12 trademarks. Words that stand beside both tell nothing, nor does
    the order of figures that are each of the same year in both. In a row a figure has its heading beside it.
    """
    figures = [number for number in claimed if not is_year(number)]
    mine = {number.start: _beside(sentence, number, figures) for number in figures}
    years = years_bound(sentence, figures)
    for place in places_of(text):
        told = place.numbers if not place.is_row else ()
        of = {} if place.is_row else _bound_there(text[place.start : place.end], place)
        headed = _headed(place) if place.is_row else ()
        for one, other in pairwise(figures):
            if one.rate != other.rate or abs(one.value) == abs(other.value):
                continue
            there = [(a, b) for a in told if agree(one, a) for b in told if a is not b and agree(other, b)]
            if any(_is_same(years, one, of, a) and _is_same(years, other, of, b) for a, b in there):
                continue
            if there and all(_is_crossed(mine[one.start], mine[other.start], a, b, place, text) for a, b in there):
                return next(s for s in place.segments if any(agree(one, n) for n in s.numbers))
            in_row = [(a, b) for a, m in headed if agree(one, m) for b, n in headed if a != b and agree(other, n)]
            if in_row and all(_is_crossed_in_row(mine[one.start], mine[other.start], a, b) for a, b in in_row):
                return place.segments[0]
    return None


def _is_same(years: _Bound, mine: Number, there: _Bound, other: Number) -> bool:
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
    with_digits = _RELATIVE.search(sentence) is None  # else the year of a figure need not be said
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
