"""Every operation of the OpenAPI document under input that nobody thought of: no fault of the server, no undescribed answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from made_corpus import ingested
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from rag.config import Settings

EXAMPLES = int(os.environ.get("REPORT_RAG_TEST_EXAMPLES", "15"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


DOCUMENT = create_app(Settings()).openapi()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def fuzzed(
    tmp_path_factory: pytest.TempPathFactory,
    model_folder: Path,
    make_pdf: Callable[..., Path],
    serve: Callable[[Settings], AbstractContextManager[str]],
) -> Iterator[str]:
    """A running server over one report, which the requests may change and delete."""
    path = make_pdf(tmp_path_factory.mktemp("pdfs") / "a.pdf", ["Canal locks", "Barge traffic fell to 9,100 in 2023."])
    data = tmp_path_factory.mktemp("data")
    made = Settings(data_dir=data, embed_model=str(model_folder), digests="asked", ocr="never", layout="never")
    with ingested(made, [path]) as service:
        service.close()
        with serve(made) as url:
            yield url


@pytest.mark.parametrize(("method", "path"), sorted(OPERATIONS, key=lambda one: one[0] == "delete"))
def test_no_input_is_a_fault_of_the_server(fuzzed: str, method: str, path: str) -> None:
    """With the id of a report that is there, save where it would be deleted: no made-up id is one."""
    reports = httpx.get(f"{fuzzed}/v1/reports").json()["reports"]
    quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

    @quick
    @given(SCHEMA[path][method].as_strategy())
    def put(case: Any) -> None:
        if "report_id" in case.path_parameters and method != "delete":
            case.path_parameters["report_id"] = reports[0]["id"]
            if case.path_parameters.get("number", 0) > 1:
                case.path_parameters["number"] %= 2
        case.call_and_validate(base_url=fuzzed, checks=CHECKS, timeout=60)

    put()
