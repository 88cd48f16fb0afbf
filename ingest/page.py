"""One PyMuPDF page to a `Page`: its visible lines or its picture read, and laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pymupdf

from ingest.drawings import Drawings, read_drawings
from ingest.hidden import is_ocr_layer, seen_lines
from ingest.layout import arrange
from ingest.limits import LayoutMode
from ingest.lines import Line, garbled_share, read_lines
from ingest.ocr import needs_ocr, read_picture
from ingest.regions import has_table_signs, read_regions
from rag.domain import Page, ReadBy, Way

READER_VERSION = "3"  # a change of what is read from the same page needs another one


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages are read: when the layout model looks at them, and whether pictures of text are read."""

    layout: LayoutMode = "auto"
    ocr: bool = True
    ocr_dpi: int = 150


def read_page(page: pymupdf.Page, number: int, how: Reading) -> Page:
    """What a reader sees on the page. Rotation is taken out first, so that every box is one of the page as displayed."""
    label = page.get_label() or None
    if page.rotation:
        page.remove_rotation()
    every = read_lines(page)
    lines, hidden = seen_lines(page, every)
    read_by: ReadBy = "layer" if lines and is_ocr_layer(page, every) else "text" if lines else "empty"
    if how.ocr and needs_ocr(page, sum(len(line.text) for line in lines)):
        lines = read_picture(page, how.ocr_dpi) or lines
        read_by = "ocr" if lines else "empty"
    drawings = read_drawings(page)
    way = _way(how.layout, read_by, lines, drawings)
    laid_out = arrange(lines, read_regions(page) if way == "layout" else (), drawings)
    return Page(
        number=number,
        label=label,
        width=round(page.rect.width, 2),
        height=round(page.rect.height, 2),
        text=laid_out.text,
        blocks=laid_out.blocks,
        read_by=read_by,
        way=way,
        tables=laid_out.tables,
        figures=laid_out.figures,
        repairs=laid_out.repairs,
        hidden=hidden,
        garbled=round(garbled_share([line.original or line.text for line in lines]), 4),
    )


def _way(mode: LayoutMode, read_by: ReadBy, lines: Sequence[Line], drawings: Drawings) -> Way:
    """The model works on digital text; a page without signs of a table does not need it."""
    if mode == "never" or read_by in ("ocr", "empty"):
        return "stream"
    return "layout" if mode == "always" or has_table_signs(lines, drawings.rules) else "stream"
