"""What every `Store` holds to, over the engine process and over qdrant-client's local mode.

Measured for the IDF: N and n count the points that have the leg, in both backends, and leave out deleted and replaced
points at once, without `optimize`.
"""

from __future__ import annotations

from math import log, sqrt
from typing import get_args
from uuid import UUID

import numpy as np
import pytest

from rag.domain import Hit, Leg, Manifest, Point, SparseVector, Vector
from rag.errors import IndexMismatchError, StoreError, UsageError
from rag.ports import Store

MANIFEST = Manifest((("model", "e5"), ("avgdl", "120.0"), ("名称", "中金")))


def uid(number: int) -> str:
    return str(UUID(int=number))


def vec(*values: float) -> Vector:
    return np.array(values, dtype=np.float32)


def terms(**weights: float) -> SparseVector:
    """`terms(t1=2.0)`: term 1 with weight 2."""
    return SparseVector(tuple(int(name[1:]) for name in weights), tuple(weights.values()))


def idf(count: int, found: int) -> float:
    return log((count - found + 0.5) / (found + 0.5) + 1)


def chunk(number: int, report: str = "a", page: int = 0, *, dense: Vector | None = None, **weights: float) -> Point:
    return Point(uid(number), report, page, vec(1, 0, 0) if dense is None else dense, terms(**weights))


@pytest.fixture
def filled(store: Store) -> Store:
    """Four chunks and three pages of two reports."""
    store.reset(MANIFEST, 3)
    store.upsert(
        [
            chunk(1, "a", 0, dense=vec(1, 0, 0), t1=1.0, t2=0.5),
            chunk(2, "a", 1, dense=vec(0, 2, 0), t2=1.0),
            chunk(3, "b", 0, dense=vec(1, 1, 0), t2=2.0, t3=1.0),
            chunk(4, "b", 7, dense=vec(0, 0, 1), t4=1.0),
            Point(uid(11), "a", 0, page_terms=terms(t1=1.0, t2=1.0)),
            Point(uid(12), "b", 0, page_terms=terms(t2=3.0)),
            Point(uid(13), "b", 7, page_terms=terms(t9=1.0)),
        ]
    )
    return store


def test_dense_hits_are_cosines_best_first(filled: Store) -> None:
    hits = filled.query("dense", vec(3, 0, 0), limit=3)
    assert [(hit.id, hit.report_id, hit.page) for hit in hits] == [(uid(1), "a", 0), (uid(3), "b", 0), (uid(2), "a", 1)]
    assert [hit.score for hit in hits] == pytest.approx([1.0, 1 / sqrt(2), 0.0], abs=1e-6)


def test_bm25_score_is_the_sum_of_idf_times_weight_over_points_with_the_leg(filled: Store) -> None:
    """N is 4 (chunks), not 7 (points); term 2 is in three of them."""
    hits = filled.query("bm25", terms(t1=1.0, t2=0.5, t4=2.0), limit=10)
    wanted = {
        uid(4): 2.0 * idf(4, 1),
        uid(1): idf(4, 1) + 0.5 * 0.5 * idf(4, 3),
        uid(3): 0.5 * 2.0 * idf(4, 3),
        uid(2): 0.5 * idf(4, 3),
    }
    assert [hit.id for hit in hits] == list(wanted)
    assert [hit.score for hit in hits] == pytest.approx(list(wanted.values()), rel=1e-5)


def test_page_leg_has_its_own_idf_and_only_pages(filled: Store) -> None:
    hits = filled.query("page", terms(t2=1.0), limit=10)
    assert [hit.id for hit in hits] == [uid(12), uid(11)]
    assert [hit.score for hit in hits] == pytest.approx([3 * idf(3, 2), idf(3, 2)], rel=1e-5)


def test_unknown_and_missing_terms_find_nothing(filled: Store) -> None:
    assert filled.query("bm25", terms(t77=1.0), limit=5) == []
    assert filled.query("bm25", SparseVector((), ()), limit=5) == []
    assert filled.query("page", terms(t4=1.0), limit=5) == []


def test_reports_filter(filled: Store) -> None:
    query = terms(t2=1.0)
    assert [hit.id for hit in filled.query("bm25", query, limit=5, reports=["a"])] == [uid(2), uid(1)]
    assert {hit.id for hit in filled.query("bm25", query, limit=5, reports=("a", "b", "zz"))} == {
        uid(1),
        uid(2),
        uid(3),
    }
    assert filled.query("bm25", query, limit=5, reports=["zz"]) == []
    assert filled.query("bm25", query, limit=5, reports=()) == []
    assert len(filled.query("bm25", query, limit=5, reports=None)) == 3


def test_a_filter_leaves_the_idf_alone(filled: Store) -> None:
    (hit,) = filled.query("bm25", terms(t3=1.0), limit=5, reports=["b"])
    assert hit.score == pytest.approx(idf(4, 1), rel=1e-5)


def test_limit(filled: Store) -> None:
    assert len(filled.query("dense", vec(1, 1, 1), limit=2)) == 2
    assert filled.query("dense", vec(1, 1, 1), limit=0) == []


def test_upsert_replaces_by_id_with_all_legs_and_payload(filled: Store) -> None:
    filled.upsert([chunk(1, "c", 5, dense=vec(0, 0, 1), t5=1.0), Point(uid(11), "a", 0)])
    assert filled.ids("a") == {uid(2), uid(11)}
    assert filled.query("dense", vec(0, 0, 1), limit=1, reports=["c"]) == [Hit(uid(1), "c", 5, 1.0)]
    assert filled.query("bm25", terms(t1=1.0), limit=5) == []
    assert filled.query("bm25", terms(t2=1.0), limit=5)[0].score == pytest.approx(2 * idf(4, 2), rel=1e-5)
    assert [hit.id for hit in filled.query("page", terms(t2=1.0), limit=5)] == [uid(12)]


def test_the_last_point_of_an_id_counts(filled: Store) -> None:
    filled.upsert([chunk(8, "x", 1, t1=1.0), chunk(8, "y", 2, t1=1.0)])
    assert (filled.ids("x"), filled.ids("y")) == (set(), {uid(8)})


def test_same_upsert_twice_changes_nothing(filled: Store) -> None:
    before = filled.query("bm25", terms(t2=1.0), limit=9)
    filled.upsert([chunk(2, "a", 1, dense=vec(0, 2, 0), t2=1.0)])
    assert filled.query("bm25", terms(t2=1.0), limit=9) == before


def test_delete_report_and_the_idf_after_it(filled: Store) -> None:
    filled.delete_report("b")
    assert filled.ids() == {uid(1), uid(2), uid(11)}
    assert filled.report_ids() == {"a"}
    assert filled.ids("b") == set()
    for leg, vector in (("dense", vec(1, 1, 1)), ("bm25", terms(t2=1.0, t4=1.0)), ("page", terms(t2=1.0, t9=1.0))):
        assert {hit.report_id for hit in filled.query(leg, vector, limit=9)} == {"a"}  # type: ignore[arg-type]
    for _ in range(2):
        assert filled.query("bm25", terms(t1=1.0), limit=1)[0].score == pytest.approx(idf(2, 1), rel=1e-5)
        filled.optimize()
    filled.delete_report("b")
    assert len(filled.ids()) == 3


def test_ids(filled: Store) -> None:
    assert filled.ids() == {uid(n) for n in (1, 2, 3, 4, 11, 12, 13)}
    assert filled.report_ids() == {"a", "b"}
    assert filled.ids("a") == {uid(1), uid(2), uid(11)}
    assert filled.ids("zz") == set()


def test_ties_are_ordered_by_id_also_at_the_cut(store: Store) -> None:
    """60 equal points, far more than the spare hits: the same ones every time, the first by id."""
    store.reset(MANIFEST, 3)
    numbers = np.random.default_rng(7).permutation(np.arange(100, 160)).tolist()
    store.upsert([chunk(n, f"r{n % 5}", n, t1=1.0) for n in numbers])
    store.upsert([chunk(1, "top", 0, t1=2.0)])
    for _ in range(5):
        assert [hit.id for hit in store.query("bm25", terms(t1=1.0), limit=4)] == [uid(n) for n in (1, 100, 101, 102)]
        assert [hit.id for hit in store.query("dense", vec(1, 0, 0), limit=3)] == [uid(n) for n in (1, 100, 101)]


def test_optimize_changes_no_result(filled: Store) -> None:
    legs: dict[Leg, Vector | SparseVector] = {"dense": vec(1, 2, 3), "bm25": terms(t2=1.0), "page": terms(t2=1.0)}
    assert set(legs) == set(get_args(Leg))
    before = {leg: filled.query(leg, vector, limit=9) for leg, vector in legs.items()}
    filled.optimize()
    assert {leg: filled.query(leg, vector, limit=9) for leg, vector in legs.items()} == before


def test_never_made(store: Store) -> None:
    assert store.manifest() is None
    assert store.ids() == store.report_ids() == set()
    assert store.query("dense", vec(1, 0, 0), limit=3) == []
    assert store.query("bm25", terms(t1=1.0), limit=3, reports=["a"]) == []
    store.delete_report("a")
    store.optimize()
    with pytest.raises(StoreError, match="report-rag reindex"):
        store.upsert([chunk(1, t1=1.0)])


def test_made_but_empty(store: Store) -> None:
    store.reset(MANIFEST, 3)
    assert store.manifest() == MANIFEST
    assert store.ids() == set()
    assert store.query("dense", vec(1, 0, 0), limit=3) == []
    assert store.query("page", terms(t1=1.0), limit=3) == []
    store.upsert([])
    store.optimize()


def test_reset_drops_points_and_changes_dimensions_and_manifest(filled: Store) -> None:
    assert filled.manifest() == MANIFEST
    other = Manifest((("model", "other"),))
    filled.reset(other, 2)
    assert (filled.manifest(), filled.ids()) == (other, set())
    filled.upsert([chunk(5, dense=vec(0, 1), t1=1.0)])
    assert filled.query("dense", vec(0, 1), limit=3) == [Hit(uid(5), "a", 0, 1.0)]


def test_other_dimensions_are_refused(filled: Store) -> None:
    with pytest.raises(IndexMismatchError, match=r"2 floats.*of 3.*report-rag reindex"):
        filled.upsert([chunk(5, dense=vec(0, 1), t1=1.0)])
    with pytest.raises(IndexMismatchError, match=r"4 floats"):
        filled.query("dense", vec(0, 1, 2, 3), limit=3)
    assert uid(5) not in filled.ids()


def test_a_point_without_legs_is_kept_but_not_found(filled: Store) -> None:
    filled.upsert([Point(uid(50), "e", 3), Point(uid(51), "e", 4, bm25=SparseVector((), ()))])
    assert filled.ids("e") == {uid(50), uid(51)}
    assert filled.query("dense", vec(1, 1, 1), limit=9, reports=["e"]) == []
    assert filled.query("bm25", terms(t4=1.0), limit=9)[0].score == pytest.approx(idf(4, 1), rel=1e-5)


@pytest.mark.parametrize(
    "point",
    [
        Point("not-a-uuid", "a", 0),
        Point(uid(1).replace("-", ""), "a", 0),
        Point(uid(1), "a", -1),
        Point(uid(1), "a", 0, dense=vec(1, float("nan"), 0)),
        Point(uid(1), "a", 0, bm25=SparseVector((2, 1), (1.0, 1.0))),
        Point(uid(1), "a", 0, bm25=SparseVector((1, 1), (1.0, 1.0))),
        Point(uid(1), "a", 0, bm25=SparseVector((1, 1 << 32), (1.0, 1.0))),
        Point(uid(1), "a", 0, page_terms=SparseVector((1,), (float("inf"),))),
        Point(uid(1), "a", 0, page_terms=SparseVector((1,), (1.0, 2.0))),
    ],
)
def test_malformed_points_are_refused_whole(filled: Store, point: Point) -> None:
    with pytest.raises(UsageError):
        filled.upsert([chunk(77, t1=1.0), point])
    assert uid(77) not in filled.ids()


def test_queries_of_the_wrong_kind_are_refused(filled: Store) -> None:
    with pytest.raises(UsageError, match="dense"):
        filled.query("dense", terms(t1=1.0), limit=3)
    with pytest.raises(UsageError, match="sparse"):
        filled.query("bm25", vec(1, 0, 0), limit=3)


def test_highest_term_id(store: Store) -> None:
    store.reset(MANIFEST, 3)
    top = SparseVector((0, (1 << 32) - 1), (1.0, 1.0))
    store.upsert([Point(uid(1), "a", 0, bm25=top)])
    assert [hit.id for hit in store.query("bm25", top, limit=1)] == [uid(1)]
