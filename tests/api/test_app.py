"""Each route over a small real corpus: what it gives, and each of its errors."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app, run
from api.routes.reports import changes
from rag.config import Settings
from rag.errors import ConfigurationError

LOCAL = "http://127.0.0.1"


OPENAI = ("/v1/models", "/v1/chat/completions")  # described where they come from


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The body of a response that must be a problem with this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert {"type", "title", "detail"} <= problem.keys()
    assert "\n" not in problem["detail"]
    return problem


def ids(client: TestClient) -> dict[str, str]:
    """Report id by file name."""
    return {report["files"][0]: report["id"] for report in client.get("/v1/reports").json()["reports"]}


# --- reports ---------------------------------------------------------------------------------------------------------


def test_health_names_version_and_source(client: TestClient) -> None:
    health = client.get("/healthz").json()
    assert health["status"] == "ok"
    assert health["licence"] == "AGPL-3.0-or-later"
    assert health["version"]
    assert health["source"]


def test_list_has_names_and_no_paths(client: TestClient, corpus: Settings) -> None:
    response = client.get("/v1/reports")
    assert {report["files"][0] for report in response.json()["reports"]} == {"kelp.pdf", "locks.pdf", "tea.pdf"}
    assert str(corpus.data_dir.parent) not in response.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("language=zh", {"tea.pdf"}),
        ("language=zh&language=en", {"kelp.pdf", "locks.pdf", "tea.pdf"}),
        ("since=2025", {"kelp.pdf", "tea.pdf"}),
        ("until=2024-06", {"locks.pdf"}),
        ("since=2025-02-17&until=2025-03-12", {"kelp.pdf"}),
    ],
)
def test_list_is_limited(client: TestClient, query: str, expected: set[str]) -> None:
    reports = client.get(f"/v1/reports?{query}").json()["reports"]
    assert {report["files"][0] for report in reports} == expected


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=yesterday", "since must be a date"),
        ("until=2025-13", "no day of the calendar"),
        ("since=2025&until=2024", "nothing can lie between"),
        ("language=fr", "zh or en"),
        ("publisher=Nobody", "Nobody"),
    ],
)
def test_list_refuses_bad_limits(client: TestClient, query: str, said: str) -> None:
    assert said in problem_of(client.get(f"/v1/reports?{query}"), 422)["detail"]


def test_language_problem_has_candidates(client: TestClient) -> None:
    assert problem_of(client.get("/v1/reports?language=fr"), 422)["candidates"] == ["zh", "en"]


def test_one_report(client: TestClient) -> None:
    kelp = ids(client)["kelp.pdf"]
    report = client.get(f"/v1/reports/{kelp}").json()
    assert report["id"] == kelp == report["sha256"][:16]
    assert report["page_count"] == 2
    assert report["published"] == "2025-03-12"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_part_of_an_id_names_no_report_but_helps(client: TestClient, method: str) -> None:
    kelp = ids(client)["kelp.pdf"]
    problem = problem_of(client.request(method, f"/v1/reports/{kelp[:8]}"), 404)
    assert problem["candidates"][0].startswith(kelp)
    assert kelp in ids(client).values()


def test_changes_that_wait_leave_threads_to_others(client: TestClient) -> None:
    kelp = ids(client)["kelp.pdf"]
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(changes)
        refusals = [client.delete(f"/v1/reports/{kelp}"), client.patch(f"/v1/reports/{kelp}", json={"rating": "Buy"})]
    for refused in refusals:
        problem_of(refused, 503)
        assert int(refused.headers["retry-after"]) > 0
    assert client.get(f"/v1/reports/{kelp}").status_code == 200


@pytest.mark.parametrize("style", ["brief", "outline"])
def test_digest_cites_pages(client: TestClient, style: str) -> None:
    kelp = ids(client)["kelp.pdf"]
    digest = client.get(f"/v1/reports/{kelp}/digest", params={"style": style}).json()
    assert digest["style"] == style
    assert digest["report"]["id"] == kelp
    assert "[page::1]" in digest["text"]
    cited = [c for section in digest["sections"] for s in section["sentences"] for c in s["citations"]]
    assert {(c["report_id"], c["page"]) for c in cited} == {(kelp, 1)}


def test_digest_errors(client: TestClient) -> None:
    problem_of(client.get("/v1/reports/0000000000000000/digest"), 404)
    problem_of(client.get(f"/v1/reports/{ids(client)['kelp.pdf']}/digest?style=poem"), 422)


# --- questions -------------------------------------------------------------------------------------------------------


def test_search_finds_the_page(client: TestClient) -> None:
    found = client.post("/v1/search", json={"question": "How many barges pass Velde?", "top_k": 3}).json()
    first = found["passages"][0]
    assert (first["report_id"], first["page"]) == (ids(client)["locks.pdf"], 1)
    assert first["legs"] is None
    assert first["boxes"]
    assert len(found["passages"]) <= 3
    assert found["language"] == "en"


def test_search_explains(client: TestClient) -> None:
    found = client.post("/v1/search", json={"question": "kelp prices", "explain": True}).json()
    first = found["passages"][0]
    assert {leg["leg"] for leg in first["legs"]} <= {"dense", "bm25", "page", "passage", "report", "publisher"}
    assert sum(leg["share"] for leg in first["legs"]) == pytest.approx(first["score"], abs=1e-3)


def test_search_is_limited(client: TestClient) -> None:
    tea = ids(client)["tea.pdf"]
    for limit in ({"language": ["zh"]}, {"report": [tea]}, {"report": ["tea.pdf"]}):
        found = client.post("/v1/search", json={"question": "kelp harvest", **limit}).json()
        assert {passage["report_id"] for passage in found["passages"]} == {tea}


def test_search_tells_what_it_understood(client: TestClient) -> None:
    question = 'only English reports since 2024: how many tonnes is the "kelp harvest"?'
    found = client.post("/v1/search", json={"question": question}).json()
    assert found["limits"] == {
        "publishers": [],
        "since": "2024-01-01",
        "until": None,
        "languages": ["en"],
        "kinds": [],
        "without": [],
    }
    assert found["published"] is None
    assert (found["units"], found["quoted"], found["compares"]) == (["tonnes"], ["kelp harvest"], False)
    assert ids(client)["tea.pdf"] not in {passage["report_id"] for passage in found["passages"]}
    found = client.post("/v1/search", json={"question": "reports on kelp since 2024"}).json()
    assert found["published"] == {"since": "2024-01-01", "until": None, "firm": True}


@pytest.mark.parametrize(
    "limits", [{"publisher": ["UBS"]}, {"since": "2026"}, {"report": ["tea.pdf"], "language": ["en"]}]
)
def test_limits_that_leave_nothing_are_named(client: TestClient, limits: dict[str, Any]) -> None:
    asked = {"question": "kelp harvest", **limits}
    notice = client.post("/v1/search", json=asked).json()["notices"][-1]
    assert notice.startswith("No report is left: ")
    assert "their " in notice or "they have no" in notice
    assert (
        client.post("/v1/answers", json=asked).json()["refusal"].startswith(notice)
    )  # and may name the nearest report


def test_answer_cites_a_checked_page(client: TestClient) -> None:
    asked = {"question": "How much did kelp prices rise in Norrvik Bay?", "writer": "extractive"}
    answer = client.post("/v1/answers", json=asked).json()
    kelp = ids(client)["kelp.pdf"]
    assert answer["refusal"] is None
    assert f"[page::1](report:{kelp})" in answer["answer"]
    assert "14%" in answer["answer"]
    citation = answer["sentences"][0]["citations"][0]
    assert citation["verdict"]["label"] == "supported"
    assert citation["boxes"]
    assert "14%" in citation["quote"]


def test_answer_in_chinese(client: TestClient) -> None:
    answer = client.post("/v1/answers", json={"question": "云岭茶业2024年春茶产量是多少？"}).json()
    assert answer["language"] == "zh"
    assert "820吨" in answer["answer"]
    assert f"[page::1](report:{ids(client)['tea.pdf']})" in answer["answer"]


def test_answer_refuses(client: TestClient) -> None:
    asked = {"question": "What is the market share of graphite electrodes in Patagonia?"}
    answer = client.post("/v1/answers", json=asked).json()
    assert answer["refusal"]
    assert answer["answer"] == ""
    assert answer["sentences"] == []


@pytest.mark.parametrize("route", ["/v1/search", "/v1/answers"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"question": "  "}, "the question is empty"),
        ({"question": "why " * 600}, "at most 2000"),
        ({"question": "kelp", "top_k": 0}, "top_k"),
        ({"question": "kelp", "top_k": 101}, "top_k"),
        ({"question": "kelp", "top_k": "5"}, "top_k"),
        ({"question": "kelp", "since": "soon"}, "since must be a date"),
        ({"question": "kelp", "language": ["fr"]}, "zh or en"),
        ({"question": "kelp", "topk": 5}, "topk: no such key"),
        ({"question": 7}, "question"),
        ({}, "question"),
    ],
)
def test_questions_refuse_bad_input(client: TestClient, route: str, body: dict[str, Any], said: str) -> None:
    assert said in problem_of(client.post(route, json=body), 422)["detail"]


@pytest.mark.parametrize("route", ["/v1/search", "/v1/answers"])
def test_questions_about_no_such_report(client: TestClient, route: str) -> None:
    problem = problem_of(client.post(route, json={"question": "kelp", "report": ["kelp"]}), 404)
    assert problem["candidates"][0].startswith(ids(client)["kelp.pdf"])


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"question": }', "application/json", 422),
        (b'{"question": "\\ud800"}', "application/json", 422),
        (b'{"question": "kelp"}', "text/plain", 422),
        (b'["kelp"]', "application/json", 422),
        (b"", "application/json", 422),
        (b"[" * 100_000, "application/json", 400),
        (b'{"question": "' + b"k" * (1 << 20) + b'"}', "application/json", 413),
    ],
)
def test_questions_refuse_bad_bodies(client: TestClient, content: bytes, content_type: str, status: int) -> None:
    problem_of(client.post("/v1/search", content=content, headers={"content-type": content_type}), status)


def test_unknown_writer_and_missing_llm(client: TestClient) -> None:
    problem_of(client.post("/v1/answers", json={"question": "kelp prices", "writer": "poet"}), 422)
    asked = {"question": "How much did kelp prices rise in Norrvik Bay?", "writer": "llm"}
    assert "REPORT_RAG_LLM_BASE_URL" in problem_of(client.post("/v1/answers", json=asked), 409)["detail"]


def test_llm_that_fails(corpus: Settings, llm_server: Any) -> None:
    from scripted_llm import status

    llm_server.play(status(500), status(500), status(500))
    settings = corpus.model_copy(
        update={"llm_base_url": llm_server.url, "llm_model": "scripted", "llm_retries": 0, "llm_deadline_s": 5.0}
    )
    asked = {"question": "How much did kelp prices rise in Norrvik Bay?", "writer": "llm"}
    with TestClient(create_app(settings), LOCAL, raise_server_exceptions=False) as client:
        problem_of(client.post("/v1/answers", json=asked), 502)
        fallen_back = client.post("/v1/answers", json={**asked, "writer": "auto"}).json()
    assert fallen_back["writer"] == "extractive"
    assert fallen_back["notices"]


def test_index_of_other_settings(corpus: Settings) -> None:
    with TestClient(create_app(corpus.model_copy(update={"chunk_chars": 300})), LOCAL) as client:
        problem = problem_of(client.post("/v1/search", json={"question": "kelp"}), 500)
    assert problem["type"] == "urn:report-rag:problem:index-mismatch"
    assert "report-rag reindex" in problem["detail"]


def test_empty_index(corpus: Settings, tmp_path: Any) -> None:
    from rag.store.edge import EdgeStore

    with TestClient(create_app(corpus.model_copy(update={"data_dir": tmp_path})), LOCAL) as client:
        for route in ("/v1/search", "/v1/answers"):
            assert "report-rag ingest" in problem_of(client.post(route, json={"question": "kelp"}), 409)["detail"]
            problem_of(client.post(route, json={"question": "kelp", "topk": 1}), 422)
        assert client.get("/v1/reports").json() == {"reports": [], "undated": 0, "total": 0, "next": None}
    EdgeStore(tmp_path / "index").shutdown_engine()


# --- the rest --------------------------------------------------------------------------------------------------------


def test_unknown_route_and_method(client: TestClient) -> None:
    assert problem_of(client.get("/v2/reports"), 404)["type"] == "about:blank"
    refused = client.put("/v1/search")
    problem_of(refused, 405)
    assert refused.headers["allow"] == "POST"


def test_unknown_job(client: TestClient) -> None:
    problem_of(client.get("/v1/jobs/0"), 404)


def test_openapi_lists_routes_with_their_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    described = {
        (method, path): {status for status in operation["responses"] if int(status) >= 400}
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    everywhere = {"401", "403", "429", "500", "503"}
    assert all(everywhere <= statuses for statuses in described.values())
    assert {route: statuses - everywhere for route, statuses in described.items()} == {
        ("post", "/v1/reports"): {"400", "409", "413", "422", "507"},
        ("get", "/v1/reports"): {"422"},
        ("get", "/v1/facets"): set(),
        ("get", "/v1/failures"): set(),
        ("get", "/v1/reports/{report_id}"): {"404"},
        ("get", "/v1/reports/{report_id}/versions"): {"404"},
        ("get", "/v1/reports/{report_id}/quality"): {"404"},
        ("patch", "/v1/reports/{report_id}"): {"400", "404", "413", "422", "507"},
        ("delete", "/v1/reports/{report_id}"): {"404", "507"},
        ("get", "/v1/reports/{report_id}/pages/{number}"): {"404", "422"},
        ("get", "/v1/reports/{report_id}/pages/{number}.png"): {"404", "422"},
        ("get", "/v1/reports/{report_id}/digest"): {"404", "422"},
        ("get", "/v1/reports/{report_id}/digest/export"): {"404", "422"},
        ("get", "/v1/digests"): {"422"},
        ("get", "/v1/digests.atom"): {"422"},
        ("get", "/v1/jobs"): {"422"},
        ("get", "/v1/jobs/{job_id}"): {"404"},
        ("post", "/v1/jobs/{job_id}/cancel"): {"404", "409"},
        ("post", "/v1/jobs/{job_id}/retry"): {"404", "409"},
        ("post", "/v1/search"): {"400", "404", "409", "413", "422"},
        ("post", "/v1/answers"): {"400", "404", "409", "413", "422", "502"},
        ("post", "/v1/compare"): {"400", "409", "413", "422", "502"},
        ("get", "/v1/answers/{answer_id}"): {"404"},
        ("get", "/v1/answers/{answer_id}/export"): {"404", "422"},
        ("get", "/v1/conversations/{conversation}"): {"404"},
        ("get", "/v1/models"): set(),
        ("post", "/v1/chat/completions"): {"400", "404", "409", "413", "422", "502"},
        ("get", "/v1/audit"): {"422"},
        ("get", "/healthz"): set(),
        ("get", "/readyz"): set(),
        ("get", "/metrics"): set(),
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
                    assert response["content"].get("application/problem+json", problem) == problem
                elif "application/json" in response.get("content", {}) and path not in OPENAI:
                    assert response["content"]["application/json"]["schema"].get("$ref"), operation
    assert "Problem" in document["components"]["schemas"]
    assert document["info"]["license"]["identifier"] == "AGPL-3.0-or-later"
    assert "source" in document["info"]["description"]


def test_serve_says_in_one_line_why_it_cannot(corpus: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1 port {port}: .*Give another"):
            run(corpus.model_copy(update={"port": port}))
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_MODEL"):
        run(corpus.model_copy(update={"llm_base_url": "http://127.0.0.1:9"}))
