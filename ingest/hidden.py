"""A page and its text lines in, what of them a reader cannot see out.

The judge is the page's picture: a line is seen where there is ink in its box, and where that ink may be another's, where
the picture changes when the line is taken off the page. So one rule finds what is white on white, covered, clipped,
transparent or switched off, whatever way the file took to hide it. Only the OCR layer of a scan may be without ink.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pymupdf

from ingest.ink import Boxes, Painted, Picture, Pixels, areas, contrast, core, inked, longest_blank, overlap, share_near
from ingest.lines import Line, part_of
from rag.domain import Box

_SMALLEST_PT = 4.0  # on a page of A5 or larger; the smallest labels of charts in real reports measure 4.7 pt
_A5_PT = 595.0
_MARK_PT, _MARK_CHARS = 2.0, 3  # a footnote mark beside a line may be smaller
_NO_ROOM = 0.15  # font sizes a character: a box with less for its text is a point where the file names a drawing
_ON_PAGE = 1 / 3  # of a line's box that must lie on the page
_DIFFERS = 10  # levels of 255 between ink and ground; real lines show 58 and more at 72 dpi, hidden ones 0
_CLEAR = 50  # the same where no doubt is left
_PRINT = 30  # the same for the print that a line of an OCR layer repeats: scanned paper is not even
_BLANK = 2.5  # font sizes without ink within a line; a real line has gaps of at most 1.6, wider ones part it
_OWN_COLOUR = 0.35  # share of a box in the line's own colour: real lines cover less, only dashes and boxes more
_SAME_GROUND = 0.5  # the same where the ground has the line's colour, and what ink there is is another's
_HALF = 0.5
_OUTWARDS = np.array((-1, -1, 1, 1))

Word = tuple[str, float, float]  # as in Line.words
Verdict = Literal["hidden", "unclear", "gaps", "seen"]


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Positions of lines that are not seen at all, and of those seen in part with the words that are."""

    whole: frozenset[int]
    part: dict[int, tuple[Word, ...]]


def seen_lines(page: pymupdf.Page, lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines as a reader sees them, hidden words cut out, and how many lines lost some or all of their text.

    Boxes must be those of the page as displayed. Costs about 8 ms a page, five times that where ink in a box may be
    another's. MuPDF's errors come through.
    """
    hidden = _judge(page, lines)
    kept = [(i, line) for i, line in enumerate(lines) if i not in hidden.whole]
    seen = [part_of(line, hidden.part[i]) if i in hidden.part else line for i, line in kept]
    return seen, len(hidden.whole) + len(hidden.part)


def is_ocr_layer(page: pymupdf.Page, lines: Sequence[Line]) -> bool:
    """Whether most of the text is the OCR layer of a scan: without ink, on a page that a picture covers by half."""
    if not lines or not _has_large_picture(page):  # most pages, which are spared the order of painting
        return False
    layer = _layer(page, Painted.of(page), lines, _boxes(lines))
    return sum(len(lines[i].text) for i in layer) * 2 > sum(len(line.text) for line in lines)


def _has_large_picture(page: pymupdf.Page) -> bool:
    frame = page.rect * page.derotation_matrix
    shown = (pymupdf.Rect(image["bbox"]) & frame for image in page.get_image_info())
    return any(picture.get_area() > _HALF * frame.get_area() for picture in shown)


def _judge(page: pymupdf.Page, lines: Sequence[Line]) -> _Hidden:
    whole = {i for i, line in enumerate(lines) if _is_unreadable(line, page.rect) and not _is_mark(line, lines)}
    rest = [i for i in range(len(lines)) if i not in whole]
    if not rest:
        return _Hidden(frozenset(whole), {})
    boxes, painted = _boxes(lines), Painted.of(page)
    layer = _layer(page, painted, lines, boxes)
    covered, overwritten = _covered(painted, boxes, rest)
    whole |= (overwritten - layer) | _over_drawn(boxes, lines, layer)
    picture = Picture.of(page)
    unclear: set[int] = covered - layer - whole
    part: dict[int, tuple[Word, ...]] = {}
    for i in rest:
        verdict = "hidden" if i in whole else _look(picture, lines[i], in_layer=i in layer)
        words = _words_with_ink(picture, lines[i]) if verdict == "gaps" else ()
        if verdict == "hidden" or (verdict == "gaps" and not words):
            whole.add(i)
        elif verdict == "unclear":
            unclear.add(i)
        elif verdict == "gaps" and len(words) < len(lines[i].words):
            part[i] = words
    whole |= _without_effect(page, picture, lines, unclear - whole)
    return _Hidden(frozenset(whole), {i: words for i, words in part.items() if i not in whole})


def _is_unreadable(line: Line, frame: pymupdf.Rect) -> bool:
    """Too small, or off the page."""
    box = line.box
    if line.size < _SMALLEST_PT * min(1.0, max(frame.width, frame.height) / _A5_PT):
        return True
    across = min(box.x1, frame.x1) - max(box.x0, frame.x0)
    down = min(box.y1, frame.y1) - max(box.y0, frame.y0)
    return bool(across < 0 or down < 0 or across * down < _ON_PAGE * (box.x1 - box.x0) * (box.y1 - box.y0))


def _is_mark(line: Line, lines: Sequence[Line]) -> bool:
    """A few small characters close to a line of readable size."""
    if line.size < _MARK_PT or len(line.text) > _MARK_CHARS:
        return False
    box = np.array(_bounds(line.box))
    hosts = [(np.array(_bounds(one.box)), one.size) for one in lines if one.size >= _SMALLEST_PT]
    return any(overlap((host + size / 2 * _OUTWARDS)[None], box)[0] > 0 for host, size in hosts)


# --- looking at the picture ------------------------------------------------------------------------------------------


def _look(picture: Picture, line: Line, *, in_layer: bool) -> Verdict:
    """`hidden`: no ink; `unclear`: the ink may not be the line's own; `gaps`: ink along a part of the line."""
    says_nothing = not any(char.isalnum() for char in line.text)  # such as a ticked box, drawn as a shape
    if not (line.drawn or in_layer or says_nothing):
        return "hidden"
    named = _named_drawing(line)
    pixels = picture.inside(named or line.box)
    if in_layer or named or not line.drawn:
        return "hidden" if contrast(pixels) < _PRINT else "seen"
    green = pixels[:, :, 1]  # one channel settles most lines
    clear = contrast(core(green)) >= _CLEAR and share_near(green, line.color >> 8 & 255, _DIFFERS) <= _OWN_COLOUR
    if not clear:
        if contrast(pixels) < _DIFFERS:
            return "hidden"
        if says_nothing:
            return "seen"  # dashes and bullets may fill their box
        own = _own_colour(pixels, line.color)
        if own > _SAME_GROUND:
            return "hidden"
        if own > _OWN_COLOUR or contrast(core(pixels)) < _DIFFERS:
            return "unclear"
    most = _BLANK * line.size * picture.scale
    return "gaps" if max(pixels.shape[:2]) > most and longest_blank(inked(pixels, _DIFFERS)) > most else "seen"


def _named_drawing(line: Line) -> Box | None:
    """About where the letters are that the file draws as shapes, with the text for them at one point (/ActualText)."""
    width, height = line.box.x1 - line.box.x0, line.box.y1 - line.box.y0
    if len(line.text) < 2 or (width > 0.5 and max(width, height) > _NO_ROOM * line.size * len(line.text)):
        return None
    return Box(line.box.x0, line.box.y0, line.box.x0 + height * len(line.text) / 2, line.box.y1)


def _own_colour(pixels: Pixels, color: int) -> float:
    """Share of the pixels in a line's colour, at most: the lowest of the three channels."""
    return min(share_near(pixels[:, :, k], color >> shift & 255, _DIFFERS) for k, shift in enumerate((16, 8, 0)))


def _words_with_ink(picture: Picture, line: Line) -> tuple[Word, ...]:
    ink = inked(picture.inside(line.box), _DIFFERS)
    most = _BLANK * line.size * picture.scale
    kept = []
    for word in line.words:
        start, end = (int((x - line.box.x0) * picture.scale) for x in word[1:])
        below = ink[max(start, 0) : max(end, start + 1)]
        if below.any() and longest_blank(below) <= most:
            kept.append(word)
    return tuple(kept)


def _without_effect(page: pymupdf.Page, picture: Picture, lines: Sequence[Line], unclear: Iterable[int]) -> set[int]:
    """Those of the lines where the picture stays as it was when all text goes off the page."""
    doubtful = sorted(unclear)
    if not doubtful:
        return set()
    with pymupdf.open() as copy:
        copy.insert_pdf(page.parent, from_page=page.number, to_page=page.number)
        bare = copy[0]
        bare.add_redact_annot(bare.rect * bare.derotation_matrix, fill=False, cross_out=False)
        bare.apply_redactions(images=0, graphics=0)  # 0: none of those, text alone
        without = Picture.of(bare)
    return {i for i in doubtful if picture.change(without, _middle(lines[i].box)) < _DIFFERS}


def _middle(box: Box) -> Box:
    """The middle half of a line, where it has ink of its own and its neighbours have none."""
    across, down = (box.x1 - box.x0) / 4, (box.y1 - box.y0) / 4
    if across > down:
        return Box(box.x0, box.y0 + down, box.x1, box.y1 - down)
    return Box(box.x0 + across, box.y0, box.x1 - across, box.y1)


# --- going by the order of painting ----------------------------------------------------------------------------------


def _covered(painted: Painted, boxes: Boxes, rest: Iterable[int]) -> tuple[set[int], set[int]]:
    """Lines with paint over half of them that came after their text; and those of them that other text came on top of."""
    covered: set[int] = set()
    overwritten: set[int] = set()
    last = len(painted.boxes)
    later = painted.paint[painted.paint > painted.text.min(initial=last)]
    later = later[areas(painted.boxes[later]) > _HALF * areas(boxes).min()]
    if not len(later):
        return covered, overwritten
    paint = painted.boxes[later]
    for i in rest:
        box = boxes[i]
        over = later[overlap(paint, box) > _HALF * areas(box)]
        if not len(over):
            continue
        text = painted.text_in(box)
        if text.min(initial=last) < over.max():
            covered.add(i)
            if text.max() > over.max() and overlap(boxes[i + 1 :], box).sum() > _HALF * areas(box):
                overwritten.add(i)
    return covered, overwritten


def _layer(page: pymupdf.Page, painted: Painted, lines: Sequence[Line], boxes: Boxes) -> set[int]:
    """Lines of an OCR layer: without ink, in a picture over half of the page; or drawn, and all below that picture."""
    frame = np.array(tuple(page.rect))
    large = [k for k in painted.image if overlap(painted.boxes[k], frame) > _HALF * areas(frame)]
    if not large:
        return set()
    inside = np.max([overlap(boxes, painted.boxes[k]) for k in large], axis=0) > 0.9 * areas(boxes)
    undrawn = {i for i, line in enumerate(lines) if inside[i] and not line.drawn}
    drawn = [i for i, line in enumerate(lines) if line.drawn]
    below = {i for i in drawn if inside[i] and painted.text_in(boxes[i]).max(initial=-1) < max(large)}
    seen = sum(len(lines[i].text) for i in drawn if i not in below)
    return undrawn | below if seen * 4 < sum(len(lines[i].text) for i in below) else undrawn


def _over_drawn(boxes: Boxes, lines: Sequence[Line], layer: set[int]) -> set[int]:
    """Lines of a layer that lie over drawn text: the print they stand on is that text, not a picture's."""
    drawn = [i for i, line in enumerate(lines) if line.drawn and i not in layer]
    if not drawn:
        return set()
    return {i for i in layer if (overlap(boxes[drawn], boxes[i]) > _HALF * areas(boxes[i])).any()}


def _boxes(lines: Sequence[Line]) -> Boxes:
    return np.array([_bounds(line.box) for line in lines])


def _bounds(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
