"""What a person typed for a report in, the one report it means out: an id, the start of one, a path, a file name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy import Connection

from rag.catalog.reports import reports_by_id, select_reports
from rag.domain import Filter, Report
from rag.errors import NotFoundError, UsageError

_ID_START = re.compile(r"[0-9a-f]{4,}")
_NEAREST = 5


def resolve(connection: Connection, ref: str) -> Report:
    """The report that `ref` names. UsageError if it fits several, NotFoundError if none, both with candidates."""
    wanted = ref.strip()
    by_id = reports_by_id(connection, [wanted.lower()])
    if by_id:
        return by_id[wanted.lower()]
    known = select_reports(connection, Filter())
    for fitting in (_by_source(known, wanted), _by_part(known, wanted)):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            candidates = [_candidate(report) for report in fitting]
            raise UsageError(f"{ref!r} fits {len(fitting)} reports: give the id of one of them", candidates)
    raise NotFoundError(
        f"no report {ref!r} in the catalog: give an id, at least 4 digits of its start, or the path or name of a file",
        [_candidate(report) for report in _nearest(known, wanted)],
    )


def _by_source(known: Sequence[Report], wanted: str) -> list[Report]:
    """By the key itself; else by the absolute path that it means here."""
    exact = [report for report in known if wanted in report.sources]
    if exact:
        return exact
    try:
        path = str(Path(wanted).resolve()) if wanted else ""
    except (OSError, RuntimeError, ValueError):  # nothing a file could be called
        return []
    return [report for report in known if path in report.sources]


def _by_part(known: Sequence[Report], wanted: str) -> list[Report]:
    """By the start of an id, or the file name of a source; a file may be called 2024."""
    start = wanted.lower() if _ID_START.fullmatch(wanted.lower()) else None
    return [
        report for report in known if (start and report.id.startswith(start)) or (wanted and wanted in _names(report))
    ]


def _nearest(known: Sequence[Report], wanted: str) -> list[Report]:
    """Reports whose title or file name holds the words, then those with an id, title or file name spelt alike."""
    sought = wanted.lower()
    if not sought:
        return []
    spelt: dict[str, list[Report]] = {}
    for report in known:
        for text in (report.id, report.title, *_names(report)):
            spelt.setdefault(text.lower(), []).append(report)
    holding = [text for text in spelt if sought in text]
    alike = get_close_matches(sought, spelt, n=_NEAREST, cutoff=0.5)
    near = {report.id: report for text in (*holding, *alike) for report in spelt[text]}
    return list(near.values())[:_NEAREST]


def _names(report: Report) -> list[str]:
    """The file names of a report; keys of another system may have backslashes."""
    return [re.split(r"[/\\]", source)[-1] for source in report.sources]


def _candidate(report: Report) -> str:
    return f"{report.id}  {report.title}"
