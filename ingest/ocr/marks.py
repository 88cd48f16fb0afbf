"""Texts recognised in a level picture to marks with tight boxes; signs to the figures they belong to.

The detector of text draws its boxes wider than the ink, so that those of dense rows overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ingest.lines import repair
from ingest.ocr.sheet import Picture, Pixels
from rag.domain import Box

Word = tuple[str, float, float]

_CELL_GAP = 1.6  # of the height: a wider gap without ink parts two marks
_WORD_GAP = 0.55  # of the height, between two characters
_OF_FIGURES = frozenset("0123456789.,，()（）$¥￥€£%")
_LIKE_SIGN = {"C": "(", "c": "(", "〔": "(", "【": "(", "［": "(", "[": "(", "（": "(", "(S": "($", "( S": "( $"}
NEGATIVE = re.compile(r"^[^(（]*\d\s?[)）]$")
_RIM = 0.22  # of the height of a detected box: ink that ends inside it belongs to the row above or below


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

    def retold(self, text: str) -> Mark:
        """The mark with another text; its words are that of the text, each as wide as its characters are many."""
        words = text.split()
        unit = (self.box.x1 - self.box.x0) / max(sum(map(len, words)) + len(words) - 1, 1)
        made: list[Word] = []
        at = self.box.x0
        for word in words:
            made.append((word, round(at, 2), round(at + unit * len(word), 2)))
            at += unit * (len(word) + 1)
        return replace(self, text=text, words=tuple(made))


@dataclass(frozen=True, slots=True)
class Found:
    """A text as recognised: its detected box in pixels, and for each character but blanks its middle in [0, 1]."""

    text: str
    box: Pixels
    places: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Char:
    """A character, the x of its middle, and whether a blank stands before it."""

    text: str
    x: float
    after_blank: bool


def marks_of(found: Sequence[Found], ink: Picture, scale: float) -> list[Mark]:
    """Marks with tight boxes; a text is cut where a gap as wide as a character and a half is in its ink."""
    made: list[Mark] = []
    for one in found:
        box = tight_box(ink, one.box)
        if box is not None:
            made += [mark for mark in _cut(one, box, ink, scale) if mark.text]
    return made


def tight_box(ink: Picture, box: Pixels) -> Pixels | None:
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


def _cut(one: Found, box: Pixels, ink: Picture, scale: float) -> Iterator[Mark]:
    """The text in parts, each with the characters that stand over its ink; figures of two cells come apart too."""
    x0, y0, x1, y1 = box
    parts = [
        (x0 + first, x0 + last)
        for first, last in _joined_runs(np.atleast_1d((ink[y0:y1, x0:x1] > 0).any(axis=0)), _CELL_GAP * (y1 - y0))
    ]
    left, wide = one.box[0], one.box[2] - one.box[0]
    blanks = _blanks_before(one.text)
    chars = [
        _Char(char, left + place * wide, index in blanks)
        for index, (char, place) in enumerate(zip(_solid(one.text), one.places, strict=True))
    ]
    owner = [min(range(len(parts)), key=lambda i: _distance(parts[i], char.x)) for char in chars]
    for index, (first, last) in enumerate(parts):
        own = [char for char, at in zip(chars, owner, strict=True) if at == index]
        starts = [0, *_cell_starts(own, y1 - y0), len(own)]
        for begin, end in pairwise(starts):
            if begin == end:
                continue
            window = (
                first if begin == 0 else round((own[begin - 1].x + own[begin].x) / 2),
                y0,
                last if end == len(own) else round((own[end - 1].x + own[end].x) / 2),
                y1,
            )
            yield _mark(own[begin:end], tight_box(ink, window) or window, scale)


def _mark(chars: Sequence[_Char], box: Pixels, scale: float) -> Mark:
    text = chars[0].text + "".join((" " if char.after_blank else "") + char.text for char in chars[1:])
    x0, y0, x1, y1 = (round(value * scale, 2) for value in box)
    around = Box(x0, y0, x1, y1)
    return Mark(repair(text), around, tuple(_words([replace(char, x=char.x * scale) for char in chars], around)))


def _cell_starts(chars: Sequence[_Char], height: float) -> list[int]:
    """Where in a text of several figures and nothing else each but the first begins: 702,841)( 2) are two."""
    if not all(char.text in _OF_FIGURES for char in chars):
        return []
    found: list[int] = []
    for index, (left, right) in enumerate(pairwise(chars), 1):
        closed = left.text in ")）%" and right.text not in ")）%"
        opened = left.text.isdigit() and right.text in "(（$¥￥€£"
        apart = left.text.isdigit() and right.text.isdigit() and right.after_blank and right.x - left.x > 1.1 * height
        if closed or opened or apart:
            found.append(index)
    return found


def _joined_runs(values: NDArray[np.bool_], gap: float) -> list[tuple[int, int]]:
    """Runs of true values, those with a gap no wider than that between them taken as one."""
    joined: list[tuple[int, int]] = []
    for first, last in _runs(values):
        if joined and first - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


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


def _words(chars: Sequence[_Char], box: Box) -> Iterator[Word]:
    """Words parted by blanks or wide gaps; characters and box in points."""
    height = box.y1 - box.y0
    steps = [right.x - left.x for left, right in pairwise(chars)]
    half = min(median(steps) / 2, 0.5 * height) if steps else height / 2
    start = box.x0
    word = chars[0].text
    for left, right in pairwise(chars):
        if right.after_blank or right.x - left.x > 2 * half + _WORD_GAP * height:
            yield word, round(start, 2), round(min(left.x + half, box.x1), 2)
            start, word = max(right.x - half, box.x0), ""
        word += right.text
    yield word, round(start, 2), box.x1


# --- signs -----------------------------------------------------------------------------------------------------------


def with_signs_joined(row: Sequence[Mark]) -> list[Mark]:
    """A row from the left: a bracket or currency sign that stands alone goes to the figure on its right."""
    made: list[Mark] = []
    for mark in sorted(row, key=lambda one: one.box.x0):
        before = made[-1] if made else None
        if before is None:
            made.append(mark)
            continue
        if before.text in _LIKE_SIGN and NEGATIVE.match(mark.text):
            before = made[-1] = before.retold(_LIKE_SIGN[before.text])
        if _belongs_to(before.text, mark.text):
            made[-1] = _joined(before, mark)
        elif NEGATIVE.match(mark.text) and before.text.endswith(("(", "（")) and len(before.text) > 1:
            made[-1] = before.retold(before.text[:-1].rstrip())
            made.append(mark.retold(f"({mark.text}"))
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
