"""Layers of facts: what a user said over what a sidecar says over what was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog.facts import NAMES, counting, put_on, said_of, with_facts, without
from rag.domain import Fact, FactName, Metadata, Origin, Report

READ = (
    Fact("title", "Kelp", 0.9, 0, "page"),
    Fact("publisher", "Harborlight", 0.4, None, "file name"),
    Fact("published", "2025-03-12", 0.8, 1, "page"),
    Fact("language", "en", 1.0, None, "page"),
)
BARE = Report(
    "a" * 16,
    "a" * 64,
    "Kelp",
    "Harborlight",
    date(2025, 3, 12),
    "en",
    2,
    ("/r/a.pdf",),
    datetime(2025, 4, 1, tzinfo=UTC),
)
REPORT = replace(BARE, facts=READ)

VALUES: dict[FactName, list[str]] = {
    "title": ["Algae", "海带"],
    "publisher": ["中金公司", ""],
    "published": ["2024-01-02", ""],
    "language": ["zh", "en"],
    "analysts": ["A; B", ""],
    "company": ["Norrvik", ""],
}


def said(origin: Origin, **values: str) -> list[Fact]:
    return [Fact(name, value, 1.0, None, origin) for name, value in values.items()]  # type: ignore[arg-type]


def test_names_are_the_fields_of_metadata_and_report() -> None:
    for name in NAMES:
        assert name in Metadata.__dataclass_fields__
        assert name in Report.__dataclass_fields__


def test_a_user_wins_over_a_sidecar_and_that_over_what_was_read() -> None:
    layers = put_on(REPORT, READ, [*said("user", title="U"), *said("sidecar", title="S", publisher="S")])
    report = with_facts(REPORT, layers)
    assert (report.title, report.publisher, report.published) == ("U", "S", date(2025, 3, 12))
    origins = {fact.name: fact.origin for fact in report.facts}
    assert origins == {"title": "user", "publisher": "sidecar", "published": "page", "language": "page"}
    assert said_of(layers) == tuple(fact for fact in layers if fact.origin in ("user", "sidecar"))
    assert len(said_of(layers)) == 3


def test_values_become_fields_of_their_type() -> None:
    layers = put_on(REPORT, READ, said("user", published="2024-02-29", analysts="A; 王五", type="quant"))
    report = with_facts(REPORT, layers)
    assert (report.published, report.analysts, report.type) == (date(2024, 2, 29), ("A", "王五"), "quant")


@pytest.mark.parametrize("name", ["publisher", "published", "analysts", "company"])
def test_an_emptied_field_stays_empty_whatever_lies_beneath(name: FactName) -> None:
    layers = put_on(REPORT, READ, [*said("user", **{name: ""}), *said("sidecar", **{name: "2024-01-01"})])
    report = with_facts(REPORT, layers)
    assert getattr(report, name) in (None, ())
    assert name not in {fact.name for fact in report.facts}


def test_a_user_says_again_only_what_is_said_again() -> None:
    layers = put_on(REPORT, READ, said("user", title="One", company="Norrvik"))
    again = put_on(with_facts(REPORT, layers), layers, said("user", title="Two"))
    report = with_facts(REPORT, again)
    assert (report.title, report.company) == ("Two", "Norrvik")
    assert sum(fact.name == "title" for fact in again) == 2  # what was read, and what was said last


def test_a_cover_that_goes_leaves_a_field_that_nothing_else_gave_empty() -> None:
    layers = put_on(REPORT, READ, said("sidecar", company="Norrvik", title="S"))
    covered = with_facts(REPORT, layers)
    assert covered.company == "Norrvik"
    assert with_facts(covered, without(layers, "sidecar")) == REPORT


def test_a_field_without_a_fact_is_kept_beneath() -> None:
    layers = put_on(BARE, (), said("sidecar", publisher="S", company="Norrvik"))
    assert Fact("publisher", "Harborlight", 0.0, None, "page") in layers
    covered = with_facts(BARE, layers)
    assert (covered.publisher, covered.title, covered.company) == ("S", "Kelp", "Norrvik")
    back = with_facts(covered, without(layers, "sidecar"))
    assert (back.publisher, back.title, back.company) == ("Harborlight", "Kelp", None)


facts = st.sampled_from([(name, value) for name, values in VALUES.items() for value in values]).flatmap(
    lambda pair: st.builds(Fact, st.just(pair[0]), st.just(pair[1]), st.just(1.0), st.none(), st.just("user"))
)


@given(st.lists(facts, max_size=6, unique_by=lambda fact: fact.name), st.randoms())
def test_saying_the_same_twice_or_in_another_order_changes_nothing(said_facts: list[Fact], random) -> None:  # type: ignore[no-untyped-def]
    once = put_on(REPORT, READ, said_facts)
    shuffled = list(said_facts)
    random.shuffle(shuffled)
    assert put_on(with_facts(REPORT, once), once, shuffled) == once
    assert with_facts(with_facts(REPORT, once), once) == with_facts(REPORT, once)


@given(st.lists(facts, max_size=6, unique_by=lambda fact: fact.name))
def test_what_was_read_comes_back_when_a_sidecar_goes(said_facts: list[Fact]) -> None:
    covers = [replace(fact, origin="sidecar") for fact in said_facts if fact.value]
    layers = put_on(REPORT, READ, covers)
    assert with_facts(with_facts(REPORT, layers), without(layers, "sidecar")) == REPORT
    assert without(layers, "sidecar") == counting(READ)
