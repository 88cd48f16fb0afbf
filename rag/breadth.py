"""Whether a question wants several reports side by side, and a ranking spread over them, or over the sides it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.companies import Companies
from rag.domain import LegScore, Passage, Report, Understood

LEG = "breadth"
_NEXT = 0.75  # the second passage of a side scores this much of what it did, the third the square of it, ...
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


def sides_of(understood: Understood, reports: Iterable[Report], companies: Companies) -> dict[str, str]:
    """The side each report is on where a question names several: the company it covers, else its publisher."""
    if len(understood.companies) > 1:
        covered = {r.id: companies.canonical(r.company) for r in reports if r.company}
        return {report: company for report, company in covered.items() if company in understood.companies}
    if len(understood.mentioned) > 1:
        return {r.id: r.publisher for r in reports if r.publisher in understood.mentioned}
    return {}


def spread(passages: Sequence[Passage], sides: Mapping[str, str]) -> list[Passage]:
    """Passages, best first, in an order where each further passage of a side counts less.

    A report without a side is one of its own; beside reports that have one its first passage counts as a second.
    """
    count: Counter[str] = Counter()
    counted: list[Passage] = []
    for passage in passages:
        report = passage.report.id
        side = sides.get(report, report)
        place = count[side] + (1 if sides and report not in sides else 0)
        count[side] += 1
        counted.append(_lowered(passage, place) if place else passage)
    return sorted(counted, key=lambda p: (-p.score, p.chunk.id))


def _lowered(passage: Passage, place: int) -> Passage:
    """A passage that stands so many places behind the first of its side."""
    factor = _NEXT**place
    score = round(passage.score * factor, 6)
    leg = LegScore(LEG, place + 1, factor, round(score - passage.score, 6))
    return replace(passage, score=score, legs=(*passage.legs, leg))
