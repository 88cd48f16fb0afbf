"""`Store` over a Qdrant server: calls in, requests of qdrant-client out, hits back in a fixed order.

The manifest and the dimensions are kept in the collection's metadata, written last, so that a collection whose making was
interrupted counts as never made. Vectors are not quantised here: memory is the cluster's to manage.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from rag.domain import Hit, Leg, Manifest, Point, SparseVector, Vector
from rag.errors import ConfigurationError, StoreError, StoreFullError
from rag.store import layout
from rag.store.layout import DENSE, PAGE_KEY, REPORT_KEY, SPARSE_LEGS

T = TypeVar("T")

_MANIFEST = "manifest"
_DIMENSIONS = "dimensions"
_BATCH = 256
_SCROLL = 10_000
_ALL = 10_000_000  # reports


def open_server(url: str, api_key: str, collection: str, *, timeout_s: int = 60) -> ServerStore:
    """The store of a collection on the server at `url`. Connects at the first call."""
    try:
        client = QdrantClient(url=url, api_key=api_key or None, timeout=timeout_s, check_compatibility=False)
    except (ValueError, TypeError) as exc:
        raise ConfigurationError(f"{url!r} is no URL of a Qdrant server: set REPORT_RAG_QDRANT_URL") from exc
    return ServerStore(client, collection)


class ServerStore:
    """The index in one collection. The client is closed with the store."""

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection
        self._dimensions: int | None = None

    def upsert(self, points: Sequence[Point]) -> None:
        structs = [_struct(point) for point in layout.checked_points(points)]
        with self._guard("writing"):
            for point in points:
                if point.dense is not None:
                    self._check_dimensions(len(point.dense))
            if self._metadata() is None:
                raise layout.missing_index(f"collection {self._collection}")
            for start in range(0, len(structs), _BATCH):
                self._client.upsert(self._collection, structs[start : start + _BATCH], wait=True)

    def query(
        self, leg: Leg, vector: Vector | SparseVector, *, limit: int, reports: Sequence[str] | None = None
    ) -> list[Hit]:
        layout.checked_query(leg, vector)
        if (reports is not None and not reports) or (isinstance(vector, SparseVector) and not vector.indices):
            return []
        with self._guard("searching"):
            if not isinstance(vector, SparseVector):
                self._check_dimensions(len(vector))
            return self._unless_absent(lambda: layout.ranked(self._fetcher(leg, vector, reports), limit), [])

    def delete_report(self, report_id: str) -> None:
        selector = models.FilterSelector(filter=_reports_filter([report_id]))
        with self._guard("deleting"):
            self._unless_absent(lambda: self._client.delete(self._collection, selector, wait=True), None)

    def ids(self, report_id: str | None = None) -> set[str]:
        with self._guard("listing ids"):
            return self._unless_absent(lambda: set(self._scroll(report_id)), set())

    def report_ids(self) -> set[str]:
        def found() -> set[str]:
            facet = self._client.facet(self._collection, REPORT_KEY, limit=_ALL, exact=True)
            return {str(hit.value) for hit in facet.hits if hit.count > 0}

        with self._guard("listing reports"):
            return self._unless_absent(found, set())

    def optimize(self) -> None:
        """Nothing to do: the server settles its segments by itself, and the IDF is asked for over live points."""

    def manifest(self) -> Manifest | None:
        with self._guard("reading the manifest"):
            metadata = self._metadata()
        if metadata is None:
            return None
        pairs = metadata[_MANIFEST]
        if not isinstance(pairs, list):
            raise StoreError(f"the metadata of collection {self._collection} is damaged: run `report-rag reindex`")
        return Manifest(tuple((str(name), str(value)) for name, value in pairs))

    def reset(self, manifest: Manifest, dimensions: int) -> None:
        name, pairs = self._collection, [list(pair) for pair in manifest.entries]
        self._dimensions = None
        with self._guard("making the collection"):
            if self._client.collection_exists(name):
                self._client.delete_collection(name)
            self._client.create_collection(
                name,
                vectors_config={DENSE: models.VectorParams(size=dimensions, distance=models.Distance.COSINE)},
                sparse_vectors_config={
                    leg: models.SparseVectorParams(modifier=models.Modifier.IDF) for leg in SPARSE_LEGS
                },
            )
            if not self._is_local():  # it has no payload indexes and warns of it
                self._client.create_payload_index(name, REPORT_KEY, models.PayloadSchemaType.KEYWORD, wait=True)
            self._client.update_collection(name, metadata={_MANIFEST: pairs, _DIMENSIONS: dimensions})

    def close(self) -> None:
        with self._guard("closing"):
            self._client.close()

    def _fetcher(
        self, leg: Leg, vector: Vector | SparseVector, reports: Sequence[str] | None
    ) -> Callable[[int], list[Hit]]:
        sparse = isinstance(vector, SparseVector)
        # over all points, asked for explicitly: the server's own statistics keep deleted points for a while
        params = models.SearchParams(idf=models.IdfCorpusParams(corpus=models.Filter())) if sparse else None

        def fetch(limit: int) -> list[Hit]:
            response = self._client.query_points(
                self._collection,
                query=_sparse(vector) if isinstance(vector, SparseVector) else vector.tolist(),
                using=leg,
                query_filter=None if reports is None else _reports_filter(reports),
                search_params=params,
                limit=limit,
                with_payload=True,
            )
            return [_hit(point) for point in response.points]

        return fetch

    def _scroll(self, report_id: str | None) -> Iterator[str]:
        offset: models.ExtendedPointId | None = None
        while True:
            records, offset = self._client.scroll(
                self._collection,
                scroll_filter=None if report_id is None else _reports_filter([report_id]),
                limit=_SCROLL,
                offset=offset,
                with_payload=False,
                with_vectors=False,
            )
            yield from (str(record.id) for record in records)
            if offset is None:
                return

    def _check_dimensions(self, found: int) -> None:
        if self._dimensions not in (None, found):
            self._dimensions = None  # another process may have made the index anew
        if self._dimensions is None:
            metadata = self._metadata() or {}
            known = metadata.get(_DIMENSIONS)
            self._dimensions = known if isinstance(known, int) else None
        if self._dimensions is not None:
            layout.check_dimensions(found, self._dimensions)

    def _metadata(self) -> dict[str, object] | None:
        """The collection's metadata, None when it was never (wholly) made."""
        info = self._unless_absent(lambda: self._client.get_collection(self._collection), None)
        metadata = None if info is None else info.config.metadata
        return metadata if metadata and _MANIFEST in metadata else None

    def _unless_absent(self, work: Callable[[], T], absent: T) -> T:
        try:
            return work()
        except UnexpectedResponse as exc:
            if exc.status_code == 404:
                return absent
            raise
        except ValueError:
            if self._is_local() and not self._client.collection_exists(self._collection):
                return absent
            raise

    def _is_local(self) -> bool:
        options = self._client.init_options
        return options.get("location") == ":memory:" or options.get("path") is not None

    @contextlib.contextmanager
    def _guard(self, action: str) -> Iterator[None]:
        """Client errors as StoreError on one line. Not chained: the client's requests carry the API key."""
        try:
            yield
        except UnexpectedResponse as exc:
            kind = StoreFullError if exc.status_code == 507 else StoreError
            raise kind(f"the Qdrant server refused {action}: {_refusal(exc.status_code)}") from None
        except QdrantException:  # HTTP 429
            raise StoreError(f"the Qdrant server is too busy for {action}: repeat later") from None
        except (ApiException, httpx.HTTPError, OSError):
            raise StoreError(f"the Qdrant server cannot be reached for {action}: check REPORT_RAG_QDRANT_URL") from None
        except (ValueError, RuntimeError) as exc:
            raise StoreError(
                f"qdrant-client failed at {action} ({type(exc).__name__}): run `report-rag reindex` if it stays so"
            ) from None


def _refusal(status: int | None) -> str:
    if status in (401, 403):
        return f"HTTP {status}, check REPORT_RAG_QDRANT_API_KEY"
    if status is not None and 400 <= status < 500 and status != 429:
        return f"HTTP {status}, see the server's log"
    return f"HTTP {status}, repeat later"


def _struct(point: Point) -> models.PointStruct:
    vectors: dict[str, models.Vector] = {leg: _sparse(vector) for leg, vector in layout.sparse_legs(point).items()}
    if point.dense is not None:
        vectors[DENSE] = point.dense.tolist()
    return models.PointStruct(id=point.id, vector=vectors, payload={REPORT_KEY: point.report_id, PAGE_KEY: point.page})


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _reports_filter(reports: Sequence[str]) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key=REPORT_KEY, match=models.MatchAny(any=list(reports)))])


def _hit(point: models.ScoredPoint) -> Hit:
    payload = point.payload or {}
    return Hit(str(point.id), str(payload[REPORT_KEY]), int(payload[PAGE_KEY]), float(point.score))
