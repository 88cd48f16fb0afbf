"""A page to its picture in pixels and the order it is painted in: what ingest/hidden.py judges by.

Boxes are (n, 4) arrays of points as displayed; pixels are rows of RGB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymupdf
from numpy.typing import NDArray

from rag.domain import Box

_MOST_PIXELS = 3_000_000
_TEXT = ("fill-text", "stroke-text", "ignore-text")
_PAINT = ("fill-path", "fill-image", "fill-imgmask", "fill-shade")

Pixels = NDArray[np.uint8]
Boxes = NDArray[np.float64]


# --- the picture -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """The page as a reader sees it. `scale` is pixels a point: 1, less where that would be more than 3 megapixels."""

    pixels: Pixels
    scale: float

    @classmethod
    def of(cls, page: pymupdf.Page) -> Picture:
        scale = min(1.0, (_MOST_PIXELS / max(1.0, page.rect.width * page.rect.height)) ** 0.5)
        made = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False)
        return cls(np.frombuffer(made.samples, np.uint8).reshape(made.height, made.width, 3), scale)

    def inside(self, box: Box) -> Pixels:
        """At least one pixel, also of a box that ends off the page."""
        height, width, _ = self.pixels.shape
        left = min(max(0, int(box.x0 * self.scale)), width - 1)
        top = min(max(0, int(box.y0 * self.scale)), height - 1)
        right, bottom = int(np.ceil(box.x1 * self.scale)), int(np.ceil(box.y1 * self.scale))
        return self.pixels[top : max(bottom, top + 1), left : max(right, left + 1)]

    def change(self, other: Picture, box: Box) -> int:
        """The widest difference in a channel between two pictures of one size, within a box."""
        return int(np.abs(self.inside(box).astype(np.int16) - other.inside(box)).max())


def contrast(pixels: Pixels) -> int:
    """The widest difference between two pixels in a channel; of one channel or of all."""
    if pixels.ndim == 2:
        return int(pixels.max()) - int(pixels.min())
    return max(contrast(pixels[:, :, channel]) for channel in range(3))


def share_near(channel: Pixels, level: int, reach: int) -> float:
    """Share of the pixels that are within `reach` of `level`."""
    near = (channel >= max(0, level - reach)) & (channel <= min(255, level + reach))
    return float(np.count_nonzero(near)) / near.size


def core(pixels: Pixels) -> Pixels:
    """The middle half of a line's height (of its width where it stands upright): neighbours' ink seldom gets there."""
    height, width = pixels.shape[:2]
    if height <= width:
        return pixels[height // 4 : max(height - height // 4, height // 4 + 1)]
    return pixels[:, width // 4 : max(width - width // 4, width // 4 + 1)]


def inked(pixels: Pixels, least: int) -> NDArray[np.bool_]:
    """Along the longer side of a line: where there is a contrast of `least` across it."""
    across = 0 if pixels.shape[0] <= pixels.shape[1] else 1
    differs: NDArray[np.bool_] = (pixels.max(axis=across) - pixels.min(axis=across)).max(axis=-1) >= least
    return differs


def longest_blank(ink: NDArray[np.bool_]) -> int:
    """Length of the longest stretch without ink."""
    edges = np.concatenate(([-1], np.flatnonzero(ink), [len(ink)]))
    return int(np.diff(edges).max()) - 1


# --- the order -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Painted:
    """Everything painted, in order; `text`, `paint` (fills and pictures) and `image` are positions in `boxes`."""

    boxes: Boxes
    text: NDArray[np.intp]
    paint: NDArray[np.intp]
    image: NDArray[np.intp]

    @classmethod
    def of(cls, page: pymupdf.Page) -> Painted:
        log = page.get_bboxlog()
        boxes = np.array([box for _, box in log], dtype=np.float64).reshape(-1, 4)
        if page.rotation:
            m = page.rotation_matrix
            turn, shift = np.array(((m.a, m.b), (m.c, m.d))), np.array((m.e, m.f))
            corners = np.stack([boxes[:, :2] @ turn, boxes[:, 2:] @ turn]) + shift
            boxes = np.hstack([corners.min(axis=0), corners.max(axis=0)])
        kinds = np.array([kind for kind, _ in log], dtype="U16")
        text, paint = (np.flatnonzero(np.isin(kinds, names)) for names in (_TEXT, _PAINT))
        return cls(boxes, text, paint, np.flatnonzero(kinds == "fill-image"))

    def text_in(self, box: Boxes) -> NDArray[np.intp]:
        """Where in the order text was painted into a box; it may be another line's."""
        across, down = _common(self.boxes[self.text], box)
        return self.text[(across > 0.5) & (down > 0.5)]


def _common(boxes: Boxes, box: Boxes) -> tuple[Boxes, Boxes]:
    """Common widths and heights of boxes with one box, as shares of the smaller width and height."""
    shares = []
    for low, high in ((0, 2), (1, 3)):
        least = np.minimum(boxes[:, high] - boxes[:, low], box[high] - box[low])
        common = np.minimum(boxes[:, high], box[high]) - np.maximum(boxes[:, low], box[low])
        shares.append(common / np.maximum(least, 0.01))
    return shares[0], shares[1]


def areas(boxes: Boxes) -> Boxes:
    """Areas of boxes, or of one box."""
    return np.asarray((boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1]))


def overlap(boxes: Boxes, box: Boxes) -> Boxes:
    """Common areas of boxes with one box."""
    width = np.minimum(boxes[..., 2], box[2]) - np.maximum(boxes[..., 0], box[0])
    height = np.minimum(boxes[..., 3], box[3]) - np.maximum(boxes[..., 1], box[1])
    return np.asarray(np.maximum(width, 0) * np.maximum(height, 0))
