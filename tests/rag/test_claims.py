"""What sentences and rows state of subjects: figures by period, directions; and what they do not."""

from __future__ import annotations

import pytest

from rag.candidates import Candidate, Row
from rag.claims import Subject, find_statements
from rag.domain import Grid
from rag.text import language_of

SUBJECTS = (
    Subject("净利润", ("净利润", "net profit")),
    Subject("EPS", ("eps", "每股收益")),
    Subject("毛利率", ("毛利率", "gross margin")),
    Subject("AH溢价", ("ah溢价", "ah premium")),
    Subject("revenue", ("revenue", "营业收入")),
)


def stated(text: str, names: tuple[str, ...] = (), row: Row | None = None) -> list[tuple[str, str, str]]:
    candidate = Candidate(text, frozenset(), 0, 0, "", "", language_of(text), row)
    return [(one.subject, one.period, one.says) for one in find_statements(candidate, SUBJECTS, names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "我们预计公司2025-2026年净利润分别为1.03、1.43亿元，对应EPS分别为1.18、1.65元。",
            [
                ("净利润", "2025", "1.03亿元"),
                ("净利润", "2026", "1.43亿元"),
                ("EPS", "2025", "1.18元"),
                ("EPS", "2026", "1.65元"),
            ],
        ),
        ("预计25-26年公司毛利率分别为22.6%/23.0%。", [("毛利率", "2025", "22.6%"), ("毛利率", "2026", "23.0%")]),
        ("2025年上半年公司净利润为3亿元。", [("净利润", "H1 2025", "3亿元")]),
        ("2024年净利润同比增长12%。", [("净利润同比增长", "2024", "12%"), ("净利润", "2024", "up")]),
        ("We expect revenue of £31m in 2025.", []),  # m is no magnitude that is known
        ("We expect revenue of £31 million in 2025.", [("revenue", "2025", "31 million")]),
        ("AH溢价将进一步收窄。", [("AH溢价", "", "down")]),
        ("The AH premium will narrow further.", [("AH溢价", "", "down")]),
        ("The AH premium widened in 2024.", [("AH溢价", "", "up")]),
    ],
)
def test_what_is_stated(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "油炸类毛利率2024年为20.7%。",  # of a segment
        "若AH溢价收窄，H股将跑赢。",  # supposed
        "AH溢价是否会收窄？",  # asked
        "AH溢价不会收窄。",  # denied
        "预计2025-2026年净利润为1.03亿元。",  # one figure for two years
        "净利润为1.03亿元。",  # of no period
        "风险提示：AH溢价走阔。",
    ],
)
def test_what_is_not_stated(text: str) -> None:
    assert [one for one in stated(text) if one[1] or one[2] in ("up", "down")] == []


def test_a_margin_in_prose_counts_where_it_is_of_the_whole_company() -> None:
    assert stated("预计2025年毛利率为20%。", ("云岭茶业",)) == []
    assert stated("预计云岭茶业2025年毛利率为20%。", ("云岭茶业",)) == [("毛利率", "2025", "20%")]


def test_the_cells_of_a_row_have_the_periods_above_them() -> None:
    grid = Grid(
        "盈利预测", "", ("", "2024A", "2025E"), (("净利润（百万元）", "103", "1,143.5"), ("油炸类净利润", "1", "2"))
    )
    assert stated("", row=Row(grid, 0)) == [("净利润", "2024", "103百万元"), ("净利润", "2025", "1,143.5百万元")]
    assert stated("", row=Row(grid, 1)) == []


def test_a_figure_without_a_unit_is_none() -> None:
    grid = Grid("", "", ("", "2024A"), (("净利润", "103"),))
    assert stated("", row=Row(grid, 0)) == []
