"""Figures worked out by hand: a right key at rank r alone gives nDCG 1/log2(r + 1) and reciprocal rank 1/r."""

from __future__ import annotations

import pytest

from eval.metrics import Figures, Judged, figures, first_rank

A, B, C = "a" * 16, "b" * 16, "c" * 16
SECOND = 0.6309297535714575  # 1 / log2(3)

QUESTIONS = (
    Judged("q1", "zh", A, (2,), ((B, 0), (A, 2), (A, 2), (A, 3))),
    Judged("q2", "en", A, (1, 4), ((A, 1), (A, 1), (A, 4))),
    Judged("q3", "zh", C, (), ((A, 0), (A, 1), (B, 0), (C, 7))),
    Judged("q4", "en", B, (0,), ()),
)


def _of(level: str, group: str) -> Figures:
    return next(one for one in figures(QUESTIONS) if (one.level, one.group) == (level, group))


def test_reports_are_ranked_by_their_first_passage() -> None:
    # ranks 2, 1, 3, none
    found = _of("report", "all")
    assert found.questions == 4
    assert found.values == pytest.approx(
        {
            "Success@1": 1 / 4,
            "Success@3": 3 / 4,
            "Success@5": 3 / 4,
            "Success@10": 3 / 4,
            "nDCG@10": (SECOND + 1 + 1 / 2) / 4,
            "MRR@10": (1 / 2 + 1 + 1 / 3) / 4,
        }
    )


def test_distinct_pages_leave_repeated_pages_out() -> None:
    # q1: rank 2; q2: ranks 1 and 2, the best there is; q3 has no page label; q4: nothing found
    found = _of("page", "all")
    assert found.questions == 3
    assert found.values["Success@1"] == pytest.approx(1 / 3)
    assert found.values["Success@3"] == pytest.approx(2 / 3)
    assert found.values["nDCG@10"] == pytest.approx((SECOND + 1) / 3)
    assert found.values["MRR@10"] == pytest.approx((1 / 2 + 1) / 3)


def test_every_chunk_holds_its_place() -> None:
    # q2: ranks 1 and 3 of chunks: (1 + 1/2) against the best (1 + 1/log2(3))
    found = _of("chunk", "all")
    assert found.values["nDCG@10"] == pytest.approx((SECOND + 1.5 / (1 + SECOND)) / 3)
    assert found.values["MRR@10"] == pytest.approx((1 / 2 + 1) / 3)


def test_languages_are_counted_apart() -> None:
    assert [(one.group, one.questions) for one in figures(QUESTIONS) if one.level == "page"] == [
        ("all", 3),
        ("en", 2),
        ("zh", 1),
    ]
    assert _of("page", "zh").values["Success@1"] == 0.0
    assert _of("report", "zh").values["MRR@10"] == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_chunks_of_one_page_push_another_down() -> None:
    one = Judged("q", "en", B, (1,), ((A, 0),) * 10 + ((B, 1),))
    assert [first_rank(level, one) for level in ("report", "page", "chunk")] == [2, 2, 11]
    chunk = next(f for f in figures([one]) if f.level == "chunk")
    assert chunk.values == pytest.approx(dict.fromkeys(chunk.values, 0.0))


def test_the_same_page_number_of_another_report_is_wrong() -> None:
    one = Judged("q", "en", B, (1,), ((A, 1),))
    assert first_rank("page", one) is None
    assert first_rank("report", one) is None


def test_a_language_without_page_labels_has_no_page_figures() -> None:
    found = figures([QUESTIONS[2]])
    assert [(one.level, one.questions, one.values == {}) for one in found if one.group == "zh"] == [
        ("report", 1, False),
        ("page", 0, True),
        ("chunk", 0, True),
    ]


def test_nothing_found_for_any_question_is_zero() -> None:
    found = figures([QUESTIONS[3]])
    assert all(value == 0.0 for one in found for value in one.values.values())


def test_no_question_at_all() -> None:
    assert [one.questions for one in figures([])] == [0, 0, 0]
