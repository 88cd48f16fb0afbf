"""A sentence and a page that holds all of its numbers to what the page says otherwise: other figures for that subject or
year, another subject, the opposite, less certainly, less superlatively. Both are in one language; words decide, no model."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.binding import SAID_OF_ALL, crossed, of_one_row, other_column, other_row, unnamed
from rag.domain import Language
from rag.exact import is_quote, is_row_of
from rag.joined import joined
from rag.measured import market_of_one, other_measure, unmoved
from rag.names import other_name
from rag.numbers import Number, is_year
from rag.places import holding
from rag.quantities import agree, claimed, is_date
from rag.say import say
from rag.segments import Segment, align, clauses_of, segments_of
from rag.swapped import cut_off, of_all, of_some, other_subject, swapped
from rag.years import other_year

Kind = Literal["figure", "period", "name", "direction", "negation", "hedge", "superlative", "share", "unnamed"]
GRAVE: frozenset[Kind] = frozenset({"figure", "period", "name", "direction", "negation"})

_MARGIN = 0.15  # by which a segment with another figure must say more of the clause
_TELLING = 4  # words from which a clause tells what its figures are of
_SAME_SUBJECT = 0.5  # share of a clause's words that a segment with another figure must have
_SAME_FACT = 0.4  # share of a clause's words from which two clauses speak of one fact
_NEUTRAL = re.compile(r"[涨跌降增减升]幅|增速|增长率|少增|少减|多减|year[- ]on[- ]year|down ?payment|增持|减持")
_VERY = "(?:较为?|偏|很|更|极|相对)"
_OPPOSITES = (  # (what goes up, what goes down); a clause with both says neither
    (
        re.compile(
            r"增|升|涨|上调|提高|提升|扩大|走阔|走高|改善|好转|\b(?:rose|rise[sn]?|rising|increas\w+|grew|grow[ns]?|growing|gain\w*|climb\w*"
            r"|improv\w+|rais(?:e[sd]?|ing)|widen\w*|expand\w*|strengthen\w*|added\b.{0,20}\bto|accelerat\w+|upgrad\w+)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"减|降|跌|下调|下滑|收窄|缩小|回落|走低|恶化|转弱|\b(?:fell|fall(?:s|en|ing)?|declin\w+|decreas\w+|drop\w*|reduc\w+|narrow\w*"
            r"|shr[aiu]nk\w*|contract(?:ed|s|ing)|weaken\w*|slow(?:ed|s|ing)|took\b.{0,30}\boff|weigh(?:ed|s)? on|slipp?(?:ed|s)|slid(?:es?)?|cut(?:s|ting)?|downgrad\w+|worsen\w*)\b",
            re.IGNORECASE,
        ),
    ),
    (re.compile(r"放量"), re.compile(r"缩量")),
    *(
        (
            re.compile(rf"{_VERY}{much}|不(?:太|算|够)?{little}(?!于|过)"),
            re.compile(rf"{_VERY}{little}|不(?:太|算|够)?{much}(?!于|过)"),
        )
        for much, little in ("高低", "大小", "强弱", "多少", "快慢")
    ),
    (
        re.compile(r"继续|\bcontinu(?:e[sd]?|ing) to\b", re.IGNORECASE),
        re.compile(r"开始|\b(?:began|begins?|begun|start(?:s|ed)?) to\b", re.IGNORECASE),
    ),
    (re.compile(r"净流入|流入|inflows?", re.IGNORECASE), re.compile(r"净流出|流出|outflows?", re.IGNORECASE)),
    (re.compile(r"盈利|profit", re.IGNORECASE), re.compile(r"亏损|\bloss(?:es)?\b", re.IGNORECASE)),
    (
        re.compile(
            r"高于|超过|多于|好于|优于|领先|\b(?:above|exceed\w*|higher than|more than|over|beat|better than)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"低于|不足|少于|不及|逊于|落后|\b(?:below|lower than|less than|under|miss(?:ed|es)?|worse than)\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(r"买入|增持|overweight|\bbuy\b", re.IGNORECASE),
        re.compile(r"卖出|减持|underweight|\bsell\b", re.IGNORECASE),
    ),
)
_NOT = re.compile(
    r"(?<!永)无需|无须|不(?!(?:太|算|够)?[高低大小多强弱快慢](?!于|过)|断|仅|少|同|过|及|足|等|良|动产|锈|但|管|论|只|久|可或缺)|没有|未(?!来|必|央)|并非|难以|尚无"
    r"|\b(?:not|no|without|never|neither|nor|cannot|unable|fail(?:s|ed)? to|unlikely|non-?(?:deductible|taxable|recurring|binding|refundable|compliant|exclusive))\b|n['’]t\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"可能|或将|或(?=[为达在有能继])|有望|预计|预期|拟|(?<!激励)(?<!持股)(?<![回认]购)(?<![增减]持)(?<!奖励)计划(?!草案|的|于|中|在)|目标|估计|预测|假设|若|如果|力争|\b(?:may|might|could|would|expect\w*|likely|plans?|planned|targets?"
    r"|forecast\w*|estimat\w+|guid\w+|if|should|potential\w*|projected|anticipat\w+|intend\w*|aims?|believe\w*)\b|\d[Ee]\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"最(?!近|新|后|终|多达|佳实践)|首次|首家|唯一|第一(?!季|批|期|步|阶段)|历史新高|\b(?:most|largest|biggest|highest|lowest|best|first(?! (?:quarter|half|nine|six|three|time))|only(?! (?:about |around |some |[$€£])?(?:\d|one|two|three|four|five|six|a (?:few|third|quarter|half)))|record(?!ed|ing|s)|fastest|smallest|leading|worst)\b",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(  # a measure set beside another
    r"占比|占(?!有)[^，。；]{0,20}(?:比例|比重|份额|百分比)|\bas a (?:percent(?:age)?|share|proportion|ratio|%) of\b|(?:%|\bpercent(?:age)?) of\b(?=[^,.;]*\b(?:sales|revenues?|income|assets)\b)",
    re.IGNORECASE,
)
_ANY_SHARE = re.compile(
    r"占|比例|比重|份额|百分比|率|\b(?:shares?|ratios?|margins?|proportion|portion|percent(?:age)?s? of|accounted|accounts|represent\w*|rates?)\b|% of\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\b(?:Best|Most|First|Record|Leading|Only)(?= [A-Z])")  # Best Buy


@dataclass(frozen=True, slots=True)
class Fault:
    """What a page says otherwise, with the segment that says it; `text` is its wording's name in rag/say.py."""

    kind: Kind
    text: str
    segment: Segment
    values: Mapping[str, object] = field(default_factory=dict)

    def reason(self, language: Language) -> str:
        return say(self.text, language, shown=_shown(self.segment), **self.values)


def find_faults(sentence: str, page_text: str, about: str = "", given: Collection[Number] = ()) -> list[Fault]:
    """The faults of a sentence beside the page, clause by clause; an exact quote has none.

    `about` names the report. Figures that are `given`, reckoned from the page, stand nowhere on it.
    """
    if is_quote(sentence, page_text) or is_row_of(sentence, page_text):
        return []
    page = segments_of(page_text)
    found: list[Fault] = list(_misplaced(sentence, page_text, page, given))
    aligned: list[Segment] = []
    is_hedged = _HEDGE.search(sentence) is not None
    for clause in clauses_of(sentence):
        best = align(clause, page)
        if best is not None:
            aligned.append(best)
            clause = replace(clause, numbers=tuple(n for n in clause.numbers if n not in given))
            found += _of_clause(clause, best, page, page_text, about, is_hedged)
    found += _of_others(sentence, page_text, about)
    sentences = {segment.sentence for segment in aligned}
    around = " ".join(segment.text for segment in page if segment.sentence in sentences)
    if aligned and _MOST.search(_NAMES.sub(" ", sentence)) and not _MOST.search(_NAMES.sub(" ", around)):
        found.append(Fault("superlative", "no_superlative", aligned[0]))
    if aligned and market_of_one(sentence, about, around):
        found.append(Fault("name", "other_subject", aligned[0]))
    if aligned and not given and _SHARE_OF.search(sentence) and not _ANY_SHARE.search(around):
        found.append(Fault("share", "no_share", aligned[0]))
    return found


def _of_clause(
    clause: Segment, best: Segment, page: Sequence[Segment], page_text: str, about: str, is_hedged: bool
) -> Iterator[Fault]:
    swapped = _swapped(clause, page, page_text)
    if swapped is not None:
        yield Fault("figure", "other_figures", swapped)
    other = other_name(clause, best, page, page_text, about)
    if other is not None:
        yield Fault("name", other.text, best, {"names": ", ".join(other.names)})
    if best.is_cell or best.says(clause.terms) < _SAME_FACT:
        return
    near = _with_the_next_two(best, page)
    if any(_opposed(clause.text, best.text, near, pair) for pair in _OPPOSITES):
        yield Fault("direction", "opposite", best)
    elif bool(_NOT.search(clause.text)) != bool(_NOT.search(best.text)) and clause.numbers == () == best.numbers:
        yield Fault("negation", "one_denies", best)
    elif _NOT.search(best.text) and not _NOT.search(clause.text) and not _opposite_words(clause.text, best.text):
        yield Fault("negation", "denied", best)
    if _HEDGE.search(best.text) and not is_hedged:
        yield Fault("hedge", "less_surely", best)


def _of_others(sentence: str, page_text: str, about: str) -> Iterator[Fault]:
    """What the page says of somebody or something else, or says of one whom the sentence leaves out."""
    for segment in (
        swapped(sentence, page_text),
        other_subject(sentence, page_text),
        of_some(sentence, page_text),
        of_all(sentence, claimed(sentence), page_text, about),
    ):
        if segment is not None:
            yield Fault("name", "other_subject", segment)
    cut = cut_off(sentence, page_text) or joined(sentence, page_text)
    if cut is not None:
        yield Fault("unnamed", "cut_off", cut)


# --- figures ---------------------------------------------------------------------------------------------------------


def _swapped(clause: Segment, page: Sequence[Segment], text: str) -> Segment | None:
    """A segment that says plainly more of the clause than any that has its figure, and has another figure of its kind.

    Several figures that one sentence or row has are of it where that says as much.
    """
    figures = [
        number for number in clause.numbers if not is_year(number) and not is_date(clause.text, _in(clause, number))
    ]
    places = holding(figures, text) if len(figures) > 1 else ()
    together = max((len(clause.terms & place.terms) / len(clause.terms) for place in places), default=0.0)
    free = [segment for segment in page if not any(_states(segment, number) for number in figures)]
    for number in figures if len(clause.terms - SAID_OF_ALL) >= _TELLING else ():
        shares = [segment.says(clause.terms) for segment in page if _states(segment, number)]
        rivals = [segment for segment in free if _has_kind(segment, number)]
        best = max(rivals, key=lambda segment: segment.says(clause.terms), default=None)
        said = best.says(clause.terms) if best is not None else 0.0
        if shares and said >= _SAME_SUBJECT and said > max(*shares, together) + _MARGIN:
            return best
    return None


def _in(clause: Segment, number: Number) -> Number:
    return replace(number, start=number.start - clause.start, end=number.end - clause.start)


def _states(segment: Segment, number: Number) -> bool:
    return any(agree(number, other) for other in segment.numbers)


def _has_kind(segment: Segment, number: Number) -> bool:
    """Whether a figure of the segment could stand in for the number; a cell's magnitude stands in its table's unit."""
    return any(
        other.rate == number.rate
        and (other.scale == number.scale or (segment.is_cell and other.scale is None))
        and not is_year(other)
        for other in segment.numbers
    )


def _misplaced(sentence: str, page_text: str, page: Sequence[Segment], given: Collection[Number]) -> Iterator[Fault]:
    """Figures that the page has of another year, another thing, another column."""
    numbers = tuple(number for number in claimed(sentence) if number not in given)
    year = other_year(sentence, numbers, page_text)
    if year is not None:
        segment, there, here = year
        yield Fault("period", "other_year", segment, {"there": there, "here": here})
    for rival in (
        crossed(sentence, numbers, page_text),
        other_column(sentence, numbers, page),
        other_row(sentence, numbers, page_text),
        other_measure(sentence, numbers, page_text),
        unmoved(sentence, numbers, page_text),
    ):
        if rival is not None:
            yield Fault("figure", "other_figures", rival)
    things = unnamed(sentence, numbers, page_text) or of_one_row(sentence, numbers, page, page_text)
    if things is not None:
        yield Fault("unnamed", "of_several", things)


# --- directions ------------------------------------------------------------------------------------------------------


def _with_the_next_two(best: Segment, page: Sequence[Segment]) -> str:
    """The segment and the two after it in its sentence, which may tell where its figure goes."""
    following = [segment for segment in page if segment.sentence == best.sentence and segment.start >= best.end]
    return " ".join((best.text, *(segment.text for segment in following[:2])))


def _opposed(claim: str, own: str, near: str, pair: tuple[re.Pattern[str], re.Pattern[str]]) -> bool:
    said = _direction(claim, pair)
    there = _direction(own, pair)
    if there is None and not _has_either(own, pair):
        there = _direction(near, pair)
    return said is not None and there is not None and said != there


def _direction(text: str, pair: tuple[re.Pattern[str], re.Pattern[str]]) -> bool | None:
    """Whether a clause says that something goes up; None where it says neither, or both."""
    plain = _NEUTRAL.sub(" ", text)
    up, down = (bool(pattern.search(plain)) for pattern in pair)
    return None if up == down else up


def _has_either(text: str, pair: tuple[re.Pattern[str], re.Pattern[str]]) -> bool:
    plain = _NEUTRAL.sub(" ", text)
    return any(pattern.search(plain) for pattern in pair)


def _opposite_words(one: str, other: str) -> bool:
    """Whether the clauses go opposite ways by their words, so that a denial makes them agree (not fell: rose)."""
    return any(
        _direction(one, pair) is not None and _direction(one, pair) != _direction(other, pair) for pair in _OPPOSITES
    )


def _shown(segment: Segment) -> str:
    text = segment.text.strip(" ,，;；")
    return text if len(text) <= 80 else text[:79] + "…"
