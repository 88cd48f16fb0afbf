"""Candidate sentences to choices among them: the leads, the risks, the best that differ, a point with what bears it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.domain import Language
from rag.numbers import find_numbers
from rag.parts import RISK, RISKY, Part
from rag.salience import LEANS, Candidate, form, is_told
from rag.text import simplified

_FORECAST = re.compile(r"预计|预测|我们给予|测算|\b(?:forecast|expect|estimate|guidance)", re.IGNORECASE)
_MEASURE = re.compile(
    r"EPS|每股收益|净利|收入|营收|PE\b|市盈率|增速|年化|超额|夏普|胜率|IC|同比|增长|份额|%|earnings|revenue|profit|growth|margin|sales",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"(?:给予|维持|予以|评级|首次覆盖).{0,12}(?:评级|买入|增持|推荐|覆盖)|目标价|投资建议|建议(?:关注|投资者|配置|超配|逢低)|\brating\b|target price"
    r"|\bwe (?:initiate|recommend|maintain|prefer|keep)|\b(?:overweight|underweight)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"目前|长期以来|一直以来|广泛|是指|指的是|定义为|成立于|提出(?:的|了|用)|由\S{0,20}(?:提出|创立)|曾(?:于|介绍)|is a\b|was founded"
)
_CONCLUSION = re.compile(
    r"结果(?:显示|表明)|结论|我们认为|有望|看好|优于|龙头|将(?:受益|推动|带动|迎来)|\bwe (?:believe|think|see|expect)\b|results show|\bwill\b",
    re.IGNORECASE,
)
_FEWEST_LEADS = 3
_MOST_LEADS = 5
_LEAST_LEAD = 0.2
_PAGE_COST = 0.25  # what each chosen sentence of a page takes from the others of it
_REACH = 2  # sentences after a point that may bear it out
_SHORT_POINT = {"zh": 45, "en": 22}  # characters or words; a longer one stands alone
_LONGEST_BULLET = {"zh": 150, "en": 70}


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a report in reading order, and its parts."""

    language: Language
    parts: Sequence[Part]
    found: Sequence[Candidate]

    def is_risk(self, candidate: Candidate) -> bool:
        """Under a heading of risks, or said to be one; under one that names risks among others, by its words."""
        part, text = self.parts[candidate.part], simplified(candidate.text)
        if part.role == "risk" or RISK.match(text):
            return True
        return part.role == "body" and bool(RISKY.search(part.heading)) and bool(RISKY.search(text))

    def on_cover(self, candidate: Candidate) -> bool:
        return self.parts[candidate.part].role == "cover"

    def ordered(self, some: Iterable[Candidate]) -> list[Candidate]:
        """In reading order."""
        return sorted(some, key=lambda c: (c.paragraph, c.place))

    def risks(self) -> list[Candidate]:
        """In reading order: the cover's first."""
        return [c for c in self.found if self.is_risk(c)]

    def leads(self) -> list[Candidate]:
        """The thesis, then the other points that the cover makes, in its order; the best sentences where it makes none."""
        plain = [c for c in self.found if not self.is_risk(c)]
        cover = [c for c in plain if self.on_cover(c)]
        points = distinct(c for c in cover if c.point and c.score > _LEAST_LEAD and form(c.text) > LEANS)
        if len(points) < _FEWEST_LEADS:
            points = self.ordered(best(cover if len(cover) >= _FEWEST_LEADS else plain, _MOST_LEADS))
        thesis = max(points, key=_thesis_worth, default=None)
        return [] if thesis is None else [thesis, *(c for c in points if c is not thesis)]

    def ranked(self, wanted: Callable[[Candidate], bool]) -> list[Candidate]:
        """Those wanted, the cover's first, the best first."""
        some = [c for c in self.found if wanted(c) and not self.is_risk(c) and c.score > _LEAST_LEAD]
        return sorted(some, key=lambda c: (not self.on_cover(c), -c.score))

    def borne_out(self, point: Candidate) -> Candidate:
        """A short point together with the next sentences of its paragraph, two at most, until one has a figure."""
        if not point.point or length(point.text, self.language) > _SHORT_POINT[self.language]:
            return point
        told, last = point, point.place
        for candidate in self.found:
            if candidate.paragraph != point.paragraph or candidate.place <= point.place or candidate.page != point.page:
                continue
            joined = _joined(told, candidate, self.language)
            if (
                candidate.place > last + 1
                or last >= point.place + _REACH
                or find_numbers(told.text)
                or is_told(candidate, [told])
                or length(joined.text, self.language) > _LONGEST_BULLET[self.language]
            ):
                break
            told, last = joined, candidate.place
        return told


def _joined(one: Candidate, other: Candidate, language: Language) -> Candidate:
    gap = "" if language == "zh" else " "
    return replace(one, text=one.text + gap + other.text, terms=one.terms | other.terms)


def is_view(candidate: Candidate) -> bool:
    """Whether it says what to do: a rating, a target price, a recommendation."""
    return _VIEW.search(candidate.text) is not None


def is_number(candidate: Candidate) -> bool:
    """Whether it gives key figures: forecasts, results."""
    numbers = len(find_numbers(candidate.text))
    return (
        numbers >= 2
        and _MEASURE.search(candidate.text) is not None
        and (numbers >= 4 or _FORECAST.search(candidate.text) is not None or "%" in candidate.text)
    )


def distinct(some: Iterable[Candidate]) -> list[Candidate]:
    """Without those that say what one before them says."""
    kept: list[Candidate] = []
    for candidate in some:
        if not is_told(candidate, kept):
            kept.append(candidate)
    return kept


def best(some: Iterable[Candidate], most: int, told: Sequence[Candidate] = ()) -> list[Candidate]:
    """The best by worth, none saying what another or one of `told` says; a page that is cited already counts less."""
    chosen: list[Candidate] = []
    left = [c for c in some if not is_told(c, told)]
    while left and len(chosen) < most:
        pages = [c.page for c in chosen]
        found = max(left, key=lambda c: (c.score - _PAGE_COST * pages.count(c.page), -c.paragraph, -c.place))
        chosen.append(found)
        left = [c for c in left if not is_told(c, [found])]
    return chosen


def length(text: str, language: Language) -> int:
    """Characters of a Chinese text, words of an English one."""
    return len("".join(text.split())) if language == "zh" else len(text.split())


def _thesis_worth(candidate: Candidate) -> float:
    """What a report concludes is its thesis, before what it starts from and what it values a share at."""
    return (
        candidate.score
        + (0.3 if _CONCLUSION.search(candidate.text) else 0.0)
        - (0.5 if _BACKGROUND.search(candidate.text) else 0.0)
        - (0.6 if is_view(candidate) and is_number(candidate) else 0.0)
    )
