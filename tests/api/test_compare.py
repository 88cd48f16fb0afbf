"""Comparisons over HTTP and on the command line; follow-up questions over HTTP and from a pipe."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from made_corpus import ingested

from api.access import make_key
from api.app import create_app
from api.cli import main
from rag.config import Settings

HOUSES = (
    ("a1", "Harborlight Research", "2024-02-10", "Hold", "We expect company revenue of 12 million in 2025."),
    ("a2", "Harborlight Research", "2025-02-10", "Buy", "We expect company revenue of 14 million in 2025."),
    ("b1", "Tarnwick Securities", "2025-03-01", "Sell", "We forecast company revenue of 15 million in 2025."),
)
TOPIC = "revenue of Kelpworks"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, make_pdf: Callable[..., Path]) -> Settings:
    """A data directory with three reports of two houses on one company."""
    folder = tmp_path_factory.mktemp("houses")
    for name, publisher, day, rating, text in HOUSES:
        make_pdf(folder / f"{name}.pdf", [f"Kelpworks note {name}", text])
        said = {"publisher": publisher, "published": day, "rating": rating, "company": "Kelpworks"}
        (folder / f"{name}.json").write_text(json.dumps(said), "utf-8")
    made = Settings(data_dir=folder / "data", embed_model=str(model_folder), digests="asked", layout="never")
    with ingested(made, sorted(folder.glob("*.pdf"))) as service:
        service.close()
        return made


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def compare(client: TestClient, **asked: Any) -> dict[str, Any]:
    response = client.post("/v1/compare", json={"topic": TOPIC, **asked})
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


def test_views_stand_side_by_side(client: TestClient) -> None:
    made = compare(client)
    assert (made["question"], made["basis"], made["left_out"]) == (TOPIC, "publisher", [])
    views = {view["side"]: view for view in made["views"]}
    harbor = views["Harborlight Research"]
    assert [stance["published"] for stance in harbor["stances"]] == ["2024-02-10", "2025-02-10"]
    (change,) = harbor["changes"]
    assert (change["field"], change["was"]["value"], change["now"]["value"]) == ("rating", "Hold", "Buy")
    (differs,) = made["differences"]
    assert (differs["relation"], differs["period"]) == ("different figures", "2025")
    assert [claim["says"] for claim in differs["claims"]] == ["14 million", "15 million"]
    assert all(claim["sentence"]["citations"][0]["verdict"]["label"] == "supported" for claim in differs["claims"])
    (moved,) = harbor["moved"]
    assert [claim["says"] for claim in moved["claims"]] == ["12 million", "14 million"]


def test_a_publisher_without_a_view_is_said_to_have_none(client: TestClient) -> None:
    made = compare(client, publishers=["Tarnwick Securities", "CICC"])
    assert [view["side"] for view in made["views"]] == ["Tarnwick Securities", "中金公司"]
    assert "no report of 中金公司" in made["views"][1]["reason"]


def test_markdown_has_a_footnote_for_each_page(client: TestClient) -> None:
    response = client.post("/v1/compare?format=md", json={"topic": TOPIC})
    assert response.headers["content-type"].startswith("text/markdown")
    assert response.text.startswith(f"# {TOPIC}\n")
    assert "## Differences" in response.text
    assert "- Tarnwick Securities 2025-03-01: 15 million." in response.text
    assert "[^1]: Harborlight Research" in response.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"topic": " "}, 422),
        ({"topic": TOPIC, "publishers": ["Tarnwik"]}, 422),
        ({"topic": TOPIC, "writer": "llm"}, 409),
    ],
)
def test_bad_input(client: TestClient, asked: dict[str, Any], status: int) -> None:
    response = client.post("/v1/compare", json=asked)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_a_key_for_a_publisher_compares_its_reports_alone(settings: Settings) -> None:
    closed = settings.model_copy(update={"access": "keys"})
    with TestClient(create_app(closed), "http://127.0.0.1") as client:
        key, token = make_key("desk", "read", ["Tarnwick Securities"])
        client.app.state.service.catalog.ledger.add_key(key)  # type: ignore[attr-defined]
        response = client.post("/v1/compare", json={"topic": TOPIC}, headers={"Authorization": f"Bearer {token}"})
    assert {view["side"] for view in response.json()["views"]} == {"Tarnwick Securities"}
    assert "Harborlight" not in response.text


# --- follow-ups ------------------------------------------------------------------------------------------------------


def ask(client: TestClient, question: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/answers", json={"question": question, **more}).json()
    return answer


def test_an_answer_is_completed_from_the_one_that_was_kept_before(client: TestClient) -> None:
    first = ask(client, "What does Harborlight say about the revenue of Kelpworks?", keep=True)
    assert first["asked"] is None
    second = ask(client, "and Tarnwick?", keep=True, conversation=first["conversation"])
    assert second["asked"] == "and Tarnwick?"
    assert second["question"] == "What does Tarnwick say about the revenue of Kelpworks?"
    assert {citation["publisher"] for s in second["sentences"] for citation in s["citations"]} == {
        "Tarnwick Securities"
    }
    third = ask(client, "why?", conversation=first["conversation"])
    assert third["question"] == "What does Tarnwick say about the revenue of Kelpworks, and why?"
    whole = ask(client, "What rating does Harborlight give Kelpworks?", conversation=first["conversation"])
    assert whole["asked"] is None
    assert client.get(f"/v1/answers/{first['id']}").json() == first


def test_a_stream_says_what_was_asked(client: TestClient) -> None:
    first = ask(client, "What does Harborlight say about the revenue of Kelpworks?", keep=True)
    body = {"question": "and Tarnwick?", "conversation": first["conversation"], "stream": True}
    text = client.post("/v1/answers", json=body).text
    understood = next(line for line in text.splitlines() if line.startswith('data: {"question"'))
    assert json.loads(understood[6:])["asked"] == "and Tarnwick?"


def test_chat_completions_use_the_messages_before(client: TestClient) -> None:
    messages = [
        {"role": "user", "content": "What does Harborlight say about the revenue of Kelpworks?"},
        {"role": "assistant", "content": "14 million"},
        {"role": "user", "content": "what about Tarnwick?"},
    ]
    message = client.post("/v1/chat/completions", json={"model": "report-rag", "messages": messages}).json()
    said = message["choices"][0]["message"]
    assert said["question"] == "What does Tarnwick say about the revenue of Kelpworks?"
    assert "15 million" in said["content"]
    stream = client.post("/v1/chat/completions", json={"model": "report-rag", "messages": messages, "stream": True})
    assert '"question":"What does Tarnwick say about the revenue of Kelpworks?"' in stream.text


# --- the command line ------------------------------------------------------------------------------------------------


def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, *args: str, lines: str = "") -> object:
    monkeypatch.setenv("REPORT_RAG_EMBED_MODEL", settings.embed_model)
    monkeypatch.setenv("REPORT_RAG_LAYOUT", "never")
    monkeypatch.setattr(sys, "argv", ["report-rag", *args, "--data-dir", str(settings.data_dir)])
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_compare_on_the_command_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(settings, monkeypatch, "compare", TOPIC, "--publishers", "Harborlight Research, Tarnwick Securities") == 0
    )
    text = capsys.readouterr().out
    assert "Tarnwick Securities 2025-03-01: 15 million [page::1](report:" in text
    assert "rating of Kelpworks: Hold (2024-02-10) -> Buy (2025-02-10)" in text
    assert run(settings, monkeypatch, "compare", TOPIC, "--json") == 0
    assert json.loads(capsys.readouterr().out)["basis"] == "publisher"
    assert run(settings, monkeypatch, "compare", TOPIC, "--markdown") == 0
    assert capsys.readouterr().out.startswith(f"# {TOPIC}")
    assert run(settings, monkeypatch, "compare", TOPIC, "--json", "--markdown") == 2


def test_chat_reads_lines_from_a_pipe(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "What does Harborlight say about the revenue of Kelpworks?\nand Tarnwick?\n\n?\nexit\nnever asked\n"
    assert run(settings, monkeypatch, "chat", lines=lines) == 0
    text = capsys.readouterr().out
    assert "14 million" in text
    assert "Asked: What does Tarnwick say about the revenue of Kelpworks?" in text
    assert "15 million" in text
    assert "never asked" not in text
