import pytest

from rag.tickers import numeric_tickers, without_exchanges
from rag.verify import RuleVerifier


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("海岛航运（001215 CH）增长", "海岛航运（001215）增长"),
        ("Kelp (KLP US) grew", "Kelp (KLP) grew"),
        ("0700.HK, SH600519", "0700, 600519"),
        ("KLP rose in the US", "KLP rose in the US"),
        ("2024 US sales", "2024 sales"),
    ],
)
def test_the_exchange_is_taken_off(text: str, plain: str) -> None:
    assert without_exchanges(text) == plain


def test_tickers_of_a_report() -> None:
    assert numeric_tickers("某证券 海岛航运 001215 CH 深度报告 2025-04-01") == {"001215"}
    assert numeric_tickers("0700.HK 目标3500点 2025-04-01") == {"0700"}
    assert numeric_tickers("9988 HK") == {"9988"}


PAGE = "海岛航运2024年营业收入19亿元，同比增长1.7%。"
ABOUT = "某证券 海岛航运 001215 CH 深度报告 2025-04-01"


@pytest.mark.parametrize("ticker", ["001215 CH", "001215.SZ", "SZ001215", "001215"])
def test_the_ticker_of_the_report_is_no_figure_and_its_exchange_no_name(ticker: str) -> None:
    assert (
        RuleVerifier().verify(f"海岛航运（{ticker}）2024年营业收入19亿元。", PAGE, ABOUT).verdict.label == "supported"
    )


@pytest.mark.parametrize("ticker", ["002215 CH", "001216"])
def test_another_ticker_is_not_stated(ticker: str) -> None:
    finding = RuleVerifier().verify(f"海岛航运（{ticker}）2024年营业收入19亿元。", PAGE, ABOUT)
    assert finding.verdict.label == "unsupported"


def test_a_figure_that_is_like_the_ticker_is_a_figure() -> None:
    assert RuleVerifier().verify("海岛航运2024年营业收入001215亿元。", PAGE, ABOUT).verdict.label == "unsupported"
