"""The commands that run until they are stopped: `report-rag serve`, `watch`, `mcp`; and `doctor`, which looks after them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import typer

from api.cli_parts import DataDir, Json, err, open_service, out, print_json
from rag.catalog import Catalog, Job
from rag.config import load_settings

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (REPORT_RAG_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (REPORT_RAG_PORT).")] = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the HTTP API, with the tools for agents at /mcp."""
    from api.app import run

    run(load_settings(data_dir=data_dir, host=host, port=port))


@app.command()
def mcp(data_dir: DataDir = None) -> None:
    """Serve the tools of the Model Context Protocol over stdio. Over HTTP they are at /mcp of `report-rag serve`."""
    from api.mcp_server import make_mcp

    with open_service(data_dir) as service:
        make_mcp(lambda: service).run("stdio")


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Folder of PDF files, with all below it.")],
    data_dir: DataDir = None,
) -> None:
    """Keep the catalog as a folder is: files that come, change and vanish are handled once each, until Ctrl-C."""
    from api.watch import watch_folder
    from api.worker_process import WorkerProcess

    with open_service(data_dir) as service:
        worker = WorkerProcess(service.settings, service.catalog)
        worker.start()
        told = _Told(service.catalog)
        out.print(f"watching {folder}; Ctrl-C ends it")
        try:
            watch_folder(service.catalog, folder.absolute(), threading.Event(), told.queued, told.tick)
        finally:
            worker.stop()


class _Told:
    """Prints what becomes of the jobs that were queued."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._waiting: list[str] = []

    def queued(self, job: Job) -> None:
        self._waiting.append(job.id)

    def tick(self) -> None:
        from api.present import job_out

        for job_id in list(self._waiting):
            job = job_out(self._catalog.job(job_id))
            if job.state in ("queued", "running"):
                continue
            self._waiting.remove(job_id)
            became = job.result.status if job.result else f"{job.state}: {job.reason or ''}"
            out.print(f"{job.name}: {became}")


@app.command()
def doctor(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Look at set-up, catalog, index, model, disk and LLM, and say what to do. Exit code 1 where something is wrong."""
    from api.doctor import examine

    settings = load_settings(data_dir=data_dir)
    findings = list(examine(settings, say=lambda text: err.print(text)))
    if as_json:
        print_json([{"part": one.part, "state": one.state, "detail": one.detail, "do": one.do} for one in findings])
    else:
        for one in findings:
            out.print(f"{one.state:<8} {one.part:<9} {one.detail}" + (f". {one.do}" if one.do else ""))
    if any(one.state == "wrong" for one in findings):
        raise typer.Exit(1)
