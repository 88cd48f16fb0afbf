"""What a Qdrant server may answer, over real HTTP: errors of ours, one line, without the API key."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from qdrant_client import QdrantClient, models

from rag.domain import Manifest, SparseVector
from rag.errors import StoreError, StoreFullError
from rag.store.server import ServerStore, open_server

KEY = "secret-key-4711"


@contextmanager
def answering(status: int, body: bytes) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything so; gives its URL and the list of what was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked.append(f"{self.command} {self.path} {self.rfile.read(length).decode()}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815  (names of http.server)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
@pytest.mark.parametrize(
    ("status", "says", "kind"),
    [
        (401, "HTTP 401.*REPORT_RAG_QDRANT_API_KEY", StoreError),
        (400, "HTTP 400.*log", StoreError),
        (429, "repeat later", StoreError),
        (500, "HTTP 500, repeat later", StoreError),
        (507, "HTTP 507", StoreFullError),
    ],
)
def test_refusals(status: int, says: str, kind: type[StoreError]) -> None:
    body = json.dumps({"status": {"error": f"denied {KEY}"}}).encode()
    with answering(status, body) as (url, _):
        store = open_server(url, KEY, "reports")
        for call in (store.manifest, store.ids, lambda: store.reset(Manifest(()), 3), lambda: store.delete_report("a")):
            with pytest.raises(StoreError, match=says) as caught:
                call()
            assert type(caught.value) is kind
            assert KEY not in str(caught.value)
            assert "\n" not in str(caught.value)
            assert caught.value.__cause__ is None
            assert caught.value.__suppress_context__
        store.close()


def test_not_qdrant() -> None:
    with answering(200, b"<html>hello</html>") as (url, _):
        store = open_server(url, "", "reports")
        with pytest.raises(StoreError):
            store.manifest()
        store.close()


def test_unreachable() -> None:
    with answering(200, b"") as (url, _):
        pass
    store = open_server(url, "", "reports")
    with pytest.raises(StoreError, match="REPORT_RAG_QDRANT_URL"):
        store.query("dense", np.ones(3, dtype=np.float32), limit=3)
    store.close()


def test_missing_collection_is_an_empty_index() -> None:
    with answering(404, b'{"status":{"error":"Not found"}}') as (url, _):
        store = open_server(url, "", "reports")
        assert store.manifest() is None
        assert store.ids() == set()
        assert store.query("bm25", SparseVector((1,), (1.0,)), limit=3) == []
        store.close()


def test_sparse_query_asks_for_live_idf_and_spare_hits() -> None:
    empty = b'{"result":{"points":[]},"status":"ok","time":0}'
    with answering(200, empty) as (url, asked):
        store = open_server(url, "", "reports")
        assert store.query("bm25", SparseVector((7,), (1.5,)), limit=10, reports=["a"]) == []
        store.close()
    path, body = asked[0].split(" {", 1)
    request = json.loads("{" + body)
    assert path == "POST /collections/reports/points/query"
    assert (request["limit"], request["using"], request["params"]) == (26, "bm25", {"idf": {"corpus": {}}})
    assert request["filter"] == {"must": [{"key": "report", "match": {"any": ["a"]}}]}


def test_a_collection_whose_making_was_interrupted_counts_as_never_made() -> None:
    client = QdrantClient(":memory:")
    client.create_collection("reports", {"dense": models.VectorParams(size=3, distance=models.Distance.COSINE)})
    store = ServerStore(client, "reports")
    assert store.manifest() is None
    store.reset(Manifest((("a", "b"),)), 3)
    assert store.manifest() == Manifest((("a", "b"),))
    store.close()


def test_another_process_may_make_the_index_anew() -> None:
    client = QdrantClient(":memory:")
    one, two = ServerStore(client, "reports"), ServerStore(client, "reports")
    one.reset(Manifest(()), 3)
    assert one.query("dense", np.ones(3, dtype=np.float32), limit=1) == []
    two.reset(Manifest(()), 2)
    assert one.query("dense", np.ones(2, dtype=np.float32), limit=1) == []
    one.close()
