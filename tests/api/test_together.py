"""A server, a command line that ingests and one that asks, as processes of their own over one data directory at once."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

import api
from rag.store.edge import EdgeStore

ROOT = Path(api.__file__).parents[1]
FILES = 8
_PLACES = ["Arlund", "Brevik", "Corholm", "Dalsund", "Elnes", "Fjordby", "Granvik", "Holmestad"]


@dataclass(frozen=True)
class Machine:
    """One data directory and the environment of every process on it."""

    data_dir: Path
    environment: dict[str, str]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "api.cli", *arguments, "--data-dir", str(self.data_dir)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=300)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 0, f"{arguments}: {err}"
        return out


@pytest.fixture
def machine(tmp_path: Path, model_folder: Path) -> Iterator[Machine]:
    data_dir = tmp_path / "data"
    yield Machine(data_dir, {**os.environ, "REPORT_RAG_EMBED_MODEL": str(model_folder)})
    EdgeStore(data_dir / "index").shutdown_engine()


@contextmanager
def serving(machine: Machine) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """`report-rag serve` on a port of the system's choice, and a client of it."""
    process = machine.start("serve", "--port", "0")
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = re.match(r"report-rag listens on (http://\S+), .*/docs$", line)
        assert url, line
        with httpx.Client(base_url=url[1], timeout=120) as client:
            yield process, client
    finally:
        process.terminate()
        try:
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in err, err


@pytest.fixture
def server(machine: Machine) -> Iterator[httpx.Client]:
    with serving(machine) as (_, client):
        yield client


def fact(place: str, number: int) -> str:
    return f"The shipyard of {place} delivered {number} ferries in 2024 and expects to deliver more of them."


def upload(client: httpx.Client, path: Path, await_job: Any) -> dict[str, Any]:
    with path.open("rb") as file:
        job = client.post("/v1/reports", files={"file": (path.name, file)}).json()["results"][0]["job"]
    done: dict[str, Any] = await_job(client, job["id"])
    return done


def test_a_connection_that_idles_is_kept(server: httpx.Client) -> None:
    """Clients keep theirs for some seconds; a server that closes first resets what they send at that moment."""
    connection = http.client.HTTPConnection(server.base_url.host, server.base_url.port, timeout=60)
    for wait_s in (0, 6):
        time.sleep(wait_s)
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (200, True)
    connection.close()


def test_all_at_once(
    machine: Machine, server: httpx.Client, tmp_path: Path, make_pdf: Callable[..., Path], await_job: Any
) -> None:
    uploads = [make_pdf(tmp_path / f"up{n}.pdf", [fact(f"Uvholm{n}", 80 + n)]) for n in range(3)]
    folder = tmp_path / "reports"
    folder.mkdir()
    for number, place in enumerate(_PLACES[:FILES]):
        make_pdf(folder / f"{place}.pdf", [f"Shipyards\nReport on {place}", fact(place, 20 + number)])
    assert upload(server, uploads[0], await_job)["state"] == "done"  # so that the first question finds an index

    with ThreadPoolExecutor(4) as pool:
        ingest = pool.submit(machine.run, "ingest", str(folder), "--json")
        asks = pool.submit(lambda: [ask(machine), ask(machine)])
        sent = pool.submit(lambda: [upload(server, path, await_job) for path in uploads[1:]])
        asked = pool.submit(lambda: [ask_server(server) for _ in range(20)])
        outcomes = json.loads(ingest.result())
        answers = [*asks.result(), *asked.result()]
        jobs = sent.result()

    assert [outcome["status"] for outcome in outcomes] == ["added"] * FILES
    assert [job["state"] for job in jobs] == ["done"] * 2, jobs
    for answer in answers:
        assert "80 ferries" in answer["answer"], answer
    assert len(server.get("/v1/reports").json()["reports"]) == FILES + 3
    last = ask_server(server, "How many ferries did the shipyard of Elnes deliver in 2024?")
    assert "24 ferries" in last["answer"], last

    gone = last["sentences"][0]["citations"][0]["report_id"]
    assert server.delete(f"/v1/reports/{gone}").status_code == 204
    assert gone not in machine.run("list", "--json")


QUESTION = "How many ferries did the shipyard of Uvholm0 deliver in 2024?"


def ask(machine: Machine) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(machine.run("ask", QUESTION, "--json"))
    return answer


def ask_server(client: httpx.Client, question: str = QUESTION) -> dict[str, Any]:
    response = client.post("/v1/answers", json={"question": question})
    assert response.status_code == 200, response.text
    time.sleep(0.1)  # spread over the time the others need
    answer: dict[str, Any] = response.json()
    return answer


def test_killed_server_leaves_its_upload_to_the_next(
    machine: Machine, tmp_path: Path, make_pdf: Callable[..., Path], await_job: Any
) -> None:
    path = make_pdf(tmp_path / "long.pdf", [fact("Tarnholm", number) for number in range(10, 70)])
    with serving(machine) as (process, client):
        with path.open("rb") as file:
            job = client.post("/v1/reports", files={"file": ("long.pdf", file)}).json()["results"][0]["job"]
        while client.get(f"/v1/jobs/{job['id']}").json()["state"] == "queued":
            time.sleep(0.02)
        process.kill()
    with serving(machine) as (_, client):
        done = await_job(client, job["id"])
    assert done["state"] == "done", done
    assert done["result"]["pages"] == 60
