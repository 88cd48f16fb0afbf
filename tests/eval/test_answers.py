"""Answers and digests of a small corpus, counted by the independent checker; planted faults come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.answer_quality import Refusals
from eval.answers import AnswerRun, run_answers, run_digests
from eval.labels import Label
from rag.domain import Answer
from rag.service import Service

Fixture = Any
TRAMS = "How many trams did Vessel Tram Works deliver in 2023?"


def asked(*questions: str) -> list[Label]:
    return [Label(question) for question in questions]


@pytest.fixture
def service(eval_set: Fixture) -> Iterator[Service]:
    opened = Service(eval_set.own)
    yield opened
    opened.close()


def test_answers_are_checked(service: Service) -> None:
    run = run_answers(service, asked(TRAMS, "What does a ton of salmon feed cost?", "not asked"), 2)
    check = run.check
    assert (run.asked, run.answered, run.refusals, run.failures) == (2, 2, (), ())
    assert check.sentences == check.cited == check.markers == check.valid_markers == run.retrieved > 0
    assert check.numbers == check.numbers_found > 0
    assert check.faults == ()


def test_a_refusal_is_counted_and_named(service: Service) -> None:
    question = "Quantum chromodynamics lattice confinement?"
    run = run_answers(service, asked(question))
    assert (run.answered, run.refusals, run.check.sentences) == (0, (question,), 0)


def test_a_question_that_cannot_be_asked_stops_nothing(service: Service) -> None:
    run = run_answers(service, asked("", TRAMS))
    assert (run.asked, run.answered, len(run.failures)) == (2, 1, 1)


class Forger:
    """An answerer that alters what the real one says: the number, the page, the report."""

    def __init__(self, service: Service) -> None:
        self._real = service.answerer

    def answer(self, question: str, *limits: Any, **options: Any) -> Answer:
        answer = self._real.answer(question, *limits, **options)
        sentence = next(s for s in answer.sentences if "418" in s.text)
        (citation,) = sentence.citations
        forged = (
            replace(sentence, text=sentence.text.replace("418", "419")),
            replace(sentence, citations=(replace(citation, page=99),)),
            replace(sentence, citations=(replace(citation, report_id="0" * 16),)),
            replace(sentence, citations=()),
        )
        return replace(answer, sentences=forged)


def test_forged_answers_are_found_out(service: Service) -> None:
    service.__dict__["answerer"] = Forger(service)
    run = run_answers(service, asked(TRAMS))
    check = run.check
    assert (check.sentences, check.cited, check.markers, check.valid_markers, run.retrieved) == (4, 3, 3, 1, 2)
    assert (run.cited.sentences, run.cited.recalled) == (4, 0)
    assert "419 is not on the cited page" in {fault.what for fault in check.faults}
    assert [fault.page for fault in check.faults if fault.what == "no such page in the report"] == [99, 0]
    assert sum(fault.what == "no marker" for fault in check.faults) == 1


@pytest.mark.parametrize("style", ["brief", "outline"])
def test_digests_are_checked(service: Service, style: Any) -> None:
    run = run_digests(service, style)
    assert (run.asked, run.answered, run.failures) == (2, 2, ())
    assert run.check.valid_markers == run.check.markers == run.retrieved > 0
    assert run.check.faults == ()


def test_labels_are_scored(service: Service) -> None:
    labels = [
        Label(TRAMS, "Vessel delivered 418 trams.", answerable=True),
        Label(TRAMS, "500 trams", answerable=True),
        Label("Quantum chromodynamics lattice confinement?", None, answerable=False),
    ]
    run = run_answers(service, labels)
    assert run.numbers == ((True, True), (False, False))
    assert run.refused == Refusals(refused_rightly=1, refused=1, unanswerable=1)
    assert run.cited.recalled == run.cited.sentences > 0
    assert "within 1 %: first figure 1/2 (50.0%), one of the first eight 1/2 (50.0%)" in run.as_text()


def test_a_question_may_be_asked_of_the_labelled_report_alone(service: Service) -> None:
    trams, other = sorted(service.catalog.reports(), key=lambda r: "Vessel" not in r.title)
    question = "How many were delivered in 2023?"
    for report in (trams, other):
        label = Label(question, "418", report=Path(report.sources[0]).name, pages=tuple(range(report.page_count)))
        run = run_answers(service, [label], given=True)
        assert run.on_gold.answers == run.on_gold.cite_one == run.answered
        assert run.on_gold.markers == run.on_gold.on_gold == run.check.markers


def test_digests_are_measured(service: Service) -> None:
    run = run_digests(service, "brief")
    assert [digest.debris for digest in run.digests] == [(), ()]
    assert all(digest.sentences == digest.supported > 0 for digest in run.digests)
    assert "all thirds of the evidence pages" in run.as_text()


def test_the_text_of_a_run_without_answers() -> None:
    assert AnswerRun(asked=1, refusals=("why?",)).as_text().splitlines() == [
        "asked 1: answered 0, refused 1, failed 0",
        "sentences 0, with a marker 0/0",
        "markers 0, of an existing page 0/0, of a retrieved report 0/0, partly supported 0",
        "numbers in cited sentences 0, on a cited page 0/0 (of these 0 broken across lines, 0 computed anew)",
        "faults 0",
        "refused: why?",
    ]
