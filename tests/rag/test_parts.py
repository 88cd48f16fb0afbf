"""Headings of a report to its chapters."""

from __future__ import annotations

import pytest

from rag.paragraphs import Heading, Paragraph, Read
from rag.parts import RISK, SUMMARY, parts_of


def read(*headings: tuple[str, int, float], contents: int | None = None) -> Read:
    """A report with one paragraph under each heading."""
    all_headings = (Heading("", 0, 0.0, False), *(Heading(text, page, size, False) for text, page, size in headings))
    paragraphs = tuple(Paragraph("一段文字。", heading.page, n) for n, heading in enumerate(all_headings))
    return Read(all_headings, paragraphs, contents)


def told(given: Read) -> list[tuple[str, str]]:
    return [(part.role, part.heading) for part in parts_of(given)]


def test_numbered_chapters_take_in_their_sections_and_what_stands_before_the_contents_is_the_cover() -> None:
    given = read(
        ("澄川储能", 0, 20),
        ("1. 海外", 2, 14),
        ("1.1 欧洲", 2, 12),
        ("2. 盈利", 4, 14),
        ("3. 竞争", 5, 14),
        ("4. 风险提示", 6, 14),
        ("附表：财务预测", 7, 14),
        contents=1,
    )
    assert told(given) == [
        ("cover", ""),
        ("body", "1. 海外"),
        ("body", "2. 盈利"),
        ("body", "3. 竞争"),
        ("risk", "4. 风险提示"),
        ("skipped", "附表：财务预测"),
    ]


def test_without_numbers_size_tells_chapters() -> None:
    given = read(
        ("澄川储能", 0, 20),
        ("投资要点", 0, 12),
        ("海外放量", 1, 16),
        ("欧洲", 1, 12),
        ("盈利加速", 2, 16),
        ("竞争格局", 3, 16),
    )
    assert told(given) == [("cover", ""), ("body", "海外放量"), ("body", "盈利加速"), ("body", "竞争格局")]


def test_a_chapter_whose_heading_was_not_read_begins_with_its_first_section() -> None:
    given = read(
        ("1. 一", 1, 14), ("2. 二", 2, 14), ("3.1 三之一", 3, 12), ("3.2 三之二", 4, 12), ("4. 四", 5, 14), contents=0
    )
    assert [heading for _, heading in told(given)] == ["", "1. 一", "2. 二", "3.1 三之一", "4. 四"]


@pytest.mark.parametrize(
    "heading",
    ["风险提示", "五、 风险提示", "6. 风险因素", "(四)可能面对的风险", "Risks to the view", "Item 1A. Risk Factors"],
)
def test_headings_of_risks(heading: str) -> None:
    assert RISK.match(heading)


@pytest.mark.parametrize("heading", ["六、估值与风险", "Risk-free rates", "风险溢价的来源"])
def test_headings_that_name_risk_among_others(heading: str) -> None:
    assert not RISK.match(heading)


@pytest.mark.parametrize("heading", ["投资要点", "报告摘要：", "平安观点：", "Key points", "Investment case"])
def test_headings_of_a_summary(heading: str) -> None:
    assert SUMMARY.match(heading)
