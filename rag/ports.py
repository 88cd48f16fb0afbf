"""The Protocols between our code and what can be exchanged: models, index backends, the checks of a sentence.

The catalog has one implementation on two databases (SQLAlchemy), so it needs no Protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rag.domain import Finding, Hit, Leg, Manifest, Passage, Point, SparseVector, Understood, Vector, Verdict
from rag.meter import Meter


class Embedder(Protocol):
    """Texts to unit vectors of `dimensions` floats. `fingerprint` names the weights: other weights, other string."""

    @property
    def dimensions(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...
    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Shape (len(texts), dimensions), rows of length 1."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Shape (dimensions,), of length 1; for passages in the language of `text`."""
        ...

    def embed_across(self, text: str) -> Vector:
        """Shape (dimensions,), of length 1; for passages in other languages."""
        ...

    def closeness(self, question: str, texts: Sequence[str], *, across: bool) -> Vector:
        """Shape (len(texts),): their vectors times that of the question, for texts in its language or (`across`) another."""
        ...


class SparseEncoder(Protocol):
    """Text to term weights whose dot product, with the index's IDF on the query side, is a BM25 score."""

    @property
    def fingerprint(self) -> str: ...
    def encode_document(self, text: str) -> SparseVector: ...
    def encode_query(self, text: str, more: Sequence[tuple[str, float]] = ()) -> SparseVector:
        """`more` are texts whose terms count with a weight where `text` has not got them; the highest weight holds."""
        ...


class Reranker(Protocol):
    """How well texts answer a question: higher is better, on a scale of its own."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text, in order; fewer, for the first texts alone, where its time ran out."""
        ...


class Store(Protocol):
    """The index: points in, ranked hits out. Every method may raise StoreError; all are safe to repeat.

    Malformed points and queries raise UsageError, vectors of another length IndexMismatchError.

    `upsert` returns when the points are durable and searchable. Scores of sparse legs carry the engine's IDF,
    ln((N - n + 0.5) / (n + 0.5) + 1) over the points that have the leg. `query` returns at most `limit` hits, best
    first, ties by id; `reports=None` means all, an empty collection means none.
    """

    def upsert(self, points: Sequence[Point]) -> None: ...
    def query(
        self, leg: Leg, vector: Vector | SparseVector, *, limit: int, reports: Sequence[str] | None = None
    ) -> list[Hit]: ...
    def delete_report(self, report_id: str) -> None: ...
    def ids(self, report_id: str | None = None) -> set[str]:
        """Ids of all points (of one report)."""
        ...

    def report_ids(self) -> set[str]:
        """Ids of the reports that have points."""
        ...

    def optimize(self) -> None:
        """Called once after a batch of writes: settles segments. The IDF is always that of the live points."""
        ...

    def manifest(self) -> Manifest | None:
        """What the index was built with, or None when it was never written to."""
        ...

    def reset(self, manifest: Manifest, dimensions: int) -> None:
        """Drop all points and make an empty index for vectors of `dimensions` floats that carries `manifest`."""
        ...

    def close(self) -> None: ...


SENTENCES = {
    "type": "object",
    "properties": {"sentences": {"type": "array", "items": {"type": "string"}}},
    "required": ["sentences"],
    "additionalProperties": False,
}
"""JSON schema of an answer."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn for a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """An LLM. Both calls raise ModelError and end within the set deadline, or with the `meter` if that ends earlier."""

    @property
    def name(self) -> str: ...
    def complete(self, messages: Sequence[Message], meter: Meter | None = None) -> str:
        """The whole text; never a part of it as if it were whole."""
        ...

    def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> Iterator[str]:
        """Pieces of text as they come: lines, or JSON of the shape of `SENTENCES` where the endpoint keeps to a schema.

        ModelError when the stream ends without a finish reason.
        """
        ...


class Writer(Protocol):
    """A question, as it was understood, and passages to bare sentences without page numbers: attribution assigns those."""

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    def write(self, asked: Understood, passages: Sequence[Passage]) -> list[str]: ...


class Verifier(Protocol):
    """Checks one sentence against the text of the page it cites; `about` names the report, whose name and dates count as said."""

    def verify(self, sentence: str, page_text: str, about: str = "") -> Finding: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the passage of a page that a Verifier found for it, and the verdict on it."""

    sentence: str
    passage: str
    verdict: Verdict


class Judge(Protocol):
    """A second opinion on what a Verifier let stand. The checker takes it only where it is stricter."""

    def judge(self, claims: Sequence[Claim]) -> list[Verdict]:
        """One verdict a claim, in order. ModelError or ConfigurationError when it cannot."""
        ...
