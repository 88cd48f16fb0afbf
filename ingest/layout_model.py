"""A page to its regions (tables with their grid lines, pictures), by the layout model that comes with PyMuPDF.

It is two models: one says what each part of a page is (about 0.2 s, six times a plain reading), the other where the rows
and columns of a table part (0.07 s). Where the boxes of the tables are known the second is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pymupdf

from ingest.lines import Line
from ingest.regions import Region, is_inside
from rag.domain import Box


def read_regions(page: pymupdf.Page) -> list[Region]:
    """Tables and pictures the model sees, in its order; a table without a grid is left out."""
    found: list[dict[str, Any]] = _model().predict(page, return_raw=True)
    return [region for raw in found if (region := _region(raw)) is not None]


def read_grids(page: pymupdf.Page, boxes: Sequence[Box], lines: Sequence[Line]) -> list[Region]:
    """The tables in these boxes of the page, with their grid lines."""
    picture = page.get_pixmap(colorspace=pymupdf.csRGB, alpha=False)
    pixels = np.frombuffer(picture.samples, np.uint8).reshape(picture.height, picture.width, 3)
    return [_with_grid(box, pixels, [line for line in lines if is_inside(line.box, box)]) for box in boxes]


def _with_grid(box: Box, pixels: np.ndarray[Any, np.dtype[np.uint8]], lines: Sequence[Line]) -> Region:
    corner = np.array((box.x0, box.y0, box.x0, box.y0))
    words = [(x0, line.box.y0, x1, line.box.y1) for line in lines for _, x0, x1 in line.words]
    part = pixels[max(0, int(box.y0)) : int(box.y1), max(0, int(box.x0)) : int(box.x1)]
    grid, _ = _model().grid(part, np.array(words).reshape(-1, 4) - corner)
    return _table(box, grid)


class _Model:
    """Both models, loaded once: 0.8 s and 200 MB."""

    def __init__(self) -> None:
        import onnxruntime

        class Asleep(onnxruntime.SessionOptions):  # type: ignore[misc]  # the package has no types
            """Threads that have nothing to do sleep: awake they take half as much CPU time again and are not faster."""

            def __init__(self) -> None:
                super().__init__()
                self.add_session_config_entry("session.intra_op.allow_spinning", "0")

        with _replaced(onnxruntime, "SessionOptions", Asleep), _replaced(pymupdf, "_get_layout", print):
            # A function in _get_layout keeps the import from loading the models once more.
            from pymupdf.layout.DocumentLayoutAnalyzer import get_model

            loaded = get_model()
        self.predict: Callable[..., Any] = loaded.predict
        self.grid: Callable[..., Any] = loaded._model.table_grid_extractor.predict


@contextmanager
def _replaced(module: ModuleType, name: str, value: object) -> Iterator[None]:
    held = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, held)


@cache
def _model() -> _Model:
    return _Model()


def _region(raw: dict[str, Any]) -> Region | None:
    x0, y0, x1, y1 = (round(float(value), 2) for value in raw["group_bbox"])
    box = Box(x0, y0, x1, y1)
    if raw["class_name"] == "picture":
        return Region("picture", box)
    grid = raw.get("table_grid")
    return None if raw["class_name"] != "table" or grid is None else _table(box, grid)


def _table(box: Box, grid: Any) -> Region:
    rows = tuple(round(box.y0 + float(value), 2) for value in grid.h_lines)
    columns = tuple(round(box.x0 + float(value), 2) for value in grid.v_lines)
    return Region("table", box, rows, columns)
