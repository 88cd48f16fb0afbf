"""Lines of a cell joined as a paragraph's are."""

import pytest

from ingest.cells import Cell, join_lines
from ingest.lines import Line
from rag.domain import Box


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(text, Box(50, 100 + 12 * i, 90, 112 + 12 * i), 10.0, False, 0) for i, text in enumerate(texts))


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (("Trams",), "Trams"),
        (("Trams sold", "abroad"), "Trams sold abroad"),
        (("归属于股东的", "净利润"), "归属于股东的净利润"),
        (("毛利率", "2023A"), "毛利率2023A"),
        (("north-", "bound"), "north-bound"),
        (("$", "1,234"), "$ 1,234"),
    ],
)
def test_words_need_a_blank_between_lines_and_characters_do_not(texts: tuple[str, ...], joined: str) -> None:
    assert join_lines(lines(*texts)) == joined
    assert Cell(lines(*texts), 2).text == joined
