"""What a stopped run keeps: whole lines of questions that are still the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import Question
from eval.metrics import places
from eval.partial import PartialRun

Fixture = Any
A = "a" * 16
KEY = {"manifest": {"model": "m"}, "limit": None}
QUESTION = Question("q1", "question q1?", None, None, None, (), "en", False)


def test_what_was_added_is_there_when_it_is_opened_again(tmp_path: Path, make_asked: Fixture) -> None:
    one, at = make_asked("q1", [(A, 1)]), places(A, (1,), [(A, 0), (A, 1)])
    partial = PartialRun(tmp_path / "runs", "mini", KEY)
    assert (partial.held, partial.asked(QUESTION), partial.file.exists()) == (0, None, False)
    partial.add(QUESTION, one)
    partial.add_places("bm25s", QUESTION, at)
    again = PartialRun(tmp_path / "runs", "mini", KEY)
    assert (again.held, again.asked(QUESTION), again.places("bm25s", QUESTION)) == (1, one, at)
    assert again.places("dense", QUESTION) is None
    again.remove()
    assert not partial.file.exists()
    again.remove()


@pytest.mark.parametrize("change", [{"question": "another?"}, {"pages": (2,)}, {"type": "table"}, {"answerable": True}])
def test_a_question_that_changed_is_asked_again(tmp_path: Path, make_asked: Fixture, change: dict[str, Any]) -> None:
    PartialRun(tmp_path, "mini", KEY).add(QUESTION, make_asked("q1", [(A, 1)]))
    assert PartialRun(tmp_path, "mini", KEY).asked(replace(QUESTION, **change)) is None


def test_another_set_up_begins_anew(tmp_path: Path, make_asked: Fixture) -> None:
    PartialRun(tmp_path, "mini", KEY).add(QUESTION, make_asked("q1", [(A, 1)]))
    other = PartialRun(tmp_path, "mini", {**KEY, "manifest": {"model": "n"}})
    assert other.asked(QUESTION) is None


def test_a_line_that_was_cut_off_is_dropped(tmp_path: Path, make_asked: Fixture) -> None:
    partial = PartialRun(tmp_path, "mini", KEY)
    partial.add(QUESTION, make_asked("q1", [(A, 1)]))
    second = replace(QUESTION, id="q2")
    partial.add(second, make_asked("q2", [(A, 1)]))
    partial.file.write_bytes(partial.file.read_bytes()[:-9])
    again = PartialRun(tmp_path, "mini", KEY)
    assert again.asked(QUESTION) is not None
    assert again.asked(second) is None
    again.add(second, make_asked("q2", [(A, 1)]))
    assert PartialRun(tmp_path, "mini", KEY).held == 2
