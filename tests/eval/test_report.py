"""A run file is read back as it was, and what is no run is told with file and reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.report import load_run
from rag.errors import UsageError

Fixture = Any
A = "a" * 16


def test_a_run_is_read_back_as_it_was(make_run: Fixture, make_asked: Fixture) -> None:
    run = make_run("one", make_asked("q1", [(A, 0), (A, 1)]), make_asked("q2", [], type="table", lang="zh"))
    assert load_run(Path(run.saved)) == run


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{\n  no", r"run\.json:2: no JSON: "),
        (b"[1]", r"run\.json: no run that report-rag eval run saved: the whole: "),
        (b"{}", r"run\.json: no run that report-rag eval run saved: name: Field required"),
        (b'"\xff"', r"run\.json is no text in UTF-8"),
    ],
)
def test_what_is_no_run(tmp_path: Path, text: bytes, reason: str) -> None:
    (tmp_path / "run.json").write_bytes(text)
    with pytest.raises(UsageError, match=reason):
        load_run(tmp_path / "run.json")


def test_a_wrong_value_is_named_by_its_place(make_run: Fixture, make_asked: Fixture) -> None:
    file = Path(make_run("one", make_asked("q1", [(A, 1)])).saved)
    values = json.loads(file.read_text())
    values["asked"][0]["places"]["page"]["found"] = ["first"]
    file.write_text(json.dumps(values))
    with pytest.raises(UsageError, match=r"asked\.0\.places\.page\.found\.0: Input should be a valid integer"):
        load_run(file)
    del values["asked"][0]["places"]["page"]
    file.write_text(json.dumps(values))
    with pytest.raises(UsageError, match=r"asked\.0\.places: report, page, chunk expected"):
        load_run(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json cannot be read \(No such file or directory\)"):
        load_run(tmp_path / "none.json")
