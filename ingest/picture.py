"""A page of a PDF, and what was read from it, to a PNG: blocks, tables, figures and a chunk's spans drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from ingest.document import Passwords, open_document
from ingest.limits import ParseLimits
from rag.domain import BlockKind, Box, Page, Span
from rag.errors import IngestError

_COLOURS: dict[BlockKind, tuple[float, float, float]] = {
    "text": (0.1, 0.3, 0.9),
    "heading": (0.85, 0.1, 0.1),
    "row": (0.0, 0.55, 0.2),
    "caption": (0.8, 0.0, 0.8),
    "source": (0.5, 0.35, 0.1),
    "unit": (0.0, 0.6, 0.65),
    "figure": (0.95, 0.55, 0.0),
    "furniture": (0.65, 0.65, 0.65),
    "notice": (0.4, 0.4, 0.4),
}
_TABLE, _FIGURE, _MARKED = (0.0, 0.4, 0.1), (0.9, 0.4, 0.0), (1.0, 0.85, 0.0)


def draw_page(
    path: Path,
    page: Page,
    spans: Sequence[Span] = (),
    *,
    dpi: int = 110,
    blocks: bool = True,
    passwords: Sequence[str] = (),
) -> bytes:
    """The page as PNG bytes. IngestError when the file cannot be opened any more, or not without a password.

    Thin boxes are blocks in the colour of their kind, thick ones tables and figures; spans are laid over in yellow.
    """
    try:
        with open_document(path, ParseLimits(), Passwords(known=tuple(passwords))) as document:
            sheet = document[page.number]
            if sheet.rotation:
                sheet.remove_rotation()
            shape = sheet.new_shape()
            for span in spans:
                for box in span.boxes:
                    shape.draw_rect(_rect(box))
                    shape.finish(fill=_MARKED, color=None, fill_opacity=0.35)
            if blocks:
                _draw_blocks(shape, page)
            shape.commit()
            return bytes(sheet.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False).tobytes("png"))
    except (RuntimeError, ValueError, IndexError) as exc:  # what PyMuPDF raises for a file it cannot draw
        raise IngestError(f"page {page.number} cannot be drawn: {exc}") from exc


def _draw_blocks(shape: pymupdf.Shape, page: Page) -> None:
    for block in page.blocks:
        for piece in block.pieces:
            shape.draw_rect(_rect(piece.box))
        shape.finish(color=_COLOURS[block.kind], width=0.6)
    for table in page.tables:
        shape.draw_rect(_rect(table.box, 3))
        shape.finish(color=_TABLE, width=1.6)
    for figure in page.figures:
        shape.draw_rect(_rect(figure.box, 3))
        shape.finish(color=_FIGURE, width=1.6)


def _rect(box: Box, wider: float = 0.0) -> pymupdf.Rect:
    return pymupdf.Rect(box.x0 - wider, box.y0 - wider, box.x1 + wider, box.y1 + wider)
