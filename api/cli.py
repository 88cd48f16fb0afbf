"""The command line: `report-rag COMMAND`. Exit code 0: done; 1: some files failed; 2: wrong input or set-up; 130: Ctrl-C."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api import render
from api.cli_chat import app as chat_app
from api.cli_compare import app as compare_app
from api.cli_eval import app as eval_app
from api.cli_inspect import app as inspect_app
from api.cli_keys import app as keys_app
from api.cli_parts import (
    CompanyIs,
    DataDir,
    Json,
    LanguageOption,
    PublishedIs,
    PublisherIs,
    PublisherOption,
    ReportOption,
    Since,
    TickerIs,
    TitleIs,
    TypeIs,
    Until,
    err,
    given,
    limits_of,
    open_reading,
    open_service,
    out,
    print_json,
)
from api.cli_reports import app as reports_app
from api.cli_serve import app as serve_app
from rag.answer import WriterChoice
from rag.errors import ReportRagError, UsageError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Cited answers over research-report PDFs.",
)
app.add_typer(reports_app)
app.add_typer(chat_app)
app.add_typer(compare_app)
app.add_typer(inspect_app)
app.add_typer(serve_app)
app.add_typer(eval_app, name="eval")
app.add_typer(keys_app, name="keys")

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; a known error is one line, never a traceback."""
    try:
        code = app(standalone_mode=False)  # a typer.Exit comes back as its code, Ctrl-C as 130
        if code == _INTERRUPTED:
            err.print("stopped; nothing is half-written, run the same command again to go on")
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
        err.print(f"error: {exc.format_message()}")  # a usage error of the command line itself
        sys.exit(2)


def _complain(error: ReportRagError) -> None:
    err.print(f"error: {error}")
    if isinstance(error, UsageError) and error.candidates:
        err.print("did you mean:")
        for candidate in error.candidates:
            err.print(f"  {candidate}")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="PDF files or folders.")],
    title: TitleIs = None,
    publisher: PublisherIs = None,
    published: PublishedIs = None,
    kind: TypeIs = None,
    company: CompanyIs = None,
    ticker: TickerIs = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Read PDF files into catalog and index. Running again over the same files does nothing.

    What the options say holds for all files given, over their sidecars (NAME.json beside NAME.pdf) and what is read.
    """
    from api.progress import IngestProgress
    from ingest.correct import said_by_user, user_facts
    from ingest.discover import discover
    from ingest.service import open_pipeline

    names = {"title": title, "publisher": publisher, "published": published, "type": kind}
    said = said_by_user(given({**names, "company": company, "ticker": ticker}))
    found = discover(paths)
    if title is not None and len(found) != 1:
        raise UsageError(f"--title is for one file, these paths give {len(found)}: ingest the one by itself")
    outcomes = []
    with open_service(data_dir) as service, open_pipeline(service) as pipeline:
        facts = user_facts(said, service.publishers)
        with IngestProgress(err, len(found)) as progress:
            for outcome in pipeline.ingest(found, progress.seen, facts):
                outcomes.append(outcome)
                progress.done(outcome)
    print_json([render.to_json(o) for o in outcomes]) if as_json else out.print(render.ingest_summary(outcomes))
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def reindex(data_dir: DataDir = None) -> None:
    """Rebuild the index with the present settings; PDFs are read again only where an older version read them."""
    from api.progress import IngestProgress
    from ingest.service import open_pipeline

    failed: list[str] = []
    with open_service(data_dir) as service, open_pipeline(service, rebuild=True) as pipeline:
        waiting = service.catalog.outdated(pipeline.fingerprint)
        count = 0
        with IngestProgress(err, len(waiting)) as progress:
            for report, fault in pipeline.reindex(progress.seen):
                count += 1
                failed += [f"failed: {report.sources[0]}: {fault}"] if fault else []
                progress.advance()
    for line in (f"{count} reports indexed anew", *failed):
        out.print(line)
    if failed:
        raise typer.Exit(1)


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
    with open_reading(data_dir) as service:
        limits = limits_of(service, publisher, since, until, language, report)
        found = service.retriever.retrieve(question, limits, top_k)
    if as_json:
        passages = [render.passage_json(passage) for passage in found.passages]
        print_json({**render.understood_json(found.understood), "notices": list(found.said), "passages": passages})
        return
    if explain:
        out.print(render.understood_line(found.understood))
    for position, passage in enumerate(found.passages, 1):
        for line in render.passage_lines(passage, position, explain=explain):
            out.print(line)
    if not found.passages and not found.emptied:
        out.print("nothing found")
    for notice in found.said:
        out.print(f"Note: {notice}")


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
    with open_reading(data_dir) as service:
        limits = limits_of(service, publisher, since, until, language, report)
        answer = service.answerer.answer(question, limits, limit=top_k, writer=writer)
    if as_json:
        print_json(render.answer_json(answer))
    else:
        for line in render.answer_lines(answer):
            out.print(line)


if __name__ == "__main__":
    main()
