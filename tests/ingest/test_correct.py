from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ingest.correct import Said, changed_fields, moves_points, said_by_user, stale_reason, user_facts
from rag.catalog.facts import NAMES
from rag.domain import Fact, Report
from rag.errors import UsageError
from rag.publishers import Entry, Publishers

PUBLISHERS = Publishers([Entry("中金公司", ("CICC",))])
REPORT = Report(
    "a" * 16, "a" * 64, "Kelp", "Harborlight", date(2025, 3, 12), "en", 2, ("/a",), datetime(2025, 4, 1, tzinfo=UTC)
)


def test_all_fields_may_be_said() -> None:
    assert tuple(Said.model_fields) == NAMES


def test_what_a_user_gives_becomes_facts_and_the_rest_does_not() -> None:
    said = said_by_user({"publisher": "cicc", "published": "2024-02-29", "analysts": ["甲", "乙"]})
    assert user_facts(said, PUBLISHERS) == (
        Fact("publisher", "中金公司", 1.0, None, "user"),
        Fact("published", "2024-02-29", 1.0, None, "user"),
        Fact("analysts", "甲; 乙", 1.0, None, "user"),
    )
    assert user_facts(said_by_user({}), PUBLISHERS) == ()


def test_none_empties_a_field() -> None:
    facts = user_facts(said_by_user({"publisher": None, "published": None, "analysts": [], "rating": None}), PUBLISHERS)
    assert {fact.name: fact.value for fact in facts} == dict.fromkeys(
        ["publisher", "published", "analysts", "rating"], ""
    )


@pytest.mark.parametrize("name", ["title", "language"])
def test_a_report_always_has_title_and_language(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} cannot be cleared"):
        user_facts(said_by_user({name: None}), PUBLISHERS)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"published": "2024"}, "published: expected a day of the calendar as YYYY-MM-DD, found '2024'"),
        ({"title": " "}, "title: expected at least 1 character"),
        ({"rating": "a\nb"}, "rating: expected one line"),
        ({"rating": "\udc80"}, "rating: "),
        ({"pages": "3"}, "unknown key 'pages'"),
    ],
)
def test_what_does_not_fit_is_a_wrong_use(values: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        said_by_user(values)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "moves", "stale"),
    [
        ({}, False, None),
        ({"rating": "Buy", "target_price": "12 kr", "analysts": ("A",)}, False, None),
        ({"title": "Algae"}, True, "corrected: title"),
        ({"publisher": None, "published": None, "rating": "Buy"}, True, "corrected: publisher, published, rating"),
        ({"language": "zh"}, False, "corrected: language"),
    ],
)
def test_what_a_correction_takes_with_it(change: dict[str, object], moves: bool, stale: str | None) -> None:
    after = replace(REPORT, **change)
    assert set(changed_fields(REPORT, after)) == set(change)
    assert moves_points(REPORT, after) is moves
    assert stale_reason(REPORT, after) == stale
