"""The marker grammar: `[page::3]` in digests, `[page::3](report:9f2c41d0aa17b3e5)` in answers; parse and render.

Pages are zero-based. Markers follow the closing punctuation of the sentence they support, several stand side by side.
The parser accepts both forms before or after the punctuation. This is the only file that knows the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MARKER = re.compile(r"\s*\[page::(\d{1,6})\](?:\(report:([0-9a-f]{16})\))?")
_ENDING = re.compile(r"[。！？!?.；;]+[”’」』）)\"']*$")


@dataclass(frozen=True, slots=True)
class Marker:
    """A page, and the report when the long form names one."""

    page: int
    report_id: str | None = None


def render_marker(marker: Marker) -> str:
    link = f"(report:{marker.report_id})" if marker.report_id else ""
    return f"[page::{marker.page}]{link}"


def render_sentence(text: str, markers: Iterable[Marker]) -> str:
    """The sentence followed by its markers, doubles left out."""
    unique = list(dict.fromkeys(markers))
    return f"{text} {''.join(render_marker(m) for m in unique)}" if unique else text


def parse_markers(text: str) -> list[Marker]:
    """All markers of a text, in order."""
    return [Marker(int(page), report) if report else Marker(int(page)) for page, report in _MARKER.findall(text)]


def strip_markers(text: str) -> str:
    """The text without markers."""
    return _MARKER.sub("", text).strip()


def parse_sentences(text: str) -> list[tuple[str, tuple[Marker, ...]]]:
    """(sentence, its markers) of a marked text: a run of markers closes the sentence before it.

    Text after the last marker is a sentence without markers. A marker that stands before its sentence's closing
    punctuation is read as if after it.
    """
    sentences: list[tuple[str, tuple[Marker, ...]]] = []
    at = 0
    matches = list(_MARKER.finditer(text))
    for index, match in enumerate(matches):
        following = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        if match.end() < following or index + 1 == len(matches):
            first = index
            while first > 0 and matches[first - 1].end() == matches[first].start():
                first -= 1
            end = match.end()
            tail = re.match(r"[。！？!?.；;]+[”’」』）)\"']*", text[end:])
            sentence = text[at : matches[first].start()].strip()
            if tail and not _ENDING.search(sentence):
                sentence += tail.group()
                end += tail.end()
            sentences.append((sentence, tuple(parse_markers(text[matches[first].start() : match.end()]))))
            at = end
    rest = text[at:].strip()
    if rest:
        sentences.append((rest, ()))
    return sentences
