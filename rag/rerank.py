"""Passages to a better order: a sentence-transformers CrossEncoder reads the question beside the first of them.

None that is known to help on Chinese comes inside a package, so none is the default (docs/decisions/0009-reranking.md).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.context import context_line
from rag.domain import LegScore, Passage
from rag.errors import ConfigurationError
from rag.grid import search_text
from rag.ports import Reranker

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

LEG = "rerank"


class CrossEncoderReranker:
    """Implements `Reranker`. The model is loaded on first use (seconds, outside the budget); thread-safe."""

    def __init__(self, model: str, *, budget_s: float, batch: int = 16) -> None:
        """`model` is a name or a folder; `budget_s` is looked at between batches, of which one is always scored."""
        self._name = model
        self._budget_s = budget_s
        self._batch = batch
        self._lock = Lock()
        self._model: CrossEncoder | None = None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        model = self._loaded()
        end = time.monotonic() + self._budget_s
        scores: list[float] = []
        while len(scores) < len(texts) and (not scores or time.monotonic() < end):
            batch = texts[len(scores) : len(scores) + self._batch]
            pairs = [(question, text) for text in batch]
            with self._lock:
                made = model.predict(pairs, batch_size=self._batch, show_progress_bar=False, convert_to_numpy=True)
            scores += [float(score) for score in made]
        return scores

    def _loaded(self) -> CrossEncoder:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> CrossEncoder:
        for noisy in ("sentence_transformers", "transformers"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # no annotations there
        try:
            model: CrossEncoder = CrossEncoder(self._name, device="cpu", local_files_only=Path(self._name).is_dir())
        except Exception as exc:  # whatever a broken folder or an unknown name raises is the setting's fault
            raise ConfigurationError(
                f"the reranking model {self._name!r} cannot be loaded (REPORT_RAG_RERANK_MODEL): {exc}"
            ) from exc
        if model.num_labels != 1:
            raise ConfigurationError(
                f"the model {self._name!r} gives {model.num_labels} figures a pair where a reranker gives one: "
                "set REPORT_RAG_RERANK_MODEL to a cross-encoder for ranking"
            )
        return model


def rerank(question: str, passages: Sequence[Passage], reranker: Reranker, first: int) -> list[Passage]:
    """The `first` passages by the reranker's score; what it left unscored, and the rest, stay below in their order.

    The n-th place keeps its fused score; what a passage gained or lost by moving stands in its legs.
    """
    asked = passages[:first]
    scores = reranker.score(question, [f"{context_line(p.report)}\n{search_text(p.chunk)}" for p in asked])
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    moved = [
        _moved(passages[i], LegScore(LEG, rank, round(scores[i], 6), 0.0), passages[rank - 1].score)
        for rank, i in enumerate(order, 1)
    ]
    return [*moved, *passages[len(scores) :]]


def _moved(passage: Passage, leg: LegScore, score: float) -> Passage:
    share = round(score - passage.score, 6)
    return replace(passage, score=score, legs=(*passage.legs, replace(leg, share=share)))
