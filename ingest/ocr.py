"""A picture of a page to text lines with boxes, by rapidocr (its models are in the wheel; no network)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pymupdf

from ingest.lines import Line, repair
from rag.domain import Box

_LOWEST_SCORE = 0.5


@cache
def _engine() -> Any:
    """The recogniser, loaded on first use (about 1 GB of memory)."""
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error"})


def needs_ocr(page: pymupdf.Page, characters: int) -> bool:
    """Whether a page has almost no text and is mostly a picture: fewer than 30 characters, image over half of it."""
    if characters >= 30:
        return False
    area = abs(page.rect.get_area())
    covered = sum(abs((pymupdf.Rect(info["bbox"]) & page.mediabox).get_area()) for info in page.get_image_info())
    return bool(area and covered > 0.5 * area)


def read_picture(page: pymupdf.Page, dpi: int) -> list[Line]:
    """Lines of the rendered page in reading order, boxes in points of the page as displayed."""
    pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)[:, :, ::-1]
    result = _engine()(np.ascontiguousarray(image))
    if result.boxes is None or result.txts is None:
        return []
    scale = 72.0 / dpi
    lines: list[Line] = []
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        clean = repair(text)
        if not clean or score < _LOWEST_SCORE:
            continue
        (x0, y0), (x1, y1) = corners.min(axis=0) * scale, corners.max(axis=0) * scale
        box = Box(round(float(x0), 2), round(float(y0), 2), round(float(x1), 2), round(float(y1), 2))
        lines.append(Line(clean, box, round((box.y1 - box.y0) * 0.8, 1), False, 0))
    return lines
