"""What an evaluation found, as values, as an aligned table and as a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval.metrics import ALL, LEVELS, MEASURES, Figures, Level

_NAMES: dict[Level, str] = {"report": "report", "page": "page, distinct pages", "chunk": "page, within k chunks"}


@dataclass(frozen=True, slots=True)
class QuestionRank:
    """Where the right report and page of one question stand, from 1 (None: not found, or no page label), and its time."""

    id: str
    lang: str
    report: str
    report_rank: int | None
    page_rank: int | None
    chunk_rank: int | None
    ms: float


@dataclass(frozen=True, slots=True)
class EvalResult:
    """One run over a labelled set. Unanswerable questions are counted, not asked; times are of retrieval alone."""

    name: str
    made: str
    questions: int
    unanswerable: int
    without_pages: int
    reports: int
    failures: tuple[str, ...]
    figures: tuple[Figures, ...]
    p50_ms: float
    p95_ms: float
    settings: Mapping[str, str]
    manifest: Mapping[str, str]
    ranks: tuple[QuestionRank, ...]
    saved: str

    def as_table(self) -> str:
        """Rows level and metric, columns all questions and each language, then times and settings."""
        asked = self.questions - self.unanswerable
        lines = [
            f"{self.name}: {self.questions} questions, {asked} asked, {self.unanswerable} unanswerable left out, "
            f"{self.without_pages} without a page label; {self.reports} reports",
            *(f"failed: {failure}" for failure in self.failures),
            "",
            *_aligned(_rows(self.figures)),
            "",
            f"time per question: p50 {self.p50_ms:.0f} ms, p95 {self.p95_ms:.0f} ms",
            *(f"{key}: {value}" for key, value in self.manifest.items()),
            *(f"setting {key}: {value}" for key, value in self.settings.items()),
            f"saved: {self.saved}",
        ]
        return "\n".join(lines)


def save(result: EvalResult) -> None:
    """Write the result to the file it names."""
    file = Path(result.saved)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n")


def run_file(runs: Path, name: str, moment: datetime) -> Path:
    """A name that sorts by time: 20250715T093000.123Z-samples.json."""
    utc = moment.astimezone(UTC)
    return runs / f"{utc:%Y%m%dT%H%M%S}.{utc.microsecond // 1000:03d}Z-{name}.json"


def _rows(figures: Sequence[Figures]) -> list[list[str]]:
    groups = [ALL, *sorted({one.group for one in figures} - {ALL})]
    by_key = {(one.level, one.group): one for one in figures}
    rows = [["level", "metric", *groups]]
    for level in LEVELS:
        of_level = [by_key[level, group] for group in groups]
        rows.append([_NAMES[level], "questions", *(str(one.questions) for one in of_level)])
        for name in MEASURES:
            values = (f"{one.values[name]:.3f}" if name in one.values else "-" for one in of_level)
            rows.append([_NAMES[level], name, *values])
    return rows


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns padded to their widest cell: two of words to the left, figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
