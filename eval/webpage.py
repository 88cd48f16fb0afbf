"""A run to one HTML page that needs nothing else: figures, plots, and every question with what was retrieved and why.

Everything that comes from the run is escaped: names, questions and titles are data. Pages are counted from zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from eval.bootstrap import Difference
from eval.metrics import ALL, LEVELS, MEASURES, RECALLS, Figures, Level
from eval.plot import bars
from eval.report import Asked, EvalResult, FoundPage
from eval.table import AHEAD, NAMES
from rag.cite import Marker, render_marker

_PLOTTED = "Success@5"


def run_page(result: EvalResult) -> str:
    """The whole page, with its style sheet inside."""
    style = Path(__file__).with_name("webpage.css").read_text("utf-8")
    title = escape(f"{result.name}: retrieval")
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{style}</style></head><body><h1>{title}</h1>",
        _lead(result),
        "<h2>Figures</h2>",
        _figures(result.figures),
        *_beside(result),
        "<h2>Open index and report given</h2>",
        "<p class=soft>The same questions, asked of all reports and of the right report alone: what is between them is lost"
        " by choosing the wrong report.</p>",
        _ladder(result),
        *_grouped(result),
        "<h2>Time</h2>",
        _time(result),
        "<h2>Set-up</h2>",
        _set_up(result),
        "<h2>Questions</h2>",
        "<p class=soft>The number is the rank of the right page (of the right report, where no page is labelled). Shares are"
        " what each leg added to a page's score.</p>",
        *(_question(one) for one in result.asked),
        "</body></html>\n",
    ]
    return "".join(parts)


# --- figures ---------------------------------------------------------------------------------------------------------


def _lead(result: EvalResult) -> str:
    answerable = result.questions - result.unanswerable
    failed = "".join(f"<p>failed: {escape(failure)}</p>" for failure in result.failures)
    return (
        f"<p>{answerable} answerable and {result.unanswerable} unanswerable questions over {result.reports} reports, "
        f"{result.without_pages} without a page label. Made {escape(result.made)}, code {escape(result.code)}.</p>{failed}"
    )


def _figures(figures: Sequence[Figures]) -> str:
    whole = [one for one in figures if one.by == "all"]
    names = [*MEASURES, *(RECALLS if any(one.several for one in whole) else ())]
    rows = [[NAMES[one.level], str(one.questions), *(_value(one, name) for name in names)] for one in whole]
    return _table(["level", "questions", *names], rows)


def _beside(result: EvalResult) -> Iterator[str]:
    if not result.baselines:
        return
    everyone = [("report-rag", result.figures), *((one.name, one.figures) for one in result.baselines)]
    plotted = [
        (name, at.values[_PLOTTED]) for name, figures in everyone if (at := _whole(figures, "page")) and at.values
    ]
    yield "<h2>Beside baselines</h2><p class=soft>The same pages, open index. Bars: the right page among the first five.</p>"
    yield bars(f"page {_PLOTTED}", plotted)
    shown: tuple[tuple[Level, str], ...] = (
        ("report", "Success@1"),
        *(("page", name) for name in MEASURES),
        ("chunk", "Success@5"),
    )
    rows = [
        [escape(name), *(_value(_whole(figures, level), measure) for level, measure in shown)]
        for name, figures in everyone
    ]
    yield _table(["ranking", *(f"{level} {measure}" for level, measure in shown)], rows, ours=0)
    rows = [
        [escape(one.name), *(_ahead(one.ahead[level].get(name)) for level, name in AHEAD)] for one in result.baselines
    ]
    yield "<p class=soft>report-rag minus the baseline, paired by question:</p>"
    yield _table(["baseline", *(f"{level} {name}" for level, name in AHEAD)], rows)


def _ladder(result: EvalResult) -> str:
    rows: list[list[str]] = []
    for level in LEVELS:
        for rung, figures in (("open index", result.figures), ("report given", result.given)):
            found = _whole(figures, level)
            if found is not None:
                rows.append([f"{NAMES[level]}, {rung}", *(_value(found, name) for name in MEASURES)])
    return _table(["level", *MEASURES], rows)


def _grouped(result: EvalResult) -> Iterator[str]:
    for by, title in (("lang", "By language of the question"), ("type", "By type of question")):
        chosen = [one for one in result.figures if one.by == by and one.level == "page"]
        if chosen:
            rows = [
                [escape(one.group), str(one.questions), *(_value(one, name) for name in MEASURES)] for one in chosen
            ]
            yield f"<h2>{title}</h2>" + _table([by, "questions", *(f"page {name}" for name in MEASURES)], rows)


def _time(result: EvalResult) -> str:
    rows = [
        [rung, f"{at.p50:.0f} ms", f"{at.p95:.0f} ms"]
        for rung, at in (("open index", result.latency), ("report given", result.given_latency))
    ]
    return _table(["retrieval of one question", "p50", "p95"], rows)


def _set_up(result: EvalResult) -> str:
    facts = {**result.manifest, **{f"setting {key}": value for key, value in result.settings.items()}}
    told = result.silence
    if told.auc is not None:
        facts["coverage"] = (
            f"median {told.answerable} over answerable, {told.unanswerable} over unanswerable questions; "
            f"told apart in {told.auc:.1%} of pairs"
        )
    return f"<dl>{''.join(f'<dt>{escape(key)}</dt><dd>{escape(value)}</dd>' for key, value in facts.items())}</dl>"


def _whole(figures: Sequence[Figures], level: Level) -> Figures | None:
    return next((one for one in figures if one.level == level and one.by == "all" and one.group == ALL), None)


def _value(found: Figures | None, name: str) -> str:
    if found is None or name not in found.values:
        return "-"
    at = found.values[name]
    return f"{at.mean:.3f}<br><small>{at.low:.3f}–{at.high:.3f}</small>"


def _ahead(found: Difference | None) -> str:
    if found is None:
        return "-"
    touches = ", touches zero" if found.touches_zero else ""
    return f"{found.mean:+.3f}<br><small>{found.low:+.3f} to {found.high:+.3f}{touches}</small>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], ours: int | None = None) -> str:
    """`rows` are HTML already; the first column holds words."""
    lines = [
        f"<tr><th class=word>{escape(heads[0])}</th>{''.join(f'<th>{escape(head)}</th>' for head in heads[1:])}</tr>"
    ]
    for place, row in enumerate(rows):
        kind = " class=ours" if place == ours else ""
        cells = "".join(f"<td class=num>{cell}</td>" for cell in row[1:])
        lines.append(f"<tr{kind}><td class=word>{row[0]}</td>{cells}</tr>")
    return f"<div class=wide><table>{''.join(lines)}</table></div>"


# --- questions -------------------------------------------------------------------------------------------------------


def _question(one: Asked) -> str:
    rank = one.places["page" if one.pages else "report"].first if one.places else None
    kind = "first" if rank == 1 else "late" if one.answerable and (rank is None or rank > 5) else ""
    shown = "–" if rank is None else str(rank)
    about = " · ".join(escape(part) for part in (one.id, one.lang, one.type or "", f"{one.ms:.0f} ms") if part)
    return (
        f'<details><summary><span class="rank {kind}">{shown}</span><span>{escape(one.question)} '
        f"<small>{about}</small></span></summary><div class=inside><p>{_right(one)}</p>{_retrieved(one)}</div></details>"
    )


def _right(one: Asked) -> str:
    if not one.answerable:
        return "No report answers it."
    pages = " ".join(escape(render_marker(Marker(page, None))) for page in one.pages) or "no page label"
    given = one.given.get("page")
    within = f"; with the report given, rank {given.first or '–'}" if given and given.right else ""
    return f"Right: {escape(one.report or '')} {pages}{within}"


def _retrieved(one: Asked) -> str:
    if not one.top:
        return "<p>Nothing was retrieved.</p>"
    rows = [_found(place, found, one) for place, found in enumerate(one.top, 1)]
    head = "<tr><th>rank</th><th class=word>report</th><th>page</th><th>score</th><th class=word>why</th></tr>"
    return f"<div class=wide><table>{head}{''.join(rows)}</table></div>"


def _found(place: int, found: FoundPage, one: Asked) -> str:
    right = one.answerable and found.report_id == one.report_id and (not one.pages or found.page in one.pages)
    legs = ", ".join(
        f"{leg.leg} {leg.share:.2f} (rank {leg.rank})" for leg in sorted(found.legs, key=lambda x: -x.share)
    )
    return (
        f"<tr{' class=gold' if right else ''}><td class=num>{place}</td><td class=word>{escape(found.title)}</td>"
        f"<td class=num>{found.page}</td><td class=num>{found.score:.3f}</td><td class=word>{escape(legs)}</td></tr>"
    )
