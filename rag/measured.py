"""A claim whose figures all stand on the page, and whether they stand there for what it says is measured.

`The investment is 17.2 万吨` of a page that has 17.2 万吨 of capacity; the size of a market told of one company. Words are
compared by their characters, since a page may say 营业收入 for 营收. Chinese only: its measures stand right before the verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.numbers import Number, is_year
from rag.quantities import agree, is_date
from rag.segments import Segment, segments_of

_MEASURE = re.compile(
    r"(?P<told>[一-鿿]{2,8}?)(?:约|预计|预期|将|分别|依次|合计|累计|已|均|大约|可|有望|也|就|仅|只|则|高)*(?:为|达到?|是|由|从)(?:了)?(?:约|近|超过?|逾|至)?(?:\d{2,4}\s?年(?:末|底|初)?的)?\s*$"
)
_RATE = re.compile(r"(?:率|比例|占比|比重|份额)$")
_AMOUNT = re.compile(r"\s?[千万亿]*(?:吨|元|家|人|股|平方米|平米|公里|箱|瓶|头)")  # behind the figure
_FROM = re.compile(r"(?:从|由|\bfrom)(?:[^\W\d]|\s|\d{4}\s?年)*$", re.IGNORECASE)
_TO = re.compile(
    r"[^\d，。；,;]{0,12}(?:升|降|增|减|提高|提升|回落|下滑|扩大|收窄)[^\d，。；,;]{0,4}|\s(?:in \d{4} )?to\s",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"(?:分别|依次|合计|累计|共计|总计|预计|预期|大约|其中|两者|三者|已经|目前|现在|则|将|均|共|约)+"
)
_LONGEST = 6  # characters before the verb
_BEFORE = 2  # clauses that may say what a figure of the next one measures
_SHARED = 0.34  # share of them that the page must have by the figure
_MARKET = re.compile(
    r"(?:市场|行业)(?:总?规模|容量|空间|增速|集中度|需求)|\b(?:market|industry)(?:'s)? (?:size|growth|capacity)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"^\s*(?P<name>[^，。；,;的\s]{2,12})的[^，。；]{0,14}$")


def other_measure(sentence: str, claimed: Sequence[Number], text: str) -> Segment | None:
    """The segment of a figure of the claim that stands nowhere beside what the claim says it measures."""
    figures = [n for n in claimed if not is_year(n) and not is_date(sentence, n)]
    for number in figures:
        match = _MEASURE.search(sentence[: number.start])
        measure = set(match["told"][-_LONGEST:]) if match and not _SAYS_NOTHING.fullmatch(match["told"]) else set()
        page = segments_of(text)
        stating = [i for i, segment in enumerate(page) if any(agree(number, n) for n in segment.numbers)]
        if len(measure) < 2 or not stating:
            continue
        if match and number.rate is None and _RATE.search(match["told"]) and _AMOUNT.match(sentence, number.end):
            return page[stating[0]]
        if all(len(measure & set(_around(page, i))) < _SHARED * len(measure) for i in stating):
            return page[stating[0]]
    return None


def unmoved(sentence: str, claimed: Sequence[Number], text: str) -> Segment | None:
    """The segment of a figure that a sentence says has moved to itself: `rose from 70.05% to 70.05%`."""
    for one, other in pairwise(claimed):
        if (one.value, one.rate) == (other.value, other.rate) and _FROM.search(sentence[: one.start]):
            stating = [s for s in segments_of(text) if any(agree(one, n) for n in s.numbers)]
            if stating and _TO.fullmatch(sentence[one.end : other.start]):
                return stating[0]
    return None


def _around(page: Sequence[Segment], index: int) -> str:
    """A clause with the two before it in its sentence; of a row all of it."""
    own = page[index]
    return "".join(s.text for s in page[max(0, index - _BEFORE) : index + 1] if s.sentence == own.sentence)


def market_of_one(sentence: str, about: str, around: str) -> str | None:
    """The company of the report to which a sentence gives a market, where the page beside it names neither it nor a company."""
    market = _MARKET.search(sentence)
    owner = _NAME.match(sentence[: market.start()]) if market else None
    name = owner["name"].removesuffix("公司") if owner else ""
    return name if name and name in about and name not in around and "公司" not in around else None
