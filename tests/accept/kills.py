"""kill -9 of server, worker and index engine in turn, under load: `python tests/accept/kills.py [--rounds 5] [--only api]`.

Clients upload, delete and ask (answers are kept) while a part is killed; what the server had acknowledged must be there
once it has recovered, whole, and catalog and index must agree. Prints what each round found; ends with 1 on any loss.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from supervised import Supervised, Yard, await_jobs, send, serving, yard

from ingest.chunk import point_id
from rag.catalog import open_catalog
from rag.config import Settings
from rag.store.edge import EdgeStore

PARTS = ("api", "worker", "engine")
PAGES = (0, 80, 0, 0)  # of the uploads of a round, 0: some; of 80 the chunks are written in two batches
ASKERS = 3
BUSY_S = 30.0  # in which the part is at work and questions are answered
AFTER_S = 2.0  # the load goes on after the recovery
UPLOADED_S = 60.0  # in which all uploads of a round are taken


@dataclass
class Known:
    """What the clients know: what they sent, and what the server acknowledged."""

    sent: dict[str, Yard] = field(default_factory=dict)  # by report id, acknowledged or not
    jobs: dict[str, Yard] = field(default_factory=dict)  # by job id
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)  # answers by their id
    unsure: set[str] = field(default_factory=set)  # reports whose delete was sent
    deleted: set[str] = field(default_factory=set)  # and acknowledged
    told: Counter[str] = field(default_factory=Counter)  # what clients met that was no success


class Load:
    """Clients at work between `with` and its end."""

    def __init__(self, url: str, known: Known, yards: list[Yard], victim: str | None) -> None:
        self._url, self._known, self._yards, self._victim = url, known, yards, victim
        self._over = threading.Event()
        works = [self._upload, self._delete, *[self._ask] * ASKERS]
        self._threads = [threading.Thread(target=self._run, args=(work, n)) for n, work in enumerate(works)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._threads[0].join(UPLOADED_S)
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[[httpx.Client, random.Random], Iterator[None]], number: int) -> None:
        """Turn by turn, whatever the server does to a turn."""
        with httpx.Client(base_url=self._url, timeout=60) as client:
            turns = work(client, random.Random(number))
            while not self._over.is_set():
                if next(turns, 0) == 0:
                    return

    def _tries(self, call: Callable[[], Any]) -> Any:
        """What the call gives; None where the server fails, which is counted."""
        try:
            return call()
        except httpx.HTTPStatusError as exc:
            self._known.told[f"HTTP {exc.response.status_code}"] += 1
        except httpx.HTTPError as exc:
            self._known.told[type(exc).__name__] += 1
        self._over.wait(0.1)
        return None

    def _upload(self, client: httpx.Client, _: random.Random) -> Iterator[None]:
        """Each until it is taken."""
        for one in self._yards:
            self._known.sent[one.id] = one
            while (job := self._tries(lambda one=one: send(client, one))) is None:
                yield
            self._known.jobs[job["id"]] = one
            yield
            self._over.wait(0.2)

    def _delete(self, client: httpx.Client, chance: random.Random) -> Iterator[None]:
        if self._victim is None:
            return
        self._over.wait(chance.uniform(0.2, 1.5))
        self._known.unsure.add(self._victim)
        while self._tries(self._deleted(client)) is None:
            yield
        self._known.deleted.add(self._victim)
        yield

    def _deleted(self, client: httpx.Client) -> Callable[[], httpx.Response]:
        """A delete; one that was done and not acknowledged gives 404 when it is repeated."""

        def delete() -> httpx.Response:
            response = client.delete(f"/v1/reports/{self._victim}")
            return response if response.status_code == 404 else response.raise_for_status()

        return delete

    def _ask(self, client: httpx.Client, chance: random.Random) -> Iterator[None]:
        while True:
            one = chance.choice(list(self._known.sent.values()) or self._yards)
            asked = {"question": one.question(chance.randrange(one.pages)), "keep": True}
            answer = self._tries(lambda asked=asked: client.post("/v1/answers", json=asked).raise_for_status().json())
            if answer is not None:
                self._known.kept[answer["id"]] = answer
            yield


# --- after a round ---------------------------------------------------------------------------------------------------


def losses(server: Supervised, client: httpx.Client, known: Known, looked_at: Collection[str]) -> Iterator[str]:
    """One line for each thing that was acknowledged and is not as it should be; these reports are read page by page."""
    for job_id, job in await_jobs(client, set(known.jobs)).items():
        if job["state"] != "done":
            known.told[f"job {job['state']}: {job['reason']}"] += 1
        elif known.jobs[job_id].id not in known.unsure and not _is_there(client, known.jobs[job_id]):
            yield f"report {known.jobs[job_id].id} is gone, its job {job_id} is done"
    for report_id in looked_at:
        if _is_there(client, known.sent[report_id]):
            yield from halves(client, known.sent[report_id])
    for report_id in known.deleted:
        if client.get(f"/v1/reports/{report_id}").status_code != 404:
            yield f"report {report_id} is back after its delete"
    for answer_id, answer in known.kept.items():
        if not named(answer) & known.unsure and client.get(f"/v1/answers/{answer_id}").json() != answer:
            yield f"answer {answer_id} was kept and cannot be read as it was given"
    yield from disagreements(server.data_dir)


def named(answer: dict[str, Any]) -> set[str]:
    """The reports that an answer names."""
    citations = [citation for sentence in answer["sentences"] for citation in sentence["citations"]]
    return {one["report_id"] for one in (*answer["passages"], *answer["leads"], *citations)}


def _is_there(client: httpx.Client, one: Yard) -> bool:
    return client.get(f"/v1/reports/{one.id}").status_code == 200


def halves(client: httpx.Client, one: Yard) -> Iterator[str]:
    """What of a report that is there cannot be read, found or cited."""
    report = client.get(f"/v1/reports/{one.id}").json()
    if report["page_count"] != one.pages:
        yield f"report {one.id} has {report['page_count']} of {one.pages} pages"
    asked = {"question": one.question(), "report": [one.id], "top_k": 100}
    found = {passage["page"] for passage in client.post("/v1/search", json=asked).json()["passages"]}
    for number in range(one.pages):
        page = client.get(f"/v1/reports/{one.id}/pages/{number}")
        if page.status_code != 200 or f"{one.first + number} ferries" not in page.json()["text"]:
            yield f"page {number} of report {one.id} cannot be read"
        if number not in found:
            yield f"page {number} of report {one.id} cannot be found"
    last = one.pages - 1
    answer = client.post("/v1/answers", json={"question": one.question(last), "report": [one.id]}).json()
    cited = {citation["page"] for sentence in answer["sentences"] for citation in sentence["citations"]}
    if last not in cited:
        yield f"page {last} of report {one.id} is not cited for what it tells"


def disagreements(data_dir: Path) -> Iterator[str]:
    """Where catalog and index do not hold the same."""
    settings, store = Settings(data_dir=data_dir), EdgeStore(data_dir / "index")
    with open_catalog(settings.catalog_url, data_dir) as catalog:
        if unfinished := catalog.unfinished():
            yield f"reports {', '.join(unfinished)} are half in or half out"
        wanted = {chunk.id for report in catalog.reports() for chunk in catalog.chunks(report.id)}
        pages = {point_id(r.id, number, "page") for r in catalog.reports() for number in range(r.page_count)}
    held = store.ids()
    store.close()
    for what, ids in (("lacks", (wanted | pages) - held), ("has too many", held - wanted - pages)):
        if ids:
            yield f"the index {what}: {len(ids)} points"


# --- rounds ----------------------------------------------------------------------------------------------------------


def run_round(server: Supervised, client: httpx.Client, part: str, number: int, known: Known) -> list[str]:
    """Load, kill, load, recovery, check; gives the losses."""
    chance = random.Random(number)
    yards = [yard(number * len(PAGES) + one, pages or chance.randint(2, 12)) for one, pages in enumerate(PAGES)]
    victim = next((report_id for report_id in known.sent if report_id not in known.unsure), None) if number else None
    before = (len(known.jobs), len(known.kept), len(known.deleted), known.told.copy())
    with Load(server.url, known, yards, victim):
        started = time.monotonic()
        while time.monotonic() < started + BUSY_S and not (
            _can_be_killed(server, part) and len(known.kept) >= before[1] + ASKERS
        ):
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 1.5))
        pid = server.kill(part)
        server.await_answer()
        time.sleep(AFTER_S)
    found = list(losses(server, client, known, [*(one.id for one in yards), *([victim] if victim else [])]))
    told = ", ".join(f"{count} {what}" for what, count in sorted((known.told - before[3]).items()))
    uploads, answers, deletes = len(known.jobs) - before[0], len(known.kept) - before[1], len(known.deleted) - before[2]
    sys.stdout.write(
        f"round {number}: killed {part} {pid}; acknowledged {uploads} of {len(yards)} uploads, {answers} answers, "
        f"{deletes} deletes; clients met {told or 'no fault'}; {len(found)} losses "
        f"({time.monotonic() - started:.0f} s)\n"
    )
    for line in found:
        sys.stdout.write(f"    LOSS {line}\n")
    sys.stdout.flush()
    return found


def _can_be_killed(server: Supervised, part: str) -> bool:
    try:
        return server.pid(part) > 0
    except ProcessLookupError:
        return False


def run(data_dir: Path, rounds: int, parts: tuple[str, ...]) -> int:
    known, lost = Known(), 0
    with serving(data_dir) as (server, client):
        for number in range(rounds * len(parts)):
            lost += len(run_round(server, client, parts[number % len(parts)], number, known))
        at_last = list(losses(server, client, known, known.sent))
        reports = client.get("/v1/reports").json()["total"]
        faults = [one for one in server.doctor() if one["state"] != "ok"]
    lost += len(at_last)
    sys.stdout.write(
        f"{rounds * len(parts)} kills, {server.starts} starts of the server; acknowledged {len(known.jobs)} uploads, "
        f"{len(known.kept)} answers, {len(known.deleted)} deletes; {reports} reports at the end, all read; "
        f"{lost} losses\n"
    )
    for line in at_last:
        sys.stdout.write(f"    LOSS {line}\n")
    for one in faults:
        sys.stdout.write(f"doctor: {one['state']} {one['part']}: {one['detail']}\n")
    return 1 if lost or faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="kills of each part")
    parser.add_argument("--only", choices=PARTS, action="append", help="kill this part alone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="report-rag-kills-") as folder:
        return run(Path(folder), given.rounds, tuple(given.only or PARTS))


if __name__ == "__main__":
    sys.exit(main())
