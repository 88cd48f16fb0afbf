"""Questions, or all reports, to what the answers or digests got right: by the independent checker, the labels and counts.

The index must be filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eval.answer_quality import Cited, OnGold, Refusals, character_f1, number_matches, score_citations
from eval.check import CheckResult, PagesOf, PdfPages, check_answers
from eval.digest_quality import DigestQuality, measure_digest
from eval.labels import Label, labelled_reports
from rag.answer import WriterChoice
from rag.cite import Marker, render_sentence
from rag.domain import NO_LIMITS, Answer, Digest, Filter, Sentence, Style
from rag.errors import UsageError
from rag.evidence import evidence_of
from rag.service import Service
from rag.verify import RuleVerifier

VERIFIER = "rag.verify.RuleVerifier"


@dataclass(frozen=True, slots=True)
class AnswerRun:
    """Counts over answers or digests. `retrieved` markers name a passage's report; `partial` citations say so themselves.

    `refusals` are the questions, or report ids, that got no sentence. `numbers` (first figure, one of the first eight) and
    `characters` are one score for each label that has a number, and for each answer in Chinese; `digests` are in the order
    of the catalog.
    """

    asked: int = 0
    answered: int = 0
    refusals: tuple[str, ...] = ()
    retrieved: int = 0
    partial: int = 0
    check: CheckResult = field(default_factory=CheckResult)
    failures: tuple[str, ...] = ()
    cited: Cited = field(default_factory=Cited)
    on_gold: OnGold = field(default_factory=OnGold)
    numbers: tuple[tuple[bool, bool], ...] = ()
    characters: tuple[float, ...] = ()
    refused: Refusals | None = None
    digests: tuple[DigestQuality, ...] = ()
    style: Style | None = None

    def as_text(self) -> str:
        """The counts, then a line for each fault, failure and refusal."""
        check = self.check
        lines = [
            f"asked {self.asked}: answered {self.answered}, refused {len(self.refusals)}, failed {len(self.failures)}",
            f"sentences {check.sentences}, with a marker {_of(check.cited, check.sentences)}",
            f"markers {check.markers}, of an existing page {_of(check.valid_markers, check.markers)}, "
            f"of a retrieved report {_of(self.retrieved, check.markers)}, partly supported {self.partial}",
            f"numbers in cited sentences {check.numbers}, on a cited page {_of(check.numbers_found, check.numbers)} "
            f"(of these {check.joined} broken across lines, {check.reckoned} computed anew)",
            *self._scores(),
            *(_digest_lines(self.digests, self.style) if self.digests else ()),
            f"faults {len(check.faults)}",
        ]
        lines += [f"  {f.report_id or '-'} page {f.page}: {f.what}: {f.sentence}" for f in check.faults]
        lines += [f"debris: {one}" for digest in self.digests for one in digest.debris]
        lines += [f"failed: {failure}" for failure in self.failures]
        lines += [f"refused: {refusal}" for refusal in self.refusals]
        return "\n".join(lines)

    def _scores(self) -> list[str]:
        lines = []
        if self.cited.sentences:
            recall, precision = (
                _of(self.cited.recalled, self.cited.sentences),
                _of(self.cited.precise, self.cited.citations),
            )
            lines.append(f"citation recall {recall}, precision {precision} (ALCE, judged by {VERIFIER})")
        if self.on_gold.answers:
            gold = self.on_gold
            lines.append(
                f"answers that cite a labelled page {_of(gold.cite_one, gold.answers)}, in the first sentence"
                f" {_of(gold.first, gold.answers)}; markers of a labelled page {_of(gold.on_gold, gold.markers)}"
            )
        if self.numbers:
            first, shown = (_of(sum(scores), len(self.numbers)) for scores in zip(*self.numbers, strict=True))
            lines.append(f"number of the reference within 1 %: first figure {first}, one of the first eight {shown}")
        if self.characters:
            lines.append(f"character F1 {sum(self.characters) / len(self.characters):.3f} over {len(self.characters)}")
        if self.refused is not None:
            right = self.refused.refused_rightly
            lines.append(
                f"refusals that are right {_of(right, self.refused.refused)},"
                f" unanswerable questions refused {_of(right, self.refused.unanswerable)}"
            )
        return lines


def run_answers(
    service: Service,
    labels: Sequence[Label],
    n: int | None = None,
    *,
    writer: WriterChoice = "auto",
    given: bool = False,
) -> AnswerRun:
    """Ask the first `n` questions (None: all) and check every answer against the kept PDFs and its label.

    `given`: each is asked of the report that its label names alone. UsageError where the index lacks a labelled report.
    """
    pages = stored_pages(service)
    asked = labels[:n]
    named = labelled_reports(asked, service.catalog.reports())
    run = AnswerRun(asked=len(asked))
    for label in asked:
        report = named.get(label.report or "")
        try:
            filter = Filter(reports=(report,)) if given and report else NO_LIMITS
            answer = service.answerer.answer(label.question, filter, writer=writer)
        except UsageError as exc:
            run = replace(run, failures=(*run.failures, f"{label.question}: {exc}"))
            continue
        reports = {passage.report.id for passage in answer.passages}
        run = _counted(run, label.question, answer.sentences, reports, pages, long=True)
        run = _scored(replace(run, cited=run.cited + _citations(service, answer.sentences)), answer, label)
        if report and label.pages:
            run = replace(run, on_gold=run.on_gold.add(answer.sentences, report, label.pages))
    return run


def run_digests(service: Service, style: Style, *, writer: WriterChoice = "auto") -> AnswerRun:
    """Make, or take from the catalog, the digest of every report, check it against the kept PDFs and measure it."""
    pages = stored_pages(service)
    reports = service.catalog.reports()
    run = AnswerRun(asked=len(reports), style=style)
    for report in reports:
        try:
            digest = service.digester.digest(report, style, writer=writer)
        except UsageError as exc:
            run = replace(run, failures=(*run.failures, str(exc)))
            continue
        sentences = sentences_of(digest)
        run = _counted(run, report.id, sentences, {report.id}, pages.of(report.id), long=False)
        measured = measure_digest(digest, service.catalog.pages(report.id))
        run = replace(run, digests=(*run.digests, measured), cited=run.cited + _citations(service, sentences))
    return run


def sentences_of(digest: Digest) -> list[Sentence]:
    """All sentences of a digest in order."""
    return [sentence for section in digest.sections for sentence in section.sentences]


def stored_pages(service: Service) -> PdfPages:
    """The PDFs that lie beside the catalog, by report."""
    files = service.settings.data_dir / "files"
    return PdfPages({r.id: files / r.sha256[:2] / f"{r.sha256}.pdf" for r in service.catalog.reports()})


# --- counting --------------------------------------------------------------------------------------------------------


def _counted(
    run: AnswerRun, about: str, sentences: Sequence[Sentence], reports: set[str], pages: PagesOf, *, long: bool
) -> AnswerRun:
    citations = [citation for sentence in sentences for citation in sentence.citations]
    return replace(
        run,
        answered=run.answered + bool(sentences),
        refusals=run.refusals if sentences else (*run.refusals, about),
        retrieved=run.retrieved + sum(citation.report_id in reports for citation in citations),
        partial=run.partial + sum(citation.verdict.label == "partial" for citation in citations),
        check=run.check + check_answers([[_marked(sentence, long=long) for sentence in sentences]], pages),
    )


def _scored(run: AnswerRun, answer: Answer, label: Label) -> AnswerRun:
    if label.answerable is not None:
        run = replace(run, refused=(run.refused or Refusals()).add(answer, answerable=label.answerable))
    if label.answer is None or not label.can_be_answered:
        return run
    texts = [sentence.text for sentence in answer.sentences]
    matched = number_matches(texts, label.answer)
    if matched is not None:
        run = replace(run, numbers=(*run.numbers, matched))
    if texts and answer.understood.language == "zh":
        run = replace(run, characters=(*run.characters, character_f1("".join(texts), label.answer)))
    return run


def _citations(service: Service, sentences: Sequence[Sentence]) -> Cited:
    cited = [
        sentence for sentence in sentences if all(_is_there(service, c.report_id, c.page) for c in sentence.citations)
    ]
    missing = Cited(sentences=len(sentences) - len(cited))
    return missing + score_citations(
        cited, lambda report, page: evidence_of(service.catalog.page(report, page)).text, RuleVerifier()
    )


def _is_there(service: Service, report_id: str, page: int) -> bool:
    found = service.catalog.reports_by_id([report_id])
    return report_id in found and 0 <= page < found[report_id].page_count


def _digest_lines(digests: Sequence[DigestQuality], style: Style | None) -> list[str]:
    count = len(digests)
    sentences = sum(digest.sentences for digest in digests)
    lengths = sorted(digest.length for digest in digests)
    lines = [
        f"sentences supported {_of(sum(d.supported for d in digests), sentences)},"
        f" told twice {_of(sum(d.redundant for d in digests), sentences)},"
        f" debris {_of(sum(len(d.debris) for d in digests), sentences)}",
        f"pages cited {sum(d.pages for d in digests) / count:.1f} a digest,"
        f" all thirds of the evidence pages {_of(sum(d.covers_all_thirds for d in digests), count)},"
        f" sections {sum(d.sections for d in digests) / count:.1f} a digest",
    ]
    length = (
        f"length {lengths[0]} to {lengths[-1]}, median {lengths[count // 2]} (characters of Chinese, words of English)"
    )
    if style == "brief":
        length += f", within bounds {_of(sum(d.in_bounds for d in digests), count)}"
    return [*lines, length]


def _marked(sentence: Sentence, *, long: bool) -> str:
    return render_sentence(sentence.text, [Marker(c.page, c.report_id if long else None) for c in sentence.citations])


def _of(part: int, whole: int) -> str:
    return f"{part}/{whole}" + (f" ({part / whole:.1%})" if whole else "")
