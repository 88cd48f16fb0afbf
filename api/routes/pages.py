"""A page of a report out: what was read of it, and its picture with passages marked."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Annotated, Any

import fastapi
from fastapi import APIRouter, Query, Request, Response

from api.deps import CallerDep, PainterDep, ServiceDep, find_report
from api.errors import UNDRAWABLE, ProblemError, problems
from api.highlight import chunks_on, marked_boxes
from api.present import page_out
from api.schemas_service import PageOut
from ingest.copies import copy_of
from ingest.paint import PAINT_VERSION
from rag.domain import Box
from rag.errors import IngestError

router = APIRouter(prefix="/v1/reports/{report_id}/pages", tags=["pages"])
Number = Annotated[int, fastapi.Path(ge=0, le=1_000_000, description="Zero-based physical page.")]
_Texts = list[Annotated[str, Query(max_length=4000)]]
Chunks = Annotated[_Texts, Query(max_length=50, description="Mark these chunks of the page, by id.")]
Quotes = Annotated[_Texts, Query(max_length=50, description="Mark these words of the page, as a citation quotes them.")]
Boxes = Annotated[_Texts, Query(max_length=200, description="Mark these boxes: x0,y0,x1,y1 in points.")]
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as the caller has it (`If-None-Match`)."}}
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {}}, "description": "The picture."},
    **_NOT_MODIFIED,
}
_CACHE_BYTES = 64 << 20


@router.get("/{number}.png", responses={**problems(404, 422), **_PICTURE}, response_class=Response)
def get_picture(
    report_id: str,
    number: Number,
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    painter: PainterDep,
    width: Annotated[int, Query(ge=100, le=3000, description="In pixels.")] = 1000,
    chunk: Chunks = [],  # noqa: B006
    quote: Quotes = [],  # noqa: B006
    box: Boxes = [],  # noqa: B006
) -> Response:
    """The page as a reader sees it, with chunks, words or boxes marked."""
    report = find_report(service.catalog, caller, report_id)
    page = service.catalog.page(report.id, number)
    boxes = marked_boxes(service.catalog, report.id, page, chunk, quote, box)
    etag = f'"{_digest(f"{PAINT_VERSION} {report.sha256} {number} {width} {boxes}")}"'
    if _has(request, etag):
        return Response(status_code=304, headers=_cached(etag))
    png = _pictures.get(etag)
    if png is None:
        path = copy_of(service.settings.data_dir / "files", report.sha256)
        png = _drawn(painter, path, number, width, boxes, service.settings.passwords)
        _pictures.put(etag, png)
    return Response(png, media_type="image/png", headers=_cached(etag))


def _drawn(
    painter: PainterDep, path: Path, number: int, width: int, boxes: tuple[Box, ...], passwords: tuple[str, ...]
) -> bytes:
    try:
        return painter.paint(path, number, width, boxes, passwords)
    except IngestError as exc:
        raise ProblemError(UNDRAWABLE, f"{exc}: its text is at the same path without .png") from exc


@router.get("/{number}", responses={**problems(404, 422), **_NOT_MODIFIED}, response_model=PageOut)
def get_page(
    report_id: str,
    number: Number,
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    chunk: Chunks = [],  # noqa: B006
    quote: Quotes = [],  # noqa: B006
    box: Boxes = [],  # noqa: B006
) -> Response:
    """The text of the page with its blocks and chunks, and where they stand; with the boxes of what is to be marked."""
    report = find_report(service.catalog, caller, report_id)
    page = service.catalog.page(report.id, number)
    marked = marked_boxes(service.catalog, report.id, page, chunk, quote, box)
    chunks = chunks_on(service.catalog, report.id, number)
    query = request.url.query
    image = f"/v1/reports/{report.id}/pages/{number}.png{f'?{query}' if query else ''}"
    body = page_out(report, page, chunks, marked, image).model_dump_json()
    etag = f'W/"{_digest(body)}"'
    if _has(request, etag):
        return Response(status_code=304, headers=_cached(etag))
    return Response(body, media_type="application/json", headers=_cached(etag))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _has(request: Request, etag: str) -> bool:
    bare = etag.removeprefix("W/")
    sent = request.headers.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") in (bare, "*") for one in sent.split(",")) if sent else False


def _cached(etag: str) -> dict[str, str]:
    """To be kept and asked about each time: the report may be deleted."""
    return {"ETag": etag, "Cache-Control": "private, no-cache"}


class _Pictures:
    """The pictures asked for last, up to a size. By ETag, which names the bytes of the PDF: nothing in it grows old."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str) -> bytes | None:
        with self._lock:
            if etag in self._kept:
                self._kept.move_to_end(etag)
            return self._kept.get(etag)

    def put(self, etag: str, png: bytes) -> None:
        with self._lock:
            if etag not in self._kept:
                self._kept[etag] = png
                self._size += len(png)
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1])


_pictures = _Pictures(_CACHE_BYTES)
