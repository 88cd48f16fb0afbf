"""Points to checked vectors by leg, fetched hits to a fixed order: the one layout that both backends keep.

    named vectors   dense (cosine) · bm25, page (sparse, IDF modifier); a point has those it is searched by
    payload         report (keyword index) · page (zero-based physical page)

A chunk has `dense` and `bm25`, a whole page has `page`. An empty sparse vector is left out: nothing can find it, and
it would count among the N of the IDF.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import numpy as np

from rag.domain import Hit, Leg, Point, SparseVector, Vector
from rag.errors import IndexMismatchError, StoreError, UsageError

DENSE: Leg = "dense"
SPARSE_LEGS: tuple[Leg, ...] = ("bm25", "page")
REPORT_KEY = "report"
PAGE_KEY = "page"

_SPARE = 16  # hits fetched beyond the limit, so that ties at the cut are seen
_MOST_TIES = 8192  # beyond this many equal scores at the cut, which of them come is left to the engine


def sparse_legs(point: Point) -> dict[Leg, SparseVector]:
    """The sparse vectors by which a point can be found."""
    legs: tuple[tuple[Leg, SparseVector | None], ...] = (("bm25", point.bm25), ("page", point.page_terms))
    return {leg: vector for leg, vector in legs if vector is not None and vector.indices}


def checked_points(points: Sequence[Point]) -> list[Point]:
    """The points, the last of each id. UsageError on what an engine would refuse or, worse, keep."""
    for point in points:
        _check_id(point.id)
        if point.page < 0:
            raise UsageError(f"point {point.id}: page {point.page} is negative; pages count from 0")
        for leg, vector in sparse_legs(point).items():
            _check_sparse(f"point {point.id}, {leg}", vector)
        if point.dense is not None:
            _check_dense(f"point {point.id}", point.dense)
    return list({point.id: point for point in points}.values())


def checked_query(leg: Leg, vector: Vector | SparseVector) -> Vector | SparseVector:
    """The query vector; UsageError when it is of the wrong kind for the leg or not finite."""
    if isinstance(vector, SparseVector):
        if leg == DENSE:
            raise UsageError("leg dense is searched with a dense vector; got a sparse one")
        _check_sparse(f"query of leg {leg}", vector)
    elif leg != DENSE:
        raise UsageError(f"leg {leg} is searched with a sparse vector; got a dense one")
    else:
        _check_dense("query of leg dense", vector)
    return vector


def check_dimensions(found: int, expected: int) -> None:
    """Refuse a dense vector of another length than the index holds."""
    if found != expected:
        raise IndexMismatchError(
            f"a vector has {found} floats, the index holds vectors of {expected}: run `report-rag reindex`"
        )


def missing_index(where: str) -> StoreError:
    """The error for a write to an index that was never made."""
    return StoreError(f"there is no index in {where} yet: run `report-rag reindex`")


def ranked(fetch: Callable[[int], list[Hit]], limit: int) -> list[Hit]:
    """The best `limit` hits, ties by id. `fetch(n)` gives the best n in any order.

    Engines cut ties at random, so more is fetched as long as the tie at the cut reaches the end of what came.
    """
    if limit < 1:
        return []
    count = limit + _SPARE
    while True:
        hits = sorted(fetch(count), key=lambda hit: (-hit.score, hit.id))
        if len(hits) < count or hits[-1].score < hits[limit - 1].score or count > limit + _MOST_TIES:
            return hits[:limit]
        count = limit + (count - limit) * 8


def _check_id(point_id: str) -> None:
    try:
        canonical = str(UUID(point_id))
    except ValueError as exc:
        raise UsageError(f"point id {point_id!r} is not a UUID") from exc
    if canonical != point_id:  # engines give ids back in this form, and ids must compare equal
        raise UsageError(f"point id {point_id!r} must be written {canonical}")


def _check_sparse(what: str, vector: SparseVector) -> None:
    if len(vector.indices) != len(vector.values):
        raise UsageError(f"{what}: {len(vector.indices)} indices and {len(vector.values)} values")
    if not vector.indices:
        return
    indices = np.asarray(vector.indices, dtype=np.int64)
    if indices[0] < 0 or indices[-1] >= 1 << 32 or bool(np.any(np.diff(indices) <= 0)):
        raise UsageError(f"{what}: indices must be 32-bit unsigned, ascending, no doubles")
    if not bool(np.all(np.isfinite(np.asarray(vector.values, dtype=np.float32)))):
        raise UsageError(f"{what}: a value is not finite")


def _check_dense(what: str, vector: Vector) -> None:
    if vector.ndim != 1 or not bool(np.all(np.isfinite(vector))):
        raise UsageError(f"{what}: the dense vector must be one row of finite floats, shape {vector.shape} came")
