"""A topic and the reports it is asked of to the sides to compare: publishers, or companies where it names several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.companies import called
from rag.comparison import Basis
from rag.domain import Filter, Report
from rag.errors import UsageError
from rag.publishers import Publishers
from rag.question import named_at
from rag.scope import Scope
from rag.text import fold

# What is left of a topic at its ends once the names that it compares are gone: `vs on AH premium`, 和对AH溢价的看法.
_JOINS = (
    r"compar(?:e|ing|ison)|versus|vs\.?|between|and|or|on|of|about|the|what|does|do|how|says?|thinks?|views?"
    r"|对比|比较|和|与|跟|及|、|对|关于|的|看法|观点|异同|分歧"
)
_COMPARES = re.compile(r"^\s*(?:(?:compare|comparison of)\b|对比|比较)\s*[:：]?\s*", re.IGNORECASE)
_BEFORE = re.compile(
    rf"^(?:(?:\b(?:{_JOINS})\b|[和与跟及、对的]|怎么看|如何看待?|怎样看|对比|比较|关于|[\s,，:：;；/&'’]s?)\s*)+",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:\s*(?:\b(?:according to|compared?|comparison|versus|vs|between|and|by|from|of|views?)\b\.?|怎么看|如何看待?|怎样看|的?(?:看法|观点|异同|分歧|对比|比较)"
    r"|[和与跟及、对的]|[\s,，:：;；/&?？]))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its name, and what limits a search to its reports. None: the corpus has none of it."""

    name: str
    limits: Filter | None


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a topic, the words that are asked of each, and whether they were named."""

    basis: Basis
    sides: tuple[Side, ...]
    topic: str
    named: bool


def sides_of(scope: Scope, filter: Filter, names: Sequence[str], publishers: Publishers) -> Sides:
    """The publishers `names`, else the companies or publishers that the topic names, else all publishers.

    UsageError where the reports have no publisher and the topic names no companies.
    """
    asked, reports = scope.understood, list(scope.reports.values())
    if not asked.limits.is_empty:
        filter = replace(filter, reports=tuple(scope.reports))
    if not names and not asked.mentioned and len(asked.companies) + len(asked.uncovered) > 1:
        covering = {name: _on(name, reports, scope) for name in asked.companies}
        sides = [Side(name, replace(filter, reports=ids) if ids else None) for name, ids in covering.items()]
        sides += [Side(called(known, asked.language), None) for known in asked.uncovered]
        return Sides("company", tuple(sides), bare(scope.companies.without_names(asked.topic), ()), True)
    if asked.companies:  # reports on another one have no view on it
        reports = [r for r in reports if not r.company or scope.companies.canonical(r.company) in asked.companies]
        filter = replace(filter, reports=tuple(r.id for r in reports))
    there = dict.fromkeys(report.publisher for report in reports if report.publisher)
    wanted = tuple(names) or asked.mentioned or tuple(there)
    if not wanted:
        raise UsageError(
            f"none of the {len(reports)} reports has a publisher: name two companies in the topic, "
            "for example: capital expenditure of Apple and Microsoft"
        )
    folded = fold(asked.topic)
    mentions = [name for one in asked.mentioned for name in publishers.aliases(one)]
    mentions += [folded[slice(*at)] for one in asked.mentioned if (at := named_at(one, folded))]
    sides = [Side(name, replace(filter, publishers=(name,)) if name in there else None) for name in wanted]
    return Sides("publisher", tuple(sides), bare(asked.topic, mentions), bool(names or asked.mentioned))


def bare(topic: str, names: Iterable[str]) -> str:
    """A topic without names and the words that joined them; whole where nothing else is left."""
    rest = topic
    folded = fold(topic)
    if len(folded) == len(topic):
        for name in sorted(map(fold, names), key=len, reverse=True):
            edge = r"(?<![a-z0-9]){}(?![a-z0-9])" if name.isascii() else "{}"
            for found in reversed(list(re.finditer(edge.format(re.escape(name)), fold(rest)))):
                rest = rest[: found.start()] + " " + rest[found.end() :]
    rest = _COMPARES.sub("", rest) if rest == topic else _BEHIND.sub("", _BEFORE.sub("", " ".join(rest.split())))
    return rest if any(map(str.isalnum, rest)) else topic


def _on(company: str, reports: Iterable[Report], scope: Scope) -> tuple[str, ...]:
    """Ids of the reports that cover a company."""
    return tuple(r.id for r in reports if r.company and scope.companies.canonical(r.company) == company)
