"""The headings of a report to its parts: its own chapters, each with the headings below it, and its cover before them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from rag.paragraphs import Heading, Read

SUMMARY = re.compile(
    r"^\W*(?:(?:报告|内容|文章)?摘\s*要|核心(?:观点|结论|要点)|(?:投资|报告)要点|\S{2,6}观点[:：]?$|本期内容提要|要点$|(?:executive )?summary\b|key (?:points|takeaways|messages)"
    r"|highlights|abstract|investment (?:case|thesis|summary)|at a glance)",
    re.IGNORECASE,
)
RISK = re.compile(  # of a heading, or at the start of a paragraph
    r"^[\W\d一二三四五六七八九十]*(?:(?:主要|投资|相关|重大|重要|公司)*风险(?:提示|因素|分析|揭示|事件)*(?=\W|$)|可能面对的风险|(?:item 1a\W*)?(?:key |main |principal |investment )?risks?(?: factors| to (?:the|our) \w+)?(?![-\w]))",
    re.IGNORECASE,
)
RISKY = re.compile(r"风险|不及预期|低于预期|不确定|加剧|\brisks?\b|uncertain|adverse", re.IGNORECASE)
_SKIPPED = re.compile(
    r"^[\W\d一二三四五六七八九十]*(?:附录|附表|附注|附[:：]|(?:公司|主要)?财务(?:报表|预测|摘要|指标|数据|报告)|盈利预测(?:表|明细)|相关(?:研究)?报告|报告汇总|参考文献"
    r"|(?:图表|内容|正文)?目\s*录|图表索引|免责|法律声明|重要声明|(?:证券)?分析师|研究团队|联系人|(?:投资)?评级(?:体系|说明|标准|定义)|释义|信息披露|备查"
    r"|appendix|references|bibliography|disclaimer|disclosures?|contents|contacts?|analysts?|exhibits?|signatures?|conference call|about\s(?-i:[A-Z])|forward\W?looking|cautionary|safe harbou?r|non-gaap|investor (?:relations|contact)|use of non)",
    re.IGNORECASE,
)
_NUMERALS = "一二三四五六七八九十"
_STYLES = (  # outermost first
    re.compile(rf"^第\s*([{_NUMERALS}]{{1,3}}|\d{{1,2}})\s*[章节部]|^(?:part|chapter)\s+([IVX]+|\d+)\b", re.IGNORECASE),
    re.compile(rf"^([{_NUMERALS}]{{1,3}})\s*[、.．]|^item\s+(\d+[A-C]?)\b", re.IGNORECASE),
    re.compile(r"^(\d{1,2})(?:\s*[.．、](?!\d)|(?=(?:[.．]\d{1,2})+)|\s+(?=\S*[^\d\s.%年月日/]))"),
)
_SUB = re.compile(r"^(\d{1,2}[.．]\d{1,2})(?!\d)")
_FEWEST_PARTS = 3
_SAME_SIZE = 0.3  # points


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: its heading and the numbers of the headings in it. `role` tells cover, risk, skipped or body."""

    heading: str
    members: frozenset[int]
    role: str


def parts_of(read: Read) -> list[Part]:
    """The parts in reading order; the cover first."""
    start = _body_start(read)
    body = list(range(start, len(read.headings)))
    cover = Part("", frozenset(range(start)), "cover")
    held = Counter(paragraph.heading for paragraph in read.paragraphs)
    groups = max(
        (_grouped(read.headings, body, key) for key in _keys([read.headings[i] for i in body])),
        key=lambda groups: _worth(groups, held),
        default=[],
    )
    return [
        cover,
        *(Part(_title(read.headings[g[0]].text), frozenset(g), _role(read.headings[g[0]].text)) for g in groups),
    ]


def _worth(groups: Sequence[Sequence[int]], held: Counter[int]) -> tuple[bool, int]:
    """The coarsest grouping that has parts enough, else the finest."""
    filled = sum(1 for group in groups if sum(held[i] for i in group))
    return (filled >= _FEWEST_PARTS, -filled if filled >= _FEWEST_PARTS else filled)


def _body_start(read: Read) -> int:
    """The number of the first heading of the body: after the contents, else after the cover's summary."""
    numbers = range(1, len(read.headings))
    if read.contents is not None:
        return next((i for i in numbers if read.headings[i].page > read.contents), len(read.headings))
    last = next((i for i in numbers if read.headings[i].page <= 1 and SUMMARY.match(read.headings[i].text)), None)
    if last is None:
        return next((i for i in numbers if _number(read.headings[i].text) or read.headings[i].page > 0), 1)
    return last + 1


_Key = Callable[[Heading], str | None]
"""Tells the part that a heading begins; None: it belongs to the part before."""


def _keys(headings: Sequence[Heading]) -> list[_Key]:
    """Ways to group the headings, coarse to fine: by their numbers where they have some, else by size."""
    for style in _STYLES:
        numbers = {found[0] for heading in headings if (found := style.match(heading.text))}
        if len(numbers) >= _FEWEST_PARTS:
            return [partial(_by_number, (style,)), partial(_by_number, (_SUB, style))]
    sizes = sorted({round(heading.size, 1) for heading in headings}, reverse=True)
    return [partial(_by_size, size) for size in sizes]


def _by_number(styles: Sequence[re.Pattern[str]], heading: Heading) -> str | None:
    return next((key for style in styles if (key := _first_group(style, heading.text))), None)


def _by_size(size: float, heading: Heading) -> str | None:
    return heading.text if heading.size >= size - _SAME_SIZE else None


def _first_group(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.match(text)
    return None if found is None else next(group for group in found.groups() if group)


def _grouped(headings: Sequence[Heading], body: Sequence[int], key: _Key) -> list[list[int]]:
    groups: list[list[int]] = []
    last: str | None = None
    for i in body:
        named = key(headings[i])
        ends = _SKIPPED.search(headings[i].text) is not None or RISK.match(headings[i].text) is not None
        if not groups or (named is not None and named != last) or (named is None and ends):
            groups.append([i])
            last = named
        else:
            groups[-1].append(i)
    return groups


def _number(text: str) -> bool:
    return any(style.match(text) for style in _STYLES)


def _role(heading: str) -> str:
    if _SKIPPED.search(heading):
        return "skipped"
    return "risk" if RISK.match(heading) else "body"


def _title(heading: str) -> str:
    return heading.rstrip(":： ")
