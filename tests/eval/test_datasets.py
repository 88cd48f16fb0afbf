"""Labels read right, and every fault told with its file and line before any work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import corpus, load_corpus, load_questions
from eval.locate import report_id
from rag.errors import UsageError

Fixture = Any


def test_a_label_is_read(write_labels: Fixture) -> None:
    folder = write_labels({"pages": [1, 0, 1]})
    (question,) = load_questions(folder, [])
    assert (question.id, question.report, question.report_path) == ("q1", "a.pdf", folder / "pdfs" / "a.pdf")
    assert (question.pages, question.lang, question.answer, question.answerable) == ((1, 0), "en", "418", True)


def test_answerable_may_be_left_out_and_the_answer_null(write_labels: Fixture) -> None:
    line = json.dumps({"id": "x", "question": "?", "answer": None, "report": "a.pdf", "pages": [], "lang": "zh"})
    (question,) = load_questions(write_labels(line), [])
    assert (question.answer, question.answerable, question.pages) == (None, True, ())


def test_an_unanswerable_question_needs_no_report(write_labels: Fixture) -> None:
    (question,) = load_questions(write_labels({"answerable": False, "report": None, "pages": []}), [])
    assert (question.report_path, question.answerable) == (None, False)


def test_blank_lines_and_a_byte_order_mark_are_passed_over(write_labels: Fixture) -> None:
    folder = write_labels("\ufeff" + "", "", {}, "  ")
    assert len(load_questions(folder, [])) == 1


def test_a_line_separator_within_a_text_ends_no_line(write_labels: Fixture) -> None:
    folder = write_labels(json.dumps({**_right(), "question": "one\u2028two"}, ensure_ascii=False))
    assert load_questions(folder, [])[0].question == "one\u2028two"


def test_reports_are_found_in_pdfs_then_reports_then_elsewhere(
    write_labels: Fixture, make_pdf: Fixture, tmp_path: Path
) -> None:
    folder = write_labels({}, {"id": "q2", "report": "b.pdf"}, {"id": "q3", "report": "c.pdf"})
    make_pdf("reports/a.pdf", "not this one")
    b = make_pdf("reports/b.pdf", "b")
    make_pdf("else/b.pdf", "not this one")
    c = make_pdf("else/c.pdf", "c")
    make_pdf("else/d.pdf", "not asked for")
    questions = load_questions(folder, [tmp_path / "else"])
    assert [question.report_path for question in questions] == [folder / "pdfs" / "a.pdf", b, c]
    assert [file.relative_to(tmp_path.resolve()).as_posix() for file in corpus(folder, questions)] == [
        "else/c.pdf",
        "pdfs/a.pdf",
        "reports/b.pdf",
    ]


def test_without_pdfs_the_corpus_is_reports(make_pdf: Fixture, tmp_path: Path) -> None:
    make_pdf("reports/a.pdf", "a")
    make_pdf("reports/b.pdf", "b")
    (tmp_path / "qa.jsonl").write_text(json.dumps(_right()))
    assert [file.name for file in corpus(tmp_path, load_questions(tmp_path, []))] == ["a.pdf", "b.pdf"]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("{", "no JSON object in UTF-8"),
        ("[1]", r"\[1\] is no JSON object"),
        ({"id": "q1"}, "the id 'q1' stands in line 1 already"),
        ({"id": 7}, "'id' is 7: give a text"),
        ({"question": " "}, "'question' is empty"),
        ({"answer": ["418"]}, r"'answer' is \[\"418\"\]: give a text or null"),
        ({"lang": None}, "'lang' is null"),
        ({"answerable": "no"}, "'answerable' is \"no\": give true or false"),
        ({"pages": 0}, "'pages' is 0: give a list of zero-based pages"),
        ({"pages": [True]}, "'pages' holds true"),
        ({"pages": ["0"]}, "'pages' holds \"0\""),
        ({"pages": [-1]}, "'pages' holds -1"),
        ({"pages": [0, 2]}, "page 2 is past the end of a.pdf, which has the pages 0 to 1"),
        ({"report": "missing.pdf"}, "the report 'missing.pdf' is in none of .*pdfs.*reports.*--pdfs"),
        ({"report": "pdfs/a.pdf"}, "is no bare file name"),
        ({"report": ""}, "is no bare file name"),
        ({"report": None}, "answerable, but 'report' is null"),
        ({"report": None, "answerable": False}, "pages without a report"),
        ({"report": "broken.pdf"}, "the pages of .* cannot be counted"),
    ],
)
def test_faults_name_file_and_line(write_labels: Fixture, second: Any, reason: str) -> None:
    folder = write_labels({}, second if isinstance(second, str) else {"id": "q2", **second})
    (folder / "pdfs" / "broken.pdf").write_bytes(b"")
    with pytest.raises(UsageError, match=rf"qa\.jsonl:2: .*{reason}"):
        load_questions(folder, [])


@pytest.mark.parametrize("key", ["id", "question", "answer", "report", "pages", "lang"])
def test_a_missing_key_is_named(write_labels: Fixture, key: str) -> None:
    values = {name: value for name, value in _right().items() if name != key}
    with pytest.raises(UsageError, match=rf"qa\.jsonl:1: the key '{key}' is missing"):
        load_questions(write_labels(json.dumps(values)), [])


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "qa.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(UsageError, match=r"qa\.jsonl:1: no JSON object in UTF-8"):
        load_questions(tmp_path, [])


def test_a_folder_without_labels(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"qa\.jsonl cannot be read .*name a folder with qa\.jsonl"):
        load_questions(tmp_path, [])
    (tmp_path / "qa.jsonl").touch()
    with pytest.raises(UsageError, match="holds no question"):
        load_questions(tmp_path, [])


def test_a_folder_of_reports_that_is_not_there(write_labels: Fixture, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--pdfs .*nowhere: no such folder"):
        load_questions(write_labels({}), [tmp_path / "nowhere"])


def _right() -> dict[str, object]:
    return {"id": "q1", "question": "?", "answer": "!", "report": "a.pdf", "pages": [0], "lang": "en"}


# --- a label file ----------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(make_pdf: Fixture, tmp_path: Path) -> Path:
    """Two PDFs in a set's pdfs folder."""
    make_pdf("set/pdfs/a.pdf", "one", "two")
    make_pdf("set/pdfs/b.pdf", "three")
    return tmp_path / "set" / "pdfs"


def _label_file(tmp_path: Path, **changes: object) -> Path:
    file = tmp_path / "some.en.jsonl"
    values = {"id": "q1", "question": "?", "lang": "en", "pages": [1], "type": "table", **changes}
    file.write_text(json.dumps(values) + "\n")
    return file


def test_a_label_file_names_reports_by_their_hash(shelf: Path, tmp_path: Path) -> None:
    id = report_id(shelf / "a.pdf")
    found = load_corpus(_label_file(tmp_path, report=id), [shelf])
    (question,) = found.questions
    assert (question.report, question.report_id, question.report_path) == (id, id, (shelf / "a.pdf").resolve())
    assert (question.answer, question.answerable, question.type) == (None, True, "table")
    assert [file.name for file in found.pdfs] == ["a.pdf", "b.pdf"]
    assert found.name == "set"


def test_label_files_and_their_folder_share_an_index(shelf: Path, tmp_path: Path) -> None:
    file = _label_file(tmp_path, report=report_id(shelf / "a.pdf"))
    (shelf.parent / "qa.jsonl").write_text(json.dumps({**_right(), "pages": []}))
    of_file, of_folder = load_corpus(file, [shelf]), load_corpus(shelf.parent, [])
    assert (of_file.name, of_file.pdfs) == (of_folder.name, of_folder.pdfs)
    assert load_corpus(file, [shelf.parent]).name == "set"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"report": "0" * 16}, "none of the 2 PDFs in .*pdfs has the report id '0{16}'"),
        ({"report": "c.pdf"}, "'c.pdf' is in none of"),
        ({"report": "b.pdf"}, "page 1 is past the end of b.pdf"),
        ({"report": "a.pdf", "type": 3}, "'type' is 3: give a text"),
    ],
)
def test_faults_of_a_label_file_name_its_line(
    shelf: Path, tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(UsageError, match=rf"some\.en\.jsonl:1: .*{reason}"):
        load_corpus(_label_file(tmp_path, **changes), [shelf])


def test_a_label_file_needs_its_reports(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"some\.en\.jsonl is a label file: name the folder .* with --pdfs"):
        load_corpus(_label_file(tmp_path, report="a.pdf"), [])
    with pytest.raises(UsageError, match=r"none\.jsonl: no such label file"):
        load_corpus(tmp_path / "none.jsonl", [shelf])


SETS = [
    one for one in sorted((Path(__file__).parents[2] / "eval" / "data").glob("*.jsonl")) if "claims" not in one.name
]


@pytest.mark.parametrize("file", SETS, ids=lambda f: f.stem)
def test_the_sets_that_ship_name_reports_by_their_hash(file: Path, shelf: Path) -> None:
    """The first line is right but for its report, which is not here."""
    with pytest.raises(UsageError, match=rf"{file.name}:1: none of the 2 PDFs"):
        load_corpus(file, [shelf])
