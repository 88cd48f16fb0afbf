"""Answers as server-sent events, over a real socket: their order, their end, and who hangs up."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from scripted_llm import counted, cut_midway, paced, say, status, trickle

from api.access import make_key
from rag.catalog import open_catalog
from rag.config import Settings

ASKED = {"question": "How much did kelp prices rise in Norrvik Bay?", "writer": "extractive", "stream": True}
NOWHERE = {"question": "What is the market share of graphite electrodes in Patagonia?", "stream": True}


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def stream(url: str, body: dict[str, Any], **headers: str) -> list[tuple[str, Any]]:
    with httpx.stream("POST", f"{url}/v1/answers", json=body, headers=headers, timeout=60) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events(response.iter_lines()))


def test_events_come_in_order_and_say_what_the_whole_answer_says(url: str) -> None:
    got = stream(url, ASKED)
    names = [name for name, _ in got]
    assert names[:2] == ["understood", "passages"]
    assert set(names[2:-1]) == {"sentence"}
    assert names[-1] == "done"
    whole = httpx.post(f"{url}/v1/answers", json={**ASKED, "stream": False}, timeout=60).json()
    assert [data for name, data in got if name == "sentence"] == whole["sentences"]
    assert got[1][1]["passages"] == whole["passages"]
    assert got[0][1]["language"] == "en"
    assert {key: whole[key] for key in got[-1][1]} == got[-1][1]


def test_a_refusal_has_its_event(url: str) -> None:
    got = dict(stream(url, NOWHERE))
    assert list(got) == ["understood", "passages", "refusal", "done"]
    assert got["refusal"]["refusal"]
    assert got["refusal"]["leads"]
    assert got["done"]["answer"] == ""


def test_bad_input_is_a_problem_before_the_stream_begins(url: str) -> None:
    response = httpx.post(f"{url}/v1/answers", json={"question": "kelp", "since": "soon", "stream": True}, timeout=60)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_a_question_that_cannot_be_put_is_an_error_event(url: str) -> None:
    ((name, problem),) = stream(url, {"question": " ", "stream": True})
    assert (name, problem["status"]) == ("error", 422)
    assert "empty" in problem["detail"]


def with_llm(corpus: Settings, llm: Any, **more: Any) -> Settings:
    fields = {"llm_base_url": llm.url, "llm_model": "scripted", "llm_retries": 2, "llm_deadline_s": 30.0, **more}
    return corpus.model_copy(update=fields)


@pytest.mark.parametrize("streamed", [True, False])
def test_who_hangs_up_ends_the_call_of_the_llm(corpus: Settings, serve: Any, llm_server: Any, streamed: bool) -> None:
    left = threading.Event()

    def act(exchange: Any) -> None:
        """Writes a byte now and then, until nobody takes it."""
        try:
            trickle("x", 0.05)(exchange)
        finally:
            left.set()

    llm_server.play(act)
    with serve(with_llm(corpus, llm_server)) as url:
        asked = {**ASKED, "writer": "llm", "stream": streamed}
        with socket.create_connection((httpx.URL(url).host, httpx.URL(url).port)) as connection:
            body = json.dumps(asked).encode()
            head = f"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
            connection.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
            until(lambda: bool(llm_server.requests))
        assert left.wait(20), "the LLM was still asked 20 s after the client had left"
    assert len(llm_server.requests) == 1


def until(holds: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_hangs_up_makes_room(corpus: Settings, serve: Any) -> None:
    with serve(corpus.model_copy(update={"answers_at_once": 2})) as url:
        for _ in range(8):
            with httpx.stream("POST", f"{url}/v1/answers", json=ASKED, timeout=60) as response:
                next(response.iter_lines())
        assert stream(url, ASKED)[-1][0] == "done"


def test_a_failing_llm_is_an_error_event(corpus: Settings, serve: Any, llm_server: Any) -> None:
    llm_server.play(status(500))
    with serve(with_llm(corpus, llm_server, llm_retries=0)) as url:
        got = stream(url, {**ASKED, "writer": "llm"})
    assert [name for name, _ in got] == ["understood", "passages", "error"]
    assert (got[-1][1]["status"], got[-1][1]["type"]) == (502, "urn:report-rag:problem:model")


def test_a_key_that_is_revoked_meanwhile_ends_the_stream(corpus: Settings, serve: Any, llm_server: Any) -> None:
    key, token = make_key("short-lived", "read", ())
    settings = with_llm(corpus, llm_server, access="keys")
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        catalog.ledger.add_key(key)

        def act(exchange: Any) -> None:
            catalog.ledger.revoke_key(key.id)
            say("Kelp prices in Norrvik Bay rose 14% in 2024.")(exchange)

        llm_server.play(act)
        with serve(settings) as url:
            got = stream(url, {**ASKED, "writer": "llm"}, authorization=f"Bearer {token}")
    assert [name for name, _ in got] == ["understood", "passages", "error"]
    assert got[-1][1]["status"] == 401


@pytest.mark.parametrize("streamed", [True, False])
def test_a_key_that_is_revoked_ends_the_call_of_a_silent_llm(
    corpus: Settings, serve: Any, llm_server: Any, streamed: bool
) -> None:
    key, token = make_key("short-lived", "read", ())
    settings = with_llm(corpus, llm_server, access="keys")
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        catalog.ledger.add_key(key)

        def act(exchange: Any) -> None:
            catalog.ledger.revoke_key(key.id)
            exchange.pause(30)

        llm_server.play(act)
        began = time.monotonic()
        with serve(settings) as url:
            asked = {**ASKED, "writer": "llm", "stream": streamed}
            answer = httpx.post(
                f"{url}/v1/answers", json=asked, headers={"Authorization": f"Bearer {token}"}, timeout=60
            )
        assert time.monotonic() - began < 20
    assert answer.status_code == (200 if streamed else 401)
    assert "the key was revoked" in answer.text


def test_a_sentence_is_sent_while_the_model_still_writes(corpus: Settings, serve: Any, llm_server: Any) -> None:
    """The model waits inside its second sentence until the first one has reached the client."""
    arrived = threading.Event()
    waited: list[bool] = []

    def before(number: int) -> None:
        if number == 2:
            waited.append(arrived.wait(15))

    second = "We expect the kelp harvest to reach 3,200 tonnes in 2026."
    llm_server.play(paced("Kelp prices in Norrvik Bay rose 14% in 2024.\n", "We exp", second[6:], before=before))
    with (
        serve(with_llm(corpus, llm_server)) as url,
        httpx.stream("POST", f"{url}/v1/answers", json={**ASKED, "writer": "llm"}, timeout=60) as response,
    ):
        got = []
        for name, data in events(response.iter_lines()):
            got.append((name, data))
            if name == "sentence":
                arrived.set()
    assert waited == [True]
    assert [name for name, _ in got] == ["understood", "passages", "sentence", "sentence", "done"]


def test_an_answer_that_breaks_off_says_so(corpus: Settings, serve: Any, llm_server: Any) -> None:
    llm_server.play(cut_midway("Kelp prices in Norrvik Bay rose 14% in 2024.\nWe expect"))
    with serve(with_llm(corpus, llm_server, llm_retries=0)) as url:
        got = stream(url, {**ASKED, "writer": "auto"})
    assert [name for name, _ in got] == ["understood", "passages", "sentence", "done"]
    assert any("broke off" in notice for notice in got[-1][1]["notices"])


@pytest.mark.parametrize("begun", ["x", "Kelp prices in Norrvik Bay rose 14% in 2024.\n"])
def test_who_hangs_up_amid_a_sentence_ends_the_call(corpus: Settings, serve: Any, llm_server: Any, begun: str) -> None:
    """A sentence or not: the call ends, and the extractive writer is not asked in its stead."""
    left = threading.Event()

    def act(exchange: Any) -> None:
        try:
            trickle(begun, 0.05)(exchange)
        finally:
            left.set()

    llm_server.play(act)
    with (
        structlog.testing.capture_logs() as logs,
        serve(with_llm(corpus, llm_server)) as url,
        httpx.stream("POST", f"{url}/v1/answers", json={**ASKED, "writer": "auto"}, timeout=60) as response,
    ):
        lines = response.iter_lines()
        next(lines)
        until(lambda: bool(llm_server.requests))
        response.close()
        assert left.wait(20), "the LLM was still asked 20 s after the client had left"
    assert len(llm_server.requests) == 1
    assert not [log for log in logs if log["event"] == "llm answer"]


def test_tokens_are_counted_with_their_price(corpus: Settings, serve: Any, llm_server: Any) -> None:
    llm_server.play(counted("Kelp prices in Norrvik Bay rose 14% in 2024.", given=700, written=30))
    with serve(with_llm(corpus, llm_server, llm_price_given=2.0, llm_price_written=10.0)) as url:
        name, done = stream(url, {**ASKED, "writer": "llm"})[-1]
        assert (name, done["usage"]) == ("done", {"calls": 1, "given": 700, "written": 30, "cost": 0.0017})
        figures = httpx.get(f"{url}/metrics").text
    assert 'report_rag_llm_tokens_total{kind="given"} 700.0' in figures
    assert 'report_rag_llm_tokens_total{kind="written"} 30.0' in figures
    assert "report_rag_llm_cost_total 0.0017" in figures
    assert 'report_rag_answers_total{writer="llm"} 1.0' in figures
    assert 'report_rag_verdicts_total{verdict="supported"} 1.0' in figures
    assert 'report_rag_stage_seconds_count{stage="retrieve"} 1.0' in figures
    assert 'report_rag_index_size{what="reports"} 3.0' in figures
