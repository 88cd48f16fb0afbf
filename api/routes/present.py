"""Domain values in, the response models of the HTTP API out, field by field."""

from __future__ import annotations

import json
import re
from typing import Any

from api.render import answer_text, digest_lines
from api.schemas import (
    AnswerOut,
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
    VerdictOut,
    WindowOut,
)
from rag.catalog import Job
from rag.domain import Answer, Box, Citation, Digest, Fact, LegScore, Passage, Report, Sentence, Understood
from rag.retrieve import Retrieval


def report_out(report: Report) -> ReportOut:
    """Sources are paths of the server's disk: only their last part is for others."""
    return ReportOut(
        id=report.id,
        sha256=report.sha256,
        title=report.title,
        publisher=report.publisher,
        published=report.published,
        language=report.language,
        page_count=report.page_count,
        files=list(dict.fromkeys(re.split(r"[/\\]", source)[-1] for source in report.sources)),
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


def job_out(job: Job, name: str) -> JobOut:
    result = json.loads(job.result) if job.result else {}
    return JobOut(
        id=job.id,
        state=job.state,
        name=name,
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
        boxes=[_box_out(box) for span in passage.chunk.spans for box in span.boxes],
    )


def _sentence_out(sentence: Sentence) -> SentenceOut:
    return SentenceOut(text=sentence.text, citations=[_citation_out(citation) for citation in sentence.citations])


def _box_out(box: Box) -> BoxOut:
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
        boxes=[_box_out(box) for box in citation.boxes],
        verdict=VerdictOut(label=citation.verdict.label, reason=citation.verdict.reason),
        read_by=citation.read_by,
    )


def _understood_out(understood: Understood) -> dict[str, Any]:
    """The fields of UnderstoodOut, which answers and search results begin with."""
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
        ),
        numbers=list(understood.numbers),
        units=list(understood.units),
        quoted=list(understood.quoted),
        compares=understood.compares,
        rewritten=list(understood.rewritten),
        terms=[TermOut(text=term.text, zh=list(term.zh), en=list(term.en)) for term in understood.terms],
        statements=list(understood.statements),
    ).model_dump()


def search_out(found: Retrieval, *, explain: bool) -> SearchOut:
    return SearchOut(
        **_understood_out(found.understood),
        passages=[passage_out(passage, explain=explain) for passage in found.passages],
        notices=list(found.said),
    )


def answer_out(answer: Answer) -> AnswerOut:
    return AnswerOut(
        **_understood_out(answer.understood),
        answer=answer_text(answer),
        sentences=[_sentence_out(sentence) for sentence in answer.sentences],
        refusal=answer.refusal.reason if answer.refusal else None,
        leads=[passage_out(lead) for lead in answer.refusal.leads] if answer.refusal else [],
        passages=[passage_out(passage) for passage in answer.passages],
        writer=answer.writer,
        model=answer.model,
        notices=list(answer.notices),
    )


def digest_out(digest: Digest, report: Report) -> DigestOut:
    sections = [
        SectionOut(heading=section.heading, sentences=[_sentence_out(sentence) for sentence in section.sentences])
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
