from __future__ import annotations

import pytest

from rag.domain import Filter
from rag.service import Service


def test_the_page_that_answers_comes_first_and_the_legs_add_up(small: Service) -> None:
    first = small.retriever.retrieve("How many tonnes will the kelp harvest reach in 2026?").passages[0]
    assert (first.report.title.startswith("Kelp"), first.chunk.page) == (True, 1)
    assert abs(first.score - sum(leg.share for leg in first.legs)) < 1e-6
    assert {leg.leg for leg in first.legs} >= {"bm25", "page", "dense"}


def test_the_same_question_gives_the_same_ranking(small: Service) -> None:
    once = small.retriever.retrieve("水源地 产能", limit=20)
    assert small.retriever.retrieve("水源地 产能", limit=20) == once


def test_a_question_in_the_other_language_reaches_the_report(small: Service) -> None:
    found = small.retriever.retrieve("spring tea output of the tea company in 2025", limit=5).passages
    assert "云岭" in found[0].report.title
    assert {leg.leg for leg in found[0].legs} >= {"across", "bm25", "page"}
    assert "dense" not in {leg.leg for leg in found[0].legs}


def test_a_report_in_the_other_language_does_not_crowd_out_the_answer(small: Service) -> None:
    found = small.retriever.retrieve("How many tonnes will the kelp harvest reach in 2026?", limit=20).passages
    of_others = [leg.share for p in found if p.report.language == "zh" for leg in p.legs if leg.leg == "across"]
    assert found[0].report.language == "en"
    assert of_others == [] or max(of_others) < 0.9


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("海湾电力发电量减少", "海灣電力月報"),  # Simplified to Traditional
        ("海灣電力發電量減少", "海灣電力月報"),
        ("雲嶺茶業產量增長", "云岭茶业深度报告"),  # and the other way round
    ],
)
def test_traditional_and_simplified_characters_find_each_other(small: Service, question: str, title: str) -> None:
    found = small.retriever.retrieve(question).passages
    first = found[0]
    assert (first.report.title, first.chunk.page) == (title, 1)
    assert {leg.leg for leg in first.legs} >= {"bm25", "page"}
    assert all(leg.rank == 1 for leg in first.legs if leg.leg in ("bm25", "page"))


def test_filters_are_hard(small: Service) -> None:
    tea = next(r for r in small.catalog.reports() if "云岭" in r.title)
    found = small.retriever.retrieve("kelp harvest", Filter(reports=(tea.id,)), limit=50).passages
    assert {p.report.id for p in found} == {tea.id}


def test_a_report_that_is_hidden_is_never_found(small: Service) -> None:
    locks = next(r for r in small.catalog.reports() if "Canal" in r.title)
    parsed, chunks = small.catalog.stored(locks.id), small.catalog.chunks(locks.id)
    pipeline = small.catalog.state(locks.id)
    assert pipeline is not None
    small.catalog.hide(locks.id)
    try:
        found = small.retriever.retrieve("lock gates at Velde", limit=50).passages
        assert locks.id not in {p.report.id for p in found}
    finally:
        small.catalog.stage(locks, parsed, chunks, pipeline=pipeline[1])
        small.catalog.publish(locks.id, locks.sources[0])


def test_what_the_question_limits_itself_to_is_hard_too(small: Service) -> None:
    found = small.retriever.retrieve("only Harborlight Research: how much tea, 茶, is harvested?", limit=50)
    assert {p.report.publisher for p in found.passages} == {"Harborlight Research"}
    found = small.retriever.retrieve("只看2025年3月的报告：产能", limit=50)
    assert {p.report.published and p.report.published.isoformat()[:7] for p in found.passages} == {"2025-03"}


def test_reports_of_the_days_that_are_asked_for_come_first(small: Service) -> None:
    found = small.retriever.retrieve("2025年5月发布的报告怎么说产量", limit=50).passages
    assert found[0].report.title == "海灣電力月報"
    assert next(leg.share for leg in found[0].legs if leg.leg == "window") == 0.6
    assert len({p.report.id for p in found}) > 1


def test_limits_that_leave_nothing_say_so(small: Service) -> None:
    found = small.retriever.retrieve("only UBS on the kelp harvest")
    assert found.passages == ()
    assert found.emptied is not None
    assert "publisher UBS leaves none of 5 reports" in found.emptied
    assert found.said[-1] == found.emptied


def test_a_question_of_the_last_days_says_how_old_the_newest_report_is(small: Service) -> None:
    found = small.retriever.retrieve("How many tonnes of kelp were harvested last month?")
    assert found.passages[0].report.title.startswith("Kelp")
    assert any("the newest is of 2025-05-06" in notice for notice in found.notices)


def test_a_phrase_in_quotation_marks_weighs_more(small: Service) -> None:
    def gain(question: str, title: str) -> float:
        found = small.retriever.retrieve(question, limit=50).passages
        return next(leg.score for p in found if title in p.report.title for leg in p.legs if leg.leg == "bm25")

    plain, quoted = "Velde gates and kelp tonnes", 'Velde gates and "kelp tonnes"'
    assert gain(quoted, "Kelp") > gain(plain, "Kelp")
    assert gain(quoted, "Canal") == gain(plain, "Canal")
    assert gain("“春茶产量”与水源地", "云岭") > gain("春茶产量与水源地", "云岭")


def test_a_question_that_compares_has_its_passages_spread_over_reports(small: Service) -> None:
    def reports(question: str) -> list[str]:
        return [p.report.id for p in small.retriever.retrieve(question, limit=6).passages]

    one = small.retriever.retrieve("kelp harvest and lock gates of Harborlight")
    assert not one.understood.compares
    found = small.retriever.retrieve("Which houses disagree on the kelp harvest and lock gates?", limit=50)
    assert found.understood.compares
    assert any(leg.leg == "breadth" and leg.share < 0 for p in found.passages for leg in p.legs)
    assert len(set(reports("Which houses disagree on the kelp harvest and lock gates?"))) >= 2
