"""The command line: `report-rag COMMAND`. Exit code 0: done; 1: some files failed; 2: wrong input or set-up; 130: Ctrl-C."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api import render
from rag.answer import WriterChoice
from rag.config import load_settings
from rag.domain import Filter, Style
from rag.errors import ReportRagError, UsageError
from rag.filters import make_filter
from rag.service import Service
from rag.telemetry import configure_logging

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Cited answers over research-report PDFs.",
)
eval_app = typer.Typer(no_args_is_help=True, help="Figures on labelled question sets.")
app.add_typer(eval_app, name="eval")

_INTERRUPTED = 130

_out = Console(highlight=False, markup=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Data directory (REPORT_RAG_DATA_DIR).")]
PublisherOption = Annotated[
    list[str] | None, typer.Option("--publisher", help="Only this publisher; any known name of it. Repeatable.")
]
Since = Annotated[str | None, typer.Option(help="Published on or after: YYYY-MM-DD, YYYY-MM or YYYY.")]
Until = Annotated[str | None, typer.Option(help="Published on or before: YYYY-MM-DD, YYYY-MM or YYYY.")]
ReportOption = Annotated[
    list[str] | None, typer.Option("--report", help="Only this report: id, start of one, or path. Repeatable.")
]
LanguageOption = Annotated[list[str] | None, typer.Option("--language", help="Only reports in zh or en. Repeatable.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line; a known error is one line, never a traceback."""
    try:
        code = app(standalone_mode=False)  # a typer.Exit comes back as its code, Ctrl-C as 130
        if code == _INTERRUPTED:
            _err.print("stopped; nothing is half-written, run the same command again to go on")
        sys.exit(code if isinstance(code, int) else 0)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    except ReportRagError as exc:
        _complain(exc)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as exc:
        if not hasattr(exc, "exit_code") or not hasattr(exc, "format_message"):
            raise
        _err.print(f"error: {exc.format_message()}")  # a usage error of the command line itself
        sys.exit(2)


def _complain(error: ReportRagError) -> None:
    _err.print(f"error: {error}")
    if isinstance(error, UsageError) and error.candidates:
        _err.print("did you mean:")
        for candidate in error.candidates:
            _err.print(f"  {candidate}")


@contextmanager
def _service(data_dir: Path | None) -> Iterator[Service]:
    settings = load_settings(data_dir=data_dir)
    configure_logging(settings.log_level)
    service = Service(settings, say=lambda text: _err.print(text))
    try:
        yield service
    finally:
        service.close()


def _limits(
    service: Service,
    publisher: list[str] | None,
    since: str | None,
    until: str | None,
    language: list[str] | None,
    report: list[str] | None = None,
) -> Filter:
    return make_filter(
        service.catalog,
        service.publishers,
        publisher=publisher or (),
        since=since,
        until=until,
        language=language or (),
        report=report or (),
    )


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="PDF files or folders.")],
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Read PDF files into catalog and index. Running again over the same files does nothing."""
    from api.progress import IngestProgress
    from ingest.discover import discover
    from ingest.service import open_pipeline

    outcomes = []
    with _service(data_dir) as service, open_pipeline(service) as pipeline:
        found = discover(paths)
        with IngestProgress(_err, len(found)) as progress:
            for outcome in pipeline.ingest(found, progress.seen):
                outcomes.append(outcome)
                progress.done(outcome)
    if as_json:
        _print_json([render.to_json(outcome) for outcome in outcomes])
    else:
        _out.print(render.ingest_summary(outcomes))
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def reindex(data_dir: DataDir = None) -> None:
    """Rebuild the index from the catalog with the present settings; the PDFs are not read again."""
    from api.progress import IngestProgress
    from ingest.service import open_pipeline

    with _service(data_dir) as service, open_pipeline(service, rebuild=True) as pipeline:
        waiting = service.catalog.outdated(pipeline.fingerprint)
        with IngestProgress(_err, len(waiting)) as progress:
            count = 0
            for _report in pipeline.reindex(progress.seen):
                count += 1
                progress.advance()
        _out.print(f"{count} reports indexed anew")


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    publisher: PublisherOption = None,
    since: Since = None,
    until: Until = None,
    report: ReportOption = None,
    language: LanguageOption = None,
    top_k: Annotated[int, typer.Option("--top-k", help="Passages, 1 to 100.")] = 5,
    explain: Annotated[bool, typer.Option(help="Show how each score came about.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Passages that match, with scores."""
    with _reading(data_dir) as service:
        limits = _limits(service, publisher, since, until, language, report)
        found = service.retriever.retrieve(question, limits, top_k)
    if as_json:
        _print_json({"notices": list(found.notices), "passages": [render.passage_json(p) for p in found.passages]})
        return
    if explain:
        _out.print(render.understood_line(found.understood))
    for position, passage in enumerate(found.passages, 1):
        for line in render.passage_lines(passage, position, explain=explain):
            _out.print(line)
    if not found.passages:
        _out.print("nothing found")
    for notice in found.notices:
        _out.print(f"Note: {notice}")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, Chinese or English.")],
    publisher: PublisherOption = None,
    since: Since = None,
    until: Until = None,
    report: ReportOption = None,
    language: LanguageOption = None,
    top_k: Annotated[int, typer.Option("--top-k", help="Passages given to the writer, 1 to 100.")] = 12,
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """An answer whose every sentence cites a checked page, or a refusal."""
    with _reading(data_dir) as service:
        limits = _limits(service, publisher, since, until, language, report)
        answer = service.answerer.answer(question, limits, limit=top_k, writer=writer)
    if as_json:
        _print_json(render.answer_json(answer))
    else:
        for line in render.answer_lines(answer):
            _out.print(line)


@app.command()
def digest(
    report: Annotated[str | None, typer.Argument(help="Report: id, start of one, or path.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every report of the catalog.")] = False,
    style: Annotated[Style, typer.Option(help="One paragraph, or sections of bullets.")] = "brief",
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    again: Annotated[bool, typer.Option(help="Make it anew even if one is kept.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """The standing digest of a report, every sentence with its page."""
    if (report is None) == (not every):
        raise UsageError("name one report, or give --all")
    failed = 0
    with _service(data_dir) as service:
        reports = service.catalog.reports() if report is None else [service.catalog.resolve(report)]
        made: list[dict[str, Any]] = []
        for one in reports:
            try:
                found = service.digester.digest(one, style, writer=writer, again=again)
            except UsageError as exc:
                if not every:
                    raise
                failed += 1
                _err.print(f"{one.title}: {exc}")
                continue
            if as_json:
                made.append(render.digest_json(found, one))
            else:
                _out.print("\n".join(render.digest_lines(found, one)) + "\n")
        if as_json:
            _print_json(made if every else made[0])
    if failed:
        raise typer.Exit(1)


@app.command(name="list")
def list_reports(
    publisher: PublisherOption = None,
    since: Since = None,
    until: Until = None,
    language: LanguageOption = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """The reports of the catalog, newest first, and the files that failed."""
    with _service(data_dir) as service:
        limits = _limits(service, publisher, since, until, language)
        reports = service.catalog.reports(limits)
        failures = service.catalog.failures()
        undated = service.catalog.undated(limits)
    if as_json:
        _print_json(
            {"reports": [render.report_json(r) for r in reports], "failures": [render.to_json(f) for f in failures]}
        )
        return
    for line in render.report_table(reports):
        _out.print(line)
    if undated:
        _out.print(f"Note: {undated} reports without a date left out by --since/--until")
    for failure in failures:
        _out.print(f"failed: {failure.source}: {failure.reason}")


@app.command()
def show(
    report: Annotated[str, typer.Argument(help="Report: id, start of one, or path.")],
    page: Annotated[int | None, typer.Option(help="Print the text of this page (zero-based).")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """What is known of a report, or the text of one of its pages."""
    with _service(data_dir) as service:
        found = service.catalog.resolve(report)
        if page is not None:
            if not 0 <= page < found.page_count:
                raise UsageError(f"report {found.id} has pages 0 to {found.page_count - 1}, not {page}")
            text = service.catalog.page(found.id, page)
            _print_json(render.to_json(text)) if as_json else _out.print(text.text)
            return
        pages = service.catalog.pages(found.id)
    if as_json:
        _print_json(render.report_json(found))
        return
    for line in render.report_lines(found, pages):
        _out.print(line)


@app.command()
def delete(
    report: Annotated[str, typer.Argument(help="Report: id, start of one, or path of a source.")],
    data_dir: DataDir = None,
) -> None:
    """Remove a report from index and catalog; given a path of several, only that source."""
    from ingest.discover import source_key
    from ingest.service import open_pipeline

    with _service(data_dir) as service, open_pipeline(service) as pipeline:
        found = service.catalog.resolve(report)
        key = source_key(Path(report))
        if key in found.sources and len(found.sources) > 1:
            pipeline.detach(key)
            _out.print(f"{key} removed; the report stays under {len(found.sources) - 1} other source(s)")
            return
        pipeline.delete(found.id)
        _out.print(f"{found.title} ({found.id}) removed")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (REPORT_RAG_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (REPORT_RAG_PORT).")] = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the HTTP API."""
    from api.app import run

    run(load_settings(data_dir=data_dir, host=host, port=port))


@eval_app.command(name="run")
def eval_run(
    folder: Annotated[Path, typer.Argument(help="Folder with qa.jsonl and pdfs/.")],
    pdfs: Annotated[list[Path] | None, typer.Option(help="More folders to look for a label's report in.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N questions.")] = None,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="Where the eval keeps its own index.")] = None,
    as_json: Json = False,
) -> None:
    """Retrieval figures on a labelled set, with a data directory of its own."""
    from eval.run import run_eval

    result = run_eval(
        folder, pdfs or [], load_settings(data_dir=data_dir), limit=limit, say=lambda text: _err.print(text)
    )
    if as_json:
        _print_json(render.to_json(result))
    else:
        _out.print(result.as_table())


@contextmanager
def _reading(data_dir: Path | None) -> Iterator[Service]:
    from ingest.service import check_readable

    with _service(data_dir) as service:
        check_readable(service)
        yield service


if __name__ == "__main__":
    main()
