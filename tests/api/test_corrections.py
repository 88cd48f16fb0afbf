"""PATCH /v1/reports/{id}: what is put right, what it takes with it, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from made_corpus import ingested

from api.app import create_app
from rag.config import Settings

KELP = [
    "Kelp farming in Norrvik Bay\nEquity Research, 12 March 2025",
    "Kelp prices in Norrvik Bay rose 14% in 2024 because two hatcheries closed. "
    "We expect the kelp harvest to reach 3,200 tonnes in 2026.",
]

LOCAL = "http://127.0.0.1"


@contextmanager
def over_one_report(folder: Path, model_folder: Path, make_pdf: Callable[..., Path]) -> Iterator[TestClient]:
    """The application over one report, which came from kelp.pdf and its sidecar."""
    path = make_pdf(folder / "kelp.pdf", KELP)
    path.with_suffix(".json").write_text('{"rating": "Hold", "company": "Norrvik Kelp"}', encoding="utf-8")
    settings = Settings(data_dir=folder / "data", embed_model=str(model_folder), ocr="never")
    with ingested(settings, [path]) as service:
        service.close()
        with TestClient(create_app(settings), LOCAL, raise_server_exceptions=False) as client:
            yield client


@pytest.fixture
def client(tmp_path: Path, model_folder: Path, make_pdf: Callable[..., Path]) -> Iterator[TestClient]:
    """For one test, which may change the report."""
    with over_one_report(tmp_path, model_folder, make_pdf) as client:
        yield client


@pytest.fixture(scope="module")
def unchanged(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, make_pdf: Callable[..., Path]
) -> Iterator[TestClient]:
    """For tests that see that nothing changes."""
    with over_one_report(tmp_path_factory.mktemp("unchanged"), model_folder, make_pdf) as client:
        yield client


def only(client: TestClient) -> dict[str, Any]:
    (report,) = client.get("/v1/reports").json()["reports"]
    assert report == client.get(f"/v1/reports/{report['id']}").json()
    return dict(report)


def patch(client: TestClient, **body: Any) -> Any:
    return client.patch(f"/v1/reports/{only(client)['id']}", json=body)


def facts(report: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {fact["name"]: (fact["value"], fact["confidence"], fact["origin"]) for fact in report["facts"]}


def test_fields_and_facts_are_shown(unchanged: TestClient) -> None:
    report = only(unchanged)
    assert (report["rating"], report["company"], report["analysts"], report["ticker"]) == (
        "Hold",
        "Norrvik Kelp",
        [],
        None,
    )
    assert facts(report)["rating"] == ("Hold", 1.0, "sidecar")
    assert {fact["page"] for fact in report["facts"] if fact["origin"] == "sidecar"} == {None}


def test_a_correction_is_seen_at_once_everywhere(client: TestClient) -> None:
    first = client.get(f"/v1/reports/{only(client)['id']}/digest").json()
    said = {"title": "Seaweed ledger", "publisher": "CICC", "published": "2024-02-29", "analysts": ["甲", "Li Si"]}
    patched = patch(client, **said, target_price="12 kr")
    assert patched.status_code == 200, patched.text
    report = only(client)
    assert report == patched.json()
    assert (report["title"], report["publisher"], report["published"]) == ("Seaweed ledger", "中金公司", "2024-02-29")
    assert (report["analysts"], report["target_price"], report["rating"]) == (["甲", "Li Si"], "12 kr", "Hold")
    assert facts(report)["analysts"] == ("甲; Li Si", 1.0, "user")

    asked = {"question": "How much did kelp prices rise in Norrvik Bay?"}
    answer = client.post("/v1/answers", json=asked).json()
    cited = [citation for sentence in answer["sentences"] for citation in sentence["citations"]]
    assert cited
    assert {(c["title"], c["publisher"], c["published"]) for c in cited} == {
        ("Seaweed ledger", "中金公司", "2024-02-29")
    }
    found = client.post("/v1/search", json={"question": "seaweed ledger", "publisher": ["中金"]}).json()
    assert {p["title"] for p in found["passages"]} == {"Seaweed ledger"}

    digest = client.get(f"/v1/reports/{report['id']}/digest").json()
    assert digest["made"] > first["made"]
    assert digest["text"].startswith("Seaweed ledger\n中金公司")


def test_null_empties_a_field_and_what_is_left_out_stays(client: TestClient) -> None:
    before = only(client)
    assert patch(client, rating=None, published=None, analysts=None).status_code == 200
    report = only(client)
    assert (report["rating"], report["published"], report["analysts"]) == (None, None, [])
    assert {"rating", "published"}.isdisjoint(facts(report))
    assert (report["title"], report["company"]) == (before["title"], "Norrvik Kelp")
    assert patch(client).json() == report


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"titel": "x"}, "titel: no such key"),
        ({"password": "x"}, "password: no such key"),
        ({"title": None}, "title cannot be cleared"),
        ({"language": None}, "language cannot be cleared"),
        ({"title": ""}, "title: "),
        ({"title": "a\nb"}, "title: expected one line"),
        ({"title": 7}, "title: "),
        ({"published": "2024"}, "published: expected a day of the calendar as YYYY-MM-DD"),
        ({"published": 1700000000}, "published: expected a day"),
        ({"language": "fr"}, "language: "),
        ({"type": "novel"}, "type: "),
        ({"analysts": "A. Smith"}, "analysts: "),
        ({"analysts": ["A; B"]}, "analysts.0: expected one name"),
    ],
)
def test_what_does_not_fit_changes_nothing(unchanged: TestClient, body: dict[str, Any], said: str) -> None:
    before = only(unchanged)
    refused = patch(unchanged, **body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert said in refused.json()["detail"]
    assert only(unchanged) == before


def test_no_such_report(unchanged: TestClient) -> None:
    known = only(unchanged)["id"]
    refused = unchanged.patch(f"/v1/reports/{known[:8]}", json={"rating": "Buy"})
    assert refused.status_code == 404
    assert refused.json()["candidates"][0].startswith(known)
    assert unchanged.patch("/v1/reports/0000000000000000", json={}).status_code == 404
