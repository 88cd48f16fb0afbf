"""The read way on one screen: a question to an answer whose every sentence cites a page that was checked, or a refusal.

`understand -> retrieve -> enough evidence? -> write -> attribute -> verify -> answer`
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rag.check import Checker
from rag.compose import Composed, compose, extract
from rag.domain import NO_LIMITS, Answer, Filter, Language, Passage, Sentence, Understood, Usage
from rag.errors import ConfigurationError, ModelError
from rag.ports import Writer
from rag.reckon import Lacking, Reckoned, Reckoner
from rag.refuse import is_of, nothing_told, on_companies, refusal_of, too_little, without_figures
from rag.respell import misspelt, respelt
from rag.retrieve import Retrieval, Retriever, check_limit
from rag.say import say
from rag.sparse import WordTokeniser
from rag.telemetry import is_cancelled
from rag.text import language_of
from rag.writer import LlmWriter

WriterChoice = Literal["auto", "extractive", "llm"]
Step: TypeAlias = Retrieval | Sentence | Answer
POOL = 40  # passages looked at to judge whether the corpus speaks of the question


@dataclass(frozen=True, slots=True)
class _Written:
    composed: Composed
    writer: Writer
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """The parts of the read way. `llm` is None when no endpoint is configured."""

    retriever: Retriever
    extractive: Writer
    llm: LlmWriter | None
    checker: Checker
    tokenise: WordTokeniser
    reckoner: Reckoner
    is_word: Callable[[str], bool]
    of_group: Callable[[Understood, Sequence[Passage]], list[Passage]]

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
        if meant := misspelt(found.understood, found.passages, self.is_word):
            question = respelt(question, meant)
            found = self.retriever.retrieve(question, filter, max(limit, POOL))
            read_as = say("respelt", found.understood.language, words=", ".join(f"{a} → {b}" for a, b in meant.items()))
            found = replace(found, notices=(read_as, *found.notices))
        pool = self.of_group(found.understood, _asked_for(found.understood, found.passages))
        passages = tuple(pool[:limit])
        yield replace(found, passages=passages)
        refusal = refusal_of(found, filter, self.tokenise, lambda wider: self.retriever.retrieve(question, wider))
        reckoned = None if refusal else self.reckoner.reckon(found.understood, passages)
        quotes = writer == "extractive" or self.llm is None
        if isinstance(reckoned, Lacking):
            refusal = without_figures(reckoned.metric, reckoned.lines, found) if quotes else None
        elif reckoned is None:
            refusal = refusal or too_little(found, self.tokenise)
        if refusal is not None:
            yield Answer(found.understood, (), refusal, passages, "none", None, found.notices)
            return
        read = _on_their_pages(passages, pool)
        computed = self.checker.reckoned(reckoned.lines, reckoned.rows) if isinstance(reckoned, Reckoned) else []
        yield from computed  # before what either writer writes, instead of quotations
        if computed and quotes:
            written = _Written(Composed((), 0), self.extractive)
        else:
            written = yield from self._write(found.understood, passages, read, writer)
        kept, used = (*computed, *written.composed.kept), written.writer
        made = (used.name, used.model, (*found.notices, *written.composed.notices), written.usage)
        if not kept:
            refusal = nothing_told(replace(found, passages=passages), dropped=written.composed.dropped)
            yield Answer(found.understood, (), refusal, passages, *made)
            return
        yield Answer(found.understood, kept, None, passages, *made)

    def _write(
        self, understood: Understood, passages: Sequence[Passage], read: Sequence[Passage], choice: WriterChoice
    ) -> Generator[Sentence, None, _Written]:
        """Checked sentences, by the extractive writer where the LLM failed; it says so then.

        The LLM, whose context is short, gets `passages`; the extractive writer all of their pages.
        """
        if choice == "extractive" or self.llm is None:
            composed = yield from extract(self.extractive, self.checker, understood, read)
            return _Written(self._told(composed, understood, extractive=True), self.extractive)
        draft = self.llm.draft(understood, passages)
        try:
            composed = yield from compose(draft, self.checker, understood, read, whole=choice == "llm")
        except ModelError as exc:
            if choice == "llm" or is_cancelled():
                raise
            notice = say("llm_failed", understood.language, reason=str(exc))
            composed = yield from extract(self.extractive, self.checker, understood, read)
            composed = replace(composed, notices=(notice, *composed.notices))
            return _Written(self._told(composed, understood, extractive=True), self.extractive, draft.usage)
        return _Written(self._told(composed, understood, extractive=False), self.llm, draft.usage)

    @staticmethod
    def _told(composed: Composed, understood: Understood, *, extractive: bool) -> Composed:
        """With notices of what was left out, and of quotations in another language."""
        language, notices = understood.language, list(composed.notices)
        if composed.kept and composed.dropped:
            notices.append(say("dropped", language, count=composed.dropped))
        if extractive and _is_foreign(composed.kept, language):
            notices.append(say("other_language", language))
        return replace(composed, notices=tuple(notices))


def _asked_for(understood: Understood, passages: Sequence[Passage]) -> list[Passage]:
    """Passages of the publishers and on the companies that the question names, where it names any that have some."""
    asked = [p for p in passages if understood.mentioned and is_of(p, understood)] or list(passages)
    return on_companies(understood, asked) or asked


def _on_their_pages(passages: Sequence[Passage], pool: Sequence[Passage]) -> list[Passage]:
    """All passages of the pool that stand on the pages of these: the page is what was ranked, its chunks come along."""
    pages = {(p.report.id, p.chunk.page) for p in passages}
    return [p for p in pool if (p.report.id, p.chunk.page) in pages]


def _is_foreign(sentences: Sequence[Sentence], language: Language) -> bool:
    return any(language_of(sentence.text) != language for sentence in sentences)
