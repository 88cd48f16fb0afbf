"""Lists by leaves, the feed, and what is kept and exported."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from docx import Document
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from made_corpus import ingested

from api.app import create_app
from api.cursor import make_cursor, read_cursor
from api.export import plain
from rag.config import Settings
from rag.errors import UsageError

PLACES = ["Arlund", "Brevik", "Corholm", "Dalsund", "Elnes"]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
QUESTION = "How many ferries did the shipyard of Brevik deliver in 2024?"


@pytest.fixture(scope="module")
def yards(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, make_pdf: Callable[..., Path]) -> Iterator[Any]:
    """The application over five reports; two have a publisher and a company, one no date."""
    folder = tmp_path_factory.mktemp("yards")
    for number, place in enumerate(PLACES):
        day = "" if place == "Elnes" else f", {number + 1} May 2025"
        text = f"The shipyard of {place} delivered {20 + number} ferries in 2024 and expects to deliver more of them."
        path = make_pdf(folder / f"{place}.pdf", [f"Shipyard of {place}\nEquity Research{day}", text])
        said = {"publisher": "CICC", "company": "Brevik Yards", "ticker": "BRV.OL", "type": "quant"}
        if number in (1, 2):
            path.with_suffix(".json").write_text(json.dumps(said))
    data = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=data, embed_model=str(model_folder), digests="asked", ocr="never", layout="never")
    with ingested(settings, [folder]) as service:
        service.close()
        with TestClient(create_app(settings), "http://127.0.0.1", raise_server_exceptions=False) as client:
            yield client


def leaves(client: TestClient, path: str, key: str, **query: Any) -> Iterator[list[dict[str, Any]]]:
    cursor: dict[str, str] = {}
    while True:
        response = client.get(path, params={**query, **cursor})
        assert response.status_code == 200, response.text
        yield response.json()[key]
        if response.json()["next"] is None:
            return
        cursor = {"cursor": response.json()["next"]}


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
def test_leaves_of_reports_are_the_whole_list(yards: TestClient, limit: int) -> None:
    whole = yards.get("/v1/reports").json()
    parts = list(leaves(yards, "/v1/reports", "reports", limit=limit))
    assert [report for part in parts for report in part] == whole["reports"]
    assert whole["total"] == 5
    assert whole["next"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("publisher=中金", {"Brevik", "Corholm"}),
        ("publisher=CICC&until=2025-05-02", {"Brevik"}),
        ("company=brevik", {"Brevik", "Corholm"}),
        ("company=BRV", {"Brevik", "Corholm"}),
        ("type=quant", {"Brevik", "Corholm"}),
        ("title=of%20a", {"Arlund"}),
        ("title=%25", set()),
        ("since=2025-05-03", {"Corholm", "Dalsund"}),
    ],
)
def test_lists_are_limited(yards: TestClient, query: str, expected: set[str]) -> None:
    found = yards.get(f"/v1/reports?{query}").json()
    assert {report["files"][0].removesuffix(".pdf") for report in found["reports"]} == expected
    assert found["total"] == len(expected)


def test_a_cursor_is_good_for_its_own_query_alone(yards: TestClient) -> None:
    first = yards.get("/v1/reports?limit=1&publisher=CICC").json()["next"]
    assert yards.get("/v1/reports", params={"limit": 3, "publisher": "中金公司", "cursor": first}).status_code == 200
    for path in ("/v1/reports", "/v1/reports?company=x", "/v1/digests?publisher=CICC", "/v1/jobs", "/v1/audit"):
        refused = yards.get(path, params={"cursor": first})
        assert refused.status_code == 422, path
        assert "another query" in refused.json()["detail"]


@given(st.one_of(st.text(), st.binary().map(lambda b: b.hex()), st.integers().map(lambda n: make_cursor({}, [n]))))
def test_a_cursor_that_is_none_is_told(text: str) -> None:
    def parse(day: str, number: int) -> tuple[str, int]:
        return day, number

    with pytest.raises(UsageError, match="cursor"):
        read_cursor(text, {}, parse)


@given(
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=20)), max_size=4),
    st.dictionaries(st.text(), st.text()),
)
def test_cursors_come_back(place: list[str | int | None], asked: dict[str, str]) -> None:
    cursor = make_cursor(asked, place)
    assert len(cursor) > 500 or read_cursor(cursor, asked, lambda *parts: list(parts)) == place
    with pytest.raises(UsageError):
        read_cursor(cursor, {**asked, "more": "x" * 9}, lambda *parts: list(parts))


def forged(yards: TestClient, path: str, *place: Any) -> int:
    """The status of a leaf behind a place that somebody wrote himself, with the right mark."""
    import base64

    cursor = yards.get(f"{path}?limit=1").json()["next"]
    mark = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    made = base64.urlsafe_b64encode(json.dumps([mark, *place]).encode()).decode().rstrip("=")
    return yards.get(path, params={"cursor": made, "limit": 1}).status_code


@pytest.mark.parametrize(
    "place", [(), (1,), ("soon", "x"), (None,), ([], {}), ("2025-01-01", "x", 1), (5, 5), (1e400, 1), ("2025", None)]
)
def test_a_forged_place_is_no_fault_of_the_server(yards: TestClient, place: tuple[Any, ...]) -> None:
    digest(yards, "Arlund")
    digest(yards, "Brevik")
    for path in ("/v1/reports", "/v1/digests"):
        assert forged(yards, path, *place) == 422


# --- one report ------------------------------------------------------------------------------------------------------


def report_id(client: TestClient, place: str) -> str:
    (found,) = client.get("/v1/reports", params={"title": place}).json()["reports"]
    return str(found["id"])


def digest(client: TestClient, place: str) -> dict[str, Any]:
    made: dict[str, Any] = client.get(f"/v1/reports/{report_id(client, place)}/digest").json()
    return made


def test_facets_quality_and_versions(yards: TestClient) -> None:
    facets = yards.get("/v1/facets").json()
    assert facets["publishers"] == [{"value": "中金公司", "reports": 2}]
    assert facets["companies"] == [{"value": "Brevik Yards", "reports": 2}]
    brevik = report_id(yards, "Brevik")
    quality = yards.get(f"/v1/reports/{brevik}/quality").json()
    assert (quality["pages"], quality["read_by"], quality["failed_pages"]) == (2, {"text": 2}, [])
    (source,) = yards.get(f"/v1/reports/{brevik}/versions").json()["sources"]
    assert source["name"] == "Brevik.pdf"
    assert [(version["report_id"], version["until"], version["present"]) for version in source["versions"]] == [
        (brevik, None, True)
    ]


def test_the_feed_goes_on_where_it_ended(yards: TestClient) -> None:
    made = [digest(yards, place) for place in PLACES]
    newest_first = sorted(made, key=lambda one: one["made"], reverse=True)
    got = [one for part in leaves(yards, "/v1/digests", "digests", limit=2) for one in part]
    assert got == newest_first
    limited = yards.get("/v1/digests", params={"publisher": "CICC", "since": "2025-05-03"}).json()["digests"]
    assert [one["report"]["title"] for one in limited] == ["Shipyard of Corholm"]
    newer = yards.get("/v1/digests", params={"made_since": newest_first[1]["made"]}).json()["digests"]
    assert newer == newest_first[:1]
    assert yards.get("/v1/digests?style=outline").json()["digests"] == []
    assert yards.get("/v1/digests?made_since=yesterday").status_code == 422


def test_a_digest_as_a_file(yards: TestClient) -> None:
    path = f"/v1/reports/{report_id(yards, 'Brevik')}/digest/export"
    text = yards.get(path)
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.headers["content-disposition"].endswith('brief.md"')
    assert "# Shipyard of Brevik" in text.text
    assert "21 ferries" in text.text
    assert "[^1]: 中金公司, Shipyard of Brevik, 2025-05-02, p. 2 `[page::1](report:" in text.text
    assert yards.get(path, params={"format": "json"}).json()["report"]["title"] == "Shipyard of Brevik"
    assert yards.get(path, params={"format": "odt"}).status_code == 422


# --- answers that are kept -------------------------------------------------------------------------------------------


def ask(client: TestClient, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/answers", json={"question": QUESTION, **more}).json()
    return answer


def test_the_feed_as_atom_is_the_feed(yards: TestClient) -> None:
    for report in yards.get("/v1/reports").json()["reports"]:
        assert yards.get(f"/v1/reports/{report['id']}/digest").status_code == 200
    listed = yards.get("/v1/digests", params={"publisher": "CICC"}).json()["digests"]
    feed = atom(yards, "/v1/digests.atom?publisher=CICC")
    entries = feed.findall("a:entry", ATOM)
    assert [text_of(entry, "id") for entry in entries] == [
        f"urn:report-rag:digest:{digest['report']['id']}:brief" for digest in listed
    ]
    assert [datetime.fromisoformat(text_of(entry, "updated")) for entry in entries] == [
        datetime.fromisoformat(digest["made"]) for digest in listed
    ]
    first = listed[0]["report"]["id"]
    assert entries[0].find("a:link", ATOM).get("href") == f"http://127.0.0.1/#/feed?r={first}&p=0"
    content = text_of(entries[0], "content")
    assert listed[0]["sections"][0]["sentences"][0]["text"] in content
    assert f'<a href="http://127.0.0.1/#/feed?r={first}&amp;p=1">[p. 2]</a>' in content
    assert text_of(feed, "updated") == text_of(entries[0], "updated")


def test_leaves_of_atom_lead_on(yards: TestClient) -> None:
    whole = [digest["report"]["id"] for digest in yards.get("/v1/digests").json()["digests"]]
    got: list[str] = []
    at: str | None = "/v1/digests.atom?language=en&limit=2"
    while at:
        feed = atom(yards, at)
        assert text_of(feed, "id") == "urn:report-rag:digests:language=en"
        got += [text_of(entry, "id").split(":")[3] for entry in feed.findall("a:entry", ATOM)]
        following = feed.find("a:link[@rel='next']", ATOM)
        at = None if following is None else following.get("href")
    assert got == whole
    assert atom(yards, "/v1/digests.atom?style=outline&made_since=2100-01-01").findall("a:entry", ATOM) == []
    assert yards.get("/v1/digests.atom?limit=0").status_code == 422


def atom(client: TestClient, path: str) -> Any:
    response = client.get(path)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return fromstring(response.content)


def text_of(parent: Any, tag: str) -> str:
    return str(parent.find(f"a:{tag}", ATOM).text)


def test_an_answer_and_a_digest_as_word_documents(yards: TestClient) -> None:
    answer = ask(yards, keep=True)
    response = yards.get(f"/v1/answers/{answer['id']}/export?format=docx")
    assert response.headers["content-disposition"] == f'attachment; filename="answer-{answer["id"]}.docx"'
    lines = [paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs]
    cited = answer["sentences"][0]["citations"][0]
    assert lines[0] == QUESTION
    assert lines[1] == f"{answer['sentences'][0]['text']} [1]"
    at = lines.index("Sources")
    assert lines[at + 1].startswith("[1] ")
    assert f"p. {cited['page'] + 1} [page::{cited['page']}](report:{cited['report_id']}): “" in lines[at + 1]
    assert yards.get(f"/v1/answers/{answer['id']}/export?format=odt").status_code == 422

    report = yards.get("/v1/reports").json()["reports"][0]
    response = yards.get(f"/v1/reports/{report['id']}/digest/export?format=docx")
    lines = [paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs]
    assert lines[0] == report["title"]
    assert any(" [1]" in line for line in lines[1:])


def test_an_answer_is_kept_where_that_is_asked_for(yards: TestClient) -> None:
    assert ask(yards)["id"] is None
    first = ask(yards, keep=True)
    second = ask(yards, keep=True, conversation=first["conversation"])
    assert yards.get(f"/v1/answers/{first['id']}").json() == first
    conversation = yards.get(f"/v1/conversations/{first['conversation']}").json()
    assert [answer["id"] for answer in conversation["answers"]] == [first["id"], second["id"]]
    text = yards.get(f"/v1/answers/{first['id']}/export").text
    assert text.startswith(f"# {QUESTION}")
    assert "21 ferries" in text
    assert "[^1]:" in text
    assert yards.get(f"/v1/answers/{first['id']}/export?format=json").json() == first
    for path in ("answers/x", "answers/x/export", "conversations/x"):
        assert yards.get(f"/v1/{path}").status_code == 404
    assert yards.post("/v1/answers", json={"question": "kelp", "conversation": "mine"}).status_code == 422


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\tb\nc", r"a \| b c"), ("<b>*x*</b>", r"\<b\>\*x\*\</b\>"), ("[a](b)", r"\[a\](b)"), ("12.5%", "12.5%")],
)
def test_nothing_of_a_text_is_markdown(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_questions_are_limited_by_type_and_company(yards: TestClient) -> None:
    asked = {"question": "How many ferries did the shipyard deliver in 2024?", "top_k": 20}
    wanted = {report["id"] for report in yards.get("/v1/reports?type=quant").json()["reports"]}
    everything = yards.post("/v1/search", json=asked).json()["passages"]
    assert wanted < {passage["report_id"] for passage in everything}
    for limits in ({"type": ["quant"]}, {"company": "brevik"}, {"company": "BRV.OL", "publisher": ["CICC"]}):
        found = yards.post("/v1/search", json={**asked, **limits}).json()["passages"]
        assert {passage["report_id"] for passage in found} == wanted
    for limits in ({"type": ["macro"]}, {"type": ["quant"], "company": "Nobody"}):
        refused = yards.post("/v1/answers", json={"question": QUESTION, **limits})
        assert refused.status_code == 422
        assert "no report within the limits" in refused.json()["detail"]
