"""Table rows read by hand, beside what the reader (and stock pymupdf4llm) makes of the same pages.

`python -m eval.golden tests/golden/tables.jsonl --pdfs FOLDER` prints rows exact for both. A row is exact when all its
cells, from the left, are as printed; blanks, kinds of dashes and compatibility forms do not count. Words are kept as
hashes, for page text is other people's property; figures as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from ingest.limits import LayoutMode
from ingest.page import Reading, read_page
from rag.domain import Page

_DASHES = re.compile("[—–−―－]")
_QUOTES = {"’": "'", "‘": "'", "“": '"', "”": '"', "∆": "Δ", "¥": "￥"}
_FIGURE = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Golden:
    """One page's readings. `columns` and every row have the same length; cells are encoded."""

    report: str
    page: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RowScore:
    """Counts over some pages: golden rows, rows found exactly, figures of golden rows that are not on the page read."""

    rows: int
    exact: int
    lost_figures: int
    headed: int = 0
    cells: int = 0


def plain(text: str) -> str:
    """A cell without what print and text layer differ in: blanks, compatibility forms, kinds of dashes and quotes."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    text = _DASHES.sub("-", text)
    return "".join(_QUOTES.get(char, char) for char in text)


def encode(text: str) -> str:
    """A figure as it is; anything with a letter as `#` and twelve hex digits of its SHA-256; "" stays ""."""
    cell = plain(text)
    if any(char.isalpha() for char in cell):
        return "#" + hashlib.sha256(cell.encode()).hexdigest()[:12]
    return cell


def load_golden(path: Path) -> list[Golden]:
    """The readings of a JSONL file."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Golden(line["report"], line["page"], tuple(line["columns"]), tuple(tuple(row) for row in line["rows"]))
        for line in lines
    ]


def pdfs_by_id(folder: Path, wanted: Iterable[str]) -> dict[str, Path]:
    """The files below a folder whose report id (first 16 hex digits of the SHA-256) is wanted."""
    ids = set(wanted)
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() == ".pdf":
            report = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
            if report in ids:
                found[report] = file
    return found


def our_rows(page: Page) -> list[tuple[list[str], list[str]]]:
    """(cells, heading of each cell) of every table row of a page, empty cells left out."""
    rows = []
    for table in page.tables:
        for index in (*table.header, *table.rows):
            pieces = page.blocks[index].pieces
            cells = [page.text[piece.start : piece.end] for piece in pieces]
            rows.append((cells, [table.columns[piece.column] for piece in pieces]))
    return rows


def stock_rows(path: Path, number: int) -> list[list[str]]:
    """Rows of the tables that pymupdf4llm finds on a page, empty cells left out."""
    import pymupdf4llm

    found = json.loads(pymupdf4llm.to_json(str(path), use_ocr=False, pages=[number]))
    tables = [box["table"]["extract"] or [] for box in found["pages"][0]["boxes"] if box.get("table")]
    return [[cell for cell in row if cell and cell.strip()] for table in tables for row in table]


def score_page(golden: Golden, page: Page) -> RowScore:
    """How many golden rows of a page were read exactly, and their cells under the right heading."""
    ours: dict[tuple[str, ...], list[list[str]]] = {}
    for own, headings in our_rows(page):
        ours.setdefault(tuple(map(encode, own)), []).append([encode(name) for name in headings])
    figures = Counter(number for cells, _ in our_rows(page) for cell in cells for number in _figures(plain(cell)))
    exact = lost = headed = cells = 0
    for row in golden.rows:
        filled = [i for i, cell in enumerate(row) if cell]
        found = ours.get(tuple(row[i] for i in filled))
        if found is not None:
            exact += 1
            cells += len(filled) - 1
            headed += max(
                sum(1 for i, name in list(zip(filled, names, strict=True))[1:] if golden.columns[i] == name)
                for names in found
            )
        wanted = Counter(number for i in filled for number in _figures(row[i]) if not row[i].startswith("#"))
        lost += sum((wanted - figures).values())
    return RowScore(len(golden.rows), exact, lost, headed, cells)


def _figures(cell: str) -> list[str]:
    return _FIGURE.findall(cell)


def score_stock(golden: Golden, rows: Sequence[Sequence[str]]) -> int:
    """How many golden rows stock output holds exactly."""
    held = {tuple(map(encode, row)) for row in rows}
    return sum(1 for row in golden.rows if tuple(cell for cell in row if cell) in held)


def score(golden: Sequence[Golden], pdfs: dict[str, Path], layout: LayoutMode = "auto") -> RowScore:
    """Our rows over all pages whose file is there."""
    total = RowScore(0, 0, 0)
    for one in golden:
        if one.report in pdfs:
            with pymupdf.open(pdfs[one.report]) as document:
                found = score_page(one, read_page(document[one.page], one.page, Reading(layout, ocr="never")))
            total = RowScore(
                total.rows + found.rows,
                total.exact + found.exact,
                total.lost_figures + found.lost_figures,
                total.headed + found.headed,
                total.cells + found.cells,
            )
    return total


def main(arguments: Sequence[str]) -> int:
    """Print both scores; exit code 1 where a file of the golden set is missing."""
    parser = ArgumentParser(prog="python -m eval.golden", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("golden", type=Path)
    parser.add_argument("--pdfs", type=Path, required=True, help="folder with the PDF files")
    parser.add_argument("--layout", choices=("auto", "always", "never"), default="auto")
    options = parser.parse_args(arguments)
    golden = load_golden(options.golden)
    pdfs = pdfs_by_id(options.pdfs, (one.report for one in golden))
    ours = score(golden, pdfs, options.layout)
    stock = sum(score_stock(one, stock_rows(pdfs[one.report], one.page)) for one in golden if one.report in pdfs)
    sys.stdout.write(
        f"rows {ours.rows} on {len(golden)} pages\n"
        f"ours ({options.layout}): exact {ours.exact} ({ours.exact / max(ours.rows, 1):.1%}), "
        f"figures lost {ours.lost_figures}, cells under the heading as read {ours.headed} of {ours.cells}\n"
        f"pymupdf4llm {pymupdf.__version__}: exact {stock} ({stock / max(ours.rows, 1):.1%})\n"
    )
    return 0 if len(pdfs) == len({one.report for one in golden}) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
