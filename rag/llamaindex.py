"""Our retrieval as a llama-index retriever: a question in, TextNodes with report, page and boxes out.

Import this module only where llama-index is used: its core takes seconds to load.
"""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.domain import NO_LIMITS, Filter, Passage
from rag.retrieve import Retriever


class ReportRetriever(BaseRetriever):
    """A stock llama-index retriever over `rag.retrieve.Retriever`; give it to any query engine."""

    def __init__(self, retriever: Retriever, *, filter: Filter = NO_LIMITS, top_k: int = 8) -> None:
        super().__init__()
        self._retriever = retriever
        self._filter = filter
        self._top_k = top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retriever.retrieve(query_bundle.query_str, self._filter, self._top_k)
        return [NodeWithScore(node=_node(passage), score=passage.score) for passage in found.passages]


def _node(passage: Passage) -> TextNode:
    report = passage.report
    metadata = {
        "report_id": report.id,
        "title": report.title,
        "publisher": report.publisher,
        "published": report.published.isoformat() if report.published else None,
        "page": passage.chunk.page,
        "page_label": passage.page_label,
        "boxes": [[b.x0, b.y0, b.x1, b.y1] for span in passage.chunk.spans for b in span.boxes],
    }
    hidden = ["report_id", "boxes", "page_label"]
    return TextNode(
        id_=passage.chunk.id,
        text=passage.chunk.text,
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
    )
