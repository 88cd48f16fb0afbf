"""The request and the response of a comparison."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import PageNumber, SentenceOut, UnderstoodOut
from rag.answer import WriterChoice
from rag.comparison import Basis, RecordedField, Relation

_Name = Annotated[str, Field(max_length=500)]


class CompareIn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    topic: str = Field(max_length=100_000, description="Chinese or English.", examples=["AH premium"])
    publishers: list[_Name] = Field(
        default=[],
        max_length=100,
        description="Compare these; any known name of each. Else those that the topic names, else all.",
    )
    since: _Name | None = Field(default=None, description="Published on or after: YYYY-MM-DD, YYYY-MM or YYYY.")
    until: _Name | None = Field(default=None, description="Published on or before: YYYY-MM-DD, YYYY-MM or YYYY.")
    language: list[_Name] = Field(default=[], max_length=100, description="Only reports in these languages: zh, en.")
    writer: WriterChoice = Field(default="auto", description="auto: the LLM where one is configured.")


class StanceOut(BaseModel):
    """What one report says of the topic."""

    report_id: str
    title: str
    publisher: str | None
    company: str | None
    published: date | None
    rating: str | None = Field(description="As printed.")
    target_price: str | None = Field(description="As printed.")
    sentences: list[SentenceOut]


class RecordedOut(BaseModel):
    """A rating or target price of a report, as printed."""

    value: str
    report_id: str
    published: date | None
    page: PageNumber | None = Field(description="Where it was read; null where a user gave it.")


class ChangeOut(BaseModel):
    field: RecordedField
    company: str
    was: RecordedOut
    now: RecordedOut


class ClaimOut(BaseModel):
    side: str
    says: str = Field(description="`up`, `down`, or a figure as written.")
    report_id: str
    published: date | None
    sentence: SentenceOut


class ContrastOut(BaseModel):
    """Claims on one subject side by side, by date."""

    relation: Relation
    subject: str
    period: str | None
    claims: list[ClaimOut]


class ViewOut(BaseModel):
    side: str = Field(description="A publisher, or a company.")
    reason: str | None = Field(description="Why it has no view; null where it has one.")
    stances: list[StanceOut] = Field(description="One a report, oldest first.")
    changes: list[ChangeOut] = Field(description="Ratings and target prices that differ from the report before.")
    moved: list[ContrastOut] = Field(description="Claims of its own that differ between its reports.")


class CompareOut(UnderstoodOut):
    """`question` is the topic."""

    basis: Basis
    views: list[ViewOut] = Field(description="Those that have something to say come first.")
    agreements: list[ContrastOut]
    differences: list[ContrastOut]
    left_out: list[str] = Field(description="Sides that were not searched because there are too many.")
    writer: str
    model: str | None
    notices: list[str]
