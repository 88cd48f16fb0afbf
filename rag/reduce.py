"""A passage that is too long for the budget to the sentences and table rows of it that tell most of the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.sentences import split_sentences

Weigh = Callable[[Sequence[str]], Sequence[float]]
"""Texts to how much of the question each tells."""

_TABLE_HEAD = re.compile(r"\A.*?^\|(?: ?:?-+:? ?\|)+\n", re.DOTALL | re.MULTILINE)
_GAP = "…"


def reduced(text: str, limit: int, weigh: Weigh) -> str:
    """At most `limit` characters: the parts that tell most, in their order, a mark for each gap; a Markdown table keeps
    its head. "" where not one part fits."""
    head = match[0] if (match := _TABLE_HEAD.match(text)) else ""
    parts = [text[start:end] for start, end in _ranges(text, len(head))]
    weights = weigh(parts)
    chosen: list[int] = []
    for i in sorted(range(len(parts)), key=lambda i: (-weights[i], i)):
        if len(_joined(head, parts, sorted([*chosen, i]))) <= limit:
            chosen.append(i)
    return _joined(head, parts, sorted(chosen)) if chosen else ""


def _ranges(text: str, start: int) -> list[tuple[int, int]]:
    """Rows of a table, else sentences."""
    if not start:
        return split_sentences(text)
    ranges = []
    for line in text[start:].splitlines(keepends=True):
        ranges.append((start, start + len(line.rstrip("\n"))))
        start += len(line)
    return ranges


def _joined(head: str, parts: Sequence[str], chosen: Sequence[int]) -> str:
    lines: list[str] = []
    last = -1
    for i in chosen:
        if i != last + 1:
            lines.append(_GAP)
        lines.append(parts[i])
        last = i
    if last != len(parts) - 1:
        lines.append(_GAP)
    return head + "\n".join(lines)
