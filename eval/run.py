"""A labelled set to retrieval figures: read its PDFs into an index of their own, ask each question, measure, save."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pydantic import SecretStr

from eval.ask import ask
from eval.baselines import builders
from eval.bootstrap import Difference, difference
from eval.code import code_version
from eval.datasets import Corpus, Question, load_corpus
from eval.fill import fill
from eval.metrics import Judged, Level, Places, figures, places, question_values
from eval.partial import PartialRun
from eval.report import Asked, BaselineRun, EvalResult, Latency, Silence, run_file, save
from ingest.service import manifest_of
from rag.config import Settings
from rag.errors import UsageError
from rag.service import Service

Say = Callable[[str], None]
GIVEN_LEVELS: tuple[Level, ...] = ("page", "chunk")  # with the report given there is no report to find
AHEAD_LEVELS: tuple[Level, ...] = ("report", "page")  # at which baselines are shown beside ours with an interval
_NO_MATTER = {"data_dir", "qdrant_collection", "host", "port", "log_level", "upload_max_mb"}  # they change no figure
_USER_INFO = re.compile(r"//[^/@\s]*@")
_NAME = re.compile(r"[\w.+-]+")


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run works with."""

    name: str
    service: Service
    questions: tuple[Question, ...]
    failures: tuple[str, ...]
    partial: PartialRun
    say: Say

    @property
    def runs(self) -> Path:
        return self.service.settings.data_dir / "runs"


def run_eval(
    given: Path,
    pdfs: Sequence[Path],
    settings: Settings,
    *,
    name: str | None = None,
    limit: int | None = None,
    baselines: bool = False,
    say: Say = lambda _: None,
) -> EvalResult:
    """Figures of retrieval over a folder or a label file. The index is kept in `<data_dir>/eval/<name of the set>`.

    A second run reads no PDF; a run that was stopped goes on where it was. `limit` takes the first questions only; the
    reports stay all, so that figures can be compared.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit must be 1 or more, not {limit}")
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(f"--name {name!r} must be of letters, digits and . _ + - alone: a file is named by it")
    corpus = load_corpus(given, pdfs)
    own = own_settings(settings, corpus.name)
    # one folder of models for all sets: they are large, and the same
    service = Service(own, say, models=settings.data_dir / "models")
    try:
        failures = fill(service, corpus.pdfs, say)
        run = _open_run(service, corpus, name or _default_name(given, corpus), limit, failures, say)
        asked = _ask_all(run)
        found = _rank_all(run, asked) if baselines else ()
        result = _result(run, asked, found)
        save(result)
        run.partial.remove()
        return result
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


def _default_name(given: Path, corpus: Corpus) -> str:
    return given.stem if given.is_file() else corpus.name


def _open_run(
    service: Service, corpus: Corpus, name: str, limit: int | None, failures: tuple[str, ...], say: Say
) -> _Run:
    key: dict[str, object] = {
        "code": code_version(),
        "labels": str(corpus.labels.resolve()),
        "limit": limit,
        "manifest": dict(manifest_of(service).entries),
        "settings": shown_settings(service.settings),
        "reports": sorted(report.id for report in service.catalog.reports()),
    }
    partial = PartialRun(service.settings.data_dir / "runs", name, key)
    if partial.held:
        say(f"{partial.held} questions taken over from a run that was stopped")
    return _Run(name, service, corpus.questions[:limit], failures, partial, say)


# --- the questions ---------------------------------------------------------------------------------------------------


def _ask_all(run: _Run) -> tuple[Asked, ...]:
    asked: list[Asked] = []
    warm = False
    for place, question in enumerate(run.questions, 1):
        known = run.partial.asked(question)
        if known is None:
            if not warm:
                run.service.retriever.retrieve(question.question)  # loads the models, so that no question pays for it
                warm = True
            known = ask(run.service, question)
            run.partial.add(question, known)
        asked.append(known)
        if place % 50 == 0:
            run.say(f"{place}/{len(run.questions)} questions asked")
    return tuple(asked)


def _rank_all(run: _Run, asked: Sequence[Asked]) -> tuple[BaselineRun, ...]:
    """Every baseline over the answerable questions. What a stopped run ranked is not built again."""
    ours = [one.judged(one.places) for one in asked if one.answerable]
    questions = [question for question in run.questions if question.answerable]
    found: list[BaselineRun] = []
    for name, build in builders(run.service, run.say).items():
        held: dict[str, Mapping[Level, Places]] = {}
        ranker = None
        for question in questions:
            at = run.partial.places(name, question)
            if at is None:
                ranker = ranker or build()
                at = places(question.report_id or "", question.pages, ranker.rank(question.question))
                run.partial.add_places(name, question, at)
            held[question.id] = at
        run.say(f"baseline {name}: {len(questions)} questions ranked")
        judged = [Judged(question.id, question.lang, question.type, held[question.id]) for question in questions]
        found.append(BaselineRun(name, figures(judged), _ahead(judged, ours), held))
    return tuple(found)


def _ahead(theirs: Sequence[Judged], ours: Sequence[Judged]) -> dict[Level, dict[str, Difference]]:
    """Ours minus theirs, over the same questions in the same order."""
    found: dict[Level, dict[str, Difference]] = {}
    for level in AHEAD_LEVELS:
        before, after = question_values(theirs, level), question_values(ours, level)
        found[level] = {
            name: difference(list(before[name].values()), list(after[name].values())) for name in before if before[name]
        }
    return found


def _result(run: _Run, asked: Sequence[Asked], baselines: tuple[BaselineRun, ...]) -> EvalResult:
    now = datetime.now(UTC)
    answerable = [one for one in asked if one.answerable]
    return EvalResult(
        name=run.name,
        made=now.isoformat(timespec="seconds"),
        code=code_version(),
        questions=len(asked),
        unanswerable=len(asked) - len(answerable),
        without_pages=sum(not one.pages for one in answerable),
        reports=run.service.catalog.counts()[0],
        failures=run.failures,
        figures=figures([one.judged(one.places) for one in answerable]),
        given=figures([one.judged(one.given) for one in answerable], GIVEN_LEVELS),
        baselines=baselines,
        silence=_silence(asked),
        latency=_latency([one.ms for one in asked]),
        given_latency=_latency([one.given_ms for one in asked if one.given_ms is not None]),
        settings=shown_settings(run.service.settings),
        manifest=dict(manifest_of(run.service).entries),
        asked=tuple(asked),
        saved=str(run_file(run.runs, run.name, now)),
    )


def _latency(times: Sequence[float]) -> Latency:
    if not times:
        return Latency(0.0, 0.0)
    p50, p95 = np.percentile(times, [50, 95])
    return Latency(round(float(p50), 1), round(float(p95), 1))


def _silence(asked: Sequence[Asked]) -> Silence:
    told = [one.covered for one in asked if one.answerable and one.covered is not None]
    silent = [one.covered for one in asked if not one.answerable and one.covered is not None]
    wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a in told for b in silent]
    return Silence(
        answerable=round(float(np.median(told)), 3) if told else None,
        unanswerable=round(float(np.median(silent)), 3) if silent else None,
        auc=round(float(np.mean(wins)), 3) if wins else None,
    )


def shown_settings(settings: Settings) -> dict[str, str]:
    """Settings that were given or changed and may change figures, as text; no keys, no user names in URLs."""
    shown: dict[str, str] = {}
    for key, field in Settings.model_fields.items():
        value = getattr(settings, key)
        if key in _NO_MATTER or isinstance(value, SecretStr) or value == field.default:
            continue
        shown[key] = _USER_INFO.sub("//", str(value))
    return shown
