"""One PyMuPDF page to a `Page`: its visible lines and its pictures of text read, and laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pymupdf

from ingest.drawings import Drawings, read_drawings
from ingest.hidden import is_ocr_layer, seen_lines
from ingest.layout import Layout, arrange
from ingest.layout_model import read_grids, read_regions
from ingest.limits import LayoutMode, OcrMode
from ingest.lines import Line, garbled_share, read_lines
from ingest.ocr.pictures import in_stream, is_scanned, read_pictures
from ingest.ocr.scan import read_scan
from ingest.ocr.sheet import Lie
from ingest.ocr.tables import table_regions
from ingest.plain_tables import plain_tables
from ingest.regions import Region, has_table_signs
from rag.domain import Page, ReadBy, Way

READER_VERSION = "7"  # a change of what is read from the same page needs another one


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages are read: when the layout model looks at them, and which pictures of text are read, at dots an inch."""

    layout: LayoutMode = "auto"
    ocr: OcrMode = "auto"
    ocr_dpi: int = 300


@dataclass(frozen=True, slots=True)
class _Found:
    layout: Layout
    lines: Sequence[Line]
    read_by: ReadBy
    way: Way = "stream"


def read_page(page: pymupdf.Page, number: int, how: Reading) -> Page:
    """What a reader sees on the page. Rotation is taken out first, so that every box is one of the page as displayed."""
    label = page.get_label() or None
    if page.rotation:
        page.remove_rotation()
    every = read_lines(page)
    lines, hidden = seen_lines(page, every)
    found = None
    if how.ocr != "never" and is_scanned(page, sum(len(line.text) for line in lines)):
        found = _read_scan(page, how)
    if found is None:
        found = _read_digital(page, lines, how, is_layer=bool(lines) and is_ocr_layer(page, every))
    return Page(
        number=number,
        label=label,
        width=round(page.rect.width, 2),
        height=round(page.rect.height, 2),
        text=found.layout.text,
        blocks=found.layout.blocks,
        read_by=found.read_by,
        way=found.way,
        tables=found.layout.tables,
        figures=found.layout.figures,
        repairs=found.layout.repairs,
        hidden=hidden,
        garbled=round(garbled_share([line.original or line.text for line in found.lines]), 4),
    )


def _read_scan(page: pymupdf.Page, how: Reading) -> _Found | None:
    """The page as a picture of text; None where it holds none."""
    scan = read_scan(page, how.ocr_dpi)
    if not scan.lines:
        return None
    return _Found(_laid_on_page(arrange(scan.lines, table_regions(scan.lines)), scan.lie), scan.lines, "ocr")


def _read_digital(page: pymupdf.Page, lines: Sequence[Line], how: Reading, *, is_layer: bool) -> _Found:
    """The page's digital text, with its pictures of tables where they are to be read."""
    drawings = read_drawings(page)
    pictures = [] if is_layer else read_pictures(page, lines, how.ocr, how.ocr_dpi)
    way, regions = _regions(page, how.layout, lines, drawings)
    if not pictures:
        laid_out = arrange(lines, regions, drawings)
        return _Found(laid_out, lines, "layer" if is_layer else "text" if lines else "empty", way)
    every = in_stream(lines, pictures)
    inside = [region for picture in pictures for region in (*picture.regions, Region("picture", picture.box))]
    return _Found(arrange(every, [*regions, *inside], drawings), every, "mixed" if lines else "ocr", way)


def _regions(
    page: pymupdf.Page, mode: LayoutMode, lines: Sequence[Line], drawings: Drawings
) -> tuple[Way, list[Region]]:
    """The cheapest way that finds what is there: none without signs of a table, plain tables without the whole model."""
    if mode == "never" or not lines or (mode == "auto" and not has_table_signs(lines, drawings.rules)):
        return "stream", []
    boxes = plain_tables(lines, drawings) if mode == "auto" else None
    return ("grid", read_grids(page, boxes, lines)) if boxes else ("layout", read_regions(page))


def _laid_on_page(layout: Layout, lie: Lie) -> Layout:
    """The layout of a level picture with its boxes on the page as displayed."""
    return replace(
        layout,
        blocks=tuple(
            replace(block, pieces=tuple(replace(piece, box=lie.on_page(piece.box)) for piece in block.pieces))
            for block in layout.blocks
        ),
        tables=tuple(replace(table, box=lie.on_page(table.box)) for table in layout.tables),
        figures=tuple(replace(figure, box=lie.on_page(figure.box)) for figure in layout.figures),
    )
