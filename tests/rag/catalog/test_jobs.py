from __future__ import annotations

from datetime import UTC
from threading import Barrier, Thread

import pytest

from rag.catalog import Catalog
from rag.errors import NotFoundError


def test_the_life_of_a_job(catalog: Catalog) -> None:
    queued = catalog.add_job("ingest", '{"path": "/r/a.pdf"}')
    assert (queued.kind, queued.state, queued.payload, queued.result) == (
        "ingest",
        "queued",
        '{"path": "/r/a.pdf"}',
        None,
    )
    assert queued.created == queued.updated
    assert queued.created.tzinfo is UTC
    assert catalog.job(queued.id) == queued

    running = catalog.next_job("ingest")
    assert running is not None
    assert (running.id, running.state, running.created) == (queued.id, "running", queued.created)
    assert running.updated > queued.updated

    done = catalog.update_job(queued.id, "done", '{"report": "a"}')
    assert (done.state, done.result) == ("done", '{"report": "a"}')
    assert catalog.job(queued.id) == done
    assert catalog.next_job("ingest") is None


def test_jobs_come_in_order_and_by_kind(catalog: Catalog) -> None:
    payloads = [str(number) for number in range(20)]
    for payload in payloads:
        catalog.add_job("digest", payload)
    catalog.add_job("ingest", "other")
    claimed = [catalog.next_job("digest") for _ in payloads]
    assert [job.payload for job in claimed if job] == payloads
    assert catalog.next_job("digest") is None


def test_an_unknown_job(catalog: Catalog) -> None:
    for call in (lambda: catalog.job("f" * 32), lambda: catalog.update_job("f" * 32, "done")):
        with pytest.raises(NotFoundError, match="no job"):
            call()


def test_two_workers_never_claim_the_same_job(catalog: Catalog) -> None:
    ids = {catalog.add_job("ingest", str(number)).id for number in range(40)}
    gate = Barrier(4)
    claimed: list[str] = []

    def work() -> None:
        gate.wait()
        while job := catalog.next_job("ingest"):
            claimed.append(job.id)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 40
    assert set(claimed) == ids
