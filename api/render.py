"""Answers, passages, reports and digests to text for a terminal and to plain values for JSON."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from ingest.correct import changed_fields, stale_reason
from ingest.pipeline import Outcome
from rag.catalog.facts import NAMES
from rag.cite import Marker, render_sentence
from rag.domain import (
    Answer,
    Citation,
    Digest,
    Fact,
    FactName,
    Filter,
    Language,
    Page,
    Passage,
    Report,
    Sentence,
    Understood,
    Usage,
    VerdictLabel,
    Window,
)
from rag.emptied import days
from rag.say import say
from rag.text import language_of


def to_json(value: object) -> Any:
    """Dataclasses, tuples, dates to what json.dumps takes."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer with its marked text beside the structured citations; passages without their chunk's spans."""
    return {
        **understood_json(answer.understood),
        "answer": answer_text(answer),
        "sentences": [to_json(sentence) for sentence in answer.sentences],
        "refusal": answer.refusal.reason if answer.refusal else None,
        "leads": [passage_json(p) for p in answer.refusal.leads] if answer.refusal else [],
        "passages": [passage_json(p) for p in answer.passages],
        "writer": answer.writer,
        "model": answer.model,
        "notices": list(answer.notices),
        "usage": to_json(answer.usage),
    }


def understood_json(understood: Understood) -> dict[str, Any]:
    """What was read out of the question, by the names of the HTTP API."""
    limits = to_json(understood.limits)
    return {
        "question": understood.question,
        "language": understood.language,
        "mentioned": list(understood.mentioned),
        "companies": list(understood.companies),
        "periods": list(understood.periods),
        "kinds": list(understood.kinds),
        "published": to_json(understood.window),
        "limits": {name: limits[name] for name in ("publishers", "since", "until", "languages", "kinds", "without")},
        "numbers": list(understood.numbers),
        "units": list(understood.units),
        "quoted": list(understood.quoted),
        "compares": understood.compares,
        "rewritten": list(understood.rewritten),
        "terms": [to_json(term) for term in understood.terms],
        "statements": list(understood.statements),
    }


def passage_json(passage: Passage) -> dict[str, Any]:
    return {
        "chunk_id": passage.chunk.id,
        "report_id": passage.report.id,
        "title": passage.report.title,
        "publisher": passage.report.publisher,
        "published": to_json(passage.report.published),
        "page": passage.chunk.page,
        "page_label": passage.page_label,
        "read_by": passage.read_by,
        "score": passage.score,
        "legs": to_json(passage.legs),
        "text": passage.chunk.text,
        "boxes": [to_json(box) for span in passage.chunk.spans for box in span.boxes],
    }


def report_json(report: Report) -> dict[str, Any]:
    return {**to_json(report), "sources": list(report.sources)}


_TYPES_ZH = {
    "strategy": "策略",
    "macro": "宏观",
    "industry": "行业",
    "company": "公司",
    "quant": "量化",
    "fixed income": "固收",
    "filing": "公司公告",
    "event notice": "会议通知",
    "news release": "新闻稿",
}


class About(Protocol):
    """What stands at the head of a digest; a report of the catalog has it, and one of the API."""

    @property
    def publisher(self) -> str | None: ...
    @property
    def published(self) -> date | None: ...
    @property
    def type(self) -> str | None: ...
    @property
    def form(self) -> str | None: ...
    @property
    def fiscal_period(self) -> str | None: ...
    @property
    def ticker(self) -> str | None: ...
    @property
    def rating(self) -> str | None: ...
    @property
    def target_price(self) -> str | None: ...


class _Labelled(Protocol):
    @property
    def label(self) -> VerdictLabel: ...


class _Cites(Protocol):
    @property
    def page(self) -> int: ...
    @property
    def report_id(self) -> str: ...
    @property
    def verdict(self) -> _Labelled: ...


class Cited(Protocol):
    """A sentence with its citations, of an answer or of the API."""

    @property
    def text(self) -> str: ...
    @property
    def citations(self) -> Sequence[_Cites]: ...


def digest_json(digest: Digest, report: Report) -> dict[str, Any]:
    return {**to_json(digest), "report": report_json(report), "text": "\n".join(digest_lines(digest, report))}


def answer_text(answer: Answer) -> str:
    """Sentences with long markers, one a line."""
    return "\n".join(marked_text(sentence) for sentence in answer.sentences)


def answer_lines(answer: Answer) -> Iterator[str]:
    """What `ask` and `chat` print: the answer, its sources, and how it was made."""
    if answer.refusal is not None:
        yield answer.refusal.reason
        if answer.refusal.leads:
            yield ""
            yield "Nearest passages:"
            for lead in answer.refusal.leads:
                yield f"  {source_line(lead.report, [lead.chunk.page])}"
    else:
        yield answer_text(answer)
        yield ""
        yield "Sources:"
        yield from (f"  {line}" for line in _source_lines(answer.sentences))
        yield f"Writer: {writer_name(answer.writer, answer.model)}"
    if answer.usage is not None:
        yield _usage_line(answer.usage)
    yield understood_line(answer.understood)
    yield from (f"Note: {notice}" for notice in answer.notices)


def writer_name(writer: str, model: str | None) -> str:
    return f"LLM {model}" if writer == "llm" else "extractive (sentences and table rows as they stand on the page)"


def _usage_line(usage: Usage) -> str:
    cost = f", cost {usage.cost:g}" if usage.cost else ""
    return f"LLM: {usage.calls} call(s), {usage.given} tokens given, {usage.written} written{cost}"


def digest_lines(digest: Digest, report: Report) -> Iterator[str]:
    """Title and what is known of the report on top, then the digest with short markers."""
    yield report.title
    yield about_line(digest.language, report)
    yield ""
    for section in digest.sections:
        if digest.style == "brief":
            yield "".join(
                marked_text(s, long=False) + (" " if digest.language == "en" else "") for s in section.sentences
            ).strip()
        else:
            if section.heading:
                yield f"## {section.heading}"
            yield from (f"- {marked_text(sentence, long=False)}" for sentence in section.sentences)
            yield ""
    yield from (f"Note: {notice}" for notice in digest.notices)


def about_line(language: Language, report: About) -> str:
    """Publisher, date, type, ticker, rating and target price, as far as they are known."""
    rating, target = ("评级 ", "目标价 ") if language == "zh" else ("rating ", "target ")
    known = (
        report.publisher,
        report.published and report.published.isoformat(),
        report.form or (_TYPES_ZH.get(report.type or "") if language == "zh" else report.type),
        report.fiscal_period,
        report.ticker,
        report.rating and rating + report.rating,
        report.target_price and target + report.target_price,
    )
    return " · ".join(part for part in known if part)


def passage_lines(passage: Passage, position: int, *, explain: bool) -> Iterator[str]:
    """What `search` prints for one passage."""
    yield f"{position}. {source_line(passage.report, [passage.chunk.page])}  score {passage.score:.3f}"
    if explain:
        for leg in passage.legs:
            yield f"     {leg.leg}: rank {leg.rank}, score {leg.score:.3f}, adds {leg.share:.3f}"
    text = passage.chunk.text.replace("\t", " | ")
    yield from (f"   {line}" for line in text.split("\n")[:12])


def source_line(report: Report, pages: Sequence[int]) -> str:
    """`中金公司, title, 2025-07-15, p. 1 (id)`: pages as a person counts them, from 1."""
    shown = ", ".join(f"p. {page + 1}" for page in pages)
    parts = [report.publisher, report.title, to_json(report.published), shown]
    return ", ".join(part for part in parts if part) + f" ({report.id})"


def _source_lines(sentences: Iterable[Sentence]) -> Iterator[str]:
    by_report: dict[str, list[Citation]] = {}
    for sentence in sentences:
        for citation in sentence.citations:
            by_report.setdefault(citation.report_id, []).append(citation)
    for report_id, citations in by_report.items():
        first = citations[0]
        pages = sorted({citation.page for citation in citations})
        shown = ", ".join(f"p. {page + 1}" for page in pages)
        ways = {c.read_by for c in citations}
        read = " (read by OCR)" if ways & {"ocr", "layer"} else " (read in part by OCR)" if "mixed" in ways else ""
        parts = [first.publisher, first.title, to_json(first.published), shown]
        yield ", ".join(part for part in parts if part) + f"{read} ({report_id})"


def marked_text(sentence: Cited, *, long: bool = True) -> str:
    """A sentence with its markers, and a word on it where a page supports it in part."""
    markers = [Marker(c.page, c.report_id if long else None) for c in sentence.citations]
    text = render_sentence(sentence.text, markers)
    if all(c.verdict.label == "supported" for c in sentence.citations):
        return text
    return text + doubt("partial", language_of(sentence.text))


def doubt(label: VerdictLabel, language: Language, reason: str = "") -> str:
    """` (partly supported: reason)`, to stand behind what it is said of."""
    verdict = say(f"verdict_{label}", language)
    if language == "zh":
        return f"（{verdict}：{reason}）" if reason else f"（{verdict}）"
    return f" ({verdict}: {reason})" if reason else f" ({verdict})"


def understood_line(understood: Understood) -> str:
    """What was read out of the question: what it limits itself to, what raises reports, in which other words it is asked."""
    other: Language = "zh" if understood.language == "en" else "en"
    window = understood.window
    told = {
        "only": _limits_text(understood.limits),
        "publishers": ", ".join(understood.mentioned),
        "companies": ", ".join(understood.companies),
        "periods": ", ".join(understood.periods),
        "statements": ", ".join(understood.statements),
        "published": days(window, "en") if window else "",
        "kinds": ", ".join(understood.kinds),
        "numbers": ", ".join(understood.numbers),
        "units": ", ".join(understood.units),
        "quoted": ", ".join(understood.quoted),
        "worded by the LLM": " / ".join(understood.rewritten),
        "spread": "over reports" if understood.compares else "",
        "terms": ", ".join(f"{term.text} = {', '.join(term.named_in(other)[:2])}" for term in understood.terms),
    }
    said = "".join(f"; {name}: {value}" for name, value in told.items() if value)
    return f"Understood: language {understood.language}{said}"


def _limits_text(limits: Filter) -> str:
    window = Window(limits.since, limits.until)
    published = f"published {days(window, 'en')}" if limits.since or limits.until else ""
    without = f"not {', '.join(limits.without)}" if limits.without else ""
    return ", ".join(filter(None, (*limits.publishers, *limits.kinds, *limits.languages, published, without)))


def ingest_summary(outcomes: Sequence[Outcome]) -> str:
    """Counts by status, and one line a failure."""
    counts = Counter(outcome.status for outcome in outcomes)
    pages = sum(outcome.pages for outcome in outcomes)
    parts = [f"{count} {status}" for status, count in sorted(counts.items())]
    lines = [f"{len(outcomes)} files: {', '.join(parts)}; {pages} pages read"]
    lines += [f"failed: {o.source}: {o.reason}" for o in outcomes if o.status == "failed"]
    lines += [f"warning: {o.source}: {warning}" for o in outcomes for warning in o.warnings[:3]]
    return "\n".join(lines)


def report_table(reports: Sequence[Report]) -> Iterator[str]:
    """One line a report: id, date, publisher, pages, title."""
    for report in reports:
        published = to_json(report.published) or "no date   "
        yield f"{report.id}  {published}  {report.page_count:>4} p.  {report.language}  {report.publisher or '-'}  {report.title}"


def report_lines(report: Report, pages: Sequence[Page]) -> Iterator[str]:
    """What `show` prints: the fields with where they come from."""
    yield report.title
    facts = {fact.name: fact for fact in report.facts}
    yield _line("id", report.id)
    for name in NAMES:
        value = _field_text(report, name) or ("unknown" if name in ("publisher", "published") else "")
        origin = f"({origin_text(facts[name])})" if name in facts else ""
        if name == "title":
            value = ""  # it stands above
        if value or origin:
            yield _line(name.replace("_", " "), f"{value} {origin}".strip())
    by = Counter(page.read_by for page in pages)
    yield _line("pages", f"{report.page_count} ({', '.join(f'{count} by {way}' for way, count in sorted(by.items()))})")
    yield from (_line("source", source) for source in report.sources)


def origin_text(fact: Fact) -> str:
    """`read on page 0, .95`, `from its sidecar`: where a field comes from, and how sure that is where it was read."""
    if fact.origin == "user":
        return "said by a user"
    if fact.origin == "sidecar":
        return "from its sidecar"
    sure = f"{fact.confidence:.2f}".removeprefix("0")
    if fact.origin == "page":
        return f"read{'' if fact.page is None else f' on page {fact.page}'}, {sure}"
    return f"from the file's name, {sure}" if fact.origin == "file name" else f"from the PDF's properties, {sure}"


def correction_lines(before: Report, after: Report) -> Iterator[str]:
    """What `correct` prints: each field that changed, and what follows from it."""
    changed = changed_fields(before, after)
    for name in changed:
        was, now = (_field_text(report, name) or "unknown" for report in (before, after))
        yield f"{name.replace('_', ' ')}: {was} -> {now}"
    if not changed:
        yield "no field changed; what was said is kept"
    if stale_reason(before, after):
        yield "Note: digests of the report are out of date and made anew when asked for"


def _line(name: str, value: str) -> str:
    return f"{name:<14} {value}"


def _field_text(report: Report, name: FactName) -> str:
    value = getattr(report, name)
    return "; ".join(value) if isinstance(value, tuple) else str(to_json(value) or "")
