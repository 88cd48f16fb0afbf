"""The symbol of a company's shares: of the securities table of a cover, of the text, of a dateline."""

from __future__ import annotations

import pytest
from hand_made import Put, fact, page, read

from rag.domain import Metadata

HEAD = (
    Put("SECURITIES AND EXCHANGE COMMISSION", 30, 14),
    Put("FORM 10-K", 60, 16),
    Put("For the fiscal year ended December 31, 2022", 90, 9),
    Put("Acme Tools, Inc.", 110, 14),
    Put("(Exact name of registrant as specified in its charter)", 130, 8),
)


def filing(*puts: Put, text: str = "") -> Metadata:
    later = page(Put(text or "Acme makes tools.", 300), number=1)
    return read(page(*HEAD, *puts), later)


def cells(y: float, *texts: str) -> list[Put]:
    return [Put(text, y, 7, 50 + 200 * index) for index, text in enumerate(texts)]


TITLES = cells(200, "Title of each class", "Trading Symbol(s)", "Name of each exchange on which registered")
SHARES = cells(212, "Common Stock, $.01 par value", "ACT", "New York Stock Exchange")
NOTES = cells(224, "1.500% Notes due 2031", "ACT31", "New York Stock Exchange")


@pytest.mark.parametrize(
    "puts",
    [
        [*TITLES, *SHARES, *NOTES],
        [*TITLES, *cells(206, "Notes due 2031", "ACTN", "New York Stock Exchange"), *SHARES],
        [*TITLES, *cells(212, "Common Stock, $.01 par value", "ACT ACT", "New York Stock Exchange")],
        [*cells(200, "Class B Common Stock", "ACT", "The Nasdaq Stock Market LLC"), *cells(212, *["(x)"] * 3)],
        [
            Put("Title of each class\tTrading Symbol(s)\tName of each exchange", 200, 7),
            Put("\t".join(("Ordinary Shares", "ACT", "New York Stock Exchange")), 212, 7),
        ],
        [Put("Common Stock, $.01 par value ACT New York Stock Exchange", 212, 7)],
    ],
)
def test_cover(puts: list[Put]) -> None:
    assert filing(*puts).ticker == "ACT"


def test_the_text_tells_it_where_the_cover_does_not() -> None:
    found = filing(text="Our common stock is traded on the NASDAQ under the symbol “ACT”. It has no other symbol.")
    assert found.ticker == "ACT"
    assert fact(found, "ticker").page == 1
    assert fact(found, "ticker").confidence < fact(filing(*TITLES, *SHARES), "ticker").confidence


def test_none() -> None:
    assert filing(*cells(212, "Common Stock, $.01 par value", "NONE", "None")).ticker is None
    assert filing(*TITLES, *NOTES).ticker is None
