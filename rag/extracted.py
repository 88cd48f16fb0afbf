"""A report to the sentences and table lines of its digest as they stand in it: the writer that needs no LLM."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Page, Passage, Report, Style
from rag.slides import is_deck, summarise_slides
from rag.summarise import RISKS, Outline, Told, summarise, within_brief
from rag.summarise_tables import forecast_lines, key_figure_lines

EXTRACT_VERSION = "extract-7"
_FIGURES_IN_BRIEF = 2  # of a filing that also says something


def extracted(report: Report, style: Style, pages: Sequence[Page], passages: Sequence[Passage]) -> Outline:
    """Each kind of report has its form: slides, filings, and reports that argue."""
    if is_deck(pages):
        slides = summarise_slides(style, report.language, pages)
        return [(heading, [Told(line, page) for line, page in lines]) for heading, lines in slides]
    told = summarise(style, report.language, report.title, pages, report.type)
    if report.type == "filing" or not told:
        figures = key_figure_lines(report.language, [passage.chunk for passage in passages])
        if not figures and not told:  # a notice that a company files
            return summarise(style, report.language, report.title, pages)
        return _filing(report, style, figures, told)
    return told if style == "brief" else _with_forecasts(report, told, passages)


def _filing(report: Report, style: Style, figures: Outline, told: Outline) -> Outline:
    """Key figures first, then what its management tells."""
    if style == "outline":
        return [*figures, *told]
    lines = [line for _, lines in figures[:1] for line in lines]
    sentences = [sentence for _, some in told for sentence in some]
    kept = [*lines[: _FIGURES_IN_BRIEF if sentences else None], *sentences]
    return [("", within_brief(report.language, kept))]


def _with_forecasts(report: Report, told: Outline, passages: Sequence[Passage]) -> Outline:
    """The forecasts stand before the risks, which end an outline."""
    forecasts = forecast_lines(report.language, [passage.chunk for passage in passages])
    ends = bool(told) and told[-1][0] == RISKS[report.language]
    return [*told[:-1], *forecasts, told[-1]] if ends else [*told, *forecasts]
