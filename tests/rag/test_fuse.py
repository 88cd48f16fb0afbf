from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Hit
from rag.fuse import Boost, RankedLeg, fuse

A, B = "a" * 16, "b" * 16


def leg(name: str, hits: list[Hit], weight: float = 1.0, *, best: float | None = None) -> RankedLeg:
    return RankedLeg(name, hits, weight, name != "page", best)


def test_scores_are_scaled_weighted_and_added() -> None:
    dense = leg("dense", [Hit("c1", A, 0, 0.9), Hit("c2", B, 1, 0.8), Hit("c3", A, 2, 0.7)], 0.5)
    page = leg("page", [Hit("p1", B, 1, 12.0), Hit("p2", A, 0, 2.0)])
    pages = fuse([dense, page])
    assert [(p.key, round(p.score, 6)) for p in pages] == [((B, 1), 1.25), ((A, 0), 0.5), ((A, 2), 0.0)]
    assert pages[0].chunks == ("c2",)
    assert [(s.leg, s.rank, round(s.share, 6)) for s in pages[0].legs] == [("dense", 2, 0.25), ("page", 1, 1.0)]


def test_a_page_counts_once_a_leg_with_its_best_chunk() -> None:
    dense = leg("dense", [Hit("c1", A, 0, 3.0), Hit("c2", A, 0, 2.0), Hit("c3", B, 0, 1.0)])
    assert fuse([dense])[0].score == 1.0
    assert fuse([dense])[0].chunks == ("c1", "c2")


def test_a_score_known_to_be_better_makes_all_hits_count_less() -> None:
    found = [Hit("c1", A, 0, 3.0), Hit("c2", B, 0, 1.0)]
    assert [p.score for p in fuse([leg("across", found, best=5.0)])] == [0.5, 0.0]
    assert [p.score for p in fuse([leg("across", found, best=2.0)])] == [1.0, 0.0]


def test_a_boost_is_explained() -> None:
    page = leg("page", [Hit("p1", A, 0, 2.0), Hit("p2", B, 0, 1.0)], 0.25)
    pages = fuse([page], [Boost("publisher", {B: 0.6})])
    assert [(p.key[0], p.score) for p in pages] == [(B, 0.6), (A, 0.25)]
    assert pages[0].legs[-1].leg == "publisher"


hits = st.lists(
    st.builds(Hit, st.sampled_from("cdefgh"), st.sampled_from([A, B]), st.integers(0, 2), st.floats(0, 9)),
    max_size=8,
    unique_by=lambda hit: hit.id,
)


@given(hits, hits, st.randoms())
def test_the_order_of_the_input_does_not_matter(one: list[Hit], other: list[Hit], random) -> None:  # type: ignore[no-untyped-def]
    before = fuse([leg("dense", one), leg("page", other)])
    random.shuffle(one)
    random.shuffle(other)
    assert fuse([leg("page", other), leg("dense", one)]) == before
