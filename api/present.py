"""Domain values in, the response models of the HTTP API out, field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence

from api.jobs import task_of
from api.render import answer_text, digest_lines
from api.schemas import (
    AnswerOut,
    AskedOut,
    BoxOut,
    CitationOut,
    DigestOut,
    FactOut,
    JobOut,
    JobResult,
    LegOut,
    LimitsOut,
    PassageOut,
    ReportOut,
    SearchOut,
    SectionOut,
    SentenceOut,
    TermOut,
    UnderstoodOut,
    UsageOut,
    VerdictOut,
    WindowOut,
)
from api.schemas_service import (
    BlockOut,
    FacetsOut,
    PageChunkOut,
    PageOut,
    QualityOut,
    SourceOut,
    ValueOut,
    VersionOut,
    VersionsOut,
)
from rag.catalog import Job, Version
from rag.domain import (
    Answer,
    Box,
    Chunk,
    Citation,
    Digest,
    Fact,
    LegScore,
    Page,
    Passage,
    Report,
    Sentence,
    Understood,
    Usage,
)
from rag.quality import Quality
from rag.retrieve import Retrieval


def report_out(report: Report) -> ReportOut:
    return ReportOut(
        id=report.id,
        sha256=report.sha256,
        title=report.title,
        publisher=report.publisher,
        published=report.published,
        language=report.language,
        page_count=report.page_count,
        files=list(dict.fromkeys(map(file_name, report.sources))),
        added=report.added,
        type=report.type,
        analysts=list(report.analysts),
        company=report.company,
        ticker=report.ticker,
        rating=report.rating,
        target_price=report.target_price,
        form=report.form,
        fiscal_period=report.fiscal_period,
        facts=[_fact_out(fact) for fact in report.facts],
    )


def _fact_out(fact: Fact) -> FactOut:
    return FactOut(name=fact.name, value=fact.value, confidence=fact.confidence, page=fact.page, origin=fact.origin)


def file_name(source: str) -> str:
    """Sources are paths of the server's disk: only their last part is for others."""
    return re.split(r"[/\\]", source)[-1]


def job_out(job: Job) -> JobOut:
    result = json.loads(job.result) if job.result else {}
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state,
        name=task_of(job).name,
        stage=job.stage if job.state == "running" else "",
        done=job.done,
        total=job.total,
        cancelling=job.state == "running" and job.stopping,
        created=job.created,
        updated=job.updated,
        result=JobResult(**result) if job.state == "done" else None,
        reason=result.get("reason") if job.state == "failed" else None,
    )


def passage_out(passage: Passage, *, explain: bool = False) -> PassageOut:
    return PassageOut(
        chunk_id=passage.chunk.id,
        report_id=passage.report.id,
        title=passage.report.title,
        publisher=passage.report.publisher,
        published=passage.report.published,
        page=passage.chunk.page,
        page_label=passage.page_label,
        read_by=passage.read_by,
        score=passage.score,
        legs=[_leg_out(leg) for leg in passage.legs] if explain else None,
        text=passage.chunk.text,
        boxes=[box_out(box) for span in passage.chunk.spans for box in span.boxes],
    )


def sentence_out(sentence: Sentence) -> SentenceOut:
    return SentenceOut(text=sentence.text, citations=[_citation_out(citation) for citation in sentence.citations])


def box_out(box: Box) -> BoxOut:
    return BoxOut(x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1)


def _leg_out(leg: LegScore) -> LegOut:
    return LegOut(leg=leg.leg, rank=leg.rank, score=leg.score, share=leg.share)


def _citation_out(citation: Citation) -> CitationOut:
    return CitationOut(
        report_id=citation.report_id,
        page=citation.page,
        page_label=citation.page_label,
        publisher=citation.publisher,
        title=citation.title,
        published=citation.published,
        quote=citation.quote,
        boxes=[box_out(box) for box in citation.boxes],
        verdict=VerdictOut(label=citation.verdict.label, reason=citation.verdict.reason),
        read_by=citation.read_by,
    )


def understood_out(understood: Understood) -> UnderstoodOut:
    """Answers and search results begin with these fields."""
    limits, window = understood.limits, understood.window
    return UnderstoodOut(
        question=understood.question,
        language=understood.language,
        mentioned=list(understood.mentioned),
        companies=list(understood.companies),
        periods=list(understood.periods),
        kinds=list(understood.kinds),
        published=WindowOut(since=window.since, until=window.until, firm=window.firm) if window else None,
        limits=LimitsOut(
            publishers=list(limits.publishers),
            since=limits.since,
            until=limits.until,
            languages=list(limits.languages),
            kinds=list(limits.kinds),
            without=list(limits.without),
        ),
        numbers=list(understood.numbers),
        units=list(understood.units),
        quoted=list(understood.quoted),
        compares=understood.compares,
        rewritten=list(understood.rewritten),
        terms=[TermOut(text=term.text, zh=list(term.zh), en=list(term.en)) for term in understood.terms],
        statements=list(understood.statements),
    )


def search_out(found: Retrieval, *, explain: bool) -> SearchOut:
    return SearchOut(
        **dict(understood_out(found.understood)),
        passages=[passage_out(passage, explain=explain) for passage in found.passages],
        notices=list(found.said),
    )


def asked_out(understood: Understood, asked: str | None) -> AskedOut:
    """`asked` is the question as typed, where it was completed."""
    return AskedOut(**dict(understood_out(understood)), asked=asked)


def answer_out(
    answer: Answer, *, id: str | None = None, conversation: str | None = None, asked: str | None = None
) -> AnswerOut:
    return AnswerOut(
        id=id,
        conversation=conversation,
        **dict(asked_out(answer.understood, asked)),
        answer=answer_text(answer),
        sentences=[sentence_out(sentence) for sentence in answer.sentences],
        refusal=answer.refusal.reason if answer.refusal else None,
        leads=[passage_out(lead) for lead in answer.refusal.leads] if answer.refusal else [],
        passages=[passage_out(passage) for passage in answer.passages],
        writer=answer.writer,
        model=answer.model,
        notices=list(answer.notices),
        usage=_usage_out(answer.usage),
    )


def _usage_out(usage: Usage | None) -> UsageOut | None:
    if usage is None:
        return None
    return UsageOut(calls=usage.calls, given=usage.given, written=usage.written, cost=usage.cost)


def digest_out(digest: Digest, report: Report) -> DigestOut:
    sections = [
        SectionOut(heading=section.heading, sentences=[sentence_out(sentence) for sentence in section.sentences])
        for section in digest.sections
    ]
    return DigestOut(
        report=report_out(report),
        style=digest.style,
        language=digest.language,
        text="\n".join(digest_lines(digest, report)).strip(),
        sections=sections,
        writer=digest.writer,
        model=digest.model,
        prompt_version=digest.prompt_version,
        made=digest.made,
        notices=list(digest.notices),
    )


def page_out(report: Report, page: Page, chunks: Sequence[Chunk], marked: Sequence[Box], image: str) -> PageOut:
    """`chunks` are those of the page, `marked` the boxes that were asked for, `image` the path of the picture."""
    return PageOut(
        report_id=report.id,
        page=page.number,
        page_label=page.label,
        page_count=report.page_count,
        width=page.width,
        height=page.height,
        read_by=page.read_by,
        way=page.way,
        warning=page.warning,
        text=page.text,
        blocks=[
            BlockOut(
                kind=block.kind, start=block.start, end=block.end, boxes=[box_out(piece.box) for piece in block.pieces]
            )
            for block in page.blocks
        ],
        chunks=[
            PageChunkOut(
                id=chunk.id, kind=chunk.kind, boxes=[box_out(box) for span in chunk.spans for box in span.boxes]
            )
            for chunk in chunks
        ],
        marked=[box_out(box) for box in marked],
        image=image,
    )


def versions_out(versions: Sequence[Version], there: Collection[str]) -> VersionsOut:
    """`there` are the ids of the reports that can still be read."""
    by_source: dict[str, list[VersionOut]] = {}
    for one in versions:
        shown = VersionOut(report_id=one.report_id, since=one.since, until=one.until, present=one.report_id in there)
        by_source.setdefault(one.source, []).append(shown)
    return VersionsOut(sources=[SourceOut(name=file_name(key), versions=of) for key, of in by_source.items()])


def quality_out(record: Quality) -> QualityOut:
    return QualityOut(
        pages=record.pages,
        read_by=dict(record.read_by),
        ways=dict(record.ways),
        ocr=record.ocr,
        garbled=record.garbled,
        garbled_pages=list(record.garbled_pages),
        failed_pages=list(record.failed_pages),
        hidden=record.hidden,
        tables=record.tables,
        figures=record.figures,
        left_out=record.left_out,
        warnings=list(record.warnings),
    )


def facets_out(found: Mapping[str, Sequence[tuple[str, int]]]) -> FacetsOut:
    return FacetsOut(
        **{name: [ValueOut(value=value, reports=count) for value, count in values] for name, values in found.items()}
    )
