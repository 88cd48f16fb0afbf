"""The read way over one report: its digest, every sentence with its page, kept in the catalog with what made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.answer import WriterChoice
from rag.catalog import Catalog, Maker
from rag.check import Checker
from rag.condense import condense
from rag.domain import LANGUAGES, STYLES, Digest, Language, Page, Passage, Report, Section, Sentence, Style
from rag.errors import ConfigurationError, ModelError, UsageError
from rag.extracted import EXTRACT_VERSION, extracted
from rag.prompt import prompt_version
from rag.say import say
from rag.summarise import Outline
from rag.writer import LlmWriter


@dataclass(frozen=True, slots=True)
class Digester:
    """The parts a digest needs. `llm` is None when no endpoint is configured."""

    catalog: Catalog
    checker: Checker
    llm: LlmWriter | None

    def digest(
        self,
        report: Report,
        style: Style,
        *,
        writer: WriterChoice = "auto",
        language: Language | None = None,
        again: bool = False,
    ) -> Digest:
        """The kept digest when report, writer, model and prompt are the same, else a new one, which is kept.

        `language` is by default the report's; any other one needs an LLM.
        """
        llm = self._writer(writer)
        wanted = language or report.language
        if wanted != report.language and llm is None:
            raise UsageError(
                f"a digest in another language than the report's ({report.language}) needs an LLM:"
                " set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL, or leave the language out"
            )
        maker = _llm_maker(llm, style, wanted) if llm else _EXTRACTIVE
        kept = self.catalog.digest(report.id, style, writer=maker.writer, model=maker.model, language=wanted)
        if kept is not None and kept.prompt_version == maker.version and not again:
            return kept
        pages = self.catalog.pages(report.id)
        passages = self._passages(report, pages)
        notices: tuple[str, ...] = ()
        if llm is not None:
            try:
                outline = condense(llm, self.checker, style, wanted, passages)
                return self._keep(report, style, wanted, outline, passages, maker, notices)
            except (ModelError, _NothingToldError) as exc:
                if writer == "llm" or wanted != report.language:
                    raise
                notices = (say("llm_failed", wanted, reason=str(exc)),)
        outline = extracted(report, style, pages, passages)
        return self._keep(report, style, wanted, outline, passages, _EXTRACTIVE, notices)

    def mark_stale(self) -> None:
        """Mark the kept digests that another writer, model or prompt than the present one made."""
        makers = {
            (style, language): _llm_maker(self.llm, style, language) if self.llm else _EXTRACTIVE
            for style in STYLES
            for language in LANGUAGES
        }
        self.catalog.mark_digests(makers)

    def _writer(self, writer: WriterChoice) -> LlmWriter | None:
        if writer == "llm" and self.llm is None:
            raise ConfigurationError("no LLM is configured: set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL")
        return None if writer == "extractive" else self.llm

    def _keep(
        self,
        report: Report,
        style: Style,
        language: Language,
        outline: Outline,
        passages: Sequence[Passage],
        maker: Maker,
        notices: tuple[str, ...],
    ) -> Digest:
        sections, dropped, unjudged = self._checked(outline, passages, strict=maker.writer == "llm")
        if not sections:
            if maker.writer == "llm":
                raise _NothingToldError(f"{maker.model} wrote no sentence on report {report.id} that a page bears out")
            raise UsageError(f"report {report.id} holds no sentence a digest could be made of")
        if unjudged:
            notices = (*notices, say("unjudged", language, reason=unjudged))
        if dropped:
            notices = (*notices, say("dropped", language, count=dropped))
        digest = Digest(
            report_id=report.id,
            style=style,
            language=language,
            sections=sections,
            writer=maker.writer,
            model=maker.model or None,
            prompt_version=maker.version,
            made=datetime.now(UTC),
            notices=notices,
        )
        self.catalog.save_digest(digest)
        return digest

    def _checked(
        self, outline: Outline, passages: Sequence[Passage], *, strict: bool
    ) -> tuple[tuple[Section, ...], int, str]:
        """The sections with the sentences that a page supports, how many were left out, and why the judge failed if it did.

        A sentence that was taken from a page is checked against that page, and only then against the others.
        """
        sections: list[Section] = []
        dropped, unjudged = 0, ""
        for heading, sentences in outline:
            kept: list[Sentence] = []
            for told in sentences:
                own = [p for p in passages if p.chunk.page == told.page]
                checked = self.checker.check([told.text], own, strict=strict)
                if not any(c.verdict.label == "supported" for s in checked.kept for c in s.citations):
                    checked = self.checker.check([told.text], passages, strict=strict)
                kept += checked.kept
                dropped += len(checked.dropped)
                unjudged = unjudged or checked.unjudged
            if kept:
                sections.append(Section(heading, tuple(kept)))
        return tuple(sections), dropped, unjudged

    def _passages(self, report: Report, pages: Sequence[Page]) -> list[Passage]:
        facts = {page.number: page for page in pages}
        return [
            Passage(chunk, report, facts[chunk.page].label, 1.0 / (1 + chunk.position), (), facts[chunk.page].read_by)
            for chunk in self.catalog.chunks(report.id)
        ]


class _NothingToldError(UsageError):
    """An LLM wrote nothing that stands."""


_EXTRACTIVE = Maker("extractive", "", EXTRACT_VERSION)


def _llm_maker(llm: LlmWriter, style: Style, language: Language) -> Maker:
    """What a digest by the model carries: it changes with each of the prompts that it is made with."""
    prompts = (f"digest_{style}_{language}", f"digest_section_{language}", f"digest_brief_{language}")
    return Maker("llm", llm.model or "", " ".join(prompt_version(name)[:8] for name in dict.fromkeys(prompts)))
