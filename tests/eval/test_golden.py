"""Golden rows against a page set by hand: what counts as the same cell, and the scores worked out by hand."""

import hashlib
import json
from pathlib import Path

import pymupdf
import pytest

from eval.golden import (
    Golden,
    RowScore,
    encode,
    load_golden,
    main,
    our_rows,
    pdfs_by_id,
    plain,
    score,
    score_page,
    score_stock,
)
from ingest.layout import arrange
from ingest.lines import Line
from ingest.regions import Region
from rag.domain import Box, Page
from rag.text import width


def page_of(*rows: tuple[str, ...]) -> Page:
    """A page that is one table; "" leaves a cell empty."""
    lines = [
        Line(text, Box(50 + 100 * c, 100 + 16 * r, 50 + 100 * c + 5 * width(text), 112 + 16 * r), 10.0, False, 0)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    ]
    count = max(map(len, rows))
    box = Box(46, 98, 46 + 100 * count, 98 + 16 * len(rows))
    grid = Region(
        "table", box, tuple(98.0 + 16 * r for r in range(1, len(rows))), tuple(46.0 + 100 * c for c in range(1, count))
    )
    made = arrange(lines, [grid])
    return Page(0, None, 600, 800, made.text, made.blocks, tables=made.tables)


def golden(columns: tuple[str, ...], *rows: tuple[str, ...]) -> Golden:
    return Golden("a" * 16, 0, tuple(map(encode, columns)), tuple(tuple(map(encode, row)) for row in rows))


COLUMNS = ("项目", "2022A", "2023A")
PAGE = page_of(COLUMNS, ("收入", "1,234", "1,456"), ("成本", "(800)", "--"))


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("1,234", "1,234"),
        (" 1 234 ", "1234"),
        ("（１２．５％）", "(12.5%)"),
        ("—", "-"),
        ("–5.1", "-5.1"),
        ("－", "-"),
        ("Trams’ share", "Trams'share"),
        ("“A”", '"A"'),
        ("¥12", "￥12"),
        ("单 位：元", "单位:元"),
        ("", ""),
    ],
)
def test_what_print_and_text_layer_differ_in_does_not_count(printed: str, read: str) -> None:
    assert plain(printed) == read
    assert plain(plain(printed)) == read


def test_figures_stay_and_words_become_hashes() -> None:
    assert encode("1,234") == "1,234"
    assert encode(" (5.1%) ") == "(5.1%)"
    assert encode("") == ""
    assert encode("Trams") == "#" + hashlib.sha256(b"Trams").hexdigest()[:12]
    assert encode("2023A") == "#" + hashlib.sha256(b"2023A").hexdigest()[:12]


def test_words_that_look_alike_have_one_hash() -> None:
    assert encode("营业 收入") == encode("营业收入")
    assert encode("Trams—sold") == encode("Trams-sold")
    assert encode("收入") != encode("成本")


# --- rows ------------------------------------------------------------------------------------------------------------


def test_our_rows_have_each_cell_with_its_heading() -> None:
    assert our_rows(PAGE) == [
        (["项目", "2022A", "2023A"], ["项目", "2022A", "2023A"]),
        (["收入", "1,234", "1,456"], ["项目", "2022A", "2023A"]),
        (["成本", "(800)", "--"], ["项目", "2022A", "2023A"]),
    ]


def test_rows_read_exactly() -> None:
    rows = golden(COLUMNS, ("收入", "1,234", "1,456"), ("成本", "(800)", "--"))
    assert score_page(rows, PAGE) == RowScore(rows=2, exact=2, lost_figures=0, headed=4, cells=4)


def test_a_wrong_cell_makes_the_row_wrong_and_loses_its_figure() -> None:
    rows = golden(COLUMNS, ("收入", "1,234", "1,457"), ("成本", "(800)", "--"))
    assert score_page(rows, PAGE) == RowScore(rows=2, exact=1, lost_figures=1, headed=2, cells=2)


def test_a_row_that_is_not_there_loses_its_figures() -> None:
    assert score_page(golden(COLUMNS, ("利润", "434", "556")), PAGE) == RowScore(1, 0, 2, 0, 0)


def test_figures_in_another_row_are_not_lost() -> None:
    assert score_page(golden(COLUMNS, ("收入", "(800)", "1,456")), PAGE) == RowScore(1, 0, 0, 0, 0)


def test_a_wrong_heading_does_not_count_as_headed() -> None:
    rows = golden(("项目", "2021A", "2023A"), ("收入", "1,234", "1,456"))
    assert score_page(rows, PAGE) == RowScore(1, 1, 0, headed=1, cells=2)


def test_empty_cells_do_not_count() -> None:
    page = page_of(COLUMNS, ("收入", "", "1,456"), ("成本", "800", ""))
    rows = golden(COLUMNS, ("收入", "", "1,456"), ("成本", "800", ""))
    assert score_page(rows, page) == RowScore(2, 2, 0, headed=2, cells=2)


def test_rows_alike_in_two_tables_keep_their_headings() -> None:
    twice = page_of(
        COLUMNS,
        ("收入", "1", "2"),
        ("成本", "3", "4"),
        ("项目", "2020A", "2021A"),
        ("收入", "1", "2"),
        ("成本", "3", "4"),
    )
    assert score_page(golden(COLUMNS, ("收入", "1", "2")), twice) == RowScore(1, 1, 0, headed=2, cells=2)


def test_a_page_without_tables_has_none_of_the_rows() -> None:
    empty = Page(0, None, 600, 800, "", ())
    assert score_page(golden(COLUMNS, ("收入", "1,234", "1,456")), empty) == RowScore(1, 0, 2)


def test_stock_rows_are_scored_alike() -> None:
    rows = golden(COLUMNS, ("收入", "", "1,456"), ("成本", "800", "900"))
    assert score_stock(rows, [["收 入", "1,456"], ["成本", "900", "800"]]) == 1
    assert score_stock(rows, []) == 0


# --- files -----------------------------------------------------------------------------------------------------------


def write_pdf(path: Path, *rows: tuple[str, ...]) -> str:
    """A PDF of one ruled table; gives its report id."""
    with pymupdf.open() as document:
        page = document.new_page()
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                page.insert_text((70 + 150 * c, 100 + 20 * r), text, fontsize=10)
        for r in range(len(rows) + 1):
            page.draw_line((60, 86 + 20 * r), (500, 86 + 20 * r))
        document.save(path, no_new_id=True)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def write_golden(path: Path, report: str, *rows: tuple[str, ...]) -> Path:
    header, *body = rows
    line = {
        "report": report,
        "page": 0,
        "columns": [encode(text) for text in header],
        "rows": [[encode(text) for text in row] for row in body],
    }
    path.write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    return path


ROWS = (("Item", "2022A", "2023A"), ("Trams", "1,234", "1,456"), ("Depots", "800", "900"), ("Staff", "434", "556"))


def test_golden_rows_come_back_from_their_file(tmp_path: Path) -> None:
    (one,) = load_golden(write_golden(tmp_path / "g.jsonl", "b" * 16, *ROWS))
    assert (one.report, one.page) == ("b" * 16, 0)
    assert one.columns == tuple(map(encode, ROWS[0]))
    assert one.rows[0] == (encode("Trams"), "1,234", "1,456")


def test_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    report = write_pdf(tmp_path / "renamed.PDF", *ROWS)
    write_pdf(tmp_path / "other.pdf", *ROWS[:2])
    (tmp_path / "notes.txt").write_bytes((tmp_path / "renamed.PDF").read_bytes())
    assert pdfs_by_id(tmp_path, [report, "c" * 16]) == {report: tmp_path / "renamed.PDF"}


def test_the_score_counts_the_pages_whose_file_is_there(tmp_path: Path) -> None:
    report = write_pdf(tmp_path / "a.pdf", *ROWS)
    (one,) = load_golden(write_golden(tmp_path / "g.jsonl", report, *ROWS))
    missing = Golden("c" * 16, 0, one.columns, one.rows)
    assert score([one, missing], {report: tmp_path / "a.pdf"}, "always") == RowScore(3, 3, 0, headed=6, cells=6)
    assert score([one], {report: tmp_path / "a.pdf"}, "never") == RowScore(3, 0, 6)


def test_the_command_tells_both_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = write_pdf(tmp_path / "a.pdf", *ROWS)
    path = write_golden(tmp_path / "g.jsonl", report, *ROWS)
    assert main([str(path), "--pdfs", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("rows 3 on 1 pages\nours (auto): exact 3 (100.0%), figures lost 0, ")
    assert "cells under the heading as read 6 of 6\n" in told
    assert f"pymupdf4llm {pymupdf.__version__}: exact " in told


def test_a_missing_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_golden(tmp_path / "g.jsonl", "c" * 16, *ROWS)
    assert main([str(path), "--pdfs", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("rows 0 on 1 pages\n")
