"""A file of questions to labels; what is wrong is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.labels import Label, labelled_reports, read_labels, read_questions
from rag.errors import UsageError


def test_labels_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        json.dumps({"question": "?", "answer": "a", "answerable": False, "report": "r.pdf", "pages": [1, 2]})
        + "\n"
        + json.dumps({"question": "!"})
    )
    assert read_labels(file) == [Label("?", "a", answerable=False, report="r.pdf", pages=(1, 2)), Label("!")]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.jsonl cannot be read"):
        read_labels(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"question": 3}', '{"question": "?", "pages": ["4"]}', '{"question": "?", "pages": 4}']
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "?"}\n\n' + line)
    with pytest.raises(UsageError, match=r"questions\.jsonl:3: "):
        read_questions(file)


def test_a_report_that_the_index_lacks_is_named() -> None:
    assert labelled_reports([Label("?"), Label("?", answerable=False, report="gone.pdf")], []) == {}
    with pytest.raises(UsageError, match=r"no report 'gone\.pdf'"):
        labelled_reports([Label("?", report="gone.pdf")], [])
