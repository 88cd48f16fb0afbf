"""The recogniser: rapidocr, whose models are in its wheel (no network). Loaded on first use, about 1 GB of memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from ingest.ocr.sheet import Picture, Pixels


@cache
def _engine() -> Any:
    """One thread: more of them wait for each other and cost half as much again.

    Pictures of words are padded to twice their height instead of seven times: half the time for figures.
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


def detect(picture: Picture) -> list[Pixels]:
    """Boxes of text in pixels."""
    corners = _engine()(picture, use_det=True, use_cls=False, use_rec=False).boxes
    if corners is None:
        return []
    low = np.floor(corners.min(axis=1)).astype(int)
    high = np.ceil(corners.max(axis=1)).astype(int)
    boxes = [(max(x0, 0), max(y0, 0), x1, y1) for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)]
    return [box for box in boxes if box[2] > box[0] and box[3] > box[1]]


def crop(picture: Picture, box: Pixels) -> Picture:
    """The part of a picture inside a box."""
    return np.ascontiguousarray(picture[box[1] : box[3], box[0] : box[2]])


def recognise(crops: Sequence[Picture]) -> list[tuple[str, tuple[float, ...], float]]:
    """For each picture of a line its text, the middle of each character but blanks in [0, 1], and a score in [0, 1]."""
    if not crops:
        return []
    result = _engine().recognize_txt(list(crops))
    made: list[tuple[str, tuple[float, ...], float]] = []
    for text, score, words in zip(result.txts, result.scores, result.word_results, strict=True):
        columns = [column for word in words.word_cols or () for column in word]
        made.append((text, tuple((column + 0.5) / words.line_txt_len for column in columns), float(score)))
    return made
