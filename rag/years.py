"""The years that the figures of a sentence are of, and whether a page tells a claim's figures, or its event, of others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.numbers import Number, is_year
from rag.places import Place, places_of
from rag.quantities import agree, is_date
from rag.segments import Segment, heading_of, segments_of
from rag.sparse import bigrams

_YEAR = re.compile(
    r"(?<!\d)(?<!\d[.,])((?:19|20)\d\d)(?!\d|[.,]\d|\s?(?:亿|万|million|billion|%))|(?<![\d.,])(\d\d)(?=[AEF]\b|年)|\bFY\s?'?(\d\d)\b"
)
_JOINED = re.compile(
    r"[\s年度AEF]*(?P<mark>[-–—~～至到、/,，和与及]|and|to|through)\s*(?:in |年)?\s*"
    r"|年?\s?[./]?\d{1,2}(?:[月./](?:\s?\d{1,2}日?)?)?\s*(?P<since>[-–—~～至到])\s*"  # 2016年11月-2019年12月
    r"|,?\s*(?P<from>to|through|until|[-–—~～])\s*[A-Z][a-z]{2,8}\.?\s(?:\d{1,2},\s)?",  # November 2016 to December 2019
    re.IGNORECASE,
)
_RANGE = frozenset("-–—~～至到") | {"to", "through"}
_BETWEEN = re.compile(r"\bbetween\s(?:[A-Z][a-z]+\s)?$", re.IGNORECASE)
_MOVED_TO = re.compile(  # before a figure of the first or the last year of a span
    r"(?:至|到|由|从|自|\bto|\bfrom|\breach(?:es|ed|ing)?)\s?[约近逾过]?\s?(?:about |some |nearly |over |around )?[$€£¥(\s]*$",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?:截至|截止|直?到|至|\b(?:by|until|till|before|through)(?: the end of)?(?: [A-Z][a-z]+)?)\s*$", re.IGNORECASE
)
_AFTER = re.compile(  # what may stand between a figure and its year behind it
    r"(?:\s?[^\W\d_]+){0,3}?\s?\(?(?:in|during|for|at|as of|by|on|between|until|through)\s(?:the\s)?(?:(?:end|year|close|beginning|fiscal|calendar|first|second|third|fourth|quarter|half|full|months?|ended|ending|of|to|year-end|mid|late|early|[A-Z][a-z]+\s?\d{0,2},?)[\s-]){0,7}$"
)
_IN = re.compile(r"\b(?:in|during)\s(?:fiscal\s)?(?:year\s)?$", re.IGNORECASE)  # before the year of a whole sentence
RELATIVE = re.compile(
    r"\b(?:earlier|before|prior|previous|preceding|last year|a year ago|year-ago)\b|上年|去年|同期|上期|年初|前一年|此前|前期|期初",
    re.I,
)
_COMPARED = re.compile(
    r"(?:\b(?:from|than|versus|vs\.?|against|compared (?:to|with))|较|由|从|(?<![占同环配])比|原|对比)\s?(?:[^\W\d_]+\s){0,3}[$€£¥(\s]*$",
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
_MARK = re.compile(r"[;；。，]|[.](?=\s|$)|,(?!\d{3}(?!\d))")
_FEWEST = 4  # words by which an event is known
_SAME = 0.6  # share of them that tells of the same event
_LESS_ALIKE = 0.15  # by which another clause may tell less of it
_FINANCIAL_YEAR = 2  # calendar years that one may lie in
_NEXT = 30  # characters between figures, and between them and years, that are told one by one
_BEHIND = 80  # characters within which a year behind a figure is told of it

Bound = dict[int, frozenset[int]]
"""The years of figures, by where each starts."""


@dataclass(frozen=True, slots=True)
class _Years:
    """Years told together: `text[start:end]` is `2023-2025`."""

    start: int
    end: int
    years: tuple[int, ...]
    is_span: bool = False


def years_in(text: str) -> frozenset[int]:
    """The years that a text names, those within a span too (2017-2020)."""
    return frozenset(year for group in _year_groups(text) for year in group.years)


def years_bound(text: str, numbers: Sequence[Number]) -> Bound:
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
        elif RELATIVE.search(text[end : number.start] + _MARK.split(text[number.end : follows])[0]):
            continue
        elif between and not _COMPARED.search(text[between[-1].end : number.start]):
            bound[number.start] = _of_group(text, between[-1], number, figures)
        elif before and not _COMPARED.search(text[max(0, number.start - 30) : number.start]):
            bound[number.start] = _of_group(text, before[-1], number, figures)
    return bound


def _before_their_years(text: str, figures: Sequence[Number], groups: Sequence[_Years]) -> Bound:
    """Figures told in the order of the years behind them: `21.6% and 24.6% for 2022 and 2021, respectively`."""
    bound: Bound = {}
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
            mark = (joined["mark"] or joined["since"] or joined["from"]).lower()
            is_range = mark in _RANGE and last.years[-1] < year < last.years[-1] + 20
            years = range(last.years[-1] + 1, year + 1) if is_range else (year,)
            is_span = len(last.years) == 1 and (
                is_range or (mark == "and" and _BETWEEN.search(text[max(0, last.start - 20) : last.start]) is not None)
            )
            found[-1] = _Years(last.start, match.end(), (*last.years, *years), is_span)
        else:
            found.append(_Years(match.start(), match.end(), (year,)))
    return tuple(found)


def _spans(text: str, numbers: Sequence[Number], bound: Bound) -> dict[int, _Years]:
    """The figures told of several years as one (`2030-2033 sales of 5`), by where each starts; none of a list, none of a
    last year (`from 3 in 2030-2033 to 5`)."""
    found: dict[int, _Years] = {}
    for group in _year_groups(text):
        told = [n for n in numbers if bound.get(n.start) == frozenset(group.years)]
        if group.is_span and len(told) < len(group.years):
            alone = [n for n in told if not _MOVED_TO.search(text[max(0, n.start - 20) : n.start])]
            found |= {number.start: group for number in alone}
    return found


def other_year(sentence: str, claimed: Sequence[Number], text: str) -> tuple[Segment, str, str] | None:
    """The segment that states a figure for another year than the claim does, with both years; None where one may agree.

    What is told of several years as one is not told of one of them.
    """
    mine = years_bound(sentence, claimed)
    page, places = segments_of(text), places_of(text)
    for number in claimed:
        if number.start not in mine:
            continue
        years = mine[number.start]
        stating = [(s, other) for s in page for other in s.numbers if agree(number, other)]
        told = [_years_there(segment, other, places, text) for segment, other in stating]
        is_of_one = len(years) == 1 and not _is_up_to_its_year(sentence, years)
        if told and all(there and (not there & years or (is_span and is_of_one)) for there, is_span in told):
            there, is_span = told[0]
            shown = f"{min(there)}-{max(there)}" if is_span else str(max(there))
            return stating[0][0], shown, str(max(years))
    return _other_year_of_an_event(sentence, claimed, page, text)


def _is_up_to_its_year(sentence: str, years: frozenset[int]) -> bool:
    """Whether a sentence tells of the time up to a year (by 2033), which the last year of a span may be."""
    groups = [group for group in _year_groups(sentence) if years <= frozenset(group.years)]
    return any(_UP_TO.search(sentence[max(0, group.start - 30) : group.start]) for group in groups)


def _other_year_of_an_event(
    sentence: str, claimed: Sequence[Number], page: Sequence[Segment], text: str
) -> tuple[Segment, str, str] | None:
    """As `other_year` for a sentence without figures: what it tells of stands on the page, in other years each time."""
    mine = years_in(sentence)
    words = frozenset(term for term in bigrams(sentence) if not term[0].isdigit())
    if not mine or len(words) < _FEWEST or any(not is_year(n) and not is_date(sentence, n) for n in claimed):
        return None
    shares = [(len(words & segment.terms) / len(words), segment) for segment in page if not segment.is_cell]
    best = max((share for share, _ in shares), default=0.0)
    if best < _SAME:
        return None
    told = [(segment, _years_of_event(segment, text)) for share, segment in shares if share >= best - _LESS_ALIKE]
    if all(years and not years & mine for _, years in told):
        return told[0][0], str(max(told[0][1])), str(max(mine))
    return None


def _years_of_event(segment: Segment, text: str) -> frozenset[int]:
    return years_in(text[segment.start : segment.end])


def _years_there(segment: Segment, number: Number, places: Sequence[Place], text: str) -> tuple[frozenset[int], bool]:
    """The years of a figure of the page: those of its cell, or of its place in its sentence; whether they are told as one."""
    if segment.is_cell:
        span = _span_of_heading(segment)
        return (segment.years or span), bool(span)
    place = next(place for place in places if place.sentence == segment.sentence)
    told, moved = _moved(text, place)
    bound = years_bound(told, moved)
    start = number.start - place.start
    return bound.get(start, frozenset()), start in _spans(told, moved, bound)


def _span_of_heading(cell: Segment) -> frozenset[int]:
    """The years of a cell under `2030-2033`; none under `2030-2031`, which may be one financial year."""
    groups = _year_groups(heading_of(cell))
    is_span = len(groups) == 1 and groups[0].is_span and len(groups[0].years) > _FINANCIAL_YEAR
    return frozenset(groups[0].years) if is_span else frozenset()


def bound_in(text: str, place: Place) -> Bound:
    """As `years_bound`, of a sentence of a page, by where the figures start on the page."""
    return {start + place.start: years for start, years in years_bound(*_moved(text, place)).items()}


def _moved(text: str, place: Place) -> tuple[str, list[Number]]:
    """The text of a place, and its numbers by where they start in it."""
    numbers = [replace(n, start=n.start - place.start, end=n.end - place.start) for n in place.numbers]
    return text[place.start : place.end], numbers
