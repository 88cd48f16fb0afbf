"""The read way over one report: its digest, every sentence with its page, kept in the catalog with what made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.answer import WriterChoice
from rag.catalog import Catalog
from rag.check import Checker
from rag.domain import Digest, Page, Passage, Report, Section, Sentence, Style
from rag.errors import ConfigurationError, ModelError, UsageError
from rag.prompt import prompt_version
from rag.say import say
from rag.summarise import RISKS, Outline, Told, summarise, within_brief
from rag.summarise_tables import forecast_lines, key_figure_lines
from rag.writer import LlmWriter

EXTRACT_VERSION = "extract-7"
_FIGURES_IN_BRIEF = 2


@dataclass(frozen=True, slots=True)
class Digester:
    """The parts a digest needs. `llm` is None when no endpoint is configured."""

    catalog: Catalog
    checker: Checker
    llm: LlmWriter | None

    def digest(self, report: Report, style: Style, *, writer: WriterChoice = "auto", again: bool = False) -> Digest:
        """The kept digest when writer, model and prompt are the same, else a new one, which is kept."""
        if writer == "llm" and self.llm is None:
            raise ConfigurationError("no LLM is configured: set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL")
        llm = None if writer == "extractive" else self.llm
        name, model, version = (
            ("llm", llm.model, self._version(report, style)) if llm else ("extractive", None, EXTRACT_VERSION)
        )
        kept = self.catalog.digest(report.id, style, writer=name, model=model or "")
        if kept is not None and kept.prompt_version == version and not again:
            return kept
        pages = self.catalog.pages(report.id)
        passages = self._passages(report, pages)
        if llm is None:
            return self._keep(report, style, _extracted(report, style, pages, passages), passages, None, ())
        try:
            written = llm.write_digest(style, report.language, report.title, passages)
            outline = [(heading, [Told(text, None) for text in texts]) for heading, texts in written]
        except ModelError as exc:
            if writer == "llm":
                raise
            notice = say("llm_failed", report.language, reason=str(exc))
            return self._keep(report, style, _extracted(report, style, pages, passages), passages, None, (notice,))
        return self._keep(report, style, outline, passages, llm, ())

    def _keep(
        self,
        report: Report,
        style: Style,
        outline: Outline,
        passages: Sequence[Passage],
        llm: LlmWriter | None,
        notices: tuple[str, ...],
    ) -> Digest:
        sections, dropped = self._checked(outline, passages)
        if not sections:
            raise UsageError(f"report {report.id} holds no sentence a digest could be made of")
        if dropped:
            notices = (*notices, say("dropped", report.language, count=dropped))
        digest = Digest(
            report_id=report.id,
            style=style,
            language=report.language,
            sections=sections,
            writer="llm" if llm else "extractive",
            model=llm.model if llm else None,
            prompt_version=self._version(report, style) if llm else EXTRACT_VERSION,
            made=datetime.now(UTC),
            notices=notices,
        )
        self.catalog.save_digest(digest)
        return digest

    def _checked(self, outline: Outline, passages: Sequence[Passage]) -> tuple[tuple[Section, ...], int]:
        """The sections with the sentences that a page supports, and how many were left out.

        A sentence that was taken from a page is checked against that page, and only then against the others.
        """
        sections: list[Section] = []
        dropped = 0
        for heading, sentences in outline:
            kept: list[Sentence] = []
            for told in sentences:
                own = [p for p in passages if p.chunk.page == told.page]
                checked = self.checker.check([told.text], own)
                if not any(c.verdict.label == "supported" for s in checked.kept for c in s.citations):
                    checked = self.checker.check([told.text], passages)
                kept += checked.kept
                dropped += len(checked.dropped)
            if kept:
                sections.append(Section(heading, tuple(kept)))
        return tuple(sections), dropped

    def _passages(self, report: Report, pages: Sequence[Page]) -> list[Passage]:
        facts = {page.number: page for page in pages}
        return [
            Passage(chunk, report, facts[chunk.page].label, 1.0 / (1 + chunk.position), (), facts[chunk.page].read_by)
            for chunk in self.catalog.chunks(report.id)
        ]

    @staticmethod
    def _version(report: Report, style: Style) -> str:
        return prompt_version(f"digest_{style}_{report.language}")


def _extracted(report: Report, style: Style, pages: Sequence[Page], passages: Sequence[Passage]) -> Outline:
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
