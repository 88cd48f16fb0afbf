"""JSON bodies in, typed requests out; and the shapes of all responses. The pydantic models of the HTTP API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.correct import Said
from ingest.pipeline import Status
from rag.answer import WriterChoice
from rag.catalog import JobState
from rag.domain import FactName, Language, Origin, ReadBy, ReportType, Statement, Style, VerdictLabel
from rag.retrieve import MOST_PASSAGES

_Name = Annotated[str, Field(max_length=500)]
_Names = Annotated[list[_Name], Field(max_length=100)]
PageNumber = Annotated[int, Field(description="Zero-based physical page.")]


# --- requests --------------------------------------------------------------------------------------------------------


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Question(_In):
    # rag says what a good question is; a bound also lets pydantic see half characters, which nothing behind it can take
    question: str = Field(
        max_length=100_000, description="Chinese or English.", examples=["what does CICC say about AH premium"]
    )
    publisher: _Names = Field(default=[], description="Only these publishers; any known name of each.")
    since: _Name | None = Field(default=None, description="Published on or after: YYYY-MM-DD, YYYY-MM or YYYY.")
    until: _Name | None = Field(default=None, description="Published on or before: YYYY-MM-DD, YYYY-MM or YYYY.")
    language: _Names = Field(default=[], description="Only reports in these languages: zh, en.")
    report: _Names = Field(default=[], description="Only these reports: id or its start, or file name.")
    type: Annotated[list[ReportType], Field(max_length=100)] = Field(
        default=[], description="Only reports of these types."
    )
    company: _Name | None = Field(
        default=None, description="Only reports on this company: part of its name, or ticker."
    )


class SearchIn(Question):
    top_k: int = Field(default=5, ge=1, le=MOST_PASSAGES, description="Passages to give.")
    explain: bool = Field(default=False, description="Tell how each score came about.")


class AnswerIn(Question):
    top_k: int = Field(default=12, ge=1, le=MOST_PASSAGES, description="Passages given to the writer.")
    writer: WriterChoice = Field(default="auto", description="auto: the LLM where one is configured.")
    stream: bool = Field(default=False, description="Send it as it comes about, as server-sent events.")
    keep: bool = Field(default=False, description="Keep it for a link (`id`) until a report that it names is deleted.")
    conversation: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{32}$",
        description="The conversation it goes on with: `and CICC?` is completed from the last answer that was kept there.",
    )


class CorrectionIn(Said):
    """The fields to put right; null empties one (not title or language), what is left out stays."""


# --- responses -------------------------------------------------------------------------------------------------------


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(description="`urn:report-rag:problem:...`, or about:blank where the status says all.")
    title: str
    status: int
    detail: str = Field(description="One line: what was expected, what came, what to do.")
    candidates: list[str] | None = Field(default=None, description="The nearest right values, best first.")


class HealthOut(BaseModel):
    status: str
    version: str
    licence: str
    source: str = Field(description="Where the source of what runs here is offered.")


class FactOut(BaseModel):
    """Where a field of a report comes from."""

    name: FactName
    value: str = Field(description="The field as text; analysts parted by `; `.")
    confidence: float = Field(description="From 0 to 1.")
    page: PageNumber | None = Field(description="Zero-based page that it was read on.")
    origin: Origin


class ReportOut(BaseModel):
    id: str = Field(description="First 16 hex digits of the SHA-256 of the file.")
    sha256: str
    title: str
    publisher: str | None
    published: date | None
    language: Language
    page_count: int
    files: list[str] = Field(description="Names of the files it was read from.")
    added: datetime
    type: ReportType | None
    analysts: list[str]
    company: str | None
    ticker: str | None
    rating: str | None = Field(description="As printed.")
    target_price: str | None = Field(description="As printed.")
    form: str | None = Field(description="Form of a filing.")
    fiscal_period: str | None
    facts: list[FactOut] = Field(description="One for each field that is known.")


class ReportsOut(BaseModel):
    reports: list[ReportOut] = Field(description="Newest first, undated last.")
    total: int = Field(description="Of the whole list.")
    next: str | None = Field(description="Cursor of the next leaf; null at the end.")
    undated: int = Field(description="Reports left out by since and until because they have no date.")


class JobResult(BaseModel):
    status: Status | Literal["removed", "source removed"]
    report_id: str | None
    pages: int
    chunks: int
    warnings: list[str]


class JobOut(BaseModel):
    id: str
    kind: str = Field(description="upload, or what a watched folder asks for: file, vanished.")
    state: JobState
    name: str = Field(description="Name of the file.")
    stage: str = Field(description="What a running job is at: pages are read, chunks are embedded.")
    done: int = Field(description="How many of them.")
    total: int
    cancelling: bool = Field(description="It runs, and ends as soon as it can.")
    created: datetime
    updated: datetime
    result: JobResult | None = Field(default=None, description="Of a job that is done.")
    reason: str | None = Field(default=None, description="Why a job failed.")


class BoxOut(BaseModel):
    """In points (1/72 inch), origin top left, of the page as it is displayed."""

    x0: float
    y0: float
    x1: float
    y1: float


class LegOut(BaseModel):
    leg: str
    rank: int
    score: float
    share: float


class PassageOut(BaseModel):
    chunk_id: str
    report_id: str
    title: str
    publisher: str | None
    published: date | None
    page: PageNumber
    page_label: str | None
    read_by: ReadBy
    score: float
    legs: list[LegOut] | None = Field(default=None, description="Only with `explain`.")
    text: str
    boxes: list[BoxOut]


class VerdictOut(BaseModel):
    label: VerdictLabel
    reason: str


class CitationOut(BaseModel):
    report_id: str
    page: PageNumber
    page_label: str | None
    publisher: str | None
    title: str
    published: date | None
    quote: str = Field(description="The passage of the page that supports the sentence best.")
    boxes: list[BoxOut]
    verdict: VerdictOut
    read_by: ReadBy


class SentenceOut(BaseModel):
    text: str
    citations: list[CitationOut]


class TermOut(BaseModel):
    text: str
    zh: list[str]
    en: list[str]


class LimitsOut(BaseModel):
    """What the question itself limits the search to: `only CICC`; and leaves out: `except CICC`."""

    publishers: list[str]
    since: date | None
    until: date | None
    languages: list[Language]
    kinds: list[str]
    without: list[str] = Field(description="Publishers that are left out.")


class WindowOut(BaseModel):
    since: date | None
    until: date | None
    firm: bool = Field(description="Whether reports of these days are asked for; else figures of them may be meant.")


class UnderstoodOut(BaseModel):
    question: str
    language: Language
    mentioned: list[str] = Field(description="Publishers that the question names.")
    companies: list[str] = Field(description="Companies with a report that the question names.")
    periods: list[str] = Field(description="Years, halves (H1 2023) and quarters (Q2 2023) that it names.")
    kinds: list[str] = Field(description="Kinds of report that it asks for.")
    published: WindowOut | None = Field(description="Days of publication it speaks of; reports of these days gain.")
    limits: LimitsOut = Field(description="What it limits itself to in words; other reports are left out.")
    numbers: list[str] = Field(description="Figures that it states.")
    units: list[str] = Field(description="Units that it asks for.")
    quoted: list[str] = Field(description="Phrases in quotation marks, which count double.")
    compares: bool = Field(description="Whether it wants several reports side by side; passages are spread then.")
    rewritten: list[str] = Field(description="Its wording in Chinese and English by the LLM, where one is asked to.")
    terms: list[TermOut] = Field(description="Terms of the lexicon in it, searched for by their other names too.")
    statements: list[Statement] = Field(description="Statements of a filing that hold the answer.")


class SearchOut(UnderstoodOut):
    passages: list[PassageOut]
    notices: list[str]


class AskedOut(UnderstoodOut):
    asked: str | None = Field(
        default=None, description="The question as typed, where `question` was completed from the conversation."
    )


class UsageOut(BaseModel):
    calls: int = Field(description="Requests sent to the LLM.")
    given: int = Field(description="Tokens, as the endpoint counts them; 0 where it tells none.")
    written: int
    cost: float = Field(description="By REPORT_RAG_LLM_PRICE_GIVEN and REPORT_RAG_LLM_PRICE_WRITTEN.")


class AnswerOut(AskedOut):
    id: str | None = Field(default=None, description="Of an answer that is kept: GET /v1/answers/{id}.")
    conversation: str | None = Field(default=None, description="Of an answer that is kept.")
    answer: str = Field(description="Sentences with markers `[page::n](report:id)`, one a line; empty when refused.")
    sentences: list[SentenceOut]
    refusal: str | None = Field(description="Why there is no answer.")
    leads: list[PassageOut] = Field(description="The nearest passages of a refusal.")
    passages: list[PassageOut]
    writer: str
    model: str | None
    notices: list[str]
    usage: UsageOut | None = Field(default=None, description="What the answer took of the LLM, if one was asked.")


class ConversationOut(BaseModel):
    id: str
    answers: list[AnswerOut] = Field(description="Those that were kept, oldest first.")


class SectionOut(BaseModel):
    heading: str
    sentences: list[SentenceOut]


class DigestOut(BaseModel):
    report: ReportOut
    style: Style
    language: Language
    text: str = Field(description="The digest with markers `[page::n]`.")
    sections: list[SectionOut]
    writer: str
    model: str | None
    prompt_version: str
    made: datetime
    notices: list[str]
