"""What a region of a page is, and the signs in its lines and rules that a table can be there at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.drawings import Rule
from ingest.lines import Line
from rag.domain import Box

_FIGURE = re.compile(
    r"^[(（\[【]?\s*(?:[-+－–—~≈<>≥≤±]\s*)?(?:[$¥￥€£]|HK\$|US\$|RMB)?\s*[(（]?[-+－–—]?\d[\d,，.]*\s*[)）]?\s*"
    r"(?:%|％|x|X|倍|[百千万亿]{1,2}元?|元|bps|bp|pct|pp|ppt|[A-Za-z]{1,2}|个百分点)?\s*[)）\]】]?\*?$|^(?:[$¥￥€£]|HK\$|US\$|RMB)?\s*[(（]?[-–—－]{1,3}[)）]?[%％]?$|^n[./]?[am]\.?$",
    re.IGNORECASE,
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_PERIOD = re.compile(
    r"^\W*(?:(?:FY|CY|fiscal)?\s?'?(?:19|20)\d{2}\s?[AEFPH]?|(?:FY|CY|')\s?\d{2}\s?[AEFP]?|\d{2}[AEFP]|(?:19|20)\d{2}(?![\d.,，])\s?年?\S{0,8}"
    r"|(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2])(?:[-./]\d{1,2})?|[1-4]Q\s?'?\d{0,4}\s?[AEFP]?|Q[1-4]\s?\W?\d{0,4}\s?[AEFP]?|[12]H\s?\d{2,4}|H[12]\s?\d{2,4}"
    rf"|[一二三四]季度|(?:{_MONTH}\s*\d{{1,2}},?\s*)?(?:19|20)\d{{2}}|{_MONTH}(?:[\s,.'’-]*\d{{1,4}}(?:,?\s*\d{{4}})?|\s?[-–]\s?{_MONTH}.{{0,8}})?|(?:19|20)\d{{2}}\s?[-–~至]\s?(?:19|20)?\d{{2}})\W*$",
    re.IGNORECASE,
)
_LEAST_ROWS = 3
_LEAST_RULE, _LOWEST_ROW, _HIGHEST_ROW = 40.0, 6, 90  # points


@dataclass(frozen=True, slots=True)
class Region:
    """A table or picture of a page. For a table: the y of its row separators and the x of its column separators."""

    kind: str
    box: Box
    row_lines: tuple[float, ...] = ()
    column_lines: tuple[float, ...] = ()


def is_figure(text: str) -> bool:
    """Whether a cell holds one figure (with sign, currency, brackets or unit) or a dash in place of one."""
    return _FIGURE.match(text.strip()) is not None


def is_inside(box: Box, region: Box, slack: float = 2.0) -> bool:
    """Whether the middle of a box lies in a region."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return region.x0 - slack <= x <= region.x1 + slack and region.y0 - slack <= y <= region.y1 + slack


def is_period(text: str) -> bool:
    """Whether a cell names a year, quarter, month or day (2024E, FY23, Q2 2023, December 31, 2018, 2024年一季度)."""
    return _PERIOD.match(text.strip()) is not None


def has_table_signs(lines: Sequence[Line], rules: Sequence[Rule]) -> bool:
    """Whether rows of figures, or of three texts in columns, stand below each other, or lines of text between rules."""
    level = [line for line in lines if line.level and line.drawn]
    rows = visual_rows(level)
    return _has_rows_of_figures(rows) or _has_columns(rows) or _has_ruled_rows(level, rules)


def visual_rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box.y1):
        if rows and _same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _has_columns(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether of four rows in a row each has three texts, two of which begin where texts of the row above begin."""
    run = 0
    above: set[int] = set()
    for row in rows:
        starts = {round(line.box.x0 / 3) for line in row}
        run = (run + 1 if len(starts & above) > 1 else 1) if len(row) > 2 else 0
        above = starts
        if run > _LEAST_ROWS:
            return True
    return False


def _has_rows_of_figures(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether on three baselines in a row a figure stands beside another text."""
    figures = [any(is_figure(line.text) for line in sorted(row, key=lambda one: one.box.x0)[1:]) for row in rows]
    run = int(figures[0]) if figures else 0
    for count, (above, below) in zip(figures[1:], pairwise(rows), strict=True):
        near = below[0].box.y0 - above[0].box.y1 < 3 * below[0].size
        run = run + 1 if count and near else 1 if count else 0 if not near else max(0, run - 1)
        if run >= _LEAST_ROWS:
            return True
    return False


def _has_ruled_rows(lines: Sequence[Line], rules: Sequence[Rule]) -> bool:
    """Whether three pairs of neighbouring rules, one below the other, have text between them."""
    long = [rule for rule in rules if rule.x1 - rule.x0 > _LEAST_RULE]
    for rule in long:
        middle = (rule.x0 + rule.x1) / 2
        heights = sorted({round(other.y) for other in long if other.x0 <= middle <= other.x1})
        run = 0
        for top, bottom in pairwise(heights):
            if bottom - top <= _LOWEST_ROW:
                continue
            held = bottom - top < _HIGHEST_ROW and any(
                top <= (line.box.y0 + line.box.y1) / 2 <= bottom and rule.x0 <= line.box.x0 + 8 <= rule.x1
                for line in lines
            )
            run = run + 1 if held else 0
            if run >= _LEAST_ROWS:
                return True
    return False


def _same_row(one: Line, other: Line) -> bool:
    overlap = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
    return overlap > 0.5 * min(one.box.y1 - one.box.y0, other.box.y1 - other.box.y0)
