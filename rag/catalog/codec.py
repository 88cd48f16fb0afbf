"""Blocks, spans and digest sections to compact JSON text, and back without loss.

Boxes and font sizes of blocks and spans are rounded to 1/100 point when written; reading gives what was written.
Pages are many and never read by a person: they are bare arrays. Digests are few and outlive releases: they have keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

from rag.domain import Block, BlockKind, Box, Citation, Piece, Section, Sentence, Span, Verdict

_LETTERS: dict[BlockKind, str] = {"text": "t", "heading": "h", "row": "r"}
_KINDS: dict[str, BlockKind] = {letter: kind for kind, letter in _LETTERS.items()}


def encode_blocks(blocks: Sequence[Block]) -> str:
    """`[[kind letter, start, end, size, bold, [start, end, x0, y0, x1, y1, next piece ...]], ...]`."""
    return _dump(
        [
            [
                _LETTERS[block.kind],
                block.start,
                block.end,
                _short(block.size),
                int(block.bold),
                [number for piece in block.pieces for number in (piece.start, piece.end, *_corners(piece.box))],
            ]
            for block in blocks
        ]
    )


def decode_blocks(text: str) -> tuple[Block, ...]:
    """The blocks that `encode_blocks` wrote."""
    return tuple(
        Block(_KINDS[letter], start, end, tuple(_pieces(numbers)), float(size), bool(bold))
        for letter, start, end, size, bold, numbers in json.loads(text)
    )


def encode_spans(spans: Sequence[Span]) -> str:
    """`[[page, start, end, [x0, y0, x1, y1, next box ...]], ...]`."""
    return _dump(
        [
            [span.page, span.start, span.end, list(chain.from_iterable(_corners(box) for box in span.boxes))]
            for span in spans
        ]
    )


def decode_spans(text: str) -> tuple[Span, ...]:
    """The spans that `encode_spans` wrote."""
    return tuple(Span(page, start, end, tuple(_boxes(numbers))) for page, start, end, numbers in json.loads(text))


def encode_sections(sections: Sequence[Section]) -> str:
    """Digest sections as nested objects, floats as they are."""
    return _dump(
        [
            {
                "heading": section.heading,
                "sentences": [
                    {"text": sentence.text, "citations": [_citation(citation) for citation in sentence.citations]}
                    for sentence in section.sentences
                ],
            }
            for section in sections
        ]
    )


def decode_sections(text: str) -> tuple[Section, ...]:
    """The sections that `encode_sections` wrote."""
    return tuple(
        Section(
            section["heading"],
            tuple(
                Sentence(sentence["text"], tuple(_read_citation(citation) for citation in sentence["citations"]))
                for sentence in section["sentences"]
            ),
        )
        for section in json.loads(text)
    )


def encode_strings(strings: Sequence[str]) -> str:
    """A list of strings."""
    return _dump(list(strings))


def decode_strings(text: str) -> tuple[str, ...]:
    """The strings that `encode_strings` wrote."""
    return tuple(json.loads(text))


def encode_outline(outline: Sequence[tuple[int, str, int]]) -> str:
    """`[[level, title, page], ...]`."""
    return _dump([list(entry) for entry in outline])


def decode_outline(text: str) -> tuple[tuple[int, str, int], ...]:
    """The outline that `encode_outline` wrote."""
    return tuple((level, title, page) for level, title, page in json.loads(text))


def _dump(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which an LLM may send; no database takes it but escaped
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text


def _short(value: float) -> float:
    """72.0 -> 72, 72.126 -> 72.13."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded.is_integer() else rounded


def _corners(box: Box) -> tuple[float, float, float, float]:
    return _short(box.x0), _short(box.y0), _short(box.x1), _short(box.y1)


def _boxes(numbers: Sequence[float]) -> Iterable[Box]:
    for at in range(0, len(numbers), 4):
        yield Box(*map(float, numbers[at : at + 4]))


def _pieces(numbers: Sequence[float]) -> Iterable[Piece]:
    for at in range(0, len(numbers), 6):
        start, end, *corners = numbers[at : at + 6]
        yield Piece(int(start), int(end), Box(*map(float, corners)))


def _citation(citation: Citation) -> dict[str, object]:
    return {
        "report": citation.report_id,
        "page": citation.page,
        "label": citation.page_label,
        "publisher": citation.publisher,
        "title": citation.title,
        "published": citation.published and citation.published.isoformat(),
        "quote": citation.quote,
        "boxes": [[box.x0, box.y0, box.x1, box.y1] for box in citation.boxes],
        "verdict": citation.verdict.label,
        "reason": citation.verdict.reason,
        "read_by": citation.read_by,
    }


def _read_citation(stored: dict[str, Any]) -> Citation:
    return Citation(
        report_id=stored["report"],
        page=stored["page"],
        page_label=stored["label"],
        publisher=stored["publisher"],
        title=stored["title"],
        published=date.fromisoformat(stored["published"]) if stored["published"] else None,
        quote=stored["quote"],
        boxes=tuple(Box(*map(float, corners)) for corners in stored["boxes"]),
        verdict=Verdict(stored["verdict"], stored["reason"]),
        read_by=stored["read_by"],
    )
