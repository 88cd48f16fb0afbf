"""News releases, and research that only looks like one."""

from __future__ import annotations

from datetime import date

from hand_made import Put, fact, page, read


def test_news_release() -> None:
    first = page(
        Put("March 9, 2023", 40, 10),
        Put("Acme Tools Announces Fourth Quarter 2022 Results", 90, 20),
        Put("SPRINGFIELD, Ill.--(BUSINESS WIRE)-- Acme Tools, Inc. (NYSE: ACT) today announced results " * 4, 300),
    )
    found = read(first, made=date(2023, 4, 20))
    assert (found.publisher, found.company, found.ticker) == ("Acme Tools, Inc.", "Acme Tools, Inc.", "ACT")
    assert (found.type, found.form, found.fiscal_period) == ("news release", "earnings release", "Q4 2022")
    assert found.analysts == ()
    assert (found.title, found.published) == ("Acme Tools Announces Fourth Quarter 2022 Results", date(2023, 3, 9))


def test_a_release_whose_headline_is_a_picture_takes_the_words_of_its_first_sentence() -> None:
    text = (
        "FOR IMMEDIATE RELEASE Springfield (July 20, 2023) – Acme Tools (NYSE: ACT) today announced results for "
        "second-quarter 2023. Sales and net income rose; earnings per share were $2. "
    )
    found = read(page(Put(text * 2, 300)), name="acme_q2.pdf")
    assert found.title == "Acme Tools Reports Second-Quarter 2023 Results"
    assert (found.fiscal_period, found.published) == ("Q2 2023", date(2023, 7, 20))
    assert fact(found, "title").confidence == 0.5


def test_other_news_has_no_form() -> None:
    text = "Press release. Acme Tools, Inc. (NYSE: ACT) today announced that it opened a plant in Springfield. "
    found = read(page(Put("Acme Tools opens a plant", 90, 20), Put(text * 4, 300)))
    assert (found.type, found.form, found.fiscal_period) == ("news release", None, None)


def test_chinese_news() -> None:
    text = "新闻稿 云岭乳业（股份代号：2999.HK）今日公布截至2024年6月30日止六个月的业绩。收入与利润均有增长。"
    found = read(page(Put("云岭乳业公布2024年中期业绩", 90, 20), Put(text * 6, 300)))
    assert (found.type, found.publisher) == ("news release", "云岭乳业")


def test_research_on_a_listed_company_is_no_news_release() -> None:
    text = "Acme Tools (NYSE: ACT) reported a strong quarter. " * 8
    first = page(Put("Birch Securities | Equity Research", 20), Put("Acme: the tide turns", 90, 20), Put(text, 300))
    assert read(first).publisher == "Birch Securities"
