"""Texts that were recognised, put right where the rest of the page says how: one script, marks of thousands, dashes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

DASH = "－"  # in place of a figure; layout takes a "-" for a bullet and puts it before the next cell
_ONLY = 4  # times as many characters of one script as of the other: the page is set in it
_THOUSANDS = re.compile(r"^(\D{0,6})(\d{1,6}(?:[.,]\d{3})+)(\D{0,2})$")
_GROUPED = re.compile(r"\d[,，]\d{3}(?!\d)")
_POINTED = re.compile(r"\d\.\d{3}(?!\d)")
_BRACKET_AS_ONE = re.compile(r"^1(\d{3}[,，]\d{3}(?:[,，]\d{3})*[)）])$")
_DOLLAR_AS_S = re.compile(r"^([(\s]*)S(?=\s?\d{1,3}[.,]\d{3})")
_HALF_BRACKETED = re.compile(r"^[^(]*\d\s?\)$")
_HALF_OPEN = re.compile(r"^\([^)]*\d$")
_NARROW = str.maketrans("（），．％", "(),.%")
_LETTERS_AS_DIGITS = str.maketrans("QOoDlI", "000011")
_DASH_AS_ONE = re.compile(r"(?<=[\u4e00-\u9fff])一(?=非?流[動动]|[關关][係系]人|[淨净凈][額额])")


def one_script(texts: Sequence[str]) -> list[str]:
    """The texts with the few Simplified characters of a Traditional page made Traditional, or the other way round.

    Only characters that the page's script does not have are changed; 台 and 后 are of both.
    """
    chars = set("".join(texts))
    traditional = {char for char in chars if _is_in(char, "big5") and not _is_in(char, "gb2312")}
    simplified = {char for char in chars if _is_in(char, "gb2312") and not _is_in(char, "big5")}
    counts = [sum(text.count(char) for text in texts for char in own) for own in (traditional, simplified)]
    if min(counts) == 0 or max(counts) < _ONLY * min(counts):
        return list(texts)
    strange, way, charset = (simplified, "s2t", "big5") if counts[0] > counts[1] else (traditional, "t2s", "gb2312")
    made = [_converted(text, strange, way, charset) if strange & set(text) else text for text in texts]
    return [text.replace("凈", "淨") for text in made] if way == "s2t" else made  # a form that is hardly ever printed


def _is_in(char: str, charset: str) -> bool:
    if not "\u4e00" <= char <= "\u9fff":
        return False
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _converted(text: str, strange: set[str], way: str, charset: str) -> str:
    made: str = _converter(way).convert(text)
    if len(made) != len(text):
        return text
    return "".join(new if old in strange and _is_in(new, charset) else old for old, new in zip(text, made, strict=True))


@cache
def _converter(way: str) -> Any:
    import opencc

    return opencc.OpenCC(way)


def has_thousands(column: Sequence[str]) -> bool:
    """Whether figures of a column have commas before three digits, and more of them than have a point there."""
    plain = sum(1 for text in column if _GROUPED.search(text) and "." not in text)
    return plain > 1 and plain > sum(1 for text in column if _POINTED.search(text))


def figure_mended(text: str, column: Sequence[str]) -> str:
    """A figure with all its marks of thousands and its sign, as the other figures of its column have them.

    104.828,656 and 22049,616 are 104,828,656 and 22,049,616. A last point before three digits is such a mark only in a
    column that has them. A one that opens a figure with a closing bracket and breaks its groups was a bracket:
    1195,347) is (195,347); a closing bracket alone means that the opening one was not seen.
    """
    text = _BRACKET_AS_ONE.sub(r"(\1", _DOLLAR_AS_S.sub(r"\1$", text.translate(_NARROW)))
    thousands = has_thousands(column)
    if _HALF_BRACKETED.match(text) and (thousands or any("(" in other for other in column)):
        text = f"({text}"
    elif _HALF_OPEN.match(text) and thousands:
        text = f"{text})"
    found = _THOUSANDS.match(text)
    if found is None:
        return text
    before, digits, after = found.groups()
    marks = re.findall(r"[.,]", digits)
    if digits.startswith("0") or (marks[-1] == "." and "." not in marks[:-1] and not thousands):
        return text
    return f"{before.strip('.')}{int(re.sub(r'[.,]', '', digits)):,}{after}"


def digits_mended(text: str) -> str:
    """A text that is a figure but for a letter or two: 10Q among figures is 100."""
    made = text.translate(_LETTERS_AS_DIGITS)
    return (
        made if text != made and re.fullmatch(r"[(（]?[\d,.]*\d[\d,.]*[)）]?%?", made) and text[0].isdigit() else text
    )


def dash_mended(text: str) -> str:
    """A dash before how an item is classed, read as the character for one: 資產一流動 is 資產－流動."""
    return _DASH_AS_ONE.sub(DASH, text)
