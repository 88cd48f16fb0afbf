"""The title: the best line, its parts and subtitle, its company, and what is taken where no line stands out."""

from __future__ import annotations

from hand_made import BODY, Put, broker_page, fact, page, read

from rag.domain import Fact


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
    assert read(first).title == "乳业复苏在即，龙头先行受益"


def test_lines_of_one_title_are_joined() -> None:
    first = page(Put("云岭乳业：渠道改革见\n效，龙头先行受益", 90, 20), Put(BODY, 300))
    assert read(first).title == "云岭乳业：渠道改革见效，龙头先行受益"
    apart = page(Put("仓位指标之三Swing：", 80, 16), Put("周期与趋势的再平衡方法", 102, 16), Put(BODY, 300))
    assert read(apart).title == "仓位指标之三Swing：周期与趋势的再平衡方法"


def test_a_dashed_subtitle_follows_the_title() -> None:
    first = page(Put("质量因子的季节特征", 90, 20), Put("——因子观察系列（4）", 118, 14), Put(BODY, 300))
    assert read(first).title == "质量因子的季节特征——因子观察系列（4）"


def test_a_subtitle_that_is_a_mere_label_is_dropped() -> None:
    first = page(Put("质量因子的季节特征", 90, 20), Put("——公司首次覆盖报告", 118, 14), Put(BODY, 300))
    assert read(first).title == "质量因子的季节特征"


def test_the_name_of_a_series_is_no_subtitle_without_a_number() -> None:
    first = page(Put("质量因子的季节特征", 90, 20), Put("量化择时系列", 118, 14), Put(BODY, 300))
    assert read(first).title == "质量因子的季节特征"


def test_a_subtitle_that_only_names_the_company_and_its_sector_is_left_out() -> None:
    first = page(Put("渠道改革见效", 90, 20), Put("——云岭乳业（600999.SH）  食品饮料/乳制品", 118, 14), Put(BODY, 300))
    assert read(first).title == "渠道改革见效"


def test_footnote_marks_and_formulas_are_no_part_of_it() -> None:
    first = page(Put("质量因子的季节特征*", 90, 20), Put(BODY, 300))
    assert read(first).title == "质量因子的季节特征"
    formula = page(Put(r"动量因子 $\alpha_{t}$ 的衰减与修复①", 90, 20), Put(BODY, 300))
    assert read(formula).title == "动量因子αt的衰减与修复"


def test_an_english_title_may_hold_a_semicolon_and_a_company_with_its_code_is_none() -> None:
    first = page(
        Put("Acme Tools Inc. (ACT)", 40, 24), Put("Margins beat; the tide turns", 70, 18), Put("note " * 99, 300)
    )
    assert read(first).title == "Margins beat; the tide turns"


def test_it_is_surer_where_file_name_and_later_pages_agree() -> None:
    first = page(Put("质量因子的季节特征", 90, 20), Put(BODY, 300))
    later = [page(Put("质量因子的季节特征", 20, 8), Put(BODY, 300), number=n) for n in (1, 2)]
    alone, agreed = read(first), read(first, *later, name="质量因子的季节特征.pdf")
    assert alone.title == agreed.title
    assert fact(alone, "title").confidence < fact(agreed, "title").confidence
    assert fact(agreed, "title").page == 0
    named = read(page(), name="质量因子.pdf")
    assert fact(named, "title") == Fact("title", "质量因子", 0.4, None, "file name")


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
    for title in ("Microsoft Word - draft_17.doc", "untitled", "0000999999-21-000012", "金融工程专题", "a_b_final.pdf"):
        assert read(plain, title=title, name="乳业展望.pdf").title == "乳业展望"


def test_file_name_is_cleaned() -> None:
    assert read(page(), name="20240131-乳业_展望.pdf").title == "乳业 展望"
    assert read(page(), name="云岭乳业-深度报告-23051842页.pdf").title == "云岭乳业-深度报告"
    assert read(name="x.pdf").title == "x"


def test_a_line_the_file_name_holds_is_preferred() -> None:
    first = page(Put("渠道之变与品牌之争的启示", 60, 20), Put("乳业复苏在即，龙头先行受益", 120, 15), Put(BODY, 300))
    assert read(first, name="乳业复苏在即龙头先行受益.pdf").title == "乳业复苏在即，龙头先行受益"


def test_an_extract_takes_its_running_head() -> None:
    first = page(Put("云岭股份有限公司及子公司", 50, 12), Put("合併資產負債表", 66, 12), Put(BODY, 200, 12))
    found = read(first)
    assert (found.title, found.publisher) == ("云岭股份有限公司及子公司 合併資產負債表", "云岭股份有限公司")
