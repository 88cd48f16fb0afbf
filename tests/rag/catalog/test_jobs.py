from __future__ import annotations

from datetime import UTC
from threading import Barrier, Thread

import pytest

from rag.catalog import Catalog
from rag.errors import NotFoundError, UsageError


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


def test_progress_is_kept_and_tells_of_a_wish_to_cancel(catalog: Catalog) -> None:
    queued = catalog.add_job("ingest", "")
    claimed = catalog.next_job("ingest")
    assert claimed is not None
    assert claimed.tries == 1
    assert catalog.progress_job(queued.id, "pages", 3, 9) is False
    now = catalog.job(queued.id)
    assert (now.stage, now.done, now.total) == ("pages", 3, 9)
    assert catalog.cancel_job(queued.id).state == "running"
    assert catalog.progress_job(queued.id, "pages", 4, 9) is True


def test_a_queued_job_is_cancelled_at_once_and_can_be_tried_again(catalog: Catalog) -> None:
    queued = catalog.add_job("ingest", "")
    assert catalog.cancel_job(queued.id).state == "cancelled"
    assert catalog.next_job("ingest") is None
    assert catalog.retry_job(queued.id).state == "queued"
    claimed = catalog.next_job("ingest")
    assert claimed is not None
    assert (claimed.id, claimed.tries, claimed.stopping) == (queued.id, 1, False)


def test_what_has_ended_is_not_cancelled_and_what_went_well_not_repeated(catalog: Catalog) -> None:
    done = catalog.add_job("ingest", "")
    catalog.update_job(done.id, "done")
    for call in (catalog.cancel_job, catalog.retry_job):
        with pytest.raises(UsageError, match="is done"):
            call(done.id)
        with pytest.raises(NotFoundError):
            call("f" * 32)


def test_jobs_are_listed_newest_first(catalog: Catalog) -> None:
    ids = [catalog.add_job("ingest", str(number)).id for number in range(5)]
    catalog.update_job(ids[1], "failed")
    leaf = catalog.jobs_before(None, limit=2)
    assert [job.id for job in leaf] == [ids[4], ids[3]]
    assert [job.id for job in catalog.jobs_before(leaf[-1].number)] == [ids[2], ids[1], ids[0]]
    assert [job.id for job in catalog.jobs_before(None, ("failed",))] == [ids[1]]
    assert catalog.job_counts() == {"queued": 4, "failed": 1}
