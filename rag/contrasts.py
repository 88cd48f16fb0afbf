"""The sentences that were found of each side to what stands side by side in them: the same or other figures for one
quantity and period, the same or opposite directions of one subject. Nothing is said but what a checked sentence states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rag.candidates import Candidate
from rag.claims import Statement
from rag.comparison import Claim, Contrast, Relation
from rag.domain import Report, Sentence

MOST_CONTRASTS = 12  # of agreements, and of differences
_NEAR_DAYS = 366  # between outlooks that name no period and can yet be compared


@dataclass(frozen=True, slots=True)
class Found:
    """A statement, whose it is, whom it is of, and the text that makes it, not checked yet.

    One that is not `sure` to be of the whole only tells that another figure of its report may not be either.
    """

    side: str
    entity: str
    statement: Statement
    report: Report
    candidate: Candidate
    sure: bool = True


def contrasts_of(found: Iterable[Found], checked: Mapping[tuple[str, str], Sentence], within: bool) -> list[Contrast]:
    """Contrasts between sides, or with `within` between reports of one side.

    `checked` are the sentences that stand, by report id and text.
    """
    groups: dict[tuple[str, ...], list[Found]] = {}
    for one in found:
        said = one.statement
        kind = ("figure", said.unit) if said.value is not None else ("direction", "outlook" if said.outlook else "")
        groups.setdefault((one.entity, said.subject, said.period, *kind), []).append(one)
    made: list[Contrast] = []
    for (entity, subject, period, *_), group in groups.items():
        shown = subject if not entity else f"{entity} {subject}"
        kept = [one for one in _sure(group) if (one.report.id, one.candidate.text) in checked]
        for claims in _sets(kept, within):
            relation = _relation([one.statement for one in claims])
            if relation is not None and _comparable(claims, period):
                told = tuple(
                    Claim(one.side, one.statement.says, one.report, checked[one.report.id, one.candidate.text])
                    for one in claims
                )
                made.append(Contrast(relation, shown, period, told))
    return made


def wanted(found: Sequence[Found]) -> list[Found]:
    """Those that another report says something comparable to: what has to be checked."""
    reports: dict[tuple[str, str, str], set[str]] = {}
    for one in found:
        key = (one.entity, one.statement.subject, one.statement.period)
        reports.setdefault(key, set()).add(one.report.id)
    return [one for one in found if len(reports[one.entity, one.statement.subject, one.statement.period]) > 1]


def _sure(group: Sequence[Found]) -> list[Found]:
    """One sure statement a report; none of a report that states two that differ."""
    by_report: dict[str, list[Found]] = {}
    for one in group:
        by_report.setdefault(one.report.id, []).append(one)
    return [
        next(one for one in of if one.sure)
        for of in by_report.values()
        if any(one.sure for one in of) and all(_same(of[0].statement, other.statement) for other in of[1:])
    ]


def _sets(group: Sequence[Found], within: bool) -> list[list[Found]]:
    """The claims to set side by side, by date: the newest of each side, or all of one side."""
    ordered = sorted(group, key=lambda one: (one.report.published or date.min, one.report.id))
    if within:
        sides = dict.fromkeys(one.side for one in ordered)
        sets = [[one for one in ordered if one.side == side] for side in sides]
    else:
        newest = {one.side: one for one in ordered}
        sets = [[one for one in ordered if newest[one.side] is one]]
    return [claims for claims in sets if len(claims) > 1]


def _relation(said: Sequence[Statement]) -> Relation | None:
    alike = all(_same(one, other) for one in said for other in said)
    if said[0].value is None:
        return "same direction" if alike else "opposite directions"
    return "same figure" if alike else "different figures"


def _same(one: Statement, other: Statement) -> bool:
    """Whether they say the same: figures as far as the coarser of them is written."""
    if one.value is None or other.value is None:
        return one.says == other.says
    return abs(one.value - other.value) <= max(one.step, other.step) / 2


def _comparable(claims: Sequence[Found], period: str) -> bool:
    """Claims that name no period are of their day: only outlooks of about the same time can be compared, never figures."""
    if period:
        return True
    days = [one.report.published for one in claims if one.report.published]
    outlook = all(one.statement.outlook and one.statement.value is None for one in claims)
    return outlook and len(days) == len(claims) and (max(days) - min(days)).days <= _NEAR_DAYS
