"""Two runs to what changed between them: paired differences of each figure, and the questions that moved most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from eval.bootstrap import Difference, difference
from eval.metrics import LEVELS, MEASURES, RECALLS, Level, Places, question_values
from eval.report import Asked, EvalResult
from eval.table import NAMES, aligned
from rag.errors import UsageError

Rung = Literal["open index", "report given"]
_MOVED = 10  # questions shown at each end
_HIT = "Hit@"


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs over the same `questions` questions, and second minus first."""

    rung: Rung
    level: Level
    measure: str
    questions: int
    first: float
    second: float
    difference: Difference


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose page (where none is labelled: report) moved: its ranks, None where it was not found.

    `gain` is that of the reciprocal rank, in [-1, 1].
    """

    id: str
    question: str
    first: int | None
    second: int | None
    gain: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`only_first` and `only_second` are ids of questions that are left out: not in both, or with another text or label.

    `worse` and `better` begin with the question that moved most. `set_up` says what else differs.
    """

    names: tuple[str, str]
    questions: int
    changes: tuple[Change, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    worse: tuple[Moved, ...]
    better: tuple[Moved, ...]
    set_up: tuple[str, ...]

    def as_table(self) -> str:
        """Every figure with its difference, interval and p, then what moved and what was left out."""
        lines = [f"A {self.names[0]}", f"B {self.names[1]}", *self.set_up]
        lines += [f"{self.questions} answerable questions in both", ""]
        lines += aligned([_HEAD, *(_cells(change) for change in self.changes)], words=3)
        for title, moved in (("moved down most", self.worse), ("moved up most", self.better)):
            lines += ["", f"{title}: {len(moved)}" if moved else f"{title}: none"]
            lines += [f"  {_rank(m.first)} -> {_rank(m.second)}  {m.id}  {m.question}" for m in moved]
        for which, ids in (("A", self.only_first), ("B", self.only_second)):
            if ids:
                lines += ["", f"left out, in {which} alone or not the same there: {', '.join(ids)}"]
        return "\n".join(lines)


def compare(first: EvalResult, second: EvalResult, measures: Sequence[str] = ()) -> Comparison:
    """All figures, or those named. UsageError for an unknown measure and where no question is in both."""
    names = check_measures(measures)
    before = {one.id: one for one in first.asked if one.answerable}
    after = {one.id: one for one in second.asked if one.answerable}
    same = [id for id in before if id in after and _label(before[id]) == _label(after[id])]
    if not same:
        raise UsageError(
            f"no answerable question is in both {first.saved} and {second.saved}: compare runs over one set"
        )
    pairs = [(before[id], after[id]) for id in same]
    moved = sorted((_moved(a, b) for a, b in pairs), key=lambda one: (one.gain, one.id))
    return Comparison(
        names=(f"{first.name} {first.made} {first.code}", f"{second.name} {second.made} {second.code}"),
        questions=len(same),
        changes=tuple(_changes(pairs, names)),
        only_first=tuple(id for id in before if id not in same),
        only_second=tuple(id for id in after if id not in same),
        worse=tuple(one for one in moved if one.gain < 0)[:_MOVED],
        better=tuple(one for one in reversed(moved) if one.gain > 0)[:_MOVED],
        set_up=tuple(_set_up(first, second)),
    )


def check_measures(given: Sequence[str]) -> tuple[str, ...]:
    """Names of measures in their own order; all where none is given. `Hit@5` is another name of `Success@5`."""
    known = [*MEASURES, *RECALLS]
    asked = [f"Success@{name.removeprefix(_HIT)}" if name.startswith(_HIT) else name for name in given]
    for name, own in zip(given, asked, strict=True):
        if own not in known:
            raise UsageError(f"unknown measure {name!r}: give one of {', '.join(known)}")
    return tuple(name for name in known if not asked or name in asked)


def _changes(pairs: Sequence[tuple[Asked, Asked]], names: Sequence[str]) -> Iterator[Change]:
    rungs: tuple[Rung, ...] = ("open index", "report given")
    for rung in rungs:
        for level in LEVELS:
            if rung == "report given" and level == "report":
                continue
            held = [(a, b) for a, b in pairs if _places(a, rung) and _places(b, rung)]
            before = question_values([a.judged(_places(a, rung)) for a, _ in held], level)
            after = question_values([b.judged(_places(b, rung)) for _, b in held], level)
            for name in names:
                yield from _change(rung, level, name, before[name], after[name])


def _change(
    rung: Rung, level: Level, name: str, before: Mapping[str, float], after: Mapping[str, float]
) -> Iterator[Change]:
    """Nothing where no question has this figure."""
    if before:
        one = [before[id] for id in before]
        two = [after[id] for id in before]
        yield Change(rung, level, name, len(one), fmean(one), fmean(two), difference(one, two))


def _places(one: Asked, rung: Rung) -> Mapping[Level, Places]:
    return one.places if rung == "open index" else one.given


def _label(one: Asked) -> tuple[object, ...]:
    return one.question, one.report_id, one.pages


def _moved(before: Asked, after: Asked) -> Moved:
    level: Level = "page" if before.pages else "report"
    one, two = before.places[level], after.places[level]
    return Moved(before.id, before.question, one.first, two.first, two.reciprocal - one.reciprocal)


def _set_up(first: EvalResult, second: EvalResult) -> Iterator[str]:
    held = (
        ("manifest", first.manifest, second.manifest),
        ("setting", first.settings, second.settings),
        ("", {"reports": str(first.reports)}, {"reports": str(second.reports)}),
    )
    for kind, one, two in held:
        for key in sorted(one.keys() | two.keys()):
            if one.get(key) != two.get(key):
                yield f"differs: {kind} {key}: {one.get(key, 'default')} -> {two.get(key, 'default')}".replace(
                    "  ", " "
                )


_HEAD = ["rung", "level", "metric", "questions", "A", "B", "B - A", "95 %", "p", ""]


def _cells(change: Change) -> list[str]:
    found = change.difference
    return [
        change.rung,
        NAMES[change.level],
        change.measure,
        str(change.questions),
        f"{change.first:.3f}",
        f"{change.second:.3f}",
        f"{found.mean:+.3f}",
        f"{found.low:+.3f} to {found.high:+.3f}",
        f"{found.p:.3f}",
        "touches zero" if found.touches_zero else "",
    ]


def _rank(rank: int | None) -> str:
    return "  -" if rank is None else f"{rank:3}"
