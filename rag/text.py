"""Small pure helpers on text and its boxes: han characters, widths, joining lines, the boxes of a range."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.domain import Block, Box, Language, Span

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f]")
_SENTENCE_END = re.compile(r"[。！？!?.；;:：][”’」』）)】》\"']*$")
_LONG_LINE = 36  # width units; a heading is seldom longer


def is_han(char: str) -> bool:
    return _HAN.match(char) is not None


def is_wide(char: str) -> bool:
    """Whether a character is East Asian and twice as wide as a Latin one."""
    return _WIDE.match(char) is not None


def han_share(text: str) -> float:
    """Share of han among han and Latin letters; 0 where there is neither."""
    han = len(_HAN.findall(text))
    latin = sum(1 for c in text if c.isascii() and c.isalpha())
    return han / (han + latin) if han + latin else 0.0


def language_of(text: str) -> Language:
    """`zh` where at least a tenth of the letters are han (a Chinese text may quote many English names)."""
    return "zh" if han_share(text) >= 0.1 else "en"


def width(text: str) -> int:
    """Length in width units: a wide (East Asian) character counts two, any other one."""
    return len(text) + len(_WIDE.findall(text))


def joiner(left: str, right: str) -> str:
    """What stands between two lines of a paragraph: nothing beside a wide character or after a hyphen, else a blank."""
    return "" if _WIDE.match(left) or _WIDE.match(right) or left == "-" else " "


def ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None


def runs_on(text: str) -> bool:
    """Whether a line is so long and open-ended that the next line must begin in the middle of its sentence."""
    return width(text) >= _LONG_LINE and not ends_sentence(text)


def fold(text: str) -> str:
    """Text for matching: compatibility forms to plain ones, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def span_of(page: int, text: str, blocks: Sequence[Block], start: int, end: int) -> Span:
    """The span of `text[start:end]` with one box a line or cell; a partly taken line is cut in proportion to widths."""
    boxes: list[Box] = []
    for block in blocks:
        if block.end <= start or block.start >= end:
            continue
        for piece in block.pieces:
            left, right = max(piece.start, start), min(piece.end, end)
            if left >= right:
                continue
            whole = max(width(text[piece.start : piece.end]), 1)
            per_unit = (piece.box.x1 - piece.box.x0) / whole
            x0 = piece.box.x0 + per_unit * width(text[piece.start : left])
            x1 = piece.box.x0 + per_unit * width(text[piece.start : right])
            boxes.append(Box(round(x0, 2), piece.box.y0, round(x1, 2), piece.box.y1))
    return Span(page, start, end, tuple(boxes))
