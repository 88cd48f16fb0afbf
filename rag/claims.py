"""A sentence or table row to what it states of given subjects: figures with their period, and directions.

Only the plain form counts, so that what is set beside another claim means the same: the subject bare of other words (not
`gross margin of fried dough`), its period named in the sentence, as many figures as periods (`2022-2024年净利润分别为1.03、
1.43和1.76亿元`); a direction right behind its subject and not denied, asked or supposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rag.candidates import Candidate, Row
from rag.numbers import Number, find_numbers
from rag.on_topic import row_label
from rag.text import fold, is_han

_FILLER = re.compile(  # what may stand before a subject without narrowing it
    r"公司|其|我们|本公司|预计|预测|预期|估计|测算|综上|因此|认为|将|可|有望|实现|整体|综合|全年|全部|对应|相应|分别|的|年度?|在|中|则|且|并|由此|当前|维持|给予"
    r"|\b(?:we|expect|forecast|estimate|see|now|that|and|the|its|our|their|for|with|a|of|full[- ]year|group|company(?:'s)?|total)\b"
    r"|[\s,，:：;；、（）()—-]"
)
_LINK = re.compile(  # what may stand between a subject and its figures
    r"(?:(?:将|可|有望|预计|预期|分别|约|大约|接近|逾|超|近|为|是|达到?|至|到|有|实现|录得|增长至|提升至|下降至|上升至|水平|：|:|\s"
    r"|\b(?:will|to|be|is|was|were|are|of|at|reach(?:ed|es)?|about|around|some|total(?:s|led|ling)?|rise|fall|come|in)\b)\s*)*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s*(净流入|净流出|流入|流出|同比增长|同比增速|同比下降|增速|增长率|复合增速|增长|下降)")
_DOWN_TAIL = ("同比下降", "下降")
_BETWEEN = re.compile(r"\s*(?:、|/|，|,|;|；|和|及|与|\band\b)?\s*", re.IGNORECASE)
_UNIT = re.compile(r"\s*(港元|美元|欧元|人民币|元|倍|股|吨|点|x\b|p\b)", re.IGNORECASE)
_CURRENCY = re.compile(r"[$¥€£]|\b(?:rmb|usd|hkd|hk\$|us\$)\s?", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)((?:20)?\d\d)\s*[aef]?\s*(?:-|–|—|~|～|至|到)\s*((?:20)?\d\d)\s*[aef]?\s*年")
_YEARS = re.compile(r"(?<![\d.])((?:20)?\d\d(?:\s*年?[ae]?\s*[、/]\s*(?:20)?\d\d)+)\s*[ae]?\s*年")
_PERIOD = re.compile(
    r"(?<![\d.,])(?:fy\s?)?(20\d\d|\d\d(?=\s*年))\s*(?:[aef](?![a-z]))?\s*年?"
    r"(?:\s*(?:前?第?([一二三四])个?季度|(前三季度)|([上下])半年|(q[1-4])|(h[12])|(\d{1,2})月))?"
    r"|(?<!\d)(?:([1-4]q|q[1-4]|[12]h|h[12])\s?'?(\d\d))(?!\d)"
)
_UNSURE = re.compile(
    r"如果|若|假设|假如|一旦|风险|反方|流行的说法|市场：|不及|是否|？|\?|\bif\b|\bwould\b|\brisks?\b|\bunless\b|\bassum"
)
_OUTLOOK = re.compile(
    r"将|有望|预计|预期|未来|会|目标|\b(?:will|expect\w*|forecast\w*|likely|should|outlook|next)\b|\d\s?[ef]\b"
)
_ADVERBS = re.compile(
    r"(?:指数|水平|中枢|整体|将|有望|或将|或|会|已经?|正|持续|继续|进一步|逐步|逐渐|明显|大幅|小幅|显著|稳步|稳中有|同比|环比|仍|仍会|会|预计|呈现|处于|所|有所|快速|温和|再|还|走势|趋势|向|了"
    r"|\b(?:index|will|would|to|is|are|was|has|have|been|be|should|expected|likely|further|again|continue[sd]?|keep|kept)\b|\s)*"
)
_UP = re.compile(
    r"上涨|上升|回升|走高|走阔|扩大|提升|提高|增长|增加|改善|上行|反弹"
    r"|(?:rise|rising|rose|risen|widen\w*|increas\w+|grow\w*|grew|improv\w+|expand\w*|climb\w*|higher)\b"
)
_DOWN = re.compile(
    r"下降|下跌|下滑|回落|走低|收窄|缩小|下行|降低|减少|恶化|承压"
    r"|(?:fall\w*|fell|narrow\w*|declin\w+|decreas\w+|shr[aiu]nk\w*|drop\w*|lower|weaken\w*)\b"
)
_MAGNITUDE = re.compile(
    r"(百万|千万|万亿|万|亿|千)?(元|港元|美元|倍|%)|(million|billion|mn|bn|m|bn)\b|(%)", re.IGNORECASE
)
# Quantities that a report gives of segments too: in prose only what is said of the whole counts, of rows those of a summary.
_SEGMENTED = re.compile(r"率$|收入|营收|销量|成本|margin|revenue|sales", re.IGNORECASE)
_WHOLE = re.compile(r"公司|整体|综合|合计|集团|\b(?:company|group|overall|total)\b")
_SUMMARY = re.compile(r"财务|预测|指标|摘要|利润表|financ|forecast|summary|key|income", re.IGNORECASE)
_HAN_PART = {"一": "Q1", "二": "Q2", "三": "Q3", "四": "Q4", "上": "H1", "下": "H2"}
_MOST_PERIODS = 8
_MILLION = Decimal(10) ** 6


@dataclass(frozen=True, slots=True)
class Subject:
    """What claims are about, by all its folded names; `name` is for showing."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a text states of a subject in a period ("" where it names none).

    A figure has its `value` in full and `step`, one unit of its last digit; a direction has neither, and `says` is up or down.
    """

    subject: str
    period: str
    says: str
    value: Decimal | None = None
    step: Decimal = Decimal(0)
    unit: str = ""
    outlook: bool = False


def find_statements(candidate: Candidate, subjects: Sequence[Subject], names: Iterable[str]) -> Iterator[Statement]:
    """`names` are those of the company spoken of, which may stand before a subject; none: the topic is about no company."""
    if candidate.row is not None:
        yield from _of_row(candidate.row, subjects)
        return
    text = fold(candidate.text)
    if len(text) != len(candidate.text) or _UNSURE.search(text):
        return
    found = list(_subjects(text, subjects))
    periods = list(_periods(text))
    own = [fold(name) for name in names]
    for (subject, start, end), following in pairwise([*found, (None, len(text), len(text))]):
        assert subject is not None
        if _is_bare(text, start, periods, own) and _is_of_whole(text[:start], subject, own):
            yield from _figures(text, subject, end, following[1], start, periods)
            yield from _direction(text, subject, end, start, periods)


def _subjects(text: str, subjects: Sequence[Subject]) -> Iterator[tuple[Subject | None, int, int]]:
    """Where subjects are named, the longest name at each place."""
    named = sorted(((name, s) for s in subjects for name in s.names), key=lambda one: -len(one[0]))
    if not named:
        return
    of = dict(reversed(named))
    pattern = "|".join(
        re.escape(name) if is_han(name[0]) else rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" for name, _ in named
    )
    for match in re.finditer(pattern, text):
        yield of[match[0]], match.start(), match.end()


def _periods(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Expressions of periods: start, end, and the periods."""
    taken = text
    for pattern, read in ((_RANGE, _range), (_YEARS, _list), (_PERIOD, _single)):
        for match in pattern.finditer(taken):
            periods = read(match)
            if periods:
                yield match.start(), match.end(), periods
        taken = pattern.sub(lambda match: " " * len(match[0]), taken)


def _range(match: re.Match[str]) -> tuple[str, ...]:
    first, last = (_year(part) for part in match.groups())
    return tuple(map(str, range(first, last + 1))) if 0 < last - first < _MOST_PERIODS else ()


def _list(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(str(_year(part)) for part in re.findall(r"\d+", match[1]))


def _single(match: re.Match[str]) -> tuple[str, ...]:
    year, quarter, nine, half, q, h, month, code, short = match.groups()
    if code:
        part = code if code[0] in "qh" else code[::-1]
        return (f"{part.upper()} {_year(short)}",)
    part = _HAN_PART.get(quarter or half or "") or (q or h or "").upper()
    part = part or ("9M" if nine else f"{int(month)}月" if month else "")
    return (f"{part} {_year(year)}".strip(),)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _is_bare(text: str, start: int, periods: Sequence[tuple[int, int, tuple[str, ...]]], own: Sequence[str]) -> bool:
    """Whether nothing that narrows a subject stands before it in its clause."""
    before = text[:start]
    for a, b, _ in periods:
        if b <= start:
            before = before[:a] + "，" + " " * (b - a - 1) + before[b:]
    clause = re.split(r"[，,；;。:：]|(?<=\S) - |\bwhile\b", before)[-1]
    for name in own:
        clause = clause.replace(name, " ")
    return not _FILLER.sub("", clause)


def _is_of_whole(before: str, subject: Subject, own: Sequence[str]) -> bool:
    if not own or not _SEGMENTED.search(subject.name):
        return True
    clause = re.split(r"[，,；;。]", before)[-1]
    return _WHOLE.search(clause) is not None or any(name in clause for name in own)


def _figures(
    text: str,
    subject: Subject,
    end: int,
    until: int,
    start: int,
    periods: Sequence[tuple[int, int, tuple[str, ...]]],
) -> Iterator[Statement]:
    tail = _TAIL.match(text, end)
    at = _LINK.match(text, tail.end() if tail else end)
    numbers = _run(text, at.end() if at else end, until)
    before = [p for p in periods if p[1] <= start]
    behind = [p for p in periods if numbers and 0 <= p[0] - numbers[-1].end <= len(" in fy ")]
    of = max(before)[2] if before else min(behind)[2] if behind else ()
    if not numbers or len(numbers) != len(of):
        return
    last = numbers[-1]
    if re.match(r"[a-wyz]", text[last.end :]):  # a unit that is not known: £31m
        return
    unit = _UNIT.match(text, last.end)
    currency = _CURRENCY.search(text[max(0, numbers[0].start - 4) : numbers[0].start])
    measure = f"{subject.name}{tail[1] if tail else ''}"
    for number, period in zip(numbers, of, strict=True):
        scale, rate = number.scale or last.scale, number.rate or last.rate
        value = -abs(number.value) if tail and tail[1] in _DOWN_TAIL else number.value
        says = text[number.start : number.end].strip()
        if number is not last and number.scale is None and number.rate is None:
            says += text[last.start : last.end].lstrip("0123456789.,-").strip()
        shown = f"{says}{unit[1] if unit else ''}"
        name = rate or (unit[1] if unit else "") or (currency[0].strip() if currency else "")
        if name or scale is not None:  # a bare figure may be of anything
            yield _figure(measure, period, shown, value, scale, name, bool(_OUTLOOK.search(text)))


def _run(text: str, at: int, until: int) -> list[Number]:
    """Numbers one after the other from a place, parted by no more than commas and the like."""
    run: list[Number] = []
    for number in find_numbers(text[at:until]):
        place = run[-1].end if run else 0
        gap = text[at + place : at + number.start]
        if run and not _BETWEEN.fullmatch(_UNIT.sub("", gap)):
            break
        if not run and _CURRENCY.sub("", gap).strip(" (-+"):
            break
        run.append(number)
    return [
        Number(n.text, n.value, n.scale, n.rate, n.signless, n.start + at, n.end + at)
        for n in run
        if not (
            n.scale is None and n.rate is None and 1950 < n.value < 2100 and text[at + n.end : at + n.end + 1] == "年"
        )
    ]


def _figure(
    subject: str, period: str, says: str, value: Decimal, scale: Decimal | None, unit: str, outlook: bool
) -> Statement:
    exponent = value.as_tuple().exponent
    step = Decimal(10) ** (exponent if isinstance(exponent, int) else 0) * (scale or 1)
    return Statement(subject, period, says, value * (scale or 1), step, unit, outlook)


def _direction(
    text: str, subject: Subject, end: int, start: int, periods: Sequence[tuple[int, int, tuple[str, ...]]]
) -> Iterator[Statement]:
    at = _ADVERBS.match(text, end)
    place = at.end() if at else end
    says = "up" if _UP.match(text, place) else "down" if _DOWN.match(text, place) else ""
    clause = re.split(r"[，,；;。]", text[:start])[-1]
    if says:
        before = [p[2] for p in sorted(periods) if p[1] <= start]
        period = before[-1] if before else ()
        outlook = bool(_OUTLOOK.search(clause + text[end:place]))
        if len(period) <= 1:
            yield Statement(subject.name, "".join(period), says, outlook=outlook)


def _of_row(row: Row, subjects: Sequence[Subject]) -> Iterator[Statement]:
    """The figures of a row whose label is a subject, each of the period above it."""
    cells = row.grid.rows[row.index]
    label = fold(cells[0])
    bare = row_label(row)
    subject = next((s for s in subjects if bare in {name.replace(" ", "") for name in s.names}), None)
    if subject is None or (_SEGMENTED.search(subject.name) and not _SUMMARY.search(row.grid.title)):
        return
    told = _MAGNITUDE.search(label) or _MAGNITUDE.search(fold(row.grid.unit)) or _MAGNITUDE.search(fold(row.grid.title))
    said = told[0] if told else ""
    written = find_numbers(f"1{said}")[0] if said else None
    scale = written.scale if written else None
    if told and told[3] == "m":
        scale = _MILLION
    unit = (told[2] or told[4] or "") if told else ""
    for heading, cell in zip(row.grid.columns[1:], cells[1:], strict=True):
        numbers, periods = find_numbers(cell), [p[2] for p in _periods(fold(heading))]
        if len(numbers) == 1 and len(periods) == 1 and len(periods[0]) == 1:
            number, shown = numbers[0], f"{cell.strip()}{'' if numbers[0].rate else said}"
            outlook = bool(re.search(r"\d\s?[ef]\b", fold(heading)))
            rate = number.rate or unit
            if rate or scale is not None:
                yield _figure(subject.name, periods[0][0], shown, number.value, number.scale or scale, rate, outlook)
