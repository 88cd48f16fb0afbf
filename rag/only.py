"""A question to what it says to keep to, and whom it leaves out: `only CICC`, `from CICC only`, `只看中金`, `仅中信证券和海岳的周报`,
`only English reports`; `brokers other than CICC`, 除中金外."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

What = Literal["publisher", "kind", "language", "days"]

_JOINER = re.compile(  # over a text without doubled blanks
    r"(?:,|、|和|与|及|或|以及|还有|的|&|/|'s|\band\b|\bor\b|\bthe\b|\s)*"
    r"|(?:'s)? ?的?(?:研究报告|研报|报告|\breports?\b|\bresearch\b|\bnotes\b) ?(?:published\b)? ?"
)
_BEFORE = re.compile(
    r"(?:(?<!not )\b(?:only|just|solely|exclusively|(?:limit(?:ed)?|restrict(?:ed)?)(?:\s+\w+){0,3}?\s+to)"
    r"(?:\s+(?:use|show|search|consider|what|reports?|research|notes|views?|by|from|of|in|on|at|according|to|the))*\s+"
    r"|(?<!不)(?:只|仅|单独|唯独)(?:需要?|能|想|准)?(?:是|看|用|限|限于|要|参考|考虑|查|查看|搜|搜索|检索|根据|基于|依据|引用|从|以|在|来自|按)?(?:来自|于)?\s*)$"
)
_BEHIND = re.compile(r"(?:'s)?(?:\s+(?:reports?|research|notes|views?|documents))?,?\s+(?:only|alone|exclusively)\b")
_EXCEPT = re.compile(
    r"(?:(?<!不)除(?:了|去|开)?|不要看?|不看|不含|不包括|排除|剔除|撇开"
    r"|\b(?:except(?: for)?|excluding|other than|besides|apart from|without|not (?:by|from)))\s*$"
)
_BEYOND = re.compile(r"(?:'s)?\s+(?:reports?|research|notes)\b,?|(?:的?(?:研究报告|研报|报告))?(?:之?以?外)?[,，:：]?")
_OWN = re.compile(r"\s*(?:'s?\b|的)")  # besides CICC's target price: CICC is asked about
_TAIL = re.compile(
    r"(?:'s)?\s*(?:的?(?:研究报告|研报|报告|观点|材料|来源|内容)|\b(?:reports?|research|notes)\b)?(?:里|中|内)?[,，:：]?"
)
_LANGUAGES = re.compile(
    r"(?P<zh>\bchinese(?=\s+(?:\w+\s+)?(?:reports?|research|notes|sources))|中文)|(?P<en>\benglish(?=\s+(?:\w+\s+)?(?:reports?|research|notes|sources))|英文)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names, and where: `text[start:end]`. `value` is a canonical name."""

    what: What
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Only:
    """What a text keeps to or leaves out, and where it says so, the words for it included."""

    names: tuple[Named, ...]
    start: int
    end: int


def find_languages(folded: str) -> tuple[Named, ...]:
    """`English reports`, 中文: the languages of reports that a folded text names."""
    return tuple(
        Named("language", "zh" if match["zh"] else "en", *match.span()) for match in _LANGUAGES.finditer(folded)
    )


def find_only(folded: str, named: Sequence[Named]) -> Only | None:
    """The first run of names, parted by no more than `and` and the like, that a word for `only` stands by."""
    ordered = sorted(named, key=lambda one: (one.start, one.end))
    for run in _runs(folded, ordered):
        start, end = run[0].start, max(one.end for one in run)
        before, behind = _BEFORE.search(folded[:start]), _BEHIND.match(folded, end)
        if before or behind:
            tail = _TAIL.match(folded, end)
            closing = behind.end() if behind else tail.end() if tail else end
            return Only(tuple(run), before.start() if before else start, closing)
    return None


def find_except(folded: str, houses: Sequence[Named]) -> Only | None:
    """The first run of publishers that a word for `except` stands by."""
    for run in _runs(folded, sorted(houses, key=lambda one: (one.start, one.end))):
        start, end = run[0].start, max(one.end for one in run)
        before, beyond = _EXCEPT.search(folded[:start]), _BEYOND.match(folded, end)
        closing = beyond.end() if beyond else end
        if before and not (closing == end and _OWN.match(folded, end)):
            return Only(tuple(run), before.start(), closing)
    return None


def _runs(folded: str, ordered: Sequence[Named]) -> list[list[Named]]:
    runs: list[list[Named]] = []
    for one in ordered:
        last = max((other.end for other in runs[-1]), default=0) if runs else 0
        if runs and (one.start <= last or _JOINER.fullmatch(folded, last, one.start)):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
