"""PDFs into an index that holds just them, built with the present settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.discover import discover, source_key
from ingest.pipeline import Pipeline
from ingest.service import READER_KEY, manifest_of, open_pipeline
from rag.service import Service

Say = Callable[[str], None]


def fill(service: Service, files: Sequence[Path], say: Say) -> tuple[str, ...]:
    """Let the index hold exactly these files, built with the present settings. Gives the files that cannot be read."""
    _ = service.catalog  # first: it makes the data directory, or says why it cannot
    found, wanted = service.store.manifest(), manifest_of(service)
    changed = found is not None and found != wanted
    if changed:
        say("the index of this set was made with other settings: it is built anew")
    failures: list[str] = []
    with open_pipeline(service, rebuild=changed) as pipeline:
        if found is not None and dict(found.entries).get(READER_KEY) != dict(wanted.entries).get(READER_KEY):
            for report in service.catalog.reports():
                pipeline.delete(report.id)  # the kept pages are of another reader: read the files again
        for place, outcome in enumerate(pipeline.ingest(discover(files)), 1):
            file = Path(outcome.source).name
            if outcome.status == "failed":
                failures.append(f"{file}: {outcome.reason}")
            if outcome.status not in ("unchanged", "second source"):
                say(f"{place}/{len(files)} {file}: {outcome.status}, {outcome.pages} pages, {outcome.seconds:.1f} s")
        _drop_others(service, pipeline, files, say)
    return tuple(failures)


def _drop_others(service: Service, pipeline: Pipeline, files: Sequence[Path], say: Say) -> None:
    wanted = {source_key(file) for file in files}
    others = [source for report in service.catalog.reports() for source in report.sources if source not in wanted]
    gone = [report_id for source in others if (report_id := pipeline.detach(source))]
    if gone:
        service.store.optimize()  # term weights without the reports that went
        say(f"{len(gone)} reports that are no longer of this set removed from its index")
