"""The responses of the HTTP API that are about running it: uploads, jobs, pages, lists and their leaves, operation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas import BoxOut, DigestOut, JobOut, PageNumber, Problem
from rag.domain import BlockKind, ReadBy, Way

Next = Field(description="Cursor of the next leaf; null at the end.")


class UploadOut(BaseModel):
    """What became of one file of an upload: a job, or a problem."""

    name: str
    job: JobOut | None = None
    problem: Problem | None = None


class UploadsOut(BaseModel):
    results: list[UploadOut] = Field(description="One a file, in the order they came.")


class JobsOut(BaseModel):
    jobs: list[JobOut] = Field(description="Newest first.")
    next: str | None = Next


class BlockOut(BaseModel):
    """A paragraph, heading, table row or other part of a page: `text[start:end]`, counted in characters."""

    kind: BlockKind
    start: int
    end: int
    boxes: list[BoxOut] = Field(description="One a line or cell.")


class PageChunkOut(BaseModel):
    id: str
    kind: str
    boxes: list[BoxOut]


class PageOut(BaseModel):
    report_id: str
    page: PageNumber
    page_label: str | None = Field(description="The number printed on it.")
    page_count: int
    width: float = Field(description="In points, as all boxes.")
    height: float
    read_by: ReadBy
    way: Way
    warning: str | None
    text: str
    blocks: list[BlockOut]
    chunks: list[PageChunkOut]
    marked: list[BoxOut] = Field(description="Boxes of the chunks and words that were asked for.")
    image: str = Field(description="Path of its picture, with the same marked.")


class VersionOut(BaseModel):
    report_id: str
    since: datetime
    until: datetime | None = Field(description="null: the file still has this content.")
    present: bool = Field(description="Whether this report can still be read.")


class SourceOut(BaseModel):
    name: str
    versions: list[VersionOut] = Field(description="Oldest first.")


class VersionsOut(BaseModel):
    sources: list[SourceOut] = Field(description="The files that lead or led to the report.")


class QualityOut(BaseModel):
    """How a report was read. Shares are from 0 to 1."""

    pages: int
    read_by: dict[ReadBy, int]
    ways: dict[Way, int]
    ocr: float
    garbled: float
    garbled_pages: list[int]
    failed_pages: list[int]
    hidden: int
    tables: int
    figures: int
    left_out: int = Field(description="Running headers, footers and notices.")
    warnings: list[str]


class ValueOut(BaseModel):
    value: str
    reports: int


class FacetsOut(BaseModel):
    """What lists and questions can be limited by, most reports first."""

    publishers: list[ValueOut]
    types: list[ValueOut]
    languages: list[ValueOut]
    companies: list[ValueOut]


class DigestsOut(BaseModel):
    digests: list[DigestOut] = Field(description="Last made first.")
    next: str | None = Next


class FailureOut(BaseModel):
    name: str = Field(description="Of the file.")
    reason: str
    at: datetime


class FailuresOut(BaseModel):
    failures: list[FailureOut] = Field(description="Files of folders that could not be read.")


class PartOut(BaseModel):
    state: Literal["ok", "degraded", "failed"]
    detail: str


class ReadyOut(BaseModel):
    ready: bool
    parts: dict[str, PartOut]


class AuditEntryOut(BaseModel):
    at: datetime
    actor: str
    action: str
    target: str
    status: int
    request_id: str


class AuditOut(BaseModel):
    entries: list[AuditEntryOut] = Field(description="Newest first.")
    next: str | None = Next
