"""A PyMuPDF page to its text lines: repaired text, tight box as displayed, size, weight, ink, in stream order.

Stream order is kept on purpose: sorting by position interleaves the columns of two-column first pages. A line of the
file is cut where a gap as wide as a character and a half stands in it, so that cells set with blanks come apart.
Everything in the text layer comes out, also what a reader cannot see (ingest/hidden.py tells which lines those are).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pymupdf

from rag.domain import Box

_FLAGS = pymupdf.TEXTFLAGS_RAWDICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES
_BOLD_FLAG = 16
_INK = 16 | 32  # char_flags: filled, stroked
_CELL_GAP = 1.6  # of the font size: a wider gap inside a line of the file parts two lines of ours
_WORD_GAP = 0.3  # of the height of a character: a wider gap parts two words without a blank between them
_OPENINGS = frozenset("(（$¥￥€£")
_GARBLED = re.compile(r"[\ue000-\uf8ff\ufffd]")
_RADICALS = re.compile(r"[\u2e80-\u2fdf]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\ufeff\ufffd]")
_BULLETS = re.compile(r"[\ue000-\uf8ff]")
_BLANKS = re.compile(r"[ \t\n\u00a0\u2000-\u200a\u3000]+")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SPACED_OUT = re.compile(rf"(?<=[{_HAN}，。、；：？！]) (?=[{_HAN}，。、；：？！])")


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline. `block` is the number of the PDF text block it came from.

    `drawn` is False for text that the file sets without ink (render mode 3, or fully transparent); `color` is its sRGB
    colour, 0xRRGGBB; `original` is what the file had where `text` was repaired, else "".
    """

    text: str
    box: Box
    size: float
    bold: bool
    block: int
    drawn: bool = True
    color: int = 0
    original: str = ""
    level: bool = True
    """False for text set at an angle: labels of an axis, a mark across the page, a note along the margin."""
    place: int = 0
    """Its place in the page's stream."""
    words: tuple[tuple[str, float, float], ...] = ()
    """The words, as the file has them, with their left and right x; parted by blanks or by a gap as wide as one."""


def read_lines(page: pymupdf.Page) -> list[Line]:
    """All lines of the text layer; a rotated page must have had its rotation removed."""
    lines: list[Line] = []
    for number, block in enumerate(page.get_text("rawdict", flags=_FLAGS)["blocks"]):
        for raw in block.get("lines", ()):
            level = raw["wmode"] == 1 or (abs(raw["dir"][1]) < 0.02 and raw["dir"][0] > 0)
            for run in _runs(raw["spans"], level):
                line = _line(run, number, level)
                if line is None:
                    continue
                if lines and lines[-1].block == number:
                    lines[-1], line = _sign_moved(lines[-1], line)
                lines.append(line)
    return [replace(line, place=place) for place, line in enumerate(lines)]


def _sign_moved(left: Line, right: Line) -> tuple[Line, Line]:
    """An opening bracket or currency sign at the end of a line belongs to the figure that follows on its baseline."""
    last = left.words[-1] if len(left.words) > 1 else None
    if last is None or last[0] not in _OPENINGS or left.original or right.original or not right.words:
        return left, right
    if abs(left.box.y1 - right.box.y1) > 0.5 * left.size or right.box.x0 < last[1] or right.text[0] in _OPENINGS:
        return left, right
    return part_of(left, left.words[:-1]), part_of(right, (last, *right.words))


def part_of(line: Line, words: Sequence[tuple[str, float, float]]) -> Line:
    """The line with these words alone, its box theirs; words of a neighbour on the same baseline may be among them."""
    box = Box(round(words[0][1], 2), line.box.y0, round(words[-1][2], 2), line.box.y1)
    return replace(line, text=repair(" ".join(word for word, _, _ in words)), box=box, words=tuple(words))


_Run = list[tuple[dict[str, Any], list[dict[str, Any]]]]  # (span, its characters) of one stretch


def _runs(spans: Sequence[dict[str, Any]], level: bool) -> Iterator[_Run]:
    """Stretches of a line without a wide gap; ink changes part them too."""
    run: _Run = []
    right = ink = None
    for span in spans:
        has_ink = _has_ink(span)
        if run and has_ink != ink:
            yield run
            run, right = [], None
        ink = has_ink
        kept: list[dict[str, Any]] = []
        for char in span["chars"]:
            if not char["c"].isspace():
                x0, _, x1, _ = char["bbox"]
                if level and right is not None and x0 - right > _CELL_GAP * span["size"]:
                    if kept:
                        run.append((span, kept))
                    yield run
                    run, kept = [], []
                right = x1
            kept.append(char)
        if kept:
            run.append((span, kept))
    if run:
        yield run


def _has_ink(span: dict[str, Any]) -> bool:
    return bool(span["alpha"] > 0 and span["char_flags"] & _INK)


def _line(run: Sequence[tuple[dict[str, Any], list[dict[str, Any]]]], block: int, level: bool) -> Line | None:
    printed = "".join(char["c"] for _, chars in run for char in chars)
    text = repair(printed)
    if not text:
        return None
    seen = [char["bbox"] for _, chars in run for char in chars if not char["c"].isspace()]
    weight: dict[float, int] = {}
    bold = total = 0
    for span, chars in run:
        count = sum(1 for char in chars if not char["c"].isspace())
        weight[span["size"]] = weight.get(span["size"], 0) + count
        total += count
        bold += count if span["flags"] & _BOLD_FLAG else 0
    size = max(weight, key=lambda value: weight[value])
    first = run[0][0]
    plain = _BLANKS.sub(" ", printed).strip()
    return Line(
        text=text,
        box=_around(seen),
        size=round(size, 1),
        bold=bold * 2 > total,
        block=block,
        drawn=_has_ink(first),
        color=first["color"],
        original="" if plain == text else plain,
        level=level,
        words=tuple(_words(char for _, chars in run for char in chars)) if level else (),
    )


def _words(chars: Iterable[dict[str, Any]]) -> Iterator[tuple[str, float, float]]:
    word, left, right = "", 0.0, 0.0
    for char in chars:
        x0, y0, x1, y1 = char["bbox"]
        if char["c"].isspace() or (word and x0 - right > _WORD_GAP * (y1 - y0)):
            if word:
                yield word, left, right
            word = ""
        if char["c"].isspace():
            continue
        left = left if word else x0
        right = x1
        word += char["c"]
    if word:
        yield word, left, right


def _around(boxes: Iterable[tuple[float, float, float, float]]) -> Box:
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return Box(round(min(x0s), 2), round(min(y0s), 2), round(max(x1s), 2), round(max(y1s), 2))


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def repair(text: str) -> str:
    """Text as a reader sees it: radicals to characters (doubled ones dropped), symbol-font bullets to •, single blanks.

    Blanks that a justified Chinese line has between each two characters go too.
    """
    text = _CONTROL.sub("", text)
    text = _BULLETS.sub("•", text)
    if _RADICALS.search(text):
        text = "".join(_without_doubled_radicals(text))
    text = _BLANKS.sub(" ", text).strip()
    blanks = len(_SPACED_OUT.findall(text))
    return _SPACED_OUT.sub("", text) if blanks >= 3 and blanks * 3 > len(text) - blanks else text


def garbled_share(lines: Sequence[str]) -> float:
    """Share of characters without a known meaning: private use, replacement, han of no common character set.

    The first character of a line may be a bullet of a symbol font and does not count.
    """
    total = sum(len(line) for line in lines)
    bad = sum(1 for line in lines for char in line.lstrip()[1:] if not _is_known(char))
    return bad / total if total else 0.0


@cache
def _is_known(char: str) -> bool:
    if _GARBLED.match(char):
        return False
    if "\u3400" <= char <= "\u9fff":
        return any(char.encode(codec, "ignore") for codec in ("gb2312", "big5", "shift_jis"))
    return True


def _without_doubled_radicals(text: str) -> Iterator[str]:
    for index, char in enumerate(text):
        plain = unicodedata.normalize("NFKC", char) if _RADICALS.match(char) else char
        if plain != char and index + 1 < len(text) and text[index + 1] == plain:
            continue
        yield plain
