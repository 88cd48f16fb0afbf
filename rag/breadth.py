"""Whether a question wants several reports side by side, and a ranking spread over reports for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from rag.domain import LegScore, Passage

LEG = "breadth"
_NEXT_PAGE = 0.75  # the second page of a report scores this much of what it did, the third the square of it, ...
_HOUSES = re.compile(
    r"\b(?:which|what|all|other|different|several) (?:houses|brokers|banks|analysts|institutions|publishers)\b"
    r"|\b(?:houses|brokers|analysts|institutions|publishers) (?:differ|disagree|agree|expect|think|say|see)\b|\bdisagree(?:ments?)?\b"
    r"|分歧|(?:哪些|哪几家|哪家|各家?|不同|多家|几家)(?:机构|券商|研究所|投行|分析师)|(?:机构|券商|分析师)(?:之?间|们)"
)
_COMPARE = re.compile(r"\bcompar(?:e|ison)\b|\bversus\b|\bvs\b|对比|比较(?=[^好高低大小多少强弱])|异同")


def wants_breadth(folded: str, houses: int, companies: int) -> bool:
    """Whether a folded question that names so many publishers and companies compares reports.

    It does where it names two, or asks what houses say; a mere `compare` is of one report where one company is named.
    """
    if houses > 1 or companies > 1 or _HOUSES.search(folded):
        return True
    return _COMPARE.search(folded) is not None and houses + companies == 0


def spread(passages: Sequence[Passage], named: Collection[str] = ()) -> list[Passage]:
    """Passages, best first, in an order where each further page of a report counts less.

    `named` are reports of the houses and companies that the question names; beside them others count as a second page.
    """
    places: dict[tuple[str, int], int] = {}
    count: Counter[str] = Counter()
    counted: list[Passage] = []
    for passage in passages:
        report = passage.report.id
        key = (report, passage.chunk.page)
        if key not in places:
            places[key] = count[report] + (1 if named and report not in named else 0)
            count[report] += 1
        counted.append(_lowered(passage, places[key]) if places[key] else passage)
    return sorted(counted, key=lambda p: (-p.score, p.chunk.id))


def _lowered(passage: Passage, place: int) -> Passage:
    """A passage of a page that stands so many places behind a first one."""
    factor = _NEXT_PAGE**place
    score = round(passage.score * factor, 6)
    leg = LegScore(LEG, place + 1, factor, round(score - passage.score, 6))
    return replace(passage, score=score, legs=(*passage.legs, leg))
