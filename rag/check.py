"""Sentences and passages to checked sentences with citations: attribution, then verification against whole pages.

A page counts with what is evidence on it: no running headers, no notices, and each table row beside its headings; the
names and dates of its report count as said. The one place where a sentence gets a page. A sentence that no page supports is
left out and counted. A judge, where one is set, may make a verdict stricter, never milder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import structlog

from rag.attribute import Attributor
from rag.catalog import Catalog
from rag.cite import strip_markers
from rag.context import context_line
from rag.domain import Citation, Finding, Page, Passage, Sentence, Verdict
from rag.errors import ConfigurationError, ModelError
from rag.evidence import Evidence, evidence_of
from rag.formula import is_constant, shown_reckonings
from rag.instructions import is_instruction
from rag.ports import Claim, Judge, Verifier
from rag.quantities import claimed
from rag.replaced import replaced
from rag.say import say
from rag.text import ends_sentence, fold, is_han, language_of, span_of
from rag.verify import closeness

_AROUND = 200  # characters of the page on both sides of what supports a sentence, for the judge
_NUMBERED = re.compile(r"^\s*(?:图表?|表|figure|fig\.|table|exhibit|chart)\s*[\d.-]*\s*[:：.、]?\s*", re.IGNORECASE)
_CAPTION = re.compile(r"^\s*(?:图表?|表|figure|fig\.|table|exhibit|chart)\s*\d[\d.-]*\s*[:：]", re.IGNORECASE)
_SOURCE = re.compile(r"(?:资料|数据)来源\s*[:：]|\bsources?\s*:", re.IGNORECASE)  # the line below a figure
_NO_STATEMENT = frozenset({"caption", "figure", "source", "unit"})  # kinds of blocks: titles, legends
_LONGEST_NAME, _LONGEST_NAME_WORDS = 10, 4  # characters, words
_STRICTNESS = ("supported", "partial", "unsupported")


@dataclass(frozen=True, slots=True)
class Checked:
    """The sentences that stand, and those that no page supported; `unjudged` says why the judge failed, if it did."""

    kept: tuple[Sentence, ...]
    dropped: tuple[str, ...]
    unjudged: str = ""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence, with a citation where it stands; else `why` it does not. `unjudged` as in Checked."""

    sentence: Sentence
    why: str = ""
    unjudged: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """The best page for a sentence, and the text of it that a judge reads; or why there is none."""

    sentence: str
    citation: Citation | None
    passage: str = ""
    why: str = ""


class Checker:
    """Binds attribution and verification to the catalog's pages. Sentences are judged `batch` at a time."""

    def __init__(
        self,
        catalog: Catalog,
        verifier: Verifier,
        judge: Judge | None = None,
        batch: int = 1,
        closeness: float = 0.0,
    ) -> None:
        """`closeness`: the share of a model's words, in [0, 1], that the place a sentence of its rests on must say."""
        self._catalog = catalog
        self._verifier = verifier
        self._judge = judge
        self._batch = batch if judge is not None else 1
        self._closeness = closeness

    def check(self, sentences: Iterable[str], passages: Sequence[Passage], *, strict: bool = False) -> Checked:
        """Each sentence with the first of its likely pages that supports it, or that supports it in part. `strict` as in `each`."""
        checked = list(self.each(sentences, passages, strict=strict))
        kept = tuple(one.sentence for one in checked if one.sentence.citations)
        dropped = tuple(one.sentence.text for one in checked if not one.sentence.citations)
        return Checked(kept, dropped, next((one.unjudged for one in checked if one.unjudged), ""))

    def each(
        self, sentences: Iterable[str], passages: Sequence[Passage], *, strict: bool = False
    ) -> Iterator[CheckedSentence]:
        """The sentences one by one, as they come (with a judge: as a batch is full).

        `strict`, for what a model wrote: support in part is none, but between languages, where words cannot be compared; and
        the title of a table states nothing, and words of its own are few.
        """
        attributor = Attributor(passages)
        pages: dict[tuple[str, int], tuple[Page, Evidence]] = {}
        coming = filter(None, map(strip_markers, sentences))  # markers in a text are not ours
        while batch := list(islice(coming, self._batch)):
            yield from self._judged([self._find(text, attributor, pages, strict) for text in batch])

    def reckoned(self, lines: Sequence[str], rows: Sequence[tuple[str, Passage]]) -> list[Sentence]:
        """Computed lines with the pages of the rows that their figures stand in, then those rows.

        Nothing unless every row stands on its page, every figure of a line in a row, and every result recomputes.
        """
        checked = [one.sentence for text, passage in rows for one in self.each([text], [passage])]
        if len(checked) < len(rows) or not all(_stands(sentence) for sentence in checked):
            return []
        told = [_resting_on(line, checked) for line in lines]
        return [] if None in told else [*filter(None, told), *checked]

    def _find(
        self, sentence: str, attributor: Attributor, pages: dict[tuple[str, int], tuple[Page, Evidence]], strict: bool
    ) -> _Found:
        """`pages` keeps those that were read, for the sentences to come."""
        if is_instruction(sentence):
            return _Found(sentence, None, why=say("to_a_model", language_of(sentence)))
        best = _Found(sentence, None, why=say("no_page", language_of(sentence)))
        for place, passage in enumerate(attributor.rank(sentence)):
            key = (passage.report.id, passage.chunk.page)
            if key not in pages:
                page = self._catalog.page(*key)
                pages[key] = (page, evidence_of(page))
            page, evidence = pages[key]
            about = context_line(passage.report)
            finding = self._verifier.verify(sentence, evidence.text, about)
            label = finding.verdict.label
            why = _why_too_little(sentence, page, evidence.text, about, finding) if strict else ""
            if strict and not why and label == "supported":
                why = self._why_too_free(sentence, evidence.text, about)
            if why:
                label = "unsupported"
                finding = replace(finding, verdict=Verdict(label, why))
            if label == "supported" or (label == "partial" and best.citation is None):
                around = evidence.text[max(0, finding.start - _AROUND) : finding.end + _AROUND].strip()
                best = _Found(sentence, _citation(passage, page, evidence, finding), around)
            elif place == 0:
                best = replace(best, why=finding.verdict.reason)
            if label == "supported":
                break
        return best

    def _why_too_free(self, sentence: str, evidence: str, about: str) -> str:
        """Why a model's words are too many of its own; "" where they are not."""
        if not self._closeness:
            return ""
        share = closeness(sentence, evidence, about)
        return say("too_free", language_of(sentence), share=f"{share:.0%}") if share < self._closeness else ""

    def _judged(self, found: Sequence[_Found]) -> Iterator[CheckedSentence]:
        """The verdicts after the judge's, if there is one; as they were where it fails."""
        standing = [one for one in found if one.citation is not None]
        claims = [Claim(one.sentence, one.passage, one.citation.verdict) for one in standing if one.citation]
        verdicts: dict[str, Verdict] = {}
        unjudged = ""
        if self._judge is not None and claims:
            try:
                said = self._judge.judge(claims)
                verdicts = {claim.sentence: verdict for claim, verdict in zip(claims, said, strict=True)}
            except (ModelError, ConfigurationError) as exc:
                unjudged = str(exc)
                structlog.get_logger().warning("judge failed", claims=len(claims), reason=unjudged)
        for one in found:
            yield replace(_stricter(one, verdicts.get(one.sentence)), unjudged=unjudged)


def _stands(sentence: Sentence) -> bool:
    return any(citation.verdict.label == "supported" for citation in sentence.citations)


def _resting_on(line: str, rows: Sequence[Sentence]) -> Sentence | None:
    """A computed line with the citations of the rows that hold its figures, one a page; None where it does not follow."""
    shown = shown_reckonings(line)
    held = {row: {abs(number.value) for number in claimed(row.text)} for row in rows}
    figures = [abs(number.value) for one in shown for number in one.operands if not is_constant(number)]
    if not figures or not all(any(figure in values for values in held.values()) for figure in figures):
        return None
    verdict = Verdict("supported", say("reckoned", language_of(line), count=len(figures)))
    pages: dict[tuple[str, int], Citation] = {}
    for row in (row for row, values in held.items() if values & set(figures)):
        for one in row.citations:
            key = (one.report_id, one.page)
            before = pages.get(key)
            quote, boxes = (
                (f"{before.quote}\n{one.quote}", (*before.boxes, *one.boxes)) if before else (one.quote, one.boxes)
            )
            pages[key] = replace(one, verdict=verdict, quote=quote, boxes=boxes)
    return Sentence(line, tuple(pages.values()))


def _why_too_little(sentence: str, page: Page, evidence: str, about: str, finding: Finding) -> str:
    """Why what the page says is not enough for a sentence that a model wrote; "" where it may be."""
    if finding.verdict.label == "partial" and language_of(sentence) == language_of(evidence):
        return finding.verdict.reason
    if _CAPTION.match(sentence) or _SOURCE.search(sentence) or _is_a_name(sentence):
        return say("a_caption", language_of(sentence))
    said = _letters(sentence)
    titles = (page.text[block.start : block.end] for block in page.blocks if block.kind in _NO_STATEMENT)
    if any(said == _letters(_NUMBERED.sub("", title)) for title in titles):
        return say("a_caption", language_of(sentence))
    other = replaced(sentence, evidence, about)
    return say("other_word", language_of(sentence), shown=other.text.strip()) if other is not None else ""


def _is_a_name(sentence: str) -> bool:
    """Whether a line is too short to state anything, has no figure and does not end as a sentence: `油炸类系列产品`."""
    if ends_sentence(sentence.strip()) or any(map(str.isdigit, sentence)):
        return False
    han = sum(1 for char in sentence if is_han(char))
    return han <= _LONGEST_NAME if han else len(sentence.split()) <= _LONGEST_NAME_WORDS


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _stricter(found: _Found, judged: Verdict | None) -> CheckedSentence:
    citation = found.citation
    if citation is None:
        return CheckedSentence(Sentence(found.sentence, ()), found.why)
    if judged is None or _STRICTNESS.index(judged.label) <= _STRICTNESS.index(citation.verdict.label):
        return CheckedSentence(Sentence(found.sentence, (citation,)))
    if judged.label == "unsupported":
        return CheckedSentence(Sentence(found.sentence, ()), judged.reason)
    return CheckedSentence(Sentence(found.sentence, (replace(citation, verdict=judged),)))


def _citation(passage: Passage, page: Page, evidence: Evidence, finding: Finding) -> Citation:
    start, end = evidence.on_page(finding.start, finding.end)
    span = span_of(page.number, page.text, page.blocks, start, end)
    report = passage.report
    return Citation(
        report_id=report.id,
        page=page.number,
        page_label=page.label,
        publisher=report.publisher,
        title=report.title,
        published=report.published,
        quote=page.text[start:end],
        boxes=span.boxes,
        verdict=finding.verdict,
        read_by=page.read_by,
    )
