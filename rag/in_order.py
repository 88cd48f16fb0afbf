"""A sentence that tells several figures in the order of what they are of, to the words of each: `直营和经销的占比分别为41%和59%`,
`sales and costs were 12 and 9 million, respectively`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.numbers import Number, is_year
from rag.sparse import bigrams

_IN_ORDER = re.compile(r"分别|依次|respectively", re.IGNORECASE)
_AND = re.compile(r"和|与|及|、|以及|,\s|\band\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[，。；;：:]|[.!?]\s")
_REACH = 10  # characters of a Chinese name beside the `and`
_REACH_WORDS = 4
_NEXT = 12  # characters between figures that are told one by one


def in_order(text: str, numbers: Sequence[Number]) -> dict[int, frozenset[str]]:
    """The words that only the one thing has which a figure is of, by where the figure starts; none where it is not plain."""
    found: dict[int, frozenset[str]] = {}
    for mark in _IN_ORDER.finditer(text):
        figures = _figures(text, mark, [n for n in numbers if not is_year(n)])
        if len(figures) < 2:
            continue
        front = _CLAUSE.split(text[: min(mark.start(), figures[0].start)])[-1]
        parts = _AND.split(front)[-len(figures) :]
        if len(parts) < len(figures):
            continue
        words = [frozenset(bigrams(_name(part, is_last=i == len(parts) - 1))) for i, part in enumerate(parts)]
        own = [mine - frozenset().union(*words[:i], *words[i + 1 :]) for i, mine in enumerate(words)]
        if all(own):
            found |= {figure.start: mine for figure, mine in zip(figures, own, strict=True)}
    return found


def _figures(text: str, mark: re.Match[str], numbers: Sequence[Number]) -> list[Number]:
    """The figures told one after the other behind `分别`, or before or behind `respectively`."""
    after = _run([n for n in numbers if n.start >= mark.end()], text, mark.end())
    if len(after) > 1 or "分" in mark[0] or "依" in mark[0]:
        return after
    before = [n for n in numbers if n.end <= mark.start()]
    run: list[Number] = []
    for number in reversed(before):
        if run and len(text[number.end : run[0].start]) > _NEXT:
            break
        run.insert(0, number)
    return run


def _run(numbers: Sequence[Number], text: str, start: int) -> list[Number]:
    run: list[Number] = []
    for number in numbers:
        if len(text[run[-1].end if run else start : number.start]) > _NEXT or (run and number.rate != run[0].rate):
            break
        run.append(number)
    return run


def _name(part: str, *, is_last: bool) -> str:
    """What of a part is beside the `and`: the rest may be said of all."""
    if part.isascii():
        words = part.split()
        return " ".join(words[:_REACH_WORDS] if is_last else words[-_REACH_WORDS:])
    part = part.strip()
    return part[:_REACH] if is_last else part[-_REACH:]
