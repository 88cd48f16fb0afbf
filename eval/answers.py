"""Questions, or all reports, to counts of what the answers or digests got right, by the independent checker.

    python -m eval.answers QUESTIONS.jsonl --data-dir DIR [--limit N] [--writer auto|extractive|llm]
    python -m eval.answers --digests brief --data-dir DIR

A line of the file is a JSON object with the key `question`; other keys are not looked at. The index must be filled.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO, get_args

from eval.check import CheckResult, PagesOf, PdfPages, check_answers
from ingest.service import check_readable
from rag.answer import WriterChoice
from rag.cite import Marker, render_sentence
from rag.config import load_settings
from rag.domain import Sentence, Style
from rag.errors import ReportRagError, UsageError
from rag.service import Service
from rag.telemetry import configure_logging


@dataclass(frozen=True, slots=True)
class AnswerRun:
    """Counts over answers or digests. `retrieved` markers name a passage's report; `partial` citations say so themselves.

    `refusals` are the questions, or report ids, that got no sentence.
    """

    asked: int = 0
    answered: int = 0
    refusals: tuple[str, ...] = ()
    retrieved: int = 0
    partial: int = 0
    check: CheckResult = field(default_factory=CheckResult)
    failures: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        return len(self.refusals)

    def as_text(self) -> str:
        """The counts, then a line for each fault, failure and refusal."""
        check = self.check
        lines = [
            f"asked {self.asked}: answered {self.answered}, refused {self.refused}, failed {len(self.failures)}",
            f"sentences {check.sentences}, with a marker {_of(check.cited, check.sentences)}",
            f"markers {check.markers}, of an existing page {_of(check.valid_markers, check.markers)}, "
            f"of a retrieved report {_of(self.retrieved, check.markers)}, partly supported {self.partial}",
            f"numbers in cited sentences {check.numbers}, on a cited page {_of(check.numbers_found, check.numbers)} "
            f"(of these {check.joined} broken across lines)",
            f"faults {len(check.faults)}",
        ]
        lines += [f"  {f.report_id or '-'} page {f.page}: {f.what}: {f.sentence}" for f in check.faults]
        lines += [f"failed: {failure}" for failure in self.failures]
        lines += [f"refused: {refusal}" for refusal in self.refusals]
        return "\n".join(lines)


def run_answers(
    service: Service, questions: Sequence[str], n: int | None = None, *, writer: WriterChoice = "auto"
) -> AnswerRun:
    """Ask the first `n` questions (None: all) and check every answer against the kept PDFs."""
    pages = stored_pages(service)
    asked = questions[:n]
    run = AnswerRun(asked=len(asked))
    for question in asked:
        try:
            answer = service.answerer.answer(question, writer=writer)
        except UsageError as exc:
            run = replace(run, failures=(*run.failures, f"{question}: {exc}"))
            continue
        reports = {passage.report.id for passage in answer.passages}
        run = _counted(run, question, answer.sentences, reports, pages, long=True)
    return run


def run_digests(service: Service, style: Style, *, writer: WriterChoice = "auto") -> AnswerRun:
    """Make, or take from the catalog, the digest of every report and check it against the kept PDFs."""
    pages = stored_pages(service)
    reports = service.catalog.reports()
    run = AnswerRun(asked=len(reports))
    for report in reports:
        try:
            digest = service.digester.digest(report, style, writer=writer)
        except UsageError as exc:
            run = replace(run, failures=(*run.failures, str(exc)))
            continue
        sentences = [sentence for section in digest.sections for sentence in section.sentences]
        run = _counted(run, report.id, sentences, {report.id}, pages.of(report.id), long=False)
    return run


def stored_pages(service: Service) -> PdfPages:
    """The PDFs that lie beside the catalog, by report."""
    files = service.settings.data_dir / "files"
    return PdfPages({r.id: files / r.sha256[:2] / f"{r.sha256}.pdf" for r in service.catalog.reports()})


def _counted(
    run: AnswerRun, about: str, sentences: Sequence[Sentence], reports: set[str], pages: PagesOf, *, long: bool
) -> AnswerRun:
    citations = [citation for sentence in sentences for citation in sentence.citations]
    return replace(
        run,
        answered=run.answered + bool(sentences),
        refusals=run.refusals if sentences else (*run.refusals, about),
        retrieved=run.retrieved + sum(citation.report_id in reports for citation in citations),
        partial=run.partial + sum(citation.verdict.label == "partial" for citation in citations),
        check=run.check + check_answers([[_marked(sentence, long=long) for sentence in sentences]], pages),
    )


def _marked(sentence: Sentence, *, long: bool) -> str:
    return render_sentence(sentence.text, [Marker(c.page, c.report_id if long else None) for c in sentence.citations])


def _of(part: int, whole: int) -> str:
    return f"{part}/{whole}" + (f" ({part / whole:.1%})" if whole else "")


# --- the command -----------------------------------------------------------------------------------------------------


def read_questions(file: Path) -> list[str]:
    """The questions of a JSON-lines file. UsageError names the line."""
    try:
        rows = file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{file} cannot be read: {exc}") from exc
    return [_question(file, number, row) for number, row in enumerate(rows, 1) if row.strip()]


def _question(file: Path, number: int, row: str) -> str:
    try:
        question = json.loads(row)["question"]
    except (ValueError, KeyError, TypeError) as exc:
        raise UsageError(f"{file}:{number}: no JSON object with the key 'question'") from exc
    if not isinstance(question, str):
        raise UsageError(f"{file}:{number}: 'question' is no text")
    return question


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.answers", description="Check answers or digests by number.")
    parser.add_argument("questions", nargs="?", type=Path, help="JSON lines with the key question")
    parser.add_argument("--data-dir", type=Path, help="data directory with a filled index (REPORT_RAG_DATA_DIR)")
    parser.add_argument("--limit", type=int, help="only the first N questions")
    parser.add_argument("--digests", choices=get_args(Style), help="check the digests of all reports instead")
    parser.add_argument("--writer", choices=get_args(WriterChoice), default="auto", help="auto: the LLM if configured")
    arguments = parser.parse_args(given)
    if (arguments.questions is None) == (arguments.digests is None):
        parser.error("give a file of questions, or --digests brief or outline")
    if arguments.limit is not None and arguments.limit < 1:
        parser.error("--limit must be 1 or more")
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0: no fault; 1: faults were found; 2: wrong input or set-up."""
    arguments = _arguments(given)
    service: Service | None = None
    try:
        settings = load_settings(data_dir=arguments.data_dir)
        configure_logging(settings.log_level)
        service = Service(settings, say=lambda text: _tell(sys.stderr, text))
        questions = read_questions(arguments.questions) if arguments.questions else []
        check_readable(service)
        if arguments.digests:
            run = run_digests(service, arguments.digests, writer=arguments.writer)
        else:
            run = run_answers(service, questions, arguments.limit, writer=arguments.writer)
    except ReportRagError as exc:
        _tell(sys.stderr, f"error: {exc}")
        return 2
    finally:
        if service is not None:
            service.close()
    _tell(sys.stdout, run.as_text())
    return 1 if run.check.faults or run.failures else 0


def _tell(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
