"""Every operation of the OpenAPI document under input that nobody thought of: no fault of the server, no undescribed answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ingest.discover import discover
from ingest.service import open_pipeline
from rag.config import Settings
from rag.service import Service
from rag.store.edge import EdgeStore

EXAMPLES = int(os.environ.get("REPORT_RAG_TEST_EXAMPLES", "15"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def api_schema(
    tmp_path_factory: pytest.TempPathFactory,
    model_folder: Path,
    make_pdf: Callable[..., Path],
    serve: Callable[[Settings], AbstractContextManager[str]],
) -> Iterator[Any]:
    """The document of a running server over one report, which the requests may change and delete."""
    path = make_pdf(tmp_path_factory.mktemp("pdfs") / "a.pdf", ["Canal locks", "Barge traffic fell to 9,100 in 2023."])
    data = tmp_path_factory.mktemp("data")
    made = Settings(data_dir=data, embed_model=str(model_folder), digests="asked", ocr="never", layout="never")
    service = Service(made)
    with open_pipeline(service) as pipeline:
        list(pipeline.ingest(discover([path])))
    service.close()
    with serve(made) as url:
        yield schemathesis.openapi.from_url(f"{url}/openapi.json")
    EdgeStore(data / "index").shutdown_engine()


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_input_is_a_fault_of_the_server(case: Any) -> None:
    case.call_and_validate(checks=CHECKS, timeout=60)
