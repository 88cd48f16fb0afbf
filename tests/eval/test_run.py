"""A labelled set of two small reports through the real write and read ways, with an index of its own."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.render import to_json
from eval.ask import ask
from eval.benchmarks import BEGIN, END, main
from eval.code import code_version
from eval.datasets import Question
from eval.report import Asked, load_run, run_file
from eval.run import own_settings, run_eval, shown_settings
from eval.table import run_table
from rag.config import Settings
from rag.errors import UsageError
from rag.service import Service

Fixture = Any


def _page_rank(one: Asked) -> int | None:
    return one.places["page"].first


def test_every_question_finds_its_report_and_page(eval_set: Fixture) -> None:
    result = eval_set.result
    assert (result.questions, result.unanswerable, result.without_pages, result.reports) == (4, 1, 1, 2)
    assert [(one.id, {level: at.first for level, at in one.places.items()}) for one in result.asked] == [
        ("t0", {"report": 1, "page": 1, "chunk": 1}),
        ("s1", {"report": 1, "page": 1, "chunk": 1}),
        ("s-", {"report": 1, "page": None, "chunk": None}),
        ("no", {}),
    ]
    assert result.failures == ()
    assert 0 < result.latency.p50 <= result.latency.p95
    assert 0 < result.given_latency.p50 <= result.given_latency.p95
    assert result.code == code_version()


def test_what_was_retrieved_is_kept_with_its_reasons(eval_set: Fixture) -> None:
    one = eval_set.result.asked[1]
    keys = [(found.report_id, found.page) for found in one.top]
    assert keys[0] == (one.report_id, 1)
    assert len(set(keys)) == len(keys) <= 5
    best = one.top[0]
    assert {"dense", "bm25", "page"} <= {leg.leg for leg in best.legs}
    assert sum(leg.share for leg in best.legs) == pytest.approx(best.score, abs=1e-5)
    assert [found.score for found in one.top] == sorted((found.score for found in one.top), reverse=True)


def test_with_the_report_given_only_its_pages_are_ranked(eval_set: Fixture) -> None:
    result = eval_set.result
    assert {figures.level for figures in result.given} == {"page", "chunk"}
    assert [one.given["report"].first for one in result.asked if one.answerable] == [1, 1, 1]
    assert result.asked[3].given == {}
    assert result.asked[3].given_ms is None


def test_unanswerable_questions_stand_apart(eval_set: Fixture) -> None:
    result = eval_set.result
    assert {figures.questions for figures in result.figures if figures.by == "all"} == {3, 2}
    assert not result.asked[3].answerable
    assert result.asked[3].top
    silence = result.silence
    assert silence.answerable > silence.unanswerable >= 0
    assert silence.auc == 1.0


def test_the_table_has_levels_metrics_and_languages(eval_set: Fixture) -> None:
    lines = run_table(eval_set.result).splitlines()
    assert lines[0] == "mini: 4 questions, 3 answerable, 1 unanswerable, 1 without a page label; 2 reports"
    rows = [line.split("  ") for line in lines]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ["level", "metric", "all", "95 %", "en", "x"] in cells
    assert ["report", "questions", "3", "2", "1"] in cells
    assert ["page, distinct pages", "questions", "2", "2", "0"] in cells
    assert ["page, within k chunks", "Success@1", "1.000", "1.000-1.000", "1.000", "-"] in cells
    assert any(line.startswith("time per question: p50 ") for line in lines)
    assert any(line.startswith("chunker: ") for line in lines)
    assert not any("by type" in line or "baselines" in line for line in lines)


def test_the_run_is_saved(eval_set: Fixture) -> None:
    saved = Path(eval_set.result.saved)
    assert saved.parent == eval_set.settings.data_dir / "eval" / "mini" / "runs"
    assert json.loads(saved.read_text()) == to_json(eval_set.result)
    assert load_run(saved) == eval_set.result
    assert list(saved.parent.glob("*.partial.jsonl")) == []


def test_a_second_run_reads_nothing_and_finds_the_same(eval_set: Fixture) -> None:
    assert sum("added" in line for line in eval_set.said) == 2
    said: list[str] = []
    again = run_eval(eval_set.folder, [], eval_set.settings, limit=1, say=said.append)
    assert said == []
    assert (again.questions, again.reports, again.saved) == (1, 2, again.saved)
    assert again.saved != eval_set.result.saved
    assert _page_rank(again.asked[0]) == 1


def test_a_run_that_was_stopped_goes_on(eval_set: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped at the third question, and again within a baseline; at the end every question was asked once."""
    asked: list[str] = []

    def stop_at(third: int) -> None:
        def counted(service: Service, question: Question) -> Asked:
            if len(asked) == third:
                raise KeyboardInterrupt
            asked.append(question.id)
            return ask(service, question)

        monkeypatch.setattr("eval.run.ask", counted)

    runs = eval_set.own.data_dir / "runs"
    said: list[str] = []
    stop_at(2)
    with pytest.raises(KeyboardInterrupt):
        run_eval(eval_set.folder, [], eval_set.settings, name="stopped", say=said.append)
    (partial,) = runs.glob("stopped-*.partial.jsonl")
    assert len(partial.read_text().splitlines()) == 2
    with partial.open("a") as file:
        file.write('{"label": "cut o')
    stop_at(99)
    result = run_eval(eval_set.folder, [], eval_set.settings, name="stopped", say=said.append)
    assert asked == ["t0", "s1", "s-", "no"]
    assert said == ["2 questions taken over from a run that was stopped"]
    assert not partial.exists()
    assert [replace(one, ms=0, given_ms=0) for one in result.asked] == [
        replace(one, ms=0, given_ms=0) for one in eval_set.result.asked
    ]
    assert result.name == "stopped"
    assert Path(result.saved).name.endswith("-stopped.json")


def test_baselines_stand_beside_in_the_same_run(eval_set: Fixture, tmp_path: Path) -> None:
    result = run_eval(eval_set.folder, [], eval_set.settings, name="beside", limit=2, baselines=True)
    assert "llama-index" in {one.name for one in result.baselines}
    for one in result.baselines:
        assert set(one.places) == {"t0", "s1"}
        page = next(figures for figures in one.figures if (figures.level, figures.by) == ("page", "all"))
        firsts = [at["page"].reciprocal for at in one.places.values()]
        assert page.values["MRR@10"].mean == pytest.approx(sum(firsts) / 2)
        assert one.ahead["page"]["MRR@10"].mean == pytest.approx(1 - sum(firsts) / 2)  # ours are both first
    assert load_run(Path(result.saved)) == result
    table = run_table(result)
    assert "beside baselines over the same pages, open index" in table
    file = tmp_path / "benchmarks.md"
    file.write_text(f"before\n{BEGIN}\n{END}\nafter\n")
    assert main([str(eval_set.settings.data_dir), str(file)]) == 0
    text = file.read_text()
    assert "### beside" in text
    assert f"| **report-rag** | {1:.3f} | {1:.3f} |" in text
    assert text.count("| rank-bm25, jieba |") == 2
    assert sum(line.startswith("rank-bm25, jieba ") for line in table.splitlines()) == 2


def test_a_label_file_uses_the_index_of_its_folder(eval_set: Fixture, tmp_path: Path) -> None:
    labels = tmp_path / "by_hash.jsonl"
    first = eval_set.result.asked[0]
    row = {"id": "h", "question": first.question, "lang": "en", "report": first.report_id, "pages": [0], "type": "fact"}
    labels.write_text(json.dumps(row))
    said: list[str] = []
    result = run_eval(labels, [eval_set.folder / "pdfs"], eval_set.settings, say=said.append)
    assert said == []
    assert (result.name, result.reports, _page_rank(result.asked[0])) == ("by_hash", 2, 1)
    assert Path(result.saved).parent == eval_set.own.data_dir / "runs"
    lines = run_table(result).splitlines()
    assert any(line.split()[:2] == ["fact", "1"] for line in lines)


def test_the_index_follows_settings_and_folder(eval_set: Fixture, make_pdf: Fixture) -> None:
    """Other chunks: built anew, nothing parsed; a file that went or came: the index holds just the set."""
    salmon, trams = (eval_set.folder / "pdfs" / name for name in ("salmon.pdf", "trams.pdf"))
    other = eval_set.settings.model_copy(update={"chunk_chars": 120})
    said: list[str] = []
    assert run_eval(eval_set.folder, [], other, say=said.append).asked[0].places["page"].first == 1
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
    with pytest.raises(UsageError, match="--name 'a/b' must be of letters"):
        run_eval(write_labels({}), [], Settings(data_dir=data_dir), name="a/b")
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
