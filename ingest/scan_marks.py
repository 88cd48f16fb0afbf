"""What was recognised in a level picture to marks with tight boxes, and the small marks that were passed over.

The detector of text draws its boxes wider than the ink, so that those of dense rows overlap, and it does not see what is
as small as a dash or stands alone as a bracket does: in a column of figures both change what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.lines import repair
from ingest.regions import is_figure
from ingest.scan_sheet import Picture
from rag.domain import Box

Word = tuple[str, float, float]

_CELL_GAP = 1.6  # of the height: a wider gap without ink parts two marks
_WORD_GAP = 0.55  # of the height, between two characters
_RIM = 0.22  # of the height of a detected box: ink that ends inside it belongs to the row above or below
_NEGATIVE = re.compile(r"^[^(（]*\d[)）]$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text in a picture: words with their left and right x, the box around its ink; points."""

    text: str
    box: Box
    words: tuple[Word, ...]

    @property
    def height(self) -> float:
        return self.box.y1 - self.box.y0

    @property
    def middle(self) -> float:
        return (self.box.y0 + self.box.y1) / 2


@dataclass(frozen=True, slots=True)
class Found:
    """A text as recognised: its detected box in pixels, and for each character but blanks its middle in [0, 1]."""

    text: str
    box: tuple[int, int, int, int]
    places: tuple[float, ...]


def marks_of(found: Sequence[Found], ink: Picture, scale: float) -> list[Mark]:
    """Marks with tight boxes; a text is cut where a gap as wide as a character and a half is in its ink."""
    made: list[Mark] = []
    for one in found:
        box = tight_box(ink, one.box)
        if box is not None:
            made += [mark for mark in _cut(one, box, ink, scale) if mark.text]
    return made


def tight_box(ink: Picture, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """The box around the ink in a box, both in pixels, without what reaches in from the rows above and below."""
    x0, y0, x1, y1 = box
    window = ink[y0:y1, x0:x1] > 0
    height = y1 - y0
    runs = _runs(np.atleast_1d(window.any(axis=1)))
    kept = [
        (top, bottom)
        for top, bottom in runs
        if not (top == 0 and bottom <= _RIM * height) and not (bottom == height and top >= (1 - _RIM) * height)
    ]
    if not kept:
        return None
    top, bottom = kept[0][0], kept[-1][1]
    columns = np.flatnonzero(window[top:bottom].any(axis=0))
    return x0 + int(columns[0]), y0 + top, x0 + int(columns[-1]) + 1, y0 + bottom


def _runs(values: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last + 1 of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], values, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _cut(one: Found, box: tuple[int, int, int, int], ink: Picture, scale: float) -> Iterator[Mark]:
    """The text in parts, each with the characters that stand over its ink."""
    x0, y0, x1, y1 = box
    left, right = one.box[0], one.box[2]
    parts: list[tuple[int, int]] = []
    for first, last in _runs(np.atleast_1d((ink[y0:y1, x0:x1] > 0).any(axis=0))):
        if parts and first - parts[-1][1] <= _CELL_GAP * (y1 - y0):
            parts[-1] = (parts[-1][0], last)
        else:
            parts.append((first, last))
    chars = [
        (char, left + place * (right - left) - x0) for char, place in zip(_solid(one.text), one.places, strict=True)
    ]
    blanks = _blanks_before(one.text)
    owner = [min(range(len(parts)), key=lambda i: _distance(parts[i], x)) for _, x in chars]
    for index, (first, last) in enumerate(parts):
        own = [i for i in range(len(chars)) if owner[i] == index]
        if not own:
            continue
        text = "".join((" " if i in blanks and i != own[0] else "") + chars[i][0] for i in own)
        trimmed = tight_box(ink, (x0 + first, y0, x0 + last, y1)) or (x0 + first, y0, x0 + last, y1)
        middles = [((x0 + chars[i][1]) * scale, chars[i][0], i in blanks) for i in own]
        around = Box(*(round(value * scale, 2) for value in trimmed))
        yield Mark(repair(text), around, tuple(_words(middles, around)))


def _distance(part: tuple[int, int], x: float) -> float:
    return max(part[0] - x, x - part[1], 0.0)


def _solid(text: str) -> str:
    return "".join(text.split())


def _blanks_before(text: str) -> set[int]:
    """The numbers of those characters, blanks not counted, that have a blank before them."""
    found: set[int] = set()
    count = 0
    for char in text:
        if char.isspace():
            found.add(count)
        else:
            count += 1
    return found


def _words(chars: Sequence[tuple[float, str, bool]], box: Box) -> Iterator[Word]:
    """Words parted by blanks or wide gaps; chars are (middle x, character, whether a blank stands before it)."""
    height = box.y1 - box.y0
    steps = [b[0] - a[0] for a, b in pairwise(chars)]
    half = min(median(steps) / 2, 0.5 * height) if steps else height / 2
    start = box.x0
    word = chars[0][1]
    for (x, _, _), (right, char, blank) in pairwise(chars):
        if blank or right - x > 2 * half + _WORD_GAP * height:
            yield word, round(start, 2), round(min(x + half, box.x1), 2)
            start, word = max(right - half, box.x0), ""
        word += char
    yield word, round(start, 2), box.x1


# --- what was passed over --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speck:
    """Ink in a row that no mark covers, in points, and the same in pixels."""

    box: Box
    pixels: tuple[int, int, int, int]
    row: int


def specks_in_columns(rows: Sequence[Sequence[Mark]], ink: Picture, scale: float) -> list[Speck]:
    """Ink in the rows of columns of figures that is no part of a mark: as large as a dash, a bracket, a digit or two."""
    left = ink.copy()
    for row in rows:
        for mark in row:
            covered = _pixels(mark.box, scale)
            left[max(covered[1] - 1, 0) : covered[3] + 1, max(covered[0] - 1, 0) : covered[2] + 1] = 0
    found: list[Speck] = []
    for index, row in enumerate(rows):
        height = max(mark.height for mark in row)
        middle = median(mark.middle for mark in row)
        for x0, x1 in _column_stretches(rows, index, height):
            window = _pixels(Box(x0, middle - 0.62 * height, x1, middle + 0.62 * height), scale)
            found += _specks_at(left, window, index, height, scale)
    return found


def _pixels(box: Box, scale: float) -> tuple[int, int, int, int]:
    return round(box.x0 / scale), round(box.y0 / scale), round(box.x1 / scale), round(box.y1 / scale)


def _column_stretches(rows: Sequence[Sequence[Mark]], index: int, height: float) -> list[tuple[float, float]]:
    """Left and right of the columns of figures that rows near by have: where at least two figures end."""
    near = [
        mark
        for row in rows[max(0, index - 12) : index + 13]
        for mark in row
        if is_figure(mark.text) and any(c.isdigit() for c in mark.text) and mark.height < 1.6 * height
    ]
    stretches: list[list[Mark]] = []
    for mark in sorted(near, key=lambda one: one.box.x1):
        if stretches and mark.box.x1 - stretches[-1][-1].box.x1 < 0.8 * height:
            stretches[-1].append(mark)
        else:
            stretches.append([mark])
    return [
        (min(m.box.x0 for m in own) - 2.5 * height, max(m.box.x1 for m in own) + 0.7 * height)
        for own in stretches
        if len(own) > 1
    ]


def _specks_at(
    left: Picture, window: tuple[int, int, int, int], row: int, height: float, scale: float
) -> Iterator[Speck]:
    """Pieces of ink inside the window, those side by side as one; noise and what goes on outside is none."""
    x0, y0, x1, y1 = max(window[0], 0), max(window[1], 0), window[2], window[3]
    view = left[y0:y1, x0:x1]
    if view.size == 0 or not view.any():
        return
    count, _, stats, _ = cv2.connectedComponentsWithStats(view)
    pieces: list[list[int]] = []
    for x, y, wide, high, _area in sorted(stats[1:count].tolist()):
        if y == 0 or y + high == view.shape[0] or min(wide, high) * scale < 0.04 * height:
            continue
        if pieces and x - pieces[-1][2] < 0.5 * height / scale:
            last = pieces[-1]
            pieces[-1] = [last[0], min(last[1], y), max(last[2], x + wide), max(last[3], y + high)]
        else:
            pieces.append([x, y, x + wide, y + high])
    for a, b, c, d in pieces:
        pixels = (x0 + a, y0 + b, x0 + c, y0 + d)
        box = Box(*(round(value * scale, 2) for value in pixels))
        if max(box.x1 - box.x0, box.y1 - box.y0) > 0.15 * height:
            yield Speck(box, pixels, row)
        view[b:d, a:c] = 0  # a stretch that overlaps this one finds it no more


def shape_of(speck: Speck, row: Sequence[Mark]) -> str:
    """What a speck is by its shape alone: "-", "(" (before a figure that ends with a bracket), or "" where it must be read."""
    height = max(mark.height for mark in row)
    middle = median(mark.middle for mark in row)
    wide, high = speck.box.x1 - speck.box.x0, speck.box.y1 - speck.box.y0
    at = (speck.box.y0 + speck.box.y1) / 2
    if high < 0.3 * height and 1.3 * high < wide < 1.1 * height and abs(at - middle) < 0.3 * height:
        return "-"
    after = min((mark for mark in row if mark.box.x0 > speck.box.x0), key=lambda mark: mark.box.x0, default=None)
    if after is not None and _NEGATIVE.match(after.text) and 0.6 * height < high and 1.6 * wide < high:
        return "("
    return ""


# --- signs -----------------------------------------------------------------------------------------------------------


def with_signs_joined(row: Sequence[Mark]) -> list[Mark]:
    """A row from the left: a bracket or currency sign that stands alone goes to the figure on its right."""
    made: list[Mark] = []
    for mark in sorted(row, key=lambda one: one.box.x0):
        before = made[-1] if made else None
        if before is not None and _belongs_to(before.text, mark.text):
            made[-1] = _joined(before, mark)
        else:
            made.append(mark)
    return made


def _belongs_to(sign: str, figure: str) -> bool:
    if not re.match(r"^[\d.,(（-]", figure) or not any(c.isdigit() for c in figure):
        return False
    if re.match(r"^[(（]\s*(?:[$¥￥€£]|NT\$|US\$|HK\$)?$", sign):
        return figure.endswith((")", "）"))
    return re.match(r"^(?:[$¥￥€£]|NT\$|US\$|HK\$)$", sign) is not None


def _joined(left: Mark, right: Mark) -> Mark:
    box = Box(left.box.x0, min(left.box.y0, right.box.y0), right.box.x1, max(left.box.y1, right.box.y1))
    return Mark(f"{left.text} {right.text}", box, (*left.words, *right.words))
