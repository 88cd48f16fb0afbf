"""A folder to an index in it: points in, raw hits out. Runs inside the engine process only.

    folder/current.json      {"generation": 3, "dimensions": 384, "manifest": [[name, value], ...]}
    folder/generation-3/     the shard of the embedded engine

`current.json` is replaced in one step, so a kill at any moment leaves the old index or the new one. The shard is opened
at the first call that needs it: an index that cannot be opened can still be reset.

Settings, measured at 100,000 points: no graph (its builds cost minutes, a scan of int8 codes 3 ms); candidates found by
int8 codes are scored again with the raw vectors, twice as many as asked for (recall@50 .96 -> 1.00, and equal vectors get
equal scores in every segment). The IDF is asked for over an explicit corpus, all points: the engine's own statistics keep
deleted and replaced points, in a settled segment even after the folder is opened again.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import qdrant_edge as engine

from rag.errors import ReportRagError, StoreError, StoreFullError
from rag.store import wire
from rag.store.layout import DENSE, PAGE_KEY, REPORT_KEY, SPARSE_LEGS, check_dimensions, missing_index

T = TypeVar("T")

_CURRENT = "current.json"
_GENERATION = re.compile(r"generation-(\d+)")
_SCROLL = 10_000
_ALL = 10_000_000  # reports
_LEAST_FREE = 16 << 20  # to open and to delete: both must go on when a disk is nearly full, deleting makes room
_GROWTH = 4  # bytes an index grows for a byte of vectors, with log, codes and postings


@dataclass(frozen=True, slots=True)
class State:
    """What current.json says."""

    generation: int
    dimensions: int
    manifest: tuple[tuple[str, str], ...]


class Index:
    """The index in `folder`. Not thread-safe: the engine process holds a lock around it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shard: engine.EdgeShard | None = None

    def manifest(self) -> tuple[tuple[str, str], ...] | None:
        state = self._state()
        return None if state is None else state.manifest

    def reset(self, manifest: Sequence[tuple[str, str]], dimensions: int, min_free: int) -> None:
        self._need(min_free)
        generation = 1 + max(self._generations(), default=0)
        fresh = _create_shard(self._path(generation), dimensions)
        state = State(generation, dimensions, tuple((name, value) for name, value in manifest))
        _replace(self._folder / _CURRENT, _encode(state))
        old, self._shard = self._shard, fresh
        if old is not None:
            with contextlib.suppress(Exception):  # it is thrown away, and the new one already stands
                old.close()
        self._clean(generation)

    def upsert(self, points: Sequence[wire.PackedPoint], min_free: int, *, flush: bool) -> None:
        state = self._state()
        if state is None:
            raise missing_index(str(self._folder))
        for point in points:
            if point[3] is not None:
                check_dimensions(len(point[3]) // 4, state.dimensions)
        self._need(min_free + _GROWTH * sum(map(wire.point_bytes, points)))
        shard = self._opened(state)
        shard.update(engine.UpdateOperation.upsert_points([_engine_point(point) for point in points]))
        if flush:  # the log alone survives a kill; this survives a power cut, for 11 ms and more on a busy disk
            shard.flush()

    def query(
        self, leg: str, vector: bytes | wire.PackedSparse, limit: int, reports: Sequence[str] | None
    ) -> list[wire.PackedHit]:
        state = self._state()
        if state is None:
            return []
        if isinstance(vector, bytes):
            check_dimensions(len(vector) // 4, state.dimensions)
        request = engine.QueryRequest(
            limit=limit,
            query=engine.Query.Nearest(_engine_vector(vector), using=leg),
            filter=None if reports is None else _reports_filter(reports),
            with_payload=True,
            params=_search_params(leg),
        )
        return [_packed_hit(point) for point in self._opened(state).query(request)]

    def delete(self, report: str, min_free: int) -> None:
        state = self._state()
        if state is None:
            return
        self._need(min(min_free, _LEAST_FREE))
        shard = self._opened(state)
        shard.update(engine.UpdateOperation.delete_points_by_filter(_reports_filter([report])))
        shard.flush()

    def ids(self, report: str | None) -> bytes:
        state = self._state()
        if state is None:
            return b""
        found: list[bytes] = []
        offset: engine.PointId | None = None
        while True:
            records, offset = self._opened(state).scroll(
                engine.ScrollRequest(
                    offset=offset,
                    limit=_SCROLL,
                    filter=None if report is None else _reports_filter([report]),
                    with_payload=False,
                    with_vector=False,
                )
            )
            found += [UUID(str(record.id)).bytes for record in records]
            if offset is None:
                return b"".join(found)

    def report_ids(self) -> list[str]:
        state = self._state()
        if state is None:
            return []
        found = self._opened(state).facet(engine.FacetRequest(REPORT_KEY, limit=_ALL, exact=True))
        return [str(hit.value) for hit in found.hits if hit.count > 0]

    def optimize(self, min_free: int) -> None:
        state = self._state()
        if state is None:
            return
        self._need(min_free + _disk_use(self._path(state.generation)))  # segments are written anew, then dropped
        shard = self._opened(state)
        shard.optimize()
        shard.flush()

    def close(self) -> None:
        """Flush and close the shard, if it was opened."""
        shard, self._shard = self._shard, None
        if shard is not None:
            shard.flush()
            shard.close()

    def _state(self) -> State | None:
        path = self._folder / _CURRENT
        try:
            return _decode(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as exc:
            raise StoreError(f"{path} is damaged: run `report-rag reindex`") from exc

    def _opened(self, state: State) -> engine.EdgeShard:
        if self._shard is None:
            path = self._path(state.generation)
            self._need(_LEAST_FREE)
            self._shard = guarded(lambda: engine.EdgeShard.load(str(path)), f"the index in {path} cannot be opened")
            self._clean(state.generation)
        return self._shard

    def _path(self, generation: int) -> Path:
        return self._folder / f"generation-{generation}"

    def _generations(self) -> list[int]:
        return [int(match[1]) for path in self._folder.iterdir() if (match := _GENERATION.fullmatch(path.name))]

    def _clean(self, keep: int) -> None:
        """Drop what an interrupted or finished reset left behind."""
        for generation in self._generations():
            if generation != keep:
                shutil.rmtree(self._path(generation), ignore_errors=True)

    def _need(self, needed: int) -> None:
        """The engine maps its files: writing on a full disk would kill the process instead of failing."""
        free = shutil.disk_usage(self._folder).free
        if free < needed:
            raise StoreFullError(
                f"the disk of {self._folder} has {free >> 20} MB free, the index needs {-(-needed >> 20)} MB: "
                "make room and repeat"
            )


def guarded(work: Callable[[], T], complaint: str) -> T:
    """The result of `work`; what the engine raises (also its panics) becomes a StoreError on one line."""
    try:
        return work()
    except (ReportRagError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as exc:  # a panic of the engine is no Exception
        reason = (str(exc).strip().splitlines() or [type(exc).__name__])[0][:300]
        raise StoreError(f"{complaint} ({reason}): run `report-rag reindex` if it stays so") from exc


# --- the engine's types ----------------------------------------------------------------------------------------------


def _create_shard(path: Path, dimensions: int) -> engine.EdgeShard:
    config = engine.EdgeConfig(
        vectors={
            DENSE: engine.EdgeVectorParams(size=dimensions, distance=engine.Distance.Cosine, memory=engine.Memory.Cold)
        },
        sparse_vectors={leg: engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf) for leg in SPARSE_LEGS},
        hnsw_config=engine.HnswIndexConfig(0, 100, 10000),
        quantization_config=engine.ScalarQuantizationConfig(engine.ScalarType.Int8, memory=engine.Memory.Pinned),
        wal_enabled=True,
    )
    shard = engine.EdgeShard.create(str(path), config)
    shard.update(engine.UpdateOperation.create_field_index(REPORT_KEY, engine.PayloadSchemaType.Keyword))
    shard.flush()
    return shard


def _engine_point(point: wire.PackedPoint) -> engine.Point:
    point_id, report, page, dense, bm25, page_terms = point
    vectors = {DENSE: dense, **dict(zip(SPARSE_LEGS, (bm25, page_terms), strict=True))}
    return engine.Point(
        UUID(bytes=point_id),
        {leg: _engine_vector(vector) for leg, vector in vectors.items() if vector is not None},
        {REPORT_KEY: report, PAGE_KEY: page},
    )


def _engine_vector(vector: bytes | wire.PackedSparse) -> list[float] | engine.SparseVector:
    if isinstance(vector, bytes):
        return wire.unpack_floats(vector)
    indices, values = vector
    return engine.SparseVector(wire.unpack_indices(indices), wire.unpack_floats(values))


def _search_params(leg: str) -> engine.SearchParams:
    if leg == DENSE:
        return engine.SearchParams(quantization=engine.QuantizationSearchParams(rescore=True, oversampling=2.0))
    return engine.SearchParams(idf=engine.IdfParams(corpus=engine.Filter()))


def _reports_filter(reports: Sequence[str]) -> engine.Filter:
    return engine.Filter(must=[engine.FieldCondition(REPORT_KEY, match=engine.MatchAny(list(reports)))])


def _packed_hit(point: engine.ScoredPoint) -> wire.PackedHit:
    payload = point.payload or {}
    return UUID(str(point.id)).bytes, str(payload[REPORT_KEY]), int(payload[PAGE_KEY]), point.score


# --- files -----------------------------------------------------------------------------------------------------------


def _encode(state: State) -> str:
    return json.dumps(
        {"generation": state.generation, "dimensions": state.dimensions, "manifest": state.manifest}, ensure_ascii=False
    )


def _decode(text: str) -> State:
    data = json.loads(text)
    manifest = tuple((str(name), str(value)) for name, value in data["manifest"])
    return State(int(data["generation"]), int(data["dimensions"]), manifest)


def _replace(path: Path, text: str) -> None:
    """Write a file in one step that survives a power cut."""
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _disk_use(folder: Path) -> int:
    """Bytes on disk, without the holes of sparse files."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.lstat().st_blocks * 512
    return total
