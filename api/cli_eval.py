"""The commands `report-rag eval ...`: figures on labelled sets, two runs side by side, a run as a web page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import render
from api.cli_parts import DataDir, Json, err, open_service, out, print_json
from rag.answer import WriterChoice
from rag.config import load_settings
from rag.domain import Style
from rag.errors import UsageError

if TYPE_CHECKING:
    from eval.answers import AnswerRun

app = typer.Typer(no_args_is_help=True, help="Figures on labelled question sets.")


@app.command()
def run(
    given: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with qa.jsonl and pdfs/, or a label file.")],
    pdfs: Annotated[
        list[Path] | None,
        typer.Option(
            help="More folders to look for a label's report in; with a label file, its whole corpus. Repeatable."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the run is called, by default as the set.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N questions.")] = None,
    baselines: Annotated[bool, typer.Option("--baselines", help="Rank the same pages by stock methods too.")] = False,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="Where the eval keeps its own index.")] = None,
    as_json: Json = False,
) -> None:
    """Retrieval figures on a labelled set, with a data directory of its own. A run that was stopped goes on."""
    from eval.run import run_eval
    from eval.table import run_table

    result = run_eval(
        given,
        pdfs or [],
        load_settings(data_dir=data_dir),
        name=name,
        limit=limit,
        baselines=baselines,
        say=lambda text: err.print(text),
    )
    if as_json:
        print_json(render.to_json(result))
    else:
        out.print(run_table(result))


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="The JSON file of a run.")],
    second: Annotated[Path, typer.Argument(help="Another, over the same questions.")],
    metric: Annotated[list[str] | None, typer.Option(help="Only this metric, such as Success@5. Repeatable.")] = None,
    as_json: Json = False,
) -> None:
    """What changed from one run to another, with paired intervals, and the questions that moved most."""
    from eval.compare import check_measures, compare
    from eval.report import load_run

    measures = check_measures(metric or [])
    found = compare(load_run(first), load_run(second), measures)
    if as_json:
        print_json(render.to_json(found))
    else:
        out.print(found.as_table())


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="The JSON file of a run.")],
    file: Annotated[Path | None, typer.Option("--out", help="The page, by default RUN.html beside the run.")] = None,
) -> None:
    """A run as one web page that needs nothing else: figures, plots, and every question with what was retrieved."""
    from eval.report import load_run
    from eval.webpage import run_page

    page = run_page(load_run(run))
    target = file or run.with_suffix(".html")
    if target.resolve() == run.resolve():
        raise UsageError(f"--out {target} is the run itself: name another file")
    try:
        target.write_text(page, "utf-8")
    except OSError as exc:
        raise UsageError(f"{target} cannot be written: {exc.strerror}") from exc
    out.print(f"written: {target}")


@app.command()
def answers(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines with the key question, and labels.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    given: Annotated[bool, typer.Option("--given", help="Ask each of the report alone that its label names.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Ask the filled index and check each answer: markers and numbers by reading the PDFs anew, and its label."""
    from eval.answers import run_answers
    from eval.labels import read_labels
    from ingest.service import check_readable

    labels = read_labels(file)
    with open_service(data_dir) as service:
        check_readable(service)
        _tell(run_answers(service, labels, limit, writer=writer, given=given), as_json=as_json)


@app.command()
def digests(
    style: Annotated[Style, typer.Option(help="One paragraph, or sections of bullets.")] = "brief",
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """The digests of all reports: markers and numbers by reading the PDFs anew, coverage, redundancy, length, debris."""
    from eval.answers import run_digests

    with open_service(data_dir) as service:
        _tell(run_digests(service, style, writer=writer), as_json=as_json)


@app.command()
def claims(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines: claims with their label and page.")],
    pdfs: Annotated[
        list[Path] | None, typer.Option(help="Folder to look for the claims' reports in and below. Repeatable.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Each claim whose verdict is wrong, with the reason.")] = False,
    as_json: Json = False,
) -> None:
    """What the verifier finds of wrong claims, and what it refuses of right ones, over pages read for it from PDFs."""
    from eval.claims import run_claims
    from rag.verify import RuleVerifier

    run = run_claims(file, pdfs or [], load_settings(), RuleVerifier(), say=lambda text: err.print(text))
    if as_json:
        print_json(render.to_json(run))
    else:
        out.print(run.as_text(show=show))


def _tell(run: AnswerRun, *, as_json: bool) -> None:
    """Exit code 1 where a sentence has a fault or something failed."""
    if as_json:
        print_json(render.to_json(run))
    else:
        out.print(run.as_text())
    if run.check.faults or run.failures or any(digest.debris for digest in run.digests):
        raise typer.Exit(1)
