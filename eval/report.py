"""What an evaluation found: values, kept as a JSON file that can be read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.bootstrap import Difference
from eval.metrics import LEVELS, Figures, Judged, Level, Places
from rag.domain import LegScore
from rag.errors import UsageError

KEPT = 20  # pages that are kept of what was retrieved


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that was retrieved, by its best passage, and what each leg added to its score."""

    report_id: str
    title: str
    page: int
    score: float
    legs: tuple[LegScore, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was retrieved for it: the first `KEPT` pages, and the places of the right ones among 100 passages.

    `report` is the label's name of the report, `report_id` what it stands for. `places` are of the open index, `given` of
    retrieval in the right report alone; both are empty for an unanswerable question. `covered` is the share of the
    question's weight that one page holds (rag.evidence; None across languages). Times are in milliseconds.
    """

    id: str
    lang: str
    type: str | None
    question: str
    answerable: bool
    report: str | None
    report_id: str | None
    pages: tuple[int, ...]
    places: Mapping[Level, Places]
    given: Mapping[Level, Places]
    top: tuple[FoundPage, ...]
    covered: float | None
    ms: float
    given_ms: float | None

    def judged(self, places: Mapping[Level, Places]) -> Judged:
        return Judged(self.id, self.lang, self.type, places)


@dataclass(frozen=True, slots=True)
class BaselineRun:
    """A baseline's figures in the open index, and the places of what is right by question id.

    `ahead` are report-rag's figures of reports and pages minus the baseline's, paired by question; those of pages are
    empty where no page is labelled.
    """

    name: str
    figures: tuple[Figures, ...]
    ahead: Mapping[Level, Mapping[str, Difference]]
    places: Mapping[str, Mapping[Level, Places]]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question, retrieval as a whole."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Silence:
    """How far coverage tells questions that no report answers from the rest.

    `answerable` and `unanswerable` are medians over questions that have it; `auc` is the share of pairs of one of each in
    which the answerable one is covered more (a tie counts half). None where there are none.
    """

    answerable: float | None
    unanswerable: float | None
    auc: float | None


@dataclass(frozen=True, slots=True)
class EvalResult:
    """One run over a labelled set. Figures are of answerable questions; unanswerable ones are in `silence` alone.

    `figures` are of the open index, `given` of retrieval in the right report alone.
    """

    name: str
    made: str
    code: str
    questions: int
    unanswerable: int
    without_pages: int
    reports: int
    failures: tuple[str, ...]
    figures: tuple[Figures, ...]
    given: tuple[Figures, ...]
    baselines: tuple[BaselineRun, ...]
    silence: Silence
    latency: Latency
    given_latency: Latency
    settings: Mapping[str, str]
    manifest: Mapping[str, str]
    asked: tuple[Asked, ...]
    saved: str


def save(result: EvalResult) -> None:
    """Write the result to the file it names."""
    file = Path(result.saved)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n", "utf-8")


def load_run(file: Path) -> EvalResult:
    """A run that `save` wrote. UsageError with file, line or key, and reason, for anything else."""
    try:
        values = json.loads(file.read_text("utf-8"))
    except OSError as exc:
        raise UsageError(f"{file} cannot be read ({exc.strerror}): name a file that report-rag eval run saved") from exc
    except json.JSONDecodeError as exc:
        raise UsageError(f"{file}:{exc.lineno}: no JSON: {exc.msg}") from exc
    except UnicodeDecodeError as exc:
        raise UsageError(f"{file} is no text in UTF-8: name a file that report-rag eval run saved") from exc
    try:
        run = TypeAdapter(EvalResult).validate_python(values)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise UsageError(f"{file}: no run that report-rag eval run saved: {where}: {first['msg']}") from exc
    for place, one in enumerate(run.asked):
        if one.answerable and one.places.keys() != set(LEVELS):
            raise UsageError(
                f"{file}: no run that report-rag eval run saved: asked.{place}.places: {', '.join(LEVELS)} expected"
            )
    return run


def run_file(runs: Path, name: str, moment: datetime) -> Path:
    """A name that sorts by time: 20250715T093000.123Z-samples.json."""
    utc = moment.astimezone(UTC)
    return runs / f"{utc:%Y%m%dT%H%M%S}.{utc.microsecond // 1000:03d}Z-{name}.json"
