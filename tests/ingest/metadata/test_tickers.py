"""Stock codes in one way of writing, and numbers and words that are none."""

from __future__ import annotations

import pytest

from ingest.metadata.tickers import find_codes


@pytest.mark.parametrize(
    ("text", "tickers"),
    [
        ("云岭乳业（600999.SH）", ["600999.SH"]),
        ("云岭乳业（600999）", ["600999.SH"]),
        ("云岭乳业 (002999 CH)", ["002999.SZ"]),
        ("301999.SZ", ["301999.SZ"]),
        ("830999.BJ", ["830999.BJ"]),
        ("A20999.SZ", ["A20999.SZ"]),
        ("(700 HK)", ["0700.HK"]),
        ("00700.HK", ["0700.HK"]),
        ("HKEX: 700", ["0700.HK"]),
        ("(NYSE: ACT)", ["ACT"]),
        ("ACT.N", ["ACT"]),
        ("(ACT US)", ["ACT"]),
        ("ACT LN", ["ACT LN"]),
        ("7999.T", ["7999.T"]),
        ("2999.TW", ["2999.TW"]),
        ("总股本 123456 万股", []),
        ("2024.06", []),
        ("ABOUT US", []),
        ("sales grew in the US", []),
        ("U.S. sales", []),
    ],
)
def test_codes(text: str, tickers: list[str]) -> None:
    assert [code.ticker for code in find_codes(text)] == tickers


def test_a_code_is_sure_where_its_market_is_written() -> None:
    assert [code.sure for code in find_codes("600999 002999.SZ")] == [False, True]
