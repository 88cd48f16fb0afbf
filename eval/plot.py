"""Estimates to an inline SVG of bars with their intervals, coloured by the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.bootstrap import Estimate

_LABELS, _WIDTH, _VALUES = 190, 420, 60  # px
_ROW, _BAR, _TOP, _BOTTOM = 26, 14, 6, 22
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def bars(title: str, rows: Sequence[tuple[str, Estimate]]) -> str:
    """One bar a row on a scale of 0 to 1, the first one set off; a line through its end is the 95 % interval."""
    height = _TOP + _ROW * len(rows) + _BOTTOM
    parts = [
        f'<svg class="bars" viewBox="0 0 {_LABELS + _WIDTH + _VALUES} {height}" role="img" aria-label="{escape(title)}">'
    ]
    for tick in _TICKS:
        parts.append(
            f'<line class="grid" x1="{_x(tick)}" y1="{_TOP}" x2="{_x(tick)}" y2="{height - _BOTTOM}"/>'
            f'<text class="tick" x="{_x(tick)}" y="{height - 6}" text-anchor="middle">{tick:g}</text>'
        )
    for place, (name, found) in enumerate(rows):
        parts.append(_bar(name, found, _TOP + _ROW * place, "ours" if place == 0 else "other"))
    return "".join([*parts, "</svg>"])


def _bar(name: str, found: Estimate, top: int, kind: str) -> str:
    middle = top + _ROW // 2
    width = round(_WIDTH * found.mean, 1)
    return (
        f'<text x="{_LABELS - 8}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>'
        f'<rect class="{kind}" x="{_LABELS}" y="{middle - _BAR // 2}" width="{width}" height="{_BAR}" rx="2"/>'
        f'<line class="interval" x1="{_x(found.low)}" y1="{middle}" x2="{_x(found.high)}" y2="{middle}"/>'
        f'<text x="{_LABELS + _WIDTH + 8}" y="{middle + 4}">{found.mean:.3f}</text>'
    )


def _x(value: float) -> float:
    return round(_LABELS + _WIDTH * value, 1)
