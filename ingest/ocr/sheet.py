"""A page or a rectangle of it to a picture set upright and level, and boxes on that picture back to the page.

A scan lies askew by some tenths of a degree, which over the width of a dense statement is a whole row; some pages lie on
their side. Both are taken out of the picture before anything is read from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

from rag.domain import Box

Picture = NDArray[np.uint8]  # height x width x 3 (blue, green, red), or height x width: 255 where there is ink
Pixels = tuple[int, int, int, int]  # left, top, right + 1, bottom + 1
Matrix = NDArray[np.float64]  # 3 x 3

_MOST_PIXELS = 20_000_000  # of a picture: a page larger than A3 is drawn at fewer than 300 dpi
_WIDEST_SKEW = 3.0  # degrees either way
_SKEW_STEP = 0.05
_STRIPS = 48
_DARKEST_PAPER, _LIGHTEST_INK = 100, 190
_LEAST_SEAL, _LARGEST_SEAL = 18.0, 130.0  # points, either side
_SEAL_INK = (0.12, 0.75)  # share of a seal's box that is red: less is a frame, more is a coloured field
_SEAL_DARKEST = 120  # of its red channel; darker is text under it
_LEAST_FIELD = (9.0, 30.0)  # points high and wide
_DARK_FIELD = 150  # of 255: white text is read on grounds up to this light
_SEAL_GAP = 3.0  # points between strokes of one seal


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture and how it lies on the page: `to_page` takes its pixels to points of the page as displayed."""

    picture: Picture
    to_page: Matrix
    scale: float
    """Points a pixel."""

    def turned(self, quarters: int) -> Sheet:
        """The sheet turned counter-clockwise by quarters of a circle."""
        height, width = self.picture.shape[:2]
        back = {
            0: [[1, 0, 0], [0, 1, 0]],
            1: [[0, -1, width], [1, 0, 0]],
            2: [[-1, 0, width], [0, -1, height]],
            3: [[0, 1, 0], [-1, 0, height]],
        }[quarters % 4]
        picture = np.ascontiguousarray(np.rot90(self.picture, quarters))
        return replace(self, picture=picture, to_page=self.to_page @ np.array([*back, [0, 0, 1]], dtype=float))

    def levelled(self, degrees: float) -> Sheet:
        """The sheet with lines that fall by so many degrees to the right made level."""
        height, width = self.picture.shape[:2]
        turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0.0, 0.0, 1.0]])
        picture = cv2.warpAffine(
            self.picture, turn[:2], (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
        )
        return replace(self, picture=np.asarray(picture, np.uint8), to_page=self.to_page @ np.linalg.inv(turn))

    @property
    def lie(self) -> Lie:
        """How points of the picture lie on the page."""
        unit = np.diag([1 / self.scale, 1 / self.scale, 1.0])
        return Lie(tuple(float(value) for value in (self.to_page @ unit)[:2].ravel()))


@dataclass(frozen=True, slots=True)
class Lie:
    """How a levelled picture lies on its page: six numbers of the matrix from its points to those of the page."""

    matrix: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    def on_page(self, box: Box) -> Box:
        """The upright box on the page around a box on the picture, both in points."""
        a, b, e, c, d, f = self.matrix
        corners = [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs = [a * x + b * y + e for x, y in corners]
        ys = [c * x + d * y + f for x, y in corners]
        return Box(round(min(xs), 2), round(min(ys), 2), round(max(xs), 2), round(max(ys), 2))


def draw_sheet(page: pymupdf.Page, dpi: int, box: Box | None = None) -> Sheet:
    """The page (or a rectangle of it, in points as displayed) as a picture, seals taken off."""
    clip = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1) if box else page.rect
    dpi = min(dpi, max(int(72 * (_MOST_PIXELS / max(abs(clip.get_area()), 1.0)) ** 0.5), 1))
    pixmap = page.get_pixmap(dpi=dpi, clip=clip, colorspace=pymupdf.csRGB, alpha=False)
    scale = 72.0 / dpi
    samples = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    picture = np.ascontiguousarray(samples[:, :, ::-1])
    to_page = np.array([[scale, 0, pixmap.x * scale], [0, scale, pixmap.y * scale], [0, 0, 1]])
    return Sheet(dark_fields_turned(without_seals(picture, scale), scale), to_page, scale)


def dark_fields_turned(picture: Picture, scale: float) -> Picture:
    """Light text on dark fields (a table's header) made dark on white; fields at least as high as a line of text."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    high, wide = (max(int(side / scale), 3) for side in _LEAST_FIELD)
    dark = np.where(grey < _DARK_FIELD, 255, 0).astype(np.uint8)
    filled = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _kernel(max(high // 2, 3), max(high // 2, 3)))
    fields = cv2.morphologyEx(filled, cv2.MORPH_OPEN, _kernel(high, wide))
    if not fields.any():
        return picture
    made = picture.copy()
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(fields)
    for label, (x, y, width, height, _area) in enumerate(boxes[1:].tolist(), 1):
        own = (slice(y, y + height), slice(x, x + width))
        inside = labels[own] == label
        ground = float(np.median(grey[own][inside]))
        if ground < _DARK_FIELD:  # else the ink of dense text that closing has filled
            turned = 255 - np.clip((grey[own] - ground) * (255 / (255 - ground)), 0, 255)
            made[own][inside] = turned[inside][:, None].astype(np.uint8)
    return made


def without_seals(picture: Picture, scale: float) -> Picture:
    """Red seals stamped over text made white; red text and red fields stay as they are."""
    blue, green, red = (picture[:, :, i].astype(np.int16) for i in range(3))
    strong = ((red - np.maximum(blue, green)) > 40).astype(np.uint8)
    if not strong.any():
        return picture
    near = max(int(_SEAL_GAP / scale), 1)
    joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, _kernel(near, near))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(joined)
    made = picture.copy()
    for label, (x, y, width, height, _area) in enumerate(boxes[1:].tolist(), 1):
        own = (slice(max(y - 2, 0), y + height + 2), slice(max(x - 2, 0), x + width + 2))
        if _is_seal(strong[own] * (labels[own] == label), width * scale, height * scale):
            lightest = np.where(picture[own][:, :, 2] > _SEAL_DARKEST, 255, picture[own][:, :, 2])
            made[own] = np.maximum(picture[own], lightest[:, :, None])
    return made


def _is_seal(red: NDArray[np.uint8], width: float, height: float) -> bool:
    """Whether red strokes in a box of this size in points are a stamp: about as wide as high, drawn and not filled."""
    small, large = sorted((width, height))
    return (
        small > _LEAST_SEAL and large < min(_LARGEST_SEAL, 2.2 * small)
        and _SEAL_INK[0] < float(red.mean()) < _SEAL_INK[1]
    )  # fmt: skip


def ink_of(picture: Picture, faint: bool = False) -> Picture:
    """255 where the picture is darker than halfway between its ink and its paper; `faint`: halfway on to the paper."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    limit = min(max(level, _DARKEST_PAPER), _LIGHTEST_INK)
    if faint:
        limit = (limit + float(np.percentile(grey, 80))) / 2
    return np.where(grey <= limit, 255, 0).astype(np.uint8)


def _kernel(high: int, wide: int) -> NDArray[np.uint8]:
    """Ones, their sides made odd: opening and closing with even ones moves what is left by a pixel."""
    return np.ones((high | 1, wide | 1), np.uint8)


def without_rules(picture: Picture, ink: Picture, shortest: int) -> Picture:
    """The picture without horizontal rules of at least so many pixels; where text runs into one, its strokes stay."""
    is_ink = ink > 0
    found = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _kernel(1, shortest))
    thick = cv2.morphologyEx(found, cv2.MORPH_OPEN, _kernel(max(shortest // 4, 3), 1))
    rules = cv2.dilate(cv2.subtract(found, thick), _kernel(5, 1)) > 0
    rest = is_ink & ~rules
    kept = np.zeros_like(is_ink)  # what runs into a rule from above, three pixels and more: the tail of a comma
    kept[3:] = rest[2:-1] & rest[1:-2] & rest[:-3] & rules[3:] & is_ink[3:]
    for _ in range(max(shortest // 6, 3)):
        kept[1:] |= kept[:-1] & rules[1:] & is_ink[1:]
    made = picture.copy()
    made[rules & ~kept] = 255
    return made


def stroke_height(ink: Picture) -> float:
    """The height in pixels that three of four pieces of ink do not exceed: about that of a digit."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    heights = stats[1:count, cv2.CC_STAT_HEIGHT]
    heights = heights[heights > 4]
    return float(np.percentile(heights, 75)) if heights.size else 0.0


def skew_of(ink: Picture) -> float:
    """The angle in degrees by which lines fall to the right: the one at which rows of ink stand apart most clearly.

    The ink is cut into upright strips; for each angle their profiles are shifted and summed, and the sum of squares says
    how sharply rows and gaps alternate.
    """
    edges = np.linspace(0, ink.shape[1], _STRIPS + 1).astype(int).tolist()
    strips = [(x0, x1) for x0, x1 in pairwise(edges) if x1 > x0]
    profiles = [(ink[:, x0:x1] > 0).sum(axis=1, dtype=np.int64) for x0, x1 in strips]
    middles = [(x0 + x1 - ink.shape[1]) / 2 for x0, x1 in strips]
    angles = np.arange(-_WIDEST_SKEW, _WIDEST_SKEW + _SKEW_STEP / 2, _SKEW_STEP)
    scores: list[float] = []
    for angle in angles:
        total = np.zeros(ink.shape[0])
        for profile, middle in zip(profiles, middles, strict=True):
            total += np.roll(profile, -round(float(np.tan(np.radians(angle))) * middle))
        scores.append(float((total**2).sum()))
    best = int(np.argmax(scores))
    level = scores[len(angles) // 2]
    return float(angles[best]) if level and scores[best] > 1.01 * level else 0.0
