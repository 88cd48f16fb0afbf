"""A label file, or a folder with `qa.jsonl`, to checked questions and the PDFs they are asked of.

A faulty label is an error with its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from eval.lines import Line, read_lines, shown
from eval.locate import Shelf, report_id
from rag.errors import UsageError

LABELS = "qa.jsonl"
_OWN_FOLDERS = ("pdfs", "reports")


@dataclass(frozen=True, slots=True)
class Question:
    """One label. `pages` are zero-based, () means no page label; `report` is None only where nothing answers it.

    `report` is the file name or the report id of the label; `type` says what kind of question it is.
    """

    id: str
    question: str
    answer: str | None
    report: str | None
    report_path: Path | None
    pages: tuple[int, ...]
    lang: str
    answerable: bool
    type: str | None = None

    @property
    def report_id(self) -> str | None:
        """The id of the report's file as it is now. Raises OSError when the file has gone since."""
        return None if self.report_path is None else report_id(self.report_path)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labels and their PDFs: `labels` is the file, `name` what the index over `pdfs` is called."""

    labels: Path
    name: str
    pdfs: tuple[Path, ...]
    questions: tuple[Question, ...]


def load_corpus(given: Path, pdfs: Sequence[Path]) -> Corpus:
    """The questions of a folder or of a label file, and every PDF they are asked of. UsageError as `load_questions`.

    A label file is asked of all PDFs in and below `pdfs`; its index is named by these folders, so that several label
    files over the same reports share it.
    """
    questions = tuple(load_questions(given, pdfs))
    if given.is_file():
        return Corpus(given, "+".join(map(_folder_name, pdfs)), Shelf(pdfs).pdfs, questions)
    return Corpus(given / LABELS, given.resolve().name or "eval", tuple(corpus(given, questions)), questions)


def _folder_name(folder: Path) -> str:
    own = folder.resolve()
    return (own.parent.name if own.name in _OWN_FOLDERS else own.name) or "eval"


def load_questions(given: Path, pdfs: Sequence[Path]) -> list[Question]:
    """All labels of `given/qa.jsonl`, or of the file `given`: each report found, each page there.

    UsageError names file, line and reason. A report is looked up in `given/pdfs`, `given/reports` and the folders `pdfs`;
    for a file in `pdfs` alone. In a file `answer` may be missing.
    """
    for place in pdfs:
        if not place.is_dir():
            raise UsageError(f"--pdfs {place}: no such folder, give one that holds PDF files")
    if given.suffix == ".jsonl" and not given.exists():
        raise UsageError(f"{given}: no such label file")
    is_file = given.is_file()
    if is_file and not pdfs:
        raise UsageError(f"{given} is a label file: name the folder of its reports with --pdfs")
    labels = given if is_file else given / LABELS
    shelf = Shelf([*pdfs] if is_file else [*(given / name for name in _OWN_FOLDERS), *pdfs])
    questions: list[Question] = []
    lines: dict[str, int] = {}
    page_counts: dict[Path, int] = {}
    for line in read_lines(labels, f"name a folder with {LABELS} and the reports in pdfs/"):
        question = _question(line, shelf, answer_needed=not is_file)
        if question.id in lines:
            raise line.fault(f"the id {question.id!r} stands in line {lines[question.id]} already: give it another")
        lines[question.id] = line.number
        _check_pages(line, question, page_counts)
        questions.append(question)
    if not questions:
        raise UsageError(f"{labels} holds no question: write one JSON object a line (docs/qa-format.md)")
    return questions


def corpus(folder: Path, questions: Sequence[Question]) -> list[Path]:
    """Every PDF of `folder/pdfs` (without one, of `folder/reports`) and the reports found elsewhere, each once, sorted."""
    own = next((folder / name for name in _OWN_FOLDERS if (folder / name).is_dir()), None)
    files = [] if own is None else [f for f in own.iterdir() if f.suffix.lower() == ".pdf" and f.is_file()]
    files += [question.report_path for question in questions if question.report_path]
    return sorted({file.resolve() for file in files})


def _question(line: Line, shelf: Shelf, *, answer_needed: bool) -> Question:
    report = line.optional_text("report")
    answerable = line.get("answerable", bool, "true or false") if "answerable" in line.values else True
    if report is None and answerable:
        raise line.fault("answerable, but 'report' is null: name the report, or set 'answerable' to false")
    return Question(
        id=line.text("id"),
        question=line.text("question"),
        answer=line.optional_text("answer") if answer_needed or "answer" in line.values else None,
        report=report,
        report_path=None if report is None else _find(line, report, shelf),
        pages=_pages(line),
        lang=line.text("lang"),
        answerable=answerable,
        type=line.text("type") if line.values.get("type") is not None else None,
    )


def _pages(line: Line) -> tuple[int, ...]:
    meaning = "a list of zero-based pages, [] for no page label"
    pages: list[int] = []
    for page in line.get("pages", list, meaning):
        if not isinstance(page, int) or isinstance(page, bool) or page < 0:
            raise line.fault(f"'pages' holds {shown(page)}: give {meaning}")
        pages.append(page)
    return tuple(dict.fromkeys(pages))


def _find(line: Line, report: str, shelf: Shelf) -> Path:
    try:
        return shelf.find(report)
    except UsageError as exc:
        raise line.fault(str(exc)) from exc


def _check_pages(line: Line, question: Question, page_counts: dict[Path, int]) -> None:
    path = question.report_path
    if not question.pages:
        return
    if path is None:
        raise line.fault("pages without a report: name the report, or leave 'pages' empty")
    if path not in page_counts:
        page_counts[path] = _page_count(line, path)
    last = page_counts[path] - 1
    beyond = [page for page in question.pages if page > last]
    if beyond:
        raise line.fault(f"page {beyond[0]} is past the end of {question.report}, which has the pages 0 to {last}")


def _page_count(line: Line, path: Path) -> int:
    try:
        with pymupdf.open(path, filetype="pdf") as document:
            return int(document.page_count)
    except Exception as exc:  # pymupdf raises many kinds over a damaged file
        raise line.fault(f"the pages of {path} cannot be counted: {exc}") from exc
