"""A page to what is drawn on it beside text: horizontal rules, vector paths, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

from rag.domain import Box

_FLAT = 2.0  # points: a rectangle no higher than this is a line
_LEAST_SIDE = 40.0  # points: a smaller picture is a logo or a bullet
_WHOLE_PAGE = 0.8  # of the page's area: what covers more is a background


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    x0: float
    x1: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawings:
    """Rules from the top, pieces that touch joined; boxes of the other paths; boxes of pictures of some size."""

    rules: tuple[Rule, ...] = ()
    paths: tuple[Box, ...] = ()
    pictures: tuple[Box, ...] = ()


NOTHING_DRAWN = Drawings()


def read_drawings(page: pymupdf.Page) -> Drawings:
    """What the page draws, cut to the page; backgrounds as large as the page are left out."""
    frame = page.rect
    largest = _WHOLE_PAGE * frame.get_area()
    paths: list[dict[str, Any]] = page.get_cdrawings()
    boxes = [pymupdf.Rect(path["rect"]) & frame for path in paths]
    pictures = [pymupdf.Rect(info["bbox"]) & frame for info in page.get_image_info()]
    return Drawings(
        rules=tuple(_rules(paths)),
        paths=tuple(_box(r) for r in boxes if r.width + r.height > 2 * _FLAT and r.get_area() < largest),
        pictures=tuple(_box(r) for r in pictures if min(r.width, r.height) > _LEAST_SIDE and r.get_area() < largest),
    )


def _box(rect: pymupdf.Rect) -> Box:
    return Box(round(rect.x0, 2), round(rect.y0, 2), round(rect.x1, 2), round(rect.y1, 2))


def _rules(paths: Iterable[dict[str, Any]]) -> Sequence[Rule]:
    pieces: list[Rule] = []
    for path in paths:
        for item in path["items"]:
            if item[0] == "l":
                (ax, ay), (bx, by) = item[1], item[2]
            elif item[0] == "re":
                ax, ay, bx, by = item[1]
            else:
                continue
            if abs(by - ay) <= _FLAT and abs(bx - ax) > 4 * _FLAT:
                pieces.append(Rule(min(ax, bx), max(ax, bx), (ay + by) / 2))
    pieces.sort(key=lambda rule: (round(rule.y), rule.x0))
    joined: list[Rule] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and abs(last.y - piece.y) <= 1.0 and piece.x0 <= last.x1 + 1.0:
            joined[-1] = Rule(last.x0, max(last.x1, piece.x1), last.y)
        else:
            joined.append(piece)
    return joined
