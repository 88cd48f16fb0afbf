from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import chunk_pages
from ingest.layout import arrange
from ingest.lines import Line
from rag.domain import Box, Page
from rag.text import width

REPORT = "9f2c41d0aa17b3e5"


def page_of(number: int, paragraphs: list[str]) -> Page:
    lines = [
        Line(text, Box(50, 40 * i, 550, 40 * i + 12), 10.0, False, i)
        for i, text in enumerate(paragraphs)
        if text.strip()
    ]
    text, blocks = arrange(lines)
    return Page(number, None, 600, 800, text, blocks)


words = st.text(alphabet="甲乙丙ab1 ，。.", min_size=1, max_size=120).map(str.strip).filter(bool)


@given(st.lists(st.lists(words, max_size=6), min_size=1, max_size=3), st.integers(20, 120))
def test_spans_rebuild_the_text_and_cover_the_page(pages: list[list[str]], size: int) -> None:
    made = [page_of(number, paragraphs) for number, paragraphs in enumerate(pages)]
    chunks = chunk_pages(REPORT, made, size)
    for page in made:
        own = [c for c in chunks if c.page == page.number]
        for chunk in own:
            assert [s.page for s in chunk.spans] == [page.number]
            assert "\n".join(page.text[s.start : s.end] for s in chunk.spans) == chunk.text
            assert width(chunk.text) <= size
        assert "".join("".join(c.text.split()) for c in own) == "".join(page.text.split())
    assert [c.position for c in chunks] == list(range(len(chunks)))
    assert len({c.id for c in chunks}) == len(chunks)


def test_chunks_hold_whole_sentences_and_stay_within_the_size() -> None:
    page = page_of(0, ["甲" * 19 + "。" + "乙" * 19 + "。" + "丙" * 19 + "。"])
    chunks = chunk_pages(REPORT, [page], 80)
    assert [c.text for c in chunks] == ["甲" * 19 + "。" + "乙" * 19 + "。", "丙" * 19 + "。"]


def test_the_same_pages_give_the_same_ids_and_another_report_others() -> None:
    page = page_of(0, ["免责声明：本报告仅供参考。"])
    once, again = chunk_pages(REPORT, [page], 200), chunk_pages(REPORT, [page], 200)
    other = chunk_pages("0" * 16, [page], 200)
    assert [c.id for c in once] == [c.id for c in again]
    assert once[0].id != other[0].id


def test_an_endless_sentence_is_cut() -> None:
    chunks = chunk_pages(REPORT, [page_of(0, ["甲" * 300])], 100)
    assert all(width(c.text) <= 100 for c in chunks)
    assert "".join(c.text for c in chunks) == "甲" * 300
