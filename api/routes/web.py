"""The web page out: its HTML at `/`, its styles and modules below `/web`. They hold no data: those come from the API."""

from __future__ import annotations

from os import PathLike, stat_result
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent.parent / "web"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_FRESH = {"Cache-Control": "no-cache"}  # asked about each time, so that all parts are of one version


@router.get("/", response_class=FileResponse)
def get_page() -> FileResponse:
    """The web page."""
    return FileResponse(_FOLDER / "index.html", headers={"Content-Security-Policy": _POLICY, **_FRESH})


def add_page(app: FastAPI) -> None:
    """Serve the page and its parts."""
    app.include_router(router)
    app.mount("/web", _Parts(directory=_FOLDER), name="web")


class _Parts(StaticFiles):
    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_FRESH)
        return response
