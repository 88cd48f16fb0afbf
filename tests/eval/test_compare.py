"""Two runs made by hand: what changed, what is left out, and that a run beside itself shows nothing."""

from __future__ import annotations

from typing import Any

import pytest

from eval.compare import Comparison, check_measures, compare
from rag.errors import UsageError

Fixture = Any
A, B = "a" * 16, "b" * 16
RIGHT = (A, 1)


def _change(found: Comparison, level: str, measure: str, rung: str = "open index") -> Any:
    return next(one for one in found.changes if (one.rung, one.level, one.measure) == (rung, level, measure))


@pytest.fixture
def two(make_run: Fixture, make_asked: Fixture) -> tuple[Any, Any]:
    """q1 falls from 1 to 2, q2 rises from 3 to 1, q3 is lost, q4 stays; q5 and q6 are in one run each."""
    first = make_run(
        "first",
        make_asked("q1", [RIGHT]),
        make_asked("q2", [(B, 0), (B, 1), RIGHT]),
        make_asked("q3", [RIGHT]),
        make_asked("q4", [RIGHT]),
        make_asked("q5", [RIGHT]),
        make_asked("no", [], answerable=False, places={}, given={}),
    )
    second = make_run(
        "second",
        make_asked("q1", [(A, 0), RIGHT]),
        make_asked("q2", [RIGHT]),
        make_asked("q3", [(B, 0)]),
        make_asked("q4", [RIGHT]),
        make_asked("q6", [RIGHT]),
        manifest={"model": "n"},
    )
    return first, second


def test_a_run_beside_itself_is_zero_everywhere(make_run: Fixture, make_asked: Fixture) -> None:
    run = make_run("one", *(make_asked(f"q{n}", [(B, 0)] * n + [RIGHT]) for n in range(7)))
    found = compare(run, run)
    assert {(one.rung, one.level) for one in found.changes} == {
        ("open index", "report"),
        ("open index", "page"),
        ("open index", "chunk"),
        ("report given", "page"),
        ("report given", "chunk"),
    }
    for one in found.changes:
        assert one.first == one.second
        told = one.difference
        assert (told.mean, told.low, told.high, told.p, told.touches_zero) == (0.0, 0.0, 0.0, 1.0, True)
    assert (found.worse, found.better, found.only_first, found.only_second, found.set_up) == ((), (), (), (), ())


def test_figures_are_over_the_questions_of_both(two: tuple[Any, Any]) -> None:
    found = compare(*two)
    assert found.questions == 4
    one = _change(found, "page", "MRR@10")
    # before 1, 1/3, 1, 1; after 1/2, 1, 0, 1
    assert (one.questions, one.first, one.second) == (4, pytest.approx(10 / 12), pytest.approx(2.5 / 4))
    assert one.difference.mean == pytest.approx(2.5 / 4 - 10 / 12)
    assert one.difference.low < 0 < one.difference.high
    report = _change(found, "report", "Success@1")
    assert (report.first, report.second) == (0.75, 0.75)  # q3 is lost, q2 is won


def test_questions_that_moved_and_those_left_out(two: tuple[Any, Any]) -> None:
    found = compare(*two)
    assert [(one.id, one.first, one.second) for one in found.worse] == [("q3", 1, None), ("q1", 1, 2)]
    assert [(one.id, one.first, one.second) for one in found.better] == [("q2", 3, 1)]
    assert (found.only_first, found.only_second) == (("q5",), ("q6",))
    assert found.set_up == ("differs: manifest model: m -> n",)


def test_the_table_says_what_touches_zero(two: tuple[Any, Any], make_run: Fixture, make_asked: Fixture) -> None:
    table = compare(*two, ["Hit@1"]).as_table()
    assert "left out, in A alone or not the same there: q5" in table
    assert "left out, in B alone or not the same there: q6" in table
    rows = [line for line in table.splitlines() if "Success@1" in line]
    assert len(rows) == 5
    assert all(row.rstrip().endswith("touches zero") for row in rows)
    worst, best = ([make_asked(f"q{n}", found) for n in range(20)] for found in ([(A, 0)], [RIGHT]))
    sure = compare(make_run("a", *worst), make_run("b", *best), ["Success@1"])
    row = next(line for line in sure.as_table().splitlines() if line.startswith("open index    page"))
    assert "+1.000 to +1.000  0.001" in row
    assert "touches zero" not in row


def test_a_question_with_another_label_is_left_out(make_run: Fixture, make_asked: Fixture) -> None:
    first = make_run("a", make_asked("q1", [RIGHT]), make_asked("q2", [RIGHT]))
    second = make_run("b", make_asked("q1", [RIGHT], pages=(2,)), make_asked("q2", [RIGHT]))
    found = compare(first, second)
    assert (found.questions, found.only_first, found.only_second) == (1, ("q1",), ("q1",))


def test_runs_without_a_common_question(make_run: Fixture, make_asked: Fixture) -> None:
    with pytest.raises(UsageError, match=r"no answerable question is in both .*a\.json and .*b\.json"):
        compare(make_run("a", make_asked("q1", [])), make_run("b", make_asked("q2", [])))


def test_measures_are_known_by_name() -> None:
    assert check_measures(["MRR@10", "Hit@5"]) == ("Success@5", "MRR@10")
    assert check_measures([])[0] == "Success@1"
    with pytest.raises(UsageError, match=r"unknown measure 'Hit@7': give one of Success@1, "):
        check_measures(["Hit@7"])
