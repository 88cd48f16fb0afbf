"""The comparison on one screen: a topic to what each publisher says of it, every sentence cited and checked.

`understand -> sides -> for each side: retrieve -> enough? -> write -> check -> by report -> contrasts of cited sentences`
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer import WriterChoice
from rag.check import Checker
from rag.comparison import Comparison, Stance, View
from rag.context import context_line
from rag.domain import NO_LIMITS, Filter, Passage, Report, Sentence, Understood
from rag.errors import ConfigurationError, ModelError
from rag.ports import Writer
from rag.publishers import Publishers
from rag.recorded import changes_of
from rag.refuse import refusal_of
from rag.relevance import Relevance, Text
from rag.retrieve import MOST_PASSAGES, Retriever
from rag.say import say
from rag.sides import Side, Sides, sides_of
from rag.sparse import Tokenise
from rag.text import language_of

MOST_SIDES = 8  # each costs a search and a text
_MOST_REPORTS = 4  # of a side
_READ = 10  # passages of a report that a writer gets
_LEAST = 0.5  # of the topic that a sentence tells with the line that names its report


@dataclass(frozen=True, slots=True)
class Comparer:
    """The parts of a comparison. `llm` is None when no endpoint is configured."""

    retriever: Retriever
    publishers: Publishers
    extractive: Writer
    llm: Writer | None
    checker: Checker
    relevance: Relevance
    tokenise: Tokenise

    def compare(
        self, topic: str, filter: Filter = NO_LIMITS, *, names: Sequence[str] = (), writer: WriterChoice = "auto"
    ) -> Comparison:
        """`names` are canonical publishers. UsageError for bad input; ModelError only when the LLM was asked for by name."""
        if writer == "llm" and self.llm is None:
            raise ConfigurationError("no LLM is configured: set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL")
        scope = self.retriever.scope(topic, filter)
        sides = sides_of(scope, filter, names, self.publishers)
        chosen = self._likeliest(sides, filter)
        said = [self._side(side, sides, scope.understood, writer) for side in chosen]
        used = next((one.writer for one in said if one.view.stances), self.extractive)
        views = sorted((one.view for one in said), key=lambda view: not view.stances)
        return Comparison(
            understood=scope.understood,
            basis=sides.basis,
            views=tuple(views),
            agreements=(),
            differences=(),
            left_out=tuple(side.name for side in sides.sides if side not in chosen),
            writer=used.name,
            model=used.model,
            notices=tuple(dict.fromkeys((*scope.notices, *(notice for one in said for notice in one.notices)))),
        )

    def _likeliest(self, sides: Sides, filter: Filter) -> list[Side]:
        """As many sides as are compared: where there are more, those that the best passages are of, then in order."""
        if len(sides.sides) <= MOST_SIDES:
            return list(sides.sides)
        found = self.retriever.retrieve(sides.topic, filter, MOST_PASSAGES).passages
        rank = {name: place for place, name in reversed(list(enumerate(p.report.publisher for p in found)))}
        order = sorted(sides.sides, key=lambda side: rank.get(side.name, len(found)))
        return order[:MOST_SIDES]

    def _side(self, side: Side, sides: Sides, asked: Understood, choice: WriterChoice) -> _Said:
        """What one side says; without a view where its reports hold too little on the topic."""
        language = asked.language
        if side.limits is None:
            return _Said(View(side.name, (), reason=say("no_reports_of", language, side=side.name)), self.extractive)
        topic = f"{side.name} {sides.topic}" if sides.basis == "company" else sides.topic
        found = self.retriever.retrieve(topic, side.limits, MOST_PASSAGES)
        silent = View(side.name, (), reason=say("no_view", language, side=side.name))
        if refusal_of(found, side.limits, self.tokenise, lambda wider: self.retriever.retrieve(topic, wider)):
            return _Said(silent, self.extractive)
        by_report = _by_report(found.passages)
        texts, used, notices = self._write(found.understood, by_report, choice)
        passages = [passage for _, of in by_report for passage in of]
        checked = self.checker.check(texts, passages)
        stances = _stances(self._on_topic(found.understood, checked.kept, by_report), by_report)
        if checked.dropped:
            notices.append(say("dropped", language, count=len(checked.dropped)))
        view = View(side.name, stances, changes_of(stance.report for stance in stances)) if stances else silent
        return _Said(view, used, tuple(notices))

    def _write(
        self, asked: Understood, by_report: Sequence[_OfReport], choice: WriterChoice
    ) -> tuple[list[str], Writer, list[str]]:
        """The LLM writes of all reports of a side together, the extractive writer of each by itself."""
        notices: list[str] = []
        if choice != "extractive" and self.llm is not None:
            try:
                passages = [passage for _, of in by_report for passage in of]
                return self.llm.write(asked, sorted(passages, key=lambda p: -p.score)), self.llm, notices
            except ModelError as exc:
                if choice == "llm":
                    raise
                notices.append(say("llm_failed", asked.language, reason=str(exc)))
        texts = [text for _, passages in by_report for text in self.extractive.write(asked, passages)]
        return list(dict.fromkeys(texts)), self.extractive, notices

    def _on_topic(
        self, asked: Understood, sentences: Sequence[Sentence], by_report: Sequence[_OfReport]
    ) -> list[Sentence]:
        """The sentences that tell enough of the topic, beside the line that names their report."""
        lines = {report.id: context_line(report) for report, _ in by_report}
        texts = [Text(s.text, "", lines[s.citations[0].report_id], language_of(s.text)) for s in sentences]
        shares = self.relevance.shares(asked, texts)
        return [sentence for sentence, share in zip(sentences, shares, strict=True) if share >= _LEAST]


@dataclass(frozen=True, slots=True)
class _Said:
    """A view, who wrote it, and what a reader should know of it."""

    view: View
    writer: Writer
    notices: tuple[str, ...] = ()


_OfReport = tuple[Report, list[Passage]]


def _by_report(passages: Sequence[Passage]) -> list[_OfReport]:
    """The best reports with their best passages, oldest report first, undated first of all."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.report.id, []).append(passage)
    kept = [(of[0].report, of[:_READ]) for of in list(found.values())[:_MOST_REPORTS]]
    return sorted(kept, key=lambda one: (one[0].published or date.min, one[0].id))


def _stances(sentences: Sequence[Sentence], by_report: Sequence[_OfReport]) -> tuple[Stance, ...]:
    """The sentences by the report that they cite, in the order of these."""
    of = {report.id: [s for s in sentences if s.citations[0].report_id == report.id] for report, _ in by_report}
    return tuple(Stance(report, tuple(of[report.id])) for report, _ in by_report if of[report.id])
