"""The comparison on one screen: a topic to what each publisher says of it, every sentence cited and checked.

`understand -> sides -> for each side: retrieve -> enough? -> write -> check -> by report -> contrasts of cited sentences`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice

from rag.answer import WriterChoice
from rag.candidates import find_candidates
from rag.check import Checker
from rag.claims import Subject, find_statements
from rag.comparison import AGREES, Comparison, Contrast, Stance, View
from rag.contrasts import MOST_CONTRASTS, Found, contrasts_of, wanted
from rag.domain import NO_LIMITS, Filter, Passage, Report, Sentence, Understood
from rag.errors import ConfigurationError, ModelError
from rag.lexicon import Lexicon
from rag.on_topic import with_sure_rows
from rag.ports import Writer
from rag.publishers import Publishers
from rag.recorded import changes_of
from rag.refuse import refusal_of, too_little
from rag.retrieve import MOST_PASSAGES, Retriever
from rag.say import say
from rag.scope import Scope
from rag.sides import Side, Sides, sides_of
from rag.sparse import WordTokeniser
from rag.subjects import subjects_of

MOST_SIDES = 8  # each costs a search and a text
_MOST_REPORTS = 4  # of a side,
_MOST_TRIED = 8  # where the best have no sentence on the topic
_READ = 10  # passages of a report that a writer gets


@dataclass(frozen=True, slots=True)
class Comparer:
    """The parts of a comparison. `llm` is None when no endpoint is configured."""

    retriever: Retriever
    publishers: Publishers
    extractive: Writer
    llm: Writer | None
    checker: Checker
    lexicon: Lexicon
    tokenise: WordTokeniser

    def compare(
        self, topic: str, filter: Filter = NO_LIMITS, *, names: Sequence[str] = (), writer: WriterChoice = "auto"
    ) -> Comparison:
        """`names` are canonical publishers. UsageError for bad input; ModelError only when the LLM was asked for by name."""
        if writer == "llm" and self.llm is None:
            raise ConfigurationError("no LLM is configured: set REPORT_RAG_LLM_BASE_URL and REPORT_RAG_LLM_MODEL")
        scope = self.retriever.scope(topic, filter)
        sides = sides_of(scope, filter, names, self.publishers)
        chosen = self._likeliest(sides, filter)
        said = [self._side(side, sides, scope, writer) for side in chosen]
        used = next((one.writer for one in said if one.view.stances), self.extractive)
        contrasts, moved = self._contrasts(scope, sides, said)
        agreements = tuple(one for one in contrasts if one.relation in AGREES)[:MOST_CONTRASTS]
        differences = tuple(one for one in contrasts if one.relation not in AGREES)[:MOST_CONTRASTS]
        views = []
        for one in said:
            of = moved.get(one.view.side, ())
            views.append(replace(_with_claims(one.view, (*agreements, *differences, *of)), moved=of))
        return Comparison(
            understood=scope.understood,
            basis=sides.basis,
            views=tuple(sorted(views, key=lambda view: not view.stances)),
            agreements=agreements,
            differences=differences,
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

    def _side(self, side: Side, sides: Sides, scope: Scope, choice: WriterChoice) -> _Said:
        """What one side says; without a view where its reports hold too little on the topic."""
        language = scope.understood.language
        if side.limits is None:
            return _Said(View(side.name, (), reason=say("no_reports_of", language, side=side.name)), self.extractive)
        found = self.retriever.retrieve(sides.topic, side.limits, MOST_PASSAGES)
        silent = View(side.name, (), reason=say("no_view", language, side=side.name))
        nearest = partial(self.retriever.retrieve, sides.topic)
        if refusal_of(found, side.limits, self.tokenise, nearest) or too_little(found, self.tokenise):
            return _Said(silent, self.extractive)
        by_report = _by_report(found.passages)
        texts, used, notices = self._write(_as_a_view(found.understood, scope), by_report, choice)
        passages = [passage for _, of in by_report for passage in of]
        checked = self.checker.check(texts, passages)
        stances = _stances(checked.kept, by_report)
        if checked.dropped:
            notices.append(say("dropped", language, count=len(checked.dropped)))
        view = View(side.name, stances, changes_of(stance.report for stance in stances)) if stances else silent
        return _Said(view, used, tuple(notices), by_report)

    def _contrasts(
        self, scope: Scope, sides: Sides, said: Sequence[_Said]
    ) -> tuple[list[Contrast], dict[str, tuple[Contrast, ...]]]:
        """What stands side by side between sides, and by side what moved between its own reports."""
        subjects = subjects_of(scope.understood, sides.topic, self.lexicon)
        found = [one for of in said for one in _statements(of, subjects, scope, sides)]
        passages = {report.id: passages for of in said for report, passages in of.by_report}
        checked: dict[tuple[str, str], Sentence] = {}
        for report_id, texts in _to_check(found).items():
            kept = self.checker.check(texts, passages[report_id]).kept
            checked |= {(report_id, sentence.text): sentence for sentence in kept}
        moved: dict[str, tuple[Contrast, ...]] = {}
        for one in contrasts_of(found, checked, within=True):
            if one.relation not in AGREES:
                moved[one.claims[0].side] = (*moved.get(one.claims[0].side, ()), one)[:MOST_CONTRASTS]
        return contrasts_of(found, checked, within=False), moved

    def _write(
        self, asked: Understood, by_report: Sequence[_OfReport], choice: WriterChoice
    ) -> tuple[list[str], Writer, list[str]]:
        """The LLM writes of all reports of a side together, the extractive writer of each by itself."""
        notices: list[str] = []
        if choice != "extractive" and self.llm is not None:
            try:
                passages = [passage for _, of in by_report[:_MOST_REPORTS] for passage in of]
                return self.llm.write(asked, sorted(passages, key=lambda p: -p.score)), self.llm, notices
            except ModelError as exc:
                if choice == "llm":
                    raise
                notices.append(say("llm_failed", asked.language, reason=str(exc)))
        written = (self.extractive.write(asked, passages) for _, passages in by_report)
        texts = [text for of in islice(filter(None, written), _MOST_REPORTS) for text in of]
        return list(dict.fromkeys(texts)), self.extractive, notices


@dataclass(frozen=True, slots=True)
class _Said:
    """A view, who wrote it, and what a reader should know of it."""

    view: View
    writer: Writer
    notices: tuple[str, ...] = ()
    by_report: Sequence[_OfReport] = ()


def _statements(of: _Said, subjects: Sequence[Subject], scope: Scope, sides: Sides) -> Iterator[Found]:
    """What the passages of a side state of the subjects, in sentences that name no other company."""
    for report, passages in of.by_report:
        company = scope.companies.canonical(report.company) if report.company else ""
        names = [report.company] if report.company else []
        candidates = find_candidates(passages)
        sure = set(map(id, with_sure_rows(candidates)))
        for candidate in candidates:
            if not set(scope.companies.find(candidate.text)) - {company}:
                for statement in find_statements(candidate, subjects, names):
                    entity = "" if sides.basis == "company" else company
                    yield Found(of.view.side, entity, statement, report, candidate, id(candidate) in sure)


def _to_check(found: Sequence[Found]) -> dict[str, list[str]]:
    """By report the texts that something comparable is said elsewhere to."""
    texts: dict[str, dict[str, None]] = {}
    for one in wanted(found):
        texts.setdefault(one.report.id, {})[one.candidate.text] = None
    return {report_id: list(of) for report_id, of in texts.items()}


def _with_claims(view: View, contrasts: Iterable[Contrast]) -> View:
    """A view whose writer found nothing has what stands beside others of it: a side that is quoted is not silent."""
    if view.stances:
        return view
    said: dict[str, tuple[Report, dict[str, Sentence]]] = {}
    for claim in (claim for contrast in contrasts for claim in contrast.claims if claim.side == view.side):
        said.setdefault(claim.report.id, (claim.report, {}))[1][claim.sentence.text] = claim.sentence
    if not said:
        return view
    stances = tuple(Stance(report, tuple(of.values())) for report, of in sorted(said.values(), key=_by_day))
    return View(view.side, stances, changes_of(stance.report for stance in stances))


def _by_day(one: tuple[Report, object]) -> tuple[date, str]:
    return one[0].published or date.min, one[0].id


def _as_a_view(asked: Understood, scope: Scope) -> Understood:
    """The topic as a question for a view: a writer then prefers what its author holds to what he reports.

    All reports are on the companies that it names: these tell nothing.
    """
    rest = scope.companies.without_names(asked.topic).strip()
    topic = rest if any(map(str.isalnum, rest)) else asked.topic
    return replace(asked, topic=say("view_of", asked.language, topic=topic))


_OfReport = tuple[Report, list[Passage]]


def _by_report(passages: Sequence[Passage]) -> list[_OfReport]:
    """The best reports with their best passages, best first."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.report.id, []).append(passage)
    return [(of[0].report, of[:_READ]) for of in list(found.values())[:_MOST_TRIED]]


def _stances(sentences: Sequence[Sentence], by_report: Sequence[_OfReport]) -> tuple[Stance, ...]:
    """The sentences by the report that they cite, oldest report first, undated first of all."""
    of = {report.id: tuple(s for s in sentences if s.citations[0].report_id == report.id) for report, _ in by_report}
    reports = sorted((report for report, _ in by_report), key=lambda report: (report.published or date.min, report.id))
    return tuple(Stance(report, of[report.id]) for report in reports if of[report.id])
