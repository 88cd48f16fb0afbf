"""Every error of the tree to its problem document; the routes' own errors are in test_app.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.errors import BUSY, ProblemError, add_problem_handlers, problem_of
from rag.errors import (
    ConfigurationError,
    IndexMismatchError,
    IngestError,
    ModelError,
    NotFoundError,
    StoreError,
    StoreFullError,
    UsageError,
)

CASES = [
    (UsageError("ask something", ["a", "b"]), 422, "unusable-input", None),
    (NotFoundError("no report"), 404, "not-found", None),
    (IngestError("no PDF"), 422, "unreadable-file", None),
    (ConfigurationError("name the model"), 500, "configuration", None),
    (IndexMismatchError("run reindex"), 500, "index-mismatch", None),
    (StoreError("repeat"), 503, "store", "5"),
    (StoreFullError("make room"), 507, "store-full", None),
    (ModelError("endpoint says no"), 502, "model", None),
    (ModelError("endpoint is slow", retryable=True), 502, "model", "5"),
    (ProblemError(BUSY, "wait"), 503, "busy", "5"),
]


@pytest.fixture(scope="module")
def failing() -> Iterator[TestClient]:
    """Route /n raises the n-th case, /secret an exception that nobody foresaw."""
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/secret")
    def secret() -> None:
        raise RuntimeError("/home/someone/secret.py")

    @app.get("/{number}")
    def fail(number: int) -> None:
        raise CASES[number][0]

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("number", range(len(CASES)))
def test_each_error_has_its_problem(failing: TestClient, number: int) -> None:
    error, status, slug, retry_after = CASES[number]
    response = failing.get(f"/{number}")
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:report-rag:problem:{slug}"
    assert problem["title"]
    assert problem["detail"] == (error.detail if isinstance(error, ProblemError) else str(error))
    assert problem.get("candidates") == (["a", "b"] if number == 0 else None)
    assert response.headers.get("retry-after") == retry_after


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "catalog sqlite:////home/me/data/catalog.sqlite cannot be written",
            "catalog (a path of the server) cannot be",
        ),
        ("/srv/files/ab/c.pdf is gone: see GET /v1/reports", "(a path of the server) is gone: see GET /v1/reports"),
        ("read it at http://127.0.0.1:9/v1/models", "read it at http://127.0.0.1:9/v1/models"),
    ],
)
def test_no_path_of_the_server_leaves_it(said: str, told: str) -> None:
    assert problem_of(StoreError(said)).detail.startswith(told)
    assert problem_of(UsageError(said)).detail == said  # the caller's own words


def test_unforeseen_exception_tells_nothing(failing: TestClient) -> None:
    response = failing.get("/secret")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"] == "Internal error"
    assert "secret" not in response.text
    assert "Error:" not in response.text
