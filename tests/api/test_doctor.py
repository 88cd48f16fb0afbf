"""`report-rag doctor`, /readyz and `report-rag keys`, over set-ups that are well and that are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.doctor import Finding, examine
from rag.config import Settings
from rag.domain import Point, SparseVector
from rag.store.edge import EdgeStore


def worse(settings: Settings) -> dict[str, Finding]:
    return {finding.part: finding for finding in examine(settings) if finding.state != "ok"}


def test_a_set_up_that_is_well(corpus: Settings) -> None:
    findings = {finding.part: finding for finding in examine(corpus)}
    assert {finding.state for finding in findings.values() if finding.part not in ("jobs", "files")} == {"ok"}
    assert "3 reports" in findings["catalog"].detail
    assert findings["model"].detail.endswith(" dimensions")


def test_an_index_of_other_settings(corpus: Settings) -> None:
    assert "report-rag reindex" in worse(corpus.model_copy(update={"chunk_chars": 300}))["index"].detail


def test_a_copy_that_is_gone(corpus: Settings) -> None:
    (copy, *_) = sorted((corpus.data_dir / "files").rglob("*.pdf"))
    aside = copy.rename(copy.with_suffix(".aside"))
    try:
        found = worse(corpus)["files"]
    finally:
        aside.rename(copy)
    assert copy.stem[:16] in found.detail


def test_points_of_a_report_that_the_catalog_does_not_know(corpus: Settings) -> None:
    store = EdgeStore(corpus.data_dir / "index")
    point = Point("00000000-0000-5000-8000-000000000000", "f" * 16, 0, bm25=SparseVector((1,), (1.0,)))
    store.upsert([point])
    try:
        found = worse(corpus)["index"]
    finally:
        store.delete_report("f" * 16)
        store.close()
    assert found.detail.startswith("1 reports in it are not in the catalog (ffffffffffffffff")
    assert found.do == "Run report-rag reindex"


def test_nothing_there_yet(tmp_path: Path, corpus: Settings) -> None:
    settings = corpus.model_copy(update={"data_dir": tmp_path / "new", "host": "0.0.0.0"})
    found = worse(settings)
    EdgeStore(tmp_path / "new" / "index").shutdown_engine()
    assert found["index"].do == "Fill it with report-rag ingest FOLDER"
    assert "keys create" in found["access"].do


def test_a_folder_that_is_a_file(tmp_path: Path, corpus: Settings) -> None:
    (tmp_path / "data").write_text("")
    found = worse(corpus.model_copy(update={"data_dir": tmp_path / "data"}))
    assert (found["data"].state, found["catalog"].state) == ("wrong", "wrong")


@pytest.mark.parametrize(
    ("url", "model", "state"), [("http://127.0.0.1:9", "m", "wrong"), ("http://127.0.0.1:9", "", "wrong")]
)
def test_an_llm_that_is_not_there(corpus: Settings, url: str, model: str, state: str) -> None:
    found = worse(corpus.model_copy(update={"llm_base_url": url, "llm_model": model}))["LLM"]
    assert found.state == state


def test_the_command_ends_with_1_where_something_is_wrong(corpus: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_RAG_EMBED_MODEL", corpus.embed_model)
    well = CliRunner().invoke(app, ["doctor", "--data-dir", str(corpus.data_dir), "--json"])
    assert well.exit_code == 0, well.output
    assert {"data", "disk", "catalog", "index", "model", "LLM", "access"} <= {
        f["part"] for f in json.loads(well.output)
    }
    monkeypatch.setenv("REPORT_RAG_CHUNK_CHARS", "300")
    wrong = CliRunner().invoke(app, ["doctor", "--data-dir", str(corpus.data_dir)])
    assert wrong.exit_code == 1
    assert "wrong    index" in wrong.output


def test_ready(client: TestClient) -> None:
    state = client.get("/readyz").json()
    assert state["ready"]
    assert state["parts"]["catalog"]["detail"].endswith("chunks")
    assert set(state["parts"]) == {"catalog", "index", "worker", "model", "llm", "disk"}


@pytest.fixture
def keys(tmp_path: Path) -> list[str]:
    return ["--data-dir", str(tmp_path / "data")]


def test_keys_are_made_listed_and_revoked(keys: list[str]) -> None:
    run = CliRunner()
    made = run.invoke(app, ["keys", "create", "the page", "--scope", "write", *keys])
    token = made.output.strip()
    assert token.startswith("rr_")
    limited = run.invoke(app, ["keys", "create", "guest", "--scope", "read", "--publisher", "CICC", *keys])
    assert limited.exit_code == 0, limited.output
    listed = run.invoke(app, ["keys", "list", *keys]).output
    assert "the page" in listed
    assert "only 中金公司" in listed
    assert token.split("_", 2)[2] not in listed
    key_id = token.split("_")[1]
    assert "is revoked" in run.invoke(app, ["keys", "revoke", key_id, *keys]).output
    first, second = json.loads(run.invoke(app, ["keys", "list", "--json", *keys]).output)
    assert (first["id"], first["revoked"] is not None, second["revoked"]) == (key_id, True, None)
    assert run.invoke(app, ["keys", "create", "x", "--scope", "root", *keys]).exit_code != 0
