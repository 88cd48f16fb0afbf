"""Statements of several reports to what stands side by side, or does not because it cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from broker_report import BROKER

from rag.candidates import Candidate
from rag.claims import Statement
from rag.comparison import Contrast
from rag.contrasts import Found, contrasts_of, wanted
from rag.domain import Sentence


def found(side: str, value: str, day: str = "2025-01-01", *, sure: bool = True, unit: str = "元") -> Found:
    number = Decimal(value)
    step = Decimal(10) ** int(number.as_tuple().exponent)
    statement = Statement("净利润", "2025", value, number, step, unit)
    report = replace(BROKER, id=f"{side}{day}"[:16].ljust(16, "0"), published=date.fromisoformat(day))
    return Found(side, "云岭", statement, report, Candidate(f"{side}{value}", frozenset(), 0, 0, "", "", "zh"), sure)


def outlook(side: str, says: str, day: str, *, future: bool = True) -> Found:
    one = found(side, "1", day)
    return replace(one, statement=Statement("AH溢价", "", says, outlook=future))


def made(*all_found: Found, within: bool = False) -> list[Contrast]:
    checked = {(one.report.id, one.candidate.text): Sentence(one.candidate.text, ()) for one in all_found}
    return contrasts_of(all_found, checked, within)


def test_figures_agree_as_far_as_the_coarser_one_is_written() -> None:
    assert [one.relation for one in made(found("a", "1.2"), found("b", "1.24"))] == ["same figure"]
    assert [one.relation for one in made(found("a", "1.2"), found("b", "1.26"))] == ["different figures"]


def test_the_newest_report_speaks_for_its_side() -> None:
    (one,) = made(found("a", "1", "2024-01-01"), found("a", "2", "2025-01-01"), found("b", "3"))
    assert [(claim.side, claim.says) for claim in one.claims] == [("a", "2"), ("b", "3")]


def test_within_a_side_all_its_reports_are_told() -> None:
    (one,) = made(found("a", "1", "2024-01-01"), found("a", "2", "2025-01-01"), found("b", "3"), within=True)
    assert [claim.says for claim in one.claims] == ["1", "2"]


def test_units_that_differ_are_not_compared() -> None:
    assert made(found("a", "1"), found("b", "2", unit="港元")) == []


def test_a_report_that_states_two_figures_states_none() -> None:
    assert made(found("a", "1"), found("a", "9", sure=False), found("b", "2")) == []
    assert made(found("a", "1", sure=False), found("b", "2")) == []


def test_outlooks_are_compared_when_they_are_of_about_the_same_time() -> None:
    near = made(outlook("a", "up", "2025-01-01"), outlook("b", "down", "2025-06-01"))
    assert [one.relation for one in near] == ["opposite directions"]
    assert made(outlook("a", "up", "2023-01-01"), outlook("b", "down", "2025-06-01")) == []
    past = [outlook(side, says, "2025-01-01", future=False) for side, says in (("a", "up"), ("b", "down"))]
    assert made(*past) == []


def test_a_sentence_that_did_not_stand_says_nothing() -> None:
    assert contrasts_of([found("a", "1"), found("b", "2")], {}, within=False) == []


def test_only_what_another_report_speaks_of_is_checked() -> None:
    alone = replace(found("c", "1"), entity="海湾")
    assert wanted([found("a", "1"), found("b", "2"), alone]) == [found("a", "1"), found("b", "2")]
