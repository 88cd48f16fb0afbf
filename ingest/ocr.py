"""A picture of a page, or of a rectangle of it, to text lines with boxes, by rapidocr (models in its wheel; no network).

The picture is set upright and level first, so that rows are rows; `Scan` says how its lines lie on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pymupdf

from ingest.lines import Line
from ingest.regions import is_figure
from ingest.scan_marks import Found, Mark, Speck, marks_of, shape_of, specks_in_columns, with_signs_joined
from ingest.scan_rows import lines_of, rows_of
from ingest.scan_sheet import (
    Lie,
    Picture,
    Sheet,
    draw_sheet,
    ink_of,
    is_on_side,
    skew_of,
    stroke_height,
    without_rules,
)
from rag.domain import Box

_LOWEST_SCORE = 0.5
_SURE = 0.8  # of a mark read alone
_SIGNS = frozenset("()（）$%")
_SAMPLE = 10  # texts that say which way up a picture is
_LOWEST_TURNED = 0.6
_UPSIDE_DOWN = 0.75  # a lower mean score makes one look at the picture the other way up
_SHORTEST_RULE = 2.2  # of the height of a digit


@dataclass(frozen=True, slots=True)
class Scan:
    """Lines of a picture in reading order, boxes in points of the picture set upright and level; `lie` leads to the page."""

    lines: tuple[Line, ...]
    lie: Lie


@cache
def _engine() -> Any:
    """The recogniser, loaded on first use (about 1 GB of memory).

    One thread: more of them wait for each other and cost half as much again. Pictures of words are padded to twice their
    height instead of seven times: half the time for figures.
    """
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": 2000,
            "Rec.rec_img_shape": [3, 48, 96],
        }
    )


def needs_ocr(page: pymupdf.Page, characters: int) -> bool:
    """Whether a page has almost no text and is mostly a picture: fewer than 30 characters, image over half of it."""
    if characters >= 30:
        return False
    area = abs(page.rect.get_area())
    covered = sum(abs((pymupdf.Rect(info["bbox"]) & page.mediabox).get_area()) for info in page.get_image_info())
    return bool(area and covered > 0.5 * area)


def read_picture(page: pymupdf.Page, dpi: int) -> list[Line]:
    """Lines of the rendered page in reading order, boxes in points of the page as displayed."""
    return _displayed(read_scan(page, dpi))


def read_region(page: pymupdf.Page, box: Box, dpi: int) -> list[Line]:
    """Lines of one rectangle of the page, both in points as displayed; empty where it holds no text."""
    return _displayed(read_scan(page, dpi, box))


def read_scan(page: pymupdf.Page, dpi: int, box: Box | None = None) -> Scan:
    """The rendered page, or a rectangle of it, as lines of the level picture and how that lies on the page."""
    sheet = draw_sheet(page, dpi, box)
    if is_on_side(ink_of(sheet.picture)):
        sheet = _turned_to_read(sheet)
    marks, level, score = _read(sheet)
    if marks and score < _UPSIDE_DOWN:
        turned, turned_level, turned_score = _read(sheet.turned(2))
        if turned_score > score:
            marks, level = turned, turned_level
    return Scan(tuple(lines_of(rows_of(marks))), level.lie)


def _displayed(scan: Scan) -> list[Line]:
    return [on_page(line, scan.lie) for line in scan.lines]


def on_page(line: Line, lie: Lie) -> Line:
    """The line with its box on the page as displayed; its words keep their share of the box."""
    box = lie.on_page(line.box)
    per_point = (box.x1 - box.x0) / max(line.box.x1 - line.box.x0, 0.01)
    words = tuple(
        (word, round(box.x0 + (x0 - line.box.x0) * per_point, 2), round(box.x0 + (x1 - line.box.x0) * per_point, 2))
        for word, x0, x1 in line.words
    )
    return replace(line, box=box, words=words)


def _turned_to_read(sheet: Sheet) -> Sheet:
    """A picture on its side turned so that its text can be read; as it is where that is no text either way."""
    turned = sheet.turned(3)
    boxes = sorted(_detect(turned.picture), key=lambda box: box[2] - box[0], reverse=True)[:_SAMPLE]
    crops = [_crop(turned.picture, box) for box in boxes]
    if not crops:
        return sheet
    scores = [
        float(np.mean([score for _, _, score in _recognise(own)])) for own in (crops, [c[::-1, ::-1] for c in crops])
    ]
    if max(scores) < _LOWEST_TURNED:
        return sheet
    return turned if scores[0] >= scores[1] else sheet.turned(1)


def _read(sheet: Sheet) -> tuple[list[Mark], Sheet, float]:
    """Marks of the sheet made level, that sheet, and the mean score of their texts."""
    ink = ink_of(sheet.picture)
    skew = skew_of(ink)
    level = sheet.levelled(skew) if skew else sheet
    ink = ink_of(level.picture) if skew else ink
    rule = max(int(_SHORTEST_RULE * stroke_height(ink)), 12)
    picture = without_rules(level.picture, ink, rule)
    ink = ink_of(picture)
    boxes = _detect(picture)
    texts = _recognise([_crop(picture, box) for box in boxes])
    found = [
        Found(text, box, places)
        for box, (text, places, score) in zip(boxes, texts, strict=True)
        if score >= _LOWEST_SCORE and len(places) > 0
    ]
    marks = marks_of(found, ink, level.scale)
    score = float(np.mean([score for _, _, score in texts])) if texts else 0.0
    return _completed(marks, picture, ink, level.scale), level, score


def _completed(marks: Sequence[Mark], picture: Picture, ink: Picture, scale: float) -> list[Mark]:
    """The marks and those that the detector passed over in columns of figures; signs joined to their figures."""
    rows = rows_of(marks)
    specks = specks_in_columns(rows, ink, scale)
    unread: list[Speck] = []
    for speck in specks:
        sign = shape_of(speck, rows[speck.row])
        if sign:
            rows[speck.row].append(Mark(sign, speck.box, ((sign, speck.box.x0, speck.box.x1),)))
        else:
            unread.append(speck)
    texts = _recognise([_crop(picture, _wider(speck.pixels, picture)) for speck in unread])
    for speck, (text, _, score) in zip(unread, texts, strict=True):
        if score >= _SURE and (is_figure(text) or text in _SIGNS):
            rows[speck.row].append(Mark(text, speck.box, ((text, speck.box.x0, speck.box.x1),)))
    return [mark for row in rows for mark in with_signs_joined(row)]


def _wider(pixels: tuple[int, int, int, int], picture: Picture) -> tuple[int, int, int, int]:
    """The box with a rim of a quarter of its height, as the recogniser is used to."""
    x0, y0, x1, y1 = pixels
    rim = max((y1 - y0) // 4, 2)
    return max(x0 - rim, 0), max(y0 - rim, 0), min(x1 + rim, picture.shape[1]), min(y1 + rim, picture.shape[0])


def _detect(picture: Picture) -> list[tuple[int, int, int, int]]:
    """Boxes of text in pixels."""
    corners = _engine()(picture, use_det=True, use_cls=False, use_rec=False).boxes
    if corners is None:
        return []
    low = np.floor(corners.min(axis=1)).astype(int)
    high = np.ceil(corners.max(axis=1)).astype(int)
    return [(x0, y0, x1, y1) for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)]


def _crop(picture: Picture, box: tuple[int, int, int, int]) -> Picture:
    return np.ascontiguousarray(picture[box[1] : box[3], box[0] : box[2]])


def _recognise(crops: Sequence[Picture]) -> list[tuple[str, tuple[float, ...], float]]:
    """For each picture of a line its text, the middle of each character but blanks in [0, 1], and a score."""
    if not crops:
        return []
    result = _engine().recognize_txt(list(crops))
    made: list[tuple[str, tuple[float, ...], float]] = []
    for text, score, words in zip(result.txts, result.scores, result.word_results, strict=True):
        columns = [column for word in words.word_cols or () for column in word]
        made.append((text, tuple((column + 0.5) / words.line_txt_len for column in columns), float(score)))
    return made
