"""Candidates to those that can stand in a view on a topic, beside sentences of other reports: they speak of the topic
themselves or by their headings, and a reader needs no table around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.candidates import Candidate, Row
from rag.domain import Understood
from rag.relevance import Relevance, Text
from rag.text import fold
from rag.wanted import gives, is_period

_LEAST = 0.5  # of the topic, whoever it is asked of, that a candidate tells with the line that names its report,
_LEAST_ALONE = 0.25  # and without that, where it is no view
_BRACKETS = re.compile(r"[(][^()]*[)]|[\s*:-]")
_RISK = re.compile(r"[；;]$|^风险提示|风险[。]?$|^risks?\b", re.IGNORECASE)  # items of a list of risks


def on_topic(asked: Understood, candidates: Sequence[Candidate], relevance: Relevance) -> list[Candidate]:
    """In their order."""
    alone = [one for one in with_sure_rows(candidates) if not _RISK.search(one.text)]
    told = relevance.on_subject(asked, [Text(c.text, c.headings, c.report, c.language) for c in alone])
    own = relevance.on_subject(asked, [Text(c.text, c.headings, "", c.language) for c in alone])
    return [
        one
        for one, share, by_itself in zip(alone, told, own, strict=True)
        if share >= _LEAST and (by_itself >= _LEAST_ALONE or gives("view", one.text, asked))
    ]


def with_sure_rows(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without rows whose figures have no period above them, or whose label other rows have too: of segments, perhaps."""
    labels = Counter(row_label(one.row) for one in candidates if one.row is not None)
    return [one for one in candidates if one.row is None or (_is_dated(one.row) and labels[row_label(one.row)] == 1)]


def row_label(row: Row) -> str:
    """What names a row, without its unit."""
    return _BRACKETS.sub("", fold(row.grid.rows[row.index][0]))


def _is_dated(row: Row) -> bool:
    cells = row.grid.rows[row.index]
    return all(is_period(row.grid.columns[i]) for i, cell in enumerate(cells) if i and cell.strip())
