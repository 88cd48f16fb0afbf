"""The command line on what is known of reports: ingest with options and sidecars, list, show, correct."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from rag.store.edge import EdgeStore


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: object
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, make_pdf: Callable[..., Path]) -> Path:
    """A PDF with a sidecar, and one without."""
    folder = tmp_path_factory.mktemp("reports")
    make_pdf(folder / "kelp.pdf", ["Kelp farming in Norrvik Bay\nKelp prices in Norrvik Bay rose 14% in 2024."])
    make_pdf(folder / "locks.PDF", ["Canal locks of Ostermark\nThe lock at Velde needs new gates."])
    said = {"publisher": "CICC", "rating": "Hold", "password": "s3cret-pass"}
    (folder / "kelp.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, folder: Path) -> Iterator[Run]:
    """`run("list")`: the command line over both files, in this process."""
    data_dir = tmp_path_factory.mktemp("data")

    def made(*arguments: str | Path) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            patched.setenv("REPORT_RAG_EMBED_MODEL", str(model_folder))
            patched.setattr("sys.argv", ["report-rag", *map(str, arguments), "--data-dir", str(data_dir)])
            with pytest.raises(SystemExit) as ended:
                main()
        return Ran(ended.value.code, out.getvalue(), err.getvalue())

    ingested = made("ingest", folder, "--company", "Norrvik Kelp")
    assert ingested.code == 0, ingested.err
    assert ingested.out.startswith("2 files: 2 added")
    yield made
    EdgeStore(data_dir / "index").shutdown_engine()


def known(run: Run, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(run("show", name, "--json").out)
    return shown


def test_correct_and_what_is_shown_of_it(run: Run, folder: Path) -> None:
    shown = run("show", "kelp.pdf").out
    assert "publisher      中金公司 (from its sidecar)" in shown
    assert "company        Norrvik Kelp (said by a user)" in shown

    done = run(
        "correct", "kelp.pdf", "--title", "Seaweed ledger", "--clear", "rating", "--analyst", "甲", "--analyst", "乙"
    )
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].endswith(" -> Seaweed ledger")
    assert lines[1:] == [
        "analysts: unknown -> 甲; 乙",
        "rating: Hold -> unknown",
        "Note: digests of the report are out of date and made anew when asked for",
    ]
    listed = json.loads(run("list", "--json").out)["reports"]
    (kelp,) = [report for report in listed if report["title"] == "Seaweed ledger"]
    assert (kelp["analysts"], kelp["rating"], kelp["publisher"]) == (["甲", "乙"], None, "中金公司")
    origins = {fact["name"]: fact["origin"] for fact in kelp["facts"]}
    assert (origins["title"], origins["publisher"], "rating" in origins) == ("user", "sidecar", False)
    assert "Seaweed ledger" in run("search", "kelp prices", "--publisher", "中金").out

    again = run("ingest", folder, "--json")
    assert [outcome["status"] for outcome in json.loads(again.out)] == ["unchanged", "unchanged"]
    assert known(run, "kelp.pdf")["title"] == "Seaweed ledger"


def test_limits_that_leave_nothing_are_named(run: Run) -> None:
    said = "No report is left: publisher UBS leaves none of 2 reports; their publishers: 中金公司."
    for command in (("search", "kelp"), ("ask", "kelp"), ("list",)):
        done = run(*command, "--publisher", "UBS")
        assert (done.code, said in done.out) == (0, True), done.out
    assert "Understood: language en; only: UBS; publishers: UBS" in run("ask", "only UBS on kelp").out


def test_options_of_ingest_correct_files_that_are_known(run: Run, folder: Path) -> None:
    done = run(
        "ingest", folder / "locks.PDF", "--title", "Lock gates", "--type", "industry", "--published", "2024-06-03"
    )
    assert "1 files: 1 corrected; 0 pages read" in done.out
    locks = known(run, "locks.PDF")
    assert (locks["title"], locks["type"], locks["published"]) == ("Lock gates", "industry", "2024-06-03")


def test_a_password_is_nowhere(run: Run, folder: Path) -> None:
    for arguments in (("list", "--json"), ("show", "kelp.pdf", "--json"), ("ingest", folder, "--json"), ("list",)):
        done = run(*arguments)
        assert done.code == 0
        assert "s3cret" not in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["correct", "kelp.pdf"], "nothing to correct"),
        (["correct", "kelp.pdf", "--clear", "title"], "title cannot be cleared"),
        (["correct", "kelp.pdf", "--clear", "pages"], "no such field; expected title, publisher"),
        (["correct", "kelp.pdf", "--rating", "Buy", "--clear", "rating"], "both given and cleared"),
        (["correct", "kelp.pdf", "--published", "2024"], "published: expected a day of the calendar"),
        (["correct", "kelp.pdf", "--type", "novel"], "novel"),
        (["correct", "kelp.pdf", "--title", " "], "title: expected"),
        (["correct", "nothing.pdf", "--title", "x"], "no report"),
        (["ingest", "{folder}", "--title", "x"], "--title is for one file, these paths give 2"),
        (["ingest", "{folder}", "--published", "soon"], "published: expected a day of the calendar"),
    ],
)
def test_bad_input_is_one_clear_error_with_exit_code_2(
    run: Run, folder: Path, arguments: list[str], complaint: str
) -> None:
    done = run(*(argument.format(folder=folder) for argument in arguments))
    assert done.code == 2, done.out
    assert complaint in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_stale_digests_are_listed_and_renewed(run: Run) -> None:
    made = run("digest", "kelp.pdf", "--style", "outline")
    assert made.code == 0, made.err
    assert "0 stale digests" in run("digest", "--stale").out
    run("correct", "kelp.pdf", "--publisher", "UBS")
    listed = run("digest", "--stale").out
    assert "outline  en  corrected: publisher" in listed
    assert "1 stale digests; renew them with report-rag digest --stale --again" in listed
    assert json.loads(run("digest", "--stale", "--json").out)[0]["style"] == "outline"
    assert run("digest", "--stale", "--again").code == 0
    assert "0 stale digests" in run("digest", "--stale").out


def test_a_digest_in_another_language_says_what_it_needs(run: Run) -> None:
    done = run("digest", "kelp.pdf", "--language", "zh")
    assert (done.code, "needs an LLM" in done.err) == (2, True)


def test_a_digest_is_of_one_report_of_all_or_of_the_stale_ones(run: Run) -> None:
    for wrong in ((), ("kelp.pdf", "--all"), ("--all", "--stale")):
        done = run("digest", *wrong)
        assert (done.code, "name one report, or give --all or --stale" in done.err) == (2, True)


def test_answers_and_digests_are_checked(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": "How much did kelp prices rise?", "answer": "14%", "answerable": True}))
    answered = run("eval", "answers", file)
    assert (answered.code, "within 1 %: first figure 1/1" in answered.out) == (0, True), answered.out
    measured = run("eval", "digests", "--writer", "extractive", "--json")
    assert measured.code == 0, measured.err
    assert [digest["debris"] for digest in json.loads(measured.out)["digests"]] == [[], []]
