"""Many clients against the real application over two small reports: every way is counted, what fails is told."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served import serving

from api.access import make_key
from eval.bench_load import WAYS, FailedError, Measured, Reply, await_service, main, measure, report
from rag.catalog import open_catalog
from rag.telemetry import configure_logging

Fixture = Any
QUESTIONS = ["How many trams did Vessel Tram Works deliver in 2023?", "What does a ton of salmon feed cost?"]
UNANSWERABLE = "Who is the chairman of Alphabet?"


@pytest.fixture(scope="module")
def url(eval_set: Fixture) -> Iterator[str]:
    configure_logging("WARNING")  # what is printed is the bench's
    with serving(eval_set.own.model_copy(update={"digests": "asked"})) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    (tmp_path / "q.jsonl").write_text("".join(f'{{"question": "{question}"}}\n' for question in QUESTIONS))
    return tmp_path / "q.jsonl"


def test_every_way_is_measured_by_all_clients(url: str, labels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([url, str(labels), "--clients", "3", "--seconds", "0.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("load average ")
    assert lines[2].startswith(f"3 clients for 0.5 s each, 2 questions, {url}, 20")
    rows = [line.split("  ") for line in lines[4:]]
    assert [row[0] for row in rows] == list(WAYS)
    for row in rows:
        replies, nothing, failed, *_ = (cell.strip() for cell in row[1:] if cell.strip())
        assert int(replies) >= 3
        assert (nothing, failed) == ("0", "0")


@pytest.mark.parametrize("way", ["answer", "answer, to its first sentence"])
def test_a_refusal_is_a_reply_that_holds_nothing(client: httpx.Client, way: str) -> None:
    assert not WAYS[way](client, QUESTIONS[0]).nothing
    assert WAYS[way](client, UNANSWERABLE).nothing


def test_the_first_sentence_is_there_before_the_end(client: httpx.Client) -> None:
    reply = WAYS["answer, to its first sentence"](client, QUESTIONS[1])
    assert reply.at < time.perf_counter()


def test_what_a_limit_turns_away_is_counted_by_kind(
    eval_set: Fixture, labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key may send six a minute: two warm the models up, four are answered, the others are told to wait."""
    settings = eval_set.own.model_copy(update={"access": "keys", "requests_per_minute": 6, "digests": "asked"})
    made, key = make_key("bench", "read", ())
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        catalog.ledger.add_key(made)
    with serving(settings) as url:
        assert main([url, str(labels), "--clients", "2", "--seconds", "0.3", "--api-key", key]) == 1
        told = capsys.readouterr().out
        assert main([url, str(labels), "--api-key", "wrong"]) == 2
    assert "failed: search: " in told
    assert " x 429 " in told
    assert "401" in capsys.readouterr().err


def test_the_seed_says_what_each_client_asks() -> None:
    def asked(seed: int) -> set[tuple[str, ...]]:
        heard: dict[int, list[str]] = {}

        def ask(client: httpx.Client, question: str) -> Reply:
            heard.setdefault(threading.get_ident(), []).append(question)
            time.sleep(0.01)
            return Reply(time.perf_counter(), False)

        measured = measure(ask, httpx.Client(), [str(n) for n in range(100)], 2, 0.2, seed)
        assert len(measured.took) == sum(map(len, heard.values()))
        return {tuple(questions[:5]) for questions in heard.values()}

    first = asked(1)
    assert len(first) == 2
    assert first == asked(1)
    assert first != asked(2)


def test_faults_do_not_end_a_client_and_have_no_time() -> None:
    turns = iter(range(1000))

    def ask(client: httpx.Client, question: str) -> Reply:
        turn = next(turns)
        if turn % 3 == 0:
            raise FailedError("503 busy")
        if turn % 3 == 1:
            raise httpx.ReadTimeout("slow")
        time.sleep(0.02)
        return Reply(time.perf_counter(), True)

    measured = measure(ask, httpx.Client(), ["?"], 1, 0.2, 1)
    assert set(measured.failed) == {"503 busy", "ReadTimeout"}
    assert len(measured.took) == measured.nothing > 1
    assert all(took >= 20 for took in measured.took)


def test_the_table_has_a_line_for_each_kind_of_fault() -> None:
    fine = Measured((10.0, 20.0, 30.0), 1, Counter(), 2.0)
    none = Measured((), 0, Counter({"429 Too many requests": 4, "ReadTimeout": 1}), 2.0)
    rows = report({"search": fine, "answer": none})
    assert rows[1].split() == ["search", "3", "1", "0", "1.5", "20", "ms", "29", "ms", "30", "ms"]
    assert rows[2].split() == ["answer", "0", "0", "5", "0.0", "-", "-", "-"]
    assert rows[3:] == ["failed: answer: 4 x 429 Too many requests", "failed: answer: 1 x ReadTimeout"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "no address", "http://"])
def test_a_service_that_is_not_there_ends_the_command(
    url: str, labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([url, str(labels)]) == 2
    assert "start report-rag serve" in capsys.readouterr().err


def test_an_empty_index_ends_the_command(eval_set: Fixture, tmp_path: Path) -> None:
    settings = eval_set.settings.model_copy(update={"data_dir": tmp_path})
    with serving(settings) as url, httpx.Client(base_url=url) as client, pytest.raises(Exception, match="409"):
        await_service(client)
