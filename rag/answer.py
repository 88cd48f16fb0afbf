"""The read way on one screen: a question to an answer whose every sentence cites a page that was checked, or a refusal.

`understand -> retrieve -> enough evidence? -> write -> attribute -> verify -> answer`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rag.check import Checker
from rag.domain import NO_LIMITS, Answer, Filter, Language, Passage, Refusal, Sentence, Understood
from rag.errors import ConfigurationError, ModelError
from rag.ports import Writer
from rag.refuse import LEADS, is_of, names_uncovered, refusal_of
from rag.retrieve import Retrieval, Retriever, check_limit
from rag.say import say
from rag.sparse import WordTokeniser
from rag.text import language_of

WriterChoice = Literal["auto", "extractive", "llm"]
Step: TypeAlias = Retrieval | Sentence | Answer
POOL = 40  # passages looked at to judge whether the corpus speaks of the question


@dataclass(frozen=True, slots=True)
class Answerer:
    """The parts of the read way. `llm` is None when no endpoint is configured."""

    retriever: Retriever
    extractive: Writer
    llm: Writer | None
    checker: Checker
    tokenise: WordTokeniser

    def answer(
        self,
        question: str,
        filter: Filter = NO_LIMITS,
        *,
        limit: int = 12,
        writer: WriterChoice = "auto",
    ) -> Answer:
        """Raises UsageError for bad input, ModelError only when the LLM was asked for by name."""
        *_, whole = self.steps(question, filter, limit=limit, writer=writer)
        assert isinstance(whole, Answer)
        return whole

    def steps(
        self,
        question: str,
        filter: Filter = NO_LIMITS,
        *,
        limit: int = 12,
        writer: WriterChoice = "auto",
    ) -> Iterator[Step]:
        """The same as it comes about: what was found, each sentence that stands, at last the whole answer."""
        check_limit(limit)
        if writer == "llm" and self.llm is None:
            raise ConfigurationError("no LLM is configured: set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL")
        found = self.retriever.retrieve(question, filter, max(limit, POOL))
        language = found.understood.language
        pool = _asked_for(found.understood, found.passages)
        passages = tuple(pool[:limit])
        yield replace(found, passages=passages)
        refusal = refusal_of(found, filter, self.tokenise, lambda wider: self.retriever.retrieve(question, wider))
        if refusal is not None:
            yield Answer(found.understood, (), refusal, passages, "none", None, found.notices)
            return
        read = _on_their_pages(passages, pool)
        sentences, used, notices = self._write(found.understood, passages, read, writer)
        kept: list[Sentence] = []
        dropped = 0
        for sentence in self.checker.each(sentences, read):
            if sentence.citations:
                kept.append(sentence)
                yield sentence
            else:
                dropped += 1
        if not kept:
            reason = say("unsupported" if sentences else "not_covered", language, silent="")
            refused = Refusal(reason, passages[:LEADS])
            yield Answer(found.understood, (), refused, passages, used.name, used.model, (*found.notices, *notices))
            return
        if dropped:
            notices.append(say("dropped", language, count=dropped))
        if used is self.extractive and _is_foreign(kept, language):
            notices.append(say("other_language", language))
        said = (*found.notices, *notices)
        yield Answer(found.understood, tuple(kept), None, passages, used.name, used.model, said)

    def _write(
        self, understood: Understood, passages: Sequence[Passage], read: Sequence[Passage], choice: WriterChoice
    ) -> tuple[list[str], Writer, list[str]]:
        """Sentences, the writer that wrote them, and a notice when the LLM failed and the extractive writer stepped in.

        The LLM, whose context is short, gets `passages`; the extractive writer all of their pages.
        """
        notices: list[str] = []
        if choice != "extractive" and self.llm is not None:
            try:
                return self.llm.write(understood, passages), self.llm, notices
            except ModelError as exc:
                if choice == "llm":
                    raise
                notices.append(say("llm_failed", understood.language, reason=str(exc)))
        return self.extractive.write(understood, read), self.extractive, notices


def _asked_for(understood: Understood, passages: Sequence[Passage]) -> list[Passage]:
    """Passages of the publishers that the question names, where it names any that have some; and, where it asks of a
    company that no report covers, those that name it."""
    asked = [p for p in passages if understood.mentioned and is_of(p, understood)] or list(passages)
    if understood.uncovered and not understood.companies:
        return [p for p in asked if names_uncovered(p, understood)] or asked
    return asked


def _on_their_pages(passages: Sequence[Passage], pool: Sequence[Passage]) -> list[Passage]:
    """All passages of the pool that stand on the pages of these: the page is what was ranked, its chunks come along."""
    pages = {(p.report.id, p.chunk.page) for p in passages}
    return [p for p in pool if (p.report.id, p.chunk.page) in pages]


def _is_foreign(sentences: Sequence[Sentence], language: Language) -> bool:
    return any(language_of(sentence.text) != language for sentence in sentences)
