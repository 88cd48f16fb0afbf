"""The checker against small PDFs drawn here: what stands on the page, what does not, and what only looks so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymupdf
import pytest

from eval.check import CheckResult, Fault, PdfPages, check_answers, check_text, page_numbers, sentence_numbers
from rag.errors import UsageError

Fixture = Any
ONE, TWO = "1" * 16, "2" * 16


def _one_page(text: str) -> Any:
    return lambda report_id, page: text if page == 0 else None


def _found(sentence: str, page: str) -> tuple[int, int]:
    """(numbers, numbers found) of a sentence that cites page 0 with this text."""
    result = check_text(f"{sentence} [page::0]", _one_page(page))
    return result.numbers, result.numbers_found


@pytest.mark.parametrize(
    ("sentence", "page", "numbers", "found"),
    [
        ("Sales were 15.2 in 2024.", "sales 15.2 (2024)", 2, 2),
        ("Sales were 15.3 in 2024.", "sales 15.2 (2024)", 2, 1),
        ("A share of 15%.", "in 2015 and 151, 15.4 and 3.15", 1, 0),
        ("A share of 15%.", "about 15.", 1, 1),
        ("A share of 15%.", "3.15\n15", 1, 1),
        ("It is 1,234,567.", "1234567", 1, 1),
        ("It is 1234567.", "1,234,567", 1, 1),
        ("It is 234.", "1,234", 1, 0),
        ("In 2023,2024.", "2023 2024", 2, 2),
        ("It is 15.20.", "15.2", 1, 1),
        ("It is 15.", "15.0", 1, 1),
        ("It is 0.", "0.00", 1, 1),
        ("It is 150.", "15", 1, 0),
        ("It is 15.", "1.5e1", 1, 0),
        ("On 7 May.", "2025-05-07", 1, 1),
        ("On 2025.07.15.", "2025.7.15", 1, 1),
        ("On 2025.07.16.", "2025.7.15", 1, 0),
        ("On 15 July 2025.", "2025.07.15", 2, 2),
        ("增长１２．５％。", "增长12.5%", 1, 1),
        ("增长12.5%。", "增长１２．５％", 1, 1),
        ("共１，２３４家。", "1234家", 1, 1),
        ("占比15，200家。", "占比15%，200家", 2, 2),
        ("下降5.1%。", "-5.1%", 1, 1),
        ("An area of 12 m².", "12 m2", 1, 1),
        ("It is 15 million.", "see note ①15 million", 1, 1),
        ("It is 115 million.", "see note ①15 million", 1, 0),
        ("No number here.", "15", 0, 0),
    ],
)
def test_numbers(sentence: str, page: str, numbers: int, found: int) -> None:
    assert _found(sentence, page) == (numbers, found)


@pytest.mark.parametrize(
    ("number", "page", "found"),
    [
        ("1,234.5", "1,2\n34.5", 1),
        ("1,234.5", "1,\n234.5", 1),
        ("12.5", "rose 12.\n5 points", 1),
        ("2025", "2 0 2 5年", 1),
        ("1520", "15 20 33", 0),
        ("20", "15.2\n0.3", 0),
        ("2345", "1,234\n5,678", 0),
    ],
)
def test_a_number_broken_across_lines_is_found_and_counted_apart(number: str, page: str, found: int) -> None:
    result = check_text(f"It is {number}. [page::0]", _one_page(page))
    assert (result.numbers_found, result.joined) == (found, found)


def test_a_plain_number_is_not_counted_as_joined() -> None:
    assert check_text("It is 15. [page::0]", _one_page("15")).joined == 0


def test_sentence_numbers_keep_order_and_doubles() -> None:
    assert sentence_numbers("From 1,200 to 3.5%, then 1,200") == ["1200", "3.5", "1200"]


def test_a_page_without_numbers() -> None:
    assert page_numbers("none") == (frozenset(), frozenset())


def test_counts_and_faults() -> None:
    text = (
        f"Sales were 15. [page::0](report:{ONE}) Margin was 8%. [page::9](report:{ONE})[page::0](report:{ONE}) "
        f"It fell 3%. [page::0](report:{TWO}) And so on."
    )
    result = check_text(text, lambda report, page: "sales 15, margin 7%" if (report, page) == (ONE, 0) else None)
    assert result == CheckResult(
        sentences=4,
        cited=3,
        markers=4,
        valid_markers=2,
        numbers=3,
        numbers_found=1,
        joined=0,
        faults=(
            Fault("Margin was 8%.", ONE, 9, "no such page in the report"),
            Fault("Margin was 8%.", ONE, 9, "8 is not on the cited page"),
            Fault("It fell 3%.", TWO, 0, "no such page in the report"),
            Fault("It fell 3%.", TWO, 0, "3 is not on the cited page"),
            Fault("And so on.", None, None, "no marker"),
        ),
    )


def test_a_number_may_stand_on_any_cited_page() -> None:
    pages = {0: "sales 15", 1: "margin 8%"}
    result = check_text("Sales 15, margin 8%, tax 9%. [page::0][page::1]", lambda _, page: pages.get(page))
    assert (result.numbers, result.numbers_found) == (3, 2)


def test_numbers_of_an_uncited_sentence_do_not_count() -> None:
    result = check_text("Sales were 15.", _one_page("15"))
    assert (result.sentences, result.cited, result.numbers) == (1, 0, 0)


def test_answers_are_summed() -> None:
    answers = [["Sales 15. [page::0]", "Margin 9%. [page::0]"], [], ["Nothing cited."]]
    result = check_answers(answers, _one_page("15"))
    assert (result.sentences, result.cited, result.markers, result.valid_markers) == (3, 2, 2, 2)
    assert (result.numbers, result.numbers_found, len(result.faults)) == (2, 1, 2)


def test_no_answers() -> None:
    assert check_answers([], _one_page("")) == CheckResult()


# --- real PDFs -------------------------------------------------------------------------------------------------------


def test_pages_of_a_pdf(make_pdf: Fixture) -> None:
    first = make_pdf(
        "one.pdf",
        "The first page says that sales were 1,204 in 2024.",
        "营业收入增长１２．５％，净利润为３４５６万元，同比提升，毛利率为２１％，好于预期。",
    )
    second = make_pdf("two.pdf", "Another report, and nothing but words on this page of it.")
    pages = PdfPages({ONE: first, TWO: second})
    assert _check(pages, f"Sales were 1204 in 2024. [page::0](report:{ONE})") == (1, 2, 2)
    assert _check(pages, f"Sales were 1204 in 2024. [page::0](report:{TWO})") == (1, 2, 0)
    assert _check(pages, f"收入增长12.5%，净利润3456万元。 [page::1](report:{ONE})") == (1, 2, 2)
    assert _check(pages, f"Sales were 1204. [page::2](report:{ONE})") == (0, 1, 0)
    assert _check(pages, f"Sales were 1204. [page::0](report:{'3' * 16})") == (0, 1, 0)


def test_a_marker_without_a_report(make_pdf: Fixture) -> None:
    file = make_pdf("one.pdf", "The first page says that sales were 1,204 in 2024.")
    both = PdfPages({ONE: file, TWO: file})
    assert both(None, 0) is None
    assert both.of(ONE)(None, 0) == PdfPages({ONE: file})(None, 0) == both(ONE, 0)


def test_page_texts_are_kept(make_pdf: Fixture) -> None:
    file = make_pdf("one.pdf", "The first page says that sales were 1,204 in 2024.")
    pages = PdfPages({ONE: file})
    first = pages(ONE, 0)
    file.unlink()
    assert pages(ONE, 0) == first


def test_a_missing_pdf(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"the PDF of report {ONE} cannot be opened at .*gone.pdf"):
        PdfPages({ONE: tmp_path / "gone.pdf"})(ONE, 0)


def test_a_page_that_is_a_picture_is_read_by_ocr(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    with pymupdf.open() as drawn, pymupdf.open() as scan:
        page = drawn.new_page(width=400, height=200)
        page.insert_text((30, 80), "Harvest fell 4.2% to 1,875 tons", fontsize=20)
        scan.new_page(width=400, height=200).insert_image((0, 0, 400, 200), pixmap=page.get_pixmap(dpi=150))
        scan.save(file)
    assert _check(PdfPages({ONE: file}), "Harvest fell 4.2% to 1875 tons, not 1876. [page::0]") == (1, 3, 2)


def test_running_lines_and_notices_are_no_evidence(tmp_path: Path) -> None:
    """Every page has the same footer but for its number; page 0 has a notice; both state figures."""
    file = tmp_path / "running.pdf"
    with pymupdf.open() as document:
        for number in range(3):
            page = document.new_page(width=400, height=600)
            page.insert_text((30, 590), f"Tarnfield Research, issue 77, page {number + 41}", fontsize=8)
            page.insert_text((30, 300), f"Sales of plant {number} were {number + 500} units.", fontsize=10)
        document[0].insert_text((30, 500), "Disclaimer: this is not an offer. Founded in 1888, 99 offices.", fontsize=8)
        document[0].insert_text((30, 20), "Only on this page: 612 trams", fontsize=8)
        document.save(file)
    pages = PdfPages({ONE: file})
    assert _check(pages, "Sales of plant 0 were 500, and 612 trams. [page::0]") == (1, 3, 3)
    assert _check(pages, "Issue 77, page 41. [page::0]") == (1, 2, 0)
    assert _check(pages, "Since 1888 it has 99 offices. [page::0]") == (1, 2, 0)


def test_what_stands_above_the_tables_of_several_pages_is_evidence(tmp_path: Path) -> None:
    """The same heading as deep as each table begins, and its year alone; the page numbers stand at one height."""
    file = tmp_path / "tables.pdf"
    with pymupdf.open() as document:
        for number in range(4):
            page = document.new_page(width=400, height=600)
            page.insert_text((30, 20), str(1998 + number), fontsize=8)
            page.insert_text((330, 40), "2023", fontsize=8)
            page.insert_text((30, 30 + 8 * number), "For the years ended December 31,", fontsize=8)
            page.insert_text((30, 300), "Sales of the plant were 500 units.", fontsize=10)
        document.save(file)
    pages = PdfPages({ONE: file})
    assert _check(pages, "Sales, years ended December 31, 2023: 500. [page::0]") == (1, 3, 3)
    assert _check(pages, "In 1998 it sold 500. [page::0]") == (1, 2, 1)


def test_a_line_in_the_margins_of_two_pages_is_text(make_pdf: Fixture) -> None:
    file = make_pdf("one.pdf", *(["The first page says that sales were 1,204 in 2024."] * 2))
    assert _check(PdfPages({ONE: file}), "Sales were 1204. [page::1]") == (1, 1, 1)


def _check(pages: PdfPages, text: str) -> tuple[int, int, int]:
    """(valid markers, numbers, numbers found)"""
    result = check_text(text, pages)
    return result.valid_markers, result.numbers, result.numbers_found


@pytest.mark.parametrize(
    ("sentence", "found", "reckoned"),
    [
        ("Ratio, 2023: 0.83 = cash 2,912 / total liabilities 3,527 [page::0]", 4, 1),
        ("Ratio: 82.6% = (cash 2,912 * 2) / (3,527 + liabilities 3,527) [page::0]", 5, 2),
        ("比率（2023）：2,912 ÷ 3,527 = 82.6% [page::0]", 4, 1),
        ("Ratio, 2023: 0.93 = cash 2,912 / total liabilities 3,527 [page::0]", 3, 0),
        ("Ratio, 2023: 0.83 = cash 2,914 / total liabilities 3,527 [page::0]", 3, 1),
        ("Growth: 7.2% = 2,912 [page::0]", 1, 0),
        ("Ratio: 0.83 = cash 2,912 // 3,527 [page::0]", 2, 0),
        ("Ratio: 0.83 = 2,912 / 0 [page::0]", 1, 0),
    ],
)
def test_a_formula_is_computed_anew(sentence: str, found: int, reckoned: int) -> None:
    result = check_text(sentence, _one_page("Of 2023: cash 2,912, liabilities 3,527"))
    assert (result.numbers_found, result.reckoned) == (found, reckoned)
