"""Answers and digests of a small corpus, counted by the independent checker; planted faults come out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.answers import AnswerRun, main, read_questions, run_answers, run_digests
from rag.domain import Answer
from rag.errors import UsageError
from rag.service import Service

Fixture = Any
TRAMS = "How many trams did Vessel Tram Works deliver in 2023?"


@pytest.fixture
def service(eval_set: Fixture) -> Iterator[Service]:
    opened = Service(eval_set.own)
    yield opened
    opened.close()


def test_answers_are_checked(service: Service) -> None:
    run = run_answers(service, [TRAMS, "What does a ton of salmon feed cost?", "not asked"], 2)
    check = run.check
    assert (run.asked, run.answered, run.refused, run.failures) == (2, 2, 0, ())
    assert check.sentences == check.cited == check.markers == check.valid_markers == run.retrieved > 0
    assert check.numbers == check.numbers_found > 0
    assert check.faults == ()


def test_a_refusal_is_counted_and_named(service: Service) -> None:
    question = "Quantum chromodynamics lattice confinement?"
    run = run_answers(service, [question])
    assert (run.answered, run.refused, run.refusals, run.check.sentences) == (0, 1, (question,), 0)


def test_a_question_that_cannot_be_asked_stops_nothing(service: Service) -> None:
    run = run_answers(service, ["", TRAMS])
    assert (run.asked, run.answered, len(run.failures)) == (2, 1, 1)


class Forger:
    """An answerer that alters what the real one says: the number, the page, the report."""

    def __init__(self, service: Service) -> None:
        self._real = service.answerer

    def answer(self, question: str, **options: Any) -> Answer:
        answer = self._real.answer(question, **options)
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
    run = run_answers(service, [TRAMS])
    check = run.check
    assert (check.sentences, check.cited, check.markers, check.valid_markers, run.retrieved) == (4, 3, 3, 1, 2)
    assert "419 is not on the cited page" in {fault.what for fault in check.faults}
    assert [fault.page for fault in check.faults if fault.what == "no such page in the report"] == [99, 0]
    assert sum(fault.what == "no marker" for fault in check.faults) == 1


@pytest.mark.parametrize("style", ["brief", "outline"])
def test_digests_are_checked(service: Service, style: Any) -> None:
    run = run_digests(service, style)
    assert (run.asked, run.answered, run.failures) == (2, 2, ())
    assert run.check.valid_markers == run.check.markers == run.retrieved > 0
    assert run.check.faults == ()


def test_the_command(eval_set: Fixture, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": TRAMS}) + "\n" + json.dumps({"question": "not asked"}))
    own = str(eval_set.own.data_dir)
    model = eval_set.settings.embed_model
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORT_RAG_EMBED_MODEL", model)
        assert main([str(file), "--data-dir", own, "--limit", "1"]) == 0
        assert main(["--digests", "brief", "--data-dir", own]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "asked 1: answered 1, refused 0, failed 0"
    assert printed.count("faults 0") == 2


def test_the_command_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl"), "--data-dir", str(tmp_path)]) == 2
    assert "none.jsonl cannot be read" in capsys.readouterr().err
    for wrong in (["--data-dir", str(tmp_path)], ["x.jsonl", "--digests", "brief"], ["x.jsonl", "--limit", "0"]):
        with pytest.raises(SystemExit, match="2"):
            main(wrong)


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"question": 3}'])
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "?"}\n\n' + line)
    with pytest.raises(UsageError, match=r"questions\.jsonl:3: "):
        read_questions(file)


def test_the_text_of_a_run_without_answers() -> None:
    assert AnswerRun(asked=1, refusals=("why?",)).as_text().splitlines() == [
        "asked 1: answered 0, refused 1, failed 0",
        "sentences 0, with a marker 0/0",
        "markers 0, of an existing page 0/0, of a retrieved report 0/0, partly supported 0",
        "numbers in cited sentences 0, on a cited page 0/0 (of these 0 broken across lines)",
        "faults 0",
        "refused: why?",
    ]
