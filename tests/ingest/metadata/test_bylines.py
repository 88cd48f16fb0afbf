"""Authors of English reports: heads, titles, addresses made of the name, and the word by."""

from __future__ import annotations

from hand_made import Put, page, read
from mastheads import NOTES, column, line

HEAD = (Put("Birch & Vale Securities LLP | Equity Research", 20, 10), Put("The tide turns for tools", 60, 20), NOTES)


def named(*puts: Put) -> tuple[str, ...]:
    return read(page(*HEAD, *puts)).analysts


def test_under_a_head() -> None:
    assert named(*column(420, 200, "Analysts", "Jane Doe", "Chief economist", "Sam Lee", "Rates strategist")) == (
        "Jane Doe",
        "Sam Lee",
    )


def test_beside_an_address_of_theirs() -> None:
    assert named(*column(420, 200, "Jane Doe, CFA", "+44 20 7000 1234", "j.doe@birch.example")) == ("Jane Doe",)
    assert named(Put("Jane Doe | +1-212-902-1234 | jane.doe@birch.example", 200, 8, 300)) == ("Jane Doe",)
    assert named(*line(200, (300, "Jane Doe"), (420, "jane.doe@birch.example"))) == ("Jane Doe",)


def test_an_address_of_somebody_else_is_not_enough() -> None:
    assert named(*column(420, 200, "Tool Makers", "research@birch.example")) == ()


def test_a_title_under_the_name() -> None:
    assert named(*column(420, 200, "Jane Doe", "Senior Equity Analyst")) == ("Jane Doe",)


def test_by() -> None:
    assert named(Put("By Jane Doe, Sam Lee and Anne O’Neil", 90, 9)) == ("Jane Doe", "Sam Lee", "Anne O’Neil")


def test_contacts_of_a_company_are_no_analysts() -> None:
    contacts = column(420, 200, "Investor Relations", "Jane Doe", "jane.doe@acme.example")
    assert named(*contacts) == ()
