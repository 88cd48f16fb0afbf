"""The statements of a made-up filing as chunks of tables, and its report: `from made_statements import CHUNKS, FILING`."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rag.domain import Chunk, Grid, Report

FILING = Report(
    id="c" * 16,
    sha256="c" * 64,
    title="Annual Report on Form 10-K of Larkspur Tools, Inc. for 2023",
    publisher="Larkspur Tools, Inc.",
    published=date(2024, 2, 20),
    language="en",
    page_count=90,
    sources=("larkspur.pdf",),
    added=datetime(2024, 3, 1, tzinfo=UTC),
    company="Larkspur Tools, Inc.",
    fiscal_period="FY2023",
)
YEARS = ("", "2023", "2022", "2021")
BALANCE = (
    ("Cash and cash equivalents", "$ 410", "$ 390", "$ 350"),
    ("Accounts receivable, net", "220", "200", "180"),
    ("Inventories", "380", "360", "330"),
    ("Total current assets", "1,010", "950", "860"),
    ("Property, plant and equipment, net (Note 4)", "640", "600", "590"),
    ("Total assets", "1,740", "1,650", "1,540"),
    ("Accounts payable", "310", "290", "260"),
    ("Total current liabilities", "430", "410", "390"),
    ("Total liabilities", "930", "900", "880"),
    ("Total stockholders’ equity", "810", "750", "660"),
)
INCOME = (
    ("Net sales", "$ 2,900", "$ 2,500", "$ 2,000"),
    ("Cost of sales", "(1,870)", "(1,650)", "(1,400)"),
    ("Operating income (loss)", "420", "(35)", "210"),
    ("Income before income taxes", "390", "(60)", "190"),
    ("Provision for income taxes", "90", "5", "40"),
    ("Net income (loss)", "300", "(65)", "150"),
)
CASH_FLOW = (
    ("Net income (loss)", "$ 300", "$ (65)", "$ 150"),
    ("Depreciation and amortization", "85", "80", "75"),
    ("Net cash provided by operating activities", "345", "60", "240"),
    ("Purchases of property, plant and equipment", "(125)", "(90)", "(70)"),
    ("Net cash used in investing activities", "(125)", "(90)", "(70)"),
)
OF_A_PART = tuple((label, *(f"{place}9" for place in range(3))) for label, *_ in (*INCOME, *BALANCE))


def table(page: int, title: str, rows: tuple[tuple[str, ...], ...], unit: str = "(in millions)") -> Chunk:
    """A chunk that holds a whole table under the years of the filing."""
    text = "\n".join((title, unit, "\t".join(YEARS), *("\t".join(row) for row in rows)))
    return Chunk(f"t{page}", FILING.id, page, page, text, (), "table", (title,), Grid(title, unit, YEARS, rows))


CHUNKS = (
    Chunk("p1", FILING.id, 1, 1, "Inventory turnover is a measure that management follows.", ()),
    table(31, "Selected quarterly data", INCOME[:3]),
    table(50, "Consolidated Balance Sheets", BALANCE),
    table(51, "Consolidated Statements of Earnings", INCOME),
    table(53, "Consolidated Statements of Cash Flows", CASH_FLOW),
    table(80, "Parent Company Statements of Financial Position and Income", OF_A_PART),
)
