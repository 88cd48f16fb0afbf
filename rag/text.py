"""Small pure helpers on text and its blocks: han characters, widths, joining lines, folding, the boxes of a range."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from rag.domain import Block, Box, Language, Span

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f]")
_SENTENCE_END = re.compile(r"[。！？!?.；;:：][”’」』）)】》\"']*$")
_FULL_WIDTH = re.compile("[\xa0\u3000\uff01-\uff5e]")
_NARROW = {"\xa0": " ", "\u3000": " ", **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
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


def has_words(text: str) -> bool:
    """Whether a text has a letter or han character: `20%` and `2019-05` have none."""
    return any(char.isalpha() for char in text)


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
    """Text for matching, never for showing: plain forms, lower case, Simplified Chinese. `營業收入ＥＰＳ`: `营业收入eps`.

    An apostrophe is straight: `company’s` is written both ways.
    """
    if text.isascii():
        return text.lower()
    return simplified(_plain_forms(text).lower().replace("’", "'"))


def _plain_forms(text: str) -> str:
    """NFKC. The full-width marks of any Chinese text are replaced first: then most texts are in plain form, which is known
    at once, while to normalise takes long."""
    narrow = _FULL_WIDTH.sub(lambda found: _NARROW[found[0]], text)
    return narrow if unicodedata.is_normalized("NFKC", narrow) else unicodedata.normalize("NFKC", narrow)


def simplified(text: str) -> str:
    """Traditional characters, those of Hong Kong too, to Simplified ones, one by one: the length stays the same."""
    pattern, plain = _traditional()
    return pattern.sub(lambda found: plain[found[0]], text)


@functools.cache
def han_fingerprint() -> str:
    """Eight hex digits that change with the table behind `simplified`."""
    _, plain = _traditional()
    return hashlib.sha256("".join(sorted(a + b for a, b in plain.items())).encode()).hexdigest()[:8]


@functools.cache
def _traditional() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern for the characters that have a Simplified form, and those forms; made by OpenCC on first use (0.1 s).

    Character by character, because conversion by phrases shifts offsets and needs context that a bigram has not. Forms
    outside the basic plane are left alone: the tokenisers read no han there.
    """
    import opencc

    chars = [chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)) for code in range(first, last + 1)]
    made = opencc.OpenCC("hk2s").convert("\n".join(chars)).split("\n")
    plain = {char: form for char, form in zip(chars, made, strict=True) if form != char and is_han(form)}
    return re.compile(f"[{''.join(plain)}]"), plain


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
