"""Who may do what: keys, scopes, publishers, rates; and what a browser must not be talked into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access import LOCAL, Caller, Scope, caller_of, is_loopback, make_key, needed
from api.app import create_app, said_of_access
from api.gate import Rate
from rag.catalog import open_catalog
from rag.config import Settings
from rag.domain import Filter
from rag.errors import UsageError

MakeKey = Callable[..., dict[str, str]]
HERE = "http://127.0.0.1"


@pytest.fixture(scope="module")
def settings(corpus: Settings) -> Settings:
    return corpus.model_copy(update={"access": "keys", "requests_per_minute": 1000})


@pytest.fixture(scope="module")
def guarded(settings: Settings) -> Iterator[TestClient]:
    """The application where keys are asked for, under a name of its own."""
    with TestClient(create_app(settings), "http://reports.example", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def key(settings: Settings) -> MakeKey:
    """`key("read", "中金公司")`: the headers of a new key."""

    def make(scope: Scope, *publishers: str, name: str = "test") -> dict[str, str]:
        made, token = make_key(name, scope, publishers)
        with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
            catalog.ledger.add_key(made)
        return {"Authorization": f"Bearer {token}"}

    return make


def refused(response: Any, status: int, said: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


# --- keys ------------------------------------------------------------------------------------------------------------


def test_without_a_key_only_what_is_open(guarded: TestClient) -> None:
    for path in ("/v1/reports", "/v1/jobs", "/v1/digests", "/metrics", "/v1/nothing"):
        response = guarded.get(path)
        refused(response, 401, "Authorization: Bearer KEY")
        assert response.headers["www-authenticate"] == "Bearer"
    refused(guarded.post("/v1/search", json={"question": "kelp"}), 401, "Bearer")
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert guarded.get(path).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer nonsense", "Bearer rr_000000000000_" + "a" * 43, "Basic dXNlcjpwYXNz", "Bearer \u00ff"],
)
def test_what_is_no_key(guarded: TestClient, header: str) -> None:
    refused(guarded.get("/v1/reports", headers={"Authorization": header.encode("latin-1")}), 401, "Bearer KEY")


def test_scopes(guarded: TestClient, key: MakeKey) -> None:
    read, write, admin = key("read"), key("write"), key("admin")
    unknown = "/v1/reports/0000000000000000"
    for headers in (read, write, admin):
        assert guarded.get("/v1/reports", headers=headers).status_code == 200
        assert guarded.post("/v1/search", json={"question": "kelp"}, headers=headers).status_code == 200
    refused(guarded.delete(unknown, headers=read), 403, "scope write")
    refused(guarded.post("/v1/reports", headers=read), 403, "scope write")
    refused(guarded.post("/v1/jobs/x/cancel", headers=read), 403, "scope write")
    assert guarded.delete(unknown, headers=write).status_code == 404
    for path in ("/v1/audit", "/metrics"):
        refused(guarded.get(path, headers=write), 403, "scope admin")
        assert guarded.get(path, headers=admin).status_code == 200


def test_a_revoked_key_ends_at_once(guarded: TestClient, key: MakeKey, settings: Settings) -> None:
    headers = key("read")
    assert guarded.get("/v1/reports", headers=headers).status_code == 200
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        catalog.ledger.revoke_key(headers["Authorization"].split("_")[1])
    refused(guarded.get("/v1/reports", headers=headers), 401, "revoked")


def test_the_catalog_does_not_have_the_secret(settings: Settings) -> None:
    made, token = make_key("secretive", "read", ())
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        catalog.ledger.add_key(made)
        assert token.split("_", 2)[2] not in str(catalog.ledger.all_keys())
        assert caller_of(catalog.ledger, token) == Caller(made.id, "secretive", "read")
        assert caller_of(catalog.ledger, token[:-1] + ("a" if token[-1] != "a" else "b")) is None


@pytest.mark.parametrize(
    ("name", "scope", "publishers"),
    [("", "read", ()), ("a\nb", "read", ()), ("x" * 81, "read", ()), ("a", "write", ("b",))],
)
def test_keys_that_cannot_be(name: str, scope: Scope, publishers: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="a key"):
        make_key(name, scope, publishers)


# --- publishers ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kelp(guarded: TestClient, key: MakeKey) -> Iterator[tuple[str, str]]:
    """Ids of the report on kelp, which belongs to a publisher now, and of that on locks, which does not."""
    admin = key("admin")
    of = {r["files"][0]: r["id"] for r in guarded.get("/v1/reports", headers=admin).json()["reports"]}
    path = f"/v1/reports/{of['kelp.pdf']}"
    assert guarded.patch(path, json={"publisher": "Norrvik Research"}, headers=admin).status_code == 200
    yield of["kelp.pdf"], of["locks.pdf"]
    assert guarded.patch(path, json={"publisher": None}, headers=admin).status_code == 200


def test_a_key_for_a_publisher_sees_nothing_else(guarded: TestClient, key: MakeKey, kelp: tuple[str, str]) -> None:
    mine, other = kelp
    headers = key("read", "Norrvik Research")
    listed = guarded.get("/v1/reports", headers=headers).json()
    assert ([report["id"] for report in listed["reports"]], listed["total"]) == ([mine], 1)
    facets = guarded.get("/v1/facets", headers=headers).json()
    assert [value["value"] for value in facets["publishers"]] == ["Norrvik Research"]
    for path in ("", "/pages/0", "/pages/0.png", "/digest", "/quality", "/versions", "/digest/export"):
        assert guarded.get(f"/v1/reports/{mine}{path}", headers=headers).status_code == 200, path
        response = guarded.get(f"/v1/reports/{other}{path}", headers=headers)
        assert (response.status_code, "candidates" in response.json()) == (404, False), path
    found = guarded.post("/v1/search", json={"question": "barges pass Velde", "top_k": 100}, headers=headers).json()
    assert {passage["report_id"] for passage in found["passages"]} <= {mine}
    answer = guarded.post("/v1/answers", json={"question": "How many barges pass Velde?"}, headers=headers)
    assert other not in answer.text
    for limits in ({"report": [other]}, {"report": ["locks"]}, {"publisher": ["Nobody"]}):
        response = guarded.post("/v1/search", json={"question": "barges", **limits}, headers=headers)
        assert response.status_code in (404, 422)
        assert "candidates" not in response.json()
    for path in ("/v1/jobs", "/v1/failures"):
        refused(guarded.get(path, headers=headers), 403, "for some publishers")


def test_an_answer_is_kept_from_a_key_for_another_publisher(
    guarded: TestClient, key: MakeKey, kelp: tuple[str, str]
) -> None:
    asked = {"question": "How many barges pass Velde?", "keep": True, "report": [kelp[1]]}
    kept = guarded.post("/v1/answers", json=asked, headers=key("read")).json()
    limited = key("read", "Norrvik Research")
    for path in (f"answers/{kept['id']}", f"answers/{kept['id']}/export", f"conversations/{kept['conversation']}"):
        assert guarded.get(f"/v1/{path}", headers=key("read")).status_code == 200
        assert guarded.get(f"/v1/{path}", headers=limited).status_code == 404


def test_a_filter_is_narrowed() -> None:
    caller = Caller("k", "k", "read", ("A", "B"))
    assert caller.within(Filter()).publishers == ("A", "B")
    assert caller.within(Filter(publishers=("B", "C"))).publishers == ("B",)
    assert LOCAL.within(Filter(publishers=("C",))).publishers == ("C",)
    with pytest.raises(UsageError, match="A, B"):
        caller.within(Filter(publishers=("C",)))


# --- without keys ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"host": "evil.example"}, "answers only to localhost"),
        ({"host": "127.0.0.1.evil.example"}, "answers only to localhost"),
        ({"host": ""}, "answers only to localhost"),
        ({"origin": "http://evil.example"}, "page of another site"),
        ({"origin": "null"}, "page of another site"),
        ({"origin": "http://127.0.0.1:9999"}, "page of another site"),
    ],
)
def test_a_foreign_page_cannot_use_the_browser(client: TestClient, headers: dict[str, str], said: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        refused(client.request(method, "/v1/reports", headers=headers), 403, said)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.8.8.8", "[::1]:8000"])
def test_this_machine_gets_in(client: TestClient, host: str) -> None:
    assert client.get("/v1/reports", headers={"host": host}).status_code == 200
    assert client.get("/v1/reports", headers={"host": host, "origin": f"http://{host}"}).status_code == 200


def test_other_origins_are_closed_unless_named(client: TestClient, settings: Settings) -> None:
    asked = {"origin": "https://app.example", "access-control-request-method": "GET"}
    assert "access-control-allow-origin" not in client.options("/v1/reports", headers=asked).headers
    opened = settings.model_copy(update={"cors_origins": "https://app.example, https://b.example"})
    with TestClient(create_app(opened), "http://reports.example") as other:
        assert other.options("/v1/reports", headers=asked).headers["access-control-allow-origin"] == asked["origin"]
        asked["origin"] = "https://evil.example"
        assert "access-control-allow-origin" not in other.options("/v1/reports", headers=asked).headers


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("lan", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_what_is_said_at_start(corpus: Settings, settings: Settings, key: MakeKey, tmp_path: Any) -> None:
    assert "No API key is asked for" in said_of_access(corpus)
    assert "there is none yet" in said_of_access(Settings(data_dir=tmp_path, host="0.0.0.0"))
    key("read")
    assert "can be used" in said_of_access(settings)


# --- rates, ids, headers, the audit log ------------------------------------------------------------------------------


def test_too_many_requests(settings: Settings, key: MakeKey) -> None:
    slow, other = key("read"), key("read")
    with TestClient(create_app(settings.model_copy(update={"requests_per_minute": 3})), HERE) as client:
        statuses = [client.get("/v1/facets", headers=slow).status_code for _ in range(5)]
        last = client.get("/v1/facets", headers=slow)
        assert client.get("/v1/facets", headers=other).status_code == 200
    assert statuses == [200, 200, 200, 429, 429]
    refused(last, 429, "too many requests")
    assert int(last.headers["retry-after"]) > 0


def test_guessing_keys_is_slowed_down(settings: Settings, key: MakeKey) -> None:
    with TestClient(create_app(settings), HERE) as client:
        wrong = {"Authorization": "Bearer rr_000000000000_" + "a" * 43}
        statuses = {client.get("/v1/facets", headers=wrong).status_code for _ in range(40)}
        assert statuses == {401, 429}


def test_a_bucket_refills(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("api.gate.time.monotonic", lambda: now)
    rate = Rate(60)
    assert [rate.take("a") for _ in range(61)] == [True] * 60 + [False]
    now += 2
    assert [rate.take("a") for _ in range(3)] == [True, True, False]
    assert all(Rate(0).take("a") for _ in range(1000))


def test_every_response_has_its_id_and_headers(client: TestClient) -> None:
    for path in ("/healthz", "/v1/reports", "/v1/reports/none", "/nowhere"):
        response = client.get(path, headers={"x-request-id": "mine-1"})
        assert response.headers["x-request-id"] == "mine-1"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in response.headers["content-security-policy"]
    assert client.get("/v1/reports").headers["cache-control"] == "no-store"
    for odd in ("a b", "x" * 65, "ü"):
        given = client.get("/healthz", headers={"x-request-id": odd.encode("latin-1")}).headers["x-request-id"]
        assert len(given) == 32
    refused(client.get("/v1/reports", headers={"host": "evil"}), 403, "localhost")


def test_changes_are_written_down(guarded: TestClient, key: MakeKey) -> None:
    admin = key("admin", name="the boss")
    before = datetime.now(UTC)
    guarded.delete("/v1/reports/0000000000000000", headers={**admin, "x-request-id": "del-1"})
    guarded.delete("/v1/reports/0000000000000001", headers=key("read", name="a guest"))
    guarded.post("/v1/search", json={"question": "kelp"}, headers=admin)
    guarded.delete("/v1/reports/0000000000000002")
    log = guarded.get("/v1/audit?limit=2", headers=admin).json()
    newest, second = log["entries"]
    assert (newest["action"], newest["status"], newest["actor"].split(" ", 1)[1]) == ("DELETE", 403, "a guest")
    assert (second["target"], second["status"]) == ("/v1/reports/0000000000000000", 404)
    assert (second["request_id"], second["actor"].split(" ", 1)[1]) == ("del-1", "the boss")
    assert datetime.fromisoformat(second["at"]) >= before
    rest = guarded.get("/v1/audit", params={"limit": 1, "cursor": log["next"]}, headers=admin).json()
    assert rest["entries"][0] not in log["entries"]
    assert guarded.get("/v1/audit", params={"cursor": "x"}, headers=admin).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/", None),
        ("GET", "/healthz", None),
        ("GET", "/v1/reports", "read"),
        ("POST", "/v1/answers", "read"),
        ("POST", "/mcp", "read"),
        ("POST", "/v1/reports", "write"),
        ("PATCH", "/v1/reports/x", "write"),
        ("DELETE", "/v1/answers", "write"),
        ("POST", "/v1/anything/new", "write"),
        ("GET", "/metrics", "admin"),
        ("GET", "/v1/audit", "admin"),
    ],
)
def test_what_a_request_needs(method: str, path: str, scope: str | None) -> None:
    assert needed(method, path) == scope
