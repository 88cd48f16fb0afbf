"""What the commands of the command line share: options, the service behind them, and the two places to print to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from rag.config import load_settings
from rag.domain import Filter, ReportType
from rag.filters import make_filter
from rag.service import Service
from rag.telemetry import configure_logging

out = Console(highlight=False, markup=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

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
TitleIs = Annotated[str | None, typer.Option("--title", help="The right title.")]
PublisherIs = Annotated[str | None, typer.Option("--publisher", help="The right publisher; any known name of it.")]
PublishedIs = Annotated[str | None, typer.Option("--published", help="The right day of publication: YYYY-MM-DD.")]
TypeIs = Annotated[ReportType | None, typer.Option("--type", help="What kind of report it is.")]
CompanyIs = Annotated[str | None, typer.Option("--company", help="The company it is about.")]
TickerIs = Annotated[str | None, typer.Option("--ticker", help="The company's ticker with its market: 600519.SH.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def open_service(data_dir: Path | None) -> Iterator[Service]:
    """The service on the settings in force, closed at the end."""
    settings = load_settings(data_dir=data_dir)
    configure_logging(settings.log_level)
    service = Service(settings, say=lambda text: err.print(text))
    try:
        yield service
    finally:
        service.close()


@contextmanager
def open_reading(data_dir: Path | None) -> Iterator[Service]:
    """The service with an index that can be read; raises what says how to get one."""
    from ingest.service import check_readable

    with open_service(data_dir) as service:
        check_readable(service)
        yield service


def limits_of(
    service: Service,
    publisher: list[str] | None,
    since: str | None,
    until: str | None,
    language: list[str] | None,
    report: list[str] | None = None,
) -> Filter:
    """The options that limit a command to some reports, as a filter."""
    return make_filter(
        service.catalog,
        service.publishers,
        publisher=publisher or (),
        since=since,
        until=until,
        language=language or (),
        report=report or (),
    )


def given(options: Mapping[str, object]) -> dict[str, object]:
    """The options that were given: the rest are None or empty."""
    return {name: value for name, value in options.items() if value is not None and value != []}


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
