"""A report to the sentences and table lines of its digest as they stand in it: the writer that needs no LLM."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Page, Passage, Report, Style
from rag.summarise import RISKS, Outline, summarise, within_brief
from rag.summarise_tables import forecast_lines, key_figure_lines

EXTRACT_VERSION = "extract-7"
_FIGURES_IN_BRIEF = 2  # of a filing that also says something


def extracted(report: Report, style: Style, pages: Sequence[Page], passages: Sequence[Passage]) -> Outline:
    """The sentences and table lines of the report itself: a filing's key figures first, a broker's forecasts before its risks."""
    language, chunks = report.language, [passage.chunk for passage in passages]
    told = summarise(style, language, report.title, pages, report.type)
    if report.type == "filing" or not told:
        figures = key_figure_lines(language, chunks)
        if style == "outline":
            return [*figures, *told]
        lines = [line for _, lines in figures[:1] for line in lines]
        sentences = [sentence for _, some in told for sentence in some]
        return [("", within_brief(language, [*lines[: _FIGURES_IN_BRIEF if told else None], *sentences]))]
    if style == "brief":
        return told
    forecasts = forecast_lines(language, chunks)
    ends = bool(told) and told[-1][0] == RISKS[language]
    return [*told[:-1], *forecasts, told[-1]] if ends else [*told, *forecasts]
