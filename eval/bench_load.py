"""A running service under many clients at once: replies a second, how long they took, and what failed.

    python -m eval.bench_load URL QUESTIONS.jsonl ... [--clients 32] [--seconds 60] [--seed 1] [--api-key KEY]

Each way has the service to itself: search, extractive answers, and such answers streamed, where the time is that of the
first sentence (or refusal) while all of it is read. A client is a thread that asks one question after the other, drawn by
the seed; what was begun in time counts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from eval.labels import read_questions
from eval.machine import load, machine
from eval.table import aligned
from rag.errors import ReportRagError, UsageError

_WARM_UP = ("What was the revenue in the last year?", "公司的营业收入是多少？")  # both languages: every model is loaded
_PATIENCE_S = 120.0  # for a reply: under load, or from a server that starts and loads its models


@dataclass(frozen=True, slots=True)
class Reply:
    """When what is waited for was there, by `time.perf_counter`, and whether it is nothing: no passage, or a refusal."""

    at: float
    nothing: bool


Ask = Callable[[httpx.Client, str], Reply]


class FailedError(Exception):
    """What came is no answer; the message is a kind to count by: a status with its title, or an event."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One way: milliseconds of each reply, how many held nothing, what failed by kind, and how long it all took."""

    took: tuple[float, ...]
    nothing: int
    failed: Counter[str]
    seconds: float


# --- ways to ask -----------------------------------------------------------------------------------------------------


def search(client: httpx.Client, question: str) -> Reply:
    found = _body(client.post("/v1/search", json={"question": question}))
    return Reply(time.perf_counter(), not found["passages"])


def answer(client: httpx.Client, question: str) -> Reply:
    whole = _body(client.post("/v1/answers", json={"question": question, "writer": "extractive"}))
    return Reply(time.perf_counter(), whole["refusal"] is not None)


def first_sentence(client: httpx.Client, question: str) -> Reply:
    """The time of the first sentence; the rest is read too."""
    first: Reply | None = None
    event = ""
    asked = {"question": question, "writer": "extractive", "stream": True}
    with client.stream("POST", "/v1/answers", json=asked) as reply:
        if reply.is_error:
            reply.read()
            _body(reply)
        for line in reply.iter_lines():
            event = line.removeprefix("event: ") if line.startswith("event: ") else event
            if first is None and event in ("sentence", "refusal"):
                first = Reply(time.perf_counter(), event == "refusal")
    if first is None or event != "done":
        raise FailedError(f"event {event}")
    return first


WAYS: dict[str, Ask] = {"search": search, "answer": answer, "answer, to its first sentence": first_sentence}


def _body(reply: httpx.Response) -> dict[str, Any]:
    if reply.is_error:
        raise FailedError(f"{reply.status_code} {_title(reply)}")
    body: dict[str, Any] = reply.json()
    return body


def _title(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["title"])
    except (ValueError, KeyError, TypeError):  # not ours: of a proxy
        return reply.reason_phrase


# --- measuring -------------------------------------------------------------------------------------------------------


def await_service(client: httpx.Client) -> None:
    """Return when the service has answered a question in each language. UsageError says why it does not."""
    try:
        for question in _WARM_UP:
            answer(client, question)
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise UsageError(f"no service answers at {client.base_url} ({exc}): start report-rag serve") from exc
    except FailedError as exc:
        raise UsageError(f"the service at {client.base_url} answers no questions: {exc}") from exc


def measure(
    ask: Ask, client: httpx.Client, questions: Sequence[str], clients: int, seconds: float, seed: int
) -> Measured:
    """One way, by so many clients for so long."""
    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        runs = [
            pool.submit(_ask_on, ask, client, _endless(questions, f"{seed} {number}"), start + seconds)
            for number in range(clients)
        ]
    took: list[float] = []
    nothing, failed = 0, Counter[str]()
    for run in runs:
        times, empty, faults = run.result()
        took += times
        nothing += empty
        failed += faults
    return Measured(tuple(took), nothing, failed, time.perf_counter() - start)


def _ask_on(
    ask: Ask, client: httpx.Client, questions: Iterator[str], end: float
) -> tuple[list[float], int, Counter[str]]:
    """What one client met until the end."""
    took: list[float] = []
    nothing, failed = 0, Counter[str]()
    while (start := time.perf_counter()) < end:
        try:
            reply = ask(client, next(questions))
        except FailedError as exc:
            failed[str(exc)] += 1
        except httpx.HTTPError as exc:
            failed[type(exc).__name__] += 1
        else:
            took.append((reply.at - start) * 1000)
            nothing += reply.nothing
    return took, nothing, failed


def _endless(questions: Sequence[str], seed: str) -> Iterator[str]:
    drawn = random.Random(seed)  # noqa: S311  # no secret
    while True:
        yield drawn.choice(questions)


def report(measured: Mapping[str, Measured]) -> list[str]:
    """A table of the ways, then what failed in each."""
    rows = [["way", "replies", "nothing found", "failed", "replies/s", "p50", "p95", "p99"]]
    faults: list[str] = []
    for name, one in measured.items():
        shares = [f"{np.percentile(one.took, share):.0f} ms" for share in (50, 95, 99)] if one.took else ["-"] * 3
        counts = [str(len(one.took)), str(one.nothing), str(one.failed.total())]
        rows.append([name, *counts, f"{len(one.took) / one.seconds:.1f}", *shares])
        faults += [f"failed: {name}: {count} x {kind}" for kind, count in one.failed.most_common()]
    return [*aligned(rows, words=1), *faults]


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0: measured; 1: something failed; 2: wrong input or set-up."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_load", description="A service under many clients.")
    parser.add_argument("url", help="of a running report-rag serve, as http://127.0.0.1:8000")
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with the key question")
    parser.add_argument("--clients", type=int, default=32, help="how many ask at once")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each way is asked")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--api-key", help="a key of scope read, where the service asks for one")
    options = parser.parse_args(given)
    if options.clients < 1 or options.seconds <= 0:
        parser.error("give at least one client, and some time")
    headers = {"Authorization": f"Bearer {options.api_key}"} if options.api_key else {}
    limits = httpx.Limits(max_connections=options.clients, max_keepalive_connections=options.clients)
    try:
        questions = [question for file in options.files for question in read_questions(file)]
        if not questions:
            raise UsageError("the files hold no question")
        with httpx.Client(base_url=options.url, headers=headers, limits=limits, timeout=_PATIENCE_S) as client:
            await_service(client)
            before = load()
            measured = {
                name: measure(ask, client, questions, options.clients, options.seconds, options.seed)
                for name, ask in WAYS.items()
            }
    except ReportRagError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return 2
    now = datetime.now().astimezone().isoformat(timespec="minutes")
    told = f"{options.clients} clients for {options.seconds:g} s each, {len(questions)} questions, {options.url}, {now}"
    lines = [machine(), f"load average {before} before, {load()} after", told, *report(measured)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any(one.failed for one in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
