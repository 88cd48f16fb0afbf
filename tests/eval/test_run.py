"""A labelled set of two small reports through the real write and read ways, with an index of its own."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.render import to_json
from eval.report import run_file
from eval.run import own_settings, run_eval, shown_settings
from rag.config import Settings
from rag.errors import UsageError
from rag.service import Service

Fixture = Any


def test_every_question_finds_its_report_and_page(eval_set: Fixture) -> None:
    result = eval_set.result
    assert (result.questions, result.unanswerable, result.without_pages, result.reports) == (4, 1, 1, 2)
    assert [(rank.id, rank.report_rank, rank.page_rank, rank.chunk_rank) for rank in result.ranks] == [
        ("t0", 1, 1, 1),
        ("s1", 1, 1, 1),
        ("s-", 1, None, None),
    ]
    assert result.failures == ()
    assert 0 < result.p50_ms <= result.p95_ms


def test_the_table_has_levels_metrics_and_languages(eval_set: Fixture) -> None:
    lines = eval_set.result.as_table().splitlines()
    assert lines[0] == ("mini: 4 questions, 3 asked, 1 unanswerable left out, 1 without a page label; 2 reports")
    rows = [line.split("  ") for line in lines]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ["level", "metric", "all", "en", "x"] in cells
    assert ["report", "questions", "3", "2", "1"] in cells
    assert ["page, distinct pages", "questions", "2", "2", "0"] in cells
    assert ["page, within k chunks", "Success@1", "1.000", "1.000", "-"] in cells
    assert any(line.startswith("time per question: p50 ") for line in lines)
    assert any(line.startswith("chunker: ") for line in lines)
    assert len({len(line) for line in lines[2:24]}) == 1


def test_the_run_is_saved(eval_set: Fixture) -> None:
    saved = Path(eval_set.result.saved)
    assert saved.parent == eval_set.settings.data_dir / "eval" / "mini" / "runs"
    assert json.loads(saved.read_text()) == to_json(eval_set.result)


def test_a_second_run_reads_nothing_and_finds_the_same(eval_set: Fixture) -> None:
    assert sum("added" in line for line in eval_set.said) == 2
    said: list[str] = []
    again = run_eval(eval_set.folder, [], eval_set.settings, limit=1, say=said.append)
    assert said == []
    assert (again.questions, again.reports, again.saved) == (1, 2, again.saved)
    assert again.saved != eval_set.result.saved
    assert again.ranks[0].page_rank == 1


def test_the_index_follows_settings_and_folder(eval_set: Fixture, make_pdf: Fixture) -> None:
    """Other chunks: built anew, nothing parsed; a file that went or came: the index holds just the set."""
    salmon, trams = (eval_set.folder / "pdfs" / name for name in ("salmon.pdf", "trams.pdf"))
    other = eval_set.settings.model_copy(update={"chunk_chars": 120})
    said: list[str] = []
    assert run_eval(eval_set.folder, [], other, say=said.append).ranks[0].page_rank == 1
    assert said == ["the index of this set was made with other settings: it is built anew"]
    broken = eval_set.folder / "pdfs" / "broken.pdf"
    aside = salmon.rename(eval_set.folder / "salmon.aside")
    labels = (eval_set.folder / "qa.jsonl").read_text()
    try:
        broken.write_bytes(b"no pdf")
        (eval_set.folder / "qa.jsonl").write_text(labels.splitlines()[0])
        result = run_eval(eval_set.folder, [], other, say=said.append)
        assert (result.reports, len(result.failures)) == (1, 1)
        assert result.failures[0].startswith("broken.pdf: not a PDF")
        assert said[-1] == "1 reports that are no longer of this set removed from its index"
        assert {report.sources for report in Service(eval_set.own).catalog.reports()} == {(str(trams.resolve()),)}
    finally:
        broken.unlink()
        shutil.move(aside, salmon)
        (eval_set.folder / "qa.jsonl").write_text(labels)
        run_eval(eval_set.folder, [], eval_set.settings)


def test_faulty_labels_stop_before_any_work(write_labels: Fixture, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with pytest.raises(UsageError, match="past the end"):
        run_eval(write_labels({"pages": [7]}), [], Settings(data_dir=data_dir))
    with pytest.raises(UsageError, match="--limit must be 1 or more, not 0"):
        run_eval(write_labels({}), [], Settings(data_dir=data_dir), limit=0)
    assert not data_dir.exists()


def test_the_product_s_own_catalog_is_left_alone(tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path, database_url="postgresql://u:p@h/reports", qdrant_collection="live")
    own = own_settings(given, "mini")
    assert own.catalog_url == f"sqlite:///{tmp_path}/eval/mini/catalog.sqlite"
    assert own.qdrant_collection == "live-eval-mini"


def test_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    shown = shown_settings(
        Settings(
            data_dir=tmp_path,
            embed_model="some/model",
            qdrant_url="https://user:secret@cluster:6333",
            qdrant_api_key=SecretStr("secret"),
            chunk_chars=500,
        )
    )
    assert (
        shown.items()
        >= {"embed_model": "some/model", "qdrant_url": "https://cluster:6333", "chunk_chars": "500"}.items()
    )
    assert "secret" not in json.dumps(shown)
    assert not {"data_dir", "qdrant_api_key"} & shown.keys()


def test_run_files_sort_by_time() -> None:
    moment = datetime(2025, 7, 15, 9, 30, 0, 123456, UTC)
    assert run_file(Path("runs"), "mini", moment) == Path("runs/20250715T093000.123Z-mini.json")
