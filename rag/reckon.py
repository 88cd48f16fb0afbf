"""A question for a figure of the statements, or one computed from them, to the line that tells it and the rows it rests on.

`Operating cash flow ratio, 2017: 0.83 = net cash from operating activities 2,912,853 / total current liabilities 3,527,457`;
the rows are quoted after it. Whether the line stands is for rag/check.py to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rag.catalog import Catalog
from rag.definition import words_of
from rag.domain import Language, Passage, Report, Statement, Understood
from rag.expression import Expression, Line, lines_of, value_of, without, written
from rag.grid import search_text
from rag.lines import Figure, Lines, sentence_of
from rag.metric_question import Wanted, asked_metric
from rag.metrics import Metrics, Unit
from rag.numbers import find_numbers
from rag.periods import find_periods
from rag.refuse import is_of_company
from rag.text import is_han
from rag.wanted import without_dates

_REPORTS = 3  # of the best passages, which are tried for all figures
_PLACES: dict[Unit, int] = {"%": 1, "x": 2, "days": 1, "pp": 2, "amount": 0}
_LEAST_FIGURES = 2  # significant ones of a result below 1
_HUNDRED = Decimal(100)
_CHANGE = re.compile(
    r"grow|grew|increas|decreas|declin|rose|fell|higher|lower|\b(?:up|down)\b|cagr|average|compound|change|[增降升减]|复合|平均|同比|变动",
    re.IGNORECASE,
)
_SIGNS: dict[Unit, dict[Language, str]] = {
    "%": {"zh": "%", "en": "%"},
    "pp": {"zh": "个百分点", "en": " percentage points"},
    "days": {"zh": "天", "en": " days"},
    "x": {"zh": "", "en": ""},
    "amount": {"zh": "", "en": ""},
}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Computed lines, none where rows alone tell it, and the rows that they rest on, each with the passage it stands in."""

    lines: tuple[str, ...]
    rows: tuple[tuple[str, Passage], ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A metric that cannot be computed, by the name it is told by, and the lines with their years that are not there."""

    metric: str
    lines: tuple[str, ...]


class Reckoner:
    """Reads the statements of the best reports of a question; `holds` are the lines by which they are known."""

    def __init__(self, catalog: Catalog, metrics: Metrics, holds: Mapping[Statement, Sequence[str]]) -> None:
        self._catalog = catalog
        self._metrics = metrics
        self._holds = {
            statement: (
                *names,
                *(label for item in metrics.items.values() if item.statement == statement for label in item.labels),
            )
            for statement, names in holds.items()
        }

    def reckon(self, asked: Understood, passages: Sequence[Passage]) -> Reckoned | Lacking | None:
        """None where nothing of the statements is asked for, or the passages may tell it in words.

        A question that names no company is computed only where it is asked of one report; one that names no year of the
        newest report first.
        """
        wanted = asked_metric(asked, self._metrics)
        reports = {
            passage.report.id: passage.report for passage in passages if not asked.companies or is_of_company(passage)
        }
        if wanted is None or (not asked.companies and len(reports) > 1):
            return None
        found_in = list(reports.values())
        if not wanted.years:
            found_in.sort(key=lambda report: report.published or date.min, reverse=True)
        found_in.sort(key=_is_interim)  # whose balance sheet is of a day within the year
        lacking: list[str] = []
        for report in found_in[:_REPORTS]:
            lines = Lines(self._catalog.chunks(report.id), self._holds)
            for way in wanted.ways():
                if found := self._from(way, lines, report, asked.language):
                    return found
            lacking = lacking or self._lacking(wanted, lines, asked.language)
        if not lacking or wanted.is_read or self._is_told(wanted, passages):
            return None
        return Lacking(wanted.metric.zh if asked.language == "zh" else wanted.metric.name, tuple(lacking))

    def _lacking(self, wanted: Wanted, lines: Lines, language: Language) -> list[str]:
        """The lines that a report has not, with their years; none where it tells of no year."""
        named: dict[str, None] = {}
        for _, expression in wanted.dated(wanted.years or lines.years[: wanted.newest][::-1]):
            for line in lines_of(expression):
                if self._figure(lines, line) is None and not line.optional:
                    item = self._metrics.items[line.name]
                    named[f"{item.zh if language == 'zh' else item.name} ({line.year})"] = None
        return list(named)

    def _is_told(self, wanted: Wanted, passages: Sequence[Passage]) -> bool:
        """Whether a line of a passage has the metric's name, what is asked of its change, and a figure."""
        names = self._metrics.names_of(wanted.metric) | {words_of(wanted.metric.name), words_of(wanted.metric.zh)}
        for passage in passages:
            for line in search_text(passage.chunk).split("\n"):
                if (wanted.how is None or _CHANGE.search(line)) and find_numbers(without_dates(line)):
                    words = words_of(line)
                    if any(_has(words, name) for name in names):
                        return True
        return False

    def _from(self, wanted: Wanted, lines: Lines, report: Report, language: Language) -> Reckoned | None:
        """What one report gives; None where it lacks a figure. Of the newest years those that it has all figures of."""
        told: list[str] = []
        read: list[Figure] = []
        some_do = not wanted.years and wanted.newest > 1
        for years, expression in wanted.dated(wanted.years or lines.years[: wanted.newest][::-1]):
            found = {line: self._figure(lines, line) for line in lines_of(expression)}
            figures = {line: figure for line, figure in found.items() if figure is not None}
            present = without(expression, set(found) - set(figures))
            if present is None or any(line not in figures for line in lines_of(present)):
                if some_do:
                    continue
                return None
            read += [figures[line] for line in lines_of(present)]
            if not wanted.is_read:
                line = self._line(wanted, present, figures, years, language)
                if line is None or len({figure.unit for figure in read if figure.unit}) > 1:
                    return None  # a table that states no unit has that of the others: they are statements of one report
                told.append(line)
        return Reckoned(tuple(told), _rows(read, report)) if read else None

    def _figure(self, lines: Lines, line: Line) -> Figure | None:
        return lines.figure(self._metrics.items[line.name], line.year or 0)

    def _line(
        self,
        wanted: Wanted,
        expression: Expression,
        figures: Mapping[Line, Figure],
        years: tuple[int, ...],
        language: Language,
    ) -> str | None:
        """The computed line; None where it divides by nought."""
        named: set[str] = set()

        def told(line: Line) -> str:
            item = self._metrics.items[line.name]
            name = "" if line.name in named else f"{item.zh if language == 'zh' else plain(item.name)} "
            named.add(line.name)
            return f"{name}{figures[line].text}"

        try:
            value = value_of(expression, lambda line: figures[line].value)
        except ArithmeticError:
            return None
        unit = wanted.result
        value = value * _HUNDRED if unit in ("%", "pp") else value
        result = _rounded(value, _PLACES[unit] if wanted.places is None else wanted.places, unit)
        if unit == "amount":
            result += _magnitude(next(iter(figures.values())))
        formula = written(expression, told)
        told_of = [
            f"{year}E" if any(f.is_forecast for f in figures.values() if f.year == year) else str(year)
            for year in years
        ]
        return f"{_head(wanted, told_of, language)}{result}{_SIGNS[unit][language]} = {formula}"


def _is_interim(report: Report) -> bool:
    return any(period.part for period in find_periods(report.fiscal_period or ""))


def _has(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return any(words[at : at + len(name)] == name for at in range(len(words) - len(name) + 1))


def plain(name: str) -> str:
    """A name without marks that could be read as part of a formula."""
    return re.sub(r"[^\w\s&']+", " ", name.replace(",", "")).strip()


def _head(wanted: Wanted, years: Sequence[str], language: Language) -> str:
    span = "–".join(years)
    name = wanted.metric.zh if language == "zh" else wanted.metric.name
    if language == "zh":
        kind = {
            "growth": "变动" if wanted.metric.unit == "%" else "增长率",
            "cagr": "复合年增长率",
            "mean": "平均值",
            None: "",
        }[wanted.how]
        return f"{span}年{name}{kind}：" if any(map(is_han, name)) else f"{span}年 {name}{kind}："
    kind = {
        "growth": " change" if wanted.metric.unit == "%" else " growth",
        "cagr": " CAGR",
        "mean": " average",
        None: "",
    }[wanted.how]
    return f"{name[:1].upper()}{name[1:]}{kind}, {span}: "


def _rounded(value: Decimal, places: int, unit: Unit) -> str:
    """With so many digits after the point; more where a small ratio would have none left."""
    if unit == "x" and value and abs(value) < 1:
        places = max(places, _LEAST_FIGURES - value.adjusted() - 1)
    exact = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{exact:,f}"


def _magnitude(figure: Figure) -> str:
    grid = figure.chunk.grid
    unit = figure.unit or ("元" if grid is not None and "元" in grid.unit else "")
    return "" if not unit else unit if is_han(unit[0]) else f" {unit}"


def _rows(figures: Sequence[Figure], report: Report) -> tuple[tuple[str, Passage], ...]:
    """The rows of the figures, each once with all its cells that are used."""
    of_row: dict[tuple[str, int], list[Figure]] = {}
    for figure in figures:
        of_row.setdefault((figure.chunk.id, figure.row), []).append(figure)
    return tuple((sentence_of(cells), Passage(cells[0].chunk, report, None, 0.0)) for cells in of_row.values())
