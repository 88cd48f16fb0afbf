from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from ingest.paint import Painter
from rag.domain import Box
from rag.errors import IngestError


def test_a_turned_page_is_drawn_as_it_is_read(tmp_path: Path, make_pdf: Callable[..., Any]) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["one page"])
    with pymupdf.open(path) as document:
        document[0].set_rotation(90)
        document.save(tmp_path / "turned.pdf")
    painter = Painter()
    try:
        drawn = pymupdf.Pixmap(painter.paint(tmp_path / "turned.pdf", 0, 842))
        assert (drawn.width, drawn.height) == (842, 595)
    finally:
        painter.close()


def test_a_painter_goes_on_after_a_file_that_cannot_be_drawn(tmp_path: Path, make_pdf: Callable[..., Any]) -> None:
    good, bad = make_pdf(tmp_path / "good.pdf", ["one page"]), tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    painter = Painter()
    try:
        for path, number in ((bad, 0), (good, 5), (tmp_path / "none.pdf", 0)):
            with pytest.raises(IngestError, match="cannot be drawn"):
                painter.paint(path, number, 100)
        assert painter.paint(good, 0, 100, [Box(0, 0, 10, 10)])[:4] == b"\x89PNG"
        assert painter._worker is not None
        painter._worker._process.kill()
        with pytest.raises(IngestError, match="cannot be drawn"):
            painter.paint(good, 0, 100)
        assert painter.paint(good, 0, 100)[:4] == b"\x89PNG"
    finally:
        painter.close()


def test_the_thread_that_asked_first_may_end(tmp_path: Path, make_pdf: Callable[..., Any]) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["one page"])
    painter = Painter()
    try:
        first = threading.Thread(target=painter.paint, args=(path, 0, 100))
        first.start()
        first.join()
        time.sleep(0.3)  # for a signal to the process
        assert painter.paint(path, 0, 120)[:4] == b"\x89PNG"
    finally:
        painter.close()
        painter.close()
