"""A small corpus of real PDFs behind the real application; the bundled model is converted once for all tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from made_corpus import ingested
from served import serving

from api.app import create_app
from rag.config import Settings

MakePdf = Callable[..., Path]
AwaitJob = Callable[..., dict[str, Any]]

KELP = [
    "Kelp farming in Norrvik Bay\nEquity Research, 12 March 2025",
    "Kelp prices in Norrvik Bay rose 14% in 2024 because two hatcheries closed. "
    "We expect the kelp harvest to reach 3,200 tonnes in 2026.",
]
LOCKS = [
    "Canal locks of Ostermark\nInfrastructure Research, 3 June 2024",
    "The lock at Velde needs new gates, which cost 41 million euros. "
    "Barge traffic through Velde fell to 9,100 passages in 2023.",
]
TEA = [
    "云岭茶业深度报告\n2025年2月16日",
    "云岭茶业2024年春茶产量为820吨，同比增长12%。我们预计2025年公司春茶产量将达到900吨。",
]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, make_pdf: MakePdf) -> Iterator[Settings]:
    """Settings of a data directory with three reports: two English, one Chinese."""
    pdfs = tmp_path_factory.mktemp("pdfs")
    for name, pages in (("kelp", KELP), ("locks", LOCKS), ("tea", TEA)):
        make_pdf(pdfs / f"{name}.pdf", pages)
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), embed_model=str(model_folder), upload_max_mb=1, digests="asked"
    )
    with ingested(settings, [pdfs]) as service:
        service.close()
        yield settings


@pytest.fixture(scope="session")
def client(corpus: Settings) -> Iterator[TestClient]:
    """The running application over the corpus."""
    with TestClient(create_app(corpus), "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def await_job() -> AwaitJob:
    """`await_job(client, id)`: the job once it is done or failed."""

    def wait(client: Any, job_id: str, seconds: float = 120.0) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
            if job["state"] in ("done", "failed"):
                return job
            time.sleep(0.05)
        raise AssertionError(f"job {job_id} did not end in {seconds} s")

    return wait


@pytest.fixture(scope="session")
def serve() -> Callable[[Settings], AbstractContextManager[str]]:
    """`with serve(settings) as url`: the application behind a real socket, in a thread of this process."""
    return serving


@pytest.fixture(scope="session")
def url(corpus: Settings) -> Iterator[str]:
    """Where the application over the corpus listens."""
    with serving(corpus) as url:
        yield url
