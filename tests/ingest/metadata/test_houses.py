"""The house: heads, banners, disclaimers and source lines that name it, and mentions that do not."""

from __future__ import annotations

import pytest
from hand_made import BODY, Put, broker_less, broker_page, fact, page, read


def test_the_house_in_the_head_beats_one_in_the_body() -> None:
    first = broker_page(Put("此前中金公司与高盛均上调了预期，" + BODY, 420))
    assert read(first).publisher == "国信证券"


def test_it_is_surer_the_more_places_name_it() -> None:
    head = read(broker_less(0, Put("青岚证券 | 公司研究", 20, 10)))
    last = page(Put("本报告由青岚证券股份有限公司（以下简称“本公司”）制作，" + BODY, 300), number=1)
    both = read(broker_less(0, Put("青岚证券 | 公司研究", 20, 10)), last)
    assert head.publisher == both.publisher == "青岚证券"
    assert fact(head, "publisher").confidence < fact(both, "publisher").confidence


def test_headings_of_a_filing_are_no_houses() -> None:
    for heading in (
        "Marketable Securities",
        "Liquidity and Capital Resources",
        "Human Capital",
        "Defaults Upon Senior Securities",
    ):
        assert read(broker_less(0, Put(heading, 20, 10))).publisher is None


def test_source_lines_tell_the_house() -> None:
    pages = [broker_less(i, Put("资料来源：Wind，国海证券研究所", 500, 8)) for i in range(5)]
    assert read(*pages).publisher == "国海证券"


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
