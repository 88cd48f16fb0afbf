"""The cell of a table row: lines of text that stand in one or several columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.lines import Line
from rag.text import joiner


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of text, from the top, that stand in `covers` columns from `column` on."""

    lines: tuple[Line, ...]
    column: int
    covers: int = 1

    @property
    def text(self) -> str:
        """The lines joined as a paragraph's are."""
        return join_lines(self.lines)


def join_lines(lines: Sequence[Line]) -> str:
    """One string of several lines, with a blank between two of them where words need one."""
    text = lines[0].text
    for line in lines[1:]:
        text += joiner(text[-1], line.text[0]) + line.text
    return text
