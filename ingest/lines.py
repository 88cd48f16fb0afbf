"""A PyMuPDF page to its visible text lines: repaired text, box as displayed, font size, in stream order.

Stream order is kept on purpose: sorting by position interleaves the columns of two-column first pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pymupdf

from rag.domain import Box

_FLAGS = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES
REPAIR_VERSION = "2"
_SMALLEST_PT = 2.0  # text below this size cannot be read by a person: data for machines, or hidden
_BOLD_FLAG = 16
_RADICALS = re.compile(r"[\u2e80-\u2fdf]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff\ufffd]")
_BULLETS = re.compile(r"[\ue000-\uf8ff]")
_BLANKS = re.compile(r"[ \t\n\u00a0\u2000-\u200a\u3000]+")


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


def read_lines(page: pymupdf.Page) -> list[Line]:
    """The visible lines of a page; boxes have the page's rotation applied."""
    frame = page.rect
    matrix = page.rotation_matrix
    lines: list[Line] = []
    for number, block in enumerate(page.get_text("dict", flags=_FLAGS)["blocks"]):
        for raw in block.get("lines", ()):
            spans = [s for s in raw["spans"] if s["size"] >= _SMALLEST_PT and s.get("alpha", 255) > 0]
            text = repair("".join(s["text"] for s in spans))
            if not text:
                continue
            rect = pymupdf.Rect()
            for span in spans:
                if span["text"].strip():
                    rect |= pymupdf.Rect(span["bbox"])
            rect = rect * matrix
            if not rect.intersects(frame):
                continue
            weight = {s["size"]: 0 for s in spans}
            for s in spans:
                weight[s["size"]] += len(s["text"].strip())
            bold = sum(len(s["text"]) for s in spans if s["flags"] & _BOLD_FLAG) * 2 > sum(
                len(s["text"]) for s in spans
            )
            size = max(weight, key=lambda value: weight[value])
            box = Box(round(rect.x0, 2), round(rect.y0, 2), round(rect.x1, 2), round(rect.y1, 2))
            lines.append(Line(text, box, round(size, 1), bold, number))
    return lines


def repair(text: str) -> str:
    """Text as a reader sees it: radicals to characters (doubled ones dropped), symbol-font bullets to •, single blanks."""
    text = _CONTROL.sub("", text)
    text = _BULLETS.sub("•", text)
    if _RADICALS.search(text):
        text = "".join(_without_doubled_radicals(text))
    return _BLANKS.sub(" ", text).strip()


def _without_doubled_radicals(text: str) -> Iterator[str]:
    for index, char in enumerate(text):
        plain = unicodedata.normalize("NFKC", char) if _RADICALS.match(char) else char
        if plain != char and index + 1 < len(text) and text[index + 1] == plain:
            continue
        yield plain
