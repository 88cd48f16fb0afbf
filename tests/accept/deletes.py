"""A report is deleted while many ask for it: `python tests/accept/deletes.py [--questions 1000]`.

What is begun after `DELETE /v1/reports/{id}` has returned must not name the report nor quote it: answers, streams,
searches, chats, comparisons and follow-ups of conversations. Kept answers that named it, its pages and pictures must be
gone, from catalog and disk too, and stay gone when the same file is uploaded again. Prints what it found; ends with 1 on
any trace.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from supervised import Yard, await_jobs, send, serving, yard

CLIENTS = 8
_BUSY = 503  # of an answer that was under way: ask again
_REMEMBERS = ("versions", "jobs", "audit")  # tables that keep the id of a report that is gone, and no text of it


@dataclass
class Asked:
    """What the clients got."""

    statuses: Counter[int] = field(default_factory=Counter)
    named: int = 0  # responses that named the report, rightly
    late: int = 0  # questions begun after the delete had returned
    traces: list[str] = field(default_factory=list)  # of the report in their responses
    kept: set[str] = field(default_factory=set)  # ids of kept answers that name it


def marks(one: Yard) -> list[str]:
    """Words that nobody can have but from the report; no question has them."""
    return [one.id, f"The shipyard of {one.name}", *(f"{one.first + number} ferries" for number in range(one.pages))]


def _publisher(one: Yard) -> str:
    """A refusal may name it: that there is nothing by it."""
    return f"{one.name} Research"


def ask_while_deleting(url: str, one: Yard, count: int) -> Asked:
    """`count` questions by several clients at once: a fifth before the delete, two fifths beside it, two after it."""
    asked, lock, deleted = Asked(), threading.Lock(), threading.Event()
    with httpx.Client(base_url=url, timeout=120, limits=httpx.Limits(max_connections=None)) as client:
        conversation = _keep(client, one, asked)

        def ask(number: int) -> None:
            late = deleted.is_set()
            response = _ASKS[number % len(_ASKS)](client, one, number, conversation)
            found = [mark for mark in marks(one) if mark in response.text]
            with lock:
                asked.statuses[response.status_code] += 1
                asked.late += late
                asked.named += bool(found)
                if late and found:
                    asked.traces.append(f"question {number}, begun after the delete: {found[0]}")
                if found and response.request.url.path == "/v1/answers" and (kept := _kept_id(response)):
                    asked.kept.add(kept)

        with ThreadPoolExecutor(CLIENTS) as pool:
            running = [pool.submit(ask, number) for number in range(count * 3 // 5)]
            for done in running[: count // 5]:
                done.result()
            client.delete(f"/v1/reports/{one.id}").raise_for_status()
            deleted.set()
            running += [pool.submit(ask, number) for number in range(count * 3 // 5, count)]
            for done in running:
                done.result()
        asked.traces += [f"HTTP {status}" for status in asked.statuses if status not in (200, _BUSY)]
        asked.traces += traces_left(client, one, asked.kept, conversation)
    return asked


def _keep(client: httpx.Client, one: Yard, asked: Asked) -> str:
    """A conversation whose answer, digest and picture name the report."""
    answer = _answer(client, one, 0, None).raise_for_status().json()
    assert one.id in answer["answer"], answer
    asked.kept.add(answer["id"])
    for path in ("pages/0.png", "digest"):
        client.get(f"/v1/reports/{one.id}/{path}").raise_for_status()
    conversation: str = answer["conversation"]
    return conversation


def _kept_id(response: httpx.Response) -> str | None:
    """Of an answer that was kept; a stream tells it in its event `done`."""
    texts = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    bodies = [json.loads(text) for text in texts or [response.text]]
    return next((body["id"] for body in bodies if body.get("id")), None)


# --- ways to ask -----------------------------------------------------------------------------------------------------

Ask = Callable[[httpx.Client, Yard, int, str | None], httpx.Response]


def _answer(client: httpx.Client, one: Yard, number: int, _: str | None, **more: Any) -> httpx.Response:
    asked = {"question": one.question(number % one.pages), "keep": True, **more}
    return client.post("/v1/answers", json=asked)


def _stream(client: httpx.Client, one: Yard, number: int, conversation: str | None) -> httpx.Response:
    return _answer(client, one, number, conversation, stream=True)


def _follow_up(client: httpx.Client, one: Yard, number: int, conversation: str | None) -> httpx.Response:
    asked = {"question": f"And in {1990 + number % one.pages}?", "conversation": conversation}
    return client.post("/v1/answers", json=asked)


def _search(client: httpx.Client, one: Yard, number: int, _: str | None) -> httpx.Response:
    return client.post("/v1/search", json={"question": one.question(number % one.pages), "top_k": 50})


def _chat(client: httpx.Client, one: Yard, number: int, _: str | None) -> httpx.Response:
    messages = [{"role": "user", "content": one.question(number % one.pages)}]
    return client.post("/v1/chat/completions", json={"model": "report-rag", "messages": messages})


def _compare(client: httpx.Client, one: Yard, _number: int, _: str | None) -> httpx.Response:
    return client.post("/v1/compare", json={"topic": f"ferries of the shipyard of {one.name}"})


_ASKS: tuple[Ask, ...] = (_answer, _stream, _answer, _search, _answer, _chat, _answer, _follow_up, _answer, _compare)


# --- afterwards ------------------------------------------------------------------------------------------------------


def traces_left(client: httpx.Client, one: Yard, kept: set[str], conversation: str) -> Iterator[str]:
    """What of the report the server still gives."""
    of_report = ("", "/pages/0", "/pages/0.png", "/digest", "/digest/export", "/versions", "/quality")
    gone = [f"reports/{one.id}{path}" for path in of_report]
    gone += [f"answers/{answer}{path}" for answer in kept for path in ("", "/export")]
    for path in gone:
        if (status := client.get(f"/v1/{path}").status_code) != 404:
            yield f"GET /v1/{path}: HTTP {status}"
    for path in (f"conversations/{conversation}", "reports", "digests", "facets", "failures"):
        text = client.get(f"/v1/{path}").text
        held = [mark for mark in [*marks(one), _publisher(one)] if mark in text]
        yield from (f"GET /v1/{path}: {mark}" for mark in held)


def traces_on_disk(data_dir: Path, one: Yard) -> Iterator[str]:
    """Rows of the catalog and files that still have the report."""
    with closing(sqlite3.connect(data_dir / "catalog.sqlite")) as catalog:
        tables = [name for (name,) in catalog.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            held = [
                mark
                for mark in marks(one)
                if any(mark in str(row) for row in catalog.execute(f"SELECT * FROM {table}"))
            ]
            yield from (f"table {table}: {mark}" for mark in held if mark != one.id or table not in _REMEMBERS)
    for folder in ("files", "uploads"):
        for path in (data_dir / folder).rglob("*"):
            if path.is_file() and path.read_bytes() == one.pdf:
                yield f"file {path.relative_to(data_dir)}"


def upload_all(client: httpx.Client, yards: list[Yard]) -> Iterator[str]:
    """Each with a publisher of its own; one line for each that is not ready then."""
    ended = await_jobs(client, {send(client, one)["id"] for one in yards})
    yield from (f"upload: {job['reason']}" for job in ended.values() if job["state"] != "done")
    for one in yards:
        said = {"publisher": _publisher(one)}
        client.patch(f"/v1/reports/{one.id}", json=said).raise_for_status()


def run(data_dir: Path, count: int) -> int:
    yards = [yard(number, 12) for number in range(6)]
    with serving(data_dir) as (server, client):
        found = list(upload_all(client, yards))
        asked = ask_while_deleting(server.url, yards[2], count)
        found += [*asked.traces, *traces_on_disk(data_dir, yards[2])]
        found += upload_all(client, [yards[2]])
        back = _answer(client, yards[2], 0, None).json()["answer"]
        found += [] if yards[2].id in back else ["uploaded again, it is not cited"]
        risen = [one for one in asked.kept if client.get(f"/v1/answers/{one}").status_code != 404]
        found += [f"answer {one} is back with the report" for one in risen]
    statuses = ", ".join(f"{number} HTTP {status}" for status, number in sorted(asked.statuses.items()))
    sys.stdout.write(
        f"{count} questions by {CLIENTS} clients ({statuses}): {asked.named} named the report before its delete, "
        f"{asked.late} were begun after it; {len(asked.kept)} kept answers named it; {len(found)} traces\n"
    )
    for line in found:
        sys.stdout.write(f"    TRACE {line}\n")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=1000)
    with tempfile.TemporaryDirectory(prefix="report-rag-deletes-") as folder:
        return run(Path(folder), parser.parse_args().questions)


if __name__ == "__main__":
    sys.exit(main())
