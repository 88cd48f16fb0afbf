"""A page that is a picture, or a rectangle of one, to text lines with boxes, set upright and level so that rows are rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pymupdf

from ingest.lines import Line
from ingest.ocr.engine import crop, detect, recognise
from ingest.ocr.marks import Found, Mark, marks_of, with_signs_joined
from ingest.ocr.rows import Row, lines_of, mended, rows_of
from ingest.ocr.sheet import (
    Lie,
    Picture,
    Pixels,
    Sheet,
    draw_sheet,
    ink_of,
    skew_of,
    stroke_height,
    without_rules,
)
from ingest.ocr.specks import Speck, is_believed, sign_of, specks_of
from rag.domain import Box

_LOWEST_SCORE = 0.5
_LOWEST_UPRIGHT = 0.9  # of what is twice as high as wide: a bracket, a one, or no line of text
_READ_WELL = 0.85  # mean score of a picture the right way up: others give .3 (on a side) to .8 (upside down)
_OTHER_WAYS = (2, 3, 1)  # quarters of a circle
_SHORTEST_RULE = 2.2  # of the height of a digit


@dataclass(frozen=True, slots=True)
class Scan:
    """Lines of a picture in reading order, boxes in points of the picture set upright and level; `lie` leads to the page."""

    lines: tuple[Line, ...]
    lie: Lie


@dataclass(frozen=True, slots=True)
class _Reading:
    """Rows of a level picture, the mean score of their texts in [0, 1], and how the picture lies on the page."""

    rows: list[Row]
    score: float
    lie: Lie


def read_scan(page: pymupdf.Page, dpi: int) -> Scan:
    """The rendered page, however it lies, as lines of the level picture and how that lies on the page."""
    sheet = draw_sheet(page, dpi)
    best = _read_level(sheet)
    for quarters in _OTHER_WAYS:
        if best.score >= _READ_WELL:
            break
        best = max(best, _read_level(sheet.turned(quarters)), key=lambda one: one.score)
    return Scan(tuple(lines_of(best.rows)), best.lie)


def read_picture(page: pymupdf.Page, box: Box, dpi: int) -> list[Line]:
    """Lines of one rectangle of the page, a picture set upright, all in points as displayed; empty without text."""
    sheet = draw_sheet(page, dpi, box)
    rows, _ = _read(sheet)
    return [_on_page(line, sheet.lie) for line in lines_of(rows)]


def _on_page(line: Line, lie: Lie) -> Line:
    """The line with its box on the page as displayed; its words keep their share of the box."""
    box = lie.on_page(line.box)
    per_point = (box.x1 - box.x0) / max(line.box.x1 - line.box.x0, 0.01)
    words = tuple(
        (word, round(box.x0 + (x0 - line.box.x0) * per_point, 2), round(box.x0 + (x1 - line.box.x0) * per_point, 2))
        for word, x0, x1 in line.words
    )
    return replace(line, box=box, words=words)


def _read_level(sheet: Sheet) -> _Reading:
    skew = skew_of(ink_of(sheet.picture))
    level = sheet.levelled(skew) if skew else sheet
    rows, score = _read(level)
    return _Reading(rows, score, level.lie)


def _read(sheet: Sheet) -> tuple[list[Row], float]:
    """Rows of marks of a level sheet, and the mean score of their texts."""
    ink = ink_of(sheet.picture)
    rule = max(int(_SHORTEST_RULE * stroke_height(ink)), 12)
    picture = without_rules(sheet.picture, ink, rule)
    boxes = detect(picture)
    texts = recognise([crop(picture, box) for box in boxes])
    found = [
        Found(text, box, places)
        for box, (text, places, score) in zip(boxes, texts, strict=True)
        if places and score >= (_LOWEST_SCORE if box[3] - box[1] < 2 * (box[2] - box[0]) else _LOWEST_UPRIGHT)
    ]
    marks = marks_of(found, ink_of(picture), sheet.scale)
    score = float(np.mean([score for _, _, score in texts])) if texts else 0.0
    return _completed(marks, picture, sheet.scale), score


def _completed(marks: Sequence[Mark], picture: Picture, scale: float) -> list[Row]:
    """The marks in rows, with those that the detector passed over, and with signs joined to their figures."""
    rows, drift = rows_of(marks)
    unread: list[Speck] = []
    for speck in specks_of(rows, drift, ink_of(picture, faint=True), scale):
        sign = sign_of(speck, rows[speck.row], drift)
        if sign:
            rows[speck.row].append(Mark(sign, speck.box, ((sign, speck.box.x0, speck.box.x1),)))
        else:
            unread.append(speck)
    texts = recognise([crop(picture, _wider(speck.pixels, picture)) for speck in unread])
    for speck, (text, _, score) in zip(unread, texts, strict=True):
        if is_believed(speck, text, score, rows[speck.row]):
            rows[speck.row].append(Mark(text, speck.box, ((text, speck.box.x0, speck.box.x1),)))
    return mended([with_signs_joined(row) for row in rows])


def _wider(pixels: Pixels, picture: Picture) -> Pixels:
    """The box with a rim of a quarter of its height, as the recogniser is used to."""
    x0, y0, x1, y1 = pixels
    rim = max((y1 - y0) // 4, 2)
    return max(x0 - rim, 0), max(y0 - rim, 0), min(x1 + rim, picture.shape[1]), min(y1 + rim, picture.shape[0])
