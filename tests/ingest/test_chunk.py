"""Pages laid out from lines set by hand, and the chunks they are cut to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import chunk_pages, point_id
from ingest.drawings import Drawings
from ingest.layout import arrange
from ingest.lines import Line
from ingest.regions import Region
from rag.domain import NO_EVIDENCE, Box, Chunk, Grid, Page
from rag.text import width

REPORT = "9f2c41d0aa17b3e5"
LARGE = 10_000


# --- pages -----------------------------------------------------------------------------------------------------------


@dataclass
class Sheet:
    """Fills a page from the top; `page` lays it out."""

    lines: list[Line] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    paths: list[Box] = field(default_factory=list)
    top: float = 50.0

    def add(self, text: str, x0: float = 50.0, *, size: float = 10.0, right: float | None = None) -> None:
        """A line in a block of its own, at the present height."""
        box = Box(x0, self.top, x0 + 5 * width(text) if right is None else right, self.top + 12)
        self.lines.append(Line(text, box, size, False, len(self.lines), place=len(self.lines)))

    def text(self, *paragraphs: str) -> "Sheet":
        for paragraph in paragraphs:
            self.add(paragraph, right=550)
            self.top += 30
        return self

    def heading(self, text: str, size: float = 14.0) -> "Sheet":
        self.add(text, size=size)
        self.top += 30
        return self

    def line(self, text: str) -> "Sheet":
        self.add(text)
        self.top += 26
        return self

    def table(self, *rows: Sequence[str]) -> "Sheet":
        """A table whose columns begin two hundred points apart; "" leaves one empty."""
        count, first = max(len(row) for row in rows), self.top
        for row in rows:
            for column, text in enumerate(row):
                if text:
                    self.add(text, 50 + 200 * column)
            self.top += 16
        box = Box(48, first - 2, 48 + 200 * count, self.top - 2)
        grid = tuple(first - 2 + 16 * i for i in range(1, len(rows)))
        self.regions.append(Region("table", box, grid, tuple(48.0 + 200 * i for i in range(1, count))))
        self.top += 8
        return self

    def figure(self, title: str, *labels: str) -> "Sheet":
        """A title, three bars, labels one below the other among them, and a source."""
        self.line(title)
        height = 26 * len(labels) + 60
        self.paths += [Box(50 + 60 * i, self.top, 90 + 60 * i, self.top + height) for i in range(3)]
        for label in labels:
            self.add(label, 60)
            self.top += 26
        self.top += 80
        return self.line("资料来源：青岚")

    def page(self, number: int = 0) -> Page:
        made = arrange(self.lines, self.regions, Drawings((), tuple(self.paths)))
        tables, figures = made.tables, made.figures
        return Page(number, None, 600, 800, made.text, made.blocks, tables=tables, figures=figures)


def marked(page: Page, kind: Literal["furniture", "notice"], *texts: str) -> Page:
    """The page with the blocks of these texts marked."""
    return replace(
        page,
        blocks=tuple(replace(b, kind=kind) if page.text[b.start : b.end] in texts else b for b in page.blocks),
    )


def chunks_of(*pages: Page, size: int = LARGE) -> list[Chunk]:
    return chunk_pages(REPORT, pages, size)


def tables_of(*pages: Page, size: int = LARGE) -> list[tuple[Chunk, Grid]]:
    return [(chunk, chunk.grid) for chunk in chunks_of(*pages, size=size) if chunk.grid is not None]


def texts(page: Page, chunk: Chunk, *, added: bool) -> list[str]:
    return [page.text[span.start : span.end] for span in chunk.spans if span.added is added]


PROSE = "松河电机全年收入增长，毛利率保持稳定。"
HEADER = ("项目", "2022A", "2023A")
ROWS = [("收入", "1,234", "1,456"), ("成本", "800", "900"), ("利润", "(434)", "556")]


# --- laws ------------------------------------------------------------------------------------------------------------

words = st.text(alphabet="甲乙丙ab1 ，。.", min_size=1, max_size=120).map(str.strip).filter(bool)
cells = st.sampled_from(["", "收入", "Cash", "1,234", "(5.1%)", "2023A", "--"])
rows = st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), min_size=1, max_size=6)
Step = Callable[[Sheet], object]
steps = st.one_of(
    words.map(lambda text: lambda sheet: sheet.text(text)),
    st.sampled_from(["一、要点", "盈利预测"]).map(lambda text: lambda sheet: sheet.heading(text)),
    st.sampled_from(["表1：预测", "单位：元", "资料来源：青岚"]).map(lambda text: lambda sheet: sheet.line(text)),
    rows.map(lambda made: lambda sheet: sheet.table(*made)),
    st.lists(cells.filter(bool), max_size=5).map(lambda labels: lambda sheet: sheet.figure("图1：电车", *labels)),
)


@st.composite
def reports(draw: st.DrawFn) -> list[Page]:
    """Up to three pages of text, tables and figures, some blocks of which are furniture or notices."""
    pages = []
    for number in range(draw(st.integers(1, 3))):
        sheet = Sheet()
        for step in draw(st.lists(steps, max_size=6)):
            step(sheet)
        page = sheet.page(number)
        free = [i for i in range(len(page.blocks)) if i not in tied(page)]
        for index in draw(st.lists(st.sampled_from(free), max_size=3)) if free else ():
            kind = draw(st.sampled_from(sorted(NO_EVIDENCE)))
            blocks = (*page.blocks[:index], replace(page.blocks[index], kind=kind), *page.blocks[index + 1 :])
            page = replace(page, blocks=blocks)
        pages.append(page)
    return pages


def tied(page: Page) -> set[int]:
    """Blocks of tables and figures."""
    found = {i for t in page.tables for i in (*t.header, *t.rows, t.title, t.unit, t.source) if i is not None}
    return found | {i for f in page.figures for i in (*f.parts, f.title, f.source) if i is not None}


@given(reports(), st.integers(20, 200))
def test_spans_rebuild_the_text_of_one_page(pages: list[Page], size: int) -> None:
    for chunk in chunks_of(*pages, size=size):
        page = pages[chunk.page]
        assert {span.page for span in chunk.spans} == {chunk.page}
        assert "\n".join(page.text[span.start : span.end] for span in chunk.spans) == chunk.text
        assert all(span.boxes for span in chunk.spans)


@given(reports(), st.integers(20, 200))
def test_evidence_is_in_exactly_one_chunk_and_nothing_else_is(pages: list[Page], size: int) -> None:
    made = chunks_of(*pages, size=size)
    for page in pages:
        own = [0] * len(page.text)
        repeated = [0] * len(page.text)
        for span in (span for chunk in made if chunk.page == page.number for span in chunk.spans):
            for at in range(span.start, span.end):
                (repeated if span.added else own)[at] += 1
        for block in page.blocks:
            for at in range(block.start, block.end):
                if page.text[at].isspace():
                    continue
                assert own[at] == (block.kind not in NO_EVIDENCE)
                assert not (repeated[at] and block.kind in NO_EVIDENCE)


@given(reports(), st.integers(20, 200))
def test_ids_are_stable_and_positions_count(pages: list[Page], size: int) -> None:
    made = chunks_of(*pages, size=size)
    assert made == chunks_of(*pages, size=size)
    assert len({chunk.id for chunk in made}) == len(made)
    assert [chunk.position for chunk in made] == list(range(len(made)))
    assert [chunk.page for chunk in made] == sorted(chunk.page for chunk in made)
    last = [chunk.id for chunk in made if chunk.page == len(pages) - 1]
    assert last == [chunk.id for chunk in chunks_of(pages[-1], size=size)]


@given(reports(), st.integers(20, 200))
def test_texts_stay_within_the_size(pages: list[Page], size: int) -> None:
    assert all(width(chunk.text) <= size for chunk in chunks_of(*pages, size=size) if chunk.kind == "text")


def test_wide_gaps_between_sentences_count() -> None:
    sheet = Sheet()
    sheet.text("Eleven words. " + " " * 9 + "Nine more.")
    assert all(width(chunk.text) <= 26 for chunk in chunks_of(sheet.page(0), size=26))


@given(reports(), st.integers(20, 200))
def test_grids_hold_the_cells_of_the_rows(pages: list[Page], size: int) -> None:
    made = chunks_of(*pages, size=size)
    for page in pages:
        grids = [chunk.grid for chunk in made if chunk.page == page.number and chunk.grid is not None]
        assert all(len(row) == len(grid.columns) for grid in grids for row in grid.rows)
        found = [[cell for cell in row if cell] for grid in grids for row in grid.rows]
        read = [
            [page.text[piece.start : piece.end] for piece in page.blocks[i].pieces]
            for table in page.tables
            for i in table.rows
        ]
        if not any(table.groups for table in page.tables):
            assert found == read


# --- text ------------------------------------------------------------------------------------------------------------


def test_chunks_hold_whole_sentences_and_stay_within_the_size() -> None:
    page = Sheet().text("甲" * 18 + "。" + "乙" * 18 + "。" + "丙" * 18 + "。").page()
    made = chunks_of(page, size=80)
    assert [chunk.text for chunk in made] == ["甲" * 18 + "。" + "乙" * 18 + "。", "丙" * 18 + "。"]


def test_another_report_has_other_ids() -> None:
    page = Sheet().text(PROSE).page()
    assert chunk_pages(REPORT, [page], LARGE)[0].id != chunk_pages("0" * 16, [page], LARGE)[0].id


def test_an_id_tells_report_page_and_ranges() -> None:
    page = Sheet().text(PROSE).page(3)
    (chunk,) = chunks_of(page)
    assert chunk.id == point_id(REPORT, 3, f"0-{len(PROSE)}")


def test_an_endless_sentence_is_cut() -> None:
    made = chunks_of(Sheet().text("甲" * 300).page(), size=100)
    assert all(width(chunk.text) <= 100 for chunk in made)
    assert "".join(chunk.text for chunk in made) == "甲" * 300


def test_a_heading_begins_a_new_chunk_where_the_last_is_filled() -> None:
    page = Sheet().text(PROSE).heading("盈利预测").text(PROSE).page()
    assert [chunk.text for chunk in chunks_of(page, size=80)] == [PROSE, f"盈利预测\n{PROSE}"]
    assert len(chunks_of(page, size=400)) == 1


def test_no_chunk_joins_what_furniture_parts() -> None:
    page = marked(Sheet().text("甲线增长。", "青岚研究", "乙线增长。").page(), "furniture", "青岚研究")
    (chunk,) = chunks_of(page)
    assert chunk.text == "甲线增长。\n乙线增长。"
    assert len(chunk.spans) == 2


def test_a_page_of_notices_has_no_chunk() -> None:
    page = marked(Sheet().text("免责声明", "本报告不构成建议。").page(), "notice", "免责声明", "本报告不构成建议。")
    assert chunks_of(page) == []


# --- the path of headings --------------------------------------------------------------------------------------------


def test_the_path_holds_the_headings_above_over_pages() -> None:
    first = Sheet().heading("一、电车", 16).text(PROSE).page(0)
    second = Sheet().text(PROSE).heading("（一）北线", 14).text(PROSE).heading("二、站点", 16).text(PROSE).page(1)
    made = chunks_of(first, second, size=44)
    assert [(chunk.page, chunk.path) for chunk in made if PROSE in chunk.text] == [
        (0, ("一、电车",)),
        (1, ("一、电车",)),
        (1, ("一、电车", "（一）北线")),
        (1, ("二、站点",)),
    ]


def test_a_heading_that_is_furniture_is_in_no_path() -> None:
    page = marked(Sheet().heading("青岚研究", 16).text(PROSE).page(), "furniture", "青岚研究")
    assert [chunk.path for chunk in chunks_of(page)] == [()]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_a_table_is_a_chunk_with_its_title_unit_and_source() -> None:
    sheet = (
        Sheet().text(PROSE).line("表1：盈利预测").line("单位：百万元").table(HEADER, *ROWS).line("资料来源：青岚研究")
    )
    text, table = chunks_of(sheet.text(PROSE).page())[:2]
    assert (text.kind, text.text, text.grid) == ("text", PROSE, None)
    assert table.kind == "table"
    assert table.text.split("\n") == [
        "表1：盈利预测",
        "单位：百万元",
        "项目\t2022A\t2023A",
        "收入\t1,234\t1,456",
        "成本\t800\t900",
        "利润\t(434)\t556",
        "资料来源：青岚研究",
    ]
    assert not any(span.added for span in table.spans)
    assert table.grid == Grid("表1：盈利预测", "单位：百万元", HEADER, tuple(ROWS))


def test_later_parts_of_a_table_repeat_title_unit_and_header_as_added() -> None:
    sheet = Sheet().line("表1：盈利预测").line("单位：百万元").table(HEADER, *ROWS).line("资料来源：青岚研究")
    page = sheet.page()
    first, *later = chunks_of(page, size=70)
    assert not any(span.added for span in first.spans)
    assert later
    for chunk in later:
        assert texts(page, chunk, added=True) == ["表1：盈利预测\n单位：百万元\n项目\t2022A\t2023A"]
        assert chunk.grid is not None
        assert (chunk.grid.title, chunk.grid.unit, chunk.grid.columns) == ("表1：盈利预测", "单位：百万元", HEADER)
        assert not chunk.grid.inherited
    assert texts(page, later[-1], added=False)[-1].endswith("资料来源：青岚研究")
    grids = [chunk.grid.rows for chunk in (first, *later) if chunk.grid is not None]
    assert [row for rows in grids for row in rows] == ROWS


def test_a_heading_over_a_table_stays_in_the_text_and_is_added_to_the_table() -> None:
    page = Sheet().text(PROSE).heading("盈利预测").table(HEADER, *ROWS).page()
    text, table = chunks_of(page)
    assert text.text == f"{PROSE}\n盈利预测"
    assert texts(page, table, added=True) == ["盈利预测"]
    assert table.path == ("盈利预测",)
    assert table.grid is not None
    assert table.grid.title == "盈利预测"


def test_empty_columns_are_left_out_of_the_grid() -> None:
    page = Sheet().table(("项目", "", "2023A"), ("收入", "", "1,456"), ("成本", "", "900")).page()
    ((_, grid),) = tables_of(page)
    assert grid.columns == ("项目", "2023A")
    assert grid.rows == (("收入", "1,456"), ("成本", "900"))


def test_an_empty_cell_stays_empty() -> None:
    page = Sheet().table(HEADER, ("收入", "", "1,456"), ("成本", "800", "")).page()
    ((_, grid),) = tables_of(page)
    assert grid.rows == (("收入", "", "1,456"), ("成本", "800", ""))


def test_group_labels_are_filled_in() -> None:
    page = (
        Sheet()
        .table(
            ("线路", "站点", "电车"), ("北线", "甲站", "1"), ("", "乙站", "2"), ("南线", "丙站", "3"), ("", "丁站", "4")
        )
        .page()
    )
    ((chunk, grid),) = tables_of(page)
    assert grid.rows == (("北线", "甲站", "1"), ("北线", "乙站", "2"), ("南线", "丙站", "3"), ("南线", "丁站", "4"))
    assert chunk.text.split("\n")[2] == "乙站\t2"


def test_a_unit_among_the_headings_is_the_unit_of_the_grid() -> None:
    page = Sheet().table(("百万元", "2022A", "2023A"), *ROWS).page()
    ((_, grid),) = tables_of(page)
    assert grid.unit == "百万元"


# --- tables that go on -----------------------------------------------------------------------------------------------


def first_half() -> Sheet:
    return Sheet().text(PROSE).line("表1：盈利预测").line("单位：百万元").table(HEADER, *ROWS)


def test_a_table_that_goes_on_inherits_title_unit_and_columns() -> None:
    second = Sheet().table(*ROWS[:2]).text(PROSE).page(1)
    _, (chunk, grid) = tables_of(first_half().page(0), second)
    assert grid == Grid("表1：盈利预测", "单位：百万元", HEADER, tuple(ROWS[:2]), inherited=True)
    assert chunk.text == "收入\t1,234\t1,456\n成本\t800\t900"
    assert {span.page for span in chunk.spans} == {1}


def test_a_table_that_repeats_its_header_inherits_title_and_unit() -> None:
    second = Sheet().table(HEADER, *ROWS[:2]).page(1)
    _, (chunk, grid) = tables_of(first_half().page(0), second)
    assert (grid.title, grid.unit, grid.columns, grid.inherited) == ("表1：盈利预测", "单位：百万元", HEADER, True)
    assert "盈利预测" not in chunk.text
    assert "百万元" not in chunk.text


def test_a_table_with_another_header_goes_on_from_none() -> None:
    second = Sheet().table(("城市", "站点", "员工"), ("北港", "12", "345"), ("南港", "6", "78")).page(1)
    _, (_, grid) = tables_of(first_half().page(0), second)
    assert (grid.title, grid.unit, grid.inherited) == ("", "", False)


def test_running_headers_do_not_part_a_table() -> None:
    first = marked(first_half().text("第一页").page(0), "furniture", "第一页")
    second = marked(Sheet().text("青岚研究").table(*ROWS[:2]).page(1), "furniture", "青岚研究")
    assert [grid.inherited for _, grid in tables_of(first, second)] == [False, True]


def test_a_source_below_the_first_part_does_not_part_a_table() -> None:
    first = first_half().line("资料来源：青岚研究").page(0)
    assert [grid.inherited for _, grid in tables_of(first, Sheet().table(*ROWS[:2]).page(1))] == [False, True]


def test_a_table_inherits_nothing_across_text_another_title_or_another_width() -> None:
    first = first_half()
    others = {
        "text before": Sheet().text(PROSE).table(*ROWS[:2]),
        "a title": Sheet().line("表2：资产负债").table(*ROWS[:2]),
        "fewer columns": Sheet().table(("收入", "1,234"), ("成本", "800")),
    }
    for sheet in others.values():
        assert [grid.inherited for _, grid in tables_of(first.page(0), sheet.page(1))] == [False, False]
    ended = first_half().text(PROSE).page(0)
    assert [grid.inherited for _, grid in tables_of(ended, Sheet().table(*ROWS[:2]).page(1))] == [False, False]


def test_a_table_over_three_pages_inherits_from_the_first() -> None:
    pages = [first_half().page(0), Sheet().table(*ROWS[:2]).page(1), Sheet().table(*ROWS[1:]).page(2)]
    assert [grid.columns for _, grid in tables_of(*pages)] == [HEADER] * 3
    repeated = [first_half().page(0), Sheet().table(HEADER, *ROWS).page(1), Sheet().table(HEADER, *ROWS).page(2)]
    assert [(grid.title, grid.unit) for _, grid in tables_of(*repeated)] == [("表1：盈利预测", "单位：百万元")] * 3


# --- figures ---------------------------------------------------------------------------------------------------------


def test_a_figure_is_a_chunk_of_its_title_and_labels() -> None:
    page = Sheet().text(PROSE).figure("图表1：电车交付", "北线", "南线").text(PROSE).page()
    before, figure, after = chunks_of(page)
    assert (before.kind, figure.kind, after.kind) == ("text", "figure", "text")
    assert figure.text == "图表1：电车交付\n北线\n南线\n资料来源：青岚"
    assert not any(span.added for span in figure.spans)
    assert figure.grid is None


def test_later_parts_of_a_figure_repeat_its_title_as_added() -> None:
    page = Sheet().figure("图表1：电车交付", *(f"第{i}条线路" for i in "一二三四")).page()
    first, *later = chunks_of(page, size=40)
    assert first.text.startswith("图表1：电车交付\n第一条线路")
    assert later
    assert all(texts(page, chunk, added=True) == ["图表1：电车交付"] for chunk in later)


# --- what is no evidence ---------------------------------------------------------------------------------------------


def test_a_table_of_notices_is_in_no_chunk() -> None:
    page = Sheet().table(("评级", "含义", "区间"), ("增持", "优于同业", "15%"), ("减持", "劣于同业", "5%")).page()
    assert chunks_of(marked(page, "notice", *page.text.split("\n"))) == []


def test_a_figure_of_notices_is_in_no_chunk() -> None:
    page = Sheet().figure("图1：评级分布", "增持", "减持").page()
    assert chunks_of(marked(page, "notice", *page.text.split("\n"))) == []


def test_a_running_header_is_the_title_of_no_table() -> None:
    page = marked(Sheet().heading("青岚研究").table(HEADER, *ROWS).page(), "furniture", "青岚研究")
    ((chunk, grid),) = tables_of(page)
    assert grid.title == ""
    assert "青岚研究" not in chunk.text
