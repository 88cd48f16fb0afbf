"""The company a report is on and its code: at the head, in the title, beside a label; not one of several."""

from __future__ import annotations

import pytest
from hand_made import BODY, Put, broker_page, fact, page, read
from mastheads import column, line


def subject(*puts: Put, title: str = "渠道改革见效") -> tuple[str | None, str | None]:
    found = read(page(Put("青岚证券", 20, 12), Put(title, 90, 20), Put(BODY, 430), *puts))
    return found.company, found.ticker


@pytest.mark.parametrize(
    "puts",
    [
        [Put("云岭乳业（600999.SH）", 60, 12)],
        [Put("云岭乳业（600999）", 60, 12)],
        [Put("云岭乳业 600999.SH", 60, 12)],
        [Put("云岭乳业", 50, 14), Put("600999.SH", 66, 14)],
        line(60, (40, "云岭乳业"), (100, "600999.SH")),
        [Put("——云岭乳业（600999）深度报告", 118, 14)],
        [Put("公司深度报告丨云岭乳业（600999.SH）", 60, 11)],
        [Put("证券代码：600999  证券简称：云岭乳业", 60, 9)],
    ],
)
def test_name_and_code_at_the_head(puts: list[Put]) -> None:
    assert subject(*puts) == ("云岭乳业", "600999.SH")


def test_in_the_title() -> None:
    assert subject(title="云岭乳业（2999.HK）：渠道改革见效") == ("云岭乳业", "2999.HK")


def test_beside_a_label() -> None:
    assert subject(*line(200, (400, "股票代码"), (480, "600999.SH")))[1] == "600999.SH"
    assert subject(*line(200, (400, "Ticker"), (480, "ACT")))[1] == "ACT"


def test_a_name_without_a_code_needs_the_kind_and_the_text() -> None:
    text = Put("云岭乳业的渠道遍及全国。" * 3, 400)
    labelled = read(broker_page(Put("公司研究", 36), Put("云岭乳业：龙头先行", 60, 30), text))
    assert (labelled.company, labelled.ticker) == ("云岭乳业", None)
    assert fact(labelled, "company").confidence < 0.8
    plain = read(broker_page(Put("云岭乳业：龙头先行", 60, 30), text))
    assert plain.company is None


def test_several_companies_are_an_industry() -> None:
    two = [Put("云岭乳业（600999.SH）", 50, 12), Put("澄川食品（002999.SZ）", 66, 12)]
    assert subject(*two) == (None, None)


@pytest.mark.parametrize(
    "puts",
    [
        line(600, (40, "云岭乳业"), (140, "600999.SH"), (240, "买入")),
        [Put("重要研报：澄川食品(002999.SZ) 品类扩张，渠道下沉，龙头迎来新的成长。" * 2, 420)],
        [Put("收盘价（600999.SH，2024-02-01）", 200, 8, 400)],
        [Put("总股本 600999 万股", 200, 8, 400)],
        [Put("ABOUT US", 60, 12)],
        [Put("The United States (US)", 60, 12)],
    ],
)
def test_codes_that_are_not_the_subject(puts: list[Put]) -> None:
    assert subject(*puts) == (None, None)


def test_latin_names() -> None:
    head = [Put("Acme Tools Inc. (ACT)", 60, 12), *column(400, 200, "ACT: 12m Price Target $12", "ACT is a maker")]
    assert subject(*head, title="The tide turns for tools") == ("Acme Tools Inc.", "ACT")
    assert subject(Put("Acme Tools (ACT LN)", 60, 12), title="The tide turns") == ("Acme Tools", "ACT LN")


def test_running_heads_and_file_name_make_it_surer() -> None:
    first = broker_page(Put("云岭乳业（600999.SH）", 60, 12))
    later = [page(Put("云岭乳业（600999.SH）", 20, 8), Put(BODY, 300), number=n) for n in range(1, 5)]
    alone, agreed = read(first), read(first, *later, name="云岭乳业-深度报告.pdf")
    assert alone.company == agreed.company == "云岭乳业"
    assert fact(alone, "ticker").confidence < fact(agreed, "ticker").confidence
