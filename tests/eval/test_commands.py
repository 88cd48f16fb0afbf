"""`report-rag eval ...` as a user types it: what it prints, what it writes, and how wrong input ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli import main

Fixture = Any
A = "a" * 16
Run = Callable[..., tuple[object, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """`run("eval", ...)`: exit code, what was printed, what was complained."""

    def run(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["report-rag", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return ended.value.code, printed.out, printed.err

    return run


@pytest.fixture
def runs(make_run: Fixture, make_asked: Fixture) -> tuple[str, str]:
    first = make_run("first", make_asked("q1", [(A, 1)]), make_asked("q2", [(A, 0), (A, 1)]))
    second = make_run("second", make_asked("q1", [(A, 1)]), make_asked("q2", [(A, 1)]))
    return first.saved, second.saved


def test_compare_prints_a_table_or_json(run: Run, runs: tuple[str, str]) -> None:
    code, out, _ = run("eval", "compare", *runs, "--metric", "MRR@10")
    assert code == 0
    assert "2 answerable questions in both" in out
    assert "moved up most: 1\n    2 ->   1  q2  question q2?" in out
    _, out, _ = run("eval", "compare", *runs, "--json")
    assert json.loads(out)["better"] == [{"id": "q2", "question": "question q2?", "first": 2, "second": 1, "gain": 0.5}]


def test_report_writes_a_page_beside_the_run_or_where_told(run: Run, runs: tuple[str, str], tmp_path: Path) -> None:
    code, out, _ = run("eval", "report", runs[0])
    beside = Path(runs[0]).with_suffix(".html")
    assert (code, out) == (0, f"written: {beside}\n")
    told = tmp_path / "told.html"
    run("eval", "report", runs[0], "--out", told)
    assert told.read_text("utf-8") == beside.read_text("utf-8")


def test_claims_prints_figures_and_what_is_wrong(run: Run, tmp_path: Path) -> None:
    page = "Vessel delivered 418 trams in 2023."
    right = {"id": "c1", "lang": "en", "label": "supported", "type": "verbatim", "claim": page, "page": page}
    wrong = {**right, "id": "c2", "claim": "Vessel delivered 481 trams in 2023."}
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(right) + "\n" + json.dumps(wrong))
    code, out, _ = run("eval", "claims", file)
    assert code == 0
    assert "c2" not in out
    assert "verbatim  true" in out
    assert "c2 verbatim: supported, but unsupported" in run("eval", "claims", file, "--show")[1]
    _, out, _ = run("eval", "claims", file, "--json")
    assert [one["verdict"] for one in json.loads(out)["judged"]] == ["supported", "unsupported"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["compare", "FIRST", "SECOND", "--metric", "Hit@7"], "error: unknown measure 'Hit@7'"),
        (["compare", "FIRST", "none.json"], "error: none.json cannot be read"),
        (["report", "none.json"], "error: none.json cannot be read"),
        (["report", "FIRST", "--out", "FIRST"], "is the run itself"),
        (["report", "FIRST", "--out", "no/such/folder/a.html"], "cannot be written: No such file or directory"),
        (["claims", "none.jsonl"], "error: none.jsonl cannot be read (No such file or directory)"),
        (["run", "no-such-folder"], "error: no-such-folder/qa.jsonl cannot be read (No such file or directory)"),
    ],
)
def test_wrong_input_is_one_line(
    run: Run,
    runs: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    named = {"FIRST": runs[0], "SECOND": runs[1]}
    before = Path(runs[0]).read_bytes()
    code, out, err = run("eval", *(named.get(word, word) for word in arguments))
    assert (code, out) == (2, "")
    assert reason in err
    assert err.count("\n") == 1
    assert Path(runs[0]).read_bytes() == before
