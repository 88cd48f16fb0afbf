"""Figures worked out by hand: a right key at rank r alone gives nDCG 1/log2(r + 1) and reciprocal rank 1/r."""

from __future__ import annotations

import pytest

from eval.metrics import Figures, Judged, Level, figures, places

A, B, C = "a" * 16, "b" * 16, "c" * 16
SECOND = 0.6309297535714575  # 1 / log2(3)


def judged(
    id: str,
    lang: str,
    report: str,
    pages: tuple[int, ...],
    found: tuple[tuple[str, int], ...],
    type: str | None = None,
) -> Judged:
    return Judged(id, lang, type, places(report, pages, found))


QUESTIONS = (
    judged("q1", "zh", A, (2,), ((B, 0), (A, 2), (A, 2), (A, 3)), "table"),
    judged("q2", "en", A, (1, 4), ((A, 1), (A, 1), (A, 4)), "reason"),
    judged("q3", "zh", C, (), ((A, 0), (A, 1), (B, 0), (C, 7))),
    judged("q4", "en", B, (0,), (), "table"),
)


def _of(level: str, group: str) -> Figures:
    return next(one for one in figures(QUESTIONS) if (one.level, one.group) == (level, group))


def _means(level: str, group: str) -> dict[str, float]:
    return {name: value.mean for name, value in _of(level, group).values.items()}


def _first(level: Level, one: Judged) -> int | None:
    return one.places[level].first


def test_reports_are_ranked_by_their_first_passage() -> None:
    # ranks 2, 1, 3, none
    found = _of("report", "all")
    assert found.questions == 4
    assert _means("report", "all") == pytest.approx(
        {
            "Success@1": 1 / 4,
            "Success@3": 3 / 4,
            "Success@5": 3 / 4,
            "Success@10": 3 / 4,
            "Success@20": 3 / 4,
            "nDCG@10": (SECOND + 1 + 1 / 2) / 4,
            "MRR@10": (1 / 2 + 1 + 1 / 3) / 4,
        }
    )


def test_distinct_pages_leave_repeated_pages_out() -> None:
    # q1: rank 2; q2: ranks 1 and 2, the best there is; q3 has no page label; q4: nothing found
    found = _means("page", "all")
    assert _of("page", "all").questions == 3
    assert found["Success@1"] == pytest.approx(1 / 3)
    assert found["Success@3"] == pytest.approx(2 / 3)
    assert found["nDCG@10"] == pytest.approx((SECOND + 1) / 3)
    assert found["MRR@10"] == pytest.approx((1 / 2 + 1) / 3)


def test_every_chunk_holds_its_place() -> None:
    # q2: ranks 1 and 3 of chunks: (1 + 1/2) against the best (1 + 1/log2(3))
    found = _means("chunk", "all")
    assert found["nDCG@10"] == pytest.approx((SECOND + 1.5 / (1 + SECOND)) / 3)
    assert found["MRR@10"] == pytest.approx((1 / 2 + 1) / 3)


def test_languages_are_counted_apart() -> None:
    assert [(one.by, one.group, one.questions) for one in figures(QUESTIONS) if one.level == "page"] == [
        ("all", "all", 3),
        ("lang", "en", 2),
        ("lang", "zh", 1),
        ("type", "reason", 1),
        ("type", "table", 2),
    ]
    assert _means("page", "zh")["Success@1"] == 0.0
    assert _means("report", "zh")["MRR@10"] == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_chunks_of_one_page_push_another_down() -> None:
    one = judged("q", "en", B, (1,), ((A, 0),) * 10 + ((B, 1),))
    assert [_first(level, one) for level in ("report", "page", "chunk")] == [2, 2, 11]
    chunk = next(f for f in figures([one]) if f.level == "chunk")
    at_20 = {"Success@20": 1.0}
    assert {name: value.mean for name, value in chunk.values.items()} == dict.fromkeys(chunk.values, 0.0) | at_20


def test_the_same_page_number_of_another_report_is_wrong() -> None:
    one = judged("q", "en", B, (1,), ((A, 1),))
    assert _first("page", one) is None
    assert _first("report", one) is None


def test_a_language_without_page_labels_has_no_page_figures() -> None:
    found = figures([QUESTIONS[2]])
    assert [(one.level, one.questions, one.values == {}) for one in found if one.group == "zh"] == [
        ("report", 1, False),
        ("page", 0, True),
        ("chunk", 0, True),
    ]


def test_nothing_found_for_any_question_is_zero() -> None:
    found = figures([QUESTIONS[3]])
    assert all(value.mean == value.high == 0.0 for one in found for value in one.values.values())


def test_no_question_at_all() -> None:
    assert [one.questions for one in figures([])] == [0, 0, 0]


def test_recall_is_over_questions_with_several_pages() -> None:
    # q2 alone: both of its pages are among the first five; q4's one page is no matter of recall
    found = _of("page", "all")
    assert found.several == 1
    assert found.values["Recall@5"].mean == 1.0
    half = judged("q", "en", A, (1, 4), ((A, 1), (B, 0), (B, 1), (B, 2), (B, 3), (A, 4)))
    page = next(one for one in figures([half]) if one.level == "page")
    assert (page.values["Recall@5"].mean, page.values["Recall@10"].mean) == (0.5, 1.0)
    assert "Recall@5" not in _of("report", "all").values
    assert "Recall@5" not in _of("page", "zh").values


def test_places_are_told_from_one() -> None:
    found = places(A, (1, 4), ((B, 0), (A, 1), (A, 1), (A, 4)))
    assert {level: (at.found, at.right) for level, at in found.items()} == {
        "report": ((2,), 1),
        "page": ((2, 3), 2),
        "chunk": ((2, 4), 2),
    }
    assert found["chunk"].reciprocal == 0.5


def test_intervals_hold_their_means() -> None:
    at = _of("report", "all").values["Success@1"]
    assert (at.low, at.mean, at.high) == (0.0, 0.25, 0.75)  # 3 or 4 of 4 draws are the hit with p .051
