"""Rows of a table to the label that stands once, in the first column, for several of them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.cells import Cell
from ingest.drawings import Rule
from ingest.regions import is_figure

_LEAST_SHARE = 0.75  # of the rows have a label of their own in the second column
_MOST_LABELS = 0.6  # of the rows have a text in the first column: in a table of groups most do not


def group_labels(rows: Sequence[Sequence[Cell]], edge: float, rules: Sequence[Rule]) -> tuple[str, ...]:
    """For each row the label of its group, "" where it has a text of its own in the first column; () without groups.

    `edge` is the right edge of the first column. Groups are parted by rules that run through that column; where it has
    none the label of a group stands on its first row (then it counts downwards) or in its middle (then it counts for
    the rows that are nearest).
    """
    first = [next((cell for cell in row if cell.column == 0), None) for row in rows]
    if not _has_groups(rows, first):
        return ()
    middles = [_middle(row) for row in rows]
    cuts = sorted(rule.y for rule in rules if rule.x0 < edge - 8 and middles[0] < rule.y < middles[-1])
    if cuts:
        return _between(first, middles, cuts)
    return _downwards(first) if first[0] is not None else _nearest(first, middles)


def _has_groups(rows: Sequence[Sequence[Cell]], first: Sequence[Cell | None]) -> bool:
    if len(rows) < 3:
        return False
    labelled = sum(1 for row in rows if any(cell.column == 1 and not is_figure(cell.text) for cell in row))
    texts = [cell for cell in first if cell is not None]
    return bool(
        texts
        and labelled >= _LEAST_SHARE * len(rows)
        and len(texts) <= _MOST_LABELS * len(rows)
        and not any(is_figure(cell.text) for cell in texts)
    )


def _middle(row: Sequence[Cell]) -> float:
    return (row[-1].lines[0].box.y0 + row[-1].lines[-1].box.y1) / 2


def _between(first: Sequence[Cell | None], middles: Sequence[float], cuts: Sequence[float]) -> tuple[str, ...]:
    bands = [sum(1 for cut in cuts if cut < middle) for middle in middles]
    labels = {
        band: "".join(cell.text for cell, own in zip(first, bands, strict=True) if cell is not None and own == band)
        for band in set(bands)
    }
    return tuple(labels[band] for band in bands)


def _downwards(first: Sequence[Cell | None]) -> tuple[str, ...]:
    labels: list[str] = []
    for cell in first:
        labels.append("" if cell is not None else labels[-1] or _text(first, len(labels) - 1))
    return tuple(labels)


def _text(first: Sequence[Cell | None], at: int) -> str:
    cell = first[at]
    return cell.text if cell is not None else ""


def _nearest(first: Sequence[Cell | None], middles: Sequence[float]) -> tuple[str, ...]:
    held = [(middles[i], cell.text) for i, cell in enumerate(first) if cell is not None]
    return tuple(
        "" if cell is not None else min(held, key=lambda one: abs(one[0] - middle))[1]
        for cell, middle in zip(first, middles, strict=True)
    )
