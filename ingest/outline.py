"""Headings in reading order to the path of headings that stands above what follows."""

from __future__ import annotations

import re

_DOTTED = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)[.．、\s]")
_RANKS = (
    re.compile(r"^第[一二三四五六七八九十\d]{1,3}[章节部]|^part\s+[IVX\d]+\b", re.IGNORECASE),
    re.compile(r"^[一二三四五六七八九十]{1,3}、|^item\s+\d", re.IGNORECASE),
    re.compile(r"^[(（][一二三四五六七八九十]{1,3}[)）]"),
)
_LONGEST = 60  # characters of a heading that are kept
_DEEPEST = 3
_SAME_SIZE = 0.3  # points


class Outline:
    """`path` holds the headings in force, outermost first."""

    def __init__(self) -> None:
        self._open: list[tuple[str, float, bool]] = []

    @property
    def path(self) -> tuple[str, ...]:
        """At most three headings, the innermost ones."""
        return tuple(text for text, _, _ in self._open[-_DEEPEST:])

    def add(self, heading: str, size: float, bold: bool) -> None:
        """Take the next heading; it closes those that are not above it (by numbering, then by size and weight)."""
        text = " ".join(heading.split())[:_LONGEST]
        while self._open and not _is_above(self._open[-1], (text, size, bold)):
            self._open.pop()
        self._open.append((text, size, bold))


def _is_above(upper: tuple[str, float, bool], lower: tuple[str, float, bool]) -> bool:
    ranks = _rank(upper[0]), _rank(lower[0])
    if ranks[0] is not None and ranks[1] is not None and ranks[0] != ranks[1]:
        return ranks[0] < ranks[1]
    if ranks[0] is not None and ranks[0] == ranks[1]:
        return False
    if abs(upper[1] - lower[1]) > _SAME_SIZE:
        return upper[1] > lower[1]
    return upper[2] and not lower[2]


def _rank(text: str) -> int | None:
    """Depth that the numbering tells: parts, chapters, sections, then one more for each dot."""
    for rank, pattern in enumerate(_RANKS):
        if pattern.match(text):
            return rank
    dotted = _DOTTED.match(text)
    return len(_RANKS) + dotted[1].count(".") if dotted else None
