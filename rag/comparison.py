"""What a comparison is made of: what several sides say of one topic, and what stands side by side in their sentences.

A side is a publisher, or a company where reports of companies are compared. Nothing here has been said by anyone but the
sentences, each of which was checked against the page it cites; ratings and target prices are those of the metadata.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.domain import Report, Sentence, Understood

Basis = Literal["publisher", "company"]
Relation = Literal["same direction", "opposite directions", "same figure", "different figures"]
AGREES: frozenset[Relation] = frozenset({"same direction", "same figure"})
RecordedField = Literal["rating", "target_price"]


@dataclass(frozen=True, slots=True)
class Stance:
    """What one report says of the topic."""

    report: Report
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A rating or target price that differs from the one in its publisher's report before on the company."""

    field: RecordedField
    company: str
    was: str
    now: str
    before: Report
    after: Report


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence of a side's report says of a subject, in short: `up`, `34.2%`."""

    side: str
    says: str
    report: Report
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Contrast:
    """Claims on one subject side by side, by date. `period` is "" where the sentences name none."""

    relation: Relation
    subject: str
    period: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What a side says, oldest report first; `moved` are claims of its own that differ between reports.

    Without stances `reason` says why there are none.
    """

    side: str
    stances: tuple[Stance, ...]
    changes: tuple[Change, ...] = ()
    moved: tuple[Contrast, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Views with something to say come first. `left_out` are sides that were not searched because there are too many."""

    understood: Understood
    basis: Basis
    views: tuple[View, ...]
    agreements: tuple[Contrast, ...]
    differences: tuple[Contrast, ...]
    left_out: tuple[str, ...]
    writer: str
    model: str | None
    notices: tuple[str, ...] = ()
