"""Confidence: more evidence makes surer, what speaks against takes off, and the two marks of the docstring hold."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.evidence import FILE, LABEL, PLACE, Found, Reading, confidence, lead, metadata_of
from rag.domain import Fact

WEIGHTS = st.lists(st.floats(0, 0.95), max_size=5)


def test_label_place_and_file_name_agree() -> None:
    assert confidence(LABEL, PLACE, FILE) == 0.95
    assert confidence(FILE) == 0.4


@given(WEIGHTS, st.floats(0, 0.95), st.floats(0, 1))
def test_evidence_adds_and_doubt_takes_off(weights: list[float], more: float, against: float) -> None:
    assert confidence(*weights, more) >= confidence(*weights)
    assert confidence(*weights, against=against) <= confidence(*weights) <= 0.98
    assert confidence(*weights) == confidence(*reversed(weights))


def test_a_runner_up_counts_from_half_the_strength_on() -> None:
    assert lead(10, 4) == 0.0
    assert lead(10, 10) == 0.5
    assert lead(0, 0) == 1.0


def test_facts_tell_value_page_and_origin() -> None:
    found = metadata_of(
        Reading(
            Found("云岭", 0.9, 0),
            Found("zh", 0.8, 0),
            published=Found(date(2024, 2, 1), 0.4, None, "file name"),
            analysts=Found(("莫清河", "何以宁"), 0.7, 1),
        )
    )
    assert found.facts == (
        Fact("title", "云岭", 0.9, 0, "page"),
        Fact("published", "2024-02-01", 0.4, None, "file name"),
        Fact("language", "zh", 0.8, 0, "page"),
        Fact("analysts", "莫清河; 何以宁", 0.7, 1, "page"),
    )
