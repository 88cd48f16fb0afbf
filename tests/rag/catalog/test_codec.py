from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import codec
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

points = st.floats(-1e5, 1e5, allow_nan=False)
boxes = st.builds(Box, points, points, points, points)
st.register_type_strategy(Box, boxes)


def any_of(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a dataclass with every field drawn by its type, also those with defaults and those to come."""
    return st.builds(kind, **{field.name: fields.get(field.name, ...) for field in dataclasses.fields(kind)})


pieces = any_of(Piece) | st.builds(Piece, st.integers(), st.integers(), boxes)
blocks = any_of(Block, pieces=st.lists(pieces, max_size=4).map(tuple), size=st.floats(0, 500, allow_nan=False))
facts = any_of(Fact, confidence=st.floats(0, 1))
citations = st.builds(
    Citation,
    report_id=st.text("0123456789abcdef", min_size=16, max_size=16),
    page=st.integers(0, 3000),
    page_label=st.none() | st.text(max_size=5),
    publisher=st.none() | st.text(max_size=8),
    title=st.text(max_size=8),
    published=st.none() | st.dates(),
    quote=st.text(),
    boxes=st.lists(boxes, max_size=3).map(tuple),
    verdict=st.builds(Verdict, st.sampled_from(["supported", "partial", "unsupported"]), st.text()),
    read_by=st.sampled_from(["text", "ocr", "empty", "failed"]),
)
sentences = st.builds(Sentence, st.text(), st.lists(citations, max_size=2).map(tuple))
sections = st.builds(Section, st.text(), st.lists(sentences, max_size=3).map(tuple))


def rounded(box: Box) -> Box:
    return Box(round(box.x0, 2), round(box.y0, 2), round(box.x1, 2), round(box.y1, 2))


@given(st.lists(blocks, max_size=4).map(tuple))
def test_blocks_come_back_rounded_to_a_hundredth(given_blocks: tuple[Block, ...]) -> None:
    expected = tuple(
        replace(
            block,
            size=round(block.size, 2),
            pieces=tuple(replace(piece, box=rounded(piece.box)) for piece in block.pieces),
        )
        for block in given_blocks
    )
    read = codec.decode_blocks(codec.encode_blocks(given_blocks))
    assert read == expected
    assert codec.decode_blocks(codec.encode_blocks(read)) == read
    assert all(type(block.size) is float and type(block.bold) is bool for block in read)


@given(st.lists(any_of(Span), max_size=4).map(tuple))
def test_spans_come_back_rounded_to_a_hundredth(given_spans: tuple[Span, ...]) -> None:
    expected = tuple(replace(span, boxes=tuple(map(rounded, span.boxes))) for span in given_spans)
    assert codec.decode_spans(codec.encode_spans(given_spans)) == expected


@given(st.lists(any_of(Table), max_size=3).map(tuple), st.lists(any_of(Figure), max_size=3).map(tuple))
def test_tables_and_figures_come_back_rounded_to_a_hundredth(
    given_tables: tuple[Table, ...], given_figures: tuple[Figure, ...]
) -> None:
    read = codec.decode_tables(codec.encode_tables(given_tables))
    assert read == tuple(replace(table, box=rounded(table.box)) for table in given_tables)
    drawn = codec.decode_figures(codec.encode_figures(given_figures))
    assert drawn == tuple(replace(figure, box=rounded(figure.box)) for figure in given_figures)


@given(
    st.lists(any_of(Repair), max_size=4).map(tuple), st.none() | any_of(Grid), st.lists(facts, max_size=4).map(tuple)
)
def test_repairs_grids_and_facts_come_back_as_they_were(
    given_repairs: tuple[Repair, ...], grid: Grid | None, given_facts: tuple[Fact, ...]
) -> None:
    assert codec.decode_repairs(codec.encode_repairs(given_repairs)) == given_repairs
    assert codec.decode_grid(codec.encode_grid(grid)) == grid
    assert codec.decode_facts(codec.encode_facts(given_facts)) == given_facts


@given(st.lists(sections, max_size=3).map(tuple))
def test_sections_come_back_as_they_were(given_sections: tuple[Section, ...]) -> None:
    assert codec.decode_sections(codec.encode_sections(given_sections)) == given_sections


@given(st.lists(st.text(), max_size=4).map(tuple))
def test_strings_come_back(strings: tuple[str, ...]) -> None:
    assert codec.decode_strings(codec.encode_strings(strings)) == strings


@given(st.lists(st.tuples(st.integers(1, 9), st.text(), st.integers(0, 99)), max_size=4).map(tuple))
def test_outline_comes_back(outline: tuple[tuple[int, str, int], ...]) -> None:
    assert codec.decode_outline(codec.encode_outline(outline)) == outline


def test_blocks_are_written_compactly() -> None:
    cells = (Piece(3, 5, Box(72.0, 120.128, 150.0, 131.5)), Piece(6, 11, Box(160.0, 120.0, 210.0, 131.5)))
    written = codec.encode_blocks([Block("row", 3, 11, cells, 9.0, True), Block("text", 12, 12, ())])
    assert written == '[["r",3,11,9,1,[3,5,72,120.13,150,131.5,6,11,160,120,210,131.5]],["t",12,12,0,0,[]]]'


def test_spans_are_written_compactly() -> None:
    assert codec.encode_spans([Span(4, 0, 9, (Box(1.0, 2.0, 3.0, 4.005),))]) == "[[4,0,9,[1,2,3,4]]]"


def test_what_was_added_later_is_written_only_where_it_says_something() -> None:
    box = Box(1.0, 2.0, 3.0, 4.0)
    row = Block("row", 0, 5, (Piece(0, 2, box), Piece(3, 5, box, 2, 3)))
    assert codec.encode_blocks([row]) == '[["r",0,5,0,0,[0,2,1,2,3,4,3,5,1,2,3,4],[0,1,2,3]]]'
    assert codec.encode_spans([Span(4, 0, 9, (), added=True)]) == "[[4,0,9,[],1]]"
    assert codec.encode_grid(None) is None
    assert codec.encode_grid(Grid("t", "亿元", ("a",), (("1",),))) == '["t","亿元",["a"],[["1"]],0]'


def test_rows_of_revision_1_still_read() -> None:
    (block,) = codec.decode_blocks('[["r",3,11,9,1,[3,5,72,120.13,150,131.5,6,11,160,120,210,131.5]]]')
    assert [(piece.column, piece.covers) for piece in block.pieces] == [(0, 1), (0, 1)]
    assert codec.decode_spans("[[4,0,9,[1,2,3,4]]]") == (Span(4, 0, 9, (Box(1.0, 2.0, 3.0, 4.0),), added=False),)


def test_every_kind_of_block_has_a_letter_of_its_own() -> None:
    kinds = get_args(BlockKind)
    written = codec.encode_blocks([Block(kind, 0, 0, ()) for kind in kinds])
    assert [block.kind for block in codec.decode_blocks(written)] == list(kinds)


def test_chinese_stays_readable() -> None:
    assert codec.encode_strings(["第1页", "ok"]) == '["第1页","ok"]'


def test_half_a_character_is_escaped_because_no_database_takes_it_bare() -> None:
    citation = Citation("a" * 16, 0, None, None, "t", date(2024, 1, 2), "q", (), Verdict("partial", "r\ud83d"))
    written = codec.encode_sections([Section("", (Sentence("x\ud83d", (citation,)),))])
    assert written.encode()
    assert codec.decode_sections(written)[0].sentences[0] == Sentence("x\ud83d", (citation,))


def test_a_box_without_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        codec.encode_spans([Span(0, 0, 1, (Box(float("nan"), 0, 0, 0),))])
