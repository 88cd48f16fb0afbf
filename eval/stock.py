"""llama-index as its first tutorial has it, over our pages and with our embedding model, as a baseline.

Import this module only where it is used: llama-index takes seconds to load.
"""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from pydantic import PrivateAttr

from eval.baselines import PageKey, Unit
from rag.legs import DEPTH
from rag.ports import Embedder


class _Embedding(BaseEmbedding):
    """`Embedder` as llama-index wants it."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.fingerprint, embed_batch_size=64)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return _floats(self._embedder.embed_query(query).tolist())

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [_floats(row) for row in self._embedder.embed_passages(texts).tolist()]


class StockRanker:
    """SentenceSplitter and VectorStoreIndex with their defaults, one document a page; each node gives its page."""

    def __init__(self, pages: Sequence[Unit], embedder: Embedder) -> None:
        hidden = ["report_id", "page"]  # as llama-index's own file reader hides its bookkeeping from the embedding
        documents = [
            Document(
                text=unit.text,
                metadata={"report_id": unit.key[0], "page": unit.key[1]},
                excluded_embed_metadata_keys=hidden,
                excluded_llm_metadata_keys=hidden,
            )
            for unit in pages
        ]
        index = VectorStoreIndex.from_documents(
            documents, transformations=[SentenceSplitter()], embed_model=_Embedding(embedder)
        )
        self._retriever = index.as_retriever(similarity_top_k=DEPTH)

    def rank(self, question: str) -> list[PageKey]:
        found = self._retriever.retrieve(question)
        return [(str(one.node.metadata["report_id"]), int(one.node.metadata["page"])) for one in found]


def _floats(row: Sequence[float]) -> list[float]:
    return [float(value) for value in row]
