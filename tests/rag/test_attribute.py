from dataclasses import replace
from datetime import UTC, datetime

from rag.attribute import Attributor
from rag.domain import Chunk, Passage, Report

REPORT = Report("a" * 16, "a" * 64, "t", None, None, "zh", 3, ("s",), datetime(2025, 1, 1, tzinfo=UTC))


def passage(page: int, text: str) -> Passage:
    return Passage(Chunk(f"c{page}", REPORT.id, page, page, text, ()), REPORT, None, 1.0 - page / 10)


def test_a_sentence_finds_the_passage_that_holds_its_words() -> None:
    passages = [passage(0, "行业需求整体平稳。"), passage(1, "公司毛利率提升，受益于原料降价。")]
    ranked = Attributor(passages).rank("原料降价使公司毛利率提升。")
    assert ranked[0].chunk.page == 1


def test_a_figure_finds_its_own_page_among_alike_ones() -> None:
    passages = [passage(n, f"{2020 + n}年公司营业收入为{100 + n}亿元，同比增长。") for n in range(3)]
    assert Attributor(passages).rank("2022年公司营业收入为102亿元。")[0].chunk.page == 2


def test_no_shared_term_no_passage() -> None:
    assert Attributor([passage(0, "完全无关")]).rank("kelp harvest") == []


def test_the_axis_of_a_chart_states_no_figure() -> None:
    ticks = passage(0, "图1：公司毛利率\n20%\n25%\n30%\t35%")
    told = passage(1, "毛利率预计为25%。")
    assert Attributor([ticks, told]).rank("公司毛利率25%。")[0] is ticks  # were it text
    chart = replace(ticks, chunk=replace(ticks.chunk, kind="figure"))
    assert Attributor([chart, told]).rank("公司毛利率25%。")[0] is told
