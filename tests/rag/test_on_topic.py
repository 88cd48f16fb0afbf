"""What can stand in a view on a topic."""

from __future__ import annotations

from datetime import date

from rag.candidates import Candidate, Row
from rag.domain import Grid
from rag.on_topic import on_topic, with_sure_rows
from rag.question import understand
from rag.service import Service
from rag.text import language_of


def line(text: str, row: Row | None = None, headings: str = "") -> Candidate:
    return Candidate(text, frozenset(), 0, 0, headings, "云岭茶业深度报告", language_of(text), row)


def rows(columns: tuple[str, ...], *cells: tuple[str, ...]) -> list[Candidate]:
    grid = Grid("", "", columns, cells)
    return [line(" ".join(grid.rows[i]), Row(grid, i)) for i in range(len(cells))]


def test_rows_say_of_which_period_and_of_what_they_are() -> None:
    dated = rows(("", "2024A", "2025E"), ("毛利率(%)", "20", "21"), ("毛利率（%）", "30", "31"), ("净利率", "7", "8"))
    undated = rows(("", "直营", "经销"), ("毛利率", "20", "21"))
    assert [one.text for one in with_sure_rows([*dated, *undated, line("毛利率稳定。")])] == [
        "净利率 7 8",
        "毛利率稳定。",
    ]


def test_sentences_tell_the_topic_by_themselves_or_by_their_heading(small: Service) -> None:
    asked = understand("南向资金", small.publishers, date(2025, 9, 1), lexicon=small.lexicon)
    kept = on_topic(
        asked,
        [
            line("南向资金持续流入港股市场。"),
            line("公司春茶产量达到新高水平。"),
            line("我们预计全年流入规模可观。", headings="南向资金展望"),
            line("风险提示：南向资金流出。"),
            line("南向资金流入不及预期；"),
        ],
        small.relevance,
    )
    assert [one.text for one in kept] == ["南向资金持续流入港股市场。", "我们预计全年流入规模可观。"]
