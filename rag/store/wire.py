"""Requests and replies to bytes on a local socket and back: the language of the engine process and its clients.

A frame is a 4-byte big-endian length and a msgpack array: `[name, *fields]` for a request, `["ok", value]` or
`["error", kind, message]` for a reply. Vectors are raw little-endian float32 and uint32. No pickle: what comes over the
socket can only be data. The frames of Hello and Stop stay as they are in every protocol version, so that a client can
talk to an engine of another version.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import msgpack
import numpy as np

from rag.domain import Point, SparseVector
from rag.errors import (
    ConfigurationError,
    IndexMismatchError,
    ReportRagError,
    StoreError,
    StoreFullError,
    UsageError,
)
from rag.store.layout import sparse_legs

PROTOCOL = 1
LOCK_FILE = "engine.lock"  # in the index folder: held by the engine for as long as it lives
ADDRESS_FILE = "engine.json"  # in the index folder: {"socket": ..., "pid": ...} of the running engine
MAX_FRAME = 256 << 20
_BATCH_POINTS = 256
_BATCH_BYTES = 8 << 20

PackedSparse: TypeAlias = tuple[bytes, bytes]
PackedPoint: TypeAlias = tuple[bytes, str, int, bytes | None, PackedSparse | None, PackedSparse | None]
PackedHit: TypeAlias = tuple[bytes, str, int, float]


@dataclass(frozen=True, slots=True)
class Hello:
    """First frame of a connection; the reply is (protocol, `engine_version()`, process id, `file_id` of its lock)."""

    protocol: int
    engine: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Flush and end, the reply is whether it does: with `unless_busy` not while others are connected."""

    unless_busy: bool


@dataclass(frozen=True, slots=True)
class Upsert:
    """Points to write; the reply comes when they survive a kill, with `flush` a power cut, as all before them.

    `min_free` bytes must stay free on the disk (here and below).
    """

    points: Sequence[PackedPoint]
    min_free: int
    flush: bool


@dataclass(frozen=True, slots=True)
class Query:
    """The reply is a list of PackedHit in the engine's order."""

    leg: str
    vector: bytes | PackedSparse
    limit: int
    reports: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the points of a report."""

    report: str
    min_free: int


@dataclass(frozen=True, slots=True)
class Ids:
    """The reply is the ids, 16 bytes each."""

    report: str | None


@dataclass(frozen=True, slots=True)
class ReportIds:
    """The reply is a list of the reports that have points."""


@dataclass(frozen=True, slots=True)
class Optimize:
    """Settle the segments."""

    min_free: int


@dataclass(frozen=True, slots=True)
class GetManifest:
    """The reply is a list of pairs, or None."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Replace the index by an empty one."""

    manifest: Sequence[tuple[str, str]]
    dimensions: int
    min_free: int


Request: TypeAlias = Hello | Stop | Upsert | Query | Delete | Ids | ReportIds | Optimize | GetManifest | Reset
_REQUESTS: dict[str, Callable[..., Request]] = {
    kind.__name__: kind for kind in (Hello, Stop, Upsert, Query, Delete, Ids, ReportIds, Optimize, GetManifest, Reset)
}
_ERRORS: dict[str, type[ReportRagError]] = {
    kind.__name__: kind for kind in (StoreError, StoreFullError, ConfigurationError, IndexMismatchError, UsageError)
}


@cache
def engine_version() -> str:
    """The engine library and our code around it: an engine that was started before an upgrade is of another version."""
    code = hashlib.sha256()
    for name in ("layout.py", "wire.py", "shard.py", "engine.py"):
        with contextlib.suppress(OSError):  # installed without sources
            code.update(Path(__file__).with_name(name).read_bytes())
    return f"{version('qdrant-edge-py')}+{code.hexdigest()[:8]}"


def file_id(status: os.stat_result) -> list[int]:
    """What tells a file from its copies: the lock of a folder that was copied is another file."""
    return [status.st_dev, status.st_ino]


# --- frames ----------------------------------------------------------------------------------------------------------


def send_request(connection: socket.socket, request: Request) -> None:
    _send(connection, [type(request).__name__, *(getattr(request, name) for name in request.__dataclass_fields__)])


def receive_request(connection: socket.socket) -> Request | None:
    """The next request, None when the other side has closed. ValueError when it is none of ours."""
    frame = _receive(connection)
    if frame is None:
        return None
    name, *fields = frame
    if not isinstance(name, str) or name not in _REQUESTS:
        raise ValueError(f"no such request: {name!r}")
    try:
        return _REQUESTS[name](*fields)
    except TypeError as exc:
        raise ValueError(f"malformed request {name}") from exc


def send_value(connection: socket.socket, value: object) -> None:
    _send(connection, ["ok", value])


def send_error(connection: socket.socket, error: ReportRagError) -> None:
    kind = type(error).__name__
    _send(connection, ["error", kind if kind in _ERRORS else "StoreError", str(error)])


def receive_value(connection: socket.socket) -> object:
    """The value of a reply; raises the error that the engine sent, ConnectionError when it hung up."""
    frame = _receive(connection)
    if frame is None:
        raise ConnectionResetError("the engine hung up")
    if len(frame) == 2 and frame[0] == "ok":
        return frame[1]
    if len(frame) == 3 and frame[0] == "error":
        raise _ERRORS.get(str(frame[1]), StoreError)(str(frame[2]))
    raise ValueError("malformed reply")


def _send(connection: socket.socket, frame: list[object]) -> None:
    body: bytes = msgpack.packb(frame)
    connection.sendall(struct.pack(">I", len(body)) + body)


def _receive(connection: socket.socket) -> list[object] | None:
    head = _read(connection, 4)
    if head is None:
        return None
    (length,) = struct.unpack(">I", head)
    if length > MAX_FRAME:
        raise ValueError(f"a frame of {length} bytes, at most {MAX_FRAME} are taken")
    body = _read(connection, length)
    if body is None:
        return None
    try:
        frame = msgpack.unpackb(body, raw=False)
    except ValueError as exc:  # msgpack's errors are its subclasses
        raise ValueError("a frame that is no msgpack") from exc
    if not isinstance(frame, list) or not frame:
        raise ValueError("a frame that is no array")
    return frame


def _read(connection: socket.socket, count: int) -> bytearray | None:
    data = bytearray(count)
    view, got = memoryview(data), 0
    while got < count:
        step = connection.recv_into(view[got:])
        if step == 0:
            return None
        got += step
    return data


# --- vectors and points ----------------------------------------------------------------------------------------------


def pack_dense(vector: object) -> bytes:
    return np.asarray(vector, dtype="<f4").tobytes()


def pack_sparse(vector: SparseVector) -> PackedSparse:
    return np.asarray(vector.indices, dtype="<u4").tobytes(), np.asarray(vector.values, dtype="<f4").tobytes()


def unpack_floats(data: bytes) -> list[float]:
    values: list[float] = np.frombuffer(data, dtype="<f4").tolist()  # the engine takes lists 8 times faster than arrays
    return values


def unpack_indices(data: bytes) -> list[int]:
    indices: list[int] = np.frombuffer(data, dtype="<u4").tolist()
    return indices


def packed_batches(points: Sequence[Point]) -> Iterator[list[PackedPoint]]:
    """The points in batches that fit a frame with room to spare."""
    batch: list[PackedPoint] = []
    size = 0
    for point in points:
        packed = _pack_point(point)
        batch.append(packed)
        size += point_bytes(packed)
        if len(batch) >= _BATCH_POINTS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def point_bytes(point: PackedPoint) -> int:
    """The size of the vectors of a point."""
    _, _, _, dense, *sparse = point
    return len(dense or b"") + sum(len(part) for vector in sparse if vector for part in vector)


def _pack_point(point: Point) -> PackedPoint:
    sparse = {leg: pack_sparse(vector) for leg, vector in sparse_legs(point).items()}
    dense = None if point.dense is None else pack_dense(point.dense)
    return UUID(point.id).bytes, point.report_id, point.page, dense, sparse.get("bm25"), sparse.get("page")
