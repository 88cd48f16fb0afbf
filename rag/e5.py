"""Texts to unit vectors by the bundled e5 model in onnxruntime, with products of 8 bit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.bundled import CONVERTED, GRAPH, TOKENISER
from rag.domain import Vector
from rag.errors import ConfigurationError
from rag.met import MetTexts

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_QUERY, _PASSAGE = "query: ", "passage: "
_LONGEST = 512  # tokens of a text that are read
_QUIET = 3  # onnxruntime's level of errors


class E5Embedder:
    """Implements `Embedder`. The model is loaded on first use (a second, ten to convert it the first time); thread-safe."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        """`folder` gives one that `ensure_bundled_model` made; it is called on first use."""
        self._find = folder
        self._met = MetTexts(self.embed_passages)

    @property
    def dimensions(self) -> int:
        return 384

    @property
    def fingerprint(self) -> str:
        return CONVERTED

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Shape (len(texts), 384), rows of length 1."""
        return self._encode([_PASSAGE + text for text in texts])

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._encode([_QUERY + text])[0]
        return vector

    embed_across = embed_query

    def closeness(self, question: str, texts: Sequence[str], *, across: bool) -> Vector:  # noqa: ARG002  # one for both
        return self._met.vectors(texts) @ self.embed_query(question)

    def _encode(self, texts: Sequence[str]) -> Vector:
        """One text a run: batches are not faster, and their common scale would let neighbours change a vector."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            ids = np.array([self._tokeniser.encode(text).ids], np.int64)
            (mean,) = self._session.run(None, {"ids": ids})
            vector[:] = mean[0] / max(float(np.linalg.norm(mean)), 1e-9)
        return vectors

    @cached_property
    def _folder(self) -> Path:
        return self._find()

    @cached_property
    def _tokeniser(self) -> Tokenizer:
        return _loaded_tokeniser(self._folder / TOKENISER)

    @cached_property
    def _session(self) -> InferenceSession:
        return _loaded_session(self._folder / GRAPH)


# All embedders of a process share one model: it takes 400 MB, of which the tokeniser 250.


@lru_cache(maxsize=2)
def _loaded_tokeniser(file: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokeniser = Tokenizer.from_file(str(file))
    tokeniser.enable_truncation(_LONGEST)
    return tokeniser


@lru_cache(maxsize=2)
def _loaded_session(graph: Path) -> InferenceSession:
    import onnxruntime  # takes 0.2 s

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.log_severity_level = _QUIET
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave others the cores
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # whatever onnxruntime raises over a damaged file
        raise ConfigurationError(
            f"the embedding model {graph} cannot be loaded: delete its folder, it is made again ({exc})"
        ) from exc


def is_converted(folder: Path) -> bool:
    """Whether a folder is one that `ensure_bundled_model` made."""
    return (folder / GRAPH).is_file() and (folder / TOKENISER).is_file()
