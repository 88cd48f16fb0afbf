"""Follow-up questions by rules: pairs in both languages, a third of which were not looked at while the rules were made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.companies import Companies
from rag.followup import Rules
from rag.lexicon import Lexicon
from rag.publishers import Entry, Publishers
from rag.slots import Reader

PAIRS = Path(__file__).parents[1] / "data" / "followups.tsv"
SAMPLES = Path(__file__).parents[2] / "samples" / "qa.jsonl"
HOUSES = (
    Entry("海岳证券", ("海岳",)),
    Entry("青岚研究", ("青岚",)),
    Entry("华岭证券", ("华岭",)),
    Entry("Harborlight Research", ("Harborlight",)),
    Entry("Tarnwick Securities", ("Tarnwick",)),
)
COMPANIES = ("云岭茶业", "海湾电力", "澄川储能", "Orrindale Diagnostics", "Kelpworks Inc")


def pairs() -> tuple[list[list[str]], list[list[str]]]:
    """Those that the rules were tuned on, and those held out."""
    tuned, held = PAIRS.read_text("utf-8").split("# --- held out", 1)
    rows = [
        [line.split("\t") for line in part.splitlines() if "\t" in line and line[0] != "#"] for part in (tuned, held)
    ]
    return rows[0], rows[1]


def rules() -> Rules:
    return Rules(Reader(Publishers(HOUSES), Lexicon.load(), Companies([(name, None) for name in COMPANIES])))


def is_right(row: list[str], resolved: str) -> bool:
    _, question, must, *rest = row
    if must == "=":
        return resolved == question
    folded = resolved.lower()
    absent = rest[0].split("|") if rest and rest[0] else []
    return all(part.lower() in folded for part in must.split("|")) and not any(p.lower() in folded for p in absent)


@pytest.mark.parametrize("row", pairs()[0], ids=lambda row: f"{row[0]} / {row[1]}")
def test_pairs(row: list[str]) -> None:
    assert is_right(row, rules().resolve(row[1], row[0])), rules().resolve(row[1], row[0])


def test_pairs_that_were_held_out() -> None:
    held = pairs()[1]
    right = sum(is_right(row, rules().resolve(row[1], row[0])) for row in held)
    assert right / len(held) >= 0.9


@pytest.mark.parametrize(
    "before",
    ["海岳证券怎么看云岭茶业2024年的毛利率？", "What does Tarnwick say about the gross margin of Kelpworks in 2024?"],
)
def test_a_question_that_is_understood_by_itself_is_never_changed(before: str) -> None:
    questions = [json.loads(line)["question"] for line in SAMPLES.read_text("utf-8").splitlines()]
    assert len(questions) > 50
    assert [q for q in questions if rules().resolve(q, before) != q] == []


def test_a_word_that_may_mean_two_is_left() -> None:
    question = "What is its gross margin?"
    assert rules().resolve(question, "How do Kelpworks and Orrindale Diagnostics differ?") == question


def test_a_completed_question_is_not_changed_again() -> None:
    for before, question, *_ in pairs()[0]:
        once = rules().resolve(question, before)
        if once != question:
            assert rules().resolve(once, before) == once
