"""What pages, chunks, digests and facts hold, to compact JSON text and back without loss.

Boxes and font sizes of pages and chunks are rounded to 1/100 point when written; reading gives what was written.
Pages are many and never read by a person: they are bare arrays. Digests and facts are few and outlive releases: they
have keys. What was added to an array later stands at its end and only where it says something, so older rows still read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import chain
from typing import Any

from rag.domain import (
    Block,
    BlockKind,
    Box,
    Citation,
    Fact,
    Figure,
    Grid,
    Piece,
    Repair,
    Section,
    Sentence,
    Span,
    Table,
    Verdict,
)

_LETTERS: dict[BlockKind, str] = {
    "text": "t",
    "heading": "h",
    "row": "r",
    "caption": "c",
    "source": "s",
    "unit": "u",
    "figure": "f",
    "furniture": "m",  # what stands in the margins
    "notice": "n",
}
_KINDS: dict[str, BlockKind] = {letter: kind for kind, letter in _LETTERS.items()}


# --- pages -----------------------------------------------------------------------------------------------------------


def encode_blocks(blocks: Sequence[Block]) -> str:
    """`[[kind letter, start, end, size, bold, [start, end, x0, y0, x1, y1, next piece ...]], ...]`.

    Where a piece is not column 0 and one column wide, `[column, covers, next piece ...]` follows in its block.
    """
    return _dump([_block(block) for block in blocks])


def decode_blocks(text: str) -> tuple[Block, ...]:
    """The blocks that `encode_blocks` wrote."""
    return tuple(
        Block(_KINDS[letter], start, end, tuple(_pieces(numbers, *cells)), float(size), bool(bold))
        for letter, start, end, size, bold, numbers, *cells in json.loads(text)
    )


def encode_tables(tables: Sequence[Table]) -> str:
    """`[[[x0, y0, x1, y1], header, rows, columns, title, unit, source], ...]`, and groups at the end where there are any."""
    return _dump(
        [
            [
                *(_corners(table.box), table.header, table.rows, table.columns),
                *(table.title, table.unit, table.source),
                *([table.groups] if table.groups else []),
            ]
            for table in tables
        ]
    )


def decode_tables(text: str) -> tuple[Table, ...]:
    """The tables that `encode_tables` wrote."""
    return tuple(
        Table(_box(corners), tuple(header), tuple(rows), tuple(columns), title, unit, source, _only(groups))
        for corners, header, rows, columns, title, unit, source, *groups in json.loads(text)
    )


def encode_figures(figures: Sequence[Figure]) -> str:
    """`[[[x0, y0, x1, y1], parts, title, source], ...]`."""
    return _dump([[_corners(figure.box), figure.parts, figure.title, figure.source] for figure in figures])


def decode_figures(text: str) -> tuple[Figure, ...]:
    """The figures that `encode_figures` wrote."""
    return tuple(
        Figure(_box(corners), tuple(parts), title, source) for corners, parts, title, source in json.loads(text)
    )


def encode_repairs(repairs: Sequence[Repair]) -> str:
    """`[[start, end, original], ...]`."""
    return _dump([[repair.start, repair.end, repair.original] for repair in repairs])


def decode_repairs(text: str) -> tuple[Repair, ...]:
    """The repairs that `encode_repairs` wrote."""
    return tuple(Repair(start, end, original) for start, end, original in json.loads(text))


# --- chunks ----------------------------------------------------------------------------------------------------------


def encode_spans(spans: Sequence[Span]) -> str:
    """`[[page, start, end, [x0, y0, x1, y1, next box ...]], ...]`, and a 1 at the end of an added one."""
    return _dump(
        [
            [
                *(span.page, span.start, span.end),
                list(chain.from_iterable(_corners(box) for box in span.boxes)),
                *([1] if span.added else []),
            ]
            for span in spans
        ]
    )


def decode_spans(text: str) -> tuple[Span, ...]:
    """The spans that `encode_spans` wrote."""
    return tuple(
        Span(page, start, end, tuple(_boxes(numbers)), bool(added))
        for page, start, end, numbers, *added in json.loads(text)
    )


def encode_grid(grid: Grid | None) -> str | None:
    """`[title, unit, columns, rows, inherited]`; None for no grid."""
    if grid is None:
        return None
    return _dump([grid.title, grid.unit, grid.columns, grid.rows, int(grid.inherited)])


def decode_grid(text: str | None) -> Grid | None:
    """The grid that `encode_grid` wrote."""
    if text is None:
        return None
    title, unit, columns, rows, inherited = json.loads(text)
    return Grid(title, unit, tuple(columns), tuple(tuple(row) for row in rows), bool(inherited))


# --- facts and digests -----------------------------------------------------------------------------------------------


def encode_facts(facts: Sequence[Fact]) -> str:
    """`[{"name", "value", "confidence", "page", "origin"}, ...]`, confidence as it is."""
    return _dump([asdict(fact) for fact in facts])


def decode_facts(text: str) -> tuple[Fact, ...]:
    """The facts that `encode_facts` wrote."""
    return tuple(Fact(**stored) for stored in json.loads(text))


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


# --- lists -----------------------------------------------------------------------------------------------------------


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


# --- parts -----------------------------------------------------------------------------------------------------------


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


def _only(last: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The list that may stand at the end of an array."""
    return tuple(last[0]) if last else ()


def _box(corners: Sequence[float]) -> Box:
    return Box(*map(float, corners))


def _boxes(numbers: Sequence[float]) -> Iterable[Box]:
    for at in range(0, len(numbers), 4):
        yield _box(numbers[at : at + 4])


def _block(block: Block) -> list[object]:
    numbers = [number for p in block.pieces for number in (p.start, p.end, *_corners(p.box))]
    cells = [number for p in block.pieces for number in (p.column, p.covers)]
    plain = all(p.column == 0 and p.covers == 1 for p in block.pieces)
    written = [_LETTERS[block.kind], block.start, block.end, _short(block.size), int(block.bold), numbers]
    return written if plain else [*written, cells]


def _pieces(numbers: Sequence[float], cells: Sequence[int] = ()) -> Iterable[Piece]:
    for place in range(len(numbers) // 6):
        start, end, *corners = numbers[6 * place : 6 * place + 6]
        column, covers = cells[2 * place : 2 * place + 2] or (0, 1)
        yield Piece(int(start), int(end), _box(corners), column, covers)


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
        boxes=tuple(_box(corners) for corners in stored["boxes"]),
        verdict=Verdict(stored["verdict"], stored["reason"]),
        read_by=stored["read_by"],
    )
