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
from rag.evidence import covered, silent_terms
from rag.ports import Writer
from rag.retrieve import Retrieval, Retriever, check_limit
from rag.say import say
from rag.sparse import Tokenise
from rag.text import language_of

WriterChoice = Literal["auto", "extractive", "llm"]
Step: TypeAlias = Retrieval | Sentence | Answer
POOL = 40  # passages looked at to judge whether the corpus speaks of the question
_ENOUGH = 0.5  # share of the question's weight that one page must hold
_LEADS = 3


@dataclass(frozen=True, slots=True)
class Answerer:
    """The parts of the read way. `llm` is None when no endpoint is configured."""

    retriever: Retriever
    extractive: Writer
    llm: Writer | None
    checker: Checker
    tokenise: Tokenise

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
        passages = tuple(_asked_for(found.understood, found.passages)[:limit])
        yield replace(found, passages=passages)
        refusal = self._refusal(found)
        if refusal is not None:
            yield Answer(found.understood, (), refusal, passages, "none", None, found.notices)
            return
        sentences, used, notices = self._write(found.understood, passages, writer)
        kept: list[Sentence] = []
        dropped = 0
        for sentence in self.checker.each(sentences, passages):
            if sentence.citations:
                kept.append(sentence)
                yield sentence
            else:
                dropped += 1
        if not kept:
            reason = say("unsupported" if sentences else "not_covered", language, silent="")
            refused = Refusal(reason, passages[:_LEADS])
            yield Answer(found.understood, (), refused, passages, used.name, used.model, (*found.notices, *notices))
            return
        if dropped:
            notices.append(say("dropped", language, count=dropped))
        if used is self.extractive and _is_foreign(kept, language):
            notices.append(say("other_language", language))
        said = (*found.notices, *notices)
        yield Answer(found.understood, tuple(kept), None, passages, used.name, used.model, said)

    def _refusal(self, found: Retrieval) -> Refusal | None:
        understood = found.understood
        if found.emptied is not None:
            return Refusal(found.emptied)
        publishers = {p.report.publisher for p in found.passages}
        if understood.mentioned and not publishers & set(understood.mentioned):
            names = ", ".join(understood.mentioned)
            return Refusal(say("no_publisher", understood.language, names=names), found.passages[:_LEADS])
        share = covered(understood, found.passages, self.tokenise)
        if share is not None and share < _ENOUGH:
            terms = silent_terms(understood, found.passages, self.tokenise)
            silent = say("silent", understood.language, terms=", ".join(terms)) if terms else ""
            return Refusal(say("not_covered", understood.language, silent=silent), found.passages[:_LEADS])
        return None

    def _write(
        self, understood: Understood, passages: Sequence[Passage], choice: WriterChoice
    ) -> tuple[list[str], Writer, list[str]]:
        """Sentences, the writer that wrote them, and a notice when the LLM failed and the extractive writer stepped in."""
        notices: list[str] = []
        if choice != "extractive" and self.llm is not None:
            try:
                return self.llm.write(understood.question, passages), self.llm, notices
            except ModelError as exc:
                if choice == "llm":
                    raise
                notices.append(say("llm_failed", understood.language, reason=str(exc)))
        return self.extractive.write(understood.topic, passages), self.extractive, notices


def _asked_for(understood: Understood, passages: Sequence[Passage]) -> list[Passage]:
    """Passages of the publishers that the question names, where it names any that have some."""
    return [p for p in passages if p.report.publisher in understood.mentioned] or list(passages)


def _is_foreign(sentences: Sequence[Sentence], language: Language) -> bool:
    return any(language_of(sentence.text) != language for sentence in sentences)
