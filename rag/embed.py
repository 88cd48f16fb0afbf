"""Texts to unit vectors through sentence-transformers: any model, by name or folder."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.domain import Vector
from rag.errors import ConfigurationError
from rag.met import MetTexts

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_E5_PROMPTS = ("query: ", "passage: ")


class SentenceEmbedder:
    """Implements `Embedder`. The model is loaded on first use (seconds); thread-safe."""

    def __init__(self, model: str, *, batch: int = 16) -> None:
        self._name = model
        self._batch = batch
        self._lock = Lock()
        self._model: SentenceTransformer | None = None
        self._met = MetTexts(self.embed_passages)

    @cached_property
    def fingerprint(self) -> str:
        """A folder is named by the hash of its config and weights' size."""
        folder = Path(self._name)
        if not folder.is_dir():
            return self._name
        digest = hashlib.sha256()
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                digest.update(f"{file.relative_to(folder)} {file.stat().st_size}".encode())
                if file.suffix == ".json":
                    digest.update(file.read_bytes())
        return f"{folder.name} {digest.hexdigest()[:12]}"

    @property
    def dimensions(self) -> int:
        return int(self._loaded().get_embedding_dimension() or 0)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Shape (len(texts), dimensions); sorted by length inside, so that batches hold little padding."""
        return self._encode(list(texts), "passage")

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._encode([text], "query")[0]
        return vector

    def embed_across(self, text: str) -> Vector:
        return self.embed_query(text)

    def closeness(self, question: str, texts: Sequence[str], *, across: bool) -> Vector:  # noqa: ARG002  # one for both
        return self._met.vectors(texts) @ self.embed_query(question)

    def _encode(self, texts: list[str], role: str) -> Vector:
        model = self._loaded()
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        query, passage = _E5_PROMPTS if self._is_e5() else ("", "")
        prompt = query if role == "query" else passage
        with self._lock:
            vectors = model.encode(
                texts,
                prompt=prompt or None,
                batch_size=self._batch,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        exact = np.asarray(vectors, dtype=np.float32)
        unit: Vector = exact / np.linalg.norm(exact, axis=1, keepdims=True)  # bfloat16 leaves lengths off by .004
        return unit

    def _is_e5(self) -> bool:
        return "e5" in Path(self._name).name.lower()

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> SentenceTransformer:
        for noisy in ("sentence_transformers", "transformers"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # no annotations there
        try:
            return SentenceTransformer(
                self._name,
                device="cpu",
                local_files_only=Path(self._name).is_dir(),
                model_kwargs={"dtype": _fastest_dtype()},
            )
        except Exception as exc:  # whatever a broken folder or an unknown name raises is the setting's fault
            raise ConfigurationError(
                f"the embedding model {self._name!r} cannot be loaded (REPORT_RAG_EMBED_MODEL): {exc}"
            ) from exc


def _fastest_dtype() -> str:
    """bfloat16 where the processor multiplies it natively (3 times the rate, cosine .997 to float32), else float32."""
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text() if cpuinfo.exists() else ""
    return "bfloat16" if "avx512_bf16" in flags or "amx_bf16" in flags else "float32"
