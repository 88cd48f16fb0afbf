"""Requests that are sent twice, with a key of their sender."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api.access import make_key
from api.app import create_app
from rag.config import Settings
from rag.errors import StoreError

QUESTION = {"question": "By how much did kelp prices in Norrvik Bay rise in 2024?", "keep": True}
PAGES = ["Oats of Halvard\nEquity Research, 9 May 2025", "The oats of Halvard yielded 5.1 tonnes in 2024."]


def ask(client: Any, key: str, asked: dict[str, Any] = QUESTION, **headers: str) -> Any:
    return client.post("/v1/answers", json=asked, headers={"Idempotency-Key": key, **headers})


def send(client: TestClient, key: str, content: bytes, name: str = "oats.pdf") -> Any:
    files = {"file": (name, content, "application/pdf")}
    return client.post("/v1/reports", files=files, headers={"Idempotency-Key": key})


def test_an_answer_is_made_once(client: TestClient) -> None:
    first, second = ask(client, "a"), ask(client, "a")
    assert first.status_code == 200
    assert first.json()["id"]
    assert second.json() == first.json()
    assert ask(client, "b").json()["id"] != first.json()["id"]
    other = ask(client, "a", {"question": "kelp"})
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")
    assert "choose a new one" in other.json()["detail"]


def test_a_stream_takes_no_key(client: TestClient) -> None:
    response = ask(client, "streamed", {**QUESTION, "stream": True})
    assert response.status_code == 422
    assert "leave out `stream`" in response.json()["detail"]
    assert ask(client, "k" * 256).status_code == 422


def test_an_error_is_not_kept(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise StoreError("no index just now")

    with monkeypatch.context() as broken:
        broken.setattr(client.app.state.service.retriever.__class__, "retrieve", fail)  # type: ignore[attr-defined]
        assert ask(client, "c").status_code == 503
    assert ask(client, "c").status_code == 200


def test_a_key_is_of_its_caller(corpus: Settings) -> None:
    closed = corpus.model_copy(update={"access": "keys"})
    with TestClient(create_app(closed), "http://127.0.0.1") as client:
        given = []
        for name in ("one", "other"):
            key, token = make_key(name, "read", ())
            client.app.state.service.catalog.ledger.add_key(key)  # type: ignore[attr-defined]
            given.append(ask(client, "same", Authorization=f"Bearer {token}").json()["id"])
    assert given[0] != given[1]


def test_while_the_first_runs_the_second_waits_outside(
    client: TestClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.routes import reading

    prepare, given = reading.prepare, []
    begun, go_on = Event(), Event()

    def slowly(*asked: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return prepare(*asked)

    monkeypatch.setattr(reading, "prepare", slowly)
    with httpx.Client(base_url=url, timeout=60) as http:
        first = Thread(target=lambda: given.append(ask(http, "slow")))
        first.start()
        assert begun.wait(30)
        second = httpx.post(f"{url}/v1/answers", json=QUESTION, headers={"Idempotency-Key": "slow"}, timeout=60)
        go_on.set()
        first.join()
    assert second.status_code == 409
    assert "still under way" in second.json()["detail"]
    assert given[0].status_code == 200


def test_an_upload_is_queued_once_and_its_answers_go_with_its_report(
    client: TestClient, corpus: Settings, tmp_path: Path, make_pdf: Callable[..., Path], await_job: Any
) -> None:
    uploads = corpus.data_dir / "uploads"
    there = set(uploads.glob("*.pdf"))  # other tests share the folder
    oats = make_pdf(tmp_path / "oats.pdf", PAGES).read_bytes()
    first, second = send(client, "u", oats), send(client, "u", oats)
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    assert second.headers["location"] == first.headers["location"]
    assert send(client, "u", oats, "barley.pdf").status_code == 422
    assert send(client, "u", oats + b"\n").status_code == 422
    job = await_job(client, first.json()["results"][0]["job"]["id"])
    assert job["result"]["status"] == "added"
    end = time.monotonic() + 30  # a job's file goes after its end was told: one that is killed in between runs again
    while left := set(uploads.glob("*.pdf")) - there:
        assert time.monotonic() < end, left
        time.sleep(0.05)

    asked = {"question": "How many tonnes did the oats of Halvard yield in 2024?"}
    cited = ask(client, "oats", asked).json()
    assert f"report:{job['result']['report_id']}" in cited["answer"]
    assert client.delete(f"/v1/reports/{job['result']['report_id']}").status_code == 204
    assert job["result"]["report_id"] not in ask(client, "oats", asked).text


def test_a_report_that_is_not_there_is_no_report_deleted_meanwhile(client: TestClient) -> None:
    assert ask(client, "d", {**QUESTION, "report": ["0000000000000000"]}).status_code == 404
