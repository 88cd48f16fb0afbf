"""The date of publication: of labels and heads, not of prices or earlier reports."""

from __future__ import annotations

from datetime import date

from hand_made import BODY, Put, broker_less, broker_page, fact, read


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


def test_it_is_surer_with_a_label_or_where_the_file_name_agrees() -> None:
    plain = read(broker_page(Put("2024年1月31日", 62, 11)))
    labelled = read(broker_page(Put("发布日期：2024年1月31日", 62, 11)))
    agreed = read(broker_page(Put("2024年1月31日", 62, 11)), name="20240131-乳业.pdf")
    named = read(broker_page(), name="20240131-乳业.pdf")
    assert {one.published for one in (plain, labelled, agreed, named)} == {date(2024, 1, 31)}
    sure = [fact(one, "published").confidence for one in (named, plain, agreed, labelled)]
    assert sure == sorted(sure)
    assert (sure[0], fact(named, "published").origin) == (0.4, "file name")


def test_no_future_dates() -> None:
    first = broker_page(Put("2026年3月9日", 60, 11))
    assert read(first).published is None
    assert read(first, today=date(2026, 3, 8)).published == date(2026, 3, 9)


def test_file_and_pdf_dates_are_a_help_and_a_fallback() -> None:
    plain = broker_page()
    assert read(plain, name="20240131-乳业.pdf").published == date(2024, 1, 31)
    assert read(plain, name="云岭乳业-24013145页.pdf").published == date(2024, 1, 31)
    assert read(plain, name="doc-600999.pdf", made=date(2024, 2, 2)).published == date(2024, 2, 2)
    assert read(plain, made=date(1980, 1, 1)).published is None
    two = broker_page(Put("2024-01-30", 62, 11), Put("2024-01-31", 80, 11))
    assert read(two, name="20240131-乳业.pdf").published == date(2024, 1, 31)
    assert read(broker_less(0), made=date(2024, 2, 2)).published is None  # no house: no broker report
