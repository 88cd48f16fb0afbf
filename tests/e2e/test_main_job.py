"""The main job through the command line, on the samples: every command, good input and bad."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from eval.check import PdfPages, check_text
from rag.catalog import open_catalog

SAMPLES = Path(__file__).parents[2] / "samples"
CICC = SAMPLES / "reports" / "cicc-ah-premium-2025.pdf"
Run = Callable[..., object]


def page_text(path: Path, page: int) -> str:
    with pymupdf.open(path) as document:
        return "".join(document[page].get_text().split())


def test_the_readmes_question_is_answered_from_ciccs_page(run) -> None:  # type: ignore[no-untyped-def]
    answer = run("ask", "what does CICC say about AH premium", "--json").json
    assert answer["refusal"] is None
    assert answer["sentences"]
    for sentence in answer["sentences"]:
        (citation,) = sentence["citations"]
        assert citation["publisher"] == "中金公司"
        assert citation["verdict"]["label"] == "supported"
        assert "".join(citation["quote"].split()) in page_text(CICC, citation["page"])
    assert "125" in answer["answer"]
    assert "](report:" in answer["answer"]


def test_ask_prints_sources_as_a_person_reads_them(run) -> None:  # type: ignore[no-untyped-def]
    printed = run("ask", "中金公司认为AH溢价的隐形底在哪里，为什么？").out
    assert "Sources:\n  中金公司, " in printed
    assert "Writer: extractive" in printed


def test_filters_hold(run) -> None:  # type: ignore[no-untyped-def]
    found = run("search", "AH溢价", "--publisher", "CICC", "--top-k", "20", "--json").json
    assert {p["publisher"] for p in found["passages"]} == {"中金公司"}
    assert run("search", "AH溢价", "--since", "2030", "--json").json["passages"] == []
    late = run("search", "AH溢价", "--since", "2025-08", "--json").json
    assert {p["published"] for p in late["passages"]} == {"2025-09-15"}
    english = run("search", "premium", "--language", "en", "--json").json
    assert {p["report_id"] for p in english["passages"]}.isdisjoint({p["report_id"] for p in found["passages"]})


def test_explain_shows_each_leg(run) -> None:  # type: ignore[no-untyped-def]
    printed = run("search", "what does CICC say about AH premium", "--explain").out
    assert "publishers: 中金公司; terms: ah premium = AH溢价" in printed
    assert "across: rank" in printed  # the report is Chinese
    assert "publisher: rank" in printed
    assert "dense: rank" in run("search", "中金怎么看AH溢价", "--explain").out


@pytest.mark.parametrize("style", ["brief", "outline"])
def test_a_digest_cites_every_sentence_by_the_independent_checker(run, style: str) -> None:  # type: ignore[no-untyped-def]
    made = run("digest", CICC, "--style", style, "--json").json
    pages = PdfPages({made["report_id"]: CICC})
    sentences = [s for section in made["sections"] for s in section["sentences"]]
    assert len(sentences) >= 3
    for sentence in sentences:
        marked = sentence["text"] + "".join(f"[page::{c['page']}]" for c in sentence["citations"])
        result = check_text(marked, lambda _report, page: pages(made["report_id"], page))
        assert result.faults == ()
    again = run("digest", CICC, "--style", style, "--json").json
    assert again["made"] == made["made"]  # kept, not made anew


def test_a_question_the_corpus_is_silent_on_is_refused(run) -> None:  # type: ignore[no-untyped-def]
    refused = run("ask", "What does Morgan Stanley say about the European transformer market?", "--json").json
    assert refused["sentences"] == []
    assert "Morgan Stanley" in refused["refusal"]


def test_the_scan_is_read_and_said_to_be(run) -> None:  # type: ignore[no-untyped-def]
    printed = run("ask", "澜江港务装卸费率上调多少，何时执行？").out
    assert "(read by OCR)" in printed
    assert "8%" in printed


def test_list_and_show(run) -> None:  # type: ignore[no-untyped-def]
    listed = run("list", "--json").json
    assert len(listed["reports"]) == 9
    report = next(r for r in listed["reports"] if r["publisher"] == "中金公司")
    assert (report["published"], report["page_count"], report["language"]) == ("2025-07-07", 6, "zh")
    for reference in (report["id"], report["id"][:6], CICC):
        assert report["title"] in run("show", reference).out
    assert "AH溢价" in run("show", report["id"], "--page", "0").out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ask", ""], "the question is empty"),
        (["ask", "   "], "the question is empty"),
        (["ask", "x", "--publisher", "Gold Sachs"], "Goldman Sachs"),
        (["ask", "x", "--since", "yesterday"], "2025-02-16"),
        (["ask", "x", "--since", "2025-13-01"], "calendar"),
        (["ask", "x", "--top-k", "0"], "between 1 and 100"),
        (["ask", "x", "--language", "fr"], "zh or en"),
        (["ask", "x", "--writer", "llm"], "REPORT_RAG_LLM_BASE_URL"),
        (["show", "ffffffffffffffff"], "error"),
        (["show", "nothing.pdf"], "error"),
        (["delete", "ffffffffffffffff"], "error"),
        (["digest"], "--all"),
        (["search"], "Missing argument"),
        (["frobnicate"], "No such command"),
    ],
)
def test_bad_input_is_one_clear_error_with_exit_code_2(run, arguments: list[str], complaint: str) -> None:  # type: ignore[no-untyped-def]
    done = run(*arguments)
    assert done.code == 2
    assert complaint in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_ingest_of_bad_files_names_each_and_takes_the_rest(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "page.pdf").write_text("<html>no pdf</html>")
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    done = run(
        "ingest", tmp_path / "page.pdf", tmp_path / "empty.pdf", tmp_path / "folder", tmp_path / "none.pdf", CICC
    )
    assert done.code == 1
    assert "1 unchanged" in done.out
    assert done.out.count("failed: ") == 4
    assert "Traceback" not in done.err


def test_a_report_that_was_deleted_is_gone(run, tmp_path: Path, data_dir: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "copy.pdf"
    shutil.copy(SAMPLES / "reports" / "tarnwick-grid-transformers-2024.pdf", path)
    assert "1 second source" in run("ingest", path).out
    assert "stays under 1 other" in run("delete", path).out
    assert run("search", "transformers lead time", "--json").json["passages"]
    report = next(r for r in run("list", "--json").json["reports"] if "transformers" in r["title"])
    assert run("delete", report["id"]).code == 0
    found = json.loads(run("search", "transformers lead time", "--top-k", "50", "--json").out)
    assert all(p["report_id"] != report["id"] for p in found["passages"])
    with open_catalog(f"sqlite:///{data_dir / 'catalog.sqlite'}", data_dir) as catalog:
        assert catalog.state(report["id"]) is None
    assert run("ingest", SAMPLES / "reports").code == 0
