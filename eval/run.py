"""A labelled folder to retrieval figures: read its PDFs into an index of their own, ask each question, measure, save."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pydantic import SecretStr

from eval.datasets import Question, corpus, load_questions
from eval.metrics import Judged, figures, first_rank
from eval.report import EvalResult, QuestionRank, run_file, save
from ingest.discover import discover, hash_file, source_key
from ingest.pipeline import Pipeline
from ingest.service import READER_KEY, manifest_of, open_pipeline
from rag.config import Settings
from rag.errors import UsageError
from rag.retrieve import MOST_PASSAGES
from rag.service import Service

Say = Callable[[str], None]
_NO_MATTER = {"data_dir", "qdrant_collection", "host", "port", "log_level", "upload_max_mb"}  # they change no figure
_USER_INFO = re.compile(r"//[^/@\s]*@")


def run_eval(
    folder: Path, pdfs: Sequence[Path], settings: Settings, *, limit: int | None = None, say: Say = lambda _: None
) -> EvalResult:
    """Figures of retrieval over `folder`. The index is kept in `<data_dir>/eval/<folder name>`; a second run reads nothing.

    `limit` takes the first questions only; the reports stay all, so that figures can be compared.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit must be 1 or more, not {limit}")
    labels = load_questions(folder, pdfs)
    questions = labels[:limit]
    name = folder.resolve().name or "eval"
    own = own_settings(settings, name)
    service = Service(own, say, models=settings.data_dir / "models")  # one for all sets: it is large, and the same
    try:
        failures = _fill(service, corpus(folder, labels), say)
        asked = [question for question in questions if question.answerable]
        judged, times = _ask_all(service, asked, say)
        return _result(service, name, questions, asked, judged, times, failures)
    finally:
        service.close()


def own_settings(settings: Settings, name: str) -> Settings:
    """The same settings with data directory, catalog and collection of the set's own: figures over others mean nothing."""
    return settings.model_copy(
        update={
            "data_dir": settings.data_dir / "eval" / name,
            "database_url": "",
            "qdrant_collection": f"{settings.qdrant_collection}-eval-{name}",
        }
    )


# --- the index -------------------------------------------------------------------------------------------------------


def _fill(service: Service, files: Sequence[Path], say: Say) -> tuple[str, ...]:
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


# --- the questions ---------------------------------------------------------------------------------------------------


def _ask_all(service: Service, questions: Sequence[Question], say: Say) -> tuple[list[Judged], list[float]]:
    if questions:
        service.retriever.retrieve(questions[0].question)  # loads the model, so that no question pays for it
    judged: list[Judged] = []
    times: list[float] = []
    for place, question in enumerate(questions, 1):
        started = time.perf_counter()
        passages = service.retriever.retrieve(question.question, limit=MOST_PASSAGES).passages
        times.append((time.perf_counter() - started) * 1000)
        found = tuple((passage.report.id, passage.chunk.page) for passage in passages)
        judged.append(Judged(question.id, question.lang, _report_id(question), question.pages, found))
        if place % 50 == 0:
            say(f"{place}/{len(questions)} questions asked")
    return judged, times


def _report_id(question: Question) -> str:
    assert question.report_path is not None, "load_questions lets no answerable question pass without"
    return hash_file(question.report_path)[:16]


def _result(
    service: Service,
    name: str,
    questions: Sequence[Question],
    asked: Sequence[Question],
    judged: Sequence[Judged],
    times: Sequence[float],
    failures: tuple[str, ...],
) -> EvalResult:
    now = datetime.now(UTC)
    ranks = tuple(
        QuestionRank(
            id=one.id,
            lang=one.lang,
            report=question.report or "",
            report_rank=first_rank("report", one),
            page_rank=first_rank("page", one),
            chunk_rank=first_rank("chunk", one),
            ms=round(ms, 1),
        )
        for question, one, ms in zip(asked, judged, times, strict=True)
    )
    result = EvalResult(
        name=name,
        made=now.isoformat(timespec="seconds"),
        questions=len(questions),
        unanswerable=len(questions) - len(asked),
        without_pages=sum(not question.pages for question in asked),
        reports=service.catalog.counts()[0],
        failures=failures,
        figures=figures(judged),
        p50_ms=_percentile(times, 50),
        p95_ms=_percentile(times, 95),
        settings=shown_settings(service.settings),
        manifest=dict(manifest_of(service).entries),
        ranks=ranks,
        saved=str(run_file(service.settings.data_dir / "runs", name, now)),
    )
    save(result)
    return result


def _percentile(times: Sequence[float], share: int) -> float:
    return round(float(np.percentile(times, share)), 1) if times else 0.0


def shown_settings(settings: Settings) -> dict[str, str]:
    """Settings that were given or changed and may change figures, as text; no keys, no user names in URLs."""
    shown: dict[str, str] = {}
    for key, field in Settings.model_fields.items():
        value = getattr(settings, key)
        if key in _NO_MATTER or isinstance(value, SecretStr) or value == field.default:
            continue
        shown[key] = _USER_INFO.sub("//", str(value))
    return shown
