"""A JSON-lines file of questions to labels for answers. A line is an object with the key `question`; `answer`,
`answerable`, `report` and `pages` are looked at where they are there, other keys never."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag.domain import Report
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Label:
    """A question with its reference answer and whether the reports answer it; None: the label does not say.

    `report` is a file name or report id, `pages` are zero-based pages of it, each of which answers the question.
    """

    question: str
    answer: str | None = None
    answerable: bool | None = None
    report: str | None = None
    pages: tuple[int, ...] = ()

    @property
    def can_be_answered(self) -> bool:
        return self.answerable is not False


def read_labels(file: Path) -> list[Label]:
    """The questions of a file with what their labels say. UsageError names the line."""
    try:
        rows = file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{file} cannot be read: {exc}") from exc
    return [_label(file, number, row) for number, row in enumerate(rows, 1) if row.strip()]


def read_questions(file: Path) -> list[str]:
    """The questions of a file. UsageError names the line."""
    return [label.question for label in read_labels(file)]


def labelled_reports(labels: Iterable[Label], reports: Iterable[Report]) -> dict[str, str]:
    """Ids of the reports that labels name, by what they are called there. UsageError where one is not among `reports`."""
    ids = {Path(source).name: report.id for report in reports for source in report.sources}
    ids |= {report.id: report.id for report in reports}
    named = {label.report for label in labels if label.report is not None and label.can_be_answered}
    missing = sorted(named - ids.keys())
    if missing:
        raise UsageError(f"the index has no report {missing[0]!r}, which a label names: ingest it first")
    return {name: ids[name] for name in named}


def _label(file: Path, number: int, row: str) -> Label:
    try:
        values = json.loads(row)
        question = values["question"]
    except (ValueError, KeyError, TypeError) as exc:
        raise UsageError(f"{file}:{number}: no JSON object with the key 'question'") from exc
    if not isinstance(question, str):
        raise UsageError(f"{file}:{number}: 'question' is no text")
    answer, answerable, report, pages = (values.get(key) for key in ("answer", "answerable", "report", "pages"))
    if pages is not None and not (isinstance(pages, list) and all(type(page) is int for page in pages)):
        raise UsageError(f"{file}:{number}: 'pages' is no list of page numbers")
    return Label(
        question,
        answer if isinstance(answer, str) else None,
        answerable if isinstance(answerable, bool) else None,
        report if isinstance(report, str) else None,
        tuple(pages or ()),
    )
