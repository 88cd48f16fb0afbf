"""Saved runs to the section on retrieval of a Markdown file: each set's figures with intervals, and what we are ahead of.

    python -m eval.benchmarks DATA_DIR FILE.md

takes the newest run with baselines of each name below `DATA_DIR/eval` and puts the section between the two comments
`<!-- retrieval -->` and `<!-- /retrieval -->` of the file. Exit code 2 where a run or a comment is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.bootstrap import Difference
from eval.metrics import ALL, Figures, Level
from eval.report import BaselineRun, EvalResult, load_run
from eval.table import AHEAD
from rag.errors import ReportRagError, UsageError

BEGIN, END = "<!-- retrieval -->", "<!-- /retrieval -->"
_SHOWN: tuple[tuple[Level, str], ...] = (
    ("report", "Success@1"),
    ("report", "Success@5"),
    ("page", "Success@1"),
    ("page", "Success@5"),
    ("page", "Success@10"),
    ("page", "nDCG@10"),
    ("chunk", "Success@5"),
)


def newest(folder: Path) -> list[EvalResult]:
    """The newest run with baselines of each name, by name. UsageError where there is none."""
    runs: dict[str, EvalResult] = {}
    for file in sorted(folder.glob("eval/*/runs/*.json")):
        run = load_run(file)
        if run.baselines and (run.name not in runs or runs[run.name].made < run.made):
            runs[run.name] = run
    if not runs:
        raise UsageError(
            f"{folder} holds no run with baselines: run report-rag eval run SET --baselines --data-dir {folder}"
        )
    return [runs[name] for name in sorted(runs)]


def section(runs: Sequence[EvalResult]) -> str:
    """The section as Markdown, its comments included."""
    lines = [BEGIN, ""]
    for run in runs:
        lines += [f"### {run.name}", "", *_told(run), "", *_figures(run), "", *_ahead(run), ""]
    return "\n".join([*lines, END])


def put(text: str, made: str) -> str:
    """A text with what stands between its comments replaced. UsageError where they are not there once, in order."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in after or END in after:
        raise UsageError(f"the file needs the lines {BEGIN} and {END}, each once: put them where the section belongs")
    return before + made + after


def _told(run: EvalResult) -> Iterator[str]:
    answerable = run.questions - run.unanswerable
    pages = answerable - run.without_pages
    yield (
        f"{answerable} questions, {pages} with page labels, over {run.reports} reports; {run.made[:10]}, code {run.code}. "
        f"Retrieval took {run.latency.p50:.0f} ms (p50) and {run.latency.p95:.0f} ms (p95) a question."
    )


def _figures(run: EvalResult) -> Iterator[str]:
    shown = [(level, name) for level, name in _SHOWN if _has(run.figures, level, name)]
    yield "| ranking | " + " | ".join(f"{level} {name}" for level, name in shown) + " |"
    yield "| --- |" + " --- |" * len(shown)
    yield _row("**report-rag**", run.figures, shown)
    yield _row("95 %", run.figures, shown, intervals=True)
    if any(_has(run.given, level, name) for level, name in shown):
        yield _row("report-rag, report given", run.given, shown)
    for one in run.baselines:
        yield _row(one.name, one.figures, shown)


def _row(title: str, figures: Sequence[Figures], shown: Sequence[tuple[Level, str]], *, intervals: bool = False) -> str:
    cells = []
    for level, name in shown:
        whole = _whole(figures, level)
        value = whole.values.get(name) if whole else None
        if value is None:
            cells.append("-")
        else:
            cells.append(f"{value.low:.2f}–{value.high:.2f}" if intervals else f"{value.mean:.3f}")
    return f"| {title} | " + " | ".join(cells) + " |"


def _ahead(run: EvalResult) -> Iterator[str]:
    shown = [(level, name) for level, name in AHEAD if any(name in one.ahead[level] for one in run.baselines)]
    yield "| report-rag minus | " + " | ".join(f"{level} {name}" for level, name in shown) + " |"
    yield "| --- |" + " --- |" * len(shown)
    for one in run.baselines:
        yield f"| {one.name} | " + " | ".join(_difference(one, level, name) for level, name in shown) + " |"


def _difference(one: BaselineRun, level: Level, name: str) -> str:
    found: Difference | None = one.ahead[level].get(name)
    if found is None:
        return "-"
    touches = ", touches zero" if found.touches_zero else ""
    return f"{found.mean:+.3f} ({found.low:+.2f} to {found.high:+.2f}{touches})"


def _whole(figures: Sequence[Figures], level: Level) -> Figures | None:
    return next((one for one in figures if (one.level, one.by, one.group) == (level, "all", ALL)), None)


def _has(figures: Sequence[Figures], level: Level, name: str) -> bool:
    whole = _whole(figures, level)
    return whole is not None and name in whole.values


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m eval.benchmarks DATA_DIR FILE.md\n")
        return 2
    folder, file = map(Path, arguments)
    try:
        text = put(file.read_text("utf-8"), section(newest(folder)))
    except OSError as exc:
        sys.stderr.write(f"error: {file} cannot be read: {exc.strerror}\n")
        return 2
    except ReportRagError as exc:
        sys.stderr.write(f"error: {exc}\n")
        return 2
    file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
