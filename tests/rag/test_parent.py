"""Tables of a made-up filing, under the titles of the group's statements and of the parent's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from made_statements import FILING

from rag.domain import Chunk, ChunkText, Grid, Passage, Understood
from rag.parent import of_the_group
from rag.text import language_of

TITLES = {
    10: "合并利润表\n2031年1—12月",
    11: "母公司利润表\n2031年1—12月",
    20: "Condensed parent company balance sheets",
}


def on_page(page: int, position: int) -> Passage:
    grid = Grid("", "", ("", "2031"), (("营业收入", "5"),))
    return Passage(
        Chunk(f"g{page}", FILING.id, page, position, "营业收入\t5", (), "table", (), grid), FILING, None, 1.0
    )


PASSAGES = [on_page(10, 101), on_page(11, 111), on_page(12, 121), on_page(20, 201), on_page(21, 211)]


def texts(keys: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], tuple[ChunkText, ...]]:
    found = {page: (ChunkText(f"h{page}", 10 * page, title),) for page, title in TITLES.items()}
    found[21] = (ChunkText("h21", 210, "Consolidated balance sheets"),)
    return {(report, page): found[page] for report, page in keys if page in found}


def pages(question: str, passages: Sequence[Passage] = PASSAGES) -> list[int]:
    asked = Understood(question, language_of(question), question)
    return [p.chunk.page for p in of_the_group(texts, asked, passages)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("云岭茶业2031年营业收入是多少", [10, 21]),  # page 12 goes on with the parent's
        ("云岭茶业归属于母公司股东的净利润是多少", [10, 21]),
        ("云岭茶业母公司2031年营业收入是多少", [10, 11, 12, 20, 21]),
        ("What are the assets of the parent?", [10, 11, 12, 20, 21]),
        ("What are total assets?", [10, 21]),
    ],
)
def test_tables_of_the_parent_are_left_out(question: str, expected: list[int]) -> None:
    assert pages(question) == expected


def test_where_there_is_nothing_else_they_stay() -> None:
    assert pages("营业收入是多少", PASSAGES[1:3]) == [11, 12]


def test_text_stays() -> None:
    told = Passage(Chunk("t", FILING.id, 11, 112, "母公司营业收入下降。", ()), FILING, None, 1.0)
    assert pages("营业收入是多少", [told]) == [11]
