"""Facts of all origins in, those that count out, and a report with the fields that they give it.

The catalog keeps a report's facts in layers: what a user said lies on what its sidecar says, and that on what was read.
The highest fact of a field counts. Its value may be "": then a user took away what lies beneath, and the field is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias, get_args

from rag.domain import Fact, FactName, Origin, Report

Layers: TypeAlias = tuple[Fact, ...]
NAMES: tuple[FactName, ...] = get_args(FactName)
REQUIRED: tuple[FactName, ...] = ("title", "language")  # a report is never without
_RANK: dict[Origin, int] = {"user": 0, "sidecar": 1}  # what was read comes after them
_READ = 2


def counting(layers: Iterable[Fact]) -> tuple[Fact, ...]:
    """One fact for each field that is known, in the order of NAMES."""
    return tuple(fact for fact in _highest(layers).values() if fact.value)


def put_on(report: Report, layers: Sequence[Fact], said: Sequence[Fact]) -> Layers:
    """The layers with what was said in place of what the same origins said of the same fields.

    A field that is covered for the first time and has a value without a fact (in catalogs of before there were facts)
    keeps it beneath, with confidence 0, for the day the cover goes.
    """
    again = {(fact.name, fact.origin) for fact in said}
    stay = [fact for fact in layers if (fact.name, fact.origin) not in again]
    bare = {fact.name for fact in said} - {fact.name for fact in layers}
    beneath = [Fact(name, value, 0.0, None, "page") for name in bare if (value := _as_text(getattr(report, name)))]
    return tuple(sorted((*stay, *said, *beneath), key=lambda fact: (NAMES.index(fact.name), _rank(fact))))


def without(layers: Iterable[Fact], origin: Origin) -> Layers:
    """The layers without all that one origin said."""
    return tuple(fact for fact in layers if fact.origin != origin)


def said_of(layers: Iterable[Fact]) -> Layers:
    """What was said of a report: the facts that outlast another reading of it."""
    return tuple(fact for fact in layers if fact.origin in _RANK)


def with_facts(report: Report, layers: Iterable[Fact]) -> Report:
    """The report with the facts that count, and with the fields set to which another fact counts than in `report.facts`."""
    before = {fact.name: fact for fact in report.facts}
    after = _highest(layers)
    changes: dict[str, Any] = {"facts": tuple(fact for fact in after.values() if fact.value)}
    for name in NAMES:
        fact = after.get(name)
        if fact != before.get(name) and (fact or name not in REQUIRED):
            changes[name] = _as_value(name, fact.value if fact else "")
    return replace(report, **changes)


def _highest(layers: Iterable[Fact]) -> dict[FactName, Fact]:
    by_rank = sorted(layers, key=_rank, reverse=True)
    highest = {fact.name: fact for fact in by_rank}
    return {name: highest[name] for name in NAMES if name in highest}


def _rank(fact: Fact) -> int:
    return _RANK.get(fact.origin, _READ)


def _as_text(value: str | date | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def _as_value(name: FactName, text: str) -> str | date | tuple[str, ...] | None:
    if name == "analysts":
        return tuple(text.split("; ")) if text else ()
    if name == "published":
        return date.fromisoformat(text) if text else None
    return text or None
