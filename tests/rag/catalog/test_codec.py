from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import codec
from rag.domain import Block, Box, Citation, Piece, Section, Sentence, Span, Verdict

points = st.floats(-1e5, 1e5, allow_nan=False)
offsets = st.integers(0, 1_000_000)
boxes = st.builds(Box, points, points, points, points)
pieces = st.builds(Piece, offsets, offsets, boxes)
blocks = st.builds(
    Block,
    st.sampled_from(["text", "heading", "row"]),
    offsets,
    offsets,
    st.lists(pieces, max_size=4).map(tuple),
    st.floats(0, 500, allow_nan=False),
    st.booleans(),
)
spans = st.builds(Span, st.integers(0, 3000), offsets, offsets, st.lists(boxes, max_size=3).map(tuple))
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


@given(st.lists(spans, max_size=4).map(tuple))
def test_spans_come_back_rounded_to_a_hundredth(given_spans: tuple[Span, ...]) -> None:
    expected = tuple(replace(span, boxes=tuple(map(rounded, span.boxes))) for span in given_spans)
    assert codec.decode_spans(codec.encode_spans(given_spans)) == expected


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
