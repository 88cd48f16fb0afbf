"""Metadata of hand-made reports: each rule for title, publisher, date and language."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata import extract_metadata, find_dates
from rag.domain import Block, BlockKind, Box, Metadata, Page, ParsedReport, Piece
from rag.publishers import Publishers
from rag.text import joiner

PUBLISHERS = Publishers.load()
TODAY = date(2026, 3, 1)
BODY = "公司渠道改革初见成效，预计全年收入增速回升至百分之十二左右，毛利率受益于原料价格回落而改善。" * 8


@dataclass(frozen=True)
class Put:
    """Text at a place: several lines are one block, tabs part the cells of a row."""

    text: str
    y: float = 300.0
    size: float = 10.0
    x: float = 50.0


def page(*puts: Put, number: int = 0) -> Page:
    text, blocks = "", []
    for put in puts:
        text += "\n" if text else ""
        start, pieces = len(text), []
        parts = put.text.split("\t") if "\t" in put.text else put.text.split("\n")
        for index, part in enumerate(parts):
            if index and part:
                text += "\t" if "\t" in put.text else joiner(text[-1:] or " ", part[0])
            across = 150.0 * index if "\t" in put.text else 0.0
            down = 0.0 if "\t" in put.text else put.size * 1.2 * index
            left, top = put.x + across, put.y + down
            box = Box(left, top, left + len(part) * put.size, top + put.size)
            pieces.append(Piece(len(text), len(text) + len(part), box))
            text += part
        kind: BlockKind = "row" if "\t" in put.text else "heading" if put.size > 10 else "text"
        blocks.append(Block(kind, start, len(text), tuple(pieces), put.size))
    return Page(number, None, 595.0, 842.0, text, tuple(blocks))


def read(
    *pages: Page, name: str = "report.pdf", title: str | None = None, made: date | None = None, today: date = TODAY
) -> Metadata:
    parsed = ParsedReport(len(pages), tuple(pages), title, made)
    return extract_metadata(parsed, name, PUBLISHERS, today)


def broker_page(*puts: Put) -> Page:
    """A first page with a house in its head, a title and body text."""
    return page(Put("国信证券", 20, 12), Put("乳业复苏在即，龙头先行受益", 90, 20), Put(BODY, 300), *puts)


# --- titles ----------------------------------------------------------------------------------------------------------


def test_the_biggest_meaningful_line_is_the_title() -> None:
    first = page(
        Put("证券研究报告—深度报告", 20, 24),
        Put("国信证券", 40, 26),
        Put("买入（首次）", 60, 22),
        Put("2025年2月16日", 80, 22),
        Put("云岭乳业（600999.SH）", 100, 22),
        Put("乳业复苏在即，龙头先行受益", 140, 16),
        Put("投资要点", 180, 18),
        Put(BODY, 300),
    )
    assert read(first).title == "云岭乳业（600999.SH）：乳业复苏在即，龙头先行受益"


def test_lines_of_one_title_are_joined() -> None:
    first = page(Put("云岭乳业：渠道改革见\n效，龙头先行受益", 90, 20), Put(BODY, 300))
    assert read(first).title == "云岭乳业：渠道改革见效，龙头先行受益"
    apart = page(Put("择时指标之二Trend：", 80, 16), Put("周期与趋势的再平衡方法", 102, 16), Put(BODY, 300))
    assert read(apart).title == "择时指标之二Trend：周期与趋势的再平衡方法"


def test_a_dashed_subtitle_follows_the_title() -> None:
    first = page(Put("动量因子的隐藏结构", 90, 20), Put("——市场微观系列（7）", 118, 14), Put(BODY, 300))
    assert read(first).title == "动量因子的隐藏结构——市场微观系列（7）"


def test_a_subtitle_that_is_a_mere_label_is_dropped() -> None:
    first = page(Put("动量因子的隐藏结构", 90, 20), Put("——公司首次覆盖报告", 118, 14), Put(BODY, 300))
    assert read(first).title == "动量因子的隐藏结构"


def test_a_company_that_the_title_names_is_not_repeated() -> None:
    first = page(Put("云岭乳业（600999）", 60, 14), Put("云岭乳业：龙头先行受益", 90, 20), Put(BODY, 300))
    assert read(first).title == "云岭乳业：龙头先行受益"


def test_a_figure_in_brackets_is_no_company() -> None:
    first = broker_page(Put("总股本\t87654", 200, 9), Put("EPS 2025", 210, 9))
    assert read(first).title == "乳业复苏在即，龙头先行受益"


def test_side_banners_and_blanks_are_layout() -> None:
    first = page(
        Put("\n".join("公司深度报告"), 100, 30, x=5), Put("AI 算力与 2025 年乳业展望纲要", 90, 18), Put(BODY, 300)
    )
    assert read(first).title == "AI算力与2025年乳业展望纲要"


def test_an_english_title() -> None:
    body = "We see volumes recovering as channel inventories normalise across the region. " * 8
    first = page(Put("Equity Research", 20, 22), Put("Dairy: the thaw\nbegins", 90, 20), Put(body, 300))
    assert read(first).title == "Dairy: the thaw begins"


def test_the_recommended_citation_names_the_title() -> None:
    first = page(Put("RECOMMENDED CITATION: Acme Research Center, May 2024, “How Cities Save Water”", 700, 8))
    assert read(first).title == "How Cities Save Water"


def test_info_title_only_when_clean() -> None:
    plain = page(Put(BODY, 300))
    assert read(plain, title="乳业年度展望与投资方向").title == "乳业年度展望与投资方向"
    for title in ("Microsoft Word - 4150_98.doc", "untitled", "0000320187-21-000028", "金融工程专题", "a_b_final.pdf"):
        assert read(plain, title=title, name="乳业展望.pdf").title == "乳业展望"


def test_file_name_is_cleaned() -> None:
    assert read(page(), name="20240131-乳业_展望.pdf").title == "乳业 展望"
    assert read(page(), name="云岭乳业-深度报告-22021459页.pdf").title == "云岭乳业-深度报告"
    assert read(name="x.pdf").title == "x"


def test_a_line_the_file_name_holds_is_preferred() -> None:
    first = page(Put("渠道之变与品牌之争的启示", 60, 20), Put("乳业复苏在即，龙头先行受益", 120, 15), Put(BODY, 300))
    assert read(first, name="乳业复苏在即龙头先行受益.pdf").title == "乳业复苏在即，龙头先行受益"


def test_an_extract_takes_its_running_head() -> None:
    first = page(Put("云岭股份有限公司及子公司", 50, 12), Put("合併資產負債表", 66, 12), Put(BODY, 200, 12))
    found = read(first)
    assert (found.title, found.publisher) == ("云岭股份有限公司及子公司 合併資產負債表", "云岭股份有限公司")


# --- publishers ------------------------------------------------------------------------------------------------------


def test_the_house_in_the_head_beats_one_in_the_body() -> None:
    first = broker_page(Put("此前中金公司与高盛均上调了预期，" + BODY, 420))
    assert read(first).publisher == "国信证券"


def test_source_lines_tell_the_house() -> None:
    pages = [broker_less(i, Put("资料来源：Wind，国海证券研究所", 500, 8)) for i in range(5)]
    assert read(*pages).publisher == "国海证券"


def broker_less(number: int, *puts: Put) -> Page:
    return page(Put("乳业复苏在即，龙头先行受益", 90, 20), Put(BODY, 300), *puts, number=number)


def test_the_disclaimer_tells_the_house() -> None:
    last = page(Put("本报告由东吴证券股份有限公司（以下简称“本公司”）制作，" + BODY, 300), number=1)
    assert read(broker_less(0), last).publisher == "东吴证券"
    owned = page(Put("本报告版权归国海证券所有。" + BODY, 300), number=1)
    assert read(broker_less(0), owned).publisher == "国海证券"


def test_a_side_banner_tells_the_house() -> None:
    banner = Put("\n".join("申港证券股份有限公司证券研究报告"), 100, 14, x=5)
    assert read(broker_less(0, banner)).publisher == "申港证券"


def test_a_report_on_a_listed_broker_is_not_by_it() -> None:
    heads = [Put("中信证券（600030.SH）", 40, 12), Put("资料来源：国海证券研究所", 500, 8)]
    pages = [broker_less(i, *heads) for i in range(5)]
    assert read(*pages).publisher == "国海证券"


def test_a_house_that_is_only_spoken_of_is_no_publisher() -> None:
    assert read(broker_less(0, Put("中金公司认为行业见底，" + BODY, 420))).publisher is None


@pytest.mark.parametrize(
    ("head", "house"),
    [
        ("海岬证券股份有限公司 研究所", "海岬证券"),
        ("海岬国际证券（香港）有限公司", "海岬国际证券"),
        ("海岬证券 | 公司研究", "海岬证券"),
        ("Birch & Vale Securities LLP | Equity Research", "Birch & Vale Securities"),
    ],
)
def test_an_unlisted_house_by_its_shape(head: str, house: str) -> None:
    assert read(broker_less(0, Put(head, 20, 10))).publisher == house


def test_a_shareholding_table_is_no_house() -> None:
    row = Put("中国证券金融股份有限公司\t1.2%\t香港中央结算有限公司", 400, 9)
    assert read(broker_less(0, row)).publisher is None


# --- dates -----------------------------------------------------------------------------------------------------------


def test_the_head_date_beats_price_dates_and_earlier_reports() -> None:
    first = broker_page(
        Put("2025 年 02 月 16 日", 60, 11),
        Put("收盘价（2025-02-14）\t31.20", 200, 9),
        Put("相关研究报告", 500, 11),
        Put("《乳业周报》-2024.12.19", 520, 9),
        Put("2024-11-10", 540, 9),
    )
    assert read(first).published == date(2025, 2, 16)


def test_a_label_settles_it() -> None:
    first = broker_page(
        Put("2025-01-03", 250, 9), Put("报告发布日期\t2025年1月6日", 260, 9), Put("发布日期：2025年1月6日", 700)
    )
    assert read(first).published == date(2025, 1, 6)


def test_dates_of_running_text_do_not_count() -> None:
    first = broker_page(Put("公司于2025年1月6日公告拟回购股份，" + BODY, 420))
    assert read(first).published is None


def test_no_future_dates() -> None:
    first = broker_page(Put("2026年3月9日", 60, 11))
    assert read(first).published is None
    assert read(first, today=date(2026, 3, 8)).published == date(2026, 3, 9)


def test_file_and_pdf_dates_are_a_help_and_a_fallback() -> None:
    plain = broker_page()
    assert read(plain, name="20240131-乳业.pdf").published == date(2024, 1, 31)
    assert read(plain, name="云岭乳业-24013145页.pdf").published == date(2024, 1, 31)
    assert read(plain, name="doc-600887.pdf", made=date(2024, 2, 2)).published == date(2024, 2, 2)
    assert read(plain, made=date(1980, 1, 1)).published is None
    two = broker_page(Put("2024-01-30", 62, 11), Put("2024-01-31", 80, 11))
    assert read(two, name="20240131-乳业.pdf").published == date(2024, 1, 31)
    assert read(broker_less(0), made=date(2024, 2, 2)).published is None  # no house: no broker report


DAYS = st.dates(date(1990, 1, 1), date(2026, 3, 1))
DIGITS = "〇一二三四五六七八九"


def in_han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


@given(DAYS, st.sampled_from(["", " "]))
def test_written_dates_are_read_back(day: date, gap: str) -> None:
    for text in (
        f"{day.year}{gap}年{gap}{day.month}{gap}月{gap}{day.day}{gap}日",
        f"{day.year}年{day.month:02}月{day.day:02}日",
        day.isoformat(),
        f"{day:%Y.%m.%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%b} {day.day} {day.year}",
        f"{day:%b}. {day.day}th, {day.year}",
        "".join(DIGITS[int(d)] for d in str(day.year)) + f"年{in_han(day.month)}月{in_han(day.day)}日",
    ):
        found = find_dates(f"（{text}）", TODAY)
        assert [f.day for f in found] == [day], text
        assert (found[0].start, found[0].end) == (1, 1 + len(text))


@given(st.text(max_size=40), st.text(alphabet="0123456789年月日-/. 一二三十〇MarchſJune,", max_size=40))
def test_any_text_is_safe(noise: str, dateish: str) -> None:
    for found in find_dates(noise + dateish, TODAY):
        assert date(1990, 1, 1) <= found.day <= TODAY


@pytest.mark.parametrize(
    "text", ["2025-13-01", "2025年2月30日", "1.2025-02-16", "62025-02-161", "1989-12-31", "二〇二五年四月"]
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text, TODAY) == ()


# --- filings and news ------------------------------------------------------------------------------------------------


def cover(form: str, period: str, name: str = "ACME TOOLS, INC.") -> Page:
    return page(
        Put("UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION", 30, 14),
        Put(f"FORM {form}", 70, 16),
        Put(period, 90, 9),
        Put("Commission file number 1-2345", 110, 9),
        Put(name, 130, 14),
        Put("(Exact name of registrant as specified in its charter)", 150, 8),
    )


def signed(day: str, number: int = 1) -> Page:
    text = f"SIGNATURES\nPursuant to the requirements of the Act, the registrant has signed.\nDate: {day}"
    return page(Put(text, 300), number=number)


def test_annual_filing() -> None:
    first = cover("10-K", "For the fiscal year ended December 31, 2018")
    words = page(Put("Acme Tools, Inc. sells tools. " * 3, 300), number=1)
    found = read(first, words, signed("February 7, 2019", 2), made=date(2023, 1, 5))
    assert found == Metadata("Acme Tools, Inc. 10-K 2018", "Acme Tools, Inc.", date(2019, 2, 7), "en")


def test_filing_without_a_signature_has_no_date() -> None:
    found = read(cover("10-K", "For the fiscal year ended January 1, 2023"), made=date(2023, 3, 1))
    assert found.title == "ACME TOOLS, Inc. 10-K 2022"  # a year of 52 weeks belongs to the year before
    assert found.published is None


def test_quarterly_and_current_filings() -> None:
    quarter = read(cover("10-Q", "For the quarterly period ended June 30, 2023", "Acme Tools plc"))
    assert quarter.title == "Acme Tools plc 10-Q 2023-06-30"
    current = read(cover("8-K", "Date of Report (Date of earliest event reported): July 1, 2022", "Acme Tools plc"))
    assert (current.title, current.published) == ("Acme Tools plc 8-K 2022-07-01", date(2022, 7, 1))


@pytest.mark.parametrize(
    "lines", ["云岭乳业集团股份有限公司\n2024 年年度报告", "云岭乳业集团股份有限公司\t600999\t2024年年度报告"]
)
def test_periodic_report_of_a_chinese_company(lines: str) -> None:
    first = page(*(Put(line, 150 + 40 * i, 22) for i, line in enumerate(lines.replace("\t", "\n").split("\n"))))
    last = page(Put("特此公告\n云岭乳业集团股份有限公司\n董 事 会\n2025 年4 月28 日", 600), number=1)
    found = read(first, last, made=date(2025, 4, 30))
    assert found.title == "云岭乳业集团股份有限公司2024年年度报告"
    assert found.publisher == "云岭乳业集团股份有限公司"
    assert found.published == date(2025, 4, 28)


def test_a_comment_on_an_annual_report_is_a_broker_report() -> None:
    found = read(page(Put("国信证券", 20, 12), Put("云岭乳业2024年年度报告点评", 90, 20), Put(BODY, 300)))
    assert (found.title, found.publisher) == ("云岭乳业2024年年度报告点评", "国信证券")


def test_news_release() -> None:
    first = page(
        Put("March 9, 2023", 40, 10),
        Put("Acme Tools Announces Fourth Quarter Results", 90, 20),
        Put("SPRINGFIELD, Ill.--(BUSINESS WIRE)-- Acme Tools, Inc. (NYSE: ACT) today announced results " * 4, 300),
    )
    found = read(first, made=date(2023, 4, 20))
    assert found.publisher == "Acme Tools, Inc."
    assert (found.title, found.published) == ("Acme Tools Announces Fourth Quarter Results", date(2023, 3, 9))


def test_research_on_a_listed_company_is_no_news_release() -> None:
    text = "Acme Tools (NYSE: ACT) reported a strong quarter. " * 8
    first = page(Put("Birch Securities | Equity Research", 20), Put("Acme: the tide turns", 90, 20), Put(text, 300))
    assert read(first).publisher == "Birch Securities"


# --- language and robustness -----------------------------------------------------------------------------------------


def test_language() -> None:
    assert read(broker_page()).language == "zh"
    assert read(page(Put("Volumes recover as inventories normalise. " * 5, 300))).language == "en"
    assert read(name="乳业展望.pdf").language == "zh"
    assert read(name="scan.pdf").language == "en"


def test_no_pages() -> None:
    assert read(name="云岭.pdf") == Metadata("云岭", None, None, "zh")


def test_page_text_cannot_make_it_slow() -> None:
    start = time.perf_counter()
    for text in ("评级" * 400 + "x", "证券研究报告" * 300 + "x", "A&" * 400, "(" * 800, "Acme " * 300 + "(NYSE"):
        read(page(Put(text, 60, 20), Put(text, 300)))
    assert time.perf_counter() - start < 10


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=20))
def test_any_page_gives_metadata(texts: list[str], name: str) -> None:
    found = read(page(*(Put(t.replace("\r", ""), 50.0 * i, 8.0 + i) for i, t in enumerate(texts))), name=name or "x")
    assert found.published is None or found.published <= TODAY + timedelta(days=1)
