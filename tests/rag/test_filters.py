from datetime import date

import pytest

from rag.domain import Filter
from rag.errors import UsageError
from rag.filters import make_filter, parse_date
from rag.service import Service


@pytest.mark.parametrize(
    ("text", "end", "day"),
    [
        ("2024", False, date(2024, 1, 1)),
        ("2024", True, date(2024, 12, 31)),
        ("2024-02", True, date(2024, 2, 29)),
        ("2024-2-3", True, date(2024, 2, 3)),
    ],
)
def test_dates(text: str, end: bool, day: date) -> None:
    assert parse_date("since", text, end=end) == day


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13", "2024-02-30", "0000", "24-01-01"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(UsageError, match="since"):
        parse_date("since", text, end=False)


def test_names_become_canonical(small: Service) -> None:
    made = make_filter(small.catalog, small.publishers, publisher=["cicc", "中金"], language=["ZH"], since="2025")
    assert made == Filter(publishers=("中金公司",), since=date(2025, 1, 1), languages=("zh",))


def test_an_ambiguous_or_unknown_publisher_has_candidates(small: Service) -> None:
    with pytest.raises(UsageError) as caught:
        make_filter(small.catalog, small.publishers, publisher=["Morgan"])
    assert caught.value.candidates


def test_turned_dates(small: Service) -> None:
    with pytest.raises(UsageError, match="after"):
        make_filter(small.catalog, small.publishers, since="2025", until="2024")
