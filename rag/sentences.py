"""Text to the ranges of its sentences, Chinese and English; decimals, abbreviations and initials do not end one."""

from __future__ import annotations

import re

_CLOSERS = "”’」』）)】》\"'"
_END = re.compile(rf"[。！？!?…]+[{_CLOSERS}]*|\.+[{_CLOSERS}]*(?=\s|$)|\n+")
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "plc",
        "no",
        "nos",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "u.s",
        "u.k",
        "u.n",
        "a.m",
        "p.m",
        "approx",
        "est",
        "fig",
        "figs",
        "vol",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "dept",
        "ex",
        "bros",
        "cf",
        "al",
    ]
)
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*$")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Ranges (start, end) of the sentences of `text`, in order, without surrounding blanks; empty ones are left out.

    A newline always ends a sentence. Closing quotes and brackets stay with the sentence they close.
    """
    ranges: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if text[match.start()] == "." and not _ends_here(text, start, match.start()):
            continue
        _append(ranges, text, start, match.end())
        start = match.end()
    _append(ranges, text, start, len(text))
    return ranges


def _ends_here(text: str, start: int, dot: int) -> bool:
    """Whether the full stop at `dot` ends a sentence: not after an abbreviation, an initial or a list number."""
    before = text[start:dot]
    word = _LAST_WORD.search(before)
    if word is not None:
        lowered = word.group().lower()
        single_initial = len(lowered) == 1 and lowered.isalpha() and word.group().isupper()
        return not (lowered in _ABBREVIATIONS or single_initial)
    return not before.strip().isdigit()


def _append(ranges: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        ranges.append((start, end))
