from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from made_statements import BALANCE, CASH_FLOW, CHUNKS, INCOME, table

from rag.domain import Grid
from rag.lexicon import Lexicon
from rag.lines import Lines, sentence_of
from rag.metrics import Metrics
from rag.statements import Statements

metrics = Metrics.load()
holds = Statements.load(Lexicon.load()).holds
lines = Lines(CHUNKS, holds)


@pytest.mark.parametrize(
    ("name", "year", "value", "page"),
    [
        ("revenue", 2023, 2900, 51),
        ("cost of sales", 2022, 1650, 51),
        ("operating income", 2022, -35, 51),
        ("net income", 2023, 300, 51),
        ("property, plant and equipment, net", 2021, 590, 50),
        ("shareholders' equity", 2022, 750, 50),
        ("net cash from operating activities", 2022, 60, 53),
        ("capital expenditure", 2023, 125, 53),
    ],
)
def test_a_figure_is_of_the_statement_of_the_group(name: str, year: int, value: int, page: int) -> None:
    found = lines.figure(metrics.items[name], year)
    assert found is not None
    assert (found.value, found.chunk.page, found.year) == (Decimal(value), page, year)


def test_what_a_statement_does_not_have() -> None:
    assert lines.figure(metrics.items["revenue"], 2019) is None
    assert lines.figure(metrics.items["goodwill"], 2023) is None
    assert lines.years == (2023, 2022, 2021)
    assert Lines(CHUNKS[:2], holds).figure(metrics.items["revenue"], 2023) is None


def test_a_statement_may_go_on_over_the_page() -> None:
    first = table(50, "Consolidated Balance Sheets", BALANCE[:6])
    rest = table(51, "", BALANCE[6:])
    assert rest.grid is not None
    rest = replace(rest, grid=replace(rest.grid, inherited=True))
    found = Lines([first, rest], holds).figure(metrics.items["total current liabilities"], 2023)
    assert found is not None
    assert found.chunk.page == 51


def test_columns_of_changes_and_of_parts_of_a_year_are_none() -> None:
    columns = ("", "Three months ended December 31, 2023", "% change 2023", "Year ended December 31, 2023")
    income = table(51, "Consolidated Statements of Earnings", INCOME)
    assert income.grid is not None
    found = Lines([replace(income, grid=replace(income.grid, columns=columns))], holds).figure(
        metrics.items["revenue"], 2023
    )
    assert found is not None
    assert found.text == "2,000"


def test_the_row_is_quoted_with_the_cells_that_are_used() -> None:
    figures = [lines.figure(metrics.items["inventories"], year) for year in (2023, 2021)]
    assert sentence_of([figure for figure in figures if figure]) == "Inventories (in millions): 2023 380, 2021 330"


def test_figures_of_a_table_know_its_magnitude() -> None:
    found = Lines([table(53, "Consolidated Statements of Cash Flows", CASH_FLOW, "(In thousands)")], holds).figure(
        metrics.items["capital expenditure"], 2023
    )
    assert found is not None
    assert found.unit == "thousand"


def test_a_sign_of_currency_is_left_out_where_no_magnitude_is_stated() -> None:
    bare = Lines([table(51, "Consolidated Statements of Earnings", INCOME, "")], holds)
    found = bare.figure(metrics.items["revenue"], 2023)
    assert found is not None
    assert sentence_of([found]) == "Net sales: 2023 2,900"


def test_a_table_under_another_on_its_page_has_its_headings_and_unit() -> None:
    assets = table(50, "Consolidated Balance Sheets", BALANCE[:6])
    rest = table(50, "Liabilities and equity", BALANCE[6:], "")
    assert rest.grid is not None
    rest = replace(rest, grid=replace(rest.grid, columns=("", "", "", "")))
    found = Lines([assets, rest], holds).figure(metrics.items["accounts payable"], 2022)
    assert found is not None
    assert (found.value, found.unit) == (Decimal(290), "million")
    elsewhere = replace(rest, page=51)
    assert Lines([assets, elsewhere], holds).figure(metrics.items["accounts payable"], 2022) is None
    narrow = replace(rest, grid=Grid("", "", ("", ""), (("Accounts payable", "310"),)))
    assert Lines([assets, narrow], holds).figure(metrics.items["accounts payable"], 2023) is None


def test_the_usual_name_of_item_8_names_no_schedule() -> None:
    income = table(46, "Item 8. Financial statements and supplementary data", INCOME)
    assert Lines([income], holds).figure(metrics.items["revenue"], 2023) is not None
    schedule = table(46, "Supplementary schedule of the parent", INCOME)
    assert Lines([schedule], holds).figure(metrics.items["revenue"], 2023) is None
