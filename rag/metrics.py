"""The lines of the primary statements and the metrics that are computed from them, by all their names (metrics.tsv)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rag.definition import parse, words_of
from rag.domain import Statement
from rag.expression import Expression, Line

BUNDLED = Path(__file__).with_name("metrics.tsv")
Unit = Literal["%", "x", "days", "amount", "pp"]
_COST = "(cost)"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a statement: its names for showing, the statement, and its labels, the surest first."""

    name: str
    zh: str
    statement: Statement
    labels: tuple[str, ...]
    is_cost: bool


@dataclass(frozen=True, slots=True)
class Metric:
    """What can be asked for: a line or a formula of lines, with its names for showing and the unit of its value.

    `others` are formulas that come to the same; `defined` says that the question itself defines it.
    """

    name: str
    zh: str
    unit: Unit
    expression: Expression
    others: tuple[Expression, ...] = ()
    defined: bool = False

    @property
    def is_line(self) -> bool:
        return isinstance(self.expression, Line)


class Metrics:
    """`items` are the lines by name, `names` all of both by the words of their names (rag/definition.py)."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self.items: dict[str, Item] = {}
        self.names: dict[tuple[str, ...], Expression] = {}
        self.metrics: dict[Expression, Metric] = {}
        for kind, *parts in rows:
            self._add_line(*parts) if kind == "line" else self._add_metric(*parts)

    @classmethod
    def load(cls) -> Metrics:
        """The bundled file."""
        return cls(_read(BUNDLED))

    def named(self, words: tuple[str, ...]) -> Metric | None:
        """What a name means."""
        expression = self.names.get(words)
        return None if expression is None else self.metrics[expression]

    def names_of(self, metric: Metric) -> frozenset[tuple[str, ...]]:
        """The words of each name that means a metric."""
        return frozenset(words for words, expression in self.names.items() if expression == metric.expression)

    def _add_line(self, name: str, zh: str, statement: str, called: str, labels: str) -> None:
        of = next(one for one in get_args(Statement) if one == statement)
        item = Item(name, zh, of, tuple(labels.removeprefix(_COST).split("|")), labels.startswith(_COST))
        self.items[name] = item
        self._add(Metric(name, zh, "amount", Line(name)), called)

    def _add_metric(self, name: str, zh: str, unit: str, called: str, formulas: str) -> None:
        of = next(one for one in get_args(Unit) if one == unit)
        expression, *others = (parse(formula, self.names) for formula in formulas.split(";"))
        self._add(Metric(name, zh, of, expression, tuple(others)), called)

    def _add(self, metric: Metric, called: str) -> None:
        self.metrics.setdefault(metric.expression, metric)
        for name in (metric.name, *called.split("|")):
            self.names.setdefault(words_of(name), metric.expression)


def _read(path: Path) -> Iterator[tuple[str, ...]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))
