"""Whether a sentence says what a page has in its very words: a run of its text, or cells of one of its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.quantities import BAR
from rag.sparse import bigrams

_SAME_LABEL = 0.7  # share of a row's label that a line of the page must have for its cells to be that row's
_COLON = re.compile(r"：|: ")
_CELL_END = re.compile(r"，|, ")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_BLANKS = re.compile(r"[^\S\n]+")


def is_quote(sentence: str, page_text: str) -> bool:
    """Whether the page has the sentence from its beginning on: what is cut off in front may be `we do not expect that`."""
    page, quote = _BLANKS.sub("", page_text), _BLANKS.sub("", sentence)
    at = page.find(quote)
    return at == 0 or (
        at > 0 and (page[at - 1] in "\n。！？!?；;•●■⚫" or (page[at - 1] == "." and not page[at - 2].isdigit()))
    )


def is_row_of(sentence: str, page_text: str) -> bool:
    """Whether the sentence is cells after the label of their row, each with its heading as one line of the page has them.

    `营业收入（百万元）：2023A 1,234，2024E 1,456`; the words before the last colon stand in that line, but for the unit.
    """
    parts = _COLON.split(sentence)
    if len(parts) < 2:
        return False
    label = frozenset(bigrams(_BRACKETS.sub(" ", " ".join(parts[:-1]))))
    cells = [_BLANKS.sub("", cell) for cell in _CELL_END.split(parts[-1])]
    for line in page_text.split("\n"):
        told = _BLANKS.sub("", line).split("|") if BAR in line else []
        if told and _are_cells(cells, told):
            held = frozenset(bigrams(line))
            if len(label & held) >= _SAME_LABEL * len(label):
                return True
    return False


def _are_cells(parts: Sequence[str], told: Sequence[str]) -> bool:
    """Whether parts are cells, one or, where a date has a comma (May 31, 2017 19,038), some of them together."""
    reached = {0}
    for end in range(1, len(parts) + 1):
        if any(_ends_with(one, ",".join(parts[start:end])) for start in reached for one in told):
            reached.add(end)
    return len(parts) in reached


def _ends_with(told: str, cell: str) -> bool:
    """Whether a cell after its heading ends with these words and figures, and not in the middle of a figure."""
    before = told[: -len(cell)][-1:]
    return bool(cell) and told.endswith(cell) and not (before.isdigit() or before in (".", ",", "-"))
