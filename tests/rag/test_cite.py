from hypothesis import given
from hypothesis import strategies as st

from rag.cite import Marker, parse_markers, parse_sentences, render_sentence, strip_markers

REPORT = "9f2c41d0aa17b3e5"


def test_both_forms_are_parsed() -> None:
    text = f"甲。 [page::0][page::3](report:{REPORT})"
    assert parse_markers(text) == [Marker(0), Marker(3, REPORT)]
    assert strip_markers(text) == "甲。"


def test_a_run_of_markers_closes_the_sentence_before_it() -> None:
    assert parse_sentences("甲。 [page::0][page::2]乙。 [page::1] 丙") == [
        ("甲。", (Marker(0), Marker(2))),
        ("乙。", (Marker(1),)),
        ("丙", ()),
    ]


def test_a_marker_before_the_closing_punctuation_is_read_as_after_it() -> None:
    assert parse_sentences("甲 [page::4]。乙。 [page::5]") == [("甲。", (Marker(4),)), ("乙。", (Marker(5),))]


markers = st.lists(
    st.builds(Marker, st.integers(0, 999_999), st.none() | st.just(REPORT)), min_size=1, max_size=4, unique=True
)


@given(st.lists(st.tuples(st.from_regex(r"[a-z甲乙]{1,9}[.。]", fullmatch=True), markers), min_size=1, max_size=5))
def test_markers_round_trip(sentences: list[tuple[str, list[Marker]]]) -> None:
    text = "".join(render_sentence(sentence, found) for sentence, found in sentences)
    assert parse_sentences(text) == [(sentence, tuple(found)) for sentence, found in sentences]


def test_doubled_markers_are_written_once() -> None:
    assert render_sentence("A.", [Marker(1), Marker(1)]) == "A. [page::1]"
