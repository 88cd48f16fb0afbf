"""Phrases of days, told from Tuesday 10 February 2026; what they bind to is tested in test_windows.py."""

from datetime import date

import pytest

from rag.day_phrases import day_phrases
from rag.text import fold

TODAY = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since last month", "2026-01-01", None),
        ("after March 2025", "2025-04-01", None),
        ("from July 2025 onwards", "2025-07-01", None),
        ("year to date", "2026-01-01", None),
        ("before March 2025", None, "2025-02-28"),
        ("until March 2025", None, "2025-03-31"),
        ("2025年3月之前", None, "2025-02-28"),
        ("自2025年2月起", "2025-02-01", None),
        ("between February and April 2025", "2025-02-01", "2025-04-30"),
        ("2024年11月至2025年1月", "2024-11-01", "2025-01-31"),
        ("2025年2月到4月", "2025-02-01", "2025-04-30"),
        ("in the past two weeks", "2026-01-27", "2026-02-10"),
        ("the last 3 months", "2025-11-10", "2026-02-10"),
        ("past week", "2026-02-03", "2026-02-10"),
        ("近半年", "2025-08-10", "2026-02-10"),
        ("过去十二个月", "2025-02-10", "2026-02-10"),
        ("最近30天", "2026-01-11", "2026-02-10"),
        ("上周", "2026-02-02", "2026-02-08"),
    ],
)
def test_a_phrase_and_its_days(text: str, since: str | None, until: str | None) -> None:
    (phrase,) = day_phrases(fold(text), TODAY)
    told = (phrase.since and phrase.since.isoformat(), phrase.until and phrase.until.isoformat())
    assert told == (since, until)


@pytest.mark.parametrize(
    "text", ["", "reports may differ", "from April 2025 to March 2025", "1,950.5 and 600519", "目前年化"]
)
def test_no_phrase(text: str) -> None:
    assert [p for p in day_phrases(fold(text), TODAY) if not p.bare] == []
    assert not any(p.loose for p in day_phrases(fold(text), TODAY))
