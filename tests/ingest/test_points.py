"""What is embedded and indexed of a report: encoders that keep the texts they are given."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from broker_report import BROKER

from ingest.chunk import chunk_pages, point_id
from ingest.layout import arrange
from ingest.lines import Line
from ingest.points import BATCH, Encoders, make_points
from ingest.regions import Region
from rag.domain import BlockKind, Box, Page, Point, SparseVector, Vector
from rag.text import width

CONTEXT = "青岚研究 电车的春天 2024-03-15"


@dataclass
class KeptTexts:
    """An embedder of two dimensions that keeps what it embeds."""

    texts: list[str] = field(default_factory=list)
    calls: int = 0
    dimensions: int = 2
    fingerprint: str = "kept"

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        self.calls += 1
        self.texts += texts
        return np.array([(len(text), 1) for text in texts], dtype=np.float32)

    def embed_query(self, text: str) -> Vector:
        return np.zeros(2, dtype=np.float32)


@dataclass
class KeptTerms:
    """A sparse encoder that keeps what it encodes: one term for each text, none for a text of the context alone."""

    texts: list[str] = field(default_factory=list)
    fingerprint: str = "kept"

    def encode_document(self, text: str) -> SparseVector:
        self.texts.append(text)
        return SparseVector((len(self.texts),), (1.0,))

    def encode_query(self, text: str) -> SparseVector:
        return SparseVector((), ())


def page_of(number: int, lines: Sequence[tuple[str, float]], regions: Sequence[Region] = ()) -> Page:
    """A page of (text, y) lines; a tab parts cells a hundred points apart."""
    cells = [(text, 50 + 100 * i, y) for row, y in lines for i, text in enumerate(row.split("\t"))]
    made = [
        Line(text, Box(x, y, x + 5 * width(text), y + 12), 10.0, False, at, place=at)
        for at, (text, x, y) in enumerate(cells)
    ]
    laid_out = arrange(made, regions)
    return Page(number, None, 600, 800, laid_out.text, laid_out.blocks, tables=laid_out.tables)


def marked(page: Page, index: int, kind: BlockKind) -> Page:
    blocks = tuple(replace(block, kind=kind) if at == index else block for at, block in enumerate(page.blocks))
    return replace(page, blocks=blocks)


def points_of(*pages: Page) -> tuple[list[Point], list[str], list[str], list[str]]:
    """All points, and the texts given to the embedder, the word encoder and the page encoder."""
    embedder, words, page_terms = KeptTexts(), KeptTerms(), KeptTerms()
    chunks = chunk_pages(BROKER.id, pages, 400)
    batches = list(make_points(BROKER, pages, chunks, Encoders(embedder, words, page_terms)))
    return [point for batch in batches for point in batch], embedder.texts, words.texts, page_terms.texts


PROSE = page_of(0, [("松河电机全年收入增长。", 100)])
TABLE = page_of(
    0,
    [("一、盈利预测", 40), ("表1：利润表", 70), ("单位：百万元", 96), ("项目\t2022A\t2023A", 122), ("收入\t1,234\t1,456", 138), ("成本\t800\t900", 154)],
    [Region("table", Box(46, 120, 400, 168), (136, 152), (140, 240))],
)  # fmt: skip


# --- chunks ----------------------------------------------------------------------------------------------------------


def test_a_chunk_is_embedded_and_indexed_below_its_report() -> None:
    points, embedded, indexed, _ = points_of(PROSE)
    assert embedded == indexed == [f"{CONTEXT}\n松河电机全年收入增长。"]
    _, chunk = points
    assert chunk.dense is not None
    assert chunk.dense.tolist() == [len(embedded[0]), 1]
    assert chunk.bm25 == SparseVector((1,), (1.0,))
    assert chunk.page_terms is None


def test_a_table_row_is_embedded_with_the_headings_of_its_figures() -> None:
    _, embedded, indexed, _ = points_of(TABLE)
    assert embedded == indexed
    assert embedded[-1] == "\n".join(
        [
            CONTEXT,
            "一、盈利预测",
            "表1：利润表",
            "单位：百万元",
            "收入 2022A 1,234 2023A 1,456",
            "成本 2022A 800 2023A 900",
        ]
    )


def test_a_table_that_goes_on_is_searched_by_the_headings_of_the_page_before() -> None:
    grid = Region("table", Box(46, 40, 400, 74), (57,), (140, 240))
    _, embedded, _, pages = points_of(TABLE, page_of(1, [("利润\t434\t556", 42), ("税\t43\t55", 60)], [grid]))
    assert embedded[-1].endswith("表1：利润表\n单位：百万元\n利润 2022A 434 2023A 556\n税 2022A 43 2023A 55")
    assert "2022A" not in pages[1]


def test_a_chunk_holds_the_path_of_its_headings() -> None:
    _, embedded, _, _ = points_of(page_of(0, [("一、电车", 60), ("松河电机全年收入增长。", 100)]))
    assert embedded[0].startswith(f"{CONTEXT}\n一、电车\n")
    assert embedded[0].endswith("\n松河电机全年收入增长。")


def test_chunks_come_in_batches() -> None:
    pages = [page_of(number, [(f"第{number}页的收入增长。", 100)]) for number in range(BATCH + 1)]
    embedder = KeptTexts()
    chunks = chunk_pages(BROKER.id, pages, 400)
    batches = list(make_points(BROKER, pages, chunks, Encoders(embedder, KeptTerms(), KeptTerms())))
    assert [len(batch) for batch in batches] == [BATCH + 1, BATCH, 1]
    assert embedder.calls == 2
    assert [point.id for batch in batches[1:] for point in batch] == [chunk.id for chunk in chunks]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_pages_come_first_and_are_found_by_their_text_below_the_report() -> None:
    points, _, _, pages = points_of(PROSE, page_of(1, [("电车交付加快。", 100)]))
    assert pages == [f"{CONTEXT}\n松河电机全年收入增长。", f"{CONTEXT}\n电车交付加快。"]
    assert [point.page_terms is not None for point in points] == [True, True, False, False]
    first = points[0]
    assert (first.id, first.report_id, first.page) == (point_id(BROKER.id, 0, "page"), BROKER.id, 0)
    assert first.dense is None
    assert first.bm25 is None
    assert len({point.id for point in points}) == len(points)


def test_furniture_and_notices_are_not_searched() -> None:
    page = page_of(0, [("青岚研究周报", 30), ("松河电机全年收入增长。", 100), ("本报告不构成建议。", 700)])
    _, embedded, indexed, pages = points_of(marked(marked(page, 0, "furniture"), 2, "notice"))
    assert embedded == indexed == [f"{CONTEXT}\n松河电机全年收入增长。"]
    assert pages == [f"{CONTEXT}\n松河电机全年收入增长。"]


def test_a_page_without_evidence_is_not_found() -> None:
    notice = marked(page_of(1, [("本报告不构成建议。", 100)]), 0, "notice")
    points, _, _, pages = points_of(PROSE, notice, page_of(2, []))
    assert {point.page for point in points} == {0}
    assert len(pages) == 1


def test_nothing_to_search_makes_no_points() -> None:
    assert points_of()[0] == []


def test_what_is_unknown_of_a_report_is_left_out() -> None:
    bare = replace(BROKER, publisher=None, published=None)
    words = KeptTerms()
    list(make_points(bare, [PROSE], chunk_pages(bare.id, [PROSE], 400), Encoders(KeptTexts(), words, KeptTerms())))
    assert words.texts == ["电车的春天\n松河电机全年收入增长。"]
