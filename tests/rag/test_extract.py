"""What the extractive writer quotes of text, of tables, and of rows that stand in no table; with the bundled embedder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.dictionary import Dictionary
from rag.domain import Chunk, Grid, Passage, Report
from rag.extract import ExtractiveWriter
from rag.lexicon import Lexicon
from rag.ports import Embedder
from rag.publishers import Publishers
from rag.question import understand
from rag.relevance import Relevance
from rag.sparse import WordTokeniser
from rag.translate import Translator

REPORT = Report(
    "a" * 16, "a" * 64, "澄川储能深度报告", None, date(2025, 1, 1), "zh", 9, ("s",), datetime(2025, 1, 1, tzinfo=UTC)
)
FORECAST = Grid(
    "表1：盈利预测",
    "单位：百万元",
    ("", "2023A", "2024E", "2025E"),
    (
        ("营业收入", "1,234", "1,456", "1,789"),
        ("归母净利润", "210", "268", "341"),
        ("毛利率", "31.7%", "32.4%", "33.0%"),
        ("资料来源", "", "", ""),
    ),
)


def passage(text: str, position: int = 0, grid: Grid | None = None) -> Passage:
    chunk = Chunk(f"c{position}", REPORT.id, 3, position, text, (), "table" if grid else "text", grid=grid)
    return Passage(chunk, REPORT, None, 1.0 - position / 10)


TABLE = passage("表1：盈利预测\n单位：百万元\n2023A\t2024E\t2025E\n营业收入\t1,234\t1,456\t1,789", 1, FORECAST)


LEXICON = Lexicon.load()
DICTIONARY = Dictionary(zh={"floor": ("底",), "dividend": ("股息",)}, en={})


class Asker:
    """Puts questions, understood as the read way does, to the writer."""

    def __init__(self, embedder: Embedder) -> None:
        words = WordTokeniser([])
        self._writer = ExtractiveWriter(embedder, Relevance(Translator(LEXICON, lambda: DICTIONARY, words), words))

    def write(self, question: str, passages: list[Passage]) -> list[str]:
        return self._writer.write(understand(question, Publishers.load(), date(2026, 2, 10), lexicon=LEXICON), passages)


@pytest.fixture
def writer(embedder: Embedder) -> Asker:
    return Asker(embedder)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("澄川储能2024年营业收入预计是多少？", "营业收入（百万元）：2024E 1,456"),
        ("澄川储能2025年归母净利润预计是多少？", "归母净利润（百万元）：2025E 341"),
        ("澄儲2024年毛利率多少？", "毛利率：2024E 32.4%"),
        ("澄川储能毛利率多少？", "毛利率：2023A 31.7%，2024E 32.4%，2025E 33.0%"),
        ("What revenue is expected for 2024?", "营业收入（百万元）：2024E 1,456"),
    ],
)
def test_a_question_for_a_figure_gets_its_cell_first(writer: Asker, question: str, row: str) -> None:
    text = passage("公司拟扩建海外产能，北美订单占比一半以上。公司成立于2011年，总部位于宁波。")
    assert writer.write(question, [text, TABLE])[0] == row


def test_rows_of_one_table_do_not_say_the_same(writer: Asker) -> None:
    columns = ("", *(f"Fiscal year ended on the last Saturday of December {year}" for year in (2022, 2023, 2024)))
    grid = Grid("", "", columns, (("Kelp sales", "11", "12", "13"), ("Kelp costs", "4", "5", "6")))
    written = writer.write("How high were kelp sales and kelp costs?", [passage("", 0, grid)])
    assert [line.split(",")[0] for line in written] == ["Kelp sales", "Kelp costs"]


def test_a_row_that_stands_in_no_table_is_quoted_without_headings(writer: Asker) -> None:
    rows = passage("澄川储能出货量\t2023年\t2024年\n大型储能出货量（GWh）\t12.5\t17.8\nAH溢价指数\t隐形底")
    assert writer.write("大型储能出货量是多少？", [rows]) == ["大型储能出货量（GWh）：12.5，17.8"]


def test_of_a_row_from_the_page_before_only_what_stands_on_this_one(writer: Asker) -> None:
    grid = Grid("表1", "百万元", ("", "2023A", "2024E"), (("营业收入合计", "1,234", "1,456"),), inherited=True)
    written = writer.write("营业收入合计是多少？", [passage("营业收入合计\t1,234\t1,456", 0, grid)])
    assert written == ["营业收入合计：1,234，1,456"]


INTERIM = Grid(
    "合并利润表",
    "单位：百万元",
    ("", "2033年前三季度", "2032年前三季度"),
    (("营业收入", "937", "805"), ("营业外收入", "71", "113"), ("利息收入", "30", "31"), ("净利润", "88", "71")),
)


def test_beside_the_row_that_is_asked_for_no_other_is_quoted(writer: Asker) -> None:
    written = writer.write("2033年前三季度营业收入是多少？", [passage("", 0, INTERIM)])
    assert written == ["营业收入（百万元）：2033年前三季度 937"]


def test_a_row_whose_headings_stand_on_the_page_before_comes_behind(writer: Asker) -> None:
    going_on = replace(INTERIM, rows=(("净利润", "97", "81"), ("综合收益", "95", "80")), inherited=True)
    rows = [passage("净利润\t97\t81", 0, going_on), passage("", 1, INTERIM)]
    assert writer.write("澄川储能2033年前三季度净利润是多少？", rows)[0] == "净利润（百万元）：2033年前三季度 88"


def test_lines_of_other_years_are_no_answer(writer: Asker) -> None:
    text = passage("储能出货量2031年为17.8GWh。储能出货量2033年为19.1GWh。")
    assert writer.write("储能出货量2033年是多少？", [text]) == ["储能出货量2033年为19.1GWh。"]


def test_captions_sources_and_fragments_are_no_sentences(writer: Asker) -> None:
    text = "图1：储能出货量（GWh）\n资料来源：公司公告，研究所整理，储能出货量。\n储能出货量2024年为17.8GWh。"
    assert writer.write("储能出货量是多少？", [passage(text)]) == ["储能出货量2024年为17.8GWh。"]


def test_a_question_on_a_page_is_no_answer(writer: Asker) -> None:
    page = passage("How high is the kelp premium? The kelp premium stands at 12 percent of the market price.")
    assert writer.write("How high is the kelp premium?", [page]) == [
        "The kelp premium stands at 12 percent of the market price."
    ]


PREMIUM = (
    "AH溢价的底大致在125%。H股股息要缴20%的税，AH溢价到了125%就不再有人为股息买H股。"
    "AH上市公司有一百五十家。中小市值公司的AH溢价仍会长期存在。公司大楼位于国贸。"
)


def test_across_languages_translated_words_choose_the_sentences(writer: Asker) -> None:
    written = writer.write("what does the house think of the floor of the AH premium", [passage(PREMIUM)])
    assert written[0] == "AH溢价的底大致在125%。"
    assert "公司大楼位于国贸。" not in written
    assert len(written) >= 2


def test_a_row_of_headings_is_no_answer(writer: Asker) -> None:
    grid = Grid("", "", ("", "", ""), (("2020", "2021", "2022"), ("营业收入", "7", "8")))
    assert writer.write("2021年营业收入是多少？", [passage("", 0, grid)]) == ["营业收入：7，8"]


def test_figures_of_several_rows_that_were_read_as_one_are_no_answer(writer: Asker) -> None:
    grid = Grid("", "", ("", ""), (("溢价指数高点低点", "约 128约 145约 157"), ("溢价指数", "约 131")))
    assert writer.write("溢价指数是多少？", [passage("", 0, grid)]) == ["溢价指数：约 131"]


def test_a_question_without_a_figure_gets_reading_order(writer: Asker) -> None:
    pages = passage("海外需求放缓会拖累储能订单。电芯涨价是储能的另一项风险。储能还面临汇率的风险。")
    written = writer.write("储能有哪些风险？", [pages])
    places = [pages.chunk.text.index(line) for line in written]
    assert places == sorted(places)
    assert len(written) >= 2


def test_titles_of_figures_only_where_they_state_something(writer: Asker) -> None:
    chunk = Chunk("f1", REPORT.id, 3, 1, "图3：液冷渗透率升至12%\n0\n5\n10", (), "figure")
    other = Chunk("f2", REPORT.id, 4, 2, "图4：液冷渗透率（2019-2024）\n0\n5\n10", (), "figure")
    index = Chunk("f3", REPORT.id, 5, 3, "图5：液冷渗透率较高的公司与沪深300 指数\n0\n5\n10", (), "figure")
    passages = [Passage(one, REPORT, None, 1.0) for one in (chunk, other, index)]
    assert writer.write("液冷渗透率是多少？", passages) == ["图3：液冷渗透率升至12%"]


def test_nothing_is_written_where_nothing_is_told(writer: Asker) -> None:
    assert writer.write("火星殖民地的房价是多少？", [TABLE, passage("The fee is 12 percent of the cargo.")]) == []
    assert writer.write("营业收入是多少？", []) == []


def test_cells_side_by_side_on_a_scan_are_no_row(writer: Asker) -> None:
    drawn = passage("大型储能出货量（GWh）\t12.5\t17.8\n大型储能出货量继续增长，公司拟扩建产能。")
    question = "大型储能出货量是多少？"
    assert any("12.5" in line for line in writer.write(question, [drawn]))
    scanned = writer.write(question, [replace(drawn, read_by="ocr")])
    assert scanned == ["大型储能出货量继续增长，公司拟扩建产能。"]


def test_of_rows_that_hardly_fit_none_goes_before_a_sentence_on_it(writer: Asker) -> None:
    label = "Selling, promotion, general, administrative and other overhead expense of all regions"
    grid = Grid("Table 2: expenses", "USD m", ("", "2023A"), ((label, "16,377"), ("Research", "12,317")))
    table = passage("Table 2: expenses", 0, grid)
    said = passage("Costs of advertising and promotion came to 4,060 million dollars in 2023.", 1)
    assert "4,060" in writer.write("How much was spent on advertising and promotion in 2023?", [table, said])[0]


def test_of_a_company_its_name_and_a_year_are_no_answer(writer: Asker) -> None:
    question = "贵州茅台2024年毛利率是多少"
    other = passage("可比公司中，贵州茅台2024年市盈率为31倍，市值较大。", 2)
    assert writer.write(question, [other]) == []
    told = passage("可比公司中，贵州茅台2024年毛利率为91%，水平较高。", 3)
    assert writer.write(question, [other, told])[0] == told.chunk.text
