"""The rating that the report gives, and its target price: not the ones before, of others, or of a table of meanings."""

from __future__ import annotations

import pytest
from hand_made import Put, broker_page, fact, read
from mastheads import column, line


@pytest.mark.parametrize(
    ("puts", "rating"),
    [
        ([Put("投资评级：买入（首次）", 120, 9, 400)], "买入"),
        ([Put("买入-A(维持)", 60, 14, 440)], "买入-A"),
        ([Put("强烈推荐/首次", 60, 11, 440)], "强烈推荐"),
        ([Put("维持“增持”评级", 60, 11, 440)], "增持"),
        ([Put("强推（维持）", 60, 11, 440)], "强推"),
        ([Put("买入丨维持", 60, 11, 440)], "买入"),
        ([Put("强于大市", 60, 18, 440)], "强于大市"),
        (line(120, (400, "6个月评级"), (480, "买入（首次评级）")), "买入"),
        (line(120, (400, "投资评级(首评):"), (480, "暂不评级")), "暂不评级"),
        (column(400, 120, "评级", "谨慎推荐（下调）"), "谨慎推荐"),
        (line(120, (400, "Rating"), (480, "Overweight (new)")), "Overweight"),
        ([Put("Not Rated", 60, 16, 440)], "Not Rated"),
        ([Put("首次覆盖，给予公司“审慎增持”投资评级。", 320, 9, 40)], "审慎增持"),
        ([Put("We initiate at Outperform with a target of $12.", 320, 9, 40)], "Outperform"),
        ([Put("上次评级：买入", 120, 9, 400)], None),
        (line(120, (400, "前次评级"), (480, "买入")), None),
        (line(120, (400, "云岭乳业"), (480, "买入")), None),
        (line(120, (400, "Industry View"), (480, "In-Line")), None),
        ([Put("此前一些机构买入该股", 120, 9, 40)], None),
    ],
)
def test_rating(puts: list[Put], rating: str | None) -> None:
    assert read(broker_page(*puts)).rating == rating


def test_tables_of_meanings_and_of_peers_give_none() -> None:
    meanings = [
        cell
        for i, word in enumerate(("买入", "增持", "中性", "减持"))
        for cell in line(100 + 12 * i, (40, word), (120, "相对同期指数涨幅 15% 以上"))
    ]
    assert read(broker_page(*meanings)).rating is None
    peers = [cell for i in range(4) for cell in line(150 + 12 * i, (40, "云岭乳业"), (300, "买入"))]
    assert read(broker_page(*peers)).rating is None
    assert read(broker_page(*peers, Put("评级：增持", 120, 9, 480))).rating == "增持"


def test_label_and_sentence_that_agree_are_surer_than_two_that_differ() -> None:
    label = Put("投资评级：买入", 120, 9, 400)
    agreed = read(broker_page(label, Put("维持公司“买入”评级。", 320, 9)))
    differ = read(broker_page(label, Put("维持公司“增持”评级。", 320, 9)))
    assert agreed.rating == differ.rating == "买入"
    assert fact(agreed, "rating").confidence > fact(differ, "rating").confidence


@pytest.mark.parametrize(
    ("puts", "price"),
    [
        (line(120, (400, "目标价格"), (480, "42.21 元")), "42.21元"),
        (line(120, (400, "目标价(人民币):"), (500, "79.53")), "79.53元"),
        (line(120, (400, "目标价（港元）"), (500, "1,079.50")), "1,079.50港元"),
        ([Put("6 个月目标价： 39.76 元", 120, 9, 400)], "39.76元"),
        ([Put("目标估值：40.00元", 120, 9, 400)], "40.00元"),
        ([Put("目标价：HK$40.00", 120, 9, 400)], "HK$40.00"),
        ([Put("12m Price Target: $120.00", 120, 9, 400)], "$120.00"),
        ([Put("Price Target (Dec-24): HK$40.00", 120, 9, 400)], "HK$40.00"),
        (line(120, (400, "Target price"), (480, "640p")), "640p"),
        (line(120, (400, "合理估值"), (480, "40.0-45.0元")), "40.0-45.0元"),
        (column(400, 120, "目标价", "40.00元"), "40.00元"),
        ([Put("对应目标价为42.21元，首次给予买入评级。", 320, 9)], "42.21元"),
        (line(120, (400, "目标价格："), (480, "")), None),
        (line(120, (400, "前次目标价"), (480, "38.00元")), None),
        (line(120, (400, "目标价空间"), (480, "33%")), None),
        ([Put("目标价对应2024年20倍市盈率", 320, 9)], None),
    ],
)
def test_target_price(puts: list[Put], price: str | None) -> None:
    assert read(broker_page(*(put for put in puts if put.text))).target_price == price
