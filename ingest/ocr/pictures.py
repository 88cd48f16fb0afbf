"""Which pictures of a page are read by OCR, and their lines put into the page's stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pymupdf

from ingest.captions import is_caption, is_figure_title
from ingest.limits import OcrMode
from ingest.lines import Line, union
from ingest.ocr.scan import read_picture
from ingest.ocr.tables import table_regions
from ingest.regions import Region, is_inside
from rag.domain import Box

_FEWEST_CHARACTERS = 30  # with fewer, a page that is mostly a picture is a scan
_LITTLE_TEXT = 300  # characters: with fewer, a page that is mostly pictures is one of pictures
_MOSTLY = 0.5  # of the page's area
_TITLE_REACH = 46.0  # points between the title of a table and its picture
_LEAST_SIDE, _LEAST_AREA = 40.0, 8000.0  # points, square points: what is smaller is a logo
_TOUCH = 1.5  # points: tiles of one picture are no farther apart
_BLOCKS = 100_000  # block numbers of lines in pictures begin here: no text block of the file has such a number


@dataclass(frozen=True, slots=True)
class Read:
    """A picture of the page that was read: its lines and tables, in points of the page as displayed."""

    box: Box
    lines: tuple[Line, ...]
    regions: tuple[Region, ...]


def is_scanned(page: pymupdf.Page, characters: int) -> bool:
    """Whether a page has almost no text and is mostly pictures."""
    return characters < _FEWEST_CHARACTERS and _share(page, _boxes(page)) > _MOSTLY


def read_pictures(page: pymupdf.Page, lines: Sequence[Line], mode: OcrMode, dpi: int) -> list[Read]:
    """The pictures worth reading that hold text, from the top; `lines` are those of the page's digital text."""
    if mode == "never":
        return []
    boxes = [box for box in _boxes(page) if _area(box) >= _LEAST_AREA and min(_sides(box)) >= _LEAST_SIDE]
    few = sum(len(line.text) for line in lines) < _LITTLE_TEXT and _share(page, boxes) > _MOSTLY
    made: list[Read] = []
    for box in boxes:
        if not (mode == "always" or few or _is_titled_table(box, lines)):
            continue
        if not few and any(is_inside(line.box, box) for line in lines):  # a ground of digital text
            continue
        found = read_picture(page, box, dpi)
        own = [line for line in found if not any(_are_one(line, other) for other in lines)]
        if own:
            made.append(Read(box, tuple(own), tuple(table_regions(own))))
    return made


def in_stream(lines: Sequence[Line], pictures: Sequence[Read]) -> list[Line]:
    """The lines of a page with those of its pictures, each picture's behind the line above it; places counted anew."""
    made = list(lines)
    for number, picture in enumerate(pictures, 1):
        above = [
            (line.box.y1, index)
            for index, line in enumerate(made)
            if line.box.y1 <= picture.box.y0 + 2 and line.box.x0 < picture.box.x1 and line.box.x1 > picture.box.x0
        ]
        at = max(above)[1] + 1 if above else 0
        made[at:at] = [replace(line, block=number * _BLOCKS + line.block) for line in picture.lines]
    return [replace(line, place=place) for place, line in enumerate(made)]


def _are_one(read: Line, digital: Line) -> bool:
    """Whether what was read is digital text or part of it; a line at an angle lies in a box that may hold others."""
    return is_inside(digital.box, read.box) or (digital.level and is_inside(read.box, digital.box))


def _is_titled_table(box: Box, lines: Sequence[Line]) -> bool:
    """Whether a title that says table stands directly above."""
    return any(
        line.box.x0 < box.x1
        and line.box.x1 > box.x0
        and -4 <= box.y0 - line.box.y1 <= _TITLE_REACH
        and is_caption(line.text)
        and not is_figure_title(line.text)
        for line in lines
    )


def _boxes(page: pymupdf.Page) -> list[Box]:
    """Where pictures are seen on the page, those that touch as one, from the top."""
    shown = [pymupdf.Rect(info["bbox"]) & page.rect for info in page.get_image_info()]
    boxes = [Box(*(round(value, 2) for value in rect)) for rect in shown if not rect.is_empty]
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda one: (one.y0, one.x0)):
        while near := [other for other in joined if _touch(box, other)]:
            box = union([box, *near])
            joined = [other for other in joined if other not in near]
        joined.append(box)
    return sorted(joined, key=lambda one: (one.y0, one.x0))


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x0 <= other.x1 + _TOUCH
        and other.x0 <= one.x1 + _TOUCH
        and one.y0 <= other.y1 + _TOUCH
        and other.y0 <= one.y1 + _TOUCH
    )


def _share(page: pymupdf.Page, boxes: Sequence[Box]) -> float:
    area = abs(page.rect.get_area())
    return sum(_area(box) for box in boxes) / area if area else 0.0


def _sides(box: Box) -> tuple[float, float]:
    return box.x1 - box.x0, box.y1 - box.y0


def _area(box: Box) -> float:
    wide, high = _sides(box)
    return wide * high
