"""Frames round trip; what is no frame of ours is refused; batches stay small."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest

from rag.domain import Point, SparseVector
from rag.errors import IndexMismatchError, IngestError, StoreError
from rag.store import wire

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, two = socket.socketpair()
    with one, two:
        yield one, two


@pytest.mark.parametrize(
    "request_",
    [
        wire.Hello(1, "0.9.0"),
        wire.Stop(unless_busy=True),
        wire.Query("dense", b"\0\0\0\0", 5, None),
        wire.Query("bm25", [b"\1\0\0\0", b"\0\0\0\0"], 5, ["a"]),
        wire.GetManifest(),
        wire.Reset([["名称", "中金"]], 384, 0),
    ],
)
def test_requests_round_trip(pair: Pair, request_: wire.Request) -> None:
    wire.send_request(pair[0], request_)
    assert wire.receive_request(pair[1]) == request_


def test_values_and_errors_round_trip(pair: Pair) -> None:
    wire.send_value(pair[0], [b"x", None, 1.5])
    assert wire.receive_value(pair[1]) == [b"x", None, 1.5]
    wire.send_error(pair[0], IndexMismatchError("other"))
    with pytest.raises(IndexMismatchError, match="other"):
        wire.receive_value(pair[1])
    wire.send_error(pair[0], IngestError("not of the store"))
    with pytest.raises(StoreError, match="not of the store"):
        wire.receive_value(pair[1])


def test_hanging_up(pair: Pair) -> None:
    pair[0].sendall(b"\0\0\0\x09half")
    pair[0].close()
    with pytest.raises(ConnectionResetError):
        wire.receive_value(pair[1])
    assert wire.receive_request(pair[1]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x7f\xff\xff\xff",
        b"\0\0\0\x01\xc1",
        b"\0\0\0\x01\x90",
        b"\0\0\0\x02\x91\x01",
        b"\0\0\0\x06\x91\xa4Stop",
        b"\0\0\0\x00",
    ],
)
def test_strange_frames_are_value_errors(pair: Pair, data: bytes) -> None:
    pair[0].sendall(data)
    with pytest.raises(ValueError, match=r"frame|request"):
        wire.receive_request(pair[1])


def test_vectors_round_trip() -> None:
    dense = np.array([0.1, -2.5, 3e30], dtype=np.float32)
    assert wire.unpack_floats(wire.pack_dense(dense)) == dense.tolist()
    indices, values = wire.pack_sparse(SparseVector((0, 2**32 - 1), (0.5, 2.0)))
    assert (wire.unpack_indices(indices), wire.unpack_floats(values)) == ([0, 2**32 - 1], [0.5, 2.0])


def test_batches_hold_all_points_in_order_within_count_and_size() -> None:
    small = [Point(str(UUID(int=n)), "r", n) for n in range(600)]
    batches = list(wire.packed_batches(small))
    assert [len(batch) for batch in batches] == [256, 256, 88]
    assert [point[2] for batch in batches for point in batch] == list(range(600))
    wide = np.zeros(1 << 20, dtype=np.float32)  # 4 MB each
    assert [len(b) for b in wire.packed_batches([Point(p.id, "r", 0, dense=wide) for p in small[:5]])] == [2, 2, 1]
    assert list(wire.packed_batches([])) == []
