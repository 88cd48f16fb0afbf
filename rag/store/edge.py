"""`Store` over the embedded engine: calls in, requests to the engine process of the folder out, its replies back.

The engine is started at the first call and outlives this process (see `launch` and `engine`). When it has ended between
two calls it is started again and the call repeated once: every call may be repeated. One that does not answer a reader
for a minute is taken to hang: the calls that wait, and those of the next seconds, fail at once.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from rag.domain import Hit, Leg, Manifest, Point, SparseVector, Vector
from rag.errors import ReportRagError, StoreError, StoreFullError
from rag.store import launch, layout, wire

MIN_FREE_BYTES = 256 << 20  # the engine claims files in steps of up to 32 MB and touches several at once
_READS = (wire.Query, wire.GetManifest)
_PATIENCE_S = 10.0  # after an engine did not answer


class EdgeStore:
    """The index in `folder`. Nothing is opened before the first call; threads may share it, and processes the folder.

    The engine ends `idle_s` seconds after the last connection was closed. Writes that would leave less than
    `min_free_bytes` on the disk raise StoreFullError. The socket lies in `runtime_dir` (by default a private folder
    among the temporary ones).
    """

    def __init__(
        self,
        folder: Path,
        *,
        idle_s: float = 300.0,
        min_free_bytes: int = MIN_FREE_BYTES,
        runtime_dir: Path | None = None,
    ) -> None:
        self._place = launch.Place(folder.absolute(), runtime_dir, idle_s)
        self._min_free = min_free_bytes
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._owner = 0  # the process that connected: a forked child must not share its socket
        self._closed = False
        self._silent_until = 0.0  # on the monotonic clock

    def upsert(self, points: Sequence[Point]) -> None:
        points = layout.checked_points(points)
        left = len(points)
        for batch in wire.packed_batches(points):
            left -= len(batch)
            self._ask(wire.Upsert(batch, self._min_free, flush=left == 0))

    def query(
        self, leg: Leg, vector: Vector | SparseVector, *, limit: int, reports: Sequence[str] | None = None
    ) -> list[Hit]:
        layout.checked_query(leg, vector)
        if (reports is not None and not reports) or (isinstance(vector, SparseVector) and not vector.indices):
            return []
        packed = wire.pack_sparse(vector) if isinstance(vector, SparseVector) else wire.pack_dense(vector)
        return layout.ranked(self._fetcher(leg, packed, reports), limit)

    def delete_report(self, report_id: str) -> None:
        self._ask(wire.Delete(report_id, self._min_free))

    def ids(self, report_id: str | None = None) -> set[str]:
        packed = cast(bytes, self._ask(wire.Ids(report_id)))
        return {_written(packed[start : start + 16]) for start in range(0, len(packed), 16)}

    def report_ids(self) -> set[str]:
        return set(cast("list[str]", self._ask(wire.ReportIds())))

    def optimize(self) -> None:
        self._ask(wire.Optimize(self._min_free))

    def manifest(self) -> Manifest | None:
        pairs = cast("list[tuple[str, str]] | None", self._ask(wire.GetManifest()))
        return None if pairs is None else Manifest(tuple((name, value) for name, value in pairs))

    def reset(self, manifest: Manifest, dimensions: int) -> None:
        self._ask(wire.Reset(manifest.entries, dimensions, self._min_free))

    def close(self) -> None:
        """Hang up; the engine goes on for others and ends by itself when idle."""
        with self._lock:
            self._closed = True
            self._hang_up()

    def shutdown_engine(self) -> None:
        """Let the engine of the folder flush and end, if one runs, and wait for it."""
        with self._lock:
            self._hang_up()
            connection = launch.reach(self._place)
            if connection is not None:
                launch.stop(connection, self._place.folder)

    def _fetcher(
        self, leg: Leg, vector: bytes | wire.PackedSparse, reports: Sequence[str] | None
    ) -> Callable[[int], list[Hit]]:
        wanted = None if reports is None else list(reports)

        def fetch(limit: int) -> list[Hit]:
            rows = cast("list[wire.PackedHit]", self._ask(wire.Query(leg, vector, limit, wanted)))
            return [Hit(_written(point), report, page, score) for point, report, page, score in rows]

        return fetch

    def _ask(self, request: wire.Request) -> object:
        """The engine's answer, from a new engine if the old one has ended."""
        with self._lock:
            for _ in range(2):
                if self._closed:
                    raise StoreError(f"the store of {self._place.folder} is closed: make a new one")
                if isinstance(request, _READS) and time.monotonic() < self._silent_until:
                    raise launch.SilentError(self._place.folder)
                connection = self._connected()
                try:
                    connection.settimeout(launch.READ_S if isinstance(request, _READS) else launch.WRITE_S)
                    wire.send_request(connection, request)
                    return wire.receive_value(connection)
                except TimeoutError as exc:
                    self._hang_up()
                    self._silent_until = time.monotonic() + _PATIENCE_S
                    raise launch.SilentError(self._place.folder) from exc
                except (OSError, ValueError):
                    self._hang_up()
                except BaseException as exc:
                    if not isinstance(exc, ReportRagError):
                        self._hang_up()  # interrupted: a late reply must not answer the next request
                    raise
            raise self._ended(request)

    def _connected(self) -> socket.socket:
        if self._connection is not None and self._owner != os.getpid():
            self._hang_up()
        if self._connection is None:
            try:
                self._connection, self._owner = launch.connect(self._place), os.getpid()
            except launch.SilentError:
                self._silent_until = time.monotonic() + _PATIENCE_S
                raise
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _ended(self, request: wire.Request) -> StoreError:
        folder, name = self._place.folder, type(request).__name__
        if shutil.disk_usage(folder).free < self._min_free:
            return StoreFullError(f"the index engine ended at {name}, and the disk of {folder} is full: make room")
        return StoreError(
            f"the index engine of {folder} ended twice at {name}: run `report-rag reindex` if it stays so"
        )


def _written(point: bytes) -> str:
    """An id's 16 bytes as a UUID is written; `str(UUID(...))` takes ten times as long, for hundreds of hits a question."""
    digits = point.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
