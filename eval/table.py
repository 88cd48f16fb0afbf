"""A run to an aligned table of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.bootstrap import Difference
from eval.metrics import ALL, LEVELS, MEASURES, RECALLS, Figures, Grouping, Level
from eval.report import EvalResult

NAMES: dict[Level, str] = {"report": "report", "page": "page, distinct pages", "chunk": "page, within k chunks"}
_SHOWN: tuple[tuple[Level, str], ...] = (
    ("report", "Success@1"),
    ("report", "Success@5"),
    ("page", "Success@1"),
    ("page", "Success@5"),
    ("page", "Success@10"),
    ("page", "nDCG@10"),
    ("page", "MRR@10"),
    ("chunk", "Success@5"),
)  # of baselines and types, side by side
AHEAD: tuple[tuple[Level, str], ...] = (
    ("report", "Success@1"),
    ("page", "Success@1"),
    ("page", "Success@5"),
    ("page", "nDCG@10"),
)  # in which a baseline is shown beside ours with an interval


def run_table(result: EvalResult) -> str:
    """Rows level and metric, columns all questions and each language; then the report given, types, baselines, settings."""
    lines = [
        f"{result.name}: {result.questions} questions, {result.questions - result.unanswerable} answerable, "
        f"{result.unanswerable} unanswerable, {result.without_pages} without a page label; {result.reports} reports",
        *(f"failed: {failure}" for failure in result.failures),
        "",
        "figures of the open index (answerable questions), with 95 % intervals",
        *aligned(_rows(result.figures)),
        "",
        "with the report given",
        *aligned(_rows(result.given)),
        *_types(result),
        *_baselines(result),
        "",
        *_silence(result),
        f"time per question: p50 {result.latency.p50:.0f} ms, p95 {result.latency.p95:.0f} ms; "
        f"with the report given p50 {result.given_latency.p50:.0f} ms, p95 {result.given_latency.p95:.0f} ms",
        f"code: {result.code}",
        *(f"{key}: {value}" for key, value in result.manifest.items()),
        *(f"setting {key}: {value}" for key, value in result.settings.items()),
        f"saved: {result.saved}",
    ]
    return "\n".join(lines)


def aligned(rows: Sequence[Sequence[str]], words: int = 2) -> list[str]:
    """Columns padded to their widest cell: the first `words` to the left, figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def figure(figures: Sequence[Figures], level: Level, by: Grouping, group: str, name: str) -> str:
    """A mean with three digits, `-` where there is none."""
    found = next((f for f in figures if (f.level, f.by, f.group) == (level, by, group)), None)
    return f"{found.values[name].mean:.3f}" if found is not None and name in found.values else "-"


def _rows(figures: Sequence[Figures]) -> list[list[str]]:
    groups = [one.group for one in figures if one.by == "lang"]
    groups = list(dict.fromkeys(groups))
    rows = [["level", "metric", ALL, "95 %", *groups]]
    for level in LEVELS:
        whole = next((f for f in figures if f.level == level and f.by == "all"), None)
        if whole is None:
            continue
        of_langs = [f for f in figures if f.level == level and f.by == "lang"]
        rows.append([NAMES[level], "questions", str(whole.questions), "", *(str(f.questions) for f in of_langs)])
        names = [*MEASURES, *(RECALLS if whole.several else ())]
        for name in names:
            at = whole.values.get(name)
            interval = f"{at.low:.3f}-{at.high:.3f}" if at else "-"
            cells = [figure(figures, level, "lang", group, name) for group in groups]
            rows.append([NAMES[level], name, figure(figures, level, "all", ALL, name), interval, *cells])
        if whole.several:
            rows.append([NAMES[level], "of several pages", str(whole.several), "", *(str(f.several) for f in of_langs)])
    return rows


def _types(result: EvalResult) -> Iterator[str]:
    groups = list(dict.fromkeys(f.group for f in result.figures if f.by == "type"))
    if not groups:
        return
    counts = {f.group: f.questions for f in result.figures if f.by == "type" and f.level == "report"}
    heads = [f"{level} {name}" for level, name in _SHOWN]
    rows = [["type", "questions", *heads]]
    for group in groups:
        cells = [figure(result.figures, level, "type", group, name) for level, name in _SHOWN]
        rows.append([group, str(counts.get(group, 0)), *cells])
    yield from ("", "by type of question", *aligned(rows, words=1))


def _baselines(result: EvalResult) -> Iterator[str]:
    if not result.baselines:
        return
    rows = [["ranking", *(f"{level} {name}" for level, name in _SHOWN)]]
    for title, figures in [("report-rag", result.figures), *((one.name, one.figures) for one in result.baselines)]:
        rows.append([title, *(figure(figures, level, "all", ALL, name) for level, name in _SHOWN)])
    yield from ("", "beside baselines over the same pages, open index", *aligned(rows, words=1))
    rows = [["report-rag minus", *(cell for level, name in AHEAD for cell in (f"{level} {name}", "95 %", ""))]]
    rows += [
        [one.name, *(cell for level, name in AHEAD for cell in _ahead(one.ahead[level].get(name)))]
        for one in result.baselines
    ]
    yield from ("", *aligned(rows, words=1))


def _ahead(found: Difference | None) -> tuple[str, str, str]:
    if found is None:
        return "-", "-", ""
    touches = "touches zero" if found.touches_zero else ""
    return f"{found.mean:+.3f}", f"{found.low:+.3f} to {found.high:+.3f}", touches


def _silence(result: EvalResult) -> Iterator[str]:
    told = result.silence
    if told.auc is not None:
        yield (
            f"coverage of the question by one page, median: answerable {told.answerable:.2f}, "
            f"unanswerable {told.unanswerable:.2f}; told apart in {told.auc:.1%} of pairs"
        )
