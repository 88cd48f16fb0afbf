"""News releases, and research that only looks like one."""

from __future__ import annotations

from datetime import date

from hand_made import Put, page, read


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
