"""Questions over the two small reports: each way is timed over each question, local mode finds what it should."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.baselines import chunk_units
from eval.bench_query import LocalMode, ask_all, bench, draw, main, report
from rag.errors import UsageError
from rag.service import Service

Fixture = Any


@pytest.fixture(scope="module")
def service(eval_set: Fixture) -> Iterator[Service]:
    opened = Service(eval_set.own)
    yield opened
    opened.close()


def test_the_table_tells_what_is_held_and_each_way(service: Service) -> None:
    lines = bench(service, ["What does a ton of salmon feed cost?", "电车交付了多少辆？"])
    assert lines[1].startswith("load average ")
    assert lines[2] == f"2 reports, {len(list(chunk_units(service)))} chunks, 2 questions"
    assert [line.split("  ")[0] for line in lines[3:]] == [
        "way",
        "report-rag",
        "rank-bm25",
        "qdrant-client, local mode",
    ]
    assert lines[4].endswith("1.00 x")


def test_local_mode_that_takes_too_long_to_fill_holds_less_and_says_so(service: Service) -> None:
    lines = bench(service, ["salmon"], fill_seconds=0)
    assert "local mode holds 0 chunks only, as filling it was ended after 0 s" in lines[2]


def test_local_mode_finds_by_words_and_takes_a_question_without_any(service: Service) -> None:
    units = list(chunk_units(service))
    local = LocalMode(service, units)
    assert local.points == len(units)
    best = local.ask("How many crowns did a ton of feed cost in May?")[0]
    assert "14,250 crowns" in units[best].text
    assert local.ask("what is that") == []


def test_every_question_is_put_to_every_way_in_turn() -> None:
    asked: list[tuple[str, str]] = []
    ways = {name: lambda question, name=name: asked.append((name, question)) for name in ("report-rag", "other")}
    took = ask_all(ways, ["one", "two"])
    assert {name: len(times) for name, times in took.items()} == {"report-rag": 2, "other": 2}
    assert asked[-4:] == [("report-rag", "one"), ("other", "one"), ("report-rag", "two"), ("other", "two")]


def test_each_way_stands_beside_ours() -> None:
    rows = report({"report-rag": [1.0, 2.0, 3.0], "other": [5.0, 5.0, 5.0]})
    assert rows[1].split() == ["report-rag", "2.0", "ms", "2.9", "ms", "1.00", "x"]
    assert rows[2].split() == ["other", "5.0", "ms", "5.0", "ms", "2.50", "x"]


def test_the_seed_draws_from_all_files(tmp_path: Path) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        file.write_text("".join(f'{{"question": "{file.stem}{n}"}}\n' for n in range(20)), "utf-8")
    drawn = draw(files, 15, 1)
    assert (len(drawn), {question[0] for question in drawn}) == (15, {"a", "b"})
    assert drawn == draw(files, 15, 1) != draw(files, 15, 2)
    assert len(set(draw(files, 100, 1))) == 40
    (tmp_path / "a.jsonl").write_text("")
    with pytest.raises(UsageError, match="no question"):
        draw(files[:1], 15, 1)


def test_an_index_that_was_never_filled_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.jsonl").write_text('{"question": "salmon?"}\n')
    assert main([str(tmp_path / "q.jsonl"), "--data-dir", str(tmp_path / "data")]) == 2
    assert "report-rag ingest" in capsys.readouterr().err
