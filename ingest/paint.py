"""A page of a PDF and boxes in, a PNG of it with the boxes marked out; drawn in a process that can be killed.

MuPDF may hang or crash over a page, and must not be used by several threads: one process draws for all of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pymupdf

from ingest.document import Passwords, open_document
from ingest.limits import ParseLimits
from ingest.worker import Gone, Worker, allow, settle_in
from rag.domain import Box
from rag.errors import IngestError

PAINT_VERSION = "1"
_MARK = (1.0, 0.85, 0.0)
_SECONDS = 20.0
_MEMORY_MB = 1500
_CPU_SECONDS = 86400.0
_WIDER = 1.0  # points around a box


@dataclass(frozen=True, slots=True)
class Drawing:
    """What to draw: `width` in pixels; boxes as in rag.domain."""

    path: Path
    page: int
    width: int
    boxes: tuple[Box, ...]
    passwords: tuple[str, ...]


class Painter:
    """Starts its process at the first page; `close` ends it.

    One thread starts the process and asks it: the system ends the process with the thread that started it, and the
    threads of a server come and go.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "painter")
        self._worker: Worker | None = None

    def paint(
        self, path: Path, page: int, width: int, boxes: Sequence[Box] = (), passwords: Sequence[str] = ()
    ) -> bytes:
        """IngestError when the page cannot be drawn, or not in time."""
        drawing = Drawing(path, page, width, tuple(boxes), tuple(passwords))
        return self._thread.submit(self._paint, drawing).result()

    def close(self) -> None:
        """End the process; safe to call twice."""
        with contextlib.suppress(RuntimeError):  # closed before
            self._thread.submit(self._end).result()
        self._thread.shutdown()

    def _paint(self, drawing: Drawing) -> bytes:
        worker = self._worker = self._worker or Worker(work)
        try:
            worker.ask(drawing)
            drawn = worker.answer(_SECONDS, lambda _usage: None)
        except Gone as exc:
            self._end()
            raise IngestError(f"page {drawing.page} cannot be drawn: {exc.reason}") from exc
        if not isinstance(drawn, bytes):
            raise IngestError(f"page {drawing.page} cannot be drawn: {drawn}")
        return drawn

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def work(pipe: Connection) -> None:
    """The process: a Drawing in, PNG bytes or the reason why there are none out, until the pipe is closed."""
    settle_in(pipe)
    allow(_MEMORY_MB, _CPU_SECONDS)
    with contextlib.suppress(EOFError, OSError):
        while True:
            drawing: Drawing = pipe.recv()
            try:
                pipe.send(_paint(drawing))
            except (IngestError, RuntimeError, ValueError, IndexError, MemoryError) as exc:  # what PyMuPDF raises
                pipe.send(str(exc) or type(exc).__name__)


def _paint(drawing: Drawing) -> bytes:
    with open_document(drawing.path, ParseLimits(), Passwords(known=drawing.passwords)) as document:
        sheet = document[drawing.page]
        if sheet.rotation:
            sheet.remove_rotation()
        if drawing.boxes:
            shape = sheet.new_shape()
            for box in drawing.boxes:
                shape.draw_rect(pymupdf.Rect(box.x0 - _WIDER, box.y0 - _WIDER, box.x1 + _WIDER, box.y1 + _WIDER))
                shape.finish(fill=_MARK, color=None, fill_opacity=0.35)
            shape.commit()
        zoom = drawing.width / max(sheet.rect.width, 1.0)
        pixels = sheet.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
        return bytes(pixels.tobytes("png"))
