"""Ink that the detector of text passed over in the rows of a level picture, and what it is.

A dash, a bracket or a digit that stands alone is too small for the detector. In a column of figures each changes what is
said, so what is left over there is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2

from ingest.ocr.marks import NEGATIVE, Mark
from ingest.ocr.mending import DASH
from ingest.ocr.rows import Drift, Row
from ingest.ocr.sheet import Picture, Pixels
from ingest.regions import is_figure
from rag.domain import Box

_NEAR_ROWS = 25  # either way, in which a column of figures is looked for
_PARTED = 3.5  # of the height: rows farther apart are not of one table
_SURE, _VERY_SURE = 0.8, 0.9  # scores
_SIGNS = ("(", ")", "（", "）", "$", "%")


@dataclass(frozen=True, slots=True)
class Speck:
    """Ink in a row that no mark covers, in points and in pixels; `right` is where figures of near rows end, if they do."""

    box: Box
    pixels: Pixels
    row: int
    right: float | None


def specks_of(rows: Sequence[Row], drift: Drift, ink: Picture, scale: float) -> list[Speck]:
    """Ink in the rows that is no part of a mark: in columns of figures from a dash on, elsewhere as large as a character."""
    left = ink.copy()
    for mark in (mark for row in rows for mark in row):
        x0, y0, x1, y1 = _pixels(mark.box, scale)
        left[max(y0 - 1, 0) : y1 + 1, max(x0 - 1, 0) : x1 + 1] = 0
    found: list[Speck] = []
    for index, row in enumerate(rows):
        height = _height(row)
        level = drift.level(row[0])
        for start, end, right in _stretches(rows, index, height):
            middle = level + drift.at((start + end) / 2, level)
            window = _pixels(Box(start, middle - 0.62 * height, end, middle + 0.62 * height), scale)
            for pixels in _pieces(left, window, 0.5 * height / scale, right is None):
                speck = Speck(_points(pixels, scale), pixels, index, right)
                if _is_of_size(speck, height):
                    found.append(speck)
    return found


def _is_of_size(speck: Speck, height: float) -> bool:
    wide, high = speck.box.x1 - speck.box.x0, speck.box.y1 - speck.box.y0
    if speck.right is not None:
        return max(wide, high) > 0.15 * height
    return 0.55 * height < high < 1.3 * height < 3 * wide


def _points(pixels: Pixels, scale: float) -> Box:
    x0, y0, x1, y1 = (round(value * scale, 2) for value in pixels)
    return Box(x0, y0, x1, y1)


def _pixels(box: Box, scale: float) -> Pixels:
    return round(box.x0 / scale), round(box.y0 / scale), round(box.x1 / scale), round(box.y1 / scale)


def _height(row: Row) -> float:
    return max(mark.height for mark in row)


def _stretches(rows: Sequence[Row], index: int, height: float) -> list[tuple[float, float, float | None]]:
    """Left and right of where to look in a row: columns in which at least two figures of near rows end; then all of it."""
    near = [
        mark
        for mark in _near(rows, index, height)
        if is_figure(mark.text) and any(c.isdigit() for c in mark.text) and mark.height < 1.6 * height
    ]
    columns: list[list[Mark]] = []
    for mark in sorted(near, key=lambda one: one.box.x1):
        if columns and mark.box.x1 - columns[-1][-1].box.x1 < 0.8 * height:
            columns[-1].append(mark)
        else:
            columns.append([mark])
    found: list[tuple[float, float, float | None]] = []
    for own in columns:
        if len(own) > 1:
            right = median(m.box.x1 for m in own)
            found.append((min(m.box.x0 for m in own) - 2.5 * height, max(m.box.x1 for m in own) + 0.7 * height, right))
    gaps = [(a.box.x1, b.box.x0, None) for a, b in pairwise(rows[index]) if b.box.x0 - a.box.x1 > height]
    return [*found, *gaps]


def _near(rows: Sequence[Row], index: int, height: float) -> Iterator[Mark]:
    """Marks of the row and of those above and below, as far as no wide gap parts them."""
    yield from rows[index]
    for step in (-1, 1):
        last = rows[index][0].middle
        for at in range(index + step, index + step * (_NEAR_ROWS + 1), step):
            if not 0 <= at < len(rows) or abs(rows[at][0].middle - last) > _PARTED * height:
                break
            last = rows[at][0].middle
            yield from rows[at]


def _pieces(left: Picture, window: Pixels, gap: float, stacked: bool) -> Iterator[Pixels]:
    """Pieces of ink inside the window, those side by side (or, if asked, one above the other) as one.

    What reaches out of the window above or below is none.

    What was found is taken out of the picture, so that windows may overlap.
    """
    x0, y0, x1, y1 = max(window[0], 0), max(window[1], 0), max(window[2], 0), max(window[3], 0)
    view = left[y0:y1, x0:x1]
    if view.size == 0 or not view.any():
        return
    count, _, stats, _ = cv2.connectedComponentsWithStats(view)
    pieces: list[Pixels] = []
    for x, y, wide, high, area in sorted(stats[1:count].tolist()):
        if y == 0 or y + high == view.shape[0] or area < 4:
            continue
        piece = (x, y, x + wide, y + high)
        for at, (a, b, c, d) in enumerate(pieces):
            if x - c < gap and (stacked or (y < d and y + high > b)):
                pieces[at] = (a, min(b, y), max(c, piece[2]), max(d, piece[3]))
                break
        else:
            pieces.append(piece)
    for a, b, c, d in pieces:
        view[b:d, a:c] = 0
        yield x0 + a, y0 + b, x0 + c, y0 + d


def sign_of(speck: Speck, row: Row, drift: Drift) -> str:
    """A dash, or a bracket before a figure that ends with one, by shape alone; "" where a speck must be read."""
    height = _height(row)
    wide, high = speck.box.x1 - speck.box.x0, speck.box.y1 - speck.box.y0
    x, y = (speck.box.x0 + speck.box.x1) / 2, (speck.box.y0 + speck.box.y1) / 2
    level = drift.level(row[0])
    off = abs(y - level - drift.at(x, level))
    flat = high < 0.35 * height and 1.1 * high < wide < 1.1 * height
    if flat and off < 0.3 * height and _ends_figure(speck, 1.5 * height):
        return DASH
    after = min((mark for mark in row if mark.box.x0 > speck.box.x0), key=lambda mark: mark.box.x0, default=None)
    if after is not None and NEGATIVE.match(after.text) and high > max(0.6 * height, 1.6 * wide):
        return "("
    return ""


def _ends_figure(speck: Speck, reach: float) -> bool:
    return speck.right is not None and abs(speck.box.x1 - speck.right) < reach


def is_believed(speck: Speck, text: str, score: float, row: Row) -> bool:
    """Whether what was read in a speck may stand in its row: a figure where figures end, elsewhere a word or a sign."""
    if speck.right is None:
        return score >= _VERY_SURE and 0 < len(text) < 4
    if is_figure(text):
        return score >= _SURE and _ends_figure(speck, 0.8 * _height(row))
    return score >= _SURE and text in _SIGNS
