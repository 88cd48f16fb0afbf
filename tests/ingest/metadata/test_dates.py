"""Every way to write a date is read back; what is no date is not."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import TODAY
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.dates import find_dates

DAYS = st.dates(date(1990, 1, 1), date(2026, 3, 1))
DIGITS = "〇一二三四五六七八九"


def in_han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


@given(DAYS, st.sampled_from(["", " "]))
def test_written_dates_are_read_back(day: date, gap: str) -> None:
    for text in (
        f"{day.year}{gap}年{gap}{day.month}{gap}月{gap}{day.day}{gap}日",
        f"{day.year}年{day.month:02}月{day.day:02}日",
        day.isoformat(),
        f"{day:%Y.%m.%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%b} {day.day} {day.year}",
        f"{day:%b}. {day.day}th, {day.year}",
        "".join(DIGITS[int(d)] for d in str(day.year)) + f"年{in_han(day.month)}月{in_han(day.day)}日",
    ):
        found = find_dates(f"（{text}）", TODAY)
        assert [f.day for f in found] == [day], text
        assert (found[0].start, found[0].end) == (1, 1 + len(text))


@given(st.text(max_size=40), st.text(alphabet="0123456789年月日-/. 一二三十〇MarchſJune,", max_size=40))
def test_any_text_is_safe(noise: str, dateish: str) -> None:
    for found in find_dates(noise + dateish, TODAY):
        assert date(1990, 1, 1) <= found.day <= TODAY


@pytest.mark.parametrize(
    "text", ["2025-13-01", "2025年2月30日", "1.2025-02-16", "62025-02-161", "1989-12-31", "二〇二五年四月"]
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text, TODAY) == ()
