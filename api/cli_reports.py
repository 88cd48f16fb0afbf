"""The commands on reports of the catalog: `report-rag digest`, `list`, `show`, `correct`, `delete`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from api import render
from api.cli_parts import (
    CompanyIs,
    DataDir,
    Json,
    LanguageOption,
    PublishedIs,
    PublisherIs,
    PublisherOption,
    Since,
    TickerIs,
    TitleIs,
    TypeIs,
    Until,
    err,
    given,
    limits_of,
    open_service,
    out,
    print_json,
)
from rag.answer import WriterChoice
from rag.catalog import StaleDigest
from rag.catalog.facts import NAMES
from rag.domain import Language, Report, Style
from rag.emptied import why_emptied
from rag.errors import UsageError
from rag.service import Service

app = typer.Typer()


@app.command()
def digest(
    report: Annotated[str | None, typer.Argument(help="Report: id, start of one, or path.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every report of the catalog.")] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="List the kept digests that no longer fit; with --again renew them.")
    ] = False,
    style: Annotated[Style, typer.Option(help="One paragraph, or sections of bullets.")] = "brief",
    language: Annotated[
        Language | None, typer.Option(help="By default the report's own; another one needs an LLM.")
    ] = None,
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    again: Annotated[bool, typer.Option(help="Make it anew even if one is kept.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """The standing digest of a report, every sentence with its page."""
    if (report is not None) + every + stale != 1:
        raise UsageError("name one report, or give --all or --stale")
    with open_service(data_dir) as service:
        if stale and not again:
            _list_stale(service, as_json=as_json)
            return
        wanted: list[tuple[Report, Style, Language | None]]
        if stale:
            wanted = [(service.catalog.report(one.report_id), one.style, one.language) for one in _stale(service)]
        else:
            reports = service.catalog.reports() if report is None else [service.catalog.resolve(report)]
            wanted = [(one, style, language) for one in reports]
        made, failed = _made(service, wanted, writer, again=again, one=report is not None, as_json=as_json)
        if as_json:
            print_json(made[0] if report is not None else made)
    if failed:
        raise typer.Exit(1)


def _made(
    service: Service,
    wanted: Sequence[tuple[Report, Style, Language | None]],
    writer: WriterChoice,
    *,
    again: bool,
    one: bool,
    as_json: bool,
) -> tuple[list[dict[str, Any]], int]:
    """Make and print the digests; those for JSON, and how many could not be made. UsageError where it is the only one."""
    made: list[dict[str, Any]] = []
    failed = 0
    for report, style, language in wanted:
        try:
            found = service.digester.digest(report, style, writer=writer, language=language, again=again)
        except UsageError as exc:
            if one:
                raise
            failed += 1
            err.print(f"{report.title}: {exc}")
            continue
        if as_json:
            made.append(render.digest_json(found, report))
        else:
            out.print("\n".join(render.digest_lines(found, report)) + "\n")
    return made, failed


def _stale(service: Service) -> list[StaleDigest]:
    service.digester.mark_stale()
    return service.catalog.stale_digests()


def _list_stale(service: Service, *, as_json: bool) -> None:
    found = _stale(service)
    if as_json:
        print_json([render.to_json(one) for one in found])
        return
    for one in found:
        out.print(f"{one.report_id}  {one.style:<7}  {one.language}  {one.why}")
    out.print(f"{len(found)} stale digests" + ("; renew them with report-rag digest --stale --again" if found else ""))


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
    with open_service(data_dir) as service:
        limits = limits_of(service, publisher, since, until, language)
        reports = service.catalog.reports(limits)
        failures = service.catalog.failures()
        undated = service.catalog.undated(limits)
        emptied = None if reports else why_emptied(service.catalog, "en", limits)
    if as_json:
        print_json(
            {"reports": [render.report_json(r) for r in reports], "failures": [render.to_json(f) for f in failures]}
        )
        return
    for line in render.report_table(reports):
        out.print(line)
    if emptied:
        out.print(emptied)
    if undated:
        out.print(f"Note: {undated} reports without a date left out by --since/--until")
    for failure in failures:
        out.print(f"failed: {failure.source}: {failure.reason}")


@app.command()
def show(
    report: Annotated[str, typer.Argument(help="Report: id, start of one, or path.")],
    page: Annotated[int | None, typer.Option(help="Print the text of this page (zero-based).")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """What is known of a report, or the text of one of its pages."""
    with open_service(data_dir) as service:
        found = service.catalog.resolve(report)
        if page is not None:
            if not 0 <= page < found.page_count:
                raise UsageError(f"report {found.id} has pages 0 to {found.page_count - 1}, not {page}")
            text = service.catalog.page(found.id, page)
            print_json(render.to_json(text)) if as_json else out.print(text.text)
            return
        pages = service.catalog.pages(found.id)
    if as_json:
        print_json(render.report_json(found))
        return
    for line in render.report_lines(found, pages):
        out.print(line)


@app.command()
def correct(
    report: Annotated[str, typer.Argument(help="Report: id, start of one, or path.")],
    title: TitleIs = None,
    publisher: PublisherIs = None,
    published: PublishedIs = None,
    language: Annotated[Language | None, typer.Option(help="The language it is written in.")] = None,
    kind: TypeIs = None,
    analyst: Annotated[
        list[str] | None, typer.Option(help="An analyst, in place of all that were known. Repeatable.")
    ] = None,
    company: CompanyIs = None,
    ticker: TickerIs = None,
    rating: Annotated[str | None, typer.Option(help="The rating as printed.")] = None,
    target_price: Annotated[str | None, typer.Option(help="The target price as printed.")] = None,
    form: Annotated[str | None, typer.Option(help="The form of a filing: 10-K.")] = None,
    fiscal_period: Annotated[str | None, typer.Option(help="FY2023, Q1 2024, H1 2023.")] = None,
    clear: Annotated[list[str] | None, typer.Option(help="A field that is to be empty. Repeatable.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Put right what is known of a report: it wins over its sidecar and what was read, and outlasts reindex."""
    names = {"title": title, "publisher": publisher, "published": published, "language": language, "type": kind}
    about = {"analysts": analyst, "company": company, "ticker": ticker, "rating": rating}
    printed = {"target_price": target_price, "form": form, "fiscal_period": fiscal_period}
    before, after = _correct(report, _with_cleared(given({**names, **about, **printed}), clear or []), data_dir)
    if as_json:
        print_json(render.report_json(after))
        return
    for line in render.correction_lines(before, after):
        out.print(line)


def _correct(ref: str, values: Mapping[str, object], data_dir: Path | None) -> tuple[Report, Report]:
    from api.progress import IngestProgress
    from ingest.correct import said_by_user, user_facts
    from ingest.service import open_pipeline

    said = said_by_user(values)
    with open_service(data_dir) as service:
        found = service.catalog.resolve(ref)
        facts = user_facts(said, service.publishers)
        with open_pipeline(service) as pipeline, IngestProgress(err, 1) as progress:
            return pipeline.correct(found.id, facts, progress.seen)


def _with_cleared(values: dict[str, object], clear: list[str]) -> dict[str, object]:
    """The values with None for each field to clear. UsageError for no field, or one that has a value as well."""
    for name in clear:
        field = name.strip().lower().replace("-", "_")
        field = "analysts" if field == "analyst" else field
        if field not in NAMES:
            raise UsageError(f"--clear {name}: no such field; expected {', '.join(NAMES)}")
        if values.get(field) is not None:
            raise UsageError(f"{field} is both given and cleared: say one of them")
        values[field] = None
    if not values:
        raise UsageError("nothing to correct: give the right value of a field (--title, ...), or --clear FIELD")
    return values


@app.command()
def delete(
    report: Annotated[str, typer.Argument(help="Report: id, start of one, or path of a source.")],
    data_dir: DataDir = None,
) -> None:
    """Remove a report from index and catalog; given a path of several, only that source."""
    from ingest.discover import source_key
    from ingest.service import open_pipeline

    with open_service(data_dir) as service, open_pipeline(service) as pipeline:
        found = service.catalog.resolve(report)
        key = source_key(Path(report))
        if key in found.sources and len(found.sources) > 1:
            pipeline.detach(key)
            out.print(f"{key} removed; the report stays under {len(found.sources) - 1} other source(s)")
            return
        pipeline.delete(found.id)
        out.print(f"{found.title} ({found.id}) removed")
